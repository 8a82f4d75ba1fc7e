"""`keng audit verify`: whether the register is as it was written, by its own chain and by what the nodes witnessed."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from broker.cli import demos
from broker.cli.demos import Demo
from broker.cli.parser import Subparsers, terminal_of, verb
from broker.cli.terminal import DONE, REFUSED, CliError
from broker.register.audit import Seen, Verdict, Wrong, verify
from broker.register.store import FILE
from broker.settings import HOME, SETTINGS_FILE, load_settings
from broker.words import Both
from patterns.errors import KengError

MAX_BYTES = 64 * 1024 * 1024
"""Of a file of witnesses: what 200 nodes keep is 10 MB."""
DEMOS_COMMUNE = "commune"
"""Of a demo's folder, what is the commune's."""
SHOWN = 16
"""Digits of a hash that a person compares."""


class WitnessFileFault(CliError, ValueError):
    """A file of witnesses is none."""


def add(verbs: Subparsers) -> None:
    """Mount the verb."""
    group = verbs.add_parser("audit", help="kiểm sổ trực / whether the register is as it was written")
    below = group.add_subparsers(required=True, metavar="verify", dest="below")
    parser = verb(
        below,
        "verify",
        run_verify,
        "tìm dòng đầu tiên của sổ trực đã bị sửa, bị xóa hoặc bị chèn; mã 1 nếu có",
        "find the first line of the register that was altered, deleted or put in; exit 1 if there is one",
        connects=False,
    )
    parser.add_argument(
        "--home",
        type=Path,
        metavar="DIR",
        help=f"thư mục sổ, hoặc của bản chạy thử / the register's folder, or a demo's ({HOME})",
    )
    parser.add_argument(
        "--witness",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="chứng của một hộp (keng-node witness), nhiều lần được / what a node saw; repeatable",
    )


def run_verify(args: argparse.Namespace) -> int:
    """Walk it and say what came out."""
    seen = [one for file in args.witness for one in _read(file)]
    path = folder_of(args.home, demos.running) / FILE
    verdict = verify(path, seen)
    wrong = verdict.wrong
    result = {
        "ok": wrong is None,
        "register": str(path),
        "lines": verdict.lines,
        "head": {"seq": verdict.head[0], "hash": verdict.head[1].hex()},
        "witnesses": {"given": len(seen), "agreeing": verdict.agreeing},
        "wrong": None if wrong is None else {"how": wrong.how, "seq": wrong.seq, "after": wrong.after},
    }
    terminal_of(args).result(result, *(_whole(verdict, len(seen)) if wrong is None else _told(wrong)))
    return DONE if wrong is None else REFUSED


def _whole(verdict: Verdict, given: int) -> Both:
    seq, digest = verdict.head
    vi = f"Sổ trực nguyên vẹn: {verdict.lines} dòng, dòng cuối {seq}, mã {digest.hex()[:SHOWN]}."
    en = f"The register is whole: {verdict.lines} lines, the last {seq}, hash {digest.hex()[:SHOWN]}."
    if not given:
        more_vi = "Chưa so với hộp nào: ai viết lại cả sổ thì chỉ chứng của hộp mới cho thấy (--witness)."
        more_en = "Held against no node: a register that was rewritten as a whole shows by a witness alone (--witness)."
        return f"{vi} {more_vi}", f"{en} {more_en}"
    return f"{vi} {given} lần làm chứng đều khớp.", f"{en} All {given} witnesses agree."


def _told(wrong: Wrong) -> Both:
    match wrong.how:
        case "altered":
            return (
                f"SỔ TRỰC BỊ SỬA: dòng {wrong.seq} không còn như lúc ghi.",
                f"THE REGISTER WAS ALTERED: line {wrong.seq} is not as it was written.",
            )
        case "missing":
            return f"SỔ TRỰC BỊ XÓA: mất dòng {wrong.seq}.", f"THE REGISTER WAS ALTERED: line {wrong.seq} is gone."
        case "inserted":
            return (
                f"SỔ TRỰC BỊ CHÈN: dòng {wrong.seq} không do dịch vụ ghi.",
                f"THE REGISTER WAS ALTERED: line {wrong.seq} was not written by the service.",
            )
        case "replaced":
            return _replaced(wrong)
        case "unguarded":
            return (
                "Sổ trực khớp, nhưng khóa chống sửa (trigger) đã bị gỡ: có người đã mở sổ để sửa.",
                "The lines fit, but the triggers that keep them append-only are gone: somebody opened it to alter it.",
            )


def _replaced(wrong: Wrong) -> Both:
    assert wrong.seen is not None  # noqa: S101 - a witness says so
    node, theirs = wrong.seen.node, wrong.seen.hash[:SHOWN]
    ours_vi = "không có dòng này" if wrong.ours is None else wrong.ours[:SHOWN]
    ours_en = "no such line" if wrong.ours is None else wrong.ours[:SHOWN]
    return (
        f"SỔ TRỰC BỊ VIẾT LẠI: hộp {node} làm chứng dòng {wrong.seq} là {theirs}, sổ ghi {ours_vi}. "
        f"Dòng sai đầu tiên ở trong khoảng từ {wrong.after + 1} đến {wrong.seq}.",
        f"THE REGISTER WAS REWRITTEN: node {node} saw {theirs} at line {wrong.seq}, the register has {ours_en}. "
        f"The first wrong line is one of {wrong.after + 1} to {wrong.seq}.",
    )


def folder_of(
    asked: Path | None, running: Callable[[], Sequence[Demo]], settings: Path = SETTINGS_FILE, usual: Path = HOME
) -> Path:
    """The register's folder: asked for, else as commune.yaml says, else of the demo that runs here."""
    home = asked or _installed(settings, usual)
    if asked is None and not settings.exists() and not (usual / FILE).exists():
        home = next((Path(demo.home) for demo in running()), usual)
    # A demo's folder, as its screen names it: the register is one below.
    below = home / DEMOS_COMMUNE
    return below if (below / FILE).is_file() and not (home / FILE).exists() else home


def _installed(settings: Path, usual: Path) -> Path:
    try:
        return load_settings(settings).home if settings.is_file() else usual
    except (KengError, OSError):  # of a commune whose settings are not for whoever asks
        return usual


def _read(file: Path) -> Iterator[Seen]:
    """A line of JSON for each, as `keng-node witness` prints them. WitnessFileFault."""
    with file.open("rb") as opened:
        raw = opened.read(MAX_BYTES)
    for number, line in enumerate(raw.splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield msgspec.json.decode(line, type=Seen)
        except (msgspec.MsgspecError, ValueError) as error:
            raise WitnessFileFault(
                f"{file}, dòng {number}: không phải chứng của hộp. Tạo bằng: keng-node witness",
                f"{file}, line {number}: no witness of a node. Make it with: keng-node witness",
            ) from error
