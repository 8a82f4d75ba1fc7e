"""What systemd is told: ready, still alive, stopping, and one line for `systemctl status`. A socket, no library.

What must always hold: the watchdog is fed only by progress. `Progress` compares counters that move while a part truly
works; one that stands still between two feedings lets the feeding out, and systemd restarts the node. Work is also to
wait for what is not there: a healthy node with nothing to do is fed.

Protocol: sd_notify(3). Without NOTIFY_SOCKET nothing is said and nothing is fed.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping

FEED_EVERY_MS = 6_000
"""The speaker's counter moves within 5 s; oftener would take a healthy node for a stuck one."""


class Notifier:
    """Speaks to systemd, if it listens."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address
        pid = environment.get("WATCHDOG_PID")
        usec = environment.get("WATCHDOG_USEC", "")
        self.watchdog_ms = int(usec) // 1000 if usec.isdigit() and pid in (None, "", str(os.getpid())) else None
        """How long systemd waits for food; None: it does not."""

    def say(self, *lines: str) -> bool:
        """One datagram, e.g. say("READY=1", "STATUS=…"); whether it went out. Never raises, never blocks."""
        if not self._address:
            return False
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK) as to:
                to.sendto("\n".join(lines).encode(), self._address)
        except OSError:
            return False
        return True


class Progress:
    """Counters that must all have moved since the last look."""

    def __init__(self, counters: Mapping[str, Callable[[], int]]) -> None:
        self._counters = counters
        self._last = {name: count() for name, count in counters.items()}

    def stuck(self) -> list[str]:
        """Names of those that stand still since the last look; looks at all."""
        now = {name: count() for name, count in self._counters.items()}
        still = [name for name, count in now.items() if count == self._last[name]]
        self._last = now
        return still
