"""The small types that messages are made of: slugs, ids, kinds, states, instants.

What must hold: a value of one of these types is valid, whoever made it. Nothing here knows a message or a topic.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import total_ordering
from typing import Annotated, Any, Literal

from msgspec import Meta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MAX_WALL_MS = 253_402_300_799_999  # 9999-12-31: the last year RFC 3339 can write
MAX_COUNTER = 2**53 - 1  # beyond it JSON readers in other languages round
SANE_FROM_MS = 1_704_067_200_000  # 2024: before this program was written, so the machine has no clock
SANE_UNTIL_MS = 4_102_444_800_000  # 2100
MAX_LEASE_S = 600  # wire.md rule 1: nothing sounds longer without being said again
MAX_HAMLETS = 200  # the largest commune has some 40; the message's 8 KiB would stop at about 240
MAX_DEPTH = 16  # of what is decoded without a type: a code book needs 11; whoever walks it may recurse

# `$(?!\n)` because `$` alone lets a trailing newline through.
SLUG_PATTERN = r"^(?!all$)[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$(?!\n)"
HAMLET_PATTERN = r"^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$(?!\n)"  # a slug or `all`
# Lower case only: the id is the identity, and the same id in capitals would be a second one.
UUID_PATTERN = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$(?!\n)"
CHIME_ID_PATTERN = r"^[a-z0-9-]{1,32}/[0-9T.:-]{8,32}$(?!\n)"
PATTERN_NAME_PATTERN = r"^[a-z0-9/-]{1,65}$(?!\n)"
# 32 bytes in base64, the spare bits of the last letter zero.
PUBLIC_KEY_PATTERN = r"^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$(?!\n)"
HASH_PATTERN = r"^[0-9a-f]{64}$(?!\n)"  # SHA-256
VERSION_PATTERN = r"^[0-9]{1,6}(?:\.[0-9]{1,6}){0,3}$(?!\n)"  # of a release: numbers alone, so that they compare
# No control characters: these texts are shown on terminals, where an escape sequence would be obeyed.
LINE_PATTERN = r"^[^\x00-\x1f\x7f-\x9f]*$(?!\n)"
PROSE_PATTERN = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$"  # tabs and line ends may be in it

Slug = Annotated[str, Meta(pattern=SLUG_PATTERN)]
Uuid = Annotated[str, Meta(pattern=UUID_PATTERN)]
ChimeId = Annotated[str, Meta(pattern=CHIME_ID_PATTERN)]
PatternName = Annotated[str, Meta(pattern=PATTERN_NAME_PATTERN)]
Text = Annotated[str, Meta(max_length=300, pattern=PROSE_PATTERN)]  # a line on a screen, a sentence for the ear
Prose = Annotated[str, Meta(max_length=2000, pattern=PROSE_PATTERN)]  # what an officer writes down, a list of faults
Word = Annotated[str, Meta(max_length=80, pattern=LINE_PATTERN)]
Token = Annotated[str, Meta(min_length=1, max_length=64, pattern=LINE_PATTERN)]  # an id that its maker chose
Count = Annotated[int, Meta(ge=0, le=MAX_COUNTER)]
Milliseconds = Annotated[int, Meta(ge=0, le=MAX_WALL_MS)]
LeaseS = Annotated[int, Meta(ge=1, le=MAX_LEASE_S)]
GraceS = Annotated[int, Meta(ge=0, le=3600)]
Version = Annotated[str, Meta(pattern=VERSION_PATTERN)]
Port = Annotated[int, Meta(ge=1, le=65_535)]
Presses = Annotated[int, Meta(ge=1, le=100_000)]
Celsius = Annotated[float, Meta(ge=-274, le=1000)]
Percent = Annotated[int, Meta(ge=0, le=100)]
Hours = Annotated[float, Meta(ge=0, le=1000)]
Decibels = Annotated[float, Meta(ge=-300, le=300)]
Label = Word | Count  # a version, a boot: whatever its maker calls it
HamletName = Annotated[str, Meta(pattern=HAMLET_PATTERN)]
HamletNames = Annotated[
    tuple[HamletName, ...],
    # What check_hamlets says, for those who read the schema.
    Meta(
        min_length=1,
        max_length=MAX_HAMLETS,
        extra_json_schema={"anyOf": [{"const": ["all"]}, {"items": {"not": {"const": "all"}}}]},
    ),
]
PublicKey = Annotated[str, Meta(pattern=PUBLIC_KEY_PATTERN)]
Hash = Annotated[str, Meta(pattern=HASH_PATTERN)]

Kind = Literal["security", "theft", "fire", "disaster", "medical", "test"]
ClockState = Literal["synced", "unsure"]
AnswerState = Literal["received", "acknowledged", "closed", "false_alarm"]
EndedHow = Literal["finished", "all_clear", "pre_empted", "lease_over", "failed"]

EVERYWHERE: tuple[str, ...] = ("all",)

_SLUG = re.compile(SLUG_PATTERN)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|\+00:00)", re.ASCII)


def is_sane(wall_ms: int) -> bool:
    """Whether a clock can show this time; no chime is due by any other."""
    return SANE_FROM_MS <= wall_ms < SANE_UNTIL_MS


def is_slug(text: str) -> bool:
    """Whether `text` may name a commune, a hamlet, a node or a user."""
    return _SLUG.search(text) is not None


def check_hamlets(hamlets: tuple[str, ...]) -> None:
    """Raise ValueError unless `hamlets` is ("all",) or slugs only."""
    if hamlets != EVERYWHERE and not all(is_slug(name) for name in hamlets):
        raise ValueError('hamlets must be ["all"] or hamlet ids')


def check_tree(value: Any) -> None:
    """Raise ValueError if a value without a type is nested deeper than MAX_DEPTH or bears a number past MAX_COUNTER."""
    level = [value]
    for _ in range(MAX_DEPTH):
        if any(isinstance(item, int) and abs(item) > MAX_COUNTER for item in level):
            raise ValueError(f"a number beyond {MAX_COUNTER}")
        level = [inner for item in level for inner in _inside(item)]
        if not level:
            return
    raise ValueError(f"nested deeper than {MAX_DEPTH}")


def _inside(item: Any) -> Iterable[Any]:
    if isinstance(item, dict):
        return item.values()
    return item if isinstance(item, (list, tuple)) else ()


def reaches(hamlets: tuple[str, ...], hamlet: str) -> bool:
    """Whether an order to `hamlets` is meant for `hamlet`."""
    return hamlets == EVERYWHERE or hamlet in hamlets


@total_ordering
class Instant:
    """A moment of wall time, whole milliseconds since 1970 UTC; on the wire RFC 3339, UTC, milliseconds."""

    __slots__ = ("ms",)
    ms: int

    def __init__(self, ms: int) -> None:
        if not 0 <= ms <= MAX_WALL_MS:
            raise ValueError(f"no such moment: {ms} ms since 1970")
        object.__setattr__(self, "ms", ms)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("an Instant is frozen")

    @classmethod
    def parse(cls, text: str) -> Instant:
        """Read `2026-11-21T15:00:00.000Z`; ValueError for anything that is not RFC 3339 in UTC."""
        if not _RFC3339.fullmatch(text):
            raise ValueError("time must be RFC 3339 in UTC, such as 2026-11-21T15:00:00.000Z")
        # Python reads at most six digits of a second; a nanosecond clock's nine are cut, not refused.
        head, _, tail = text.removesuffix("Z").removesuffix("+00:00").partition(".")
        moment = datetime.fromisoformat(f"{head}+00:00")
        return cls((moment - EPOCH) // timedelta(milliseconds=1) + int((tail + "000")[:3]))

    def __reduce__(self) -> tuple[type[Instant], tuple[int]]:
        return Instant, (self.ms,)

    def __str__(self) -> str:
        moment = EPOCH + timedelta(milliseconds=self.ms)
        return f"{moment:%Y-%m-%dT%H:%M:%S}.{self.ms % 1000:03d}Z"

    def __repr__(self) -> str:
        return f"Instant({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return self.ms == other.ms if isinstance(other, Instant) else NotImplemented

    def __lt__(self, other: Instant) -> bool:
        return self.ms < other.ms

    def __hash__(self) -> int:
        return hash(self.ms)
