"""What can happen to the commune's service: every input of its core, as a plain value for traces and tests."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from wire.envelope import Arrived, Denied, LinkDown, LinkUp
from wire.messages import Witness


class Tick(Struct, frozen=True, tag=True):
    """The core's deadline has come, or a while has passed."""

    idle: bool = True
    """Nothing waits to be taken: what has not come yet was not delivered."""


class Committed(Struct, frozen=True, tag=True):
    """The register has these entries on its disk."""

    token: int
    """The append's."""
    head: Witness | None = None
    """The journal's last line now, and its hash."""


class NotCommitted(Struct, frozen=True, tag=True):
    """The register could not write; the core tries again and withholds what depends on it."""

    token: int
    """The append's."""
    why: str
    """For a person."""


class CodeBookGiven(Struct, frozen=True, tag=True):
    """A code book from the service's own settings, read and checked by the shell."""

    fields: dict[str, Any]
    """As `patterns.codebook` writes it."""


class Recalled(Struct, frozen=True, tag=True):
    """What the register's chain has for a line."""

    seq: int
    """The line's number."""
    hash: str | None
    """None: there is no such line."""


class Flooding(Struct, frozen=True, tag=True):
    """A node says more than the inbox takes, again and again."""

    node: str
    """Its name in the topic, which the broker's access list vouches for."""


class BackupLooked(Struct, frozen=True, tag=True):
    """How the nightly backup is, whenever that changes."""

    why: str | None
    """What is wrong, for a person; None: the last one is whole and not old."""


class Stop(Struct, frozen=True, tag=True):
    """The program is asked to end."""


Item = (
    Tick
    | Committed
    | NotCommitted
    | CodeBookGiven
    | Flooding
    | Recalled
    | BackupLooked
    | Stop
    | Arrived
    | Denied
    | LinkUp
    | LinkDown
)
