"""What is wrong with a node, read off what it last said: a pure table of questions.

What must hold: `unknown` is no fault, since another program may not say; a node that is gone has that one fault alone.
"""

from __future__ import annotations

from msgspec import Struct

from broker.core.records import TroubleKind
from broker.core.turn import said
from wire.messages import Status
from wire.reports import MAX_EVERY_S

LATE_MS = 1_000  # a status may come so late; the will of a node that froze comes 7 to 13 s after its last word
SILENT_MS = MAX_EVERY_S * 1_000 + LATE_MS  # of a node that does not say how often it speaks
UNSURE_MS = 5_000  # a node that has just started asks for the time first
STRAGGLING_MS = 2_000  # the bar: stopped everywhere within 2 s
FINE = frozenset({"ok", "unknown", ""})
LEFT_ON = "left_on:"  # in a status' `panel`, before the name of a drill switch
NODE_KINDS: tuple[TroubleKind, ...] = (
    "node_silent",
    "clock_unsure",
    "speaker",
    "microphone",
    "panel",
    "disk",
    "supply",
    "unsigned",
    "still_sounding",
    "not_sounding",
    "node_fault",
)
"""Kinds that are raised and mended here."""
OTHER: dict[str, tuple[str, str]] = {
    "key": ("không đọc được khóa ký", "its key cannot be read"),
    "journal": ("nhật ký bị mất dòng, thẻ nhớ có thể sắp hỏng", "its journal lost lines, the card may be failing"),
    "patterns": ("không tạo được âm thanh kẻng", "its patterns cannot be rendered"),
    "codebook": ("không lưu được quy ước", "its code book cannot be stored"),
    "rtc": (
        "đồng hồ pin (RTC) chạy sai, hãy thay pin",
        "its clock with a battery (RTC) is wrong, replace the battery",
    ),
}
"""What a status' `faults` name; one of a newer node is told as it is."""
SUPPLY: dict[str, tuple[str, str]] = {
    "low": ("điện áp thấp, hãy thay bộ nguồn hoặc dây nguồn", "under-voltage; replace power supply or cable"),
    "hot": ("quá nóng nên chạy chậm lại, hãy che nắng, thông gió cho hộp", "too hot; give the box shade and air"),
    "mains_lost": ("mất điện lưới, đang chạy bằng ắc quy", "the mains are off, it runs on battery"),
    "battery_low": ("ắc quy sắp hết, hãy cấp điện lại hoặc thay ắc quy", "its battery is low; feed or replace it"),
    "unread": ("không đọc được ắc quy của bộ lưu điện", "the battery of its supply cannot be read"),
}
"""What a status' `supply` says; a newer node's word is told as it is."""


class NodeView(Struct, frozen=True, kw_only=True):
    """A node as the commune sees it now."""

    id: str
    """Slug."""
    hamlet: str = ""
    """Slug; empty while nobody has said."""
    version: str = ""
    """Of its software."""
    online: bool | None = None
    """Whether its last status or will said so; none: nothing was ever heard."""
    heard_ms: int | None = None
    """Monotonic time of the last word from it that was not kept by the broker."""
    status: Status | None = None
    """The last, while it was online."""
    chimed_ms: int | None = None
    """Monotonic time of its last proof of a chime, sounded to its end."""
    unsure_since_ms: int | None = None
    """Monotonic time since when its clock is unsure."""
    booked: bool = False
    """Whether the code book names it."""


def silent_ms(node: NodeView) -> int:
    """After how long without a word from it it is missed: what it says of itself, or the longest that is allowed."""
    every_s = None if node.status is None else node.status.every_s
    return SILENT_MS if every_s is None else every_s * 1_000 + LATE_MS


def faults(
    node: NodeView, now_ms: int, linked_ms: int, *, keys: bool, stopped_ms: int | None, owes: bool = False
) -> dict[TroubleKind, str]:
    """What is wrong now.

    `linked_ms`: since when we can hear; `stopped_ms`: how long ago what it sounds was silenced, if it was; `owes`:
    whether it should sound and does not.
    """
    if node.online is False:
        return {"node_silent": said(f"Mất liên lạc với hộp kẻng {node.id}", f"node {node.id} is gone")}
    heard_ms = linked_ms if node.heard_ms is None else max(linked_ms, node.heard_ms)
    if now_ms - heard_ms >= silent_ms(node):
        why = said(f"Hộp kẻng {node.id} im lặng", f"node {node.id} has been silent for {silent_ms(node) // 1000} s")
        return {"node_silent": why}
    if node.status is None:
        return {}
    found = _told(node, node.status, now_ms, keys=keys, stopped_ms=stopped_ms)
    if owes:
        found["not_sounding"] = said(
            f"Kẻng {node.id} có lệnh mà không kêu, hãy gọi điện cho thôn", f"gong {node.id} should sound and does not"
        )
    return found


