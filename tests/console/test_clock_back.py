"""The machine's clock is set back while officers look: a PC's often runs seven hours ahead until NTP is heard.

What must hold: the stream is not dumb for those hours; a page hears within seconds that it stands, or is over.
"""

from __future__ import annotations

import http.client
import shutil
from contextlib import closing
from pathlib import Path

from fakes.consolerun import ConsoleRun
from fakes.visitor import Visitor
from fakes.wallclock import WallClock

WITHIN_S = 15.0
"""Beats come each two seconds; the rest is for a machine under load."""


def test_a_clock_that_is_set_back_stops_no_stream(
    tmp_path: Path, blank_register: Path, blank_console: Path, wall_clock: WallClock
) -> None:
    shutil.copy(blank_register, tmp_path)
    console = ConsoleRun(tmp_path / "console", blank_console, tmp_path, 1)
    console.environment = wall_clock.environment
    try:
        an = Visitor(console.start()).sign_in("an")
        with closing(http.client.HTTPConnection("127.0.0.1", console.port, timeout=WITHIN_S)) as line:
            cookies = "; ".join(f"{name}={value}" for name, value in an.cookies.items())
            line.request("GET", "/dong?parts=cases", headers={"Host": an.host, "Cookie": cookies})
            stream = line.getresponse()
            assert _next(stream) == "beat"
            wall_clock.jump(seconds=-7 * 3600)
            assert {_next(stream), _next(stream)} <= {"beat", "ended"}
    finally:
        console.end()


def _next(stream: http.client.HTTPResponse) -> str:
    """The next event that is no part; TimeoutError if none comes."""
    while line := stream.readline():
        name = line.decode().strip().removeprefix("event: ")
        if name in ("beat", "ended"):
            return name
    return "cut"
