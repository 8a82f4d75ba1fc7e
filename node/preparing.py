"""Rendering in the background: a niced child of the room `patterns`, one at a time, the newest wish last.

What must always hold: the node never waits for it and never imports NumPy; a child that dies or hangs costs nothing but
patterns that are not ready; the node's end is the child's end.
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
NICE = ("nice", "-n", "19")
"""It must never take the processor from a sound."""


class Preparing:
    """Runs `python -m patterns.prepare` for one source after another."""

    def __init__(self, cache_dir: Path, voice: Path | None, done: Callable[[], None]) -> None:
        """`done` is called, on a thread of its own, after each child, however it ended."""
        self._voice = [] if voice is None else ["--voice", str(voice)]
        self._cache_dir = cache_dir
        self._done = done
        self._lock = threading.Lock()
        self._wish: str | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._working = False
        self._closed = False

    def want(self, source: str) -> None:
        """Render `source` (a code book's file, or "builtins") soon; returns at once."""
        with self._lock:
            self._wish = source
            if self._working or self._closed:
                return
            self._working = True
        threading.Thread(target=self._run, name="preparing", daemon=True).start()

    def close(self) -> None:
        """End the child, if there is one."""
        with self._lock:
            self._closed = True
            if self._child is not None:
                self._child.kill()

    def _run(self) -> None:
        while True:
            with self._lock:
                source, self._wish = self._wish, None
                if source is None or self._closed:
                    self._working = False
                    return
            try:
                self._render(source)
                self._done()
            except Exception:
                _log.exception("rendering %s failed", source)

    def _render(self, source: str) -> None:
        command = [*NICE, sys.executable, "-m", "patterns.prepare", source, str(self._cache_dir), *self._voice]
        with self._lock:
            if self._closed:
                return
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
        with self._lock:
            self._child = None
        if child.returncode and not self._closed:
            _log.warning("patterns could not be rendered: %s", words.decode(errors="replace").strip())
