"""A small commune of real processes with a breakable cable to each: Mosquitto, `keng run`, nodes.

    lab = start_lab("thon-1", "thon-3")          # all up, linked and told the time when it returns
    lab.press("thon-1")                          # a finger, down and up; the alert's id
    lab.cables["thon-1"].stall()
    lab.commune.freeze(); lab.broker.kill(); lab.nodes["thon-1"].kill()
    lab.heal()                                   # what is dead starts, what is frozen goes on, cables are whole

What must hold: nothing in it is a stand-in but the pins, the loudspeaker (a WAV file) and the cables.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes.communerun import CommuneRun
from fakes.mosquitto import Mosquitto
from fakes.nodes import SETTINGS, NodeProcess, shared_cache
from fakes.onsets import RATE_HZ, read_wav
from fakes.onwire import Bare
from fakes.proxy import Cable
from fakes.waiting import eventually

C = "keng/1/cong-lac"
SERVICE = "service"
"""The name of the service's cable."""
HOLD_MS = 300
"""Of the fire button, see fakes.nodes."""
SOON_MS = 150
"""The bar: a gong sounds so soon after the hold is complete."""
SECOND_NS = 1_000_000_000
AUDIBLE = 300
"""Of 32,768."""
WITHIN_S = 45.0
"""For what takes a second or two, on a machine under load; what has a bar is asserted, not waited for."""
ALERT_ID = re.compile(r'"type":"OwnAlert".*?"id":"([^"]+)"')
OUTCOME = "báo nhầm"


