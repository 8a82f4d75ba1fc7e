"""Press, order, pre-emption, stop: from the finger or the publication to the paced card, ours and the peers'."""

from __future__ import annotations

import importlib.util
import json
import socket
import time
from collections.abc import Callable
from pathlib import Path

from bench.figures import Figure, figure, summary
from bench.rig import TOPICS, Ear, Mouth, bench_node, plain_script, service, shell_script, wav
from fakes.mosquitto import Mosquitto
from fakes.nodes import NodeProcess
from fakes.paced import PacedCard

from wire.codec import encode
from wire.messages import Chime
from wire.words import Instant

PRESSES = 200
TOUCHES = 100
ORDERS = 200
TAKEOVERS = 20  # each takes two seconds
HOLD_S = 0.3
PRESS_MS = 150
FAST_MS = 25
PEER_TRIES = 6  # of what does not work with a peer at all


def run(broker: Mosquitto, home: Path, say: Callable[[str], None]) -> list[Figure]:
    """All figures of this file."""
    for name in ("node", "plain", "shell"):
        (home / name).mkdir()
    for name in ("plain", "shell"):
        wav(home / name, "alarm", "alarm", 2.0)
        wav(home / name, "chime", "curfew", 4.0)
    if importlib.util.find_spec("simpleaudio"):
        say("plain script")
        plain = _plain(broker, home / "plain")
    else:
        say("no plain script: simpleaudio crashes on Python 3.12 and later, so its peer runs on 3.11 alone")
        plain = {"held": [], "order": [], "stop": [], "takeover": []}
    say("shell script")
    shell = _shell(broker, home / "shell")
    say("node")
    ours = _ours(broker, home / "node", say)
    return _figures(ours, plain, shell)


Samples = dict[str, list[float]]


def _ours(broker: Mosquitto, home: Path, say: Callable[[str], None]) -> Samples:
    card = PacedCard(home)
    ear = Ear(card)
    samples: Samples = {"held": [], "touched": [], "order": [], "stop": [], "takeover": []}
    with service(home / "service", broker.port):
        node = bench_node(home / "thon-1", broker.port, card)
        try:
            node.see(lambda glance: glance["linked"])
            for name, hold_s in (("held", HOLD_S), ("touched", 0.0)):
                count = PRESSES if name == "held" else TOUCHES
                say(f"node: {count} presses, {name}")
                _presses(home / "thon-1", ear, (name, hold_s, count), samples[name])
        finally:
            node.stop()
    say(f"node: {ORDERS} orders")
    with _lone_node(broker, home, card) as (mouth, _):
        for _ in range(ORDERS):
            ear.quiet()
            sent_ns = mouth.alarms(sound=True)
            on_ns = ear.first("on", sent_ns)
            assert on_ns is not None, "an order was not heard"
            samples["order"].append((on_ns - sent_ns) / 1e6)
            clear_ns = mouth.alarms(sound=False)
            off_ns = ear.silence(clear_ns)
            assert off_ns is not None, "the all-clear did not silence"
            samples["stop"].append((off_ns - clear_ns) / 1e6)
        say(f"node: {TAKEOVERS} alarms over a chime")
        for number in range(TAKEOVERS):
            ear.quiet()
            _chime(mouth, number)
            begun_ns = ear.first("on", time.monotonic_ns() - 1_000_000, 5.0)
            assert begun_ns is not None, "a chime was not heard"
            time.sleep(max(0.0, begun_ns / 1e9 + 0.8 - time.monotonic()))  # well into it
            sent_ns = mouth.alarms(sound=True)
            start_ns = ear.first("start", sent_ns)
            assert start_ns is not None, "an alarm did not take over"
            on_ns = ear.first("on", start_ns - 1)
            assert on_ns is not None
            samples["takeover"].append((on_ns - sent_ns) / 1e6)
            mouth.alarms(sound=False)
    return samples


class _lone_node:
    """A node without a service: the bench itself welcomes it, so that nothing but the bench states alarms."""

    def __init__(self, broker: Mosquitto, home: Path, card: PacedCard) -> None:
        self._broker, self._home, self._card = broker, home, card

    def __enter__(self) -> tuple[Mouth, NodeProcess]:
        from bench.welcome import Welcomer

        self._welcomer = Welcomer(self._broker)
        self._mouth = Mouth(self._broker)
        self._node = bench_node(self._home / "thon-2", self._broker.port, self._card, "thon-2")
        self._welcomer.wait("thon-2")
        return self._mouth, self._node

    def __exit__(self, *_: object) -> None:
        self._node.stop()
        self._mouth.close()
        self._welcomer.close()


def _presses(home: Path, ear: Ear, button: tuple[str, float, int], samples: list[float]) -> None:
    name, hold_s, count = button
    with socket.socket(socket.AF_UNIX) as control:
        control.connect(str(home / "control.sock"))
        lines = control.makefile("r")
        for _ in range(count):
            ear.quiet()
            sent_ns = time.monotonic_ns()
            control.sendall(json.dumps({"press": {"name": name, "hold_s": max(hold_s, 0.05)}}).encode() + b"\n")
            on_ns = ear.first("on", sent_ns)
            assert on_ns is not None, "a press was not heard"
            samples.append((on_ns - sent_ns) / 1e6 - hold_s * 1e3)
            _until(lines, "released")
            control.sendall(b'{"cancel": true}\n')
            assert ear.silence(on_ns) is not None, "the cancel contact did not silence"
            _until(lines, "released")  # a contact that is still closed cannot be closed again


def _until(lines: object, word: str) -> None:
    for line in lines:  # type: ignore[attr-defined] # a text file
        if word in json.loads(line):
            return


