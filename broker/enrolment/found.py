"""The first files of an installed commune. Run by deploy/install-commune.sh, as often as one likes:

    python -m broker.enrolment.found [--root DIR] [--commune ID] [--name NAME] [--address HOST …] [--codebook FILE]

What must hold: a key, password, certificate, code book or settings file that exists is left as it is; only what no
person writes (Mosquitto's keng.conf, its access lists, who is in its password files) follows the settings. A commune
from before the duty desk gets it once: its files, and one line in commune.yaml, whose other characters stay; while
there is a console.yaml, nobody puts the line back that a person crossed out. So it is with `retire_folder`.
It does not know packages, users' creation or systemd: the script does those. stdout is one line of JSON for it.
"""

from __future__ import annotations

import argparse
import base64
import json
import re
import secrets
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from broker.core.setup import Role
from broker.enrolment import texts
from broker.enrolment.accounts import node_accounts, user_accounts, write
from broker.enrolment.backup import BACKUP, FOLDER
from broker.enrolment.bookedit import with_entry
from broker.enrolment.files import PUBLIC, SECRET, InstallFault, belongs_to, put, read
from broker.enrolment.move import LOOPBACK
from broker.enrolment.options import DEFAULT_COMMUNE, parser
from broker.enrolment.site import CODEBOOK, COMMUNE, CONSOLE, INSTALLED, KENG, PID_FILE, Site, read_site
from broker.errors import EXIT_FAULT, SettingsError
from broker.mosquitto.accounts import Account, hashed, new_password
from broker.mosquitto.ca import CA, CA_KEY, ISSUER, check_names, make_authority
from broker.mosquitto.configuration import CommuneBroker, ConfigFile, commune_files
from broker.mosquitto.issuer import allows_issuer, certificate_for, renew_issuer
from broker.settings import DEFAULT_USER, load_settings
from patterns.codebook import load_codebook
from patterns.errors import KengError
from wire.signature import KEY_BYTES
from wire.words import is_slug

HOME = Path("/var/lib/keng-commune")
"""StateDirectory of systemd/keng-commune.service."""
RESTART_WISH = Path("/run/keng-commune/restart-broker")
"""In the RuntimeDirectory of systemd/keng-commune.service; systemd/keng-broker.path waits for it."""
RETIRE_FOLDER = RESTART_WISH.with_name("retire")
"""The same; systemd/keng-retire.path."""
DESK_HOME = Path("/var/lib/keng-console")
"""StateDirectory of systemd/keng-console.service."""
DESK_HOME_MODE = 0o700
"""Accounts, sessions and their secret: for the desk's user alone."""
FOLDER_MODE = 0o750
SERVER = ("server.crt", "server.key")
"""Mosquitto's, in its folder."""


@dataclass(slots=True)
class Founding:
    """One run."""

    root: Path
    """Put before every path; / on a real machine."""
    owner: str | None
    """User of the service; None under a prefix."""
    broker_owner: str | None
    """Mosquitto's user; None under a prefix."""
    made: list[str] = field(default_factory=list)
    """What was not there before."""
    passwords: dict[str, str] = field(default_factory=dict)
    """Officers' new passwords, to be shown once."""

    @property
    def etc(self) -> Path:
        """Folder of the settings."""
        return self.root / "etc/keng"

    def below(self, path: Path) -> Path:
        """Where a path of a real machine is here."""
        return path if path.is_relative_to(self.root) else self.root / path.relative_to("/")

    def once(self, path: Path, text: str, mode: int = PUBLIC, owner: str | None = None) -> None:
        """Write it if it is not there. InstallFault."""
        if not path.exists():
            put(path, text, mode, owner)
            self.made.append(str(path))

    def put_over(self, path: Path, text: str) -> None:
        """Write it if it says something else. InstallFault."""
        if text != read(path):
            put(path, text, PUBLIC)
            self.made.append(str(path))


