"""`keng release`: sign, check a release of the program. `keng update`: offer it to the nodes, see how far it is, stop.

What must hold: nothing is offered that this machine has not checked as the nodes will.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from broker.cli.asking import Commune, new_id
from broker.cli.pages import merged
from broker.cli.parser import Subparsers, port_number, terminal_of, verb
from broker.cli.reach import reach_of
from broker.cli.terminal import DONE, CliError, UsageFault
from broker.cli.words import local_time
from broker.outlet import PORT, Outlet, tls
from broker.release import OUTLET, OWN, check, lay_out, release_keys, sign
from wire.asks import AskUpdate
from wire.release import Release
from wire.words import Instant, is_slug

AGAINST = {
    "": ("", ""),
    "clock": ("chờ: đồng hồ máy xã chưa chắc", "waits: the commune's clock is in doubt"),
    "hours": ("chờ: từ 20:30 đến 23:00 không cập nhật", "waits: not from 20:30 to 23:00"),
    "alarm": ("chờ: đang có vụ việc hoặc kẻng đang kêu", "waits: a case is open or something sounds"),
}
HELD = {
    "": ("", ""),
    "retired": (
        "hộp thử trước đã thôi dùng: đưa lại với --first hộp khác",
        "its first node is retired: offer it with another --first",
    ),
    "away": (
        "hộp thử trước mất liên lạc: xem hộp đó, hoặc đưa lại với --first hộp khác",
        "its first node is away: see to it, or offer it with another --first",
    ),
    "slow": (
        "hộp thử trước chưa chạy tốt bản này sau hai ngày: xem hộp đó, hoặc đưa lại với --first hộp khác",
        "its first node has not proved it in two days: see to it, or offer it with another --first",
    ),
}
STATES = {
    "offered": ("đang đưa tới các hộp", "on its way to the nodes"),
    "stopped": ("đã dừng", "stopped"),
    "broken": ("đã dừng vì một hộp phải quay về bản cũ", "stopped: a node rolled back"),
}


class OutletFault(CliError, OSError):
    """The outlet cannot serve."""


def add(verbs: Subparsers) -> None:
    """Mount the verbs and what is below them."""
    group = verbs.add_parser("release", help="ký, kiểm tra một bản phát hành / sign or check a release of the program")
    below = group.add_subparsers(required=True, metavar="sign|verify", dest="below")
    new = verb(below, "sign", run_sign, "ký một thư mục keng-bundle", "sign a folder keng-bundle", connects=False)
    new.add_argument("--key", type=Path, required=True, metavar="FILE", help="khóa phát hành / keng keys new FILE")
    old = verb(below, "verify", run_verify, "kiểm tra chữ ký và từng tệp", "check it and each file", connects=False)
    for parser in (new, old):
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="keng-bundle")
    _keys_option(old)
    group = verbs.add_parser("update", help="cập nhật các hộp kẻng / update the nodes")
    below = group.add_subparsers(required=True, metavar="offer|status|stop|serve", dest="below")
    offer = verb(below, "offer", run_offer, "đưa một bản tới các hộp: một hộp trước", "offer it: one node first")
    offer.add_argument("folder", type=Path, metavar="FOLDER", help="keng-bundle, đã ký / signed")
    offer.add_argument("--first", metavar="NODE", help="hộp thử trước / the node that tries it first")
    _keys_option(offer)
    verb(below, "status", run_status, "bản nào, hộp nào xong, hộp nào chờ gì", "which, who has it, who waits for what")
    verb(below, "stop", run_stop, "thôi, không đưa nữa", "offer it no more")
    vi, en = "giao tệp cho các hộp (systemd chạy)", "give nodes the files"
    serve = verb(below, "serve", run_serve, vi, en, connects=False)
    for name in ("--certificate", "--key"):
        serve.add_argument(name, type=Path, required=True, metavar="FILE", help="PEM")
    serve.add_argument("--address", default="0.0.0.0", metavar="ADDRESS")  # noqa: S104 - nodes are on other machines
    for parser in (offer, serve):
        parser.add_argument("--outlet-port", type=port_number, default=PORT, metavar="N", help=f"({PORT})")
        parser.add_argument("--outlet", type=Path, default=OUTLET, metavar="DIR", help=f"({OUTLET})")


def _keys_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--keys", type=Path, metavar="FILE", help=f"khóa công khai / public release keys ({OWN})")


def run_sign(args: argparse.Namespace) -> int:
    """Vouch for it."""
    manifest = sign(args.folder, args.key)
    version, count = manifest.version, len(manifest.files)
    terminal_of(args).result(
        {"ok": True, "version": version, "files": count, "targets": sorted(manifest.targets)},
        f"Đã ký bản {version}: {count} tệp, cho {', '.join(sorted(manifest.targets))}.",
        f"Signed version {version}: {count} files, for {', '.join(sorted(manifest.targets))}.",
    )
    return DONE


def run_verify(args: argparse.Namespace) -> int:
    """As the nodes will."""
    manifest, digest = check(args.folder, release_keys(args.keys))
    terminal_of(args).result(
        {"ok": True, "version": manifest.version, "manifest": digest, "targets": sorted(manifest.targets)},
        f"Bản {manifest.version} nguyên vẹn, chữ ký phát hành đúng.",
        f"Version {manifest.version} is whole, and a release key vouches for it.",
    )
    return DONE


def run_offer(args: argparse.Namespace) -> int:
    """Check it, lay it out, ask the commune."""
    if args.first is not None and not is_slug(args.first):
        raise UsageFault(f"{args.first}: không phải mã hộp kẻng.", f"{args.first}: not a node's id.")
    manifest, digest = check(args.folder, release_keys(args.keys))
    lay_out(args.folder, manifest, args.outlet)
    release = Release(version=manifest.version, manifest=digest, port=args.outlet_port)
    with Commune(reach_of(args)) as commune:
        told = commune.ask("update", AskUpdate(id=new_id(), release=release, first=args.first))
    first = told.target
    terminal_of(args).result(
        {"ok": True, "version": manifest.version, "first": first},
        f"Bản {manifest.version}: hộp {first} thử trước. Khi hộp đó đánh xong một giờ kẻng (hoặc chạy tốt một "
        "ngày) thì tới các hộp khác. Xem: keng update status",
        f"Version {manifest.version}: node {first} tries it first. Once that has sounded a chime (or was well for a "
        "day) the others follow. See: keng update status",
    )
    return DONE


def run_stop(args: argparse.Namespace) -> int:
    """Offer it no more."""
    with Commune(reach_of(args)) as commune:
        told = commune.ask("update", AskUpdate(id=new_id()))
    terminal_of(args).result(
        {"ok": True, "version": told.target},
        f"Đã dừng bản {told.target}. Hộp nào đã có thì giữ nguyên.",
        f"Stopped version {told.target}. Nodes that have it keep it.",
    )
    return DONE


def run_status(args: argparse.Namespace) -> int:
    """How far it is."""
    with Commune(reach_of(args)) as commune:
        answer = merged(commune, "status")
    terminal, update = terminal_of(args), answer.get("update")
    nodes = [
        {name: node.get(name) for name in ("node", "version", "update") if node.get(name) is not None}
        for node in answer.get("nodes", [])
    ]
    vi, en = _summed(update)
    terminal.result({"ok": True, "update": update, "nodes": nodes}, vi, en)
    if not terminal.json:
        columns = (("hộp", "node"), ("bản đang chạy", "runs"), ("cập nhật", "update"))
        rows = [(node.get("node", ""), node.get("version", "?"), node.get("update", "")) for node in nodes]
        terminal.table(("Các hộp kẻng", "Nodes"), columns, rows)
    return DONE


def _summed(update: dict[str, Any] | None) -> tuple[str, str]:
    if update is None:
        return "Chưa có bản cập nhật nào được đưa tới các hộp.", "No update was ever offered."
    state, none = STATES[update["state"]], ("", "")
    against, held = AGAINST.get(update["against"], none), HELD.get(update.get("held", ""), none)
    at = local_time(Instant.parse(update["at"]).ms) if "at" in update else ""
    vi, en = ("; ".join(filter(None, words)) for words in zip(state, against, held, strict=True))
    broken = f" ({update['broken']})" if update["broken"] else ""
    version, done, all_, first = (update[name] for name in ("version", "done", "of", "first"))
    return (
        f"Bản {version}, {at}: {vi}{broken}. {done}/{all_} hộp đã có. Thử trước: {first}.",
        f"Version {version}, {at}: {en}{broken}. {done} of {all_} have it. First: {first}.",
    )


def run_serve(args: argparse.Namespace) -> int:
    """Until SIGTERM."""
    port = args.outlet_port
    try:
        outlet = Outlet((args.address, port), tls(args.certificate, args.key), args.outlet)
    except OSError as error:
        raise OutletFault(
            f"Không giao tệp cập nhật được ({error}). Hãy xem chứng chỉ (sudo keng certificate) và cổng {port}.",
            f"The outlet cannot serve ({error}). See the certificate (sudo keng certificate) and port {port}.",
        ) from error
    for sign_ in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign_, lambda *_: threading.Thread(target=outlet.shutdown).start())
    sys.stderr.write(f"{args.outlet} : {args.outlet_port}\n")
    outlet.serve_forever()
    outlet.server_close()
    return DONE
