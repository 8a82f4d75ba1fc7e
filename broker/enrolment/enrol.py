"""Nodes come (`enrol`) and go (`retire`): code book, Mosquitto's passwords, and a folder for each SD card.

What must hold: all of them are enrolled wholly, or none at all, and what was there before is as it was; Mosquitto is
told once, by a signal: it reads its lists again and lets nobody go but who is no longer on them. What is edited is the
newer of the code book's file and the one in use (inuse.py), or the service would refuse it as old. A retired node's
password is gone and Mosquitto has been told before anything else is looked at.
It does not know the network: the command line puts the code book into use.
"""

from __future__ import annotations

import dataclasses
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from broker.enrolment.accounts import node_accounts, user_accounts, write_nodes
from broker.enrolment.bookedit import with_hamlet, with_node, without_node
from broker.enrolment.boxes import Box
from broker.enrolment.files import alone, fault, put, read
from broker.enrolment.folder import write_folder
from broker.enrolment.inuse import Start, in_use, start
from broker.enrolment.site import INSTALLED, PID_FILE, Site
from broker.enrolment.wish import EnrolFault, Known, Wish, hamlet_of, refused
from broker.errors import BrokerError, KeyFault
from broker.mosquitto.accounts import Account, hashed, new_password
from patterns.bookcheck import read_book
from patterns.codebook import CodeBook, Hamlet
from patterns.fields import Faults
from patterns.packed import check_ask
from patterns.yamlfile import parse_yaml
from wire.signature import KEY_BYTES, Signer

__all__ = ["Done", "EnrolFault", "ManyFaults", "Wish", "check", "checked", "enrol", "reload_mosquitto", "retire"]

RELOAD_S = 30.0
"""A signal takes milliseconds; a systemd that is just starting everything takes longer."""


class ManyFaults(BrokerError, ValueError):
    """Some of those asked for cannot be enrolled, so nobody is."""

    def __init__(self, faults: Sequence[tuple[int, EnrolFault]]) -> None:
        super().__init__("\n".join(one.vi for _, one in faults), "\n".join(one.en for _, one in faults))
        self.refused = tuple(faults)
        """Which of the wishes, and why not."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it."""

    node: str
    """Slug; several with commas."""
    version: int
    """Of the code book now."""
    reloaded: bool
    """Whether a running Mosquitto was told."""
    folders: tuple[Path, ...] = ()
    """One for each SD card, in the order of the wishes; none after `retire`."""
    started: Start | None = None
    """From what the code book was made; None where it stayed as it was."""


def enrol(site: Site, wishes: Sequence[Wish], beside: Path, *, again: bool = False) -> Done:
    """Admit nodes and write their folders in `beside`; `again`: with new keys those who are in.

    ManyFaults, BookEditFault, CodeBookError, OSError.
    """
    with alone(site.etc / INSTALLED), ExitStack() as undo:
        accounts = node_accounts(site.broker)
        old, started = read(site.codebook), start(site, {account.name for account in accounts})
        book = checked(started.text, site)
        _check(site, wishes, book, accounts, beside, again)
        boxes = [_box(site, wish, book) for wish in wishes]
        seeds = [secrets.token_bytes(KEY_BYTES) for _ in wishes]
        new = _with_all(started.text, wishes, boxes, seeds, book)
        version = checked(new, site).version
        # Before anything is written: a book that cannot be sent would leave the box half admitted.
        check_ask(cast(dict[str, Any], parse_yaml(new.encode(), str(site.codebook)).value), site.codebook)
        left = [account for account in accounts if account.name not in {wish.node for wish in wishes}]
        admitted: list[Account] = []
        for wish, box, seed in zip(wishes, boxes, seeds, strict=True):
            undo.callback(shutil.rmtree, beside / wish.node, ignore_errors=True)
            password = new_password()
            write_folder(beside / wish.node, wish, box, password, seed, site.ca_file, book.zone)
            admitted.append(Account(wish.node, "node", hashed(password)))
        undo.callback(write_nodes, site.broker, accounts)
        write_nodes(site.broker, [*left, *admitted])
        undo.callback(put, site.codebook, old, 0o644)
        _put_book(site, started, old, new)
        told = reload_mosquitto(site.pid_file)
        undo.pop_all()
    folders = tuple(beside / wish.node for wish in wishes)
    return Done(", ".join(wish.node for wish in wishes), version, told, folders, started)


