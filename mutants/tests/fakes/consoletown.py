"""A town for a whole module of console tests: a lab and a console that stay up, because each takes seconds to start.

    town.lab, town.console                                # tests tell their incidents apart by id; quiet() between them

What must hold: a test leaves nothing open that another counts; whoever kills something uses start_lab and
start_console instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fakes.consolerun import ConsoleRun
from fakes.lab import Lab, opened

NODES = ("thon-1", "thon-3")


@dataclass(frozen=True)
class ConsoleTown:
    """See the module."""

    lab: Lab
    console: ConsoleRun


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, blank_register: Path, blank_console: Path) -> Iterator[ConsoleTown]:
    """Two real gongs of five that the code book has."""
    home = tmp_path_factory.mktemp("town")
    with opened(home / "lab", blank_register, *NODES) as lab:
        lab.start()
        console = ConsoleRun(home / "console", blank_console, lab.commune.register, lab.broker.port)
        try:
            console.start()
            yield ConsoleTown(lab, console)
        finally:
            console.end()
