"""Tells what goes over the wire in one line each, for people. Pure: arrivals in, sentences out.

What must hold: everything that matters is said once; what is only said again (the set every 10 s, a status without
change) is not. What cannot be understood is said to be so, with its reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from msgspec import Struct, structs

from broker.cli.terminal import Lang
from broker.cli.words import local_time, places, short, word
from broker.core.reasons import SHORT, counted
from broker.words import ANSWERS, CLOCKS, ENDED, KINDS, Both
from wire.asks import AskAlarm, AskChime, AskComment, AskMute, AskRetire, AskTarget, AskUnmute, AskWiden, Told
from wire.codec import decode, decode_alert, encode
from wire.envelope import Arrived
from wire.errors import Refused
from wire.messages import Alarms, Answer, Cancel, Chime, CodeBookOrder, Hello, Sounded, Status
from wire.topics import Place, Topics
from wire.words import check_tree

LANGS: tuple[Lang, Lang] = ("vi", "en")


class Narrator:
    """Remembers what was said last, so as not to repeat it."""

    def __init__(self, commune: str, lang: Lang) -> None:
        self._topics = Topics(commune)
        self._lang = lang
        self._statuses: dict[str, Status] = {}
        self._runs: dict[str, str | int | None] = {}
        self._set: tuple[Struct, ...] | None = None
        self._silents: set[tuple[str, bool]] = set()

    def line(self, arrived: Arrived) -> str | None:
        """What to say; none: nothing new."""
        try:
            place = self._topics.parse(arrived.topic)
            both = self._said(place, arrived.payload)
        except Refused as refused:
            both = (
                f"{arrived.topic}: không hiểu ({SHORT.get(refused.reason, refused.reason)})",
                f"{arrived.topic}: not understood ({refused.reason})",
            )
        return None if both is None else both[self._lang == "en"]

    def _said(self, place: Place, payload: bytes) -> Both | None:
        match place.way:
            case "self":
                return None
            case "up":
                return self._up(place.who, place.word, payload)
            case "down" if place.word == "answer":
                answer = decode(payload, Answer)
                by = f", {answer.by}" if answer.by else ""
                vi, en = (f"← {place.who}: {short(answer.id)} {word(ANSWERS, answer.state, lang)}" for lang in LANGS)
                return vi + by, en + by
            case "down" | "all":
                return self._order(place.word, payload)
            case "ask":
                return self._ask(place.who, place.word, payload)
            case "told":
                told = decode(payload, Told)
                if not told.id and isinstance(told.result, dict) and isinstance(told.result.get("silent"), dict):
                    return self._silent(told.result["silent"])
                if told.ok and not told.target and not told.why:
                    return None  # somebody looked
                end = f" {short(told.target)}" if told.target else ""
                return (
                    f"← {place.who}: {'được' if told.ok else 'KHÔNG'}{end} {told.why}".rstrip(),
                    f"← {place.who}: {'ok' if told.ok else 'NO'}{end} {told.why}".rstrip(),
                )

    def _up(self, node: str, said: str, payload: bytes) -> Both | None:
        match said:
            case "hello":
                hello = decode(payload, Hello)
                if self._runs.get(node) == hello.boot:
                    return None  # it asks for the time again
                self._runs[node] = hello.boot
                return (f"{node}: có mặt (bản {hello.version})", f"{node}: here (version {hello.version})")
            case "alert" | "silent":
                return self._alert(node, said == "silent", payload)
            case "sounded":
                return _sounded(node, decode(payload, Sounded))
        return self._status(node, decode(payload, Status))

    def _alert(self, node: str, silent: bool, payload: bytes) -> Both:
        alert = decode_alert(payload)
        if isinstance(alert, Cancel):
            return (
                f"{node}: RÚT LẠI báo động {short(alert.id)}",
                f"{node}: CANCELS alert {short(alert.id)}",
            )
        vi, en = (word(KINDS, alert.kind, lang) for lang in LANGS)
        where = "" if alert.hamlet == node else f", {alert.hamlet}"
        often = ("", "") if alert.count == 1 else (f", bấm {alert.count} lần", f", pressed {alert.count} times")
        drill = (" (diễn tập)", " (drill)") if alert.drill else ("", "")
        loud = ("BÁO NGẦM", "SILENT ALERT") if silent else ("BÁO ĐỘNG", "ALERT")
        tail = f"{where}, {short(alert.id)}"
        return (
            f"{node}: {loud[0]}{drill[0]}: {vi}{tail}{often[0]}",
            f"{node}: {loud[1]}{drill[1]}: {en}{tail}{often[1]}",
        )

    def _silent(self, what: dict[str, Any]) -> Both | None:
        """What the commune tells its officers alone."""
        id_ = str(what.get("id", ""))
        if (id_, bool(what.get("cancelled"))) in self._silents:
            return None  # told to several, of whom we hear more than one
        self._silents.add((id_, bool(what.get("cancelled"))))
        node, where = str(what.get("node", "?")), str(what.get("hamlet", "?"))
        if what.get("cancelled"):
            return f"{node}: RÚT LẠI báo ngầm {short(id_)}", f"{node}: CANCELS silent alert {short(id_)}"
        vi, en = (word(KINDS, what.get("kind"), lang) for lang in LANGS)
        drill = (" (diễn tập)", " (drill)") if what.get("drill") else ("", "")
        return (
            f"{node}: BÁO NGẦM{drill[0]}: {vi}, {where}, {short(id_)}",
            f"{node}: SILENT ALERT{drill[1]}: {en}, {where}, {short(id_)}",
        )

    def _status(self, node: str, status: Status) -> Both | None:
        before = self._statuses.get(node)
        self._statuses[node] = status
        if not status.online:
            known = before is not None and not before.online
            return None if known else (f"{node}: MẤT LIÊN LẠC", f"{node}: OFFLINE")
        news = [pair for pair in _news(before if before is not None and before.online else None, status) if pair]
        if not news:
            return None
        return (f"{node}: " + ", ".join(vi for vi, _ in news), f"{node}: " + ", ".join(en for _, en in news))

    def _order(self, said: str, payload: bytes) -> Both | None:
        match said:
            case "alarms":
                return self._alarms(decode(payload, Alarms))
            case "chime":
                chime = decode(payload, Chime)
                due = local_time(chime.due_at.ms)
                return (
                    f"xã: kẻng {chime.id} ({chime.pattern}) lúc {due}, {places(list(chime.hamlets), 'vi')}",
                    f"commune: chime {chime.id} ({chime.pattern}) at {due}, {places(list(chime.hamlets), 'en')}",
                )
            case "codebook":
                book = decode(payload, CodeBookOrder)
                return (f"xã: quy ước bản {book.version}", f"commune: code book version {book.version}")
        return None  # a welcome: each hello has one

    def _alarms(self, stated: Alarms) -> Both | None:
        # Leases shrink while an alarm goes on; that is no news.
        now = tuple(structs.replace(alarm, lease_s=1) for alarm in stated.alarms)
        if now == self._set:
            return None
        first, self._set = self._set is None, now
        if not now:
            return None if first else ("xã: TẤT CẢ IM, hết báo động", "commune: ALL CLEAR")
        listed: list[Both] = []
        for alarm in stated.alarms:
            drill = (" diễn tập", " drill") if alarm.drill else ("", "")
            vi, en = (f"{word(KINDS, alarm.kind, lang)} @ {places(list(alarm.hamlets), lang)}" for lang in LANGS)
            tail = f" [{alarm.pattern}] {short(alarm.id)}" + (f" “{alarm.text}”" if alarm.text else "")
            listed.append((vi + drill[0] + tail, en + drill[1] + tail))
        return (
            "xã: ĐÁNH KẺNG " + "; ".join(vi for vi, _ in listed),
            "commune: SOUND " + "; ".join(en for _, en in listed),
        )

    def _ask(self, user: str, said: str, payload: bytes) -> Both | None:
        match said:
            case "alarm":
                ask = decode(payload, AskAlarm)
                vi, en = (f"{word(KINDS, ask.kind, lang)} @ {places(list(ask.hamlets), lang)}" for lang in LANGS)
                return (f"→ {user} xin đánh kẻng: {vi}", f"→ {user} asks to sound: {en}")
            case "widen":
                more = decode(payload, AskWiden)
                vi, en = (f"{short(more.target)} @ {places(list(more.hamlets), lang)}" for lang in LANGS)
                return (f"→ {user} xin đánh thêm: {vi}", f"→ {user} asks to widen: {en}")
            case "comment":
                id_ = short(decode(payload, AskComment).target)  # not what is in it: it may be about a silent alert
                return (f"→ {user} ghi thêm vào {id_}", f"→ {user} comments on {id_}")
            case "mute":
                mute = decode(payload, AskMute)
                until = local_time(mute.until.ms)
                return (f"→ {user} tắt nhắc {mute.node} đến {until}", f"→ {user} mutes {mute.node} until {until}")
            case "unmute":
                node = decode(payload, AskUnmute).node
                return (f"→ {user} nhắc lại {node}", f"→ {user} unmutes {node}")
            case "retire":
                node = decode(payload, AskRetire).node
                return (f"→ {user} thu hồi {node}", f"→ {user} retires {node}")
            case "clear" | "acknowledge" | "close":
                target = decode(payload, AskTarget).target
                verbs = {"clear": "tắt", "acknowledge": "nhận", "close": "đóng"}
                return (f"→ {user} xin {verbs[said]}: {short(target)}", f"→ {user} asks to {said}: {short(target)}")
            case "chime":
                chime = decode(payload, AskChime)
                return (f"→ {user} xin đánh: {chime.pattern}", f"→ {user} asks for: {chime.pattern}")
        return None  # looking is no news


PARTS = (
    ("loa", "speaker", "speaker"), ("micrô", "microphone", "microphone"), ("nút", "panel", "panel"),
    ("đĩa", "disk", "disk"),
)  # fmt: skip
"""Of a box, as a status has them."""


def _sounded(node: str, done: Sounded) -> Both:
    ended = (word(ENDED, done.ended, "vi"), word(ENDED, done.ended, "en"))
    why = f" {short(done.why)}" if done.why else ""
    if not done.strokes:
        return (
            f"{node}: không đánh {done.pattern}: {ended[0]}{why}",
            f"{node}: did not sound {done.pattern}: {ended[1]}{why}",
        )
    first = ("", "")
    if done.first is True and done.strokes_heard != 0 and done.ended != "failed":
        first = (" – ĐÃ LÊN TIẾNG lần đầu", " – the first sounding of this box")
    length = f"{done.duration_ms / 1000:.1f}"
    late = (f", trễ {done.late_ms} ms", f", {done.late_ms} ms late") if done.late_ms else ("", "")
    ear = (
        ("", "")
        if done.strokes_heard is None
        else (f", micrô nghe {done.strokes_heard}", f", {done.strokes_heard} heard")
    )
    end = [late[tongue] + ear[tongue] + why + first[tongue] for tongue in (0, 1)]
    return (
        f"{node}: đã đánh {done.pattern}, {done.strokes} tiếng trong {length.replace('.', ',')} giây: "
        f"{ended[0]}{end[0]}",
        f"{node}: sounded {done.pattern}, {done.strokes} strokes in {length} s: {ended[1]}{end[1]}",
    )


def _news(before: Status | None, now: Status) -> Iterator[Both]:
    """What has changed; without a status before it, all that is not as it should be."""
    if before is None or before.clock != now.clock:
        vi, en = (word(CLOCKS, now.clock, lang) for lang in LANGS)
        yield (f"đồng hồ {vi}", f"clock {en}")
    for vi, en, name in PARTS:
        value = getattr(now, name)
        if value != ("ok" if before is None else getattr(before, name)) and value not in ("unknown", None):
            yield (f"{vi} {value}", f"{en} {value}")
    if now.sounding != (None if before is None else before.sounding):
        id_ = short(now.sounding or "")
        yield (f"ĐANG KÊU {id_}", f"SOUNDING {id_}") if now.sounding else ("im", "silent")
    if now.refused != ({} if before is None else before.refused):
        counts = ", ".join(f"{reason} {count}" for reason, count in sorted(now.refused.items()))
        yield (f"đã từ chối: {counted(now.refused)}", f"refused: {counts}")


def as_plain(arrived: Arrived, at_ms: int) -> dict[str, object]:
    """An arrival for a program: the payload as JSON where it is some that may be said, else as text."""
    text = arrived.payload.decode("utf-8", "replace")
    said: object = text
    try:
        said = json.loads(text)
        check_tree(said)
        encode(said)  # half a letter (\ud800) is read, and cannot be written
    except (ValueError, RecursionError):
        said = text
    return {"at_ms": at_ms, "topic": arrived.topic, "retained": arrived.retained, "payload": said, "sig": arrived.sig}
