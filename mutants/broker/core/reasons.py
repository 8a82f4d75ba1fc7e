"""Why something was refused, in Vietnamese, for whoever must act on it.

What must hold: every reason of the wire has its words here (a test goes through the type); a field is named as a person
calls it, beside its name in the message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

ASK: Mapping[str, str] = {
    "role": "Tài khoản này không được ra lệnh đó",
    "behalf": "Chỉ màn hình trực của xã mới được ra lệnh thay người khác, hãy bỏ mục behalf",
    "flood": "Quá nhiều lệnh, hãy chờ một phút",
    "field": "Lệnh thiếu hoặc ghi sai mục",
    "topic": "Không có lệnh này",
    "retained": "Lệnh gửi kiểu giữ lại (retain) không được làm, đã xóa; hãy gửi lại, không giữ",
    "oversized": "Lệnh dài quá 8 KiB",
    "encoding": "Lệnh không viết bằng UTF-8",
    "json": "Lệnh không phải JSON",
}
"""Of an ask; any other reason: OTHER."""
OTHER = "Lệnh ghi sai"

SHORT: Mapping[str, str] = {
    "topic": "sai chủ đề",
    "oversized": "dài quá",
    "encoding": "sai bảng mã",
    "json": "không phải JSON",
    "field": "thiếu hoặc sai mục",
    "retained": "tin giữ lại",
    "unsigned": "không ký",
    "signature": "sai chữ ký",
    "counter": "số lệnh cũ hoặc lạ",
    "stale": "quá hạn",
    "clock": "chưa rõ giờ",
    "stranger": "hộp lạ",
    "nonce": "trả lời không đúng lời chào",
    "role": "không có quyền",
    "behalf": "ra lệnh thay người khác",
    "codebook": "quy ước sai",
    "foreign": "lệnh của máy khác",
    "denied": "MQTT không cho gửi",
    "flood": "gửi quá nhiều",
}
"""Of any message, in a list."""

FIELDS: Mapping[str, str] = {
    "id": "mã lệnh",
    "kind": "loại việc",
    "hamlets": "nơi",
    "pattern": "bản kẻng",
    "drill": "diễn tập",
    "lease_s": "thời gian kêu",
    "text": "lời nhắn",
    "target": "mã vụ",
    "outcome": "kết quả",
    "note": "ghi chú",
    "page": "số trang",
    "open_only": "chỉ vụ chưa đóng",
    "before": "trước vụ",
    "behalf": "ra lệnh thay ai",
    "loud": "kêu thành tiếng",
    "node": "hộp kẻng",
    "until": "đến khi nào",
    "why": "lý do",
    "what": "việc gì",
    "about": "về ai, về gì",
    "detail": "chi tiết",
    "codebook": "quy ước",
}
_NAMED = re.compile(r"required field `(\w+)`|`\$\.(\w+)|^(\w+) must be")


def ask_refused(reason: str, detail: str) -> str:
    """What was wrong with an ask."""
    sentence = ASK.get(reason, OTHER)
    if reason != "field":
        return sentence
    found = _NAMED.search(detail)
    name = next(one for one in found.groups() if one) if found else ""
    if not name:
        return sentence.replace("mục", "một mục")
    return f"{sentence} {FIELDS[name]} ({name})" if name in FIELDS else f"{sentence} {name}"


def counted(reasons: Mapping[str, int]) -> str:
    """How often what was refused."""
    return ", ".join(f"{SHORT.get(word, word)} {times}" for word, times in sorted(reasons.items()))
