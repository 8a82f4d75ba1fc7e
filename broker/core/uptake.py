"""What a node has made of an offer, read off what it last said; and what a person is told of it, with what to do.

What must hold: who has said nothing of this offer has it if it runs that version or a newer one, else has not begun.
A node may say of itself what it likes: what is read here decides who is next, and never what is in a release.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from broker.core.nodefaults import NodeView
from broker.core.offer import Offer
from broker.core.turn import printable, said
from wire.release import newer

State = Literal["open", "waiting", "busy", "done", "failed", "rolled_back"]
Held = Literal["", "retired", "away", "slow"]
"""What keeps the first from proving it, so that somebody has to see to it."""
FORGED = ("signature", "hash", "key", "manifest")
"""What every other node would find as well."""

_ACTS: Mapping[str, tuple[str, str]] = {
    "unlinked": (
        "nếu lúc đó máy xã mất điện hay mất mạng thì đưa lại: keng update offer",
        "if the commune was off then, offer it again",
    ),
    "power": ("xem nguồn điện của hộp, rồi đưa lại: keng update offer", "see to its supply, offer it again"),
    "net": ("mở cổng 8445 ở máy xã; hộp tự thử lại", "open port 8445; it tries again"),
    "full": ("xóa bớt ở thẻ nhớ; hộp tự thử lại", "make room on its card; it tries again"),
    "key": ("chép release.pub vào /etc/keng của hộp, xem deploy/UPDATES.md", "put release.pub into its /etc/keng"),
    "signature": ("đừng dùng thư mục đó; chép lại từ nơi phát hành", "do not use that folder; copy it again"),
    "machine": ("bản đó không có phần cho máy này", "it is not for that machine"),
}
_ACTS_ELSE = {
    "failed": ("hộp tự thử lại", "it tries again"),
    "rolled_back": ("gửi dòng này cho nơi phát hành", "send this line to whoever releases"),
}
_ACTS_ELSE_FORGED = _ACTS["signature"]
_HELD: Mapping[Held, tuple[str, str]] = {
    "retired": ("đã thôi dùng", "is retired"),
    "away": ("mất liên lạc", "is away"),
    "slow": ("chưa chạy tốt bản đó", "has not proved it"),
}


def state_of(view: NodeView, offer: Offer) -> State:
    """How far it is."""
    update = None if view.status is None else view.status.update
    if update is not None and update.offer == offer.id:
        match update.state:
            case "done" | "failed" | "rolled_back" | "waiting" as state:
                return state
            case _:
                return "busy"
    return "open" if newer(offer.release.version, view.version) else "done"


def has_it_by(view: NodeView, offer: Offer) -> bool:
    """Whether it says that it has it by this offer; who has it from a stick does not."""
    update = None if view.status is None else view.status.update
    return update is not None and (update.offer, update.state) == (offer.id, "done")


def breaks(view: NodeView, state: State) -> bool:
    """Whether it stops the offer for all."""
    return state == "rolled_back" or (state == "failed" and _word(view) in FORGED)


def trouble(view: NodeView, state: State, version: str) -> str | None:
    """What is said of one that could not have it; none: nothing is wrong."""
    if state not in ("failed", "rolled_back"):
        return None
    status = view.status
    why = "" if status is None or status.update is None else printable(status.update.why)
    word = _word(view)
    act_vi, act_en = _ACTS.get(word) or (_ACTS_ELSE_FORGED if word in FORGED else _ACTS_ELSE[state])
    if state == "failed" and word in ("unlinked", "power"):
        act_vi, act_en = _ACTS_ELSE["failed"]
    vi = "không chạy được, đã tự quay về bản cũ" if state == "rolled_back" else "chưa cài được"
    en = "rolled back" if state == "rolled_back" else "could not be installed"
    return said(
        f"Bản {version} ở hộp kẻng {view.id} {vi}: {why}. Việc cần làm: {act_vi}",
        f"version {version} at node {view.id} {en}; {act_en}",
    )


def held_trouble(held: Held, first: str, version: str) -> str:
    """What is said while the first keeps all others from it."""
    vi, en = _HELD[held]
    return said(
        f"Bản {version} chưa tới các hộp khác: hộp thử trước {first} {vi}. Việc cần làm: xem hộp đó; "
        "hoặc chọn hộp khác: keng update offer THƯ-MỤC --first HỘP, hoặc thôi: keng update stop",
        f"version {version} waits for its first node: {first} {en}; see to it, or offer it with another --first",
    )


def _word(view: NodeView) -> str:
    """Why, without what follows it."""
    update = None if view.status is None else view.status.update
    return "" if update is None else update.why.partition(":")[0]
