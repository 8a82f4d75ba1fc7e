"""A child that appends until it is killed, and prints what was acknowledged: python appender.py HOME FIRST."""

import os
import sys
from pathlib import Path

from broker.core.records import Entry, Incident
from broker.register.store import SqliteRegister


def main(home: Path, number: int) -> None:
    """One incident and its alarm's journal line per append; each acknowledged number is written unbuffered."""
    store = SqliteRegister(home)
    os.write(1, b"open\n")
    while True:
        row = Incident(
            id=f"0193a1de-0000-7000-8000-{number:012d}",
            kind="fire",
            hamlet="thon-1",
            node="n1",
            silent=False,
            drill=False,
            state="open",
            opened_at_ms=number,
            pressed_at_ms=number,
        )
        seq = store.append(
            [
                Entry(what="alert", subject=row.id, by="n1", at_ms=number, incident=row),
                Entry(what="sounded", subject=row.id, by="n1", at_ms=number),
            ]
        )
        os.write(1, f"{seq} {row.id}\n".encode())
        number += 1


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
