"""Fault 25: power returns to the whole village, and everybody comes back at once.

All are online within 60 s, and an alert in the middle of it is received within 5 s. By default some real nodes and
some hundred light clients; KENG_SOAK=1: 40 real nodes (35 MB each) and 10,000 light ones. `-s` shows the figures.
A light client says what a node says (hello, status) and hears what a node hears; it is one socket in this process.
"""

import json
import os
import resource
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes.communerun import CODEBOOK
from fakes.lab import WITHIN_S, C, Lab
from fakes.onwire import Bare
from fakes.swarm import LightClient, Swarm
from fakes.waiting import eventually

from node.core.hellos import AGAIN_MS, LAST_MS

SOAK = os.environ.get("KENG_SOAK") == "1"
REAL, LIGHT = (40, 10_000) if SOAK else (6, 500)
ONLINE_S = 60.0
RECEIVED_S = 5.0
BREATH = 100  # clients that connect before what has come is read
SPARE_FILES = 500  # of this process and of Mosquitto, beside the clients' sockets
pytestmark = [pytest.mark.soak, pytest.mark.timeout(900 if SOAK else 120)]


def told(line: str) -> None:
    """A figure for a person."""
    print(f"\n[storm] {line}")


def test_real_nodes_that_boot_at_once_are_online_within_a_minute_and_an_alert_is_received_meanwhile(
    start_lab: Callable[..., Lab],
) -> None:
    names = [f"thon-{number}" for number in range(1, REAL + 1)]
    lab = start_lab(*names, start=False)
    lab.bypass_cables()
    began_s = time.monotonic()
    lab.broker.start()
    lab.commune.launch()
    for node in lab.nodes.values():
        node.launch()
    lab.node.wait(60)
    pressed_s = time.monotonic()
    alert = lab.press()
    lab.node.see(lambda glance: glance["alert"] == "received", RECEIVED_S + 30)
    received_s = time.monotonic() - pressed_s
    with Bare(lab.broker, "ear", f"{C}/up/+/status") as ear:

        def online() -> bool:
            said = [json.loads(payload) for _, payload in ear.heard]
            return {one["node"] for one in said if one["online"] and one["clock"] == "synced"} == set(names)

        eventually(online, ONLINE_S + 30, "not all came back")
    online_s = time.monotonic() - began_s
    kib = [int(_status(node.pid, "VmRSS")) for node in map(_waited, lab.nodes.values())]
    told(f"{REAL} real nodes online in {online_s:.1f} s, alert received in {received_s:.1f} s, {max(kib) // 1024} MB")
    assert online_s <= ONLINE_S
    assert received_s <= RECEIVED_S
    lab.received(alert)


def _waited(node):
    return node.wait(60)


def _status(pid: int, word: str) -> str:
    with open(f"/proc/{pid}/status") as file:
        return next(line.split()[1] for line in file if line.startswith(f"{word}:"))


class Village:
    """Light nodes on one broker."""

    def __init__(self, lab: Lab, number: int) -> None:
        self.welcomed: set[str] = set()
        self._swarm = Swarm(lab.broker.host, lab.broker.port, self._heard)
        self._number = number

    def come_back(self) -> None:
        """All of them, as fast as sockets can be opened."""
        for number in range(self._number):
            name = f"light-{number}"
            filters = [f"{C}/all/alarms", f"{C}/all/chime", f"{C}/all/codebook", f"{C}/up/+/alert"]
            client = self._swarm.join(name, [*filters, f"{C}/down/{name}/welcome", f"{C}/down/{name}/answer"])
            self._say_hello(client)
            status = {"node": name, "hamlet": "thon-1", "online": True, "clock": "synced", "orders_signed": False}
            client.publish(f"{C}/up/{name}/status", json.dumps(status).encode(), retain=True)
            if number % BREATH == 0:
                self.serve(lambda: False, 0.005)

    def serve(self, until: Callable[[], bool], within_s: float) -> bool:
        return self._swarm.run(until, within_s)

    def be_welcomed(self, within_s: float) -> bool:
        """Hello is said again as a node says it: the service may come back later than they."""
        end_s = time.monotonic() + within_s
        for wait_ms in (*AGAIN_MS, *[LAST_MS] * 100):
            left_s = end_s - time.monotonic()
            if self.serve(lambda: len(self.welcomed) == self._number, min(wait_ms / 1000, left_s)):
                return True
            if left_s <= 0:
                break
            for client in self._swarm.clients:
                if client.name not in self.welcomed:
                    self._say_hello(client)
        return False

    def _say_hello(self, client: LightClient) -> None:
        hello = {"node": client.name, "nonce": "n", "boot": "b", "version": "1", "codebook": 1, "counter": 0}
        client.publish(f"{C}/up/{client.name}/hello", json.dumps(hello).encode())

    def leave(self) -> None:
        self._swarm.close()

    def _heard(self, client: LightClient, topic: str, _payload: bytes, _at_ns: int) -> None:
        if topic.endswith("/welcome"):
            self.welcomed.add(client.name)


def book_without_nodes(folder: Path) -> Path:
    """A province's nodes fit in no code book; a commune whose book lists none knows them as they come."""
    text = CODEBOOK.read_text()
    path = folder / "book.yaml"
    path.write_text(text[: text.index("nodes:")] + text[text.index("relays:") :])
    return path


def test_a_storm_of_light_nodes_is_welcomed_within_a_minute_and_an_alert_is_received_meanwhile(
    start_lab: Callable[..., Lab], tmp_path: Path
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    number = min(LIGHT, hard - SPARE_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, number + SPARE_FILES)), hard))
    lab = start_lab(codebook=book_without_nodes(tmp_path))
    for again in (False, True):
        if again:
            lab.quiet()
            lab.broker.kill()
            lab.broker.start()
        village = Village(lab, number)
        pressed: list[float] = []

        def press(pressed: list[float] = pressed) -> None:
            alert = lab.press()
            began_s = lab.pressed_ns / 1e9
            eventually(lambda: lab.incident(alert), 2 * ONLINE_S)
            pressed.append(time.monotonic() - began_s)

        finger = threading.Thread(target=press)
        began_s = time.monotonic()
        finger.start()
        village.come_back()
        connected_s = time.monotonic() - began_s
        welcomed = village.be_welcomed(3 * ONLINE_S)
        online_s = time.monotonic() - began_s
        village.serve(lambda finger=finger: not finger.is_alive(), WITHIN_S)
        finger.join(2 * ONLINE_S)
        told(
            f"{number} light nodes{' again' if again else ''}: connected in {connected_s:.1f} s, welcomed "
            f"({len(village.welcomed)}) in {online_s:.1f} s, alert received in {pressed[0]:.1f} s, "
            f"Mosquitto {int(_status(lab.broker.pid, 'VmRSS')) // 1024} MB, "
            f"service {int(_status(lab.commune.pid, 'VmRSS')) // 1024} MB"
        )
        village.leave()
        assert welcomed
        if again:  # the first time each is written down as new: that is no storm, but a village being built
            assert online_s <= ONLINE_S
            assert pressed[0] <= RECEIVED_S
