"""A box's first sounding, as the journal tells: in no table of its own."""

from __future__ import annotations

from msgspec import Struct


class Spoken(Struct, frozen=True, kw_only=True):
    """A box that was newly hung up has sounded."""

    node: str
    """Slug."""
    hamlet: str
    """Slug."""
    at_ms: int
    """Commune time."""
