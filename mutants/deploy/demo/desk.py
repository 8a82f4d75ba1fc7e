"""The demo's duty desk: its officers made, its console started, its address told."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass

from deploy.demo import ports, written
from deploy.demo.children import Program
from deploy.demo.home import ROOT, DemoFault
from deploy.demo.town import Town, child_environment, program

CONSOLE = "keng-console"
FIRST_PORT = 18_880
"""Of the demo's web pages; the next free one where it is taken."""
MAKE_S = 120.0
"""A Pi that loads Django for the first time."""
READY_S = 60.0


@dataclass(frozen=True, slots=True)
class Desk:
    """Where it is, and how to come in."""

    url: str
    """For a browser on this machine."""
    users: tuple[str, ...]
    """Login names."""
    password: str
    """Of each of them; gone with the demo."""
    pin: str
    """Of each of them."""


def open_desk(town: Town) -> Desk:
    """Start the console; it serves when this returns. DemoFault."""
    port = ports.first_free(FIRST_PORT)
    settings = written.write_console(town.home, port, town.port, town.offset_ms or 0)
    made = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "broker.console.tryout.people", str(settings)],
        cwd=ROOT,
        env=child_environment(),
        capture_output=True,
        text=True,
        timeout=MAKE_S,
        check=False,
    )
    if made.returncode:
        tail = made.stderr.strip().splitlines()[-1:]
        raise DemoFault(f"Không tạo được tài khoản trực ban: {tail}", f"The duty desk's accounts: {tail}")
    people = json.loads(made.stdout.strip().splitlines()[-1])
    log = town.home.log(CONSOLE)
    command = (program("keng"), "console", "--settings", str(settings))
    town.children.start(Program(CONSOLE, command, log, rank=0, environment=child_environment()))
    until_s = time.monotonic() + READY_S
    while not ports.listens(port):
        if time.monotonic() > until_s:
            raise DemoFault(f"Trang trực ban không chạy, xem {log}", f"The duty desk does not start; see {log}")
        time.sleep(0.1)  # nothing tells when a process listens
    return Desk(f"http://{ports.HOST}:{port}/", tuple(people["users"]), people["password"], people["pin"])


def desk_lines(desk: Desk | None) -> tuple[str, ...]:
    """For the screen's log."""
    if desk is None:
        return ()
    return (
        f"Trang trực ban / the duty desk: {desk.url}",
        f"  {' | '.join(desk.users)} · mật khẩu / password: {desk.password} · PIN: {desk.pin}",
        f"  bàn thử / bench: {desk.url}ban-thu",
    )
