"""The field's words in pairs, Vietnamese and English: what the command line and the console both read. Pure.

What must hold: every word that a message can bear has its pair here (a test goes through the types).
"""

from __future__ import annotations

from collections.abc import Mapping

Both = tuple[str, str]
"""Vietnamese, English."""

KINDS: Mapping[str, Both] = {
    "security": ("an ninh", "security"),
    "theft": ("trộm cướp", "theft"),
    "fire": ("cháy", "fire"),
    "disaster": ("thiên tai", "disaster"),
    "medical": ("cấp cứu", "medical"),
    "test": ("thử", "test"),
}
INCIDENT_STATES: Mapping[str, Both] = {
    "open": ("chưa ai nhận", "not yet taken"),
    "acknowledged": ("đã có người nhận", "taken"),
    "closed": ("đã xong", "closed"),
    "false_alarm": ("báo nhầm", "false alarm"),
}
ANSWERS: Mapping[str, Both] = {
    "received": ("xã đã ghi nhận", "received"),
    "acknowledged": ("đã có người nhận", "acknowledged"),
    "closed": ("đã xong", "closed"),
    "false_alarm": ("báo nhầm", "false alarm"),
}
OUTCOMES: Mapping[str, Both] = {
    "trộm cắp tài sản": ("trộm cắp tài sản", "theft"),
    "cướp giật tài sản": ("cướp giật tài sản", "robbery"),
    "cố ý gây thương tích": ("cố ý gây thương tích", "assault"),
    "gây rối trật tự công cộng": ("gây rối trật tự công cộng", "public disorder"),
    "ma túy": ("ma túy", "drugs"),
    "đánh bạc": ("đánh bạc", "gambling"),
    "đốt pháo trái phép": ("đốt pháo trái phép", "unlawful fireworks"),
    "mâu thuẫn": ("mâu thuẫn", "quarrel"),
    "cháy": ("cháy", "fire"),
    "thiên tai": ("thiên tai", "disaster"),
    "cứu nạn": ("cứu nạn", "rescue"),
    "báo nhầm": ("báo nhầm", "false alarm"),
}
"""How an incident ended, in the words of the half-year report."""
TROUBLES: Mapping[str, Both] = {
    "node_silent": ("kẻng im, không liên lạc được", "gong silent, no contact"),
    "clock_unsure": ("đồng hồ không chắc", "clock unsure"),
    "speaker": ("loa hỏng", "speaker faulty"),
    "microphone": ("micrô hỏng", "microphone faulty"),
    "panel": ("nút hoặc đèn hỏng", "button or lamp faulty"),
    "disk": ("đĩa hỏng hoặc đầy", "card faulty or full"),
    "supply": ("nguồn điện có vấn đề", "power supply at fault"),
    "refused": ("có tin bị từ chối", "refused messages"),
    "chime_missed": ("lỡ giờ kẻng", "chime missed"),
    "still_sounding": ("vẫn kêu sau khi tắt", "still sounding"),
    "not_sounding": ("có lệnh mà không kêu", "ordered to sound, and does not"),
    "foreign_service": ("có dịch vụ lạ ra lệnh", "another service gives orders"),
    "register": ("sổ không ghi được", "register cannot be written"),
    "clock_jump": ("đồng hồ nhảy", "clock jumped"),
    "unsigned": ("nhận lệnh không ký", "unsigned orders obeyed"),
    "node_fault": ("hộp kẻng có lỗi khác", "another fault of the node"),
    "broker": ("MQTT đứng, không chuyển tin", "broker hangs"),
    "altered": ("sổ trực bị sửa", "register altered"),
    "backup": ("chưa sao lưu được", "no backup"),
    "update": ("bản cập nhật không cài được", "update failed"),
    "retiring": ("đang thu hồi kẻng", "being retired"),
}
ENDED: Mapping[str, Both] = {
    "finished": ("đánh xong", "finished"),
    "all_clear": ("được tắt", "all-clear"),
    "pre_empted": ("nhường tiếng gấp hơn", "pre-empted"),
    "lease_over": ("hết thời gian", "lease over"),
    "failed": ("không đánh được", "failed"),
}
CLOCKS: Mapping[str, Both] = {"synced": ("đúng", "synced"), "unsure": ("không chắc", "unsure")}
LINKS: Mapping[str, Both] = {
    "True": ("có", "online"),
    "False": ("MẤT", "OFFLINE"),
    "None": ("chưa rõ", "not known yet"),
}
"""Of a node, by what the commune says: a service that has just started has not heard it yet."""
CHIME_STATES: Mapping[str, Both] = {
    "sounded": ("có kêu", "sounded"),
    "missed": ("KHÔNG KÊU", "DID NOT SOUND"),
    "awaited": ("đang chờ", "awaited"),
}
ALERT_LAMPS: Mapping[str, Both] = {
    "dark": ("tắt", "dark"),
    "sending": ("nháy nhanh: đang gửi", "blinks fast: sending"),
    "received": ("sáng dần: xã đã ghi", "pulses: received"),
    "acknowledged": ("sáng: có người nhận", "steady: acknowledged"),
}
LINK_LAMPS: Mapping[str, Both] = {
    "steady": ("sáng: nghe được xã", "steady: commune heard"),
    "unheard": ("nháy chậm: không nghe xã", "blinks slowly: commune not heard"),
    "trouble": ("nháy nhanh: có lỗi", "blinks fast: trouble"),
}
VERBS: Mapping[str, Both] = {
    "alarm": ("đánh kẻng báo động", "an alarm"),
    "widen": ("cho kêu thêm thôn", "more hamlets to sound"),
    "clear": ("tắt kẻng", "silence"),
    "acknowledge": ("nhận vụ", "to take a case"),
    "comment": ("ghi chú vào vụ", "a remark to be written down"),
    "close": ("đóng vụ", "to close a case"),
    "chime": ("đánh hiệu lệnh", "a chime"),
    "mute": ("tạm im trục trặc", "a mute"),
    "unmute": ("thôi tạm im", "a mute to end"),
    "retire": ("thu hồi kẻng", "a gong to be retired"),
    "audit": ("ghi việc ở trang trực ban", "a deed at the desk to be written down"),
    "incidents": ("xem các vụ", "the incidents"),
    "status": ("xem tình trạng", "the status"),
    "codebook": ("áp dụng bộ quy ước", "a code book to be used"),
    "update": ("cập nhật chương trình các kẻng", "an update of the gongs"),
}
"""What an ask asks for: after `xin`, `wanted`."""
OFFICER_ROLES: Mapping[str, Both] = {
    "watch": ("người theo dõi", "watcher"),
    "officer": ("cán bộ trực ban", "duty officer"),
    "chief": ("chỉ huy", "chief"),
    "technician": ("kỹ thuật viên", "technician"),
}
NOBODY: Both = ("chưa rõ ai", "nobody known")
EVERYWHERE: Both = ("cả xã", "everywhere")
DRILL: Both = ("diễn tập", "drill")
SILENT: Both = ("báo ngầm", "silent")
MUTED: Both = ("đã tắt nhắc", "muted")
EVERY_TROUBLE: Both = ("mọi lỗi", "every trouble")
