"""A commune's register at work: python commune_work.py HOME BATCHES [READ_EVERY] — under the recorder.

It goes on where the register ends, and claims after each append that so many lines are safe, as the service would say
`received`; and at its start for what it found, since a service answers for the rows that it restored.
A slow reader holds the write-ahead log for half of each READ_EVERY batches, so that it outgrows its limit and is cut.
"""

import sqlite3
import sys
from pathlib import Path

from cuts.commune_lines import batch, batches_in
from cuts.recording import claim

from broker.register.store import FILE, SqliteRegister


def main(home: Path, count: int, read_every: int = 0) -> None:
    """Append and claim."""
    store = SqliteRegister(home)
    reader = sqlite3.connect(home / FILE, isolation_level=None)
    (found,) = reader.execute("SELECT count(*) FROM register_journal").fetchone()
    claim(lines=found, found=True)
    first = batches_in(found)
    for number in range(first, first + count):
        claim(lines=store.append(batch(number)))
        if read_every and number % read_every == read_every // 2:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM register_journal").fetchone()
        elif read_every and number % read_every == 0 and reader.in_transaction:
            reader.execute("COMMIT")
    reader.close()
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
