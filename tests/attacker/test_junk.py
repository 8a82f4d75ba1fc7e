"""Bad payloads through the real broker (faults 17): refused, counted, one trouble for as long as it goes on; the next
good one works. To the service from a stolen box; to the gong from that box, and from whoever holds the broker itself.
"""

import json
import sqlite3
from contextlib import closing

import pytest
from fakes.swarm import _packet, _text
from fakes.waiting import eventually

from broker.register.store import FILE
from wire.codec import MAX_BYTES, encode
from wire.messages import Alert

GONG, STOLEN = "thon-1", "loa"
ROOT = "keng/1/cong-lac"
SHOWN_S = 45.0
ORDERS = ("all/alarms", "all/chime", "all/codebook", "down/thon-1/alarms", "down/thon-1/answer", "down/thon-1/welcome")
SPEAKS = ("alert", "silent", "hello", "status", "sounded")


def junk(good: dict[str, object]) -> dict[str, bytes]:
    """A name for each way in which a message of these fields is none."""
    whole = json.dumps(good)
    return {
        "empty": b"",
        "not JSON": b"hello",
        "a list": b"[" + whole.encode() + b"]",
        "cut": whole[: len(whole) // 2].encode(),
        "NaN": whole.replace('"count": 1', '"count": NaN').replace("}", ', "x": NaN}').encode(),
        "nested": b'{"x":' + b"[" * (MAX_BYTES // 2 - 10) + b"]" * (MAX_BYTES // 2 - 10) + b"}",
        "10,000 deep": b"[" * 10_000,
        "bad UTF-8": whole.replace("fire", "f\xff").encode("latin-1"),
        "half a letter": whole.replace("fire", "\\ud800").encode(),
        "huge integer": json.dumps(good | {"count": 10**300, "counter": 10**300}).encode(),
        "negative": json.dumps(good | {"count": -1, "age_ms": -1, "counter": -1}).encode(),
        "wrong types": json.dumps({name: [value] for name, value in good.items()}).encode(),
        "missing": json.dumps({"version": 99}).encode(),
        "version 99": json.dumps({"version": 99, "v": 99, "payload": good}).encode(),
        "zero bytes": bytes(100),
        "too long": whole.encode() + b" " * MAX_BYTES,
    }


@pytest.fixture
def alert(siege) -> Alert:
    return siege.alert(STOLEN)


def fields(message: Alert) -> dict[str, object]:
    found: dict[str, object] = json.loads(encode(message))
    return found


def counted(siege) -> int:
    return sum(siege.gong()["refused"].values())


TIMES = 5  # each piece of junk; below what makes a gong turn away from a flooder (node/peers.py)


@pytest.mark.parametrize("how", sorted(junk({"kind": "fire", "count": 1})))
def test_junk_from_a_stolen_box_is_counted_by_gong_and_service_and_sounds_nowhere(siege, alert, how):
    thief, before, payload = siege.thief(), counted(siege), junk(fields(alert))[how]
    topic = f"{ROOT}/up/loa/alert"
    for sig in (None, "x", "đ" * 40, siege.signer(STOLEN).sign(topic, payload)):
        assert thief.publish(topic, payload, sig=sig) == 0
    for word in SPEAKS[1:]:
        assert thief.publish(f"{ROOT}/up/loa/{word}", payload) in (0, 0x10)
    eventually(lambda: counted(siege) >= before + 4, SHOWN_S, f"{counted(siege)} after {before}")
    assert siege.gong()["gong"] is None
    assert ("refused", STOLEN) in siege.troubles()


def test_all_of_it_is_one_trouble_that_is_written_down_once(siege, alert):
    thief, officer = siege.thief(), siege.officer()
    rows = register_rows(siege, STOLEN)
    for payload in junk(fields(alert)).values():
        for _ in range(TIMES):
            thief.publish(f"{ROOT}/up/loa/alert", payload)
    eventually(lambda: ("refused", STOLEN) in siege.troubles(), SHOWN_S, "not shown")
    troubles = siege.ask(officer, "status")["result"]["troubles"]
    assert len([one for one in troubles if one["about"] == STOLEN and one["kind"] == "refused"]) == 1
    assert register_rows(siege, STOLEN) - rows <= 2


def register_rows(siege, about: str) -> int:
    """Entries of the journal about somebody's refused messages."""
    [file] = siege.machine.root.rglob(FILE)
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=5)) as db:
        sql = "select count(*) from register_journal where subject = ? and what in ('trouble', 'mended')"
        return int(db.execute(sql, (about,)).fetchone()[0])


@pytest.mark.parametrize("path", ORDERS)
def test_junk_from_whoever_holds_the_broker_changes_nothing_at_the_gong(siege, alert, path):
    broker, links = siege.user("service"), siege.links()
    before, spoilt = counted(siege), junk(fields(alert))
    for payload in spoilt.values():
        # Signed by the commune itself: it must not be the signature alone that protects the decoder behind it.
        broker.publish(f"{ROOT}/{path}", payload, sig=siege.signer().sign(f"{ROOT}/{path}", payload))
    eventually(lambda: counted(siege) >= before + len(spoilt), SHOWN_S, f"{counted(siege) - before} of {len(spoilt)}")
    assert siege.gong()["gong"] is None
    assert siege.links() == links


@pytest.mark.parametrize(
    "user_properties",
    [
        b"\x26\x00\x03sig\x00\x00",
        b"\x26\x00\x03sig\x00\x03\xef\xbb\xbf",
        b"\x26\x00\x00\x00\x00" * 20,
        b"\x26\x00\x03sig\x00\x01x" * 9,
    ],
    ids=["empty", "byte order mark", "nameless", "many"],
)
def test_strange_properties_cut_nobody_off(siege, alert, user_properties):
    thief, links, before = siege.thief(), siege.links(), counted(siege)
    body = _text(f"{ROOT}/up/loa/alert") + b"\x00\x07" + bytes([len(user_properties)]) + user_properties + encode(alert)
    thief.raw(_packet(0x32, body))
    if not thief.is_cut(0.3):  # the broker's own taste differs by its version
        eventually(lambda: counted(siege) > before, SHOWN_S, "not counted")
    assert siege.links() == links
    assert siege.gong()["gong"] is None


def test_after_all_that_a_good_alert_and_a_good_order_work(siege):
    assert siege.press(siege.thief(), STOLEN) < 5
    eventually(lambda: siege.gong()["gong"], why="the good alert does not sound")
    siege.silence()
    siege.ask(siege.officer(), "alarm", kind="fire", hamlets=["all"])
    eventually(lambda: siege.gong()["gong"], why="the good order does not sound")
    assert GONG in {one["node"] for one in siege.status()["nodes"] if one["online"]}
