"""From an order's publication to the last of N nodes' Sound, against raw subscribers of the same broker.

A thousand node processes would measure this machine's two cores and not the network: in a commune every node has a
processor of its own. So N light connections receive the genuine order; each arrival is stamped, then stepped through a
real node core of its own, and that core's own time (not the queue behind its 999 neighbours) is added to its arrival.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from bench.figures import Figure, figure, summary
from fakes.mosquitto import Mosquitto
from fakes.swarm import LightClient, Swarm

from node.core.effects import Sound
from node.core.items import LinkUp, SystemClock
from node.core.node import Node
from node.core.records import Memory
from node.core.setup import Setup
from wire.codec import encode
from wire.envelope import Arrived
from wire.messages import ActiveAlarm, Alarms
from wire.topics import Topics
from wire.uuid7 import uuid7
from wire.words import Instant

ROUNDS = 200
SIZES = (5, 40, 1_000)
GOAL_RATIO = 1.3
TOPICS = Topics("cong-lac")


@dataclass
class _Round:
    sent_ns: int = 0
    last_ns: list[int] = field(default_factory=list)


def _now_ms() -> int:
    return time.monotonic_ns() // 1_000_000


def _node(number: int) -> Node:
    setup = Setup(
        "cong-lac", f"n{number}", f"h{number}", (), "boot", f"r{number}", bytes([number % 251]) * 32, Memory()
    )
    node = Node(setup, _now_ms())
    node.step(_now_ms(), SystemClock(time.time_ns() // 1_000_000, in_step=True))
    node.step(_now_ms(), LinkUp())
    return node


def _order(counter: int, *, alarm: bool) -> bytes:
    now = Instant(time.time_ns() // 1_000_000)
    entry = ActiveAlarm(
        id=uuid7(now.ms, counter.to_bytes(10)),
        kind="fire",
        pattern="alarm",
        drill=False,
        hamlets=("all",),
        since=now,
        lease_s=60,
        by="bench",
        text="Cháy",
    )
    return encode(Alarms(issued_at=now, counter=counter, alarms=(entry,) if alarm else ()))


def _rounds(broker: Mosquitto, size: int, *, cores: bool) -> list[float]:
    """Milliseconds from publish to the last one, per round."""
    arrivals: dict[str, int] = {}
    came: dict[str, Arrived] = {}
    spent: dict[str, int] = {}
    nodes = {f"n{number}": _node(number) for number in range(size)} if cores else {}

    def heard(client: LightClient, topic: str, payload: bytes, arrived_ns: int) -> None:
        arrivals[client.name] = arrived_ns
        came[client.name] = Arrived(topic, payload)

    swarm = Swarm(broker.host, broker.port, heard)
    speaker = Swarm(broker.host, broker.port, lambda *_: None)
    results: list[float] = []
    counter = time.time_ns() // 1_000_000
    try:
        for number in range(size):
            swarm.join(f"n{number}", [TOPICS.all("alarms")])
        swarm.settle()
        mouth = speaker.join("mouth", ["nothing"])
        speaker.settle()
        for round_ in range(2 * ROUNDS):
            expected_quiet = round_ % 2 == 1  # every second order is the all-clear
            counter += 1
            payload = _order(counter, alarm=not expected_quiet)
            arrivals.clear()
            sent_ns = time.monotonic_ns()
            mouth.publish(TOPICS.all("alarms"), payload)
            assert swarm.run(lambda: len(arrivals) == size, 30.0), "not all were reached"
            # All sockets are drained by now: no node's step delays another's arrival, as in a commune.
            for name, node in nodes.items():
                began_ns = time.perf_counter_ns()
                effects = node.step(arrivals[name] // 1_000_000, came[name])
                spent[name] = time.perf_counter_ns() - began_ns
                assert expected_quiet or any(isinstance(effect, Sound) for effect in effects), "a node did not sound"
            last_ns = max(arrivals[name] + spent.get(name, 0) for name in arrivals)
            if not expected_quiet:
                results.append((last_ns - sent_ns) / 1e6)
    finally:
        swarm.close()
        speaker.close()
    return results


def run(broker: Mosquitto) -> list[Figure]:
    """One figure per size."""
    figures = []
    for size in SIZES:
        raw = _rounds(broker, size, cores=False)
        ours = _rounds(broker, size, cores=True)
        raw_median, raw_p99 = summary(raw)
        ratio = summary(ours)[0] / raw_median
        figures.append(
            figure(
                f"order published → last of {size:,} nodes",
                "ms",
                ours,
                peer="raw subscribers",
                peer_median=round(raw_median, 2),
                peer_p99=round(raw_p99, 2),
                goal=f"≤ {GOAL_RATIO} × raw ({ratio:.2f} ×)" if size == SIZES[-1] else f"({ratio:.2f} × raw)",
                met=ratio <= GOAL_RATIO if size == SIZES[-1] else None,
            )
        )
    return figures
