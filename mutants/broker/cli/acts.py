"""What an officer does: sound, widen, clear, acknowledge, comment, close, chime. Each is one ask."""

from __future__ import annotations

import argparse
from typing import Literal, get_args

from broker.cli.asking import Commune, new_id
from broker.cli.pages import incident_id
from broker.cli.parser import Parser, Subparsers, terminal_of, verb
from broker.cli.reach import reach_of
from broker.cli.terminal import DONE, UsageFault
from broker.cli.words import places, short, word
from broker.core.outcome import OUTCOMES, outcome_of
from broker.words import KINDS, Both
from wire.asks import AskAlarm, AskChime, AskComment, AskTarget, AskWiden, Told
from wire.words import EVERYWHERE, MAX_LEASE_S, Kind, is_slug

Target = Literal["clear", "acknowledge", "close"]

ID_HELP = "mã vụ, vài ký tự cuối là đủ / its last characters do"
MAX_TEXT, MAX_NOTE = 300, 2000  # of the wire (wire/asks.py)


def add(verbs: Subparsers) -> None:
    """Mount the verbs."""
    alarm = verb(verbs, "alarm", run_alarm, "đánh kẻng báo động", "sound the alarm")
    _add_where(alarm)
    alarm.add_argument("--kind", required=True, choices=get_args(Kind), help="việc gì / what it is about")
    alarm.add_argument("--drill", action="store_true", help="diễn tập / an exercise")
    alarm.add_argument("--pattern", metavar="P", help="bản kẻng khác / another pattern (keng patterns list)")
    alarm.add_argument("--text", metavar="T", help="một dòng cho người đọc / a line for people")
    alarm.add_argument("--lease", type=int, metavar="S", help=f"kêu bao nhiêu giây / seconds, 1…{MAX_LEASE_S}")
    widen = verb(
        verbs, "widen", run_widen, "cho thêm thôn đánh kẻng vì một vụ chưa đóng", "sound an incident elsewhere too"
    )
    widen.add_argument("target", metavar="ID", help=ID_HELP)
    _add_where(widen)
    widen.add_argument(
        "--loud", action="store_true", help="báo ngầm cũng đánh thành tiếng / even a silent alert, aloud"
    )
    clear = verb(verbs, "clear", run_target, "tắt kẻng (không đóng vụ)", "all-clear: silence, without closing")
    which = clear.add_mutually_exclusive_group(required=True)
    which.add_argument("target", nargs="?", metavar="ID", help=ID_HELP)
    which.add_argument("--all", action="store_true", help="mọi báo động / every alarm")
    for name, vi, en in (
        ("acknowledge", "nhận vụ: người bấm thấy đèn sáng hẳn", "take it: the presser's lamp turns steady"),
        ("close", "đóng vụ và ghi kết quả", "close it, and write down how it ended"),
    ):
        parser = verb(verbs, name, run_target, vi, en)
        parser.add_argument("target", metavar="ID", help=ID_HELP)
        if name == "close":
            outcomes = " | ".join(OUTCOMES)
            parser.add_argument(
                "--outcome", required=True, metavar="O", help=f"kết quả, không dấu cũng được: {outcomes}"
            )
            parser.add_argument("--note", metavar="N", help="ghi thêm / a note")
    comment = verb(verbs, "comment", run_comment, "ghi thêm một dòng vào vụ, đóng rồi cũng được", "write a remark down")
    comment.add_argument("target", metavar="ID", help=ID_HELP)
    comment.add_argument("note", metavar="NOTE", help="lời ghi / what to write down")
    chime = verb(verbs, "chime", run_chime, "đánh kẻng thường ngày, ngay bây giờ", "sound a chime now")
    chime.add_argument("name", metavar="NAME", help="giờ kẻng trong quy ước, hoặc bản kẻng / a chime or a pattern")
    chime.add_argument("--hamlet", action="append", metavar="H", help="chỉ ở thôn này / here only; repeatable")


def _add_where(parser: Parser) -> None:
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--hamlet", action="append", metavar="H", help="ở thôn này (nhiều lần được) / where; repeatable")
    where.add_argument("--all", action="store_true", help="cả xã / everywhere")


def run_alarm(args: argparse.Namespace) -> int:
    """Sound."""
    hamlets = EVERYWHERE if args.all else _hamlets(args.hamlet)
    if args.lease is not None and not 1 <= args.lease <= MAX_LEASE_S:
        raise UsageFault(
            f"--lease {args.lease}: từ 1 đến {MAX_LEASE_S} giây.", f"--lease {args.lease}: 1 to {MAX_LEASE_S} seconds."
        )
    message = AskAlarm(
        id=new_id(),
        kind=args.kind,
        hamlets=hamlets,
        pattern=_pattern(args.pattern),
        drill=args.drill,
        lease_s=args.lease,
        text=_within("--text", args.text, MAX_TEXT),
    )
    terminal = terminal_of(args)
    with Commune(reach_of(args)) as commune:
        told = commune.ask("alarm", message)
    what = tuple(word(KINDS, args.kind, lang) for lang in ("vi", "en"))
    drill = (" (diễn tập)", " (drill)") if args.drill else ("", "")
    terminal.result(
        _plain(told),
        f"Đang đánh kẻng: {what[0]}{drill[0]}, {places(list(hamlets), 'vi')}. Mã vụ {_short(told)}. "
        f"Tắt: keng clear {_short(told)}",
        f"Sounding: {what[1]}{drill[1]}, {places(list(hamlets), 'en')}. Id {_short(told)}. "
        f"Silence it: keng clear {_short(told)}",
    )
    return DONE


