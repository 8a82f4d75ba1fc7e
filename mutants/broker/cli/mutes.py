"""A node's troubles that raise nobody for a while: `keng mute`, `keng unmute`. What is muted is still shown."""

from __future__ import annotations

import argparse
import re
from datetime import datetime

from broker.cli.asking import Commune, new_id
from broker.cli.parser import Subparsers, terminal_of, verb
from broker.cli.reach import reach_of
from broker.cli.terminal import DONE, UsageFault
from broker.cli.words import ZONE, local_time, word
from broker.core.mutes import MAX_MUTE_MS, MUTABLE
from broker.words import TROUBLES
from wire.asks import AskMute, AskPage, AskUnmute
from wire.words import Instant, is_slug

MAX_WHY = 300  # of the wire
UNITS_MS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000}
_SPAN = re.compile(r"(\d{1,5})([mhd])")


def add(verbs: Subparsers) -> None:
    """Mount the verbs."""
    mute = verb(
        verbs, "mute", run_mute, "tạm tắt nhắc lỗi của một hộp kẻng (báo động vẫn kêu)", "mute a node's troubles"
    )
    mute.add_argument("node", metavar="NODE", help="hộp kẻng / which node")
    mute.add_argument(
        "--kind", choices=MUTABLE, help="chỉ loại lỗi này / this kind alone; không ghi: tất cả / none: all"
    )
    until = mute.add_mutually_exclusive_group(required=True)
    until.add_argument("--for", dest="span", metavar="T", help="bao lâu: 30m, 8h, 3d (nhiều nhất 30d) / how long")
    until.add_argument("--until", metavar="T", help='đến lúc nào, giờ Việt Nam: "2026-11-30 08:00" / until')
    mute.add_argument("--why", required=True, metavar="W", help="lý do / the reason")
    unmute = verb(verbs, "unmute", run_unmute, "nhắc lỗi của hộp kẻng trở lại", "raise people by its troubles again")
    unmute.add_argument("node", metavar="NODE", help="hộp kẻng / which node")
    unmute.add_argument(
        "--kind", choices=MUTABLE, help="chỉ loại lỗi này / this kind alone; không ghi: tất cả / none: all"
    )


def run_mute(args: argparse.Namespace) -> int:
    """Mute."""
    node, why = _node(args.node), args.why.strip()
    span_ms = None if args.span is None else _span_ms(args.span)
    until = None if args.until is None else _moment(args.until)
    if not 1 <= len(why) <= MAX_WHY:
        raise UsageFault(f"--why: từ 1 đến {MAX_WHY} ký tự.", f"--why: 1 to {MAX_WHY} characters.")
    with Commune(reach_of(args)) as commune:
        # By the commune's clock, which ends it: this machine's may be wrong.
        until = until or Instant(_now_ms(commune) + (span_ms or 0))
        told = commune.ask("mute", AskMute(id=new_id(), node=node, kind=args.kind, until=until, why=why))
    when = local_time(until.ms)
    what_vi, what_en = _kind(args.kind)
    terminal_of(args).result(
        {"ok": told.ok, "node": node, "kind": args.kind, "until": str(until)},
        f"Tắt nhắc {what_vi} của {node} đến {when}. Lỗi vẫn được ghi và hiện ở: keng status",
        f"Muted until {when}: {what_en} of {node}. It is still written down and shown by: keng status",
    )
    return DONE


def run_unmute(args: argparse.Namespace) -> int:
    """End it."""
    node = _node(args.node)
    with Commune(reach_of(args)) as commune:
        told = commune.ask("unmute", AskUnmute(id=new_id(), node=node, kind=args.kind))
    what_vi, what_en = _kind(args.kind)
    terminal_of(args).result(
        {"ok": told.ok, "node": node, "kind": args.kind},
        f"Nhắc trở lại {what_vi} của {node}.",
        f"No longer muted: {what_en} of {node}.",
    )
    return DONE


def _kind(kind: str | None) -> tuple[str, str]:
    if kind is None:
        return "mọi lỗi", "every trouble"
    return f"lỗi “{word(TROUBLES, kind, 'vi')}”", f"“{word(TROUBLES, kind, 'en')}”"


def _node(name: str) -> str:
    if not is_slug(name):
        raise UsageFault(f"{name}: không phải mã hộp kẻng.", f"{name}: not a node's id.")
    return name


def _now_ms(commune: Commune) -> int:
    told = commune.ask("status", AskPage(id=new_id()))
    return Instant.parse(str(told.result["at"])).ms


def _span_ms(text: str) -> int:
    found = _SPAN.fullmatch(text.strip())
    ms = int(found[1]) * UNITS_MS[found[2]] if found else 0
    if not 0 < ms <= MAX_MUTE_MS:
        raise UsageFault(
            f"--for {text}: ghi như 30m, 8h hoặc 3d, nhiều nhất 30d.", f"--for {text}: as 30m, 8h or 3d, at most 30d."
        )
    return ms


def _moment(text: str) -> Instant:
    """A moment of Vietnam's clocks, or one that says its zone."""
    try:
        at = datetime.fromisoformat(text.strip())
        return Instant(round((at if at.tzinfo else at.replace(tzinfo=ZONE)).timestamp() * 1000))
    except (ValueError, OverflowError) as error:
        raise UsageFault(
            f'--until {text}: ghi ngày giờ như "2026-11-30 08:00".',
            f'--until {text}: a moment such as "2026-11-30 08:00".',
        ) from error
