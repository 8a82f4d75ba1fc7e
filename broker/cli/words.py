"""The field's words as an officer reads them: Vietnamese, and English beside it. Pure.

What must hold: every word that a message can bear has its pair here (a test goes through the types).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from broker.cli.terminal import Both, Lang

KINDS: Mapping[str, Both] = {
    "security": ("an ninh", "security"),
    "theft": ("trộm cướp", "theft"),
    "fire": ("cháy", "fire"),
    "disaster": ("thiên tai", "disaster"),
    "medical": ("cấp cứu", "medical"),
    "test": ("thử", "test"),
}
INCIDENT_STATES: Mapping[str, Both] = {
    "open": ("chưa ai nhận", "open"),
    "acknowledged": ("đã có người nhận", "acknowledged"),
    "closed": ("đã xong", "closed"),
    "false_alarm": ("báo nhầm", "false alarm"),
}
ANSWERS: Mapping[str, Both] = {
    "received": ("xã đã ghi nhận", "received"),
    "acknowledged": ("đã có người nhận", "acknowledged"),
    "closed": ("đã xong", "closed"),
    "false_alarm": ("báo nhầm", "false alarm"),
}
TROUBLES: Mapping[str, Both] = {
    "node_silent": ("kẻng im, không liên lạc được", "node silent"),
    "clock_unsure": ("đồng hồ không chắc", "clock unsure"),
    "speaker": ("loa hỏng", "speaker"),
    "panel": ("nút hoặc đèn hỏng", "panel"),
    "disk": ("đĩa hỏng hoặc đầy", "disk"),
    "refused": ("có tin bị từ chối", "refused messages"),
    "chime_missed": ("lỡ giờ kẻng", "chime missed"),
    "still_sounding": ("vẫn kêu sau khi tắt", "still sounding"),
    "not_sounding": ("có lệnh mà không kêu", "does not sound"),
    "foreign_service": ("có dịch vụ lạ ra lệnh", "foreign service"),
    "register": ("sổ không ghi được", "register"),
    "clock_jump": ("đồng hồ nhảy", "clock jumped"),
    "unsigned": ("nhận lệnh không ký", "unsigned orders obeyed"),
    "node_fault": ("hộp kẻng có lỗi khác", "another fault of the node"),
    "broker": ("MQTT đứng, không chuyển tin", "broker hangs"),
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
EVERYWHERE: Both = ("cả xã", "everywhere")
DRILL: Both = ("diễn tập", "drill")
SILENT: Both = ("báo ngầm", "silent")
FULL_ID = 36  # of a UUID
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
"""All of Vietnam's. Not the machine's own: a Pi out of its box is set to London, and 22:00 must read 22:00."""
SHORT_ID = 8  # the last characters of a UUIDv7 are random; the first are the time, alike for a whole minute


def word(table: Mapping[str, Both], key: object, lang: Lang) -> str:
    """The pair's right half; a key that nobody knows is shown as it is."""
    pair = table.get(str(key))
    return str(key) if pair is None else pair[lang == "en"]


def short(id_: str) -> str:
    """The end of an incident's id, as long as a person wants to type, and `keng` takes it back; others stay whole."""
    return id_[-SHORT_ID:] if len(id_) == FULL_ID else id_


def places(hamlets: object, lang: Lang) -> str:
    """Where: the whole commune, or hamlets by id."""
    names = [str(name) for name in hamlets] if isinstance(hamlets, list | tuple) else []
    return EVERYWHERE[lang == "en"] if names == ["all"] else ", ".join(names)


def local_time(wall_ms: int | None, *, day: bool = True) -> str:
    """Wall time as a commune's clock shows it; a dash for none."""
    if wall_ms is None:
        return "–"
    try:
        moment = datetime.fromtimestamp(wall_ms / 1000, ZONE)
    except (OverflowError, ValueError):  # the last hours of the year 9999 are over the edge there
        return "–"
    return f"{moment:%d/%m %H:%M:%S}" if day else f"{moment:%H:%M:%S}.{wall_ms % 1000:03d}"
