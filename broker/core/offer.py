"""A release of the program that is offered to the nodes, as the register keeps it: the last one, in force or not."""

from __future__ import annotations

from msgspec import Struct

from wire.release import Release


class Offer(Struct, frozen=True, kw_only=True):
    """A release of the program that is offered to the nodes; in the bodies of `offered` and `offer_over`."""

    id: str
    """The ask's; names it to the nodes."""
    release: Release
    """Which."""
    first: str
    """The node that tries it before all others."""
    by: str
    """Who offered it."""
    at_ms: int
    """Commune time."""
    went_on: bool = False
    """Whether one beside the first was offered it, and has it: what the first proved is proved from then on."""
    over: str | None = None
    """Set: it is offered no more; empty: a person stopped it, else the node that it broke."""