def found(founding: Founding, args: argparse.Namespace) -> Site:
    """Make what is missing. KengError."""
    etc = founding.etc
    etc.mkdir(parents=True, exist_ok=True)
    commune = _commune(founding, args)
    _write_book(founding, args, commune)
    ports = (args.nodes_port, args.officers_port, args.local_port)
    broker = CommuneBroker(commune, founding.below(Path("/etc/mosquitto/keng")), *ports)
    pid_file = founding.below(PID_FILE)
    first: dict[str, Role] = {texts.FIRST_OFFICER: "officer", texts.DESK_USERS[0]: "console"}
    key = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode() + "\n"
    founding.once(etc / "commune.key", key, SECRET, founding.owner)
    _certificates(founding, broker, args.address)
    founding.once(etc / INSTALLED, texts.installed_yaml(args.address, broker, str(pid_file)))
    founding.once(etc / "service.password", new_password() + "\n", SECRET, founding.owner)
    home = str(founding.below(HOME))
    wish = str(founding.below(RESTART_WISH))
    founding.once(etc / COMMUNE, texts.commune_yaml(commune, home, broker.local_port, first, wish))
    retire_folder = str(founding.below(RETIRE_FOLDER))
    founding.put_over(etc / COMMUNE, texts.with_retire(read(etc / COMMUNE), retire_folder))
    founding.once(etc / KENG, texts.keng_yaml(commune, broker.local_port))
    _backup(founding, args.backup_to)
    if not (etc / CONSOLE).exists():
        _write_desk(founding, read_site(etc), [*args.address], args.console_port)
    return read_site(etc)


def settle(founding: Founding, site: Site) -> None:
    """Passwords for users who have none, and Mosquitto's files. KengError."""
    # An officer may have taken their password's file away; the desk cannot come in without its own.
    users = [
        account
        for account in user_accounts(site.broker, site.commune.users)
        if account.role != "console" or (founding.etc / f"{account.name}.password").exists()
    ]
    known = {account.name for account in users}
    wanted: dict[str, Role | None] = {DEFAULT_USER: None, **site.commune.users}
    for name, role in wanted.items():
        if name not in known:
            users.append(Account(name, role or "service", hashed(_password(founding, name, role))))
    for file in commune_files(site.broker, [*node_accounts(site.broker), *users]):
        here = ConfigFile(founding.below(file.path), file.text, file.secret)
        made = write(here)
        if file.secret:
            belongs_to(here.path, founding.broker_owner)  # each time: a run that was cut off may have left it root's
        if made:
            founding.made.append(str(here.path))


def _password(founding: Founding, name: str, role: Role | None) -> str:
    path = founding.etc / f"{name}.password"
    if not path.exists():
        password = new_password()
        # The desk reads its own; nobody ever types it.
        founding.once(path, password + "\n", SECRET, founding.owner if role == "console" else None)
        if role in ("officer", "watch"):
            founding.passwords[name] = password
    return read(path).strip()


def _write_desk(founding: Founding, site: Site, addresses: list[str], port: int) -> None:
    """The duty desk's user, home and settings. `keng certificate` makes its certificate."""
    users = site.commune.users
    user = next((name for name, role in users.items() if role == "console"), None)
    if user is None:
        user = next(name for name in texts.DESK_USERS if name not in users)
        path = site.etc / COMMUNE
        founding.put_over(path, with_entry(read(path), "users", user, "console"))
    home = founding.below(DESK_HOME)
    home.mkdir(DESK_HOME_MODE, parents=True, exist_ok=True)
    belongs_to(home, founding.owner)
    name = site.commune.commune
    with suppress(KengError):  # a fault in the code book is another command's to tell
        name = load_codebook(site.codebook).name
    ports, where = (site.broker.local_port, port), str(site.commune.home)
    text = texts.console_yaml(site.commune.commune, name, where, str(home), user, ports, addresses)
    founding.once(site.etc / CONSOLE, text)


def _backup(founding: Founding, second: Path | None) -> None:
    """backup.yaml; its second place only where somebody says it now."""
    path = founding.etc / BACKUP
    place = None if second is None else str(second)
    founding.once(path, texts.backup_yaml(str(founding.below(FOLDER)), place))
    if place is not None:
        old = read(path)
        new = re.sub(r"^(# )?second:.*$", lambda _: texts.second_line(place), old, count=1, flags=re.M)
        founding.put_over(path, new)


