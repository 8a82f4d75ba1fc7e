"""The duty desk over a register of many years: how long a page takes, and what the console weighs with
twenty open.

Each page is fetched by a chief, first cold, then TIMES more; by the wall clock, and by what the console took of the
processor, which does not depend on what else the machine does. The peer is the sign-in page, which reads nothing.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from bench.console import MOST_MB, READERS, readers
from bench.figures import Figure, figure
from bench.weight import _cpu_s, rss_mb
from fakes.bigregister import INCIDENTS, make_big
from fakes.consolerun import ConsoleRun, make_blank
from fakes.entries import uuid
from fakes.mosquitto import Mosquitto
from fakes.visitor import Visitor

PAGE_MS = 300
TIMES = 5
KEPT = os.environ.get("KENG_BIG_REGISTER", "")
"""A folder with one that was made before: half a minute is saved, while a page is being mended."""
SOME = uuid(INCIDENTS // 2 // 100 * 100)
"""A drill in the middle."""
PEER = "/dang-nhap"
PAGES = (
    "/truc-ban", "/man-hinh", "/di-dong", "/ban-do", "/ban-do/vi-tri", "/thiet-bi", "/thiet-bi/dong-thuong-3",
    "/lich-keng", "/so-vu-viec", "/so-vu-viec?before=50", "/so-vu-viec?text=khong+co+dau",
    "/so-vu-viec?text=%E1%BA%A4T",
    "/so-vu-viec?text=xyzzy", "/so-vu-viec?hamlet=dong-thuong-3", "/so-vu-viec?state=false_alarm",
    "/so-vu-viec?kind=fire&drill=yes", "/so-vu-viec?until=2020-01-01", f"/so-vu-viec/{SOME}",
    "/bao-cao", "/bao-cao?year=2025&half=year", "/bao-cao/tep.csv?year=2025&half=year",
    "/dien-tap", f"/dien-tap/{SOME}", "/tai-khoan", "/tai-khoan/nguoi/an", "/toi",
    "/nhat-ky", "/nhat-ky?who=chi", "/nhat-ky?who=khong-ai", "/nhat-ky?before=2000", "/quan-tri/",
)  # fmt: skip

FILES = ("/bao-cao/tep.xlsx?year=2025&half=year", "/bao-cao/tep.pdf?year=2025&half=year")
"""Made by a process of its own, which takes most of it: shown, and held to no page's bar."""


def run(broker: Mosquitto, home: Path, say: Callable[[str], None]) -> list[Figure]:
    """All figures of this file; the table is said."""
    register = Path(KEPT or home / "register")
    if not KEPT:
        say(f"a register of {INCIDENTS:,} incidents is made")
        make_big(register)
    (home / "blank").mkdir()
    console = ConsoleRun(home / "console", make_blank(home / "blank"), register, broker.port)
    try:
        console.start()
        empty = rss_mb(console.pid)
        with readers(console):
            visitor = Visitor(console).sign_in("chi")
            [peer] = [median(_timed(console, Visitor(console), PEER)[0][1:])]
            say(f"{'page':50} {'cold ms':>8} {'its CPU':>8} {'median':>8} {'its CPU':>8} {'RSS MB':>8}")
            slowest: list[float] = []
            for page in (*PAGES, *FILES):
                wall, cpu = _timed(console, visitor, page)
                middle = median(wall[1:])
                if page in PAGES:
                    slowest.append(middle)
                found = (wall[0], cpu[0], middle, median(cpu[1:]), rss_mb(console.pid))
                say(f"{page[:50]:50} " + " ".join(f"{one:8.0f}" for one in found))
            weight = rss_mb(console.pid)
    finally:
        console.end()
    say(f"RSS {empty:.0f} MB at the start, {weight:.0f} MB at the end")
    name = f"a page of the desk over {INCIDENTS:,} incidents, {READERS} consoles open"
    return [
        figure(
            name,
            "ms",
            slowest,
            peer="the sign-in page",
            peer_median=round(peer, 2),
            goal=f"each ≤ {PAGE_MS} ms",
            met=max(slowest) <= PAGE_MS,
        ),
        figure(
            f"console: RSS with {READERS} open, after every page over {INCIDENTS:,} incidents",
            "MB",
            [weight],
            goal=f"≤ {MOST_MB} MB",
            met=weight <= MOST_MB,
        ),
    ]


def _timed(console: ConsoleRun, visitor: Visitor, page: str) -> tuple[list[float], list[float]]:
    """Milliseconds by the wall and of the console's processor, of 1 + TIMES fetches."""
    wall, cpu = [], []
    for _ in range(1 + TIMES):
        began_s, before_s = time.perf_counter(), _cpu_s(console.pid)
        reply = visitor.get(page)
        wall.append((time.perf_counter() - began_s) * 1e3)
        cpu.append((_cpu_s(console.pid) - before_s) * 1e3)
        assert reply.status == 200, (page, reply.status)
    return wall, cpu
