"""Several slow scenes at once: each has processes of its own and mostly waits, and each stays a test of its own.

    @pytest.fixture(scope="module")
    def scenes(request, tmp_path_factory, blank_register):
        yield from running(request, tmp_path_factory.mktemp("scenes"), lambda home, case: ..., "case")

    def test_something(scenes, case):
        scenes[case].result()          # waits for its scene, and fails as it failed

What must hold: only scenes that a selected test asks for are run; an exception in one is that test's alone.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

AT_ONCE = 6  # two cores, and gongs that are to sound on time

Scenes = dict[Hashable, "Future[Any]"]


def running(
    request: pytest.FixtureRequest, home: Path, scene: Callable[[Path, Any], Any], parameter: str
) -> Iterator[Scenes]:
    """The scenes of this module's selected tests, by the value of that parameter; each in a folder of its own."""
    mine = [item for item in request.session.items if item.path == request.path]
    values = [item.callspec.params[parameter] for item in mine if isinstance(item, pytest.Function) and _has(item)]
    wanted = list(dict.fromkeys(values))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {value: pool.submit(scene, home / str(number), value) for number, value in enumerate(wanted)}


def _has(item: Any) -> bool:
    return hasattr(item, "callspec")
