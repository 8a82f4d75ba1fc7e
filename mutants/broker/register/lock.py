"""One service per register: a lock on its folder that the kernel lets go of when the process ends, however it ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from broker.errors import RegisterFault, RegisterTaken


class HomeLock:
    """Held from its making until `close`. RegisterTaken, RegisterFault."""

    def __init__(self, home: Path) -> None:
        path = home / "lock"
        try:
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise RegisterFault(
                f"Không mở được thư mục sổ trực {home} ({error.strerror}). Hãy kiểm tra đường dẫn và quyền ghi.",
                f"Cannot open the register's folder {home} ({error.strerror}). Check the path and who may write there.",
            ) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(self._file, 20).decode("ascii", "replace").strip()
            os.close(self._file)
            raise RegisterTaken(
                f"Sổ trực {home} đang được một chương trình khác dùng (pid {holder}). Mỗi xã chỉ chạy một dịch vụ: "
                "hãy dừng chương trình kia, hoặc chọn thư mục khác.",
                f"The register {home} is in use by another program (pid {holder}). One service per commune: "
                "stop the other one, or choose another folder.",
            ) from error
        self._closed = False
        # The pid is for a person's eyes; on a full disk its absence harms nothing.
        try:
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)
        except OSError:
            pass

    def close(self) -> None:
        """Let go."""
        if not self._closed:
            self._closed = True
            os.close(self._file)
