"""`keng officer`: the duty desk's accounts, on the commune's machine: the first one, and a chief who is locked out.

What must hold: no password is ever on a command line; a new one is printed once, lets in once, and ends by itself; the
database is touched as its owner, or the console could not open it again. Django is imported only here.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from broker.cli.parser import Subparsers, terminal_of, verb
from broker.cli.terminal import DONE, NothingFound, UsageFault
from broker.console.people.rights import NAMES, RIGHTS

if TYPE_CHECKING:
    from broker.console.people.models import Officer

ROLES = tuple(RIGHTS)


def add(verbs: Subparsers) -> None:
    """Mount the verb and what is below it."""
    group = verbs.add_parser("officer", help="tài khoản trang trực ban / the duty desk's accounts")
    below = group.add_subparsers(required=True, metavar="add|list|password|role|off|on|factor", dest="below")
    new = verb(below, "add", run_add, "lập tài khoản, in mật khẩu một lần", "make an account", connects=False)
    new.add_argument("--full-name", metavar="NAME", help="họ và tên / for people")
    new.add_argument("--role", choices=ROLES, default="officer", help="vai trò / role (officer)")
    role = verb(below, "role", run_role, "đổi vai trò", "change the role", connects=False)
    everybody = verb(below, "list", run_list, "các tài khoản", "the accounts", connects=False)
    others = [
        verb(below, name, run, vi, en, connects=False)
        for name, run, vi, en in (
            ("password", run_password, "cấp mật khẩu một lần, kết thúc mọi phiên", "give a one-time password"),
            ("off", run_off, "tắt tài khoản, ra ngay", "switch off: out at once"),
            ("on", run_on, "bật lại tài khoản", "switch on again"),
            ("factor", run_factor, "gỡ xác thực hai lớp (mất điện thoại)", "remove the second factor (lost telephone)"),
        )
    ]
    for parser in (new, role, *others):
        parser.add_argument("name", metavar="NAME", help="tên đăng nhập / login name: van-an")
    role.add_argument("role", choices=ROLES, metavar="ROLE", help=" | ".join(ROLES))
    for parser in (new, role, everybody, *others):
        parser.add_argument("--settings", type=Path, metavar="FILE", help="console.yaml (/etc/keng/console.yaml)")


def run_add(args: argparse.Namespace) -> int:
    """Somebody new."""
    _open(args)
    from django.core.exceptions import ValidationError

    from broker.console.people import accounts

    try:
        _, password = accounts.make(accounts.CONSOLE, args.name, args.full_name or args.name, args.role)
    except ValidationError as fault:
        why = " ".join(fault.messages)
        raise UsageFault(f"{args.name}: {why}", f"{args.name}: {why}") from fault
    return _password(args, password)


def run_password(args: argparse.Namespace) -> int:
    """A forgotten one."""
    _open(args)
    from broker.console.people import accounts

    return _password(args, accounts.give_password(accounts.CONSOLE, _officer(args)))


def run_role(args: argparse.Namespace) -> int:
    """Another role; the sessions of the old one are over."""
    _open(args)
    from broker.console.people import accounts

    accounts.change_role(accounts.CONSOLE, _officer(args), args.role)
    return _done(args)


def run_off(args: argparse.Namespace) -> int:
    """Out at once."""
    return _switch(args, False)


def run_on(args: argparse.Namespace) -> int:
    """In again."""
    return _switch(args, True)


def run_factor(args: argparse.Namespace) -> int:
    """A chief sets a new one at the next sign-in."""
    _open(args)
    from broker.console.people import accounts

    accounts.remove_factor(accounts.CONSOLE, _officer(args))
    return _done(args)


def run_list(args: argparse.Namespace) -> int:
    """Everybody."""
    _open(args)
    from broker.console.people.models import Officer
    from broker.console.people.seats import seats_of

    columns = (
        ("tên", "name"),
        ("họ và tên", "full name"),
        ("vai trò", "role"),
        ("dùng được", "on"),
        ("phiên", "sessions"),
    )
    everybody = list(Officer.objects.order_by("username"))
    if terminal_of(args).json:
        rows = [{"name": one.username, "role": one.role, "on": one.is_active} for one in everybody]
        terminal_of(args).result({"ok": True, "officers": rows}, "", "")
        return DONE
    terminal_of(args).table(
        ("Tài khoản", "Accounts"),
        columns,
        [
            (one.username, one.full_name, NAMES[one.role], "✓" if one.is_active else "✗", str(seats_of(one).count()))  # type: ignore[index]  # one of ROLES
            for one in everybody
        ],
    )
    return DONE


def _switch(args: argparse.Namespace, on: bool) -> int:
    _open(args)
    from broker.console.people import accounts

    accounts.switch(accounts.CONSOLE, _officer(args), on)
    return _done(args)


def _open(args: argparse.Namespace) -> None:
    """Django over the console's database, as the one who owns it. SettingsError."""
    from broker.console.run import prepare
    from broker.console.settings import SETTINGS_FILE, load_console

    path = (args.settings or SETTINGS_FILE).absolute()
    home = load_console(path).home
    if os.geteuid() == 0 and home.is_dir() and (owner := home.stat()).st_uid != 0:
        os.setgroups([])
        os.setgid(owner.st_gid)
        os.setuid(owner.st_uid)
    prepare(path)


def _officer(args: argparse.Namespace) -> Officer:
    from broker.console.people.models import Officer

    officer = Officer.objects.filter(username=args.name).first()
    if officer is None:
        raise NothingFound(
            f"Không có tài khoản {args.name}. Xem: keng officer list",
            f"There is no account {args.name}. See: keng officer list",
        )
    return officer


def _password(args: argparse.Namespace, password: str) -> int:
    note = ("Mật khẩu một lần, dùng trong 72 giờ:", "One-time password, good for 72 hours:")
    terminal_of(args).result(
        {"ok": True, "name": args.name, "password": password},
        f"{args.name}. {note[0]} {password}",
        f"{args.name}. {note[1]} {password}",
    )
    sys.stdout.flush()
    return DONE


def _done(args: argparse.Namespace) -> int:
    terminal_of(args).result({"ok": True, "name": args.name}, f"{args.name}: đã xong.", f"{args.name}: done.")
    return DONE
