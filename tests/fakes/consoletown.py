"""A town for several files of console tests: a lab and a console that stay up, because each takes seconds to start.

    town.lab, town.console                                # tests tell their incidents apart by id; quiet() between them

What must hold: a test leaves nothing open that another counts; whoever kills something uses start_lab and
start_console instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from fakes.consolerun import ConsoleRun, beside
from fakes.kept import kept
from fakes.lab import Lab, opened

NODES = ("thon-1", "thon-3")


@dataclass(frozen=True)
class ConsoleTown:
    """See the module."""

    lab: Lab
    console: ConsoleRun


@contextmanager
def _made(home: Path, blank_register: Path, blank_console: Path) -> Iterator[ConsoleTown]:
    with opened(home / "lab", blank_register, *NODES) as lab:
        lab.start()
        with beside(home / "console", blank_console, lab) as console:
            yield ConsoleTown(lab, console)


@pytest.fixture
def town(tmp_path_factory: pytest.TempPathFactory, blank_register: Path, blank_console: Path) -> ConsoleTown:
    """Two real gongs of five that the code book has."""
    made: ConsoleTown = kept("town", lambda: _made(tmp_path_factory.mktemp("town"), blank_register, blank_console))
    return made
