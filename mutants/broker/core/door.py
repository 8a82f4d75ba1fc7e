"""What must be true of anything that arrives before the core believes it.

Rule 1. Never kept by the broker, but for a status; never in another's name; never unsigned where keys are in use.
Rule 2. A node that the code book puts elsewhere than it says is a stranger; where keys are in use, so is any other.
The access list protects the topics; signatures protect what sounds.
"""

from __future__ import annotations

from typing import TypeVar

from broker.core.book import Book
from wire.codec import decode, decode_alert
from wire.envelope import Arrived
from wire.errors import Refused
from wire.messages import Alert, Cancel, Hello, Sounded, Status
from wire.signature import Verifier

Up = TypeVar("Up", Hello, Status)


class Door:
    """Decodes and checks what nodes say."""

    def __init__(self, book: Book, commune_key: str | None) -> None:
        self._book = book
        self._own = None if commune_key is None else Verifier(commune_key)

    @property
    def keys(self) -> bool:
        """Whether keys are in use."""
        return self._own is not None

    def alert(self, arrived: Arrived, node: str) -> Alert | Cancel:
        """What `node` pressed. Refused."""
        fresh(arrived)
        pressed = decode_alert(arrived.payload)
        self._named(pressed.node, node)
        self._at_home(node, pressed.hamlet)
        self._sealed(arrived, node)
        return pressed

    def hello(self, arrived: Arrived, node: str) -> Hello:
        """Refused."""
        fresh(arrived)
        hello = decode(arrived.payload, Hello)
        self._named(hello.node, node)
        self._at_home(node, None)
        return hello

    def status(self, arrived: Arrived, node: str) -> Status:
        """The one message that a broker may keep. Refused."""
        status = decode(arrived.payload, Status)
        self._named(status.node, node)
        self._at_home(node, status.hamlet)
        return status

    def sounded(self, arrived: Arrived, node: str) -> Sounded:
        """Refused."""
        fresh(arrived)
        sounded = decode(arrived.payload, Sounded)
        self._at_home(node, None)
        return sounded

    def obeyed(self, arrived: Arrived) -> bool:
        """Whether nodes obey this order of somebody else."""
        if self._own is None:
            return True
        return arrived.sig is not None and self._own.fits(arrived.topic, arrived.payload, arrived.sig)

    @staticmethod
    def _named(named: str, node: str) -> None:
        if named != node:
            raise Refused("topic", f"speaks for {named}")

    def _at_home(self, node: str, hamlet: str | None) -> None:
        known = self._book.node(node)
        if known is None:
            if self.keys:
                raise Refused("stranger", f"{node} is not in the code book")
        elif hamlet is not None and hamlet != known.hamlet:
            raise Refused("stranger", f"{node} hangs in {known.hamlet}, not in {hamlet}")

    def _sealed(self, arrived: Arrived, node: str) -> None:
        if not self.keys:
            return
        known = self._book.node(node)
        if known is None or known.key is None:
            raise Refused("stranger", f"the code book has no key of {node}")
        if arrived.sig is None:
            raise Refused("unsigned", arrived.topic)
        if not Verifier(known.key).fits(arrived.topic, arrived.payload, arrived.sig):
            raise Refused("signature", arrived.topic)


def fresh(arrived: Arrived) -> None:
    """Refused(retained) if a broker kept it."""
    if arrived.retained:
        raise Refused("retained", arrived.topic)
