"""A commune as it is installed, under siege: real Mosquitto, service and gong, and three boxes' real credentials.

    thon-1   a real gong, in its hamlet
    thon-2   an honest box without a program: its credentials speak for whoever must be served all the while
    loa      a stolen box, of hamlet thon-1
    duty     an officer

One siege for a file's tests: an attack must leave everything as it was, or the next test says so.
"""

import base64
import json
import resource
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fakes.installed import COMMUNE, Installed, glance, make_demo_box, seed_of
from fakes.nodes import shared_cache
from fakes.thief import Thief
from fakes.waiting import eventually

from broker.enrolment.enrol import Wish, enrol
from broker.enrolment.site import read_site
from wire.codec import encode
from wire.messages import Alert
from wire.signature import Signer
from wire.topics import Topics
from wire.uuid7 import uuid7
from wire.words import Instant

GONG, HONEST, STOLEN = "thon-1", "thon-2", "loa"
HOMES = {GONG: "thon-1", HONEST: "thon-2", STOLEN: "thon-1"}
WITHIN_S = 45.0  # processes that start, on a machine that does other things
GIVEN_UP_S = 20.0  # an alert that is not received by then is a fault in any test
AGAIN_S = 3.0  # as long as `keng` waits before it says an ask again
TRIES = 20
TOPICS = Topics(COMMUNE)


@dataclass
class Siege:
    """See the module."""

    machine: Installed
    boxes: dict[str, Path]
    opened: ExitStack
    asks: int = 0

    # -- who speaks

    def thief(self, box: str = STOLEN, **more: Any) -> Thief:
        """A session with a box's credentials."""
        return self._kept(Thief.with_box(self.boxes[box], **more))

    def user(self, name: str, **more: Any) -> Thief:
        """A session on the commune's own machine: `service` is whoever has got hold of the broker itself."""
        word = (self.machine.etc / f"{name}.password").read_text().strip()
        return self._kept(Thief(self.machine.ports[2], name, word, **more))

    def _kept(self, thief: Thief) -> Thief:
        self.opened.callback(thief.close)
        return thief

    def signer(self, who: str = "commune") -> Signer:
        """A box's own key, or the commune's."""
        if who == "commune":
            return Signer(base64.b64decode((self.machine.etc / "commune.key").read_text()))
        return Signer(seed_of(self.boxes[who]))

    # -- what is said

    def alert(self, node: str, /, **changes: Any) -> Alert:
        """A press of now."""
        now_ms = time.time_ns() // 1_000_000
        fields: dict[str, Any] = {
            "id": uuid7(now_ms, now_ms.to_bytes(10)), "node": node, "hamlet": HOMES[node], "kind": "fire",
            "drill": False, "pressed_at": Instant(now_ms), "clock": "synced", "age_ms": 0, "count": 1,
        }  # fmt: skip
        return Alert(**fields | changes)

    def press(self, session: Thief, node: str, **changes: Any) -> float:
        """Say a signed alert, every second as a box does, until the commune's `received`; in seconds."""
        session.subscribe(TOPICS.down(node, "answer"))
        alert = self.alert(node, **changes)
        topic, payload = TOPICS.up(node, "alert"), encode(alert)
        began_s = time.monotonic()
        sig = self.signer(node).sign(topic, payload)
        while (took_s := time.monotonic() - began_s) < GIVEN_UP_S:
            assert session.publish(topic, payload, sig=sig) == 0
            if session.hears(lambda: any(alert.id.encode() in one.payload for one in answers(session, node)), 1.0):
                return time.monotonic() - began_s
        raise AssertionError(f"not received within {took_s:.0f} s")

    def ask(self, officer: Thief, verb: str, **fields: Any) -> dict[str, Any]:
        """An officer's ask, and what he is told."""
        self.asks += 1
        id_ = f"siege-{self.asks}"
        wish = json.dumps({"id": id_, **fields}).encode()

        def told() -> list[dict[str, Any]]:
            said = [json.loads(one.payload) for one in officer.heard if one.topic == TOPICS.told(str(officer.user))]
            return [one for one in said if one["id"] == id_]

        # Said again until it is told, as `keng` does: behind a flood Mosquitto may drop it.
        for _ in range(TRIES):
            assert officer.publish(f"{TOPICS.root}/ask/{officer.user}/{verb}", wish) == 0
            if officer.hears(told, AGAIN_S):
                return told()[0]
        raise AssertionError(f"{verb}: not told in {TRIES} tries")

    def status(self) -> dict[str, Any]:
        """What an officer sees of the network."""
        with ExitStack() as stack:
            officer = self.officer()
            stack.callback(officer.close)
            return self.ask(officer, "status")["result"]

    def officer(self, **more: Any) -> Thief:
        """A session of the officer on duty, which hears what it is told."""
        officer = self.user("duty", **more)
        officer.subscribe(TOPICS.told("duty"))
        return officer

    def troubles(self) -> set[tuple[str, str]]:
        """Kind and about of what is wrong."""
        return {(one["kind"], one["about"]) for one in self.status()["troubles"]}

    def silence(self) -> None:
        """Everything is over, and the gong knows it."""
        officer = self.officer()
        assert self.ask(officer, "close", target="all", outcome="báo nhầm") is not None
        self.ask(officer, "clear", target="all")
        officer.close()
        eventually(lambda: self.gong()["gong"] is None, WITHIN_S, "the gong goes on")

    # -- what is seen

    def gong(self) -> dict[str, Any]:
        """A look at the real gong."""
        return glance(self.boxes[GONG])

    def links(self) -> int:
        """How often the real gong's link went up or down."""
        return self.machine.said(GONG).count("link")

    def rss_mb(self, process: str) -> float:
        """Resident memory of a process."""
        status = Path(f"/proc/{self.machine.processes[process].pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


def answers(session: Thief, node: str) -> list[Any]:
    """What the commune said of a box's alerts."""
    return [one for one in session.heard if one.topic == TOPICS.down(node, "answer")]


def as_the_unit_does(machine: Installed) -> None:
    """The limit on open files that our drop-in gives Mosquitto, or as much of it as this machine allows."""
    unit = machine.root / "etc/systemd/system/mosquitto.service.d/keng.conf"
    [limit] = [int(line.split("=")[1]) for line in unit.read_text().splitlines() if line.startswith("LimitNOFILE=")]
    pid = machine.processes["mosquitto"].pid
    _, most = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (min(limit, most), most))


