"""A code book (*quy ước*): what a commune has agreed its gongs mean, checked as a whole. Pure, apart from zoneinfo's
tables.

It is written as YAML (`load_codebook`), travels to the nodes as wire.md's CodeBook message (`to_message_fields`,
`codebook_from_message`), and is the same frozen type on both sides, but for what a node need not know (names of
hamlets, neighbours, escalation).

What must always hold: a CodeBook that exists has passed every check of bookcheck.py; its message is at most 8 KiB;
every pattern that it names resolves.

Does not know: signatures, counters and time of issue, which the commune adds to the message; what a node has already
sounded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from patterns.builtin import ALARM, DRILL, TEST, builtins
from patterns.chimes import Chime, Due, due_between
from patterns.errors import CodeBookError, PatternsError
from patterns.fields import Faults, plain
from patterns.score import Score
from patterns.yamlfile import read_yaml

DEFAULT_ALARM_S = 180
"""An alarm that nobody clears ends after three minutes."""
DEFAULT_CANCEL_S = 30
"""How long whoever pressed may take it back."""
DEFAULT_KIND = "default"
"""In by_kind: for kinds that have no entry."""
KINDS = ("security", "theft", "fire", "disaster", "medical", "test")
"""An alert's kinds, as on the wire."""


@dataclass(frozen=True, slots=True)
class Hamlet:
    """A thôn."""

    slug: str
    """Its id."""
    name: str
    """For people; the id, where only the message is known."""
    neighbours: tuple[str, ...]
    """Slugs of the hamlets that hear of an alert which nobody acknowledges."""


@dataclass(frozen=True, slots=True)
class Node:
    """A digital gong."""

    slug: str
    """Its id, its broker user name, its client id."""
    hamlet: str
    """Slug."""
    post: bool
    """Whether it stands at the commune's post: silent alerts sound there."""
    key: str | None
    """Base64 of its 32-byte Ed25519 public key; None: a network without keys."""


@dataclass(frozen=True, slots=True)
class Escalation:
    """Whom an alert reaches that nobody acknowledges."""

    neighbours_after_s: int | None
    """Seconds from the alert; None: never."""
    commune_after_s: int | None
    """Seconds from the alert; None: never."""


@dataclass(frozen=True, slots=True)
class CodeBook:
    """A commune's agreement."""

    commune: str
    """Slug; "" where only the message is known."""
    name: str
    """For people."""
    version: int
    """1 or more; rises with each change."""
    zone: str
    """IANA name."""
    alarm_s: int
    """How long an alarm sounds if nobody renews or clears it, 10 to 600."""
    cancel_s: int
    """How long an alert may be taken back, 0 to 300."""
    hamlets: Mapping[str, Hamlet]
    """By slug, in the order of the file."""
    nodes: Mapping[str, Node]
    """By slug."""
    relays: Mapping[str, tuple[str, ...]]
    """Hamlet → the hamlets whose gongs also sound an alert of it."""
    escalation: Escalation
    """Whom an unacknowledged alert reaches."""
    patterns: Mapping[str, Score]
    """The commune's own names, with what they play; the built-in ones come on top (`resolve`)."""
    by_kind: Mapping[str, str]
    """Kind of alert, or "default" → pattern."""
    chimes: tuple[Chime, ...]
    """Scheduled sounds."""

    def resolve(self, name: str) -> Score | None:
        """The score of a pattern: the commune's own, else a built-in one (`alarm`, `cong-lac/alarm`); None: unknown."""
        found = self.patterns.get(name) or builtins().get(name)
        return None if found is None else found.named(name)

    def pattern_for(self, kind: str, *, drill: bool = False) -> str:
        """The pattern that an alert sounds if nothing else is ordered; a drill always sounds as one."""
        if drill:
            return DRILL
        fallback = TEST if kind == "test" else self.by_kind.get(DEFAULT_KIND, ALARM)
        return self.by_kind.get(kind, fallback)

    def nodes_in(self, hamlet: str) -> tuple[str, ...]:
        """Nodes of a hamlet."""
        return tuple(node.slug for node in self.nodes.values() if node.hamlet == hamlet)

    def posts(self) -> tuple[str, ...]:
        """Nodes at the commune's post."""
        return tuple(node.slug for node in self.nodes.values() if node.post)

    def heard_in(self, hamlet: str) -> tuple[str, ...]:
        """The hamlets whose gongs sound an alert of this one at once: itself, and who relays it."""
        return (hamlet, *(other for other in self.relays.get(hamlet, ()) if other != hamlet))

    def needed(self) -> tuple[Score, ...]:
        """Every score that it can make a gong play, each name once: its own, chimes', alarms', the general ones."""
        names = dict.fromkeys([*self.by_kind.values(), *self.patterns, *(chime.pattern for chime in self.chimes)])
        general = (name for name in builtins() if "/" not in name)
        scores = (self.resolve(name) for name in dict.fromkeys([*names, *general]))
        return tuple(score for score in scores if score is not None)

    def due_between(self, after_utc: datetime, until_utc: datetime) -> list[Due]:
        """Its chimes due after one moment, up to and including another."""
        return due_between(self.chimes, self.zone, after_utc, until_utc)

    def to_message_fields(self) -> dict[str, object]:
        """Wire.md's CodeBook message but for `issued_at` and `counter`: plain JSON values, at most 8 KiB with those."""
        from patterns.bookmessage import message_fields

        return message_fields(self)


def load_codebook(path: Path) -> CodeBook:
    """Read `codebook.yaml`. Raises CodeBookError with all faults, each with file, line and field."""
    from patterns.bookcheck import read_book

    try:
        faults = Faults(read_yaml(path))
    except PatternsError as error:
        raise CodeBookError(error.vi, error.en, error.faults) from error
    return read_book(faults)


def codebook_from_message(message: object) -> CodeBook:
    """What a node makes of a CodeBook message, with the same checks. Raises CodeBookError, and nothing else."""
    from patterns.bookmessage import read_message

    return read_message(Faults(plain(message), unknown_allowed=True))
