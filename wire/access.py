"""Where the broker is, who we are and how both prove it: the link's settings, read and checked once. No paho."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wire.errors import LinkFault


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """Where the broker is and who we are."""

    host: str
    """Name or address."""
    port: int
    """TCP port."""
    client_id: str
    """Node or user id; the broker replaces it by the user name where passwords are in use."""
    password_file: Path | None = None
    """The first line counts; none on a broker without passwords (the demo)."""
    user: str | None = None
    """Broker user; none: the client id."""
    ca_file: Path | None = None
    """The commune's own CA; none: no TLS (loopback and the demo only)."""
    others: tuple[str, ...] = ()
    """More names and addresses of the same machine, tried in turn."""
    kept: Path | None = None
    """Where it is kept which of them last let us in; none: nowhere."""


def tune(sock: Any) -> None:
    """Set a new connection's options. `sock`: a socket, or what TLS makes of it."""
    # Without it one packet in some dozens waits 40 ms for another.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def tls_context(settings: LinkSettings) -> ssl.SSLContext | None:
    """What checks the broker's certificate; none without TLS; LinkFault if the CA's file is no good."""
    if settings.ca_file is None:
        return None
    try:
        # The commune's CA alone, never the system's: nobody else may vouch for its broker.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_verify_locations(cafile=settings.ca_file)
    except (OSError, ssl.SSLError) as error:
        raise LinkFault(
            f"Không đọc được chứng chỉ của xã {settings.ca_file}: {error}. Hãy chép lại tệp này từ máy của xã.",
            f"Cannot read the commune's certificate {settings.ca_file}: {error}. "
            "Copy it from the commune's machine again.",
        ) from error
    return context


def password(settings: LinkSettings) -> str | None:
    """The first line of the password file; none where none is set; LinkFault if there is nothing in it."""
    if settings.password_file is None:
        return None
    try:
        lines = settings.password_file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise LinkFault(
            f"Không đọc được mật khẩu {settings.password_file}: {error}. Hãy kiểm tra tệp và quyền đọc.",
            f"Cannot read the password {settings.password_file}: {error}. Check the file and who may read it.",
        ) from error
    first = lines[0].strip() if lines else ""
    if not first:
        raise LinkFault(
            f"Tệp mật khẩu {settings.password_file} trống. Hãy ghi mật khẩu vào dòng đầu.",
            f"The password file {settings.password_file} is empty. Write the password on its first line.",
        )
    return first
