"""A node comes (`enrol`) and goes (`retire`): code book, Mosquitto's passwords, and the folder for its SD card.

What must hold: a node that cannot be enrolled wholly is not enrolled at all; what was there before is as it was. A
retired node's password is gone and Mosquitto has been told before anything else is looked at.
It does not know the network: the command line puts the code book into use.
"""

from __future__ import annotations

import base64
import os
import secrets
import shutil
import signal
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from broker.enrolment.accounts import node_accounts, user_accounts, write_nodes
from broker.enrolment.bookedit import with_hamlet, with_node, without_node
from broker.enrolment.boxes import (
    CA_FILE,
    DRAWN,
    KEY_FILE,
    PASSWORD_FILE,
    SETTINGS_FILE,
    Box,
    Button,
    check_buttons,
    node_yaml,
)
from broker.enrolment.files import SECRET, alone, fault, put, read
from broker.enrolment.site import INSTALLED, PID_FILE, Site
from broker.errors import BrokerError, KeyFault
from broker.mosquitto.accounts import Account, hashed, new_password
from patterns.bookcheck import read_book
from patterns.codebook import CodeBook
from patterns.fields import Faults
from patterns.packed import check_ask
from patterns.yamlfile import parse_yaml
from wire.signature import KEY_BYTES, Signer
from wire.words import is_slug

FOLDER_MODE = 0o700
RELOAD_S = 30.0
"""A signal takes milliseconds; a systemd that is just starting everything takes longer."""


class EnrolFault(BrokerError, ValueError):
    """This node cannot be enrolled or retired as asked."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom to enrol."""

    node: str
    """Slug."""
    hamlet: str | None = None
    """Slug; None: as the code book has it."""
    hamlet_name: str | None = None
    """Name of a hamlet that is not in the code book yet."""
    post: bool = False
    """Whether it stands at the commune's post."""
    buttons: tuple[Button, ...] = DRAWN
    """What is wired."""
    device: str = "default"
    """ALSA's name of the sound card."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it."""

    node: str
    """Slug."""
    version: int
    """Of the code book now."""
    reloaded: bool
    """Whether a running Mosquitto was told."""
    folder: Path | None = None
    """For the SD card; None after `retire`."""


def enrol(site: Site, wish: Wish, beside: Path) -> Done:
    """Admit a node and write its folder in `beside`. EnrolFault, ButtonFault, BookEditFault, CodeBookError, OSError."""
    _check_slug(wish.node)
    check_buttons(wish.buttons)
    folder = beside / wish.node
    with alone(site.etc / INSTALLED), ExitStack() as undo:
        text = read(site.codebook)
        accounts = node_accounts(site.broker)
        book = checked(text, site)
        hamlet = _free(
            wish, book, accounts, folder, {one.name for one in user_accounts(site.broker, site.commune.users)}
        )
        seed, password = secrets.token_bytes(KEY_BYTES), new_password()
        new = text if hamlet in book.hamlets else with_hamlet(text, hamlet, wish.hamlet_name or hamlet)
        new = with_node(new, wish.node, hamlet, Signer(seed).public, post=wish.post)
        version = checked(new, site).version
        # Before anything is written: a book that cannot be sent would leave the box half admitted.
        check_ask(cast(dict[str, Any], parse_yaml(new.encode(), str(site.codebook)).value), site.codebook)
        box = Box(
            wish.node, hamlet, site.commune.commune, site.address, site.broker.nodes_port,
            _commune_key(site), wish.buttons, wish.device,
        )  # fmt: skip
        undo.callback(shutil.rmtree, folder, ignore_errors=True)
        _write_folder(folder, box, password, seed, site.ca_file)
        undo.callback(write_nodes, site.broker, accounts)
        write_nodes(site.broker, [*accounts, Account(wish.node, "node", hashed(password))])
        undo.callback(put, site.codebook, text, 0o644)
        put(site.codebook, new, 0o644)
        told = reload_mosquitto(site.pid_file)
        undo.pop_all()
    return Done(wish.node, version, told, folder)


def retire(site: Site, node: str) -> Done:
    """Dismiss a node: password first, so that it is gone even if the rest fails. EnrolFault, BookEditFault, OSError."""
    with alone(site.etc / INSTALLED):
        text = read(site.codebook)
        book = checked(text, site)
        accounts = node_accounts(site.broker)
        left = [account for account in accounts if account.name != node]
        if len(left) == len(accounts) and node not in book.nodes:
            raise EnrolFault(
                f"Không có hộp {node} trong quy ước cũng như trong danh sách mật khẩu. Hãy xem: keng status",
                f"There is no node {node}, neither in the code book nor among the passwords. See: keng status",
            )
        write_nodes(site.broker, left)
        told = reload_mosquitto(site.pid_file)
        if node in book.nodes:
            text = without_node(text, node)
            book = checked(text, site)
            put(site.codebook, text, 0o644)
    return Done(node, book.version, told)


