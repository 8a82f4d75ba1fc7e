"""Says to a box whose data partition was just made anew that it is not new itself: python -m node.madeanew FOLDER

Run by `deploy/layout.sh data`, while the node is stopped, as its user.
What must hold: the one stroke of the first boot sounds once per installation, and an empty folder looks like a box that
has never sounded it. It still speaks: only the stroke, and the commune's "has raised its voice", are taken as done.
It does not know why the partition was made anew.
"""

from __future__ import annotations

import sys
from pathlib import Path

from node.core.items import Disk
from node.core.records import FirstBoot
from node.journal import FileJournal
from node.keep import JOURNAL


def not_new(folder: Path) -> bool:
    """Write it into the journal there, synced; False if the disk would not have it."""
    journal = FileJournal(folder / JOURNAL, _silent)
    first = journal.open().memory.first
    done = journal.append(FirstBoot(steps=first.steps, struck=True, told=True))
    journal.close()
    return done


def _silent(_: Disk) -> None:
    """The exit code says it."""


if __name__ == "__main__":
    sys.exit(0 if not_new(Path(sys.argv[1])) else 1)
