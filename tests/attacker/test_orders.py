"""Old, replayed, forged, ill-signed, reordered and cut orders (faults 10 and 11), through a real broker to a real gong.

Whoever says them here has got hold of the broker itself: the service's own password, on the commune's machine. What
protects a gong then is the commune's key alone. Each is counted by its reason, and shown to the officer; none sounds.
"""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from fakes.installed import glance
from fakes.thief import Heard, Thief
from fakes.waiting import eventually

from node.finger import press
from wire.signature import Signer
from wire.words import Instant

GONG, HONEST, STOLEN = "thon-1", "thon-2", "loa"
ROOT = "keng/1/cong-lac"
SET = f"{ROOT}/all/alarms"
SHOWN_S = 45.0  # a node's status, and an officer's look at it
WEEK_MS = 7 * 24 * 3_600_000


def wall_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass
class Captured:
    """What an eavesdropper at the broker has written down."""

    alarm: Heard
    """A genuine set that made the gong sound."""
    clear: Heard
    """The genuine set after it."""
    alert: Heard
    """A genuine alert of thon-2."""


@pytest.fixture(scope="module")
def captured(siege) -> Captured:
    ear, officer = siege.user("service"), siege.officer()
    ear.subscribe(f"{ROOT}/all/+", f"{ROOT}/up/+/alert")
    siege.press(siege.thief(HONEST), HONEST)
    siege.silence()
    siege.ask(officer, "alarm", kind="fire", hamlets=["all"])
    ear.listen(lambda: [one for one in ear.heard if b'"duty"' in one.payload])
    eventually(lambda: siege.gong()["gong"], why="the genuine one did not sound")
    alarm = [one for one in ear.heard if b'"duty"' in one.payload][-1]
    ear.heard, alert = [], next(one for one in ear.heard if one.topic.endswith("thon-2/alert"))
    siege.ask(officer, "clear", target="all")
    ear.listen(lambda: cleared(ear))
    siege.silence()
    assert alarm.sig and alert.sig
    return Captured(alarm, cleared(ear)[0], alert)


def cleared(ear: Thief) -> list[Heard]:
    """Sets in which nothing sounds."""
    return [one for one in ear.heard if one.topic == SET and b'"alarms":[]' in one.payload]


@pytest.fixture
def broker(siege) -> Iterator[Thief]:
    """Somebody who may say everything."""
    session = siege.user("service")
    yield session
    session.close()


def refused(siege, reason: str) -> int:
    count: int = siege.gong()["refused"].get(reason, 0)
    return count


def is_refused(siege, reason: str, say: Callable[[], object], times: int = 1) -> None:
    """It is counted at the gong, and nothing sounds."""
    before = refused(siege, reason)
    say()
    eventually(lambda: refused(siege, reason) >= before + times, SHOWN_S, f"not counted as {reason}: {siege.gong()}")
    assert siege.gong()["gong"] is None


def a_set(counter: int, issued_ms: int, *, lease_s: int = 600) -> bytes:
    alarm = {
        "id": "0193ffff-0000-7000-8000-000000000001", "kind": "fire", "pattern": "alarm", "drill": False,
        "hamlets": ["all"], "since": str(Instant(issued_ms)), "lease_s": lease_s,
    }  # fmt: skip
    return json.dumps({"issued_at": str(Instant(issued_ms)), "counter": counter, "alarms": [alarm]}).encode()


def next_counter(siege) -> int:
    """One that no order has borne, and that the service's own will soon pass."""
    ear = siege.user("service")
    ear.subscribe(f"{ROOT}/all/+")
    siege.ask(siege.officer(), "clear", target="all")
    ear.listen(lambda: ear.heard, 15)
    counter: int = json.loads(ear.heard[-1].payload)["counter"]
    ear.close()
    return counter + 1


def test_a_replayed_order_does_not_sound_and_is_counted(siege, captured, broker):
    is_refused(siege, "counter", lambda: broker.publish(SET, captured.alarm.payload, sig=captured.alarm.sig))


def test_reordered_orders_do_not_sound(siege, captured, broker):
    def backwards():
        for one in (captured.clear, captured.alarm, captured.clear, captured.alarm):
            broker.publish(SET, one.payload, sig=one.sig)

    is_refused(siege, "counter", backwards, times=4)


def test_a_genuine_order_on_another_topic_does_not_sound(siege, captured, broker):
    def carried():
        for path in ("down/thon-1/alarms", "all/chime", "all/codebook", "down/thon-1/answer", "down/thon-1/welcome",
                     "down/thon-1/update"):  # fmt: skip
            broker.publish(f"{ROOT}/{path}", captured.alarm.payload, sig=captured.alarm.sig)

    is_refused(siege, "signature", carried, times=6)


