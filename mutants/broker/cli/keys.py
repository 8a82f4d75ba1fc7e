"""`keng keys new`: a private key for the commune or for a node, in a file only its owner reads."""

from __future__ import annotations

import argparse
import base64
import os
import secrets
from pathlib import Path

from broker.cli.parser import Subparsers, terminal_of, verb
from broker.cli.terminal import DONE, CliError
from broker.synced import sync_folder
from wire.signature import KEY_BYTES, Signer


class KeyFileFault(CliError, OSError):
    """The key's file cannot be written."""


def add(verbs: Subparsers) -> None:
    """Mount the verb."""
    group = verbs.add_parser("keys", help="khóa ký lệnh / signing keys")
    below = group.add_subparsers(required=True, metavar="new", dest="below")
    new = verb(
        below, "new", run_new, "tạo khóa mới, in khóa công khai", "make a key, print its public half", connects=False
    )
    new.add_argument("file", type=Path, metavar="FILE", help="tệp giữ khóa riêng; không ghi đè / never overwritten")


def run_new(args: argparse.Namespace) -> int:
    """Write the private key, say the public one."""
    seed = secrets.token_bytes(KEY_BYTES)
    file: Path = args.file
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(base64.b64encode(seed) + b"\n")
            opened.flush()
            os.fsync(opened.fileno())
        sync_folder(file.absolute().parent)
    except FileExistsError as error:
        raise KeyFileFault(
            f"{file}: đã có tệp này, không ghi đè lên khóa cũ. Hãy chọn tên khác.",
            f"{file}: exists; an old key is never overwritten. Choose another name.",
        ) from error
    except OSError as error:
        raise KeyFileFault(
            f"{file}: không ghi được ({error.strerror}). Hãy chọn thư mục khác.",
            f"{file}: cannot be written ({error.strerror}). Choose another folder.",
        ) from error
    public = Signer(seed).public
    terminal_of(args).result(
        {"ok": True, "file": str(file), "public": public},
        f"Đã ghi khóa riêng vào {file} (giữ kín). Khóa công khai: {public}",
        f"Wrote the private key to {file} (keep it secret). Public key: {public}",
    )
    return DONE