def _chime(mouth: Mouth, number: int) -> None:
    now = Instant(time.time_ns() // 1_000_000)
    mouth.counter = max(mouth.counter + 1, now.ms)
    order = Chime(
        id=f"bench/{now.ms}.{number}",
        pattern="curfew",
        hamlets=("all",),
        due_at=now,
        grace_s=10,
        issued_at=now,
        counter=mouth.counter,
    )
    mouth.say(TOPICS.all("chime"), encode(order))


def _plain(broker: Mosquitto, home: Path) -> Samples:
    card = PacedCard(home)
    ear = Ear(card)
    mouth = Mouth(broker)
    samples: Samples = {"held": [], "order": [], "stop": [], "takeover": []}
    with plain_script(broker.port, home, card) as script:
        assert script.stdin is not None
        for _ in range(PRESSES):
            ear.quiet()
            sent_ns = time.monotonic_ns()
            script.stdin.write("down\n")
            on_ns = ear.first("on", sent_ns)
            assert on_ns is not None
            samples["held"].append((on_ns - sent_ns) / 1e6 - HOLD_S * 1e3)
            script.stdin.write("up\nstop\n")
        for _ in range(ORDERS // 4):  # its stop takes 0.3 s, which a quarter of them shows well enough
            ear.quiet()
            sent_ns = mouth.say("go", b"alarm")
            on_ns = ear.first("on", sent_ns)
            assert on_ns is not None
            samples["order"].append((on_ns - sent_ns) / 1e6)
            clear_ns = mouth.say("go", b"stop")
            off_ns = ear.silence(clear_ns)
            assert off_ns is not None
            samples["stop"].append((off_ns - clear_ns) / 1e6)
    for _ in range(PEER_TRIES):  # each with a new process: the first "busy" ends paho's thread for good
        with plain_script(broker.port, home, card):
            _take_over(mouth, ear, samples["takeover"])
        ear.quiet()
    mouth.close()
    return samples


def _take_over(mouth: Mouth, ear: Ear, samples: list[float]) -> None:
    """An alarm 0.8 s into a chime of 4 s; a sample only if it is heard before the card is closed for good."""
    chime_ns = mouth.say("go", b"chime")
    begun_ns = ear.first("on", chime_ns)
    assert begun_ns is not None
    time.sleep(0.8)  # into the chime
    sent_ns = mouth.say("go", b"alarm")
    start_ns = ear.first("start", sent_ns, 6.0)
    on_ns = None if start_ns is None else ear.first("on", start_ns - 1)
    if on_ns is not None:
        samples.append((on_ns - sent_ns) / 1e6)


def _shell(broker: Mosquitto, home: Path) -> Samples:
    card = PacedCard(home)
    ear = Ear(card)
    mouth = Mouth(broker)
    samples: Samples = {"order": [], "takeover": []}
    with shell_script(broker.port, home, card):
        for _ in range(ORDERS // 16):  # each plays its two seconds out: nothing stops it
            ear.quiet()
            sent_ns = mouth.say("go", b"alarm")
            on_ns = ear.first("on", sent_ns)
            assert on_ns is not None
            samples["order"].append((on_ns - sent_ns) / 1e6)
        for _ in range(PEER_TRIES // 2):
            ear.quiet()
            _take_over(mouth, ear, samples["takeover"])
            ear.quiet()
    mouth.close()
    return samples


def _figures(ours: Samples, plain: Samples, shell: Samples) -> list[Figure]:
    ratio = summary(ours["held"])[1] / max(summary(plain["held"])[1], 0.001) if plain["held"] else None
    script, shell_name = "paho + simpleaudio" if plain["held"] else "", "mosquitto_sub, aplay"
    heard = script and f"{script}: {len(plain['takeover'])} of {PEER_TRIES} heard"
    takeover, order = "alarm over a running chime → its first sample", "order published → first sample"

    def fast(_: float, p99: float) -> bool:
        return p99 <= FAST_MS

    press_goal = "p99 ≤ 150 ms" + ("" if ratio is None else f", ≤ 1.5 × plain ({ratio:.2f} ×)")
    return [
        _figure(
            "press (end of a 0.3 s hold) → own first sample",
            ours["held"],
            script,
            plain["held"],
            press_goal,
            lambda _, p99: p99 <= PRESS_MS and (ratio is None or ratio <= 1.5),
        ),
        _figure(
            "press (no hold, debounce included) → own first sample",
            ours["touched"],
            "",
            [],
            "p99 ≤ 150 ms",
            lambda _, p99: p99 <= PRESS_MS,
        ),
        _figure(order, ours["order"], script, plain["order"], "", None),
        _figure(order, ours["order"], shell_name, shell["order"], "", None),
        _figure(takeover, ours["takeover"], heard, plain["takeover"], "p99 ≤ 25 ms", fast),
        _figure(takeover, ours["takeover"], shell_name, shell["takeover"], "p99 ≤ 25 ms", fast),
        _figure("all-clear published → silence", ours["stop"], script, plain["stop"], "p99 ≤ 25 ms", fast),
    ]


def _figure(
    name: str, ours: list[float], peer: str, theirs: list[float], goal: str, met: Callable[[float, float], bool] | None
) -> Figure:
    median, p99 = summary(ours)
    peer_median, peer_p99 = (round(n, 2) for n in summary(theirs)) if theirs else (None, None)
    return figure(
        name,
        "ms",
        ours,
        peer=peer,
        peer_median=peer_median,
        peer_p99=peer_p99,
        goal=goal,
        met=None if met is None else met(median, p99),
    )
