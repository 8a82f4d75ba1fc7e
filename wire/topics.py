"""Topics, built and parsed in one place.

What must hold: `parse(build(x)) == x`, and no name outside the slug rule ever gets into a topic, so that nobody can
speak for another by a clever name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from wire.errors import Refused
from wire.words import is_slug

PREFIX = "keng/1"  # 1 is the version of the contract
BEACON = "beacon"  # the one word that comes back to whoever said it (wire/link.py)
QOS = 1  # of everything: what comes twice is known by its id, so exactly-once would buy nothing

Up = Literal["hello", "alert", "silent", "sounded", "status"]
Down = Literal["welcome", "answer", "alarms", "update"]
Everyone = Literal["alarms", "chime", "codebook"]
Verb = Literal[
    "alarm",
    "widen",
    "clear",
    "acknowledge",
    "comment",
    "close",
    "chime",
    "mute",
    "unmute",
    "retire",
    "audit",
    "incidents",
    "status",
    "codebook",
    "update",
]

_WORDS: dict[str, frozenset[str]] = {
    "up": frozenset({"hello", "alert", "silent", "sounded", "status"}),
    "down": frozenset(get_args(Down)),
    "all": frozenset({"alarms", "chime", "codebook"}),
    "ask": frozenset(get_args(Verb)),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A topic, taken apart."""

    way: Literal["up", "down", "all", "ask", "told", "self"]
    """Direction."""
    who: str
    """Node or user; empty for `all` and `self`."""
    word: str
    """What is said there; empty for `told`."""


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of one commune."""

    commune: str
    """Slug."""

    def __post_init__(self) -> None:
        _checked(self.commune)

    @property
    def root(self) -> str:
        """What every topic of the commune begins with, without a slash at the end."""
        return f"{PREFIX}/{self.commune}"

    def up(self, node: str, word: Up) -> str:
        """Where `node` speaks."""
        return f"{self.root}/up/{_checked(node)}/{word}"

    def down(self, node: str, word: Down) -> str:
        """Where the commune speaks to one node."""
        return f"{self.root}/down/{_checked(node)}/{word}"

    def all(self, word: Everyone) -> str:
        """Where the commune speaks to every node."""
        return f"{self.root}/all/{word}"

    def ask(self, user: str, verb: Verb) -> str:
        """Where a person or a program asks."""
        return f"{self.root}/ask/{_checked(user)}/{verb}"

    def told(self, user: str) -> str:
        """Where the commune answers a person or a program."""
        return f"{self.root}/told/{_checked(user)}"

    @property
    def beacon(self) -> str:
        """Where the commune's service speaks to itself, to see that the broker delivers."""
        return f"{self.root}/self/{BEACON}"

    def every(self, way: Literal["up", "ask"], word: str = "+") -> str:
        """Filter for what anybody says in that direction."""
        return f"{self.root}/{way}/+/{word}"

    def parse(self, topic: str) -> Place:
        """Take a topic apart; Refused(topic) if it is none of this contract's."""
        if not topic.startswith(self.root + "/"):
            raise Refused("topic", topic)
        match topic[len(self.root) + 1 :].split("/"):
            case ["up" | "down" | "ask" as way, who, word] if is_slug(who) and word in _WORDS[way]:
                return Place(way, who, word)
            case ["all", word] if word in _WORDS["all"]:
                return Place("all", "", word)
            case ["told", who] if is_slug(who):
                return Place("told", who, "")
            case ["self", word] if word == BEACON:
                return Place("self", "", BEACON)
        raise Refused("topic", topic)

    def asker(self, topic: str) -> str | None:
        """Whose ask this is, even if there is no such verb; none if nobody can be told."""
        match topic.removeprefix(self.root + "/").split("/"):
            case ["ask", who, *_] if is_slug(who):
                return who
        return None


def _checked(name: str) -> str:
    if not is_slug(name):
        raise ValueError(f"not an id ([a-z0-9-], 1 to 32, no dash at an end, not 'all'): {name!r}")
    return name
