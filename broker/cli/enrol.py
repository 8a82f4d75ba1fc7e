"""`keng enrol NODE` (or `--sheet CSV`) and `keng retire NODE`: boxes come and go, on the commune's machine, as root.

What must hold: files first (broker/enrolment), then the code book is asked into use as any officer's would be; a
service that does not run is no reason to refuse, for it reads the same file when it starts.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from getpass import getpass
from pathlib import Path
from typing import Any, cast

from broker.cli.asking import Commune, new_id
from broker.cli.parser import Subparsers, terminal_of, verb
from broker.cli.reach import read_settings
from broker.cli.terminal import DONE, REFUSED, CliError, NoConnection, RefusedByCommune, UsageFault
from broker.enrolment.asked import taken
from broker.enrolment.bootfiles import HOST_PREFIX, ssh_key_of, wifi_of
from broker.enrolment.boxes import DRAWN, NO_CARD, buttons_of, card_of, read_button
from broker.enrolment.enrol import Done, ManyFaults, Wish, check, enrol, retire
from broker.enrolment.files import read
from broker.enrolment.sheet import read_sheet
from broker.enrolment.site import ETC, KENG, Site, read_site
from broker.enrolment.wish import LAYOUTS
from broker.errors import BrokerError
from patterns.codebook import load_codebook
from patterns.errors import KengError
from patterns.packed import carried
from patterns.yamlfile import read_yaml
from wire.asks import AskCodeBook
from wire.errors import LinkFault

ANSWER_S = 2.0
"""The service is on this machine, and answers in milliseconds."""
LOOK_S = 1.0
"""For a port on this machine."""
HOW_VI = (
    "Thẻ nhớ mới: keng card {first} Ổ-BOOTFS (hoặc chép tay, xem deploy/README.md phần 2). Pi đang chạy: chép {name} "
    "và keng-bundle sang, rồi ở đó: sudo bash keng-bundle/install.sh {name}\nNhãn và hình đấu dây để in: {paper}\n"
    "Thư mục có mật khẩu và khóa riêng: dùng xong thì xóa."
)
HOW_EN = (
    "A new SD card: keng card {first} BOOTFS-DRIVE (or by hand, deploy/README.md part 2). A Pi that runs: copy {name} "
    "and keng-bundle there, then: sudo bash keng-bundle/install.sh {name}\nLabels and wiring, to be printed: {paper}\n"
    "The folder holds a password and a private key: delete it afterwards."
)


class NotTaken(CliError, RuntimeError):
    """The files are written, but the running service or Mosquitto goes on as before."""


def add(verbs: Subparsers) -> None:
    """Mount the verbs."""
    vi, en = "ghi danh hộp kẻng, viết thư mục cho thẻ nhớ", "admit nodes, write a folder for each SD card"
    new = verb(verbs, "enrol", run_enrol, vi, en, connects=False)
    new.add_argument("node", metavar="NODE", nargs="?", help="mã hộp / its id: thon-1")
    new.add_argument(
        "--sheet", type=Path, metavar="CSV", help="nhiều hộp, từ một bảng / many, from a table (deploy/README.md)"
    )
    new.add_argument("--hamlet", metavar="ID", help="mã thôn / the hamlet's id")
    new.add_argument("--hamlet-name", metavar="NAME", help="tên thôn mới / name of a hamlet that is new")
    new.add_argument("--post", action="store_true", help="hộp ở trụ sở: báo ngầm kêu ở đây / at the commune's post")
    new.add_argument("--again", action="store_true", help="thẻ mới cho hộp đã có / new keys for a node that is in")
    new.add_argument("--kinds", metavar="LIST", help="loại của từng nút / the buttons' kinds: security,theft:silent")
    new.add_argument(
        "--button", action="append", default=[], metavar="NAME:PIN[:KIND][:silent][:SECONDS]",
        help="nút, ghi nhiều lần được; không ghi: theo hình đấu dây / buttons; none: as drawn",
    )  # fmt: skip
    new.add_argument(
        "--card",
        "--speaker",
        dest="card",
        default=NO_CARD,
        metavar="NAME",
        help="card âm thanh / sound card (aplay -L)",
    )
    new.add_argument("--microphone", metavar="NAME", help="micrô nghe kẻng / hears the gong (arecord -L)")
    new.add_argument(
        "--layout", choices=LAYOUTS, default="plain", help="thẻ thường, hay chỉ đọc / of the card: plain or read only"
    )
    new.add_argument("--wifi", metavar="SSID", help="mạng Wi-Fi, mật khẩu sẽ được hỏi / the password is asked for")
    new.add_argument(
        "--ssh-key", type=Path, metavar="FILE", help="khóa công khai được vào / a public key that may log in"
    )
    new.add_argument("--place", default="", metavar="TEXT", help="chỗ treo, in trên nhãn / where it hangs")
    new.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="thư mục chứa / where its folder goes (.)")
    vi, en = "bỏ hẳn một hộp kẻng: ngắt ngay, không vào lại được", "dismiss a node: cut off at once, for good"
    old = verb(verbs, "retire", run_retire, vi, en, connects=False)
    old.add_argument("node", metavar="NODE", nargs="?", help="mã hộp / its id")
    old.add_argument(
        "--asked",
        type=Path,
        metavar="DIR",
        help="những hộp trang trực ban nhờ thu hồi / those that the duty desk asks for",
    )
    for parser in (new, old):
        parser.add_argument("--etc", type=Path, default=ETC, metavar="DIR", help=f"({ETC})")


def run_enrol(args: argparse.Namespace) -> int:
    """Admit, write the folders and the sheet of paper, put the code book into use."""
    site = read_site(args.etc)
    base = _base(args)
    sheet = None if args.sheet is None else read_sheet(args.sheet, base)
    wishes = (base,) if sheet is None else sheet.wishes
    try:
        # Before the Wi-Fi's password is asked for: nobody types it in vain.
        check(site, wishes, args.out, again=args.again)
        if args.wifi is not None:
            wifi = wifi_of(args.wifi, _asked(args.wifi))
            wishes = tuple(dataclasses.replace(wish, wifi=wifi) for wish in wishes)
        done = enrol(site, wishes, args.out, again=args.again)
    except ManyFaults as many:
        raise many if sheet is None else sheet.told(many) from many
    named = wishes[0].node if sheet is None else sheet.file.stem
    paper = _paper(site, done, wishes, args.out / f"nhan-{named}.pdf")
    for folder in done.folders:
        _give_back(folder)
    pushed = _push(site, done)
    _check_told(site, done)
    vi, en = _state(done, pushed)
    first = done.folders[0]
    facts = {"folder": str(first), "folders": [str(folder) for folder in done.folders], "paper": str(paper)}
    whole = done.node if sheet is None else f"{len(wishes)} hộp ({done.node})"
    terminal_of(args).result(
        {"ok": True, "node": done.node, **facts, **_facts(done, pushed)},
        f"Đã ghi danh {whole}. {vi}\n{HOW_VI.format(first=first, name=first.name, paper=paper)}",
        f"Enrolled {done.node}. {en}\n{HOW_EN.format(first=first, name=first.name, paper=paper)}",
    )
    return DONE


def _base(args: argparse.Namespace) -> Wish:
    """What is asked for on the command line: one box, or what holds for all of a table."""
    if (args.node is None) == (args.sheet is None):
        raise UsageFault("Hãy ghi mã hộp, hoặc --sheet BẢNG.csv.", "Write a node's id, or --sheet TABLE.csv.")
    if args.kinds and args.button:
        raise UsageFault("Chỉ dùng --kinds hoặc --button.", "Use --kinds or --button, not both.")
    key = None if args.ssh_key is None else ssh_key_of(read(args.ssh_key), str(args.ssh_key))
    return Wish(
        node=args.node or "",
        hamlet=args.hamlet,
        hamlet_name=args.hamlet_name,
        post=args.post,
        buttons=buttons_of(args.kinds) if args.kinds else tuple(map(read_button, args.button)) or DRAWN,
        device=card_of(args.card),
        microphone=None if args.microphone is None else card_of(args.microphone),
        layout=args.layout,
        ssh_key=key,
        place=args.place,
    )


def _asked(ssid: str) -> str:
    """The Wi-Fi's password: of the terminal, or the first line of what is piped in; never of the command line."""
    if sys.stdin.isatty():
        return getpass(f"Mật khẩu Wi-Fi của “{ssid}” / Wi-Fi password: ")
    return sys.stdin.readline().rstrip("\r\n")


