"""`keng enrol NODE` and `keng retire NODE`: boxes come and go, on the commune's own machine, as root.

What must hold: files first (broker/enrolment), then the code book is asked into use as any officer's would be; a
service that does not run is no reason to refuse, for it reads the same file when it starts.
"""

from __future__ import annotations

import argparse
import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from broker.cli.asking import Commune, new_id
from broker.cli.parser import Subparsers, terminal_of, verb
from broker.cli.reach import read_settings
from broker.cli.terminal import DONE, CliError, NoConnection, RefusedByCommune, UsageFault
from broker.enrolment.boxes import DRAWN, read_button
from broker.enrolment.enrol import Done, Wish, enrol, retire
from broker.enrolment.site import ETC, KENG, Site, read_site
from patterns.packed import carried
from patterns.yamlfile import read_yaml
from wire.asks import AskCodeBook
from wire.errors import LinkFault

ANSWER_S = 2.0
"""The service is on this machine, and answers in milliseconds."""
LOOK_S = 1.0
"""For a port on this machine."""


class NotTaken(CliError, RuntimeError):
    """The files are written, but the running service or Mosquitto goes on as before."""


def add(verbs: Subparsers) -> None:
    """Mount the verbs."""
    vi, en = "ghi danh một hộp kẻng, viết thư mục cho thẻ nhớ", "admit a node, write its folder for the SD card"
    new = verb(verbs, "enrol", run_enrol, vi, en, connects=False)
    new.add_argument("node", metavar="NODE", help="mã hộp / its id: thon-1")
    new.add_argument("--hamlet", metavar="ID", help="mã thôn / the hamlet's id")
    new.add_argument("--hamlet-name", metavar="NAME", help="tên thôn mới / name of a hamlet that is new")
    new.add_argument(
        "--post", action="store_true", help="hộp ở trụ sở: báo động thầm kêu ở đây / at the commune's post"
    )
    new.add_argument(
        "--button", action="append", default=[], metavar="NAME:PIN[:KIND][:silent][:SECONDS]",
        help="nút, ghi nhiều lần được; không ghi: theo hình đấu dây / buttons; none: as drawn",
    )  # fmt: skip
    new.add_argument("--speaker", default="default", metavar="CARD", help="card âm thanh / sound card (aplay -L)")
    new.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="thư mục chứa / where its folder goes (.)")
    vi, en = "cho một hộp kẻng thôi việc: ngắt ngay, không vào lại được", "dismiss a node: cut off at once, for good"
    old = verb(verbs, "retire", run_retire, vi, en, connects=False)
    old.add_argument("node", metavar="NODE", help="mã hộp / its id")
    for parser in (new, old):
        parser.add_argument("--etc", type=Path, default=ETC, metavar="DIR", help=f"({ETC})")


def run_enrol(args: argparse.Namespace) -> int:
    """Admit, write the folder, put the code book into use."""
    site = read_site(args.etc)
    buttons = tuple(read_button(text) for text in args.button) or DRAWN
    _check_speaker(args.speaker)
    wish = Wish(args.node, args.hamlet, args.hamlet_name, args.post, buttons, args.speaker)
    done = enrol(site, wish, args.out)
    assert done.folder is not None  # noqa: S101 - enrol always writes one
    _give_back(done.folder)
    pushed = _push(site, done)
    _check_told(site, done)
    vi, en = _state(done, pushed)
    terminal_of(args).result(
        {"ok": True, "node": done.node, "folder": str(done.folder), **_facts(done, pushed)},
        f"Đã ghi danh {done.node}. {vi}\nChép thư mục {done.folder} sang Pi rồi chạy ở đó: "
        f"sudo bash deploy/node.sh {done.folder.name}\nThư mục có mật khẩu và khóa riêng: chép xong thì xóa.",
        f"Enrolled {done.node}. {en}\nCopy the folder {done.folder} to the Pi and run there: "
        f"sudo bash deploy/node.sh {done.folder.name}\nIt holds a password and a private key: delete it afterwards.",
    )
    return DONE


def run_retire(args: argparse.Namespace) -> int:
    """Dismiss, put the code book into use."""
    site = read_site(args.etc)
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
    if not done.reloaded:
        vi += " Mosquitto chưa chạy, sẽ đọc khi khởi động."
        en += " Mosquitto does not run; it will read this when it starts."
    if not pushed:
        vi += " Dịch vụ của xã chưa chạy, sẽ đọc quy ước khi khởi động."
        en += " The commune's service does not run; it will read the code book when it starts."
    return vi, en


def _facts(done: Done, pushed: bool) -> Mapping[str, object]:
    return {"version": done.version, "mosquitto": done.reloaded, "service": pushed}


def _check_speaker(device: str) -> None:
    if not device.isprintable() or '"' in device or "\\" in device or not device:
        raise UsageFault(f"--speaker {device}: không phải tên card.", f"--speaker {device}: no name of a card.")


def _give_back(folder: Path) -> None:
    """Under sudo: to whoever typed it, who has to copy it to a card."""
    owner, group = os.environ.get("SUDO_UID", ""), os.environ.get("SUDO_GID", "")
    if os.geteuid() != 0 or not (owner.isdecimal() and group.isdecimal()):
        return
    with suppress(OSError):
        for path in (*folder.iterdir(), folder):
            os.chown(path, int(owner), int(group))
