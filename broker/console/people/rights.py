"""What each role may do. Pure: one table, which the pages, the stream and the tests read.

What must hold: a watcher looks, and never at a silent alert; a technician mends things and sounds nothing real; an
officer acts; a chief does all of it, says who the others are, and therefore shows a second factor.
"""

from __future__ import annotations

from typing import Literal

Role = Literal["watch", "officer", "chief", "technician"]
Right = Literal["look", "silent", "act", "devices", "codebook", "people", "export"]

RIGHTS: dict[Role, frozenset[Right]] = {
    "watch": frozenset({"look"}),
    "officer": frozenset({"look", "silent", "act", "export"}),
    "technician": frozenset({"look", "devices", "codebook"}),
    "chief": frozenset({"look", "silent", "act", "devices", "codebook", "people", "export"}),
}
NAMES: dict[Role, str] = {
    "watch": "Người theo dõi",
    "officer": "Cán bộ trực ban",
    "chief": "Chỉ huy",
    "technician": "Kỹ thuật viên",
}
"""For people; `locale/en` translates them."""


def may(role: str, right: Right) -> bool:
    """Whether somebody of that role may."""
    return right in RIGHTS.get(role, frozenset())  # type: ignore[call-overload]  # an unknown role may nothing


def needs_factor(role: str) -> bool:
    """Whether a password alone is not enough: for whoever may let others in."""
    return may(role, "people")
