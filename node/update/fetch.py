"""Fetches a release's files from the commune's machine, over HTTPS by the commune's CA. As the user keng.

Rule 1. Nothing is asked for but by the release key's word: first the manifest and its signature, then the files in it.
Rule 2. A file under its own name is whole and is what the manifest says; what is not yet lies beside it as `.part`. So
whatever is cut off goes on where it was, a file at a time, and what the installed version had already is not fetched.
Rule 3. It ends as soon as the permission is gone: an alarm needs the link more.
"""

from __future__ import annotations

import errno
import hashlib
import http.client
import os
import shutil
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from node.update.files import PERMIT, Permitted, read
from wire.errors import ReleaseFault
from wire.release import (
    MANIFEST,
    MAX_MANIFEST_BYTES,
    MAX_SIGNATURE_BYTES,
    SIGNATURE,
    File,
    Manifest,
    for_target,
    newer,
    opened,
)

CHUNK = 64 * 1024
BYTES_A_SECOND = 256 * 1024  # a hamlet's link carries alarms first; 30 MB take two minutes
TIMEOUT_S = 30.0
RESERVE_BYTES = 100 * 1024 * 1024  # room that must be left: for the journal, sounds, what pip unpacks on its way
UNPACKED = 5  # times its size a wheel becomes, with the compiled Python of it


class NotNow(Exception):
    """The permission is gone; what is there stays."""


class NoNetwork(Exception):
    """The commune's machine did not give a file."""


class Fetcher:
    """One try."""

    def __init__(
        self,
        folder: Path,
        run: Path,
        keys: tuple[str, ...],
        target: str,
        installed: str,
        context: ssl.SSLContext | None,
        *,
        at_hand: Path | None = None,
        wait: Callable[[float], None] = time.sleep,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """`run`: the node's folder with the permission; `at_hand`: the bundle that the installed version came from."""
        self._folder, self._run, self._keys, self._target = folder, run, keys, target
        self._installed, self._context, self._at_hand, self._wait = installed, context, at_hand, wait
        self._timeout_s = timeout_s

    def fetch(self, permitted: Permitted) -> Path:
        """The folder with all that this machine needs. ReleaseFault, NoNetwork, NotNow, OSError (disk full: ENOSPC)."""
        release = permitted.release
        folder = self._folder / release.version
        folder.mkdir(parents=True, exist_ok=True)
        self._drop_others(release.version)
        manifest = self._manifest(permitted, folder)
        files = for_target(manifest, self._target)
        missing = {path: file for path, file in files.items() if not self._there(folder / path, file)}
        _room(self._folder, missing)
        for path, file in missing.items():
            self._get(permitted, path, folder / path, file)
        return folder

    def _drop_others(self, version: str) -> None:
        for other in self._folder.iterdir():
            if other.is_dir() and other.name != version:
                shutil.rmtree(other, ignore_errors=True)

    def _manifest(self, permitted: Permitted, folder: Path) -> Manifest:
        raw = self._small(permitted, MANIFEST, MAX_MANIFEST_BYTES)
        if hashlib.sha256(raw).hexdigest() != permitted.release.manifest:
            raise ReleaseFault("hash", MANIFEST)
        signature = self._small(permitted, SIGNATURE, MAX_SIGNATURE_BYTES)
        manifest = opened(raw, signature.decode("ascii", "replace").strip(), self._keys)
        if manifest.version != permitted.release.version:
            raise ReleaseFault("manifest", f"{manifest.version} under the name of {permitted.release.version}")
        if not newer(manifest.version, self._installed):
            raise ReleaseFault("older", f"{manifest.version}, installed {self._installed}")
        (folder / MANIFEST).write_bytes(raw)
        (folder / SIGNATURE).write_bytes(signature)
        return manifest

    def _small(self, permitted: Permitted, name: str, most: int) -> bytes:
        got = b"".join(self._chunks(permitted, name, most))
        if len(got) > most:
            raise ReleaseFault("manifest", f"{name}: over {most} bytes")
        return got

    def _there(self, path: Path, file: File) -> bool:
        try:
            return path.stat().st_size == file.bytes and sha256_of(path) == file.sha256
        except OSError:
            return False

    def _get(self, permitted: Permitted, name: str, path: Path, file: File) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        part.unlink(missing_ok=True)  # half of one, or a link that somebody left
        old = None if self._at_hand is None else self._at_hand / name
        if old is not None and self._there(old, file):
            shutil.copyfile(old, part)
        else:
            with part.open("wb") as to:
                for chunk in self._chunks(permitted, name, file.bytes):
                    to.write(chunk)
                to.flush()
                os.fsync(to.fileno())
        if not self._there(part, file):
            part.unlink()
            raise ReleaseFault("hash", name)
        part.replace(path)

    def _chunks(self, permitted: Permitted, name: str, most: int) -> Iterator[bytes]:
        """Of the first of the commune's addresses that gives it; one more byte than `most` at most."""
        with closing(self._connected(permitted)) as link:
            try:
                link.request("GET", f"/{permitted.release.version}/{quote(name)}", headers={"Connection": "close"})
                answer = link.getresponse()
                if answer.status != http.client.OK:
                    raise NoNetwork(f"{name}: {answer.status}")
                got = 0
                while got <= most and (chunk := answer.read(min(CHUNK, most + 1 - got))):
                    if read(self._run / PERMIT, Permitted) != permitted:
                        raise NotNow
                    got += len(chunk)
                    yield chunk
                    self._wait(len(chunk) / BYTES_A_SECOND)
                if got <= most and answer.length:
                    # It ended as if that were all (a restart over there): no forgery, for which all boxes would stop.
                    raise NoNetwork(f"{name}: {answer.length} bytes are missing")
            except (http.client.HTTPException, OSError) as error:
                raise NoNetwork(f"{name}: {error}") from error

    def _connected(self, permitted: Permitted) -> http.client.HTTPConnection:
        why: Exception | None = None
        for host in permitted.hosts:
            port = permitted.release.port
            link = (
                http.client.HTTPConnection(host, port, timeout=self._timeout_s)
                if self._context is None
                else http.client.HTTPSConnection(host, port, timeout=self._timeout_s, context=self._context)
            )
            try:
                link.connect()
            except (OSError, UnicodeError) as error:
                why = error
                link.close()
            else:
                return link
        raise NoNetwork(f"{', '.join(permitted.hosts)}: {why}")


def sha256_of(path: Path) -> str:
    """Of a file's content. OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _room(folder: Path, missing: Mapping[str, File]) -> None:
    """OSError(ENOSPC) if there is none for these files, nor for what they are unpacked to."""
    there = os.statvfs(folder)
    needed = UNPACKED * sum(file.bytes for file in missing.values()) + RESERVE_BYTES
    if there.f_bavail * there.f_frsize < needed:
        raise OSError(errno.ENOSPC, f"{needed >> 20} MB are needed", str(folder))
