"""What `keng codebook check` says of a code book that is right: how much it holds, how long it is on the wire, and what
may not be meant. Pure.

Does not know: how it is shown (cli.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from patterns.book import CodeBook

Both = tuple[str, str]
"""Vietnamese, English."""


def summary(where: object, book: CodeBook, ask_bytes: int, message_bytes: int) -> Both:
    """One line."""
    counted = (len(book.hamlets), len(book.nodes), len(book.chimes), len(book.patterns))
    vi, en = (
        "{}: đúng. {}, bản {}: {} thôn, {} hộp, {} giờ kẻng, {} bản kẻng riêng; ",
        "{}: right. {}, version {}: {} hamlets, {} nodes, {} chimes, {} patterns of its own; ",
    )
    head = (where, book.name, book.version, *counted)
    return (
        vi.format(*head) + f"gửi cho xã {ask_bytes} byte, cho các hộp {message_bytes} byte.",
        en.format(*head) + f"{ask_bytes} bytes to the commune, {message_bytes} to the nodes.",
    )


def warnings(book: CodeBook) -> list[Both]:
    """What is right, and may not be meant."""
    if not book.nodes or book.posts():
        return []
    return [
        (
            "Chú ý: chưa hộp nào post: true, nên báo ngầm không kêu ở đâu cả (chỉ cán bộ mở keng watch mới thấy).",
            "Note: no node has post: true, so a silent alert sounds nowhere (only officers at keng watch see it).",
        )
    ]


def chime_lines(book: CodeBook) -> Iterator[str]:
    """Each chime: when, what, where."""
    for chime in book.chimes:
        days = chime.to_plain()["days"]
        when = f"{chime.at:%H:%M} {' '.join(map(str, days)) if isinstance(days, list) else 'daily'}"
        yield f"{chime.name}: {when}, {chime.pattern} → {', '.join(chime.hamlets)}"