@pytest.fixture(scope="module")
def siege(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Siege]:
    """Installed, enrolled and running; quiet."""
    home = tmp_path_factory.mktemp("siege")
    machine = Installed(home / "commune")
    machine.found()
    machine.have_no_chime_soon()
    site = read_site(machine.etc)
    boxes: dict[str, Path] = {}
    for node, hamlet in HOMES.items():
        folder = enrol(site, [Wish(node, hamlet)], home).folders[0]
        assert folder is not None
        boxes[node] = folder
    make_demo_box(boxes[GONG], shared_cache())
    with ExitStack() as opened:
        opened.callback(machine.end)
        machine.start_mosquitto()
        as_the_unit_does(machine)
        machine.start_service()
        machine.start_node(GONG, boxes[GONG])
        one = Siege(machine, boxes, opened)
        eventually(lambda: one.gong()["link"] == "steady", WITHIN_S, "the gong is not linked")
        # Without it, it knows nobody's key: whatever other boxes say is a stranger's.
        book = boxes[GONG] / "state" / "codebook.json"
        eventually(book.exists, WITHIN_S, "the gong has no code book")
        yield one


@pytest.fixture(autouse=True)
def quiet_again(request: pytest.FixtureRequest) -> Iterator[None]:
    """After each attack: the gong is silent, and was never cut off, unless the test says that it did that itself."""
    yield
    if "siege" in request.fixturenames:
        request.getfixturevalue("siege").silence()
