"""A process of a test's own: ended, killed, frozen and thawed; the base of nodes, services, consoles and brokers.

What must hold: whatever state it is in, `end` leaves nothing of it. It does not know how it is started.
"""

from __future__ import annotations

import os
import signal
import subprocess

from fakes.waiting import freeze

ENDS_S = 30.0
"""A process that is told to end, on a machine that does other things."""


class Process:
    """At most one at a time."""

    _process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Of the one that runs."""
        assert self._process is not None, "it does not run"
        return self._process.pid

    def kill(self) -> None:
        """kill -9: no goodbye to anybody."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM, an orderly end; its exit code."""
        return self._end(signal.SIGTERM)

    def freeze(self) -> None:
        """SIGSTOP: connections stay open, nothing answers; the kernel still accepts new ones."""
        freeze(self.pid)

    def thaw(self) -> None:
        """SIGCONT."""
        os.kill(self.pid, signal.SIGCONT)

    def end(self) -> None:
        """Gone, whatever state it is in."""
        if self._process is not None:
            self.kill()

    def _end(self, sign: signal.Signals) -> int:
        assert self._process is not None, "it does not run"
        self._process.send_signal(sign)
        code = self._process.wait(ENDS_S)
        self._process = None
        return code