def _paper(site: Site, done: Done, wishes: Sequence[Wish], path: Path) -> Path | None:
    """The labels; a missing font must not keep a box from being enrolled."""
    # Only where it is wanted: half a second of imports.
    from broker.enrolment.labels import Label, labels

    book = load_codebook(site.codebook)
    boxes = [
        Label(
            wish.node,
            book.hamlets[book.nodes[wish.node].hamlet].name,
            book.name,
            book.commune,
            wish.place,
            HOST_PREFIX + wish.node,
            wish.buttons,
            wish.device,
            wish.microphone,
        )
        for wish in wishes
    ]
    try:
        path.write_bytes(labels(boxes))
        _give_back(path)
    except (BrokerError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return None
    return path


def run_retire(args: argparse.Namespace) -> int:
    """Dismiss, put the code book into use."""
    if (args.node is None) == (args.asked is None):
        raise UsageFault("Hãy ghi mã hộp.", "Write a node's id.")
    site = read_site(args.etc)
    if args.asked is not None:
        return _retire_asked(args, site)
    done = retire(site, args.node)
    pushed = _push(site, done)
    _check_told(site, done)
    vi, en = _state(done, pushed)
    terminal_of(args).result(
        {"ok": True, "node": done.node, **_facts(done, pushed)},
        f"{done.node} đã bị ngắt và không vào lại được. {vi}",
        f"{done.node} is cut off and will not be let in again. {en}",
    )
    return DONE


def _retire_asked(args: argparse.Namespace, site: Site) -> int:
    """The files alone, each for itself; who started us has Mosquitto and the service read them."""
    gone: list[str] = []
    faults: list[KengError] = []
    for node in taken(args.asked):
        try:
            gone.append(retire(site, node, tell=False).node)
        except KengError as error:
            faults.append(error)
    for fault in faults:
        terminal_of(args).complain(fault, REFUSED)
    named = ", ".join(gone)
    terminal_of(args).result({"ok": not faults, "nodes": gone}, f"Đã thu hồi: {named}", f"Retired: {named}")
    return REFUSED if faults else DONE


def _check_told(site: Site, done: Done) -> None:
    """NotTaken if a Mosquitto runs that was not told: a retired node would stay."""
    with socket.socket() as probe:
        probe.settimeout(LOOK_S)
        if done.reloaded or probe.connect_ex(("127.0.0.1", site.broker.nodes_port)):
            return
    raise NotTaken(
        f"{done.node}: các tệp đã ghi xong, nhưng không báo được cho Mosquitto đang chạy (không có {site.pid_file}). "
        "Hãy chạy ngay: sudo systemctl reload mosquitto",
        f"{done.node}: the files are written, but the running Mosquitto could not be told (no {site.pid_file}). "
        "Run at once: sudo systemctl reload mosquitto",
    )


def _push(site: Site, done: Done) -> bool:
    """Whether the running service has taken the code book. NotTaken if it refused."""
    fields = cast(dict[str, Any], read_yaml(site.codebook).value)
    try:
        with Commune(read_settings(site.etc / KENG), ANSWER_S) as commune:
            commune.ask("codebook", AskCodeBook(id=new_id(), codebook=carried(fields)))
    except (NoConnection, LinkFault):
        return False
    except RefusedByCommune as refused:
        raise NotTaken(
            f"{done.node}: các tệp đã ghi xong, nhưng dịch vụ chưa dùng quy ước mới. {refused.vi}. "
            f"Hãy sửa {site.codebook} (version lớn hơn bản đang dùng) rồi chạy: keng codebook push {site.codebook}",
            f"{done.node}: the files are written, but the service did not take the code book. {refused.en}. "
            f"Correct {site.codebook} (version above the one in use), then: keng codebook push {site.codebook}",
        ) from refused
    return True


def _state(done: Done, pushed: bool) -> tuple[str, str]:
    vi, en = f"Quy ước bản {done.version}.", f"Code book version {done.version}."
    if done.started is not None and done.started.kept is not None:
        used, kept = done.started.version, done.started.kept
        vi += f" Tệp cũ hơn nên đã lấy từ bản {used} đang dùng; tệp cũ giữ ở {kept}."
        en += f" The file was older: this was made from version {used} in use; the old file is kept as {kept}."
    if not done.reloaded:
        vi += " Mosquitto chưa chạy, sẽ đọc khi khởi động."
        en += " Mosquitto does not run; it will read this when it starts."
    if not pushed:
        vi += " Dịch vụ của xã chưa chạy, sẽ đọc quy ước khi khởi động."
        en += " The commune's service does not run; it will read the code book when it starts."
    return vi, en


def _facts(done: Done, pushed: bool) -> Mapping[str, object]:
    return {"version": done.version, "mosquitto": done.reloaded, "service": pushed}


def _give_back(folder: Path) -> None:
    """A folder or file, under sudo: to whoever typed it, who has to copy it to a card."""
    owner, group = os.environ.get("SUDO_UID", ""), os.environ.get("SUDO_GID", "")
    if os.geteuid() != 0 or not (owner.isdecimal() and group.isdecimal()):
        return
    with suppress(OSError):
        for path in (folder, *folder.rglob("*")):
            os.chown(path, int(owner), int(group))
