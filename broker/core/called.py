"""A chime as the journal tells it: what was ordered, and which gongs and hamlets proved it."""

from __future__ import annotations

from msgspec import Struct


class ChimeRow(Struct, frozen=True, kw_only=True):
    """A chime, as far as the journal tells: read back from it by broker/core/chimerows.py, in no table of its own."""

    id: str
    """The chime's."""
    hamlets: tuple[str, ...]
    """Where it was ordered: ("all",) or slugs."""
    due_at_ms: int
    """Commune time."""
    nodes: tuple[str, ...] = ()
    """Those that proved it."""
    sounded: tuple[str, ...] = ()
    """Once it is summed up: hamlets in which a gong sounded."""
    missed: tuple[str, ...] = ()
    """Once it is summed up: hamlets in which none did."""
    summed: bool = False
    """Whether it is."""