def check(site: Site, wishes: Sequence[Wish], beside: Path, *, again: bool = False) -> None:
    """Whether `enrol` would do it; nothing is written. As `enrol`."""
    accounts = node_accounts(site.broker)
    started = start(site, {account.name for account in accounts})
    _check(site, wishes, checked(started.text, site), accounts, beside, again)


def _check(
    site: Site, wishes: Sequence[Wish], book: CodeBook, accounts: list[Account], beside: Path, again: bool
) -> None:
    users = {one.name for one in user_accounts(site.broker, site.commune.users)}
    named = {
        wish.hamlet: Hamlet(wish.hamlet, wish.hamlet_name, ()) for wish in wishes if wish.hamlet and wish.hamlet_name
    }
    whole = dataclasses.replace(book, hamlets={**named, **book.hamlets})
    known = Known(whole, {account.name for account in accounts}, users)
    faults: list[tuple[int, EnrolFault]] = []
    for number, wish in enumerate(wishes):
        fault = refused(wish, known, again=again)
        if fault is None and (beside / wish.node).exists():
            fault = EnrolFault(
                f"Đã có {beside / wish.node}, không ghi đè. Hãy chuyển thư mục này đi hoặc dùng --out.",
                f"{beside / wish.node} exists and is not overwritten. Move it away, or use --out.",
            )
        if fault is not None:
            faults.append((number, fault))
    if faults:
        raise ManyFaults(faults)


def _box(site: Site, wish: Wish, book: CodeBook) -> Box:
    hamlet = hamlet_of(wish, book)
    assert hamlet is not None  # noqa: S101 - _check has seen to it
    return Box(
        wish.node, hamlet, site.commune.commune, site.hosts, site.broker.nodes_port,
        _commune_key(site), wish.buttons, wish.device, wish.microphone, wish.layout,
    )  # fmt: skip


def _with_all(text: str, wishes: Sequence[Wish], boxes: Sequence[Box], seeds: Sequence[bytes], book: CodeBook) -> str:
    hamlets = set(book.hamlets)
    for wish, box, seed in zip(wishes, boxes, seeds, strict=True):
        if box.hamlet not in hamlets:
            text = with_hamlet(text, box.hamlet, wish.hamlet_name or box.hamlet)
            hamlets.add(box.hamlet)
        there = book.nodes.get(wish.node)
        post = wish.post or (there is not None and there.post)
        if there is not None and there.key is not None:
            text = without_node(text, wish.node)
        text = with_node(text, wish.node, box.hamlet, Signer(seed).public, post=post)
    return text


def retire(site: Site, node: str, *, tell: bool = True) -> Done:
    """Dismiss a node: password first, so that it is gone even if the rest fails. EnrolFault, BookEditFault, OSError.

    Without `tell` somebody else has Mosquitto read its lists.
    """
    with alone(site.etc / INSTALLED):
        text = read(site.codebook)
        book = checked(text, site)
        accounts = node_accounts(site.broker)
        left = [account for account in accounts if account.name != node]
        if len(left) == len(accounts) and node not in book.nodes and node not in (_used(site).get("nodes") or {}):
            raise EnrolFault(
                f"Không có hộp {node} trong quy ước cũng như trong danh sách mật khẩu. Hãy xem: keng status",
                f"There is no node {node}, neither in the code book nor among the passwords. See: keng status",
            )
        write_nodes(site.broker, left)
        told = tell and reload_mosquitto(site.pid_file)
        started = start(site, {account.name for account in left})
        book = checked(started.text, site)
        if node not in book.nodes:
            return Done(node, book.version, told)
        new = without_node(started.text, node)
        version = checked(new, site).version
        _put_book(site, started, text, new)
    return Done(node, version, told, started=started)


def _put_book(site: Site, started: Start, old: str, new: str) -> None:
    """The new text; an older file that it was not made from is kept first. OSError."""
    if started.kept is not None:
        put(started.kept, old, 0o644)
    put(site.codebook, new, 0o644)


def _used(site: Site) -> dict[str, Any]:
    return in_use(site.commune.home) or {}


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