@dataclass
class Lab:
    """See the module."""

    home: Path
    broker: Mosquitto
    commune: CommuneRun
    nodes: dict[str, NodeProcess]
    cables: dict[str, Cable]
    """By node, and SERVICE."""
    environment: dict[str, str] | None = None
    """Of the service, added to ours."""
    pressed_ns: int = 0
    """When the last finger came down, monotonic."""

    @property
    def node(self) -> NodeProcess:
        """The first."""
        return next(iter(self.nodes.values()))

    @property
    def cable(self) -> Cable:
        """The first node's."""
        return next(iter(self.cables.values()))

    def start(self) -> None:
        """Everything at once."""
        self.broker.start()
        for cable in self.cables.values():
            cable.target = self.broker.port
        for node in self.nodes.values():
            node.launch()
        self.commune.start(self.environment)
        for node in self.nodes.values():
            node.wait()
        self.settle()

    def bypass_cables(self) -> None:
        """Everybody speaks to Mosquitto itself; before the start. For processes where our cables cannot reach."""
        for one, cable in ((self.commune, self.cables[SERVICE]), *((n, self.cables[m]) for m, n in self.nodes.items())):
            one.settings.write_text(one.settings.read_text().replace(str(cable.port), str(self.broker.port)))

    def settle(self) -> None:
        """Until every node hears the commune and knows the time."""
        for node in self.nodes.values():
            node.see(lambda glance: glance["link"] != "unheard" and glance["clock"] == "synced", WITHIN_S)

    def press(self, name: str | None = None, contact: str = "fire") -> str:
        """A button (fire's) held until it has made an alert, as a person does; the id, from the node's journal.

        A finger that is up again after a fixed time is none to a sampler that a busy machine kept from looking.
        """
        node = self.node if name is None else self.nodes[name]
        before = alerts_of(node)
        self.pressed_ns = time.monotonic_ns()
        node.ask({"contact": contact, "closed": True})
        try:
            [new] = eventually(lambda: set(alerts_of(node)) - set(before), WITHIN_S, "no alert in the journal")
        finally:
            node.ask({"contact": contact, "closed": False})
        return new

    def press_heard(self) -> str:
        """The first node's fire button; the new alert's id, from the wire: for a node whose journal cannot be read."""
        known = {row["id"] for row in self.commune.incidents()}
        with Bare(self.broker, "", f"{C}/up/{self.node.home.name}/alert") as ear:
            self.node.press(kind="fire")

            def new() -> list[str]:  # what was said before may be said again
                return [id_ for _, payload in ear.heard if (id_ := json.loads(payload)["id"]) not in known]

            return eventually(new, WITHIN_S, "no alert on the wire")[0]

    def touch(self, *, closed: bool, contact: str = "fire") -> None:
        """A contact of the first node, closed or let go."""
        if closed:
            self.pressed_ns = time.monotonic_ns()
        self.node.ask({"contact": contact, "closed": closed})

    def heard_after_ms(self, name: str | None = None) -> float:
        """From the finger that came down last to the first sound after it; before it all was silent."""
        node = self.node if name is None else self.nodes[name]

        def first() -> int | None:
            wav = node.home / "gong.wav"
            heard = read_wav(wav) if wav.exists() else None
            if heard is None or heard.zero_ns is None:
                return None
            before = max(0, (self.pressed_ns - heard.zero_ns) * RATE_HZ // SECOND_NS)
            loud = np.flatnonzero(np.abs(heard.pcm[before:].astype(np.int32)) > AUDIBLE)
            return heard.zero_ns + int(before + loud[0]) * SECOND_NS // RATE_HZ if len(loud) else None

        return (eventually(first, WITHIN_S, "the gong is silent") - self.pressed_ns) / 1e6

    def ask(self, verb: str, user: str = "duty", **fields: Any) -> dict[str, Any]:
        """An officer asks; what he is told."""
        ask = {"id": secrets.token_hex(4), **fields}
        with Bare(self.broker, "", f"{C}/told/{user}") as officer:
            assert officer.say(f"{C}/ask/{user}/{verb}", json.dumps(ask).encode()) == "Success", "nobody listens"

            def told() -> dict[str, Any] | None:
                answers = [json.loads(payload) for _, payload in officer.heard]
                return next((answer for answer in answers if answer["id"] == ask["id"]), None)

            return eventually(told, WITHIN_S, f"nobody told {user} about {ask}")

    def incident(self, id_: str) -> dict[str, Any] | None:
        """The register's row, if it has one."""
        return next((row for row in self.commune.incidents() if row["id"] == id_), None)

    def received(self, id_: str, within_s: float = WITHIN_S) -> None:
        """The alert is in the register exactly once, as one incident and one entry, and the node knows."""
        eventually(lambda: self.incident(id_), within_s, f"alert {id_} is not in the register")
        rows = [row for row in self.commune.incidents() if row["id"] == id_]
        entries = [row for row in self.commune.journal("alert") if row["subject"] == id_]
        assert (len(rows), rows[0]["count"], len(entries)) == (1, 1, 1), (rows, entries)

    def works(self, disk: str) -> str:
        """A press sounds and is received; the disk is as told, on the box and for the commune. The alert's id."""
        alert = self.press_heard()
        self.node.see(lambda glance: glance["gong"])
        self.received(alert)
        self.node.see(lambda glance: glance["alert"] == "received" and glance["disk"] == disk)
        if disk != "ok":
            self.node.see(lambda glance: glance["link"] == "trouble")
        known = ("disk", self.node.home.name)
        eventually(lambda: (known in self.commune.troubles()) == (disk != "ok"), why="the commune knows otherwise")
        return alert

    def heal(self) -> None:
        """Everything runs, and every cable is whole."""
        if self.broker.running:
            self.broker.thaw()
        else:
            self.broker.start()
        for cable in self.cables.values():
            cable.mend()
        begun: list[CommuneRun | NodeProcess] = []
        for one in (self.commune, *self.nodes.values()):
            if one.running:
                os.kill(one.pid, signal.SIGCONT)
            else:
                begun.append(one.launch())
        for one in begun:
            one.wait()

    def quiet(self) -> None:
        """Every incident closed, everything silent."""
        self.ask("close", target="all", outcome=OUTCOME)
        self.ask("clear", target="all")
        for node in self.nodes.values():
            node.see(lambda glance: glance["gong"] is None and glance["alert"] == "dark", WITHIN_S)


def alerts_of(node: NodeProcess) -> list[str]:
    """Ids of the node's own alerts, from its journal, in order."""
    journal = node.home / "state" / "journal"
    found = ALERT_ID.findall(journal.read_text("utf-8", "replace")) if journal.exists() else []
    return list(dict.fromkeys(found))


def said_since(node: NodeProcess, mark: int) -> set[str]:
    """What the alert lamp showed since `mark` glances."""
    return {glance["alert"] for glance in node.glances[mark:]}


@contextmanager
def opened(home: Path, blank: Path, *names: str, **options: Any) -> Iterator[Lab]:
    """A lab that does not run yet, ended at the end. `options` are CommuneRun's."""
    names = names or ("thon-1",)
    broker = Mosquitto(home / "mosquitto")
    cables = {name: Cable(broker.port) for name in (*names, SERVICE)}
    commune = CommuneRun(home / "commune", cables[SERVICE].port, blank, **options)
    nodes = {}
    for name in names:
        text = SETTINGS.format(name=name, hamlet=name, port=cables[name].port, cache=shared_cache())
        nodes[name] = NodeProcess(home / name, text)
    try:
        yield Lab(home, broker, commune, nodes, cables)
    finally:
        for one in (*nodes.values(), commune, broker):
            one.end()
        for cable in cables.values():
            cable.close()


@pytest.fixture
def start_lab(tmp_path: Path, blank_register: Path) -> Iterator[Callable[..., Lab]]:
    """`start_lab("thon-1", …, start=True, **CommuneRun's options)`: a lab, ended with the test."""
    with ExitStack() as stack:

        def make(*names: str, start: bool = True, **options: Any) -> Lab:
            lab = stack.enter_context(opened(tmp_path / secrets.token_hex(2), blank_register, *names, **options))
            if start:
                lab.start()
            return lab

        yield make
