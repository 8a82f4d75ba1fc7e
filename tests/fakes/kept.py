"""Rigs that the tests of several files share, one after the other: each ends when the next test is of other files.

    @pytest.fixture
    def town(tmp_path_factory): return kept("town", lambda: made(tmp_path_factory.mktemp("town")))

What must hold: such a fixture has a test's own scope; the tests of its files come one after the other on one worker
(TOGETHER), so that a rig is not started for each and does not stand idle beside other rooms' tests.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any

TOGETHER = {
    **dict.fromkeys(("axe", "cases", "chimes", "devices", "drills", "reports", "trail", "tryout"), "town"),
    **dict.fromkeys(("duty", "duty_acts", "duty_bell"), "post"),
    **dict.fromkeys(("people_accounts", "postgres"), "postgres"),
}
"""Files of tests/console, without test_, to the rig that they share; PostgreSQL's is of the whole session."""
_open: dict[str, tuple[Any, ExitStack]] = {}


def scope_of(file: str) -> str:
    """Files of one scope are tried one after the other; `file` from the root."""
    room, _, name = file.rpartition("/test_")
    return TOGETHER.get(name.removesuffix(".py"), file) if room.endswith("tests/console") else file


def kept(name: str, make: Callable[[], AbstractContextManager[Any]]) -> Any:
    """The rig of that name, made if there is none."""
    if name not in _open:
        with ExitStack() as stack:
            value = stack.enter_context(make())
            _open[name] = value, stack.pop_all()
    return _open[name][0]


def end_unwanted(next_scope: str) -> None:
    """End those that are not the next test's."""
    for name in [name for name in _open if name != next_scope]:
        _open.pop(name)[1].close()
