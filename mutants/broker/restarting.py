"""Runs the installer's command that starts a hanging Mosquitto anew, beside the loop.

What must hold: `restart` returns at once and never raises; one command at a time; none runs longer than COMMAND_S or
outlives that. How often it may be called is the core's to say (broker/core/beacon.py).
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Sequence

COMMAND_S = 30.0
"""`systemctl restart` of a Mosquitto that does not hear its signal waits for 90 s; a better command kills it."""
SHOWN_CHARS = 300


class Restarting:
    """One command."""

    def __init__(self, command: Sequence[str], say: Callable[[str], None] = lambda _: None) -> None:
        """`say` hears how it went, on another thread."""
        self._command = list(command)
        self._say = say
        self._thread: threading.Thread | None = None

    def restart(self) -> None:
        """Begin it, unless it still runs."""
        if self._thread is not None and self._thread.is_alive():
            self._say("Lệnh khởi động lại MQTT trước vẫn chưa xong. / The last restart of the broker still goes on.")
            return
        self._thread = threading.Thread(target=self._run, name="restart", daemon=True)
        self._thread.start()

    def wait(self, within_s: float) -> bool:
        """Whether none runs any more."""
        if self._thread is not None:
            self._thread.join(within_s)
        return self._thread is None or not self._thread.is_alive()

    def _run(self) -> None:
        shown = " ".join(self._command)
        try:
            done = subprocess.run(  # noqa: S603 - the installer's own command
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=COMMAND_S,
                check=False,
            )
        except (OSError, ValueError, subprocess.TimeoutExpired) as error:
            self._say(f"Không khởi động lại được MQTT: {error}. / The broker could not be restarted: {shown}: {error}.")
            return
        said = done.stdout.decode("utf-8", "replace").strip()[-SHOWN_CHARS:]
        if done.returncode:
            how = f"{shown}: {done.returncode} {said}"
            self._say(f"Không khởi động lại được MQTT: {how} / The broker could not be restarted.")
        else:
            self._say(f"Đã cho khởi động lại MQTT. / The broker was told to start anew: {shown}. {said}".strip())