def checked(text: str, site: Site) -> CodeBook:
    """The code book of a text, right as a whole and this commune's. CodeBookError, EnrolFault."""
    book = read_book(Faults(parse_yaml(text.encode(), str(site.codebook))))
    if book.commune != site.commune.commune:
        raise EnrolFault(
            f"{site.codebook} là quy ước của xã {book.commune}, không phải {site.commune.commune}.",
            f"{site.codebook} is the code book of {book.commune}, not of {site.commune.commune}.",
        )
    return book


def reload_mosquitto(pid_file: Path) -> bool:
    """Have a running Mosquitto read its passwords again; whether one was told. InstallFault if we may not."""
    try:
        pid = int(pid_file.read_text())
        if "mosquitto" not in Path(f"/proc/{pid}/comm").read_text():
            return False  # a pid file that outlived its program
        os.kill(pid, signal.SIGHUP)
    except PermissionError as error:
        raise fault(pid_file, error, vi="báo Mosquitto", en="used to tell Mosquitto") from error
    except (OSError, ValueError):
        # Debian 13's Mosquitto writes no pid file; systemd knows it.
        return pid_file == PID_FILE and _by_systemd()
    return True


def _by_systemd() -> bool:
    command = ["systemctl", "reload", "mosquitto"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=RELOAD_S, check=False)  # noqa: S603 - our own words
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _free(wish: Wish, book: CodeBook, accounts: list[Account], folder: Path, users: set[str]) -> str:
    """The hamlet, if the node is nobody's yet. EnrolFault."""
    known = book.nodes.get(wish.node)
    if wish.node in users:
        raise EnrolFault(
            f"“{wish.node}” là tên của một người dùng. Hãy chọn mã khác cho hộp.",
            f'"{wish.node}" is a user\'s name. Choose another id for the box.',
        )
    if any(account.name == wish.node for account in accounts) or (known is not None and known.key is not None):
        raise EnrolFault(
            f"Hộp {wish.node} đã được ghi danh. Muốn làm lại thẻ nhớ: keng retire {wish.node}, rồi ghi danh lại",
            f"Node {wish.node} is enrolled already. For a new card: keng retire {wish.node}, then keng enrol again",
        )
    if folder.exists():
        raise EnrolFault(
            f"Đã có {folder}, không ghi đè. Hãy chuyển thư mục này đi hoặc dùng --out.",
            f"{folder} exists and is not overwritten. Move it away, or use --out.",
        )
    hamlet = wish.hamlet or (known.hamlet if known is not None else None)
    if hamlet is None:
        raise EnrolFault(
            f"Hộp {wish.node} ở thôn nào? Hãy thêm --hamlet. Các thôn: {', '.join(book.hamlets)}",
            f"In which hamlet is {wish.node}? Add --hamlet. Hamlets: {', '.join(book.hamlets)}",
        )
    if known is not None and known.hamlet != hamlet:
        raise EnrolFault(
            f"Quy ước ghi hộp {wish.node} ở thôn {known.hamlet}, không phải {hamlet}. Hãy sửa một trong hai.",
            f"The code book has {wish.node} in {known.hamlet}, not in {hamlet}. Correct one of them.",
        )
    _check_slug(hamlet)
    if hamlet not in book.hamlets and wish.hamlet_name is None:
        raise EnrolFault(
            f"Chưa có thôn {hamlet} trong quy ước. Các thôn: {', '.join(book.hamlets)}. "
            f'Nếu là thôn mới, hãy thêm: --hamlet-name "Tên thôn"',
            f"There is no hamlet {hamlet} in the code book. Hamlets: {', '.join(book.hamlets)}. "
            f'If it is a new one, add: --hamlet-name "Name"',
        )
    return hamlet


def _check_slug(slug: str) -> None:
    if not is_slug(slug):
        raise EnrolFault(
            f"“{slug}”: mã chỉ gồm a-z, 0-9 và dấu gạch giữa, dài 1 đến 32, không dấu, không phải all. Ví dụ: thon-1",
            f'"{slug}": an id is a-z, 0-9 and dashes, 1 to 32 long, no dash at an end, not "all". Example: thon-1',
        )


def _commune_key(site: Site) -> str | None:
    key_file = site.commune.key_file
    if key_file is None:
        return None
    try:
        return Signer.from_file(key_file).public
    except (OSError, ValueError) as error:
        raise KeyFault(
            f"Không đọc được khóa của xã {key_file} ({error}). Hãy chạy bằng sudo.",
            f"Cannot read the commune's key {key_file} ({error}). Run it with sudo.",
        ) from error


def _write_folder(folder: Path, box: Box, password: str, seed: bytes, ca_file: Path) -> None:
    try:
        folder.mkdir(FOLDER_MODE, parents=True)
        folder.chmod(FOLDER_MODE)
    except OSError as error:
        raise fault(folder, error, vi="tạo", en="made") from error
    put(folder / PASSWORD_FILE, password + "\n", SECRET)
    put(folder / KEY_FILE, base64.b64encode(seed).decode() + "\n", SECRET)
    put(folder / CA_FILE, read(ca_file), 0o644)
    put(folder / SETTINGS_FILE, node_yaml(box), 0o644)
