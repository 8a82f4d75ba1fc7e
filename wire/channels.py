"""The contract in one table: what is said where, by whom, to whom, signed or not, kept or not.

What must hold: one row for each topic of `topics`, one message type for each thing said. The AsyncAPI document is made
from it; the broker's access list says the same in Mosquitto's words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wire.asks import (
    AskAlarm,
    AskAudit,
    AskChime,
    AskCodeBook,
    AskComment,
    AskMute,
    AskPage,
    AskRetire,
    AskTarget,
    AskUnmute,
    AskUpdate,
    AskWiden,
    Told,
)
from wire.messages import (
    Alarms,
    Alert,
    Answer,
    Beacon,
    Cancel,
    Chime,
    CodeBookOrder,
    Hello,
    Sounded,
    Status,
    Update,
    Welcome,
)
from wire.topics import BEACON, Down, Everyone, Up, Verb

Role = Literal["node", "commune", "user", "watcher"]
ROLES: dict[Role, str] = {
    "node": "A gong in a hamlet. Where a topic names a node, that one alone.",
    "commune": "The service on the commune's machine. There is one; a second that states alarms is a fault.",
    "user": "An officer, or a program with an officer's credentials. Where a topic names a user, that one alone. "
    "The commune's console is one that may ask on an officer's behalf.",
    "watcher": "A user whose role is to watch: reads everything but silent alerts.",
}


@dataclass(frozen=True, slots=True)
class Channel:
    """One topic below `keng/1/{commune}/`."""

    way: Literal["up", "down", "all", "ask", "told", "self"]
    """Direction."""
    word: str
    """What is said there; empty for `told`."""
    messages: tuple[type, ...]
    """What may be in the payload."""
    said_by: Role
    """Who may publish."""
    heard_by: tuple[Role, ...]
    """Who may subscribe."""
    when: str
    """When it is said, and what comes of it."""
    signed_by: Literal["node", "commune"] | None = None
    """Whose Ed25519 key signs it; none: it can sound no gong."""
    retained: bool = False
    """Whether the broker keeps the last one."""

    @property
    def path(self) -> str:
        """The topic below `keng/1/{commune}/`, the name of the node or user left open."""
        who = {"up": "/{node}", "down": "/{node}", "ask": "/{user}", "told": "/{user}"}.get(self.way, "")
        return f"{self.way}{who}/{self.word}".rstrip("/")


_NODES: tuple[Role, ...] = ("node", "watcher")
_COMMUNE: tuple[Role, ...] = ("commune", "watcher")


def _up(
    word: Up,
    when: str,
    *messages: type,
    heard_by: tuple[Role, ...] = _COMMUNE,
    signed_by: Literal["node"] | None = None,
    retained: bool = False,
) -> Channel:
    return Channel("up", word, messages, "node", heard_by, when, signed_by, retained)


def _down(word: Down, when: str, message: type, heard_by: tuple[Role, ...] = _NODES) -> Channel:
    return Channel("down", word, (message,), "commune", heard_by, when, "commune")


def _all(word: Everyone, when: str, message: type) -> Channel:
    return Channel("all", word, (message,), "commune", _NODES, when, "commune")


def _ask(verb: Verb, when: str, message: type) -> Channel:
    return Channel("ask", verb, (message,), "user", _COMMUNE, when)


CHANNELS: tuple[Channel, ...] = (
    _up("hello", "At each connect, and to have the clock proved again.", Hello),
    _up(
        "alert",
        "A loud press, said until it is received. The other gongs of its hamlet, and those that relay it, sound.",
        Alert,
        Cancel,
        heard_by=("commune", "node", "watcher"),
        signed_by="node",
    ),
    _up(
        "silent",
        "A silent press, said until it is received. It sounds at the commune's post alone.",
        Alert,
        Cancel,
        heard_by=("commune",),
        signed_by="node",
    ),
    _up("sounded", "When a sound has ended.", Sounded),
    _up("status", "On each change, at least every 10 s, and as the last will.", Status, retained=True),
    _down("welcome", "Answers a hello.", Welcome),
    _down("answer", "On each change of what an alert opened, and after each hello.", Answer),
    _down(
        "alarms",
        "To nodes at the commune's post only: the whole set, and the silent alerts in it. They obey this one.",
        Alarms,
        heard_by=("node",),
    ),
    _down(
        "update",
        "While a release of the program is offered to this node, every minute and after each hello; and its end.",
        Update,
    ),
    _all("alarms", "The whole set: on each change, at each hello, every 10 s. Absence is the all-clear.", Alarms),
    _all("chime", "Up to 60 s ahead of its hour.", Chime),
    _all("codebook", "On each change, and after a hello that names another version.", CodeBookOrder),
    _ask("alarm", "To sound.", AskAlarm),
    _ask("widen", "To let more hamlets sound for an incident that is not over.", AskWiden),
    _ask("clear", "To silence one alarm, or all.", AskTarget),
    _ask("acknowledge", "To say that a person has taken it.", AskTarget),
    _ask("comment", "To write something down about an incident.", AskComment),
    _ask("close", "To say how it ended.", AskTarget),
    _ask("chime", "To chime now.", AskChime),
    _ask("mute", "To raise nobody by a node's troubles for a while.", AskMute),
    _ask("unmute", "To raise people by them again.", AskUnmute),
    _ask("retire", "The console alone: to dismiss a node for good.", AskRetire),
    _ask("audit", "The console alone: to write down what was done at itself.", AskAudit),
    _ask("incidents", "To read the incidents, a page at a time.", AskPage),
    _ask("status", "To read how the nodes and the network are, a page at a time.", AskPage),
    _ask("codebook", "To put another code book in force.", AskCodeBook),
    _ask("update", "To offer the nodes a release of the program, or to stop that.", AskUpdate),
    Channel(
        "told",
        "",
        (Told,),
        "commune",
        ("user", "watcher"),
        "Answers an ask; a repeated one is answered, not done again.",
    ),
    Channel(
        "self",
        BEACON,
        (Beacon,),
        "commune",
        ("commune",),
        "The service to itself, every two seconds: a broker that does not give it back is started anew.",
    ),
)

MESSAGES: tuple[type, ...] = tuple(dict.fromkeys(kind for channel in CHANNELS for kind in channel.messages))
"""Every type of payload, each once."""
