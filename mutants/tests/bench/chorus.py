"""Five gongs together: how far apart their first samples fall, for an order and for a chime."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from bench.figures import Figure, figure, summary
from bench.rig import TOPICS, Ear, Mouth, bench_node
from bench.welcome import Welcomer
from fakes.mosquitto import Mosquitto
from fakes.paced import PacedCard

from wire.codec import encode
from wire.messages import Chime
from wire.words import Instant

HAMLETS = 5
ORDERS = 200
CHIMES = 20
AHEAD_MS = 2_500  # the commune orders up to a minute ahead; the node arms it 1.5 s ahead


def run(broker: Mosquitto, home: Path, say: Callable[[str], None]) -> list[Figure]:
    """Both figures."""
    welcomer = Welcomer(broker)
    mouth = Mouth(broker)
    names = [f"thon-{number}" for number in range(1, HAMLETS + 1)]
    for name in names:
        (home / f"{name}-card").mkdir()
    cards = {name: PacedCard(home / f"{name}-card") for name in names}
    ears = [Ear(card) for card in cards.values()]
    nodes = [bench_node(home / name, broker.port, card, name) for name, card in cards.items()]
    try:
        for name in names:
            welcomer.wait(name)
        say(f"{ORDERS} orders to five gongs")
        last, apart = _orders(mouth, ears)
        say(f"{CHIMES} chimes by five gongs")
        spread, late = _chimes(mouth, ears)
    finally:
        for node in nodes:
            node.stop()
        mouth.close()
        welcomer.close()
    return [
        figure(
            "order published → first sample of the last of five gongs",
            "ms",
            last,
            goal="p99 ≤ 1 s",
            met=summary(last)[1] <= 1_000,
        ),
        figure("the same, first gong to last gong", "ms", apart),
        figure("chime: first gong to last gong", "ms", spread, goal="p99 ≤ 20 ms", met=summary(spread)[1] <= 20),
        figure("chime: last gong after its second", "ms", late),
    ]


def _heard(ears: list[Ear], after_ns: int) -> list[int]:
    times = [ear.first("on", after_ns, 10.0) for ear in ears]
    assert all(time_ns is not None for time_ns in times), "a gong was not heard"
    return [time_ns for time_ns in times if time_ns is not None]


def _orders(mouth: Mouth, ears: list[Ear]) -> tuple[list[float], list[float]]:
    last: list[float] = []
    apart: list[float] = []
    for _ in range(ORDERS):
        sent_ns = mouth.alarms(sound=True)
        times = _heard(ears, sent_ns)
        last.append((max(times) - sent_ns) / 1e6)
        apart.append((max(times) - min(times)) / 1e6)
        mouth.alarms(sound=False)
        for ear in ears:
            ear.quiet()
    return last, apart


def _chimes(mouth: Mouth, ears: list[Ear]) -> tuple[list[float], list[float]]:
    spread: list[float] = []
    late: list[float] = []
    for number in range(CHIMES):
        now = Instant(time.time_ns() // 1_000_000)
        due_ns = time.monotonic_ns() + AHEAD_MS * 1_000_000
        mouth.counter = max(mouth.counter + 1, now.ms)
        order = Chime(
            id=f"bench/{now.ms}.{number}",
            pattern="test",
            hamlets=("all",),
            due_at=Instant(now.ms + AHEAD_MS),
            grace_s=10,
            issued_at=now,
            counter=mouth.counter,
        )
        sent_ns = mouth.say(TOPICS.all("chime"), encode(order))
        times = _heard(ears, sent_ns)
        spread.append((max(times) - min(times)) / 1e6)
        late.append((max(times) - due_ns) / 1e6)
        for ear in ears:
            ear.quiet()
    return spread, late
