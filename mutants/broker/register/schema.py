"""Whether a register's tables are those of this program, without Django; and Django, in a child, if they are behind.

What must hold: a register from a newer program is not touched; before its tables are altered there is a copy beside it.
The check is one SELECT, so a service that has nothing to migrate starts without Django.
"""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from broker.errors import RegisterFault, RegisterForeign, RegisterNewer
from broker.synced import sync_folder

APPLICATION_ID = 0x4B_45_4E_47
"""In the file's header, written by migration 0002."""
MIGRATE_S = 300.0
"""A migration of years of journal on a Pi takes a minute; beyond this something is stuck."""
_NAME = re.compile(r"(\d{4}_\w+)\.pyc?")


def known() -> tuple[str, ...]:
    """The migrations that this program brings, in order."""
    folder = Path(__file__).with_name("migrations")
    return tuple(sorted(match[1] for path in folder.iterdir() if (match := _NAME.fullmatch(path.name))))


def applied(path: Path) -> tuple[str, ...]:
    """The migrations that the file has seen, in order; none for an empty one. RegisterForeign, RegisterFault."""
    try:
        with closing(sqlite3.connect(path, timeout=10)) as db:
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if "django_migrations" not in tables:
                if tables:
                    raise foreign(path, "bảng lạ", "unknown tables")
                return ()
            found = db.execute("SELECT name FROM django_migrations WHERE app = 'register' ORDER BY name").fetchall()
            (mark,) = db.execute("PRAGMA application_id").fetchone()
    except sqlite3.DatabaseError as error:
        raise refusal(path, error) from error
    names = tuple(name for (name,) in found)
    unmarked = len(names) > 1 and mark != APPLICATION_ID
    if unmarked or (not names and tables != {"django_migrations", "sqlite_sequence"}):
        raise foreign(path, "không phải sổ trực", "no register")
    return names


def bring_up_to_date(path: Path) -> None:
    """Make or migrate the file's tables if they are behind. RegisterForeign, RegisterNewer, RegisterFault."""
    there, ours = applied(path), known()
    newer = [name for name in there if name not in ours]
    if newer:
        raise RegisterNewer(
            f"Sổ trực {path} do một phiên bản mới hơn ghi ({newer[-1]}). Hãy cài phiên bản mới hơn của chương trình; "
            "sổ không bị thay đổi.",
            f"The register {path} was written by a newer version ({newer[-1]}). Install that version of the program; "
            "the register is unchanged.",
        )
    if there == ours:
        return
    if there:
        back_up(path, path.with_name(f"{path.name}.before-{next(n for n in ours if n not in there)}"))
    _migrate(path)


def back_up(path: Path, copy: Path) -> None:
    """A whole, synced copy under another name; the name appears only when it is complete. RegisterFault."""
    draft = copy.with_name(f"{copy.name}.draft")
    try:
        draft.unlink(missing_ok=True)
        with closing(sqlite3.connect(path, timeout=10)) as db, closing(sqlite3.connect(draft)) as to:
            db.backup(to)
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(copy)
        sync_folder(copy.parent)
    except (OSError, sqlite3.Error) as error:
        raise RegisterFault(
            f"Không sao lưu được sổ trực {path} sang {copy} ({error}). Hãy kiểm tra chỗ trống và quyền ghi.",
            f"Cannot back the register {path} up to {copy} ({error}). Check the free space and who may write there.",
        ) from error


def _migrate(path: Path) -> None:
    command = [sys.executable, "-m", "broker.register.migrate", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=MIGRATE_S, check=False)  # noqa: S603 - ours
        problem = done.stderr.strip().splitlines()[-1] if done.returncode else ""
    except (OSError, subprocess.TimeoutExpired, IndexError) as error:
        problem = str(error)
    if problem:
        raise RegisterFault(
            f"Không tạo hoặc nâng cấp được các bảng của sổ trực {path}: {problem}",
            f"Cannot make or migrate the tables of the register {path}: {problem}",
        )
    if applied(path) != known():
        raise RegisterFault(f"Sổ trực {path} chưa được nâng cấp.", f"The register {path} was not migrated.")


def foreign(path: Path, vi: str, en: str) -> RegisterForeign:
    """The sentence for a file that must not be touched."""
    return RegisterForeign(
        f"Tệp {path} không dùng làm sổ trực được ({vi}). Hãy chuyển tệp này đi nơi khác và khôi phục bản sao lưu.",
        f"The file {path} cannot be used as a register ({en}). Move it away and restore a backup.",
    )


def refusal(path: Path, error: sqlite3.Error) -> RegisterForeign | RegisterFault:
    """What SQLite's complaint means to a person."""
    if isinstance(error, sqlite3.OperationalError):
        return RegisterFault(
            f"Không mở được sổ trực {path} ({error}). Hãy kiểm tra ổ đĩa và quyền ghi của thư mục.",
            f"Cannot open the register {path} ({error}). Check the disk and who may write in its folder.",
        )
    return foreign(path, f"hỏng hoặc không phải SQLite: {error}", f"damaged, or not SQLite: {error}")
