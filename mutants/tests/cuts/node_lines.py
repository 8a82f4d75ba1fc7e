"""The same records of a node's nights for whoever asks: record `n` is always the same, and so is what they add up to.

So a journal is right when it adds up to the first so many records; a code book and a clip are right when they are one
of those that were kept, whole.
"""

from __future__ import annotations

import random
from functools import cache

from node.core.records import ChimeDone, CounterObeyed, HeardAlert, Memory, OwnAlert, OwnState, Record

MAX_RECORDS = 3000
"""More than any workload here appends."""
PRESSES = 20
"""Alerts at a time: fewer than a memory keeps, so that none is forgotten."""
STATES: tuple[OwnState, ...] = ("sending", "received", "acknowledged", "closed")


@cache
def _nights() -> tuple[list[Record], list[Memory]]:
    """The records, no two alike, each of which changes the memory; and the memory before the first and after each."""
    dice = random.Random(22)
    records, memories = list[Record](), [Memory()]
    for number in range(MAX_RECORDS):
        record = _drawn(dice, number)
        if isinstance(record, OwnAlert) and record.state == "closed" and record.id not in memories[-1].alerts:
            record = HeardAlert(f"h{number}")
        records.append(record)
        memories.append(memories[-1].after(record))
    return records, memories


def _drawn(dice: random.Random, number: int) -> Record:
    match dice.randrange(6):
        case 0:
            return CounterObeyed(number + 1)
        case 1:
            return ChimeDone(f"curfew/{number}")
        case 2:
            return HeardAlert(f"h{number}", over=dice.random() < 0.5)
        case _:
            press = f"0193a1de-0000-7000-8000-{dice.randrange(PRESSES):012d}"
            state = dice.choice(STATES)
            return OwnAlert(press, "fire", False, False, 1, "synced", number, "boot", count=number, state=state)


def record(number: int) -> Record:
    """What is written down as number `number`."""
    return _nights()[0][number]


def memory_of(records: int) -> Memory:
    """What the first so many add up to."""
    return _nights()[1][records]


def records_in(memory: Memory) -> int:
    """How many were appended, by what they add up to. ValueError: they are not the first so many."""
    return _nights()[1].index(memory)


def codebook(number: int) -> bytes:
    """What is kept as code book `number`: some sectors, and never as many bytes as the one before."""
    text = random.Random(number).randbytes(500 + 311 * (number % 5)).hex()
    return f'{{"version": {number}, "text": "{text}"}}'.encode()


def samples(number: int) -> bytes:
    """What the alarm was rendered as, the time of this number."""
    return random.Random(number).randbytes(4_000 + 2 * number)
