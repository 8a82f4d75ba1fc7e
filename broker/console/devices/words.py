"""The words of a gong's states and parts, in pairs. Pure.

What must hold: every state of lamp.Lamp has its own, and every word that a status of ours bears.
"""

from __future__ import annotations

from collections.abc import Mapping

from broker.console.devices.lamp import Lamp
from broker.words import Both

LAMPS: Mapping[Lamp, Both] = {
    "pressed": ("báo động, chưa ai nhận", "alarm, nobody has taken it"),
    "sounding": ("đang kêu", "sounding"),
    "taken": ("báo động, đã có người nhận", "alarm, taken"),
    "away": ("mất liên lạc", "not heard"),
    "trouble": ("trục trặc", "trouble"),
    "well": ("tốt", "well"),
    "unknown": ("chưa rõ", "not known yet"),
}
CONDITIONS: Mapping[str, Both] = {
    "ok": ("tốt", "well"),
    "busy": ("bận", "busy"),
    "gone": ("mất", "gone"),
    "io": ("hỏng", "faulty"),
    "deaf": ("điếc", "deaf"),
    "unheard": ("không nghe thấy kẻng", "does not hear the gong"),
    "low": ("điện yếu", "low"),
    "hot": ("quá nóng", "too hot"),
    "mains_lost": ("mất điện lưới, chạy ắc quy", "mains off, on battery"),
    "battery_low": ("ắc quy sắp hết", "battery low"),
    "unread": ("không đọc được ắc quy", "battery cannot be read"),
    "full": ("đầy", "full"),
    "read_only": ("chỉ đọc", "read-only"),
    "failed": ("hỏng", "failed"),
    "unknown": ("chưa rõ", "not known"),
    "synced": ("đúng giờ", "in step"),
    "unsure": ("không chắc", "unsure"),
}
"""Of speaker, microphone, supply, disk, panel, clock."""
