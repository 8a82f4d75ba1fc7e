"""What the doctor says of one thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    state: Literal["ok", "warn", "fail"]
    """fail: the node cannot do its work like this."""
    vi: str
    """What, where, what to do."""
    en: str
    """The same in English."""
    code: int = 0
    """What the link lamp counts out for it, in wire/blinks.py; 0: nothing."""
