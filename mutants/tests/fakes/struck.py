"""Built-in patterns as clips, rendered once a process, for tests that listen. NumPy."""

from __future__ import annotations

from functools import cache

from patterns.builtin import builtins
from patterns.clip import Clip
from patterns.render import render, stroke_of
from patterns.voice import DEFAULT_VOICE, Bar


@cache
def struck(name: str, voice: Bar = DEFAULT_VOICE) -> Clip:
    """The pattern, on that bar."""
    return render(builtins()[name], stroke_of(voice)).clip(name)
