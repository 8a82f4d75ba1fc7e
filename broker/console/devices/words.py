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
    "away": ("mất liên lạc", "no contact"),
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
UPDATES: Mapping[str, Both] = {
    "waiting": ("đang chờ", "waiting"),
    "fetching": ("đang tải", "fetching"),
    "installing": ("đang cài", "installing"),
    "ready": ("đã cài, sắp chạy thử", "installed, to be tried"),
    "trying": ("đang chạy thử", "being tried"),
    "done": ("đã chạy bản này", "runs it"),
    "rolled_back": ("không chạy tốt, đã tự về bản cũ", "did not do, the old one runs"),
    "failed": ("chưa cài được", "could not be installed"),
}
"""Of wire.reports.Updating, `state`."""
REASONS: Mapping[str, Both] = {
    "hours": ("đợi qua giờ kẻng tối", "not in the evening"),
    "clock": ("đồng hồ chưa chắc", "clock in doubt"),
    "alarm": ("đang có vụ việc hoặc báo động", "a case is open, or an alarm sounds"),
    "chime": ("sắp đến giờ kẻng", "a chime is due soon"),
    "link": ("không nghe thấy xã", "the commune is not heard"),
    "net": ("không tải được, sẽ thử lại", "cannot be fetched, tries again"),
    "full": ("thẻ nhớ đầy", "card full"),
    "disk": ("thẻ nhớ không ghi được", "card cannot be written"),
    "hash": ("tệp bị hỏng", "damaged"),
    "signature": ("chữ ký không đúng", "wrong signature"),
    "key": ("không có khóa phát hành", "no release key"),
    "manifest": ("bản kê tệp sai", "wrong manifest"),
    "machine": ("không có bản cho máy này", "not made for this machine"),
    "older": ("không mới hơn bản đang chạy", "not newer"),
    "doctor": ("tự kiểm tra không đạt", "failed its own check"),
    "crash": ("chương trình bị dừng", "crashed"),
    "unlinked": ("không nối được với xã", "found no link"),
    "unwell": ("có bộ phận không tốt", "something was not well"),
    "power": ("mất điện giữa chừng", "power cut"),
}
"""Of the same, `why`, without what follows a colon."""