def run_widen(args: argparse.Namespace) -> int:
    """More hamlets."""
    hamlets = EVERYWHERE if args.all else _hamlets(args.hamlet)
    with Commune(reach_of(args)) as commune:
        target = incident_id(commune, args.target)
        told = commune.ask("widen", AskWiden(id=new_id(), target=target, hamlets=hamlets, loud=args.loud))
    vi = f"Kẻng vụ {_short(told)} kêu thêm ở: {places(list(hamlets), 'vi')}."
    en = f"Sounding {_short(told)} also in: {places(list(hamlets), 'en')}."
    terminal_of(args).result(_plain(told), *_added(told, vi, en))
    return DONE


def run_comment(args: argparse.Namespace) -> int:
    """A remark."""
    note = _within("NOTE", args.note.strip(), MAX_NOTE)
    if not note:
        raise UsageFault("NOTE: chưa ghi gì.", "NOTE: nothing to write down.")
    with Commune(reach_of(args)) as commune:
        target = incident_id(commune, args.target)
        told = commune.ask("comment", AskComment(id=new_id(), target=target, note=note))
    terminal_of(args).result(_plain(told), f"Đã ghi vào vụ {_short(told)}.", f"Written down: {_short(told)}.")
    return DONE


def run_target(args: argparse.Namespace) -> int:
    """Clear, acknowledge, close."""
    name: Target = args.verb
    outcome = _outcome(args.outcome) if name == "close" else None
    note = _within("--note", args.note, MAX_NOTE) if name == "close" else None
    with Commune(reach_of(args)) as commune:
        target = "all" if getattr(args, "all", False) else incident_id(commune, args.target)
        told = commune.ask(name, AskTarget(id=new_id(), target=target, outcome=outcome, note=note))
    terminal_of(args).result(_plain(told), *_added(told, *_done(name, target, outcome)))
    return DONE


def _added(told: Told, vi: str, en: str) -> Both:
    """What the commune adds is truer than what we suppose."""
    note_vi, _, note_en = told.why.partition(" / ")
    return (f"{note_vi}.", f"{note_en or note_vi}.") if told.why else (vi, en)


def _done(name: Target, target: str, outcome: str | None) -> Both:
    one, all_ = short(target), target == "all"
    match name:
        case "clear":
            return (
                f"Đã tắt {'tất cả kẻng' if all_ else 'kẻng của vụ ' + one}. Vụ việc vẫn mở, đóng bằng: keng close",
                f"Silenced: {'all' if all_ else one}. Still open; see: keng close",
            )
        case "acknowledge":
            return f"Đã nhận {'tất cả các vụ' if all_ else 'vụ ' + one}.", f"Taken: {'all' if all_ else one}."
        case "close":
            return (
                f"Đã đóng {'tất cả các vụ' if all_ else 'vụ ' + one}: {outcome}.",
                f"Closed: {'all' if all_ else one}: {outcome}.",
            )


def run_chime(args: argparse.Namespace) -> int:
    """Chime now."""
    hamlets = None if args.hamlet is None else _hamlets(args.hamlet)
    message = AskChime(id=new_id(), pattern=_pattern(args.name) or "", hamlets=hamlets)
    with Commune(reach_of(args)) as commune:
        told = commune.ask("chime", message)
    terminal_of(args).result(_plain(told), f"Đã cho đánh: {args.name}.", f"Ordered: {args.name}.")
    return DONE


def _hamlets(names: list[str]) -> tuple[str, ...]:
    hamlets = tuple(dict.fromkeys(part for name in names for part in name.split(",") if part))
    for hamlet in hamlets:
        if not is_slug(hamlet):
            raise UsageFault(
                f"--hamlet {hamlet}: mã thôn chỉ gồm a-z, 0-9 và gạch giữa. Cả xã thì dùng --all.",
                f"--hamlet {hamlet}: a hamlet's id is made of a-z, 0-9 and dashes. For everywhere use --all.",
            )
    if not hamlets:
        raise UsageFault("--hamlet: thiếu mã thôn.", "--hamlet: an id is needed.")
    return hamlets


def _pattern(name: str | None) -> str | None:
    if name is not None and not (
        1 <= len(name) <= 65 and all(c in "abcdefghijklmnopqrstuvwxyz0123456789-/" for c in name)
    ):
        raise UsageFault(
            f"{name}: tên bản kẻng chỉ gồm a-z, 0-9, gạch giữa và /. Xem: keng patterns list",
            f"{name}: a pattern's name is made of a-z, 0-9, dashes and /. See: keng patterns list",
        )
    return name


def _within(option: str, text: str | None, most: int) -> str | None:
    if text is not None and len(text) > most:
        raise UsageFault(
            f"{option}: dài {len(text)} ký tự, nhiều nhất {most}.", f"{option}: {len(text)} characters, at most {most}."
        )
    return text


def _outcome(text: str) -> str:
    outcome = outcome_of(text)
    if outcome is None:
        listed = ", ".join(OUTCOMES)
        raise UsageFault(
            f"--outcome {text}: không có trong báo cáo. Hãy chọn: {listed}.",
            f"--outcome {text}: not a word of the report. Choose: {listed}.",
        )
    return outcome


def _plain(told: Told) -> dict[str, object]:
    return {"ok": told.ok, "target": told.target, "why": told.why, "result": told.result}


def _short(told: Told) -> str:
    return short(told.target or "?")
