"""A node's memory at work: python node_work.py STATE RECORDS [SICK] — under the recorder.

It goes on where the journal ends, and claims after each append that so many records are safe; and at its start for what
it found, since it acts on that. Between them it keeps a code book and a rendered clip, each claimed when it is kept.
SICK of a hundred syncs of the journal's disk fail, and make nothing safe.
"""

import errno
import os
import random
import sys
from pathlib import Path

from cuts.node_lines import codebook, record, records_in, samples
from cuts.recording import claim, sync_failed

from node.journal import FileJournal
from node.keep import CODEBOOK, JOURNAL, hold, write_whole
from patterns.builtin import ALARM, builtins
from patterns.cache import store
from patterns.voice import DEFAULT_VOICE

COMPACT_BYTES = 6_000
"""So that a short night has some compactions."""
CODEBOOK_EVERY, CLIP_EVERY = 15, 25
"""Records between them."""


class Sync:
    """os.fdatasync on a disk that is sick at times."""

    def __init__(self, sick: int) -> None:
        self.sick, self.dice = sick, random.Random(sick)

    def __call__(self, file: int) -> None:
        """As the journal wants it."""
        if self.dice.randrange(100) < self.sick:
            sync_failed(file)
            raise OSError(errno.EIO, "Input/output error")
        os.fdatasync(file)


def main(state: Path, count: int, sick: int = 0) -> None:
    """Append and claim."""
    hold(state)
    journal = FileJournal(state / JOURNAL, lambda _: None, COMPACT_BYTES, Sync(sick))
    first = records_in(journal.open().memory)
    claim(records=first, found=True)
    for number in range(first, first + count):
        if journal.append(record(number)):
            claim(records=number + 1)
        if number % CODEBOOK_EVERY == 0:
            write_whole(state / CODEBOOK, codebook(number))
            claim(codebook=number)
        if number % CLIP_EVERY == 0:
            claim(clip_begun=number)
            store(state / "cache", builtins()[ALARM], DEFAULT_VOICE, samples(number), None, None, (0,))
            claim(clip=number)
    journal.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
