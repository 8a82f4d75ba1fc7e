"""Rendering in the background: a niced child of the room `patterns`, one at a time, the newest wish last.

What must always hold: the node never waits for it and never imports NumPy; a child that dies or hangs costs nothing but
patterns that are not ready, and is tried again, later each time and not for ever; the node's end is the child's end.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_log = logging.getLogger(__name__)

RENDER_S = 600
"""A code book takes seconds here and a minute or two on the smallest Pi."""
AGAIN_S = (10.0, 60.0, 600.0, 3_600.0, 6 * 3_600.0)
"""Before each new try at what failed: memory or a card's room may be there in a minute, or when somebody has come."""
NICE = ("nice", "-n", "19")
"""It must never take the processor from a sound."""


class Preparing:
    """Runs `python -m patterns.prepare` for one source after another."""

    def __init__(
        self, cache_dir: Path, voice: Path | None, done: Callable[[str], None], again_s: tuple[float, ...] = AGAIN_S
    ) -> None:
        """`done` is called, on a thread of its own, after each child: with why it failed, or with nothing."""
        self._voice = [] if voice is None else ["--voice", str(voice)]
        self._cache_dir = cache_dir
        self._done = done
        self._again_s = again_s
        self._change = threading.Condition()
        self._wish: str | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._working = False
        self._closed = False

    @property
    def idle(self) -> bool:
        """Whether nothing is being rendered, nor will be tried again."""
        with self._change:
            return not self._working

    def want(self, source: str) -> None:
        """Render `source` (a code book's file, or "builtins") soon; returns at once."""
        with self._change:
            self._wish = source
            self._change.notify()
            if self._working or self._closed:
                return
            self._working = True
        threading.Thread(target=self._run, name="preparing", daemon=True).start()

    def close(self) -> None:
        """End the child, if there is one."""
        with self._change:
            self._closed = True
            self._change.notify()
            if self._child is not None:
                self._child.kill()

    def _run(self) -> None:
        source, failed = "", 0
        while True:
            with self._change:
                if failed and self._wish is None and not self._closed:
                    self._change.wait(self._again_s[failed - 1])
                if self._wish is not None:
                    source, failed, self._wish = self._wish, 0, None
                if self._closed or not source:
                    self._working = False
                    return
            failed = 0 if self._tried(source) else failed + 1
            if not failed or failed > len(self._again_s):
                source, failed = "", 0

    def _tried(self, source: str) -> bool:
        try:
            why = self._render(source)
        except Exception as fault:
            _log.exception("rendering %s failed", source)
            why = f"{type(fault).__name__}: {fault}"
        try:
            self._done(why)
        except Exception:
            _log.exception("what was rendered could not be taken")
        return not why

    def _render(self, source: str) -> str:
        """Why it failed; nothing if it did not."""
        command = [*NICE, sys.executable, "-m", "patterns.prepare", source, str(self._cache_dir), *self._voice]
        with self._change:
            if self._closed:
                return ""
            child = subprocess.Popen(  # noqa: S603 - our own program, its arguments from the node's own settings
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
            )
            self._child = child
        with suppress(OSError):  # the node itself is the last that the kernel may kill: its child comes first
            Path(f"/proc/{child.pid}/oom_score_adj").write_text("800")
        try:
            _, words = child.communicate(timeout=RENDER_S)
        except subprocess.TimeoutExpired:
            child.kill()
            words = child.communicate()[1] + b"it took too long"
        with self._change:
            self._child = None
            if not child.returncode or self._closed:
                return ""
        return words.decode(errors="replace").strip() or f"it ended with {child.returncode}"
