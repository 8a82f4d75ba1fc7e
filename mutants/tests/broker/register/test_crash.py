"""A service killed at any moment: what was acknowledged is there, and only whole transactions are."""

import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from broker.register.audit import verify
from broker.register.rebuild import rebuild
from broker.register.store import FILE

KILLS = 25
LONGEST_S = 0.12
APPENDER = Path(__file__).with_name("appender.py")


def killed_after(home: Path, first: int, seconds: float) -> list[tuple[int, str]]:
    """(seq, incident) of everything that a child acknowledged before it was killed."""
    child = subprocess.Popen([sys.executable, APPENDER, home, str(first)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "open\n"
    time.sleep(seconds)  # the moment of the kill is what is random here
    child.kill()
    rest, _ = child.communicate()
    return [(int(seq), name) for seq, name in (line.split() for line in rest.splitlines() if len(line) > 38)]


def test_every_acknowledged_row_survives_kill_9_at_any_moment(home: Path) -> None:
    rng = random.Random(2)
    acknowledged: list[tuple[int, str]] = []
    for turn in range(KILLS):
        acknowledged += killed_after(home, turn * 100_000, rng.uniform(0, LONGEST_S))
    assert len(acknowledged) > KILLS, "the child hardly ever got to write: the kills prove nothing"
    with closing(sqlite3.connect(home / FILE)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        journal = dict(db.execute("SELECT seq, subject FROM register_journal"))
        incidents = {name for (name,) in db.execute("SELECT id FROM register_incident")}
        halves = db.execute("SELECT subject FROM register_journal GROUP BY subject HAVING count(*) != 2").fetchall()
    assert [(seq, name) for seq, name in acknowledged if journal.get(seq) != name or name not in incidents] == []
    assert halves == []
    assert rebuild(home) == ()
    verdict = verify(home / FILE)
    assert (verdict.wrong, verdict.lines) == (None, len(journal))
