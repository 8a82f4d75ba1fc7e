"""What a node weighs, how fast it is ready, and how many alerts a second the register takes."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.figures import Figure, figure, summary
from bench.rig import ROOT, SETTINGS, TOPICS, bench_node, service
from fakes.mosquitto import Mosquitto
from fakes.nodes import shared_cache
from fakes.paced import PacedCard
from fakes.swarm import LightClient, Swarm
from fakes.waiting import eventually

from wire.codec import encode
from wire.messages import Alert
from wire.uuid7 import uuid7
from wire.words import Instant

STARTS = 12
REST_S = 30.0
ALERTS = 1_000
SINGLE_ALERTS = 200
PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024
TICKS = os.sysconf("SC_CLK_TCK")


def run(broker: Mosquitto, home: Path, say: Callable[[str], None]) -> list[Figure]:
    """All figures of this file."""
    (home / "card").mkdir()
    card = PacedCard(home / "card")
    say(f"{STARTS} starts of a node")
    ready = _starts(broker, home / "starts", card)
    figures = [
        figure(
            "node: start → READY",
            "ms",
            ready,
            peer="python -c pass",
            **_bare_python(),
            goal="p99 ≤ 1.5 s",
            met=summary(ready)[1] <= 1_500,
        )
    ]
    with service(home / "service", broker.port) as commune:
        node = bench_node(home / "thon-1", broker.port, card)
        try:
            node.see(lambda glance: glance["linked"])
            say(f"{REST_S:.0f} s of rest")
            rss, cpu = _rest(node.pid)
        finally:
            node.stop()
        figures.append(figure("node: RSS at rest", "MB", rss, goal="≤ 40 MB", met=summary(rss)[1] <= 40))
        figures.append(figure("node: CPU at rest", "% of a core", cpu, goal="≤ 1 %", met=summary(cpu)[0] <= 1))
        say(f"{ALERTS} alerts")
        figures += _alerts(broker, home)
        figures.append(figure("commune's service: RSS", "MB", [rss_mb(commune.pid)]))
    return figures


def _starts(broker: Mosquitto, home: Path, card: PacedCard) -> list[float]:
    home.mkdir()
    settings = home / "node.yaml"
    settings.write_text(SETTINGS.format(name="thon-9", port=broker.port, cache=shared_cache()))
    times: list[float] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified:
        notified.bind(str(home / "notify"))
        notified.settimeout(20)
        for _ in range(STARTS):
            began_s = time.monotonic()
            process = subprocess.Popen(
                [sys.executable, "-m", "node.cli", "run", "--settings", str(settings)],
                cwd=ROOT,
                stderr=subprocess.DEVNULL,
                env={**card.environment, "NOTIFY_SOCKET": str(home / "notify")},
            )
            while b"READY=1" not in notified.recv(4096):
                pass
            times.append((time.monotonic() - began_s) * 1e3)
            process.terminate()
            process.wait(10)
            notified.setblocking(False)
            try:
                while True:
                    notified.recv(4096)
            except BlockingIOError:
                notified.settimeout(20)
    return times


def _bare_python() -> dict[str, float]:
    times = []
    for _ in range(STARTS):
        began_s = time.monotonic()
        subprocess.run([sys.executable, "-c", "pass"], check=True, cwd=ROOT)
        times.append((time.monotonic() - began_s) * 1e3)
    median, p99 = summary(times)
    return {"peer_median": round(median, 1), "peer_p99": round(p99, 1)}


def rss_mb(pid: int) -> float:
    """Of one process."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_KB / 1024


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _rest(pid: int) -> tuple[list[float], list[float]]:
    time.sleep(3)  # the start is not rest
    rss: list[float] = []
    cpu: list[float] = []
    for _ in range(3):
        before_s = _cpu_s(pid)
        time.sleep(REST_S / 3)  # what is measured is rest
        cpu.append((_cpu_s(pid) - before_s) / (REST_S / 3) * 100)
        rss.append(rss_mb(pid))
    return rss, cpu


def _alert(number: int, node: str) -> bytes:
    now = Instant(time.time_ns() // 1_000_000)
    return encode(
        Alert(
            id=uuid7(now.ms, number.to_bytes(10)),
            node=node,
            hamlet="thon-1",
            kind="fire",
            drill=False,
            pressed_at=now,
            clock="synced",
            age_ms=0,
            count=1,
        )
    )


def _alerts(broker: Mosquitto, home: Path) -> list[Figure]:
    received: dict[str, int] = {}

    def heard(_: LightClient, topic: str, payload: bytes, at_ns: int) -> None:
        if topic.endswith("/answer"):
            received.setdefault(json.loads(payload)["id"], at_ns)

    swarm = Swarm(broker.host, broker.port, heard)
    client = swarm.join("alerts", [f"{TOPICS.root}/down/+/answer"])
    swarm.settle()
    eventually((home / "service" / "home").exists)
    # Each from a node of its own: a node that floods has its alerts joined into one incident.
    alerts = [(f"n{number}", _alert(number, f"n{number}")) for number in range(ALERTS + SINGLE_ALERTS)]
    singles: list[float] = []
    for node, payload in alerts[:SINGLE_ALERTS]:
        sent_ns = time.monotonic_ns()
        wanted = len(received) + 1
        client.publish(TOPICS.up(node, "alert"), payload)
        assert swarm.run(lambda wanted=wanted: len(received) >= wanted, 10.0), "an alert was not received"  # type: ignore[misc] # a default binds it
        singles.append((time.monotonic_ns() - sent_ns) / 1e6)
    began_s = time.monotonic()
    for node, payload in alerts[SINGLE_ALERTS:]:
        client.publish(TOPICS.up(node, "alert"), payload)
    assert swarm.run(lambda: len(received) >= ALERTS + SINGLE_ALERTS, 300.0), f"{len(received)} were received"
    rate = ALERTS / (time.monotonic() - began_s)
    swarm.close()
    raw = _raw_sqlite(home)
    met = summary(singles)[1] <= 500
    return [
        figure(
            "alert published → received (committed, synced)",
            "ms",
            singles,
            goal="p99 ≤ 500 ms",
            met=met,
        ),
        figure(
            f"alerts into the register, a burst of {ALERTS:,}",
            "/s",
            [rate],
            peer="bare sqlite3, a row a commit",
            peer_median=round(raw, 1),
        ),
    ]


def _raw_sqlite(home: Path) -> float:
    """Commits a second of a loop that does nothing else, on the same disk."""
    db = sqlite3.connect(home / "raw.db", isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE rows (id TEXT PRIMARY KEY, body TEXT)")
    began_s = time.monotonic()
    for number in range(ALERTS):
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO rows VALUES (?, ?)", (str(number), "x" * 300))
        db.execute("COMMIT")
    rate = ALERTS / (time.monotonic() - began_s)
    db.close()
    return rate
