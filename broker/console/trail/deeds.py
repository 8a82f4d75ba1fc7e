"""Which entries of the journal are deeds of people, and how each is said, Vietnamese and English. Pure.

What must hold: whatever an officer did has its sentence here, what was refused as well; no sentence shows a word that
only a program knows, unless nobody has told this file of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from broker.console.cases.story import sentence
from broker.words import NOBODY, OFFICER_ROLES, TROUBLES, Both

DEEDS = (
    "opened",
    "widened",
    "cleared",
    "acknowledged",
    "commented",
    "closed",
    "chime",
    "codebook",
    "muted",
    "unmuted",
    "retiring",
    "offered",
    "offer_over",
    "audited",
    "asked",
)
"""Kinds of entries in which a person acted; `chime`, `codebook`, `offer_over` where somebody ordered them."""
OF_A_CASE = frozenset({"opened", "widened", "cleared", "acknowledged", "commented", "closed"})
AT_CONSOLE: Mapping[str, Both] = {
    "signed_in": ("{who} đăng nhập từ máy {address}", "{who} signed in from {address}"),
    "signed_out": ("{who} đăng xuất ở máy {address}", "{who} signed out at {address}"),
    "refused": ("Máy {about}: đăng nhập sai, gõ tên {name}", "{about}: a sign-in was refused, by the name {name}"),
    "slowed": (
        "Máy {about}: đăng nhập sai nhiều lần, phải đợi; gõ tên {name}",
        "{about}: many wrong sign-ins, made to wait; by the name {name}",
    ),
    "code_refused": (
        "Nhập sai mã xác thực của tài khoản {about}, từ máy {address}",
        "A wrong code for the account {about}, from {address}",
    ),
    "recovery_used": (
        "{who} đăng nhập bằng mã dự phòng, còn {left} mã",
        "{who} signed in with a recovery code; {left} are left",
    ),
    "forbidden": (
        "{about} mở trang không được phép: {path}, từ máy {address}",
        "{about} tried a page that is not for them: {path}, from {address}",
    ),
    "password_changed": ("{who} đổi mật khẩu của mình", "{who} changed their password"),
    "pin_changed": ("{who} đổi mã PIN của mình", "{who} changed their PIN"),
    "factor_set": ("{who} bật xác thực hai lớp", "{who} set up a second factor"),
    "factor_removed": ("{who} gỡ xác thực hai lớp của {about}", "{who} removed the second factor of {about}"),
    "officer_made": ("{who} lập tài khoản {about}, vai trò {role}", "{who} made the account {about}, as {role}"),
    "role_changed": (
        "{who} đổi vai trò của {about}: {before} → {role}",
        "{who} changed the role of {about}: {before} → {role}",
    ),
    "switched_off": ("{who} tắt tài khoản {about}", "{who} switched the account {about} off"),
    "switched_on": ("{who} bật lại tài khoản {about}", "{who} switched the account {about} on again"),
    "password_given": ("{who} cấp mật khẩu dùng một lần cho {about}", "{who} gave {about} a password to be used once"),
    "sessions_ended": ("{who} kết thúc phiên làm việc của {about}", "{who} ended sessions of {about}"),
    "exported": ("{who} tải tệp báo cáo {about}", "{who} took the report {about} out as a file"),
    "shown": ("Vụ này hiện trên màn hình của {who}", "This case was shown on {who}'s screen"),
}
"""Deeds at the console itself; what a deed does not bear is a dash."""

Body = Mapping[str, Any]


class _Said(dict[str, str]):
    def __missing__(self, _: str) -> str:
        return "–"


def told(what: str, by: str | None, subject: str, body: Body, rows: Body, names: Mapping[str, str]) -> Both | None:
    """The sentence; none for what another entry says already. `names`: of hamlets."""
    who = by or "–"
    gong = f"{names[subject]} ({subject})" if subject in names else subject
    match what:
        case "chime":
            name, _, day = subject.partition("/")
            return f"{who} cho đánh hiệu lệnh {name} ({day})", f"{who} had the chime {name} sounded ({day})"
        case "codebook":
            return f"{who} áp dụng bộ quy ước bản {subject}", f"{who} put version {subject} of the code book into use"
        case "muted" | "unmuted":
            mute = rows.get("mute") or {}
            vi, en = TROUBLES.get(str(mute.get("kind")), ("mọi trục trặc", "every trouble"))
            if what == "unmuted":
                return f"{who} thôi tạm im {gong}: {vi}", f"{who} unmuted {gong}: {en}"
            why = mute.get("why", "")
            return f"{who} tạm im {gong}: {vi}. Lý do: {why}", f"{who} muted {gong}: {en}. Why: {why}"
        case "retiring":
            why = body.get("why", "")
            return f"{who} thu hồi kẻng {gong}. Lý do: {why}", f"{who} retired the gong {gong}. Why: {why}"
        case "offered" | "offer_over":
            version = (body.get("release") or {}).get("version", "–")
            if what == "offered":
                return f"{who} đưa bản {version} tới các kẻng", f"{who} offered version {version} to the gongs"
            return f"{who} thôi đưa bản {version} tới các kẻng", f"{who} stopped offering version {version}"
        case "audited":
            return _at_console(by, subject, body)
    return sentence(what, by, body, rows, names)


def case_of(what: str, subject: str, body: Body) -> str:
    """The case that it is about, if it is about one."""
    shown = what == "audited" and body.get("what") == "shown"
    return subject if what in OF_A_CASE or shown else ""


def _at_console(by: str | None, about: str, body: Body) -> Both:
    deed, detail = str(body.get("what")), {str(key): str(value) for key, value in (body.get("detail") or {}).items()}
    pair = AT_CONSOLE.get(deed)
    if pair is None:
        more = "".join(f", {key}: {value}" for key, value in detail.items() if key != "at")
        return (f"{by or NOBODY[0]} · {deed}: {about}{more}", f"{by or NOBODY[1]} · {deed}: {about}{more}")
    vi, en = (pair[tongue].format_map(_Said(_fields(by, about, detail, tongue))) for tongue in (0, 1))
    return vi, en


def _fields(by: str | None, about: str, detail: Mapping[str, str], tongue: int) -> dict[str, str]:
    roles = {key: OFFICER_ROLES[word][tongue] for key, word in detail.items() if word in OFFICER_ROLES}
    return {**detail, **roles, "who": by or NOBODY[tongue], "about": about}
