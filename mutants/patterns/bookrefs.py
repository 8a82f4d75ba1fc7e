"""What a code book's parts name in one another: patterns and hamlets. Pure.

What must always hold: a name that leads nowhere is a fault that says what there is instead.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping

from patterns.builtin import builtins
from patterns.fields import Field
from patterns.score import Score

MAX_HAMLETS = 100
"""Twice the largest commune's; the message's 8 KiB bind sooner."""


def find_pattern(field: Field, patterns: Mapping[str, Score]) -> Score | None:
    """The pattern that a field names, the commune's own before the built-in ones; a fault if there is none."""
    name = field.text(80)
    if name is None:
        return None
    found = patterns.get(name) or builtins().get(name)
    if found is None:
        near = difflib.get_close_matches(name, [*patterns, *builtins()], 3)
        hint_vi, hint_en = (f" Có phải: {', '.join(near)}?", f" Is it: {', '.join(near)}?") if near else ("", "")
        field.fault(f"không có bản kẻng {name}.{hint_vi}", f"no pattern {name}.{hint_en}")
    return found


def read_hamlet_list(field: Field, hamlets: Collection[str] | None) -> tuple[str, ...]:
    """Slugs of hamlets, each once; None: any slug will do."""
    names: list[str] = []
    for item in field.items(MAX_HAMLETS):
        slug = item.slug()
        if slug is None:
            continue
        if hamlets is not None and slug not in hamlets:
            unknown_hamlet(item, slug, hamlets)
        elif slug in names:
            item.fault(f"{slug} viết hai lần.", f"{slug} is there twice.")
        else:
            names.append(slug)
    return tuple(names)


def unknown_hamlet(field: Field, slug: str, hamlets: Iterable[str]) -> None:
    """Note that there is no such hamlet."""
    known = ", ".join(hamlets) or "–"
    field.fault(f"không có thôn {slug}. Các thôn: {known}.", f"no hamlet {slug}. Hamlets: {known}.")
