"""What the commune's core asks of the world, in the order in which it must be done. The shell decides nothing."""

from __future__ import annotations

from msgspec import Struct

from broker.core.records import Entry


class Append(Struct, frozen=True, tag=True):
    """Write these entries in one committed, synced transaction; then step the core with Committed or NotCommitted."""

    token: int
    """Names this append in the item that follows; rises."""
    entries: tuple[Entry, ...]
    """In order."""


class Order(Struct, frozen=True, tag=True):
    """Publish what can sound a gong, or proves the time. The shell signs it where the commune has a key."""

    topic: str
    """Where."""
    payload: bytes
    """What."""


class Tell(Struct, frozen=True, tag=True):
    """Publish an answer to a node or a user; signed like an order where there is a key."""

    topic: str
    """Where."""
    payload: bytes
    """What."""


class Erase(Struct, frozen=True, tag=True):
    """Publish an empty retained message: somebody had the broker keep an order."""

    topic: str
    """Where."""


class RestartBroker(Struct, frozen=True, tag=True):
    """Kill the broker and start it again: it hangs. May take its time, and may fail; nothing waits for it."""

    why: str
    """For a person."""


class Retire(Struct, frozen=True, tag=True):
    """Have a node's password taken away and the code book made without it: a matter for root, who may be told twice."""

    node: str
    """Slug."""


class Recall(Struct, frozen=True, tag=True):
    """Read what the register's chain has for a line now; step the core with Recalled, or not if it cannot be read."""

    seq: int
    """The line's number."""


class Listen(Struct, frozen=True, tag=True):
    """Hear some nodes apart from the others from now on, afresh: what was said and not read so far may be lost."""

    others: tuple[str, ...] | None
    """Slugs of those who are heard as ever; None: everybody."""
    aside: tuple[str, ...]
    """Slugs of those who are heard by a connection of their own."""


Effect = Append | Order | Tell | Erase | RestartBroker | Retire | Recall | Listen
