"""Long answers in pages: each fits one message of 8 KiB, with its head.

What must hold: every item is on exactly one page while nothing changes; a page beyond the last is empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wire.codec import MAX_BYTES, encode

PAGE_BYTES = MAX_BYTES - 1_024  # room for id, page numbers and the names of the sections
Item = Any  # whatever JSON holds


def page_of(sections: Mapping[str, Sequence[Item]], page: int) -> dict[str, Any]:
    """One page of several lists: {section: items…, page, pages}; the sections follow each other."""
    pages: list[dict[str, list[Item]]] = [{}]
    used = 0
    for name, items in sections.items():
        for item in items:
            size = len(encode(item)) + 1
            if used and used + size > PAGE_BYTES:
                pages.append({})
                used = 0
            pages[-1].setdefault(name, []).append(item)
            used += size
    found = pages[page] if page < len(pages) else {}
    return {**{name: found.get(name, []) for name in sections}, "page": page, "pages": len(pages)}
