"""What a core is told about itself at its start: who it is, what hangs on it, and how it must behave."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from node.core.records import Memory
from wire.words import Kind

Purpose = Literal["alarm", "cancel", "drill"]


class ContactSetup(Struct, frozen=True):
    """One contact of the box."""

    name: str
    """Unique within the box, as in Contacts.closed."""
    purpose: Purpose = "alarm"
    """alarm: a button. cancel: key switch or covered button that takes a press back. drill: key switch; while it is
    closed, presses are exercises."""
    kind: Kind = "security"
    """Of an alarm button."""
    silent: bool = False
    """An alarm button that sounds and shows nothing here."""
    hold_ms: int = 800
    """How long it must be held, 0 to 5,000."""


class Setup(Struct, frozen=True):
    """Everything a core starts from; with the same setup and the same items, the same effects."""

    commune: str
    """Slug."""
    node: str
    """Slug."""
    hamlet: str
    """Slug."""
    contacts: tuple[ContactSetup, ...]
    """What hangs on the pins."""
    boot: str
    """The kernel's boot id: monotonic times of another boot mean nothing."""
    run: str
    """Identifies this run of the program."""
    seed: bytes
    """Secret entropy of this run, 32 bytes: ids and nonces come from it."""
    memory: Memory
    """What the journal held."""
    codebook: bytes | None = None
    """The stored code book order (JSON), if there is one."""
    commune_key: str | None = None
    """The commune's public key (base64); none: unsigned orders are obeyed, and every status says so."""
    version: str = "0"
    """Of the software."""
    listens: bool = False
    """Whether a microphone hears what sounds: each Finished is followed by a Heard."""
    first_boot: bool = False
    """Whether this box, newly hung up, sounds one stroke and says aloud what it lacks."""
    own_key: str | None = None
    """Our own public key (base64), if it could be read: the code book must name the same."""
    damaged: int = 0
    """Journal lines that could not be read at the start: told all through the run."""
    forgetful: bool = False
    """The journal could not be read, or was not where it should be: what we did before this run, nobody knows."""
