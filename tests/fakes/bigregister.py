"""A register after many years: a hundred thousand incidents, and all that was written about them as the core writes it.

    make_big(home)                         # a minute; home/register.sqlite3
    make_big(home, incidents=1_000)        # the same in small

What must hold: the same every time; spread over YEARS up to now, with drills, silent alerts, remarks, proofs, chimes,
troubles, versions of the code book and the console's own deeds, so that no page finds nothing to do.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

from fakes.bigbook import big_book
from fakes.entries import uuid

from broker.core.records import Alarm, AskRow, Entry, Incident, NodeRow, Trouble
from broker.register.store import SqliteRegister
from broker.words import KINDS, OUTCOMES
from patterns.yamlfile import read_yaml

INCIDENTS = 100_000
YEARS = 5
HAMLETS = 40
DAY_MS = 86_400_000
BATCH = 2_000
VERSIONS = 60
"""Of the code book."""
PROOFS = 3
"""Of each alarm."""


def make_big(home: Path, incidents: int = INCIDENTS) -> None:
    """See the module."""
    home.mkdir(parents=True, exist_ok=True)
    register = SqliteRegister(home)
    try:
        waiting: list[Entry] = []
        for entry in _all(home, incidents):
            waiting.append(entry)
            if len(waiting) >= BATCH:
                register.append(waiting)
                waiting = []
        register.append(waiting)
    finally:
        register.close()


def _all(home: Path, incidents: int) -> Iterator[Entry]:
    dice = random.Random(4)
    now_ms = time.time_ns() // 1_000_000
    first_ms = now_ms - YEARS * 365 * DAY_MS
    nodes = [f"dong-thuong-{number}" for number in range(HAMLETS)]
    for version in range(1, VERSIONS + 1):
        file = home / "book.yaml"
        file.write_text(big_book(HAMLETS, version=version), "utf-8")
        fields = dict(read_yaml(file).value)
        file.unlink()
        yield Entry(what="codebook", subject=str(version), by="chi", at_ms=first_ms, body=fields)
    for name in nodes:
        row = NodeRow(id=name, hamlet=name, version="1", first_at_ms=first_ms, last_at_ms=now_ms)
        yield Entry(what="node", subject=name, by=name, at_ms=first_ms, node=row)
    step_ms, night = (now_ms - first_ms) // incidents, 0
    for number in range(incidents):
        at_ms = first_ms + number * step_ms
        while first_ms + night * DAY_MS < at_ms:
            yield from _night(night, first_ms + night * DAY_MS, nodes, dice)
            night += 1
        yield from _incident(number, at_ms, nodes, dice, last=number >= incidents - 3)


def _night(night: int, at_ms: int, nodes: list[str], dice: random.Random) -> Iterator[Entry]:
    """One curfew, what came of it, and a gong that fell silent for an hour."""
    id_ = f"curfew/{time.strftime('%Y-%m-%d', time.gmtime(at_ms / 1000))}"
    missed = dice.sample(nodes, dice.choice([0, 0, 0, 1]))
    sounded = [name for name in nodes if name not in missed]
    yield Entry(what="chime", subject=id_, by=None, at_ms=at_ms)
    for name in sounded:
        yield Entry(what="sounded", subject=id_, by=name, at_ms=at_ms, body={"ended": "finished", "strokes": 3})
    proof = {"due_at_ms": at_ms, "sounded": sounded, "missed": missed}
    yield Entry(what="proved", subject=id_, by=None, at_ms=at_ms, body=proof)
    about = dice.choice(nodes)
    for over_at_ms in (None, at_ms + 3_600_000):
        row = Trouble(kind="node_silent", about=about, why="Im lặng", since_ms=at_ms, over_at_ms=over_at_ms)
        yield Entry(what="mended" if over_at_ms else "trouble", subject=about, by=None, at_ms=at_ms, trouble=row)
    yield Entry(what="audited", subject="an", by="an", at_ms=at_ms, body={"what": "signed_in", "detail": {}})


def _incident(number: int, at_ms: int, nodes: list[str], dice: random.Random, *, last: bool) -> Iterator[Entry]:
    """From the press to the end; the last few are open."""
    node, kind = dice.choice(nodes), dice.choice(list(KINDS))
    drill, silent = number % 100 == 0, number % 50 == 7
    fields: dict[str, object] = {
        "id": uuid(number), "kind": kind, "hamlet": node, "node": node, "silent": silent, "drill": drill,
        "state": "open", "opened_at_ms": at_ms, "pressed_at_ms": at_ms - 40,
    }  # fmt: skip
    row = Incident(**fields)  # type: ignore[arg-type]  # as entries.py does
    yield Entry(what="alert", subject=row.id, by=node, at_ms=at_ms, body={"age_ms": 40}, incident=row)
    alarm = Alarm(
        id=row.id, kind=row.kind, pattern="alarm", drill=drill, silent=silent, hamlets=(node,), since_ms=at_ms,
        life_s=180, by=node, active=True,
    )  # fmt: skip
    yield Entry(what="sounding", subject=row.id, by=None, at_ms=at_ms, alarm=alarm)
    for other in dice.sample(nodes, PROOFS):
        body = {"ended": "stopped", "strokes": 9, "began_at_ms": at_ms + 100}
        yield Entry(what="sounded", subject=row.id, by=other, at_ms=at_ms + 9_000, body=body)
    if last:
        return
    fields |= {"state": "acknowledged", "acknowledged_by": "an", "acknowledged_at_ms": at_ms + 5_000}
    taken = Incident(**fields)  # type: ignore[arg-type]  # as entries.py does
    yield Entry(what="acknowledged", subject=row.id, by="an", at_ms=at_ms + 5_000, incident=taken)
    if number % 10 == 0:
        yield Entry(what="commented", subject=row.id, by="binh", at_ms=at_ms, body={"note": "Đã xuống hiện trường"})
    over = Alarm(**{name: getattr(alarm, name) for name in alarm.__struct_fields__} | {"active": False})
    yield Entry(what="cleared", subject=row.id, by="an", at_ms=at_ms + 60_000, alarm=over)
    note = f"Vụ số {number}, nhà ông Ất"
    fields |= {"state": "closed", "closed_by": "an", "closed_at_ms": at_ms + 90_000, "note": note}
    ended = Incident(**fields, outcome=dice.choice(list(OUTCOMES)))  # type: ignore[arg-type]  # as entries.py does
    yield Entry(what="closed", subject=row.id, by="an", at_ms=at_ms + 90_000, incident=ended)
    if number % 5 == 0:
        ask = AskRow(user="an", id=f"a{number}", verb="close", ok=True, why="", target=row.id, at_ms=at_ms)
        yield Entry(what="asked", subject=ask.id, by="an", at_ms=at_ms, ask=ask)
