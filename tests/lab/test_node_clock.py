"""Fault 8: a node that boots with a wrong clock that nobody keeps, as a Pi without a network does.

No chime by it; an alert says so and bears its age; the commune stamps the time; and its connection is made all the
same, for the commune's certificate is valid whenever a clock says it is.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes.lab import C, Lab, opened
from fakes.mosquitto import Mosquitto
from fakes.onwire import Bare
from fakes.scenes import Scenes, running
from fakes.waiting import eventually
from fakes.wallclock import WallClock

from broker.mosquitto.accounts import new_password
from broker.mosquitto.ca import make_authority, make_server_certificate
from patterns.builtin import DATA
from patterns.codebook import load_codebook

ZONE = timedelta(hours=7)  # the hamlets'
CLOCKS = {
    "1970": lambda: datetime(1970, 1, 2, tzinfo=UTC),
    "last year": lambda: datetime.now(UTC) - timedelta(days=365),
    "seven hours ahead": lambda: datetime.now(UTC) + timedelta(hours=7),
}
BEFORE_S = 3  # the chime is due so long after the boot, by the node's own clock
READY_S = 5  # for one that is to sound: its pattern must have been loaded by then
QUIET_S = BEFORE_S + 1.0
IN_GRACE_S = 2  # of sixty
SKEW_MS = 60_000  # between the press and the commune's stamp: its service starts in between; a wrong clock is hours off


def boot(lab: Lab, clock: WallClock, when: datetime, before_s: int = BEFORE_S) -> None:
    """Start the node at about that time by its clock, just before a chime of its stored code book."""
    clock.show(when.replace(second=0, microsecond=0) + timedelta(seconds=60 - before_s))
    local = when + ZONE + timedelta(minutes=1)
    fields = load_codebook(DATA / "codebooks" / "cong-lac.yaml").to_message_fields()
    fields["chimes"] = [{**fields["chimes"][0], "at": f"{local:%H:%M}"}]
    (lab.node.home / "state").mkdir()
    stamp = {"issued_at": "2026-01-01T00:00:00.000Z", "counter": 1}
    (lab.node.home / "state" / "codebook.json").write_text(json.dumps({**fields, **stamp}))
    lab.broker.start()
    for cable in lab.cables.values():
        cable.target = lab.broker.port
    lab.node.start(clock.environment)


def scene(home: Path, blank: Path, clock: str) -> None:
    """A boot by that clock, a chime's moment, a press, and the commune."""
    with opened(home, blank) as lab:
        boot(lab, WallClock(home / "clock"), CLOCKS[clock]())
        with Bare(lab.broker, "ear", f"{C}/up/+/alert") as ear:
            lab.node.see(lambda glance: glance["linked"])
            time.sleep(QUIET_S)  # the chime's moment passes by the wrong clock
            assert not any(glance["gong"] for glance in lab.node.glances), "a gong sounded in the night"
            pressed_ms = time.time_ns() // 1_000_000
            alert = lab.press()
            said = eventually(lambda: [json.loads(payload) for _, payload in ear.heard], why="no alert on the wire")[0]
        assert (said["id"], said["clock"]) == (alert, "unsure")
        assert 0 <= said["age_ms"] < SKEW_MS
        lab.commune.start()
        lab.received(alert)
        row = lab.incident(alert)
        assert row is not None
        for stamp in ("opened_at_ms", "pressed_at_ms"):
            assert abs(row[stamp] - pressed_ms) < SKEW_MS, f"{stamp} is not the commune's time"
        lab.node.see(lambda glance: glance["clock"] == "synced")


@pytest.fixture(scope="module")
def scenes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, blank_register: Path
) -> Iterator[Scenes]:
    home = tmp_path_factory.mktemp("clocks")
    yield from running(request, home, lambda place, clock: scene(place, blank_register, clock), "clock")


@pytest.mark.parametrize("clock", CLOCKS)
def test_by_a_wrong_clock_no_chime_sounds_and_an_alert_says_unsure_and_the_commune_stamps_the_time(
    scenes: Scenes, clock: str
) -> None:
    scenes[clock].result()


def test_by_a_clock_that_ntp_keeps_the_same_chime_sounds(start_lab: Callable[..., Lab], wall_clock: WallClock) -> None:
    lab = start_lab(start=False)
    wall_clock.kept = True
    boot(lab, wall_clock, CLOCKS["last year"](), READY_S)
    lab.node.see(lambda glance: glance["gong"] == "curfew")


def test_a_box_that_starts_again_in_the_middle_of_a_chime_s_grace_sounds_it(
    start_lab: Callable[..., Lab], wall_clock: WallClock
) -> None:
    # It was due in the box's first moment: no pattern was on the shelf yet, and it had failed for that night.
    lab = start_lab(start=False)
    wall_clock.kept = True
    boot(lab, wall_clock, CLOCKS["last year"](), -IN_GRACE_S)
    lab.node.see(lambda glance: glance["gong"] == "curfew")


def test_a_node_in_1970_is_let_in_by_the_communes_own_certificate(
    start_mosquitto: Callable[..., Mosquitto], wall_clock: WallClock, tmp_path: Path
) -> None:
    folder = tmp_path / "ca"
    folder.mkdir()
    make_server_certificate(folder, make_authority(folder, "cong-lac"), ["127.0.0.1"])
    word = new_password()
    broker = start_mosquitto(
        f"certfile {folder / 'server.crt'}", f"keyfile {folder / 'server.key'}", passwords={"n1": word}
    )
    (tmp_path / "word").write_text(word)
    code = f"""
import sys, threading, time
from pathlib import Path
from wire.envelope import LinkUp
from wire.link import Link, LinkSettings
up = threading.Event()
ca, word = Path({str(folder / "ca.crt")!r}), Path({str(tmp_path / "word")!r})
where = LinkSettings("127.0.0.1", {broker.port}, "n1", word, None, ca)
link = Link(where, [], lambda item: up.set() if item == LinkUp() else print(item))
link.open()
print(time.gmtime().tm_year, up.wait(10))
"""
    wall_clock.show(datetime(1970, 1, 1, 0, 1, tzinfo=UTC))
    environment = {"PYTHONPATH": str(Path(__file__).parents[2]), **wall_clock.environment}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.split() == ["1970", "True"], done.stdout
