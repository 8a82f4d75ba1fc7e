"""What the link hands in and takes: arrivals, the link's own changes, and publications. Plain values, no paho."""

from __future__ import annotations

from msgspec import Struct

MUTE = "Keep alive timeout"  # the name of MQTT 5's reason 0x8D, which paho gives to its own timeout as well

SHUT = frozenset({"Bad user name or password", "Not authorized", "Client identifier not valid", "Banned"})
"""Names of MQTT 5's reasons, as paho gives them, for not letting somebody in."""


class Arrived(Struct, frozen=True, tag=True):
    """A publication that reached us, as it is; nobody has believed any of it yet."""

    topic: str
    """As published."""
    payload: bytes
    """As published."""
    retained: bool = False
    """It was published with `retain`, or kept by the broker; of a status: kept by the broker."""
    sig: str | None = None
    """The user property `sig`."""


class LinkUp(Struct, frozen=True, tag=True):
    """The broker has accepted us and our subscriptions."""


class LinkDown(Struct, frozen=True, tag=True):
    """The link is gone, or could not be made."""

    why: str = ""
    """For a person."""
    files: bool = False
    """Password or certificate cannot be read: nothing was tried."""

    @property
    def shut(self) -> bool:
        """Whether the other side was there and did not let us in: wrong password, or retired."""
        return self.why in SHUT

    @property
    def unproved(self) -> bool:
        """Whether one of us cannot show who it is: our own files, or the other side's certificate."""
        return self.files or "CERTIFICATE_VERIFY_FAILED" in self.why

    @property
    def mute(self) -> bool:
        """Whether the other side was there, and said nothing for a keepalive."""
        return self.why == MUTE


class Denied(Struct, frozen=True, tag=True):
    """The broker refused a publication of ours (MQTT 5 says so)."""

    topic: str
    """Where it was meant to go."""
    why: str
    """The broker's reason."""


LinkItem = Arrived | LinkUp | LinkDown | Denied


class Publication(Struct, frozen=True, tag=True):
    """Something to say."""

    topic: str
    """Where."""
    payload: bytes
    """What."""
    retain: bool = False
    """Only a node's status is retained, ever."""
    sig: str | None = None
    """The signature, where keys are in use."""