def _commune(founding: Founding, args: argparse.Namespace) -> str:
    """Which commune: what is installed already, else what is asked for, else what the code book says."""
    asked: str | None = args.commune
    if asked is not None and not is_slug(asked):
        raise SettingsError(
            f"--commune {asked}: chỉ dùng a-z, 0-9 và dấu gạch giữa, dài 1 đến 32. Ví dụ: cong-lac",
            f"--commune {asked}: a-z, 0-9 and dashes only, 1 to 32 of them. Example: cong-lac",
        )
    there = founding.etc / COMMUNE
    if there.exists():
        installed = load_settings(there).commune
    elif args.codebook is not None:
        installed = load_codebook(args.codebook).commune
    else:
        return asked or DEFAULT_COMMUNE
    if asked not in (None, installed):
        raise SettingsError(
            f"--commune {asked}: máy này (hoặc tệp quy ước) là của xã {installed}. Không có gì bị thay đổi.",
            f"--commune {asked}: this machine (or the code book) is {installed}'s. Nothing was changed.",
        )
    return installed


def _write_book(founding: Founding, args: argparse.Namespace, commune: str) -> None:
    path = founding.etc / CODEBOOK
    if path.exists():
        return
    if args.codebook is None:
        text = texts.codebook_yaml(commune, args.name or commune, args.hamlets)
    else:
        text = read(args.codebook)
    founding.once(path, text)
    try:
        load_codebook(path)
    except KengError:
        path.unlink()
        raise


def _certificates(founding: Founding, broker: CommuneBroker, addresses: Sequence[str]) -> None:
    try:
        check_names(addresses)
    except ValueError as error:
        raise InstallFault(
            f"--address {' '.join(addresses)}: phải là tên máy hoặc địa chỉ IP.",
            f"--address {' '.join(addresses)}: must be host names or addresses.",
        ) from error
    broker.folder.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
    belongs_to(broker.folder, founding.broker_owner)
    folder = founding.etc / "ca"
    certificate, key = folder / CA, folder / CA_KEY
    if not certificate.exists():
        if not key.exists() and (founding.etc / INSTALLED).exists():
            raise _known(certificate)
        make_authority(folder, broker.commune)
        founding.made.append(str(certificate))
    # On its own: a power cut between the two must not leave a commune whose key can never go into the safe.
    if not (folder / ISSUER).exists() and key.exists() and allows_issuer(certificate):
        renew_issuer(certificate, key, broker.commune, addresses)
        founding.made.append(str(folder / ISSUER))
    if not (broker.folder / SERVER[0]).exists():
        names = [*addresses, *LOOPBACK]
        founding.made += map(str, certificate_for(broker.folder, certificate, broker.commune, names, files=SERVER))
    for name in SERVER:
        if (broker.folder / name).exists():  # a person's own may lie elsewhere
            belongs_to(broker.folder / name, founding.broker_owner)


def _known(path: Path) -> InstallFault:
    return InstallFault(
        f"Mất {path}: làm mới thì mọi hộp phải ghi danh lại. Hãy lấy lại tệp đó, hoặc cả máy: sudo keng restore "
        "/var/backups/keng/… Không có gì bị thay đổi.",
        f"{path} is gone: with a new one each box would have to be enrolled again. Put that file back, or the whole "
        "machine: sudo keng restore /var/backups/keng/… Nothing was changed.",
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; its exit code."""
    args = parser().parse_args(arguments)
    prefixed = args.root != Path("/")
    founding = Founding(args.root.absolute(), None if prefixed else args.owner, None if prefixed else args.broker_owner)
    try:
        site = found(founding, args)
        settle(founding, site)
    except KengError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_FAULT
    except OSError as error:
        sys.stderr.write(
            f"{error.filename}: không làm được ({error.strerror}). Hãy chạy bằng sudo.\n"
            f"{error.filename}: cannot be done ({error.strerror}). Run it with sudo.\n"
        )
        return EXIT_FAULT
    for path in founding.made:
        sys.stderr.write(f"  + {path}\n")
    for name, password in founding.passwords.items():
        sys.stderr.write(
            f"Mật khẩu của {name} (chỉ hiện một lần; cũng ở {founding.etc}/{name}.password): {password}\n"
            f"Password of {name} (shown once; also in the file above): {password}\n"
        )
    told = {
        "commune": site.commune.commune,
        "address": site.address,
        "made": founding.made,
        "desk": "console" in site.commune.users.values(),
    }
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
