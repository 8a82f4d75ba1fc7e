"""What can be wrong with what arrives, and with the link itself.

    WireError
    ├── Refused      (ValueError) they erred: the message is dropped whole and counted by `reason`
    ├── ReleaseFault (ValueError) a release of the program that must not be used
    └── LinkFault    (OSError)    the link cannot even be tried: a missing certificate, an empty password file

A stranger's input raises `Refused` and nothing else, whatever it holds.
"""

from __future__ import annotations

from typing import Literal

DETAIL_CHARS = 200  # a stranger's text goes into logs, statuses and terminals cut to this

Reason = Literal[
    "topic",  # no such topic, or the payload names somebody else than the topic does
    "oversized",  # over MAX_BYTES
    "encoding",  # not UTF-8
    "json",  # not JSON, or nested without end
    "field",  # a field is missing, of a wrong type, or out of its range
    "retained",  # an order that a broker kept: never obeyed
    "unsigned",  # keys are in use and this bears no signature
    "signature",  # a signature that does not fit topic, payload and key
    "counter",  # not above the last counter obeyed
    "stale",  # issued too long ago, or in the future
    "clock",  # the node does not know the time, so it cannot tell old from new
    "stranger",  # a node or hamlet that the code book does not know
    "nonce",  # a welcome that answers no hello of ours
    "role",  # a user that may not ask this
    "behalf",  # an ask for another person, of a user that is no console
    "codebook",  # a code book that contradicts itself
    "foreign",  # orders of another service on the same topics
    "denied",  # the broker refused what we published
]


class WireError(Exception):
    """The root of what goes wrong on the wire."""


class Refused(WireError, ValueError):
    """A message that is dropped whole, without harm to what follows."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        self.reason: Reason = reason
        """Why, in one of the words that are counted and shown."""
        # It may quote the stranger: what moves a terminal's cursor or breaks a line of a log must not pass.
        self.detail = "".join(c if c.isprintable() else "?" for c in detail[:DETAIL_CHARS])
        """The same for a person who looks closer; one line, printable, at most DETAIL_CHARS characters."""
        super().__init__(f"{reason}: {self.detail}" if detail else reason)


ReleaseWhy = Literal[
    "key",  # this copy of the program knows no release key
    "signature",  # nobody whom we know vouches for it
    "manifest",  # vouched for, and not to be understood: made for a later updater
    "machine",  # nothing in it for this processor or Python
    "older",  # not above what is installed
    "hash",  # a file is not what the manifest says
]


class ReleaseFault(WireError, ValueError):
    """A release that must not be used."""

    def __init__(self, why: ReleaseWhy, detail: str = "") -> None:
        self.why: ReleaseWhy = why
        """In one of the words that a status bears."""
        self.detail = "".join(c if c.isprintable() else "?" for c in detail[:DETAIL_CHARS])
        """The same for a person who looks closer."""
        super().__init__(f"{why}: {self.detail}" if detail else why)


class LinkFault(WireError, OSError):
    """The link's settings cannot work; the sentence says what to do."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(f"{vi}\n{en}")
        self.vi = vi
        """The sentence in Vietnamese, shown first."""
        self.en = en
        """The same in English."""
