"""Is what hangs seen: a Mosquitto, which is replaced while a press still sounds; a node; a half-open link?

In one file, because ten seconds are long: the broker that hangs from the start is judged while the others are.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes.mosquitto import Mosquitto
from fakes.nodes import NodeProcess
from fakes.onsets import read_wav
from fakes.ports import fresh_port
from fakes.waiting import eventually

from broker.mosquitto.embedded import answers

REPLACED_S = 20.0
"""The promise."""
PATIENT_S = 45.0
"""For what is not promised within a time, on a machine under load."""
OWN_GONG_MS = 1_000
"""On a machine under load; the bar of 150 ms is measured by `make bench`."""
HOLD_MS = 300
"""Of the button `fire` in fakes/nodes.py."""
SHOWN_S = 10.0
"""The promise of row 18; nine seconds by design, so a loaded machine has one to spare."""
SILENT = "SELECT 1 FROM register_trouble WHERE kind = 'node_silent' AND about = '{}' AND over_at_ms IS NULL"
HANGS = "SELECT why FROM register_trouble WHERE kind = 'broker'"


@pytest.fixture(scope="module", autouse=True)
def lets_nobody_in(tmp_path_factory: pytest.TempPathFactory, start_service: Callable[..., Any]) -> Iterator[Any]:
    """A broker that hangs already when the service starts; it begins to be judged while the other tests run."""
    folder = tmp_path_factory.mktemp("mute")
    broker = Mosquitto(folder / "mosquitto")
    broker.start()
    broker.freeze()
    wish = folder / "a wish"
    began_s = time.time()  # as files have it: it is over long before it is looked at
    where = {"host": broker.host, "port": broker.port, "restart": f"touch '{wish}'"}
    service = start_service(linked=False, mqtt=where, open_network=True)
    yield broker, service, wish, began_s
    broker.end()


def test_a_frozen_mosquitto_is_replaced_while_a_held_press_sounds_and_the_alert_arrives_once(
    start_service: Callable[..., Any], start_node: Callable[..., NodeProcess], capsys: pytest.CaptureFixture[str]
) -> None:
    port = fresh_port()
    service = start_service("--embedded-broker", embedded_broker={"port": port})
    node = start_node(port)
    node.see(lambda glance: glance["link"] == "steady", PATIENT_S)
    old = service.mosquitto
    frozen_s = time.monotonic()
    os.kill(old, signal.SIGSTOP)
    before_ns = time.monotonic_ns()
    node.press(kind="fire")
    onsets = eventually(lambda: read_wav(node.home / "gong.wav").onsets_ns())
    assert HOLD_MS <= (onsets[0] - before_ns) / 1e6 <= HOLD_MS + OWN_GONG_MS
    assert node.glances[-1]["alert"] == "sending", "the lamp may not say more than is true"
    eventually(lambda: service.mosquitto not in (0, old) and answers(port), REPLACED_S, "it was not replaced")
    assert time.monotonic() - frozen_s <= REPLACED_S
    assert not Path(f"/proc/{old}").exists()
    node.see(lambda glance: glance["alert"] == "received", PATIENT_S)
    assert len(service.rows("SELECT id FROM register_incident")) == 1
    assert len(service.rows("SELECT seq FROM register_journal WHERE what = 'restarted'")) == 1
    kept = "SELECT over_at_ms IS NOT NULL FROM register_trouble WHERE kind = 'broker'"
    eventually(lambda: service.rows(kept) == [(1,)], PATIENT_S, "the trouble is not over")
    told = service.status(port, capsys)["broker"]
    assert told["restarts"] == 1
    assert told["round_trip_ms"] < 1_000


def test_a_frozen_node_and_half_open_links_of_node_and_service_are_seen_within_ten_seconds(
    mosquitto: Mosquitto,
    start_service: Callable[..., Any],
    start_node: Callable[..., NodeProcess],
    cable: Callable[[int], Any],
) -> None:
    """All three at once: ten seconds are long."""
    to_node, to_service = cable(mosquitto.port), cable(mosquitto.port)
    well = start_service(mqtt={"port": mosquitto.port}, open_network=True)
    far = start_service(commune="ea-o", codebook=None, mqtt={"port": to_service.port}, open_network=True)
    frozen, cut = start_node(mosquitto.port, "thon-1"), start_node(to_node.port, "thon-2")
    for node in (frozen, cut):
        node.see(lambda glance: glance["link"] == "steady", PATIENT_S)
    mended = "SELECT count(*) FROM register_trouble WHERE kind = 'node_silent' AND over_at_ms IS NULL"
    eventually(lambda: well.rows(mended)[0][0] <= 3, PATIENT_S, "the two are not known")
    began_s = time.monotonic()
    os.kill(frozen.pid, signal.SIGSTOP)
    to_node.stall()
    to_service.stall()
    looks = {
        "the frozen node is a trouble": lambda: bool(well.rows(SILENT.format("thon-1"))),
        "the cut-off node is a trouble": lambda: bool(well.rows(SILENT.format("thon-2"))),
        "the node knows it": lambda: not cut.glances[-1]["linked"] and cut.glances[-1]["link"] == "unheard",
        "the service knows it": lambda: "No link with Mosquitto" in far.log,
        "the broker is a trouble": lambda: bool(far.rows(HANGS)),
    }
    seen_s: dict[str, float] = {}

    def all_seen() -> bool:
        for name, look in looks.items():
            if name not in seen_s and look():
                seen_s[name] = time.monotonic() - began_s
        return len(seen_s) == len(looks)

    try:
        eventually(all_seen, SHOWN_S, "not all is seen")
    except AssertionError:
        pytest.fail(f"seen after s: {seen_s}; not seen: {looks.keys() - seen_s.keys()}")
    finally:
        os.kill(frozen.pid, signal.SIGCONT)
    assert well.troubles() & {("broker", "commune")} == set(), "who is well is not blamed"


def test_a_mosquitto_that_hangs_from_the_start_is_wished_away_by_the_installers_command(
    lets_nobody_in: tuple[Mosquitto, Any, Path, float],
) -> None:
    broker, service, wish, began_s = lets_nobody_in
    eventually(wish.exists, PATIENT_S, "nobody asked for another")
    assert wish.stat().st_mtime - began_s < PATIENT_S
    broker.kill()  # what systemd does then: keng-broker.service
    broker.start()
    eventually(lambda: "Linked with Mosquitto" in service.log, PATIENT_S, "it is not linked")
    eventually(lambda: ("broker", "commune") in service.troubles(), PATIENT_S)
    assert len(service.rows("SELECT seq FROM register_journal WHERE what = 'restarted'")) == 1
