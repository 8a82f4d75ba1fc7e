"""A code book (*quy ước*): what a commune has agreed its gongs mean. Pure, apart from zoneinfo's tables.

The same frozen type in the commune and in its nodes, but for what a node need not know (names of hamlets, neighbours,
escalation).

What must always hold: a CodeBook from codebook.py's two doors has passed every check; every pattern that it names
resolves; the message made of it is plain JSON.

Does not know: how it is read (bookcheck.py, bookmessage.py); signatures, counters and time of issue, which the commune
adds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from patterns.builtin import ALARM, DRILL, TEST, builtins
from patterns.chimes import Chime, Due, due_between
from patterns.score import Score

DEFAULT_ALARM_S = 180
"""An alarm that nobody clears ends after three minutes."""
DEFAULT_CANCEL_S = 30
"""How long whoever pressed may take it back."""
DEFAULT_KIND = "default"
"""In by_kind: for kinds that have no entry."""
MAX_MESSAGE_BYTES = 8 * 1024
"""Of any message (wire.md, rule 6)."""
ENVELOPE_BYTES = 96
"""What `issued_at` (RFC 3339 with milliseconds) and `counter` (up to 20 digits) add."""
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
        return message_fields(self)


def message_fields(book: CodeBook) -> dict[str, object]:
    """Plain JSON values of the message, but for `issued_at` and `counter`."""
    return {
        "version": book.version,
        "zone": book.zone,
        "patterns": {name: _pattern(score) for name, score in book.patterns.items()},
        "chimes": [chime.to_plain() for chime in book.chimes],
        "alarm_s": book.alarm_s,
        "cancel_s": book.cancel_s,
        "relays": {hamlet: list(others) for hamlet, others in book.relays.items()},
        "node_keys": {node.slug: node.key for node in book.nodes.values() if node.key is not None},
        "hamlets": {hamlet: list(book.nodes_in(hamlet)) for hamlet in book.hamlets},
        "posts": list(book.posts()),
        "by_kind": dict(book.by_kind),
    }


def _pattern(score: Score) -> object:
    """A built-in one by its name, another by its steps, without titles: a gong does not read."""
    if builtins().get(score.name) == score:
        return score.name
    return {"use": score.use, "steps": score.to_plain()["steps"]}


def message_size(book: CodeBook) -> int:
    """Bytes of the whole message as UTF-8 JSON without spaces."""
    encoded = json.dumps(message_fields(book), ensure_ascii=False, separators=(",", ":")).encode()
    return len(encoded) + ENVELOPE_BYTES
