"""Processes that are started again a second after they die, as systemd would do it.

What must always hold: every child dies with us, however we die (the kernel kills it: setpriv --pdeathsig); ending them
takes END_S at most; only what was started here is ever ended, by its own number.
Rule: all children are started by one thread that lives as long as they do, for the kernel counts the death of the
thread that started a child as the parent's.
"""

from __future__ import annotations

import os
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

RESTART_S = 1.0
"""As RestartSec=1 in the units."""
TURN_S = 0.05
"""How soon a death is seen."""
END_S = 2.0
"""For all of them to end in order; then they are killed."""
STOP_S = 1.0
"""For one rank of them."""

DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL", "--", "sh", "-c", '[ "$PPID" = "$0" ] || exit 1; exec "$@"')
"""Before a command, with our number between: the kernel kills it when we die. The shell looks whether we died before
setpriv could ask for that; then it is gone by itself."""

State = Literal["runs", "down", "waits"]


@dataclass(frozen=True, slots=True)
class Program:
    """What to run."""

    name: str
    """Unique."""
    command: tuple[str, ...]
    """The program and its arguments."""
    log: Path
    """Where its output goes."""
    rank: int
    """Ended in this order, lowest first."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Its whole environment."""
    wish: Path | None = None
    """When this file appears it is taken away, and the program is killed and started again: it hangs, says another."""


@dataclass(slots=True)
class _Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    again_at_s: float | None = None
    wanted: bool = True


Said = Callable[[str, str, str], None]
"""(name of the program, Vietnamese, English)."""


class Children:
    """Keeps programs running."""

    def __init__(self, said: Said) -> None:
        """`said` is called on the children's thread."""
        self._said = said
        self._children: dict[str, _Child] = {}
        self._wishes: queue.SimpleQueue[tuple[str, Program | str, threading.Event]] = queue.SimpleQueue()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="children", daemon=True)
        self._thread.start()

    def listen(self, said: Said) -> None:
        """From now on tell this one instead."""
        self._said = said

    def start(self, program: Program) -> None:
        """Start it, and keep it running; returns when it was started."""
        self._wish("start", program)

    def kill(self, name: str) -> None:
        """kill -9, and leave it dead until `revive`."""
        self._wish("kill", name)

    def revive(self, name: str) -> None:
        """Start what was killed."""
        self._wish("revive", name)

    def state(self, name: str) -> State:
        """Whether it runs, is dead for good, or about to be started again."""
        child = self._children[name]
        if child.process is not None:
            return "runs"
        return "waits" if child.wanted else "down"

    def pids(self) -> dict[str, int]:
        """Of those that run, now."""
        running = [(name, child.process) for name, child in list(self._children.items())]
        return {name: process.pid for name, process in running if process is not None}

    def end(self) -> None:
        """End all, rank by rank, within END_S; nothing is started again."""
        self._wish("end", "")
        self._thread.join(END_S + 1)

    def _wish(self, verb: str, what: Program | str) -> None:
        done = threading.Event()
        self._wishes.put((verb, what, done))
        while not done.wait(0.1):
            if self._ended.is_set():
                return

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                verb, what, done = self._wishes.get(timeout=TURN_S)
            except queue.Empty:
                self._look()
                continue
            try:
                self._do(verb, what)
            finally:
                done.set()

    def _do(self, verb: str, what: Program | str) -> None:
        if isinstance(what, Program):
            self._children[what.name] = _Child(what)
            self._launch(self._children[what.name])
        elif verb == "kill":
            child = self._children[what]
            child.wanted = False
            if child.process is not None:
                child.process.kill()
        elif verb == "revive":
            child = self._children[what]
            child.wanted, child.again_at_s = True, None
            if child.process is None:
                self._launch(child)
        else:
            self._end_all()
            self._ended.set()

    def _launch(self, child: _Child) -> None:
        program = child.program
        child.again_at_s = None
        try:
            with program.log.open("ab") as log:
                child.process = subprocess.Popen(  # noqa: S603 - our own programs
                    [*DIES_WITH_US, str(os.getpid()), *program.command],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env=dict(program.environment),
                    start_new_session=True,  # Ctrl-C is ours to answer, in order
                )
        except OSError as error:
            self._said(program.name, f"không chạy được ({error.strerror})", f"cannot be started ({error.strerror})")
            child.again_at_s = time.monotonic() + RESTART_S

    def _look(self) -> None:
        now_s = time.monotonic()
        self._grant()
        for name, child in list(self._children.items()):
            if child.process is not None and (code := child.process.poll()) is not None:
                child.process = None
                how = f"-{-code}" if code < 0 else str(code)
                if child.wanted:
                    child.again_at_s = now_s + RESTART_S
                    self._said(name, f"đã chết ({how}), 1 giây nữa chạy lại", f"died ({how}), starts again in 1 s")
                else:
                    self._said(name, f"đã chết ({how})", f"died ({how})")
            if child.process is None and child.again_at_s is not None and now_s >= child.again_at_s:
                self._launch(child)
                self._said(name, "chạy lại", "started again")

    def _grant(self) -> None:
        for child in list(self._children.values()):
            if child.program.wish is None or not child.program.wish.exists():
                continue
            child.program.wish.unlink(missing_ok=True)
            # What is dead for play stays dead.
            if child.process is not None and child.wanted:
                self._said(child.program.name, "treo, khởi động lại", "hangs, is started anew")
                child.process.kill()

    def _end_all(self) -> None:
        until_s = time.monotonic() + END_S
        for rank in sorted({child.program.rank for child in self._children.values()}):
            mine = [c.process for c in self._children.values() if c.program.rank == rank and c.process is not None]
            for process in mine:
                process.terminate()
            _wait(mine, min(until_s, time.monotonic() + STOP_S))
        left = [child.process for child in self._children.values() if child.process is not None]
        for process in left:
            if process.poll() is None:
                process.kill()
        _wait(left, time.monotonic() + 1)


def _wait(processes: Sequence[subprocess.Popen[bytes]], until_s: float) -> None:
    for process in processes:
        try:
            process.wait(max(0.0, until_s - time.monotonic()))
        except subprocess.TimeoutExpired:
            return
