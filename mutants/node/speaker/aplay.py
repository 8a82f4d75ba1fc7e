"""A sound card through `aplay` as a child: what a driver or libasound does to it, it cannot do to the node.

What must always hold: silence is a killed child, and the child is gone before the next one is born, so that it never
meets itself as "busy"; only our own child is ever killed; if the node dies, the child reads its end of file and ends.

How far the child is cannot be asked. It takes a period from the pipe as soon as the one before it fits the device's
buffer, so what has sounded is what it took, less the full buffer and the period in its hands.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import subprocess
import termios
from array import array
from contextlib import suppress

from node.speaker.errors import NoAlsa, SinkTrouble, trouble
from node.speaker.ports import RATE_HZ
from node.speaker.sink import Gauge

PERIOD_FRAMES = RATE_HZ * 10 // 1000
BUFFER_FRAMES = 4 * PERIOD_FRAMES
"""40 ms in the device, as alsa.py has it."""
PIPE_FRAMES = 1920
"""Kept in the pipe: 40 ms more for the child to live on while this process waits for a processor."""
PIPE_BYTES = 16_384
"""The pipe itself, four pages: room is counted by us, so that the kernel never takes half a frame."""
BIRTH_S = 2.0
"""How long a probing child may take: a healthy one needs 10 ms."""
_ERRNOS = (errno.EBUSY, errno.ENODEV, errno.ENOENT, errno.ENXIO, errno.EACCES, errno.EPERM)


class AplayChild:
    """A Sink over `aplay -D device`."""

    def __init__(self, device: str = "default") -> None:
        program = shutil.which("aplay")
        if program is None:
            raise NoAlsa("aplay", "alsa-utils")
        shape = ["-t", "raw", "-f", "S16_LE", "-c", "1", "-r", str(RATE_HZ)]
        depth = [f"--period-size={PERIOD_FRAMES}", f"--buffer-size={BUFFER_FRAMES}"]
        self._command = [program, "-q", "-D", device, *shape, *depth]
        self._child: subprocess.Popen[bytes] | None = None
        self._pipe = -1
        self._written = 0
        self._heard = 0

    def open(self) -> None:
        self.close()
        self._written = self._heard = 0
        self._child = self._bear()
        assert self._child.stdin is not None  # noqa: S101 - Popen's own promise for PIPE
        self._pipe = self._child.stdin.fileno()
        fcntl.fcntl(self._pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        os.set_blocking(self._pipe, False)

    def gauge(self) -> Gauge:
        child = self._child
        if child is None or child.poll() is not None:
            raise self._last_words()
        waiting = array("i", [0])
        fcntl.ioctl(self._pipe, termios.FIONREAD, waiting)
        queued = waiting[0] // 2
        sounded = self._written - queued - BUFFER_FRAMES - PERIOD_FRAMES
        self._heard = max(self._heard, sounded)
        return Gauge(max(0, PIPE_FRAMES - queued), self._heard, running=sounded >= 0)

    def write(self, pcm: memoryview) -> int:
        try:
            taken = os.write(self._pipe, pcm) // 2
        except BlockingIOError:
            return 0
        except BrokenPipeError:
            raise self._last_words() from None
        self._written += taken
        return taken

    def close(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for end in (child.stdin, child.stderr):
            if end is not None:
                with suppress(OSError):
                    end.close()

    def probe(self) -> None:
        child = self._bear()
        try:
            _, words = child.communicate(b"", BIRTH_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
            raise SinkTrouble("io", f"aplay did not open the device within {BIRTH_S:g} s") from None
        if child.returncode:
            raise _meaning(words)

    def _bear(self) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "LC_ALL": "C"}  # its complaints are read by _meaning
        pipe = subprocess.PIPE
        try:
            # Its own group, so that Ctrl-C reaches the node alone; not its own session: with autogroup scheduling a
            # new session's first process was seen to wait seconds for a busy processor.
            return subprocess.Popen(  # noqa: S603 - a fixed program, its arguments from the node's own settings
                self._command, stdin=pipe, stderr=pipe, env=environment, bufsize=0, process_group=0
            )
        except OSError as fault:
            raise SinkTrouble("io", f"aplay cannot be started: {fault}") from fault

    def _last_words(self) -> SinkTrouble:
        child = self._child
        if child is None or child.stderr is None:
            return SinkTrouble("io", "aplay is not running")
        with suppress(subprocess.TimeoutExpired):
            child.wait(BIRTH_S)
        os.set_blocking(child.stderr.fileno(), False)
        return _meaning(child.stderr.read() or b"")


def _meaning(words: bytes) -> SinkTrouble:
    """The errno behind aplay's complaint, which ends in its strerror."""
    text = words.decode(errors="replace").strip()
    for number in _ERRNOS:
        if os.strerror(number) in text:
            return trouble(number, os.strerror(number))
    return SinkTrouble("io", text.splitlines()[-1] if text else "aplay ended without a word")
