"""A file that only the chief's key opens: a copy that leaves the machine, on a stick or another computer's disk.

    "KENGSEAL1\\n" | the stream's key, sealed to the public half (80 bytes) | stream header (24) | pieces

What must hold: the machine that writes it cannot read it; a piece that was altered, put elsewhere or cut off at the end
is found (libsodium's secretstream, whose last piece is marked). Memory is one piece, whatever the register's size.
It does not know what is in the file.
"""

from __future__ import annotations

import base64
import binascii
from pathlib import Path
from typing import IO

from nacl import bindings
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from broker.enrolment.files import InstallFault, read

MAGIC = b"KENGSEAL1\n"
PIECE = 64 * 1024
"""Plain bytes; what is added to each is 17."""
ADDED: int = bindings.crypto_secretstream_xchacha20poly1305_ABYTES
HEADER: int = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
KEY: int = bindings.crypto_secretstream_xchacha20poly1305_KEYBYTES
LAST: int = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
GOES_ON: int = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
SEALED_KEY = KEY + 48  # a sealed box adds an ephemeral public key and a tag


class SealFault(InstallFault, ValueError):
    """A sealed file, or a key for one, is none."""


def new_pair() -> tuple[str, str]:
    """Private and public half, base64."""
    private = PrivateKey.generate()
    return tuple(base64.b64encode(bytes(half)).decode() for half in (private, private.public_key))  # type: ignore[return-value]  # two of them


def public_half(private_file: Path) -> str:
    """Of a private one, base64. SealFault, OSError."""
    return base64.b64encode(bytes(PrivateKey(_half(private_file)).public_key)).decode()


def seal(source: IO[bytes], target: IO[bytes], public_file: Path) -> None:
    """Copy, so that only the private half of what is in `public_file` reads it. SealFault, OSError."""
    key = bindings.randombytes(KEY)
    target.write(MAGIC + SealedBox(PublicKey(_half(public_file))).encrypt(key))
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    target.write(bindings.crypto_secretstream_xchacha20poly1305_init_push(state, key))
    piece = source.read(PIECE)
    while True:
        after = source.read(PIECE)
        tag = GOES_ON if after else LAST
        target.write(bindings.crypto_secretstream_xchacha20poly1305_push(state, piece, None, tag))
        if not after:
            return
        piece = after


def is_sealed(path: Path) -> bool:
    """Whether the file begins as one. OSError."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def unseal(sealed: Path, private_file: Path, target: IO[bytes]) -> None:
    """Open it. SealFault, OSError."""
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    with sealed.open("rb") as source:
        source.read(len(MAGIC))
        try:
            key = SealedBox(PrivateKey(_half(private_file))).decrypt(source.read(SEALED_KEY))
            bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, source.read(HEADER), key)
            tag = GOES_ON
            while piece := source.read(PIECE + ADDED):
                plain, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(state, piece, None)
                target.write(plain)
        except (CryptoError, ValueError, TypeError, RuntimeError) as error:
            raise SealFault(
                f"{sealed}: không mở được bằng {private_file}, hoặc tệp đã hỏng. Hãy thử bản sao lưu khác, hoặc đúng "
                "tệp backup.key trong két.",
                f"{sealed}: not opened by {private_file}, or damaged. Try another backup, or the right backup.key.",
            ) from error
    if tag != LAST:
        raise SealFault(
            f"{sealed}: thiếu phần cuối (USB bị rút sớm?). Hãy dùng bản sao lưu khác.",
            f"{sealed}: its end is missing (a stick pulled out early?). Use another backup.",
        )


def _half(path: Path) -> bytes:
    try:
        half = base64.b64decode(read(path).strip(), validate=True)
    except binascii.Error:
        half = b""
    if len(half) != PrivateKey.SIZE:
        raise SealFault(f"{path}: không phải khóa sao lưu.", f"{path}: no key of backups.")
    return half
