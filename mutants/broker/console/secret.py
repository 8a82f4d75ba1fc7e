"""The console's secret, by which its sessions are signed: made at the first start, kept beside its database."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from broker.errors import SettingsError

SECRET_BYTES = 48


def secret_of(home: Path) -> str:
    """The secret of this console. SettingsError if it can neither be read nor made."""
    path = home / "secret"
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(file, "w", encoding="ascii") as out:
                out.write(secrets.token_urlsafe(SECRET_BYTES))
                out.flush()
                os.fsync(out.fileno())
        text = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"Không đọc hoặc tạo được {path} ({error}). Hãy kiểm tra quyền ghi của thư mục.",
            f"Cannot read or make {path} ({error}). Check who may write in its folder.",
        ) from error
    if len(text) < SECRET_BYTES:
        # A power cut at the very first start left it empty: nobody has a session by it.
        path.unlink(missing_ok=True)
        return secret_of(home)
    return text
