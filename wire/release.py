"""A release: a box's bundle (deploy/BUNDLE.md) with the project's word for it.

    manifest.json   its version, its targets, and of each file path, size and SHA-256
    release.sig     base64 Ed25519 over `keng-release 0x00 manifest.json`, by a release key

Rule 1. Nothing in a manifest is looked at before its signature holds: `opened` is the only way to a Manifest.
Rule 2. Who says what: a release key says what is in a release, and lies on no machine of a commune; the commune's key
says only that one is offered. So a stolen commune can offer a genuine release, and no code of its own.
Rule 3. No path leads out of the release's folder, and a version only rises: an old hole is not put back by an offer.
It knows no file, socket or clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from wire.errors import ReleaseFault
from wire.signature import Signer, Verifier
from wire.words import VERSION_PATTERN, Hash, Port, Version

MANIFEST, SIGNATURE = "manifest.json", "release.sig"
DOMAIN = "keng-release"  # no topic of the contract is called so: neither signature passes for the other
MAX_MANIFEST_BYTES = 256 * 1024  # a thousand files
MAX_SIGNATURE_BYTES = 256  # 88 and a line end
MAX_FILE_BYTES = 64 * 1024 * 1024  # NumPy's wheel is 18 MB
MAX_FILES = 1_000
MAX_KEYS = 8  # of release keys: the one in use, the next one, and those of a fork

# Letters of wheels' and packages' names; no part begins with a dot, so none is `..` or hidden.
_PART = "[A-Za-z0-9_][A-Za-z0-9._+!~%=-]{0,199}"
PATH_PATTERN = f"^{_PART}(?:/{_PART}){{0,5}}$(?!\\n)"
TARGET_PATTERN = r"^[a-z0-9]{1,20}-[a-z0-9]{1,20}$(?!\n)"
Path = Annotated[str, Meta(pattern=PATH_PATTERN)]
Target = Annotated[str, Meta(pattern=TARGET_PATTERN)]


class Release(Struct, frozen=True, kw_only=True):
    """A release, as it is offered."""

    version: Version
    """Of the program."""
    manifest: Hash
    """SHA-256 of its manifest."""
    port: Port
    """TCP port of the commune's machine where its files are, over HTTPS, below `/{version}/`."""


class File(Struct, frozen=True, kw_only=True):
    """One file of a release."""

    sha256: Hash
    """Of its content."""
    bytes: Annotated[int, Meta(ge=0, le=MAX_FILE_BYTES)]
    """Of its content, how many."""


class Manifest(Struct, frozen=True, kw_only=True):
    """What a release consists of."""

    format: Literal[1]
    """Of this file."""
    version: Version
    """Of the program; rises from release to release."""
    targets: dict[Target, Any]
    """For which machines it is: `SUITE-ARCHITECTURE` of Debian, as trixie-arm64."""
    files: Annotated[dict[Path, File], Meta(min_length=1, max_length=MAX_FILES)]
    """All of them, but for the manifest and its signatures."""


def signed(manifest: bytes, key: Signer) -> str:
    """The release key's word for these bytes, base64."""
    return key.sign(DOMAIN, manifest)


def opened(manifest: bytes, signature: str, keys: Iterable[str]) -> Manifest:
    """The manifest, if one of the release keys (base64) vouches for it. ReleaseFault(key | signature | manifest)."""
    keys = tuple(keys)
    if not keys:
        raise ReleaseFault("key")
    if len(manifest) > MAX_MANIFEST_BYTES:
        raise ReleaseFault("manifest", f"{len(manifest)} bytes")
    if not any(Verifier(key).fits(DOMAIN, manifest, signature) for key in keys):
        raise ReleaseFault("signature")
    try:
        read = msgspec.json.decode(manifest, type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ReleaseFault("manifest", str(error)) from error
    if len({path.casefold() for path in read.files}) < len(read.files):
        raise ReleaseFault("manifest", "a path twice")
    return read


def keys_of(text: str) -> tuple[str, ...]:
    """The public keys of a file, one a line; `#` begins a remark. ReleaseFault(key) if a line is no key."""
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    keys = tuple(line for line in lines if line)
    try:
        for key in keys:
            Verifier(key)
    except ValueError as error:
        raise ReleaseFault("key", str(error)) from error
    if len(keys) > MAX_KEYS:
        raise ReleaseFault("key", f"more than {MAX_KEYS}")
    return keys


def newer(version: str, than: str) -> bool:
    """Whether `version` is above `than`; what is no version is below all."""
    return _numbers(version) > _numbers(than)


def _numbers(version: str) -> tuple[int, ...]:
    if not re.search(VERSION_PATTERN, version):
        return ()
    numbers = [int(part) for part in version.split(".")]
    return tuple(numbers + [0] * (4 - len(numbers)))


def for_target(manifest: Manifest, target: str, *, render: bool = True) -> dict[str, File]:
    """What such a machine needs of it to install the program alone; `render`: with what renders sounds (NumPy).

    ReleaseFault(machine) if it was not made for it.
    """
    if target not in manifest.targets:
        raise ReleaseFault("machine", f"{target}; {', '.join(sorted(manifest.targets))}")
    wheels = {"any", target, f"{target}-render"} if render else {"any", target}
    return {path: file for path, file in manifest.files.items() if _needed(path, wheels)}


def _needed(path: str, wheels: set[str]) -> bool:
    folder, _, rest = path.partition("/")
    return folder not in {"wheels", "debs"} or (folder == "wheels" and rest.partition("/")[0] in wheels)
