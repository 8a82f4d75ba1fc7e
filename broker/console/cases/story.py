"""An entry of the journal as a sentence, Vietnamese and English: what a case's timeline says. Pure.

What must hold: every kind of entry that can stand under an incident has its sentence, so that nothing that happened is
left out; a kind that nobody knows is shown by its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from broker.words import ENDED, KINDS, OUTCOMES, VERBS, Both

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a timeline."""

    seq: int
    """Of the journal: the only order there is."""
    at_ms: int
    """Commune time."""
    what: str
    """The entry's kind."""
    by: str | None
    """Node, officer, or none for the service itself."""
    text: Both
    """What happened."""


def lines(incident: Mapping[str, Any], entries: list[Mapping[str, Any]], names: Mapping[str, str]) -> list[Line]:
    """The timeline. `entries`: seq, what, by, at_ms, body, rows of the journal, in order; `names`: of hamlets."""
    told: list[Line] = []
    pressed = incident.get("pressed_at_ms")
    if pressed is not None and incident.get("node"):
        where = names.get(incident["node"], incident["node"])
        vi, en = f"Bấm nút ở {where}", f"Pressed at {where}"
        if incident.get("clock") != "synced":
            vi, en = f"{vi} (đồng hồ kẻng không chắc)", f"{en} (its clock unsure)"
        told.append(Line(0, pressed, "pressed", incident["node"], (vi, en)))
    for entry in entries:
        text = sentence(entry["what"], entry["by"], entry["body"] or {}, entry["rows"] or {}, names)
        if text is not None:
            told.append(Line(entry["seq"], when(entry), entry["what"], entry["by"], text))
    return told


def when(entry: Mapping[str, Any]) -> int:
    """Commune time; what the console tells of itself bears its own, for it is told a moment later."""
    at_ms: int = entry["at_ms"]
    if entry["what"] != "audited":
        return at_ms
    try:
        told = datetime.fromisoformat(str((entry["body"].get("detail") or {}).get("at")))
        return int(told.timestamp() * 1000)
    except (ValueError, OverflowError):
        return at_ms


def sentence(what: str, by: str | None, body: Body, rows: Body, names: Mapping[str, str]) -> Both | None:
    """What one entry says; none for what another entry says already."""
    incident, alarm = rows.get("incident") or {}, rows.get("alarm") or {}
    who = by or "?"
    match what:
        case "alert":
            return _alert(incident, names)
        case "insisted":
            count = incident.get("count", "?")
            return f"Bấm thêm, tất cả {count} lần", f"Pressed again, {count} times in all"
        case "cancelled":
            return "Thôn đã rút lại", "Taken back by the hamlet's cancel contact"
        case "opened":
            where = places(incident.get("hamlets"), names)
            text = f": {incident['text']}" if incident.get("text") else ""
            return f"{who} ra lệnh đánh kẻng ở {where[0]}{text}", f"{who} ordered the gongs of {where[1]}{text}"
        case "sounding" | "widened":
            where = places(alarm.get("hamlets"), names)
            if what == "widened":
                return f"{who} cho đánh thêm, nay kêu ở {where[0]}", f"{who} had more sound; now {where[1]}"
            return f"Kẻng kêu ở {where[0]}", f"Gongs sound in {where[1]}"
        case "cleared":
            return f"{who} ra lệnh tắt kẻng", f"{who} silenced the gongs"
        case "silenced":
            return "Hết thời gian, kẻng tự tắt", "Its time was over; the gongs fell silent"
        case "acknowledged":
            return f"{who} đã nhận", f"{who} took it"
        case "commented":
            return f"{who} ghi: {body.get('note', '')}", f"{who} noted: {body.get('note', '')}"
        case "closed":
            return _closed(who, incident)
        case "sounded":
            return _sounded(names.get(who, who), body)
        case "audited" if body.get("what") == "shown":
            return f"Hiện trên màn hình của {who}", f"Shown on {who}'s screen"
        case "asked":
            ask = rows.get("ask") or {}
            verb = VERBS.get(str(ask.get("verb")), (str(ask.get("verb")),) * 2)
            if ask.get("ok", True):
                return None
            vi, _, en = str(ask.get("why", "")).partition(" / ")
            return f"{who} xin {verb[0]}, bị từ chối: {vi}", f"{who} wanted {verb[1]}, refused: {en or vi}"
    return what, what


def places(hamlets: Any, names: Mapping[str, str]) -> Both:
    """Where, for a sentence."""
    listed = [str(one) for one in hamlets or ()]
    if listed == ["all"]:
        return "cả xã", "the whole commune"
    text = ", ".join(names.get(one, one) for one in listed) or "–"
    return text, text


def _alert(incident: Body, names: Mapping[str, str]) -> Both:
    kind = KINDS.get(str(incident.get("kind")), (str(incident.get("kind")),) * 2)
    where = names.get(str(incident.get("hamlet")), str(incident.get("hamlet")))
    vi = "báo ngầm" if incident.get("silent") else "báo động"
    en = "silent alert" if incident.get("silent") else "alert"
    drill: Both = (" (diễn tập)", " (drill)") if incident.get("drill") else ("", "")
    return (
        f"Xã nhận {vi} {kind[0]} từ {where}{drill[0]}",
        f"The commune received a {kind[1]} {en} from {where}{drill[1]}",
    )


def _closed(who: str, incident: Body) -> Both:
    outcome = OUTCOMES.get(str(incident.get("outcome")), (str(incident.get("outcome")),) * 2)
    note = f". {incident['note']}" if incident.get("note") else ""
    return f"{who} đóng: {outcome[0]}{note}", f"{who} closed it: {outcome[1]}{note}"


def _sounded(who: str, body: Body) -> Both:
    ended = ENDED.get(str(body.get("ended")), (str(body.get("ended")),) * 2)
    seconds = f"{int(body.get('duration_ms') or 0) / 1000:.1f}"
    strokes, heard = body.get("strokes", "?"), body.get("strokes_heard")
    vi = f"Kẻng {who} đã kêu {seconds} giây, {strokes} tiếng"
    en = f"Gong {who} sounded {seconds} s, {strokes} strokes"
    if heard is not None:
        vi, en = f"{vi}, micrô nghe {heard}", f"{en}, {heard} heard"
    return f"{vi.replace('.', ',', 1)} ({ended[0]})", f"{en} ({ended[1]})"
