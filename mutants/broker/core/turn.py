"""One step of the core: its two times, and the effects so far.

Rule: effects come out in the order in which they were asked for, and the shell keeps it.
It does not know what an effect means.
"""

from __future__ import annotations

from msgspec import Struct

from broker.core.effects import Effect, Erase, Order, Tell
from wire.codec import encode
from wire.words import Instant

MAX_TEXT = 300  # of `Told.why` and of any line on a screen (wire.words.Text)
BETWEEN = " / "
ROOM = MAX_TEXT - len(BETWEEN)  # of both languages
HALF_ROOM = ROOM // 2  # which neither takes from the other
LATEST_MS = 250_000_000_000_000  # the year 9892: a century before RFC 3339 ends, so that sums of times stay moments


class Turn:
    """Lives for one step."""

    __slots__ = ("effects", "now_ms", "wall_ms")

    def __init__(self, now_ms: int, wall_ms: int) -> None:
        self.now_ms = now_ms
        """Monotonic."""
        self.wall_ms = min(max(wall_ms, 0), LATEST_MS)
        """Commune time in ms since 1970, as the machine says; it may jump."""
        self.effects: list[Effect] = []
        """In order."""

    @property
    def now(self) -> Instant:
        """Commune time, as messages bear it."""
        return Instant(self.wall_ms)

    def order(self, topic: str, message: Struct | dict[str, object]) -> None:
        """What can sound a gong, or proves the time."""
        self.effects.append(Order(topic, encode(message)))

    def tell(self, topic: str, message: Struct) -> None:
        """An answer."""
        self.effects.append(Tell(topic, encode(message)))

    def erase(self, topic: str) -> None:
        """Take a kept message out of the broker."""
        self.effects.append(Erase(topic))


def said(vi: str, en: str) -> str:
    """A sentence for a person: Vietnamese first, then English, MAX_TEXT characters at most."""
    vi = cut(vi, max(HALF_ROOM, ROOM - len(en)))
    return f"{vi}{BETWEEN}{cut(en, ROOM - len(vi))}"


def printable(text: str) -> str:
    """What a stranger wrote, as a line that the contract takes: no control characters."""
    return "".join(letter if letter.isprintable() else "·" for letter in text)


def cut(text: str, length: int) -> str:
    """At most `length` characters."""
    return text if len(text) <= length else text[: length - 1] + "…"