def _told(node: NodeView, status: Status, now_ms: int, *, keys: bool, stopped_ms: int | None) -> dict[TroubleKind, str]:
    found: dict[TroubleKind, str] = {}
    id_ = node.id
    if node.unsure_since_ms is not None and now_ms - node.unsure_since_ms >= UNSURE_MS:
        found["clock_unsure"] = said(f"Đồng hồ của hộp kẻng {id_} chưa chắc chắn", f"node {id_} does not know the time")
    if status.speaker not in FINE:
        found["speaker"] = said(f"Loa của hộp kẻng {id_} hỏng: {status.speaker}", f"speaker of node {id_}")
    elif _bare(status.microphone) == "unheard":
        vi = f"Kẻng {id_} có đánh mà micrô không nghe thấy, hãy kiểm tra tăng âm, dây loa và loa"
        found["speaker"] = said(vi, f"gong {id_} played unheard; check amplifier, cable and loudspeaker")
    if _bare(status.microphone) == "deaf":
        vi = f"Micrô của hộp kẻng {id_} không nghe thấy gì, hãy kiểm tra dây, micrô và âm lượng thu (alsamixer)"
        found["microphone"] = said(vi, f"microphone of node {id_} hears nothing; check it, its cable and its mixer")
    elif _bare(status.microphone) not in {*FINE, "unheard"}:
        vi = f"Micrô của hộp kẻng {id_} hỏng: {status.microphone}"
        found["microphone"] = said(vi, f"microphone of node {id_} cannot be used")
    if status.panel not in FINE:
        found["panel"] = _panel(id_, status.panel)
    if status.disk not in FINE:
        found["disk"] = said(f"Thẻ nhớ của hộp kẻng {id_} hỏng: {status.disk}", f"disk of node {id_}")
    if status.supply is not None and status.supply not in FINE:
        vi, en = SUPPLY.get(status.supply, (status.supply, status.supply))
        left_vi, left_en = _left(status)
        found["supply"] = said(f"Nguồn của hộp kẻng {id_}: {vi}{left_vi}", f"supply of node {id_}: {en}{left_en}")
    if status.faults:
        words = [OTHER.get(fault.partition(":")[0], (fault, fault)) for fault in status.faults]
        vi, en = "; ".join(word[0] for word in words), "; ".join(word[1] for word in words)
        found["node_fault"] = said(f"Hộp kẻng {id_}: {vi}", f"node {id_}: {en}")
    if keys and not status.orders_signed:
        found["unsigned"] = said(
            f"Hộp kẻng {id_} nhận cả lệnh không ký, hãy cài khóa của xã",
            f"node {id_} obeys unsigned orders; give it the key",
        )
    if stopped_ms is not None and stopped_ms >= STRAGGLING_MS:
        found["still_sounding"] = said(
            f"Kẻng {id_} vẫn còn kêu sau khi đã tắt", f"gong {id_} still sounds after all-clear"
        )
    return found


def _left(status: Status) -> tuple[str, str]:
    """What is left in its battery, if it has one."""
    if status.battery_pct is None:
        return "", ""
    vi, en = f" (còn {status.battery_pct} %", f" ({status.battery_pct} % left"
    if status.battery_h is not None:
        vi, en = f"{vi}, khoảng {status.battery_h:.0f} giờ", f"{en}, some {status.battery_h:.0f} h"
    return f"{vi})", f"{en})"


def _bare(word: str | None) -> str:
    """What is wrong, without the sentence behind it."""
    return (word or "").partition(":")[0]


def _panel(id_: str, panel: str) -> str:
    words = panel.split()
    broken = " ".join(word for word in words if not word.startswith(LEFT_ON))
    found = [(f"Nút bấm, đèn của hộp kẻng {id_} hỏng: {broken}", f"buttons or lamps of node {id_}")] if broken else []
    if any(word.startswith(LEFT_ON) for word in words):
        vi = f"Công tắc diễn tập của hộp kẻng {id_} chưa tắt, bấm thật cũng thành diễn tập"
        found.append((vi, f"drill switch of node {id_} was left on: each press is an exercise"))
    return said("; ".join(one[0] for one in found), "; ".join(one[1] for one in found))
