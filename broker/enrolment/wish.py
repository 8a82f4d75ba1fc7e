"""Whom to enrol, and whether they may be: every reason against it, before anything is made. Pure.

What must hold: `refused` says the same of a wish alone and of the same wish among forty; each reason names the field it
is about, so that a table can point at its cell.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from broker.enrolment.bootfiles import Wifi
from broker.enrolment.boxes import DRAWN, NO_CARD, Button, ButtonFault, check_buttons
from broker.errors import BrokerError
from patterns.codebook import CodeBook
from wire.words import is_slug

Layout = Literal["plain", "readonly"]
LAYOUTS: tuple[Layout, ...] = ("plain", "readonly")


class EnrolFault(BrokerError, ValueError):
    """This node cannot be enrolled or retired as asked."""

    def __init__(self, vi: str, en: str, field: str = "node") -> None:
        super().__init__(vi, en)
        self.field = field
        """Which part of the wish."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom to enrol."""

    node: str
    """Slug."""
    hamlet: str | None = None
    """Slug; None: as the code book has it."""
    hamlet_name: str | None = None
    """Name of a hamlet that is not in the code book yet."""
    post: bool = False
    """Whether it stands at the commune's post."""
    buttons: tuple[Button, ...] = DRAWN
    """What is wired."""
    device: str = NO_CARD
    """ALSA's name of the sound card."""
    microphone: str | None = None
    """ALSA's name of the microphone."""
    layout: Layout = "plain"
    """Of the card: written to as any, or read only but for a small part."""
    ssh_key: str | None = None
    """A public key that may log in on it."""
    wifi: Wifi | None = None
    """None: a cable."""
    place: str = ""
    """Where it hangs, for the sheet of paper."""


@dataclass(frozen=True, slots=True)
class Known:
    """What there is."""

    book: CodeBook
    """With the hamlets that come with this very sheet."""
    enrolled: Collection[str]
    """Who has a password."""
    users: Collection[str]
    """Persons' and services' names."""


def hamlet_of(wish: Wish, book: CodeBook) -> str | None:
    """The one asked for, or the code book's."""
    known = book.nodes.get(wish.node)
    return wish.hamlet or (known.hamlet if known is not None else None)


def refused(wish: Wish, known: Known, *, again: bool = False) -> EnrolFault | None:
    """The first reason why not. `again`: new keys for a node that is enrolled."""
    for check in (_slugs, _buttons, _name, _hamlet):
        fault = check(wish, known, again)
        if fault is not None:
            return fault
    return None


def _slugs(wish: Wish, _: Known, __: bool) -> EnrolFault | None:
    for slug, field in ((wish.node, "node"), (wish.hamlet, "hamlet")):
        if slug is not None and not is_slug(slug):
            return EnrolFault(
                f"“{slug}”: mã chỉ gồm a-z, 0-9 và dấu gạch giữa, dài 1 đến 32, không phải all. Ví dụ: thon-1",
                f'"{slug}": an id is a-z, 0-9 and dashes, 1 to 32 long, no dash at an end, not "all". Example: thon-1',
                field,
            )
    return None


def _buttons(wish: Wish, _: Known, __: bool) -> EnrolFault | None:
    try:
        check_buttons(wish.buttons)
    except ButtonFault as fault:
        return EnrolFault(fault.vi, fault.en, "kinds")
    return None


def _name(wish: Wish, known: Known, again: bool) -> EnrolFault | None:
    there = known.book.nodes.get(wish.node)
    enrolled = wish.node in known.enrolled or (there is not None and there.key is not None)
    if wish.node in known.users:
        return EnrolFault(
            f"“{wish.node}” là tên của một người dùng. Hãy chọn mã khác cho hộp.",
            f'"{wish.node}" is a user\'s name. Choose another id for the box.',
        )
    if enrolled and not again:
        return EnrolFault(
            f"Hộp {wish.node} đã được ghi danh. Muốn làm lại thẻ nhớ, với khóa và mật khẩu mới: thêm --again "
            "(thẻ cũ bị ngắt ngay). Muốn bỏ hẳn: "
            f"keng retire {wish.node}",
            f"Node {wish.node} is enrolled already. For a new card, with new keys: add --again "
            f"(the old card is cut off at once). To dismiss it: keng retire {wish.node}",
        )
    if again and not enrolled:
        return EnrolFault(
            f"Hộp {wish.node} chưa được ghi danh. Hãy bỏ --again.",
            f"Node {wish.node} is not enrolled. Leave --again out.",
        )
    return None


def _hamlet(wish: Wish, known: Known, _: bool) -> EnrolFault | None:
    book = known.book
    there, hamlet = book.nodes.get(wish.node), hamlet_of(wish, book)
    if hamlet is None:
        return EnrolFault(
            f"Hộp {wish.node} ở thôn nào? Hãy thêm --hamlet. Các thôn: {', '.join(book.hamlets)}",
            f"In which hamlet is {wish.node}? Add --hamlet. Hamlets: {', '.join(book.hamlets)}",
            "hamlet",
        )
    if there is not None and there.hamlet != hamlet:
        return EnrolFault(
            f"Quy ước ghi hộp {wish.node} ở thôn {there.hamlet}, không phải {hamlet}. Hãy sửa một trong hai.",
            f"The code book has {wish.node} in {there.hamlet}, not in {hamlet}. Correct one of them.",
            "hamlet",
        )
    if hamlet not in book.hamlets and wish.hamlet_name is None:
        return EnrolFault(
            f"Chưa có thôn {hamlet} trong quy ước. Các thôn: {', '.join(book.hamlets)}. "
            f'Nếu là thôn mới, hãy thêm: --hamlet-name "Tên thôn"',
            f"There is no hamlet {hamlet} in the code book. Hamlets: {', '.join(book.hamlets)}. "
            f'If it is a new one, add: --hamlet-name "Name"',
            "hamlet",
        )
    return None
