"""Reads and checks a code book's chimes: known patterns and hamlets, no alarm among them, none upon another. Pure.

What must always hold: a chime that passes is finite, harmless to the ear, and alone at its time in each of its hamlets.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import time
from itertools import combinations

from patterns.bookrefs import find_pattern, read_hamlet_list
from patterns.builtin import builtins
from patterns.chimes import ALL, Chime, read_at, read_days, read_exceptions
from patterns.fields import Field
from patterns.likeness import alarm_likeness
from patterns.score import Score

MAX_CHIMES = 48
"""Two an hour; more is a clock tower."""
RING_S = 5
"""After the last stroke the gong still rings: no other chime then."""
_CHIME_USES = ("chime", "test")
_DAY_S = 86_400
_WEEK_S = 7 * _DAY_S

ReadChime = tuple[Chime, Field]
"""A chime and where it is written."""


def read_chimes(field: Field, patterns: Mapping[str, Score], hamlets: Collection[str] | None) -> tuple[ReadChime, ...]:
    """The chimes of a list; `hamlets` None: any slug will do."""
    read: list[ReadChime] = []
    names: set[str] = set()
    for item in field.items(MAX_CHIMES):
        chime = _chime(item, patterns, hamlets)
        if chime is None:
            continue
        if chime.name in names:
            item.child("name", chime.name).fault(f"tên {chime.name} đã có.", f"the name {chime.name} is taken.")
        names.add(chime.name)
        read.append((chime, item))
    return tuple(read)


def _chime(field: Field, patterns: Mapping[str, Score], hamlets: Collection[str] | None) -> Chime | None:
    before = len(field.faults.found)
    parts = field.record({"name", "at", "days", "pattern", "hamlets", "except"}, {"name", "at", "pattern"})
    name = parts["name"].slug() if "name" in parts else None
    at = read_at(parts["at"]) if "at" in parts else None
    days = read_days(parts["days"]) if "days" in parts else tuple(range(7))
    where: tuple[str, ...] = (ALL,)
    if "hamlets" in parts and parts["hamlets"].value != ALL:
        where = read_hamlet_list(parts["hamlets"], hamlets)
        if parts["hamlets"].value == []:
            parts["hamlets"].fault("cần ít nhất một thôn, hoặc all.", "needs at least one hamlet, or all.")
    excepted = read_exceptions(parts["except"]) if "except" in parts else ()
    score = find_pattern(parts["pattern"], patterns) if "pattern" in parts else None
    if score is not None:
        _check_harmless(parts["pattern"], score)
    if len(field.faults.found) > before:
        return None
    return Chime(name or "", at or time(), days, str(parts["pattern"].value), where, excepted)


def _check_harmless(field: Field, score: Score) -> None:
    if score.use not in _CHIME_USES:
        field.fault(
            f"{field.value} dùng cho {score.use}, không dùng làm kẻng giờ.",
            f"{field.value} is for {score.use}, not for a chime.",
        )
    elif (why := alarm_likeness(score.timeline())) is not None:
        field.fault(
            f"{field.value} không dùng làm kẻng giờ được, vì {why[0]}.", f"{field.value} cannot be a chime: {why[1]}."
        )


def check_overlaps(read: Sequence[ReadChime], patterns: Mapping[str, Score]) -> None:
    """Note each chime that would sound while another still does in the same hamlet. Exceptions are not weighed."""
    for (earlier, _), (later, field) in combinations(read, 2):
        shared = ALL in earlier.hamlets or any(later.sounds_in(hamlet) for hamlet in earlier.hamlets)
        if shared and _overlap(_spans(earlier, patterns), _spans(later, patterns)):
            field.child("at", None).fault(
                f"trùng giờ với {earlier.name} ở cùng một thôn; hãy đổi giờ.",
                f"overlaps {earlier.name} in the same hamlet; change the time.",
            )


def _spans(chime: Chime, patterns: Mapping[str, Score]) -> list[tuple[int, int]]:
    """When it sounds: start and length in seconds of the week."""
    score = patterns.get(chime.pattern) or builtins()[chime.pattern]
    length_s = score.timeline().length_ms // 1000 + RING_S
    at_s = chime.at.hour * 3600 + chime.at.minute * 60
    return [(day * _DAY_S + at_s, length_s) for day in chime.days]


def _overlap(some: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]]) -> bool:
    return any(
        (start - other) % _WEEK_S < length or (other - start) % _WEEK_S < span
        for start, span in some
        for other, length in others
    )
