"""`keng backup`, `keng restore FILE`, `keng safe DIR`, `keng move ADDRESS`: over the years, as root.

What must hold: what ran before runs again afterwards, whatever happened; a backup that failed ends with 1, so that
systemd and the journal say it. What they do is broker/enrolment's.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from broker.cli.parser import Subparsers, terminal_of, verb
from broker.cli.terminal import DONE
from broker.cli.words import ZONE
from broker.enrolment import archive
from broker.enrolment.site import CONSOLE, ETC, read_site

ADDRESS_FILE = "keng-address.txt"
"""On a box's boot partition; node.yaml's broker.address_file."""

if TYPE_CHECKING:
    from broker.console.settings import ConsoleSettings


def add(verbs: Subparsers) -> None:
    """Mount the verbs."""
    vi, en = "sao lưu sổ trực, khóa, mật khẩu, quy ước, tài khoản", "back up register, keys, passwords, code book"
    backup = verb(verbs, "backup", run_backup, vi, en, connects=False)
    backup.add_argument("--to", type=Path, metavar="DIR", help="thêm một bản ở đây (USB) / a copy here, too")
    backup.add_argument("--look", type=Path, metavar="FILE", help="chỉ xem một bản có đủ không / only check one")
    vi, en = "khôi phục từ bản sao lưu", "put a backup back"
    restore = verb(verbs, "restore", run_restore, vi, en, connects=False)
    restore.add_argument("file", type=Path, metavar="FILE", help="keng-…tar.gz")
    restore.add_argument("--key", type=Path, metavar="FILE", help="backup.key trong két / in the safe, if it is sealed")
    vi, en = "cất khóa gốc và khóa sao lưu vào USB, để trong két", "move the CA's key and backups' key to a stick"
    safe = verb(verbs, "safe", run_safe, vi, en, connects=False)
    safe.add_argument("folder", type=Path, metavar="DIR", help="USB: /media/…")
    other = safe.add_mutually_exclusive_group()
    vi, en = "USB thứ hai: chép từ USB đã có khóa", "a second stick: copy from the one that has the keys"
    other.add_argument("--from", dest="first", type=Path, metavar="DIR", help=f"{vi} / {en}")
    vi, en = "USB có khóa đã mất: làm khóa sao lưu mới", "the stick with the keys is lost: a new key of backups"
    other.add_argument("--lost", action="store_true", help=f"{vi} / {en}")
    vi, en = "máy của xã đổi địa chỉ", "this machine has another address"
    move = verb(verbs, "move", run_move, vi, en, connects=False)
    move.add_argument(
        "address", nargs="+", metavar="HOST", help="địa chỉ mới, cái đầu cho các hộp / the first for boxes"
    )
    move.add_argument("--ca-key", type=Path, metavar="FILE", help="ca.key trong két / in the safe, if it is asked for")
    for parser in (backup, restore, safe, move):
        parser.add_argument("--etc", type=Path, default=ETC, metavar="DIR", help=f"({ETC})")


def run_backup(args: argparse.Namespace) -> int:
    """Once, by hand or by keng-backup.timer."""
    from dataclasses import replace

    from broker.enrolment.backup import Desk, back_up, load_backup

    if args.look is not None:
        return _look(args)
    site, settings = read_site(args.etc), load_backup(args.etc)
    if args.to is not None:
        settings = replace(settings, second=args.to)
    desk = _desk(args.etc / CONSOLE)
    elsewhere = "" if desk is None or desk.database is None else f"postgresql: {desk.database.name}"
    done = back_up(site, settings, None if desk is None else Desk(desk.home, elsewhere), _now())
    vi, en = f"Đã sao lưu: {done.file} ({len(done.manifest.files)} tệp).", f"Backed up: {done.file}."
    if done.second is None:
        vi += "\nChỉ ở chính máy này: hỏng ổ đĩa là mất. Hãy cắm USB và thêm dòng second: vào /etc/keng/backup.yaml."
        en += "\nOn this machine alone: plug a stick in and name it in /etc/keng/backup.yaml as second:."
    elif done.sealed:
        vi += f"\nBản niêm phong: {done.second}; mở bằng backup.key trong két."
        en += f"\nSealed copy: {done.second}; opened by backup.key in the safe."
    else:
        vi += f"\nBản thứ hai: {done.second}, CHƯA niêm phong: ai cầm USB cũng đọc được khóa. Hãy chạy: sudo keng safe"
        en += f"\nCopy: {done.second}, NOT sealed: whoever has it has the keys. Run: sudo keng safe"
    if done.manifest.left_out:
        vi += f"\nKhông sao lưu (quá lớn): {', '.join(done.manifest.left_out)}"
        en += f"\nLeft out, too large: {', '.join(done.manifest.left_out)}"
    if done.manifest.notes:
        vi += "\nTài khoản nằm ở PostgreSQL, phải sao lưu riêng bằng pg_dump."
        en += "\nAccounts are in PostgreSQL: back that up by pg_dump."
    told = {"ok": True, "file": str(done.file), "second": str(done.second or ""), "sealed": done.sealed}
    terminal_of(args).result({**told, "files": sorted(done.manifest.files)}, vi, en)
    return DONE


def _look(args: argparse.Namespace) -> int:
    found = archive.check(args.look)
    terminal_of(args).result(
        {"ok": True, "commune": found.commune, "at": found.at, "files": sorted(found.files)},
        f"{args.look}: đủ và đúng. Xã {found.commune}, lúc {moment(found.at)}, {len(found.files)} tệp.",
        f"{args.look}: whole. Commune {found.commune}, made at {moment(found.at)}, {len(found.files)} files.",
    )
    return DONE


def moment(at: str) -> str:
    """A backup's time as the commune's clock shows it, with the year: it may be an old one."""
    return f"{datetime.fromisoformat(at).astimezone(ZONE):%d/%m/%Y %H:%M:%S}"


def run_restore(args: argparse.Namespace) -> int:
    """Onto a fresh machine, or over what is there, which is moved aside."""
    from broker.enrolment.restore import restore
    from broker.enrolment.units import stopped

    with stopped(args.etc):
        done = restore(args.file, args.etc, args.key, _now(), _home)
    vi = f"Đã khôi phục xã {done.manifest.commune} như lúc {moment(done.manifest.at)}."
    en = f"The commune {done.manifest.commune} is as it was at {moment(done.manifest.at)}."
    if done.aside:
        vi += f"\nCái đang có trước đó được giữ ở: {', '.join(map(str, done.aside))}"
        en += f"\nWhat was there before is kept: {', '.join(map(str, done.aside))}"
    vi += (
        "\nViệc xảy ra sau lúc đó không còn trong sổ; các hộp có thể báo “sổ trực bị sửa”, đúng là vì vậy."
        f"\nMáy này phải có địa chỉ {done.site.address}; nếu khác: sudo keng move ĐỊA-CHỈ-MỚI"
    )
    en += (
        '\nWhat happened since is not in the register; nodes may say "altered", and this is why.'
        f"\nThis machine must have the address {done.site.address}; if not: sudo keng move NEW-ADDRESS"
    )
    terminal_of(args).result(
        {
            "ok": True,
            "commune": done.manifest.commune,
            "at": done.manifest.at,
            "aside": [str(one) for one in done.aside],
        },
        vi,
        en,
    )
    return DONE


def run_safe(args: argparse.Namespace) -> int:
    """Write the stick."""
    from broker.enrolment.safe import put_into_safe

    done = put_into_safe(read_site(args.etc), args.folder, first=args.first, lost=args.lost)
    vi = f"Đã ghi vào {done.folder}. Hãy rút USB ra và cất vào két của trưởng công an xã."
    en = f"Written to {done.folder}. Pull the stick out and put it into the chief's safe."
    if done.made:
        vi += "\nTừ nay các bản sao lưu ở nơi khác được niêm phong; chỉ USB này mở được."
        en += "\nFrom now on copies elsewhere are sealed; this stick alone opens them."
    if done.moved:
        vi += "\nKhóa gốc của xã (ca.key) không còn ở máy này; máy vẫn làm mọi việc hằng ngày."
        en += "\nThe commune's own key (ca.key) is no longer here; daily work needs it for nothing."
    elif done.kept:
        vi += "\nXã cài từ trước: ca.key vẫn phải ở máy này để thay chứng chỉ mỗi năm; USB có một bản."
        en += "\nAn older commune: ca.key must stay here for the yearly certificate; the stick has a copy."
    if args.lost:
        vi += "\nBản sao lưu đã niêm phong trước đây chỉ mở được bằng USB cũ. Hãy sao lưu ngay: sudo keng backup"
        en += "\nCopies that were sealed before are opened by the old stick alone. Make one now: sudo keng backup"
    if not done.whole:
        vi += (
            "\nUSB này KHÔNG có khóa gốc (ca.key): nó ở USB cũ. Máy vẫn chạy như thường; chỉ không thêm được tên, địa "
        )
        vi += "chỉ ngoài mạng nội bộ."
        en += (
            "\nThe CA's own key (ca.key) is NOT on this stick: it was on the old one. All goes on without it; only no "
        )
        en += "name or address outside private networks can be added."
    told = {"moved": done.moved, "made": done.made, "kept": done.kept, "whole": done.whole}
    terminal_of(args).result({"ok": True, **told}, vi, en)
    return DONE


def run_move(args: argparse.Namespace) -> int:
    """Everything that names this machine."""
    from broker.enrolment.move import move
    from broker.enrolment.units import restart

    done = move(read_site(args.etc), args.address, args.ca_key, _renew)
    if done.changed:
        restart(args.etc, "mosquitto.service", "keng-console.service")
    vi, en = f"Máy của xã giờ ở {done.after}.", f"The commune's machine is at {done.after} now."
    if not done.changed:
        vi, en = f"Vẫn ở {done.after}: không có gì phải đổi.", f"At {done.after} already: nothing to change."
    elif done.before != done.after:
        each = f"sudo sed -i 's/{done.before}/{done.after}/' /etc/keng/node.yaml && sudo systemctl restart keng-node"
        vi += f"\nỞ mỗi hộp: {each}"
        vi += f"\nHộp không có SSH: tắt hộp, cắm thẻ nhớ vào máy tính, ở ổ bootfs tạo tệp {ADDRESS_FILE} chỉ có dòng: "
        vi += f"{done.after} ; cắm lại, bật hộp."
        en += f"\nA box without SSH: switch it off, put its card into a PC, make a file {ADDRESS_FILE} on the drive "
        en += f"bootfs with the line: {done.after} ; put it back and switch it on."
    terminal_of(args).result(
        {"ok": True, "before": done.before, "after": done.after, "changed": [str(one) for one in done.changed]}, vi, en
    )
    return DONE


def _desk(file: Path) -> ConsoleSettings | None:
    """The duty desk's settings, if there is one. SettingsError."""
    from broker.console.settings import load_console

    return load_console(file, with_certificate=False) if file.exists() else None


def _home(file: Path) -> Path:
    from broker.console.settings import load_console

    return load_console(file, with_certificate=False).home


def _renew(file: Path) -> Path | None:
    """The duty desk's certificate, if it had to be made."""
    from broker.console.certificate import renew
    from broker.console.settings import load_console

    desk = load_console(file, with_certificate=False)
    return desk.listen.certificate if renew(desk, _now()) else None


def _now() -> datetime:
    return datetime.now(UTC)
