"""Names that survive a power cut: a file's own sync does not make its new name safe.

Without it the file that was replaced can come back with the power (seen on ext4, up to its next commit 5 s later).
"""

from __future__ import annotations

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` as they are now survive. OSError."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