def test_a_kept_order_does_not_sound_and_is_erased_by_the_commune(siege, captured, broker):
    is_refused(
        siege, "retained", lambda: broker.publish(SET, captured.alarm.payload, sig=captured.alarm.sig, retain=True)
    )
    late = siege.user("service")
    late.subscribe(f"{ROOT}/#")
    siege.press(siege.thief(HONEST), HONEST)
    late.listen(lambda: any(one.topic.endswith("thon-2/alert") for one in late.heard))
    assert not [one for one in late.heard if one.retained and one.topic == SET and one.payload]


@pytest.mark.parametrize(
    "how", ["counter", "time", "hamlets", "cut", "one bit", "none", "another's", "a stranger's", "a box's"]
)
def test_an_order_that_the_commune_did_not_sign_as_it_is_does_not_sound(siege, captured, broker, how):
    fields, payload, sig = json.loads(captured.alarm.payload), captured.alarm.payload, captured.alarm.sig
    fields |= {"issued_at": str(Instant(wall_ms()))}
    fresh = json.dumps(fields | {"counter": fields["counter"] + 10**6}).encode()
    reason = "signature"
    match how:
        case "counter":
            payload = json.dumps(fields | {"counter": fields["counter"] + 10**6}).encode()
        case "time":
            payload = json.dumps(fields).encode()
        case "hamlets":
            payload = payload.replace(b'["all"]', b'["thon-1"]')
        case "cut":
            payload = payload[:-1]
        case "one bit":
            payload = payload[:-1] + bytes([payload[-1] ^ 1])
        case "none":
            payload, sig, reason = fresh, None, "unsigned"
        case "another's":
            payload, sig = fresh, captured.clear.sig
        case "a stranger's":
            payload, sig = fresh, Signer(b"s" * 32).sign(SET, fresh)
        case "a box's":
            payload, sig = fresh, siege.signer(STOLEN).sign(SET, fresh)
    is_refused(siege, reason, lambda: broker.publish(SET, payload, sig=sig))


@pytest.mark.parametrize("ago_ms", [31_000, WEEK_MS, -31_000], ids=["half a minute", "a week", "to come"])
def test_a_genuine_order_of_another_time_does_not_sound(siege, broker, ago_ms):
    payload = a_set(next_counter(siege), wall_ms() - ago_ms)
    is_refused(siege, "stale", lambda: broker.publish(SET, payload, sig=siege.signer().sign(SET, payload)))


def test_a_genuine_alert_said_again_or_by_another_does_not_sound(siege, captured, broker):
    # With the name changed to that of a box of the gong's own hamlet; with its own, to the hamlet it would be heard in.
    other = captured.alert.payload.replace(b"thon-2", b"thon-1")
    is_refused(
        siege,
        "signature",
        lambda: broker.publish(f"{ROOT}/up/loa/alert", captured.alert.payload, sig=captured.alert.sig),
    )
    is_refused(siege, "signature", lambda: broker.publish(f"{ROOT}/up/thon-2/alert", other, sig=captured.alert.sig))
    rows = siege.ask(siege.officer(), "incidents")["result"]["incidents"]
    assert len([row for row in rows if row["id"] == json.loads(captured.alert.payload)["id"]]) == 1


def test_after_kill_9_and_with_a_new_card_nothing_captured_sounds(siege, captured, broker):
    process, box = siege.machine.processes[GONG], siege.boxes[GONG]
    for new_card in (False, True):
        process.kill()
        process.wait()
        if new_card:  # it has forgotten the last counter: what is over 30 s old is refused all the same
            shutil.rmtree(box / "state")
        (box / "control").unlink()
        siege.machine.start_node(GONG, box)
        process = siege.machine.processes[GONG]
        eventually(lambda: glance(box)["link"] == "steady", SHOWN_S, "the gong is not linked")
        old = a_set(next_counter(siege) + 1_000, wall_ms() - 31_000)  # its age alone is wrong
        before = sum(siege.gong()["refused"].values())
        for payload, sig in ((captured.alarm.payload, captured.alarm.sig), (old, siege.signer().sign(SET, old))):
            broker.publish(SET, payload, sig=sig)
        eventually(lambda before=before: sum(siege.gong()["refused"].values()) >= before + 2, SHOWN_S, "not counted")
        assert siege.gong()["gong"] is None


def test_what_was_refused_is_shown_to_the_officer_and_the_next_genuine_order_sounds(siege, captured, broker):
    broker.publish(SET, captured.alarm.payload, sig=captured.alarm.sig)
    eventually(lambda: {("refused", GONG), ("foreign_service", "alarms")} <= siege.troubles(), SHOWN_S, "not shown")
    siege.ask(siege.officer(), "alarm", kind="fire", hamlets=["all"])
    eventually(lambda: siege.gong()["gong"], why="the genuine one did not sound")
    siege.silence()
    press(siege.boxes[GONG] / "control", {"name": "fire"})
    eventually(lambda: siege.gong()["alert"] == "received", why="a press is not received")
