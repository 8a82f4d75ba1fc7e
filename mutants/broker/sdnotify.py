"""Tells systemd how the service is: sd_notify(3), one datagram to the socket that it names, if it names one."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping


class Notifier:
    """The socket of NOTIFY_SOCKET, and the watchdog's period of WATCHDOG_USEC."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        meant_for = environment.get("WATCHDOG_PID")
        usec = environment.get("WATCHDOG_USEC", "")
        ours = meant_for is None or meant_for == str(os.getpid())
        self.watchdog_ms = int(usec) // 1000 if ours and usec.isdecimal() else 0
        """Within which systemd must hear WATCHDOG=1; 0: it does not watch."""

    def say(self, *lines: str) -> None:
        """Such as "READY=1", "STATUS=…", "WATCHDOG=1", "STOPPING=1". Never raises: without systemd all goes on."""
        if not self._address:
            return
        # A leading @ stands for the abstract namespace (sd_notify(3)).
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
                sock.sendto("\n".join(lines).encode(), address)
        except OSError:
            return
