"""Which incidents an officer means: by id, by the beginning or the end of an id, or all.

What must hold: a part that fits two of those in question is refused, never guessed.
"""

from __future__ import annotations

from collections.abc import Collection

from broker.core.turn import said

ALL = "all"
MIN_CHARS = 4  # fewer are a slip of the finger
MAX_SHOWN = 3  # full ids in a sentence of 300 characters


class Unclear(Exception):
    """No incident, or more than one; the sentence says what to do."""


def meant(target: str, likely: Collection[str], known: Collection[str]) -> str:
    """The id; `likely` ones (those that can still be acted on) go before all `known`. Unclear."""
    if target in known:
        return target
    text = target.strip().lower().removeprefix("…")
    if len(text) >= MIN_CHARS:
        for ids in (likely, known):
            found = [id_ for id_ in ids if id_.lower().startswith(text) or id_.lower().endswith(text)]
            if len(found) == 1:
                return found[0]
            if found:
                shown = ", ".join(found[:MAX_SHOWN])
                raise Unclear(said(f"{target} chưa rõ, hãy ghi đủ mã: {shown}", "ambiguous; give the whole id"))
    raise Unclear(said(f"Không có sự vụ {target}, hãy xem: keng incidents", "no such incident; see keng incidents"))
