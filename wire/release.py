"""A release: what one version of the program consists of, and the project's word for it.

    MANIFEST.json   its version, and of each file its path, size and SHA-256
    MANIFEST.sig    base64 Ed25519 over `keng-release 0x00 MANIFEST.json`, by a release key

Rule 1. Nothing in a manifest is looked at before its signature holds: `opened` is the only way to a Manifest.
Rule 2. Who says what: a release key says what is in a release, and lies on no machine of a commune; the commune's key
says only that one is offered. So a stolen commune can offer a genuine release, and no code of its own.
Rule 3. No path leads out of the release's folder, and a version only rises: an old hole is not put back by an offer.
It knows no file, socket or clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from wire.errors import ReleaseFault
from wire.signature import Signer, Verifier
from wire.words import VERSION_PATTERN, Hash, Port, Version

MANIFEST, SIGNATURE = "MANIFEST.json", "MANIFEST.sig"
DOMAIN = "keng-release"  # no topic of the contract is called so: neither signature passes for the other
MAX_MANIFEST_BYTES = 256 * 1024  # a thousand files
MAX_FILE_BYTES = 64 * 1024 * 1024  # NumPy's wheel is 18 MB
MAX_FILES = 1_000
MAX_KEYS = 8  # of release keys: the one in use, the next one, and those of a fork

# Letters of wheels' names; no part begins with a dot, so none is `..` or hidden.
PATH_PATTERN = r"^[A-Za-z0-9_][A-Za-z0-9._+!-]{0,127}(/[A-Za-z0-9_][A-Za-z0-9._+!-]{0,127}){0,5}$(?!\n)"
_WHEEL = re.compile(r"[^-/]+-[^-/]+(?:-[^-/]+)?-([^-/]+)-([^-/]+)-([^-/]+)\.whl")


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

    path: Annotated[str, Meta(pattern=PATH_PATTERN)]
    """Below the release's folder."""
    size: Annotated[int, Meta(ge=0, le=MAX_FILE_BYTES)]
    """Bytes."""
    sha256: Hash
    """Of its content."""


class Manifest(Struct, frozen=True, kw_only=True):
    """What a release consists of."""

    format: Literal[1] = 1
    """Of this file."""
    version: Version
    """Of the program; rises from release to release."""
    files: Annotated[tuple[File, ...], Meta(min_length=1, max_length=MAX_FILES)]
    """All of them, but for the manifest and its signature."""


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
    if len({file.path.casefold() for file in read.files}) < len(read.files):
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


def for_machine(manifest: Manifest, python: tuple[int, int], machine: str) -> tuple[File, ...]:
    """What such a machine needs: all but the wheels of others. ReleaseFault(machine) if the program is not for it."""
    found = tuple(file for file in manifest.files if _fits(file.path, python, machine))
    for_it = {_project(file.path) for file in found}
    missing = {_project(file.path) for file in manifest.files} - for_it
    if missing:
        raise ReleaseFault("machine", f"{', '.join(sorted(missing))}: {machine}, Python {python[0]}.{python[1]}")
    return found


def _project(path: str) -> str:
    name = path.rpartition("/")[2]
    return name.partition("-")[0].lower() if _WHEEL.fullmatch(name) else ""


def _fits(path: str, python: tuple[int, int], machine: str) -> bool:
    found = _WHEEL.fullmatch(path.rpartition("/")[2])
    if found is None:
        return True
    pythons, abis, platforms = (tags.split(".") for tags in found.groups())
    exact = {f"cp{python[0]}{python[1]}", f"py{python[0]}{python[1]}", f"py{python[0]}"}
    older = any(tag.startswith("cp3") and tag[3:].isdigit() and int(tag[3:]) <= python[1] for tag in pythons)
    fits_python = not exact.isdisjoint(pythons) or ("abi3" in abis and python[0] == 3 and older)
    return fits_python and any(tag == "any" or tag.endswith(f"_{machine}") for tag in platforms)
