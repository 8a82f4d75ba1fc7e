"""A stolen box's credentials (faults 13): they speak for that box alone, hear what it may hear, and disturb nobody.

The access list has its own tests, topic by topic (broker/mosquitto/test_configuration.py). Here a whole commune runs,
with its keys, and what must not be is looked for where it would be seen: at the gong, in the register, on the wire.
"""

import json
import re
from contextlib import suppress

import pytest
from fakes.thief import Cut, Thief, Will, publication
from fakes.waiting import eventually

from node.finger import press
from wire.codec import encode

NOT_AUTHORISED = 0x87
FORGED = b'{"node":"thon-1","online":false}'
GONG, HONEST, STOLEN = "thon-1", "thon-2", "loa"
ROOT = "keng/1/cong-lac"
ELSEWHERE = [
    "up/thon-1/alert", "up/thon-1/silent", "up/thon-1/status", "up/thon-1/hello", "up/thon-2/sounded", "up/loa/other",
    "up/loa", "up//alert", "up/loa/alert/", "down/thon-1/alarms", "down/thon-1/answer", "down/thon-1/welcome",
    "down/loa/alarms", "all/alarms", "all/chime", "all/codebook", "ask/duty/clear", "ask/loa/clear", "told/duty",
    "down/thon-1/update", "down/loa/update", "ask/duty/update", "ask/loa/update",
]  # fmt: skip
LISTENING = [
    "#", "+/+/+/+/+/+", "+/+/+/up/+/silent", f"{ROOT}/#", f"{ROOT}/up/#", f"{ROOT}/up/+/silent",
    f"{ROOT}/up/thon-1/silent",
    f"{ROOT}/down/#", f"{ROOT}/down/+/alarms", f"{ROOT}/down/+/answer", f"{ROOT}/down/thon-1/+",
    f"{ROOT}/down/+/update", f"{ROOT}/up/+/status",
    f"{ROOT}/ask/#", f"{ROOT}/told/#",
    "$SYS/#", "$SYS/broker/log/#", f"$share/a/{ROOT}/#", f"$share/b/{ROOT}/up/+/silent", "$share/c/#",
    f"$share/d/{ROOT}/down/thon-1/answer", f"$share/e/{ROOT}/down/+/+", "$share/f/$SYS/#",
]  # fmt: skip
HEARS = {
    "up/+/alert",
    "all/alarms",
    "all/chime",
    "all/codebook",
    "down/loa/welcome",
    "down/loa/answer",
    "down/loa/alarms",
}
WATCHES = {
    "up/+/alert",
    "up/+/hello",
    "up/+/status",
    "up/+/sounded",
    "all/alarms",
    "all/chime",
    "all/codebook",
    "told/duty",
}


def kinds(thief: Thief) -> set[str]:
    """Where what was heard was said; other nodes' names as +."""
    paths = {one.topic.removeprefix(f"{ROOT}/") for one in thief.heard}
    return {re.sub(r"^up/[^/]+/", "up/+/", path) for path in paths}


def test_what_it_says_elsewhere_is_refused_and_reaches_nobody(siege):
    links, thief, service = siege.links(), siege.thief(), siege.user("service")
    service.subscribe(f"{ROOT}/#")
    for path in ELSEWHERE:
        topic = f"{ROOT}/{path}"
        assert thief.publish(topic, b"forged", sig=siege.signer(STOLEN).sign(topic, b"forged")) == NOT_AUTHORISED, path
        assert thief.publish(topic, b"forged", retain=True) == NOT_AUTHORISED, path
    assert siege.press(siege.thief(HONEST), HONEST) < 5
    service.listen(lambda: any(one.topic == f"{ROOT}/up/thon-2/alert" for one in service.heard))
    assert not [one for one in service.heard if one.payload == b"forged"]
    assert siege.gong()["gong"] is None
    assert siege.links() == links


@pytest.mark.parametrize("topic", ["+", "#", f"{ROOT}/up/+/alert", f"{ROOT}/#", f"{ROOT}/up/loa\x00/alert"])
def test_wildcards_in_a_topic_end_its_session_and_no_other(siege, topic):
    links, thief = siege.links(), siege.thief()
    thief.raw(publication(topic, b"x", mid=7))
    assert thief.is_cut()
    assert siege.links() == links


@pytest.mark.parametrize("who", ["#", "+", "thon-1/#", "loa/../thon-1", "service", "duty", "", None])
def test_with_another_name_its_password_opens_nothing(siege, who):
    folder = siege.boxes[STOLEN]
    word, ca = (folder / "password").read_text().strip(), folder / "ca.crt"
    for number, port in enumerate(siege.machine.ports[:3]):  # Mosquitto's own
        with pytest.raises(Cut):
            Thief(port, who, None if who is None else word, ca=None if number == 2 else ca, client_id="x")


def test_silent_alerts_reach_neither_it_nor_an_officer_s_session_by_any_subscription(siege):
    thief, officer, post = siege.thief(), siege.officer(), siege.user("service")
    for spy in (thief, officer):
        for one in LISTENING:  # one at a time: a refused filter must not save the others
            spy.subscribe(one)
    post.subscribe(f"{ROOT}/#")
    press(siege.boxes[GONG] / "control", {"name": "silent"})
    silently = f"{ROOT}/up/thon-1/silent"

    def ids(topic: str) -> set[str]:
        return {json.loads(one.payload)["id"] for one in post.heard if one.topic == topic}

    post.listen(lambda: ids(silently) & ids(f"{ROOT}/down/thon-1/answer"))
    [id_] = ids(silently)
    honest = siege.thief(HONEST)
    siege.press(honest, HONEST)  # what came before it has come
    for spy, may in ((thief, HEARS), (officer, WATCHES)):
        spy.listen(lambda spy=spy: [one for one in spy.heard if one.topic == f"{ROOT}/up/thon-2/alert"])
        assert kinds(spy) <= may
        heard = [one for one in spy.heard if id_.encode() in one.payload]
        # The officers' own topic, by the commune's word: a silent alert is for the police.
        assert {one.topic for one in heard} <= ({f"{ROOT}/told/duty"} if spy is officer else set())
    assert siege.gong()["alert"] == "dark"
    assert {one["id"]: one["silent"] for one in siege.ask(officer, "incidents")["result"]["incidents"]}[id_] is True


@pytest.mark.parametrize("retain", [False, True])
@pytest.mark.parametrize("path", ["up/thon-1/status", "up/thon-1/alert", "all/alarms", "down/thon-1/answer"])
def test_a_forged_last_will_is_said_nowhere(siege, path, retain):
    service = siege.user("service")
    service.subscribe(f"{ROOT}/#")
    with suppress(Cut):  # it may not even be let in
        siege.thief(will=Will(f"{ROOT}/{path}", FORGED, retain)).close()
    siege.press(siege.thief(HONEST), HONEST)
    service.listen(lambda: any(one.topic == f"{ROOT}/up/thon-2/alert" for one in service.heard))
    assert not [one for one in service.heard if one.topic == f"{ROOT}/{path}" and one.payload == FORGED]
    assert GONG in {one["node"] for one in siege.status()["nodes"] if one["online"]}


def test_its_own_will_may_be_an_alert_and_sounds_nothing_unsigned(siege):
    alert = siege.alert(STOLEN)
    siege.thief(will=Will(f"{ROOT}/up/loa/alert", encode(alert))).close()
    eventually(lambda: siege.gong()["refused"].get("unsigned"), why="the will was not counted")
    assert siege.gong()["gong"] is None
    assert ("refused", STOLEN) in siege.troubles()


def test_no_client_id_takes_anybody_s_session_over(siege):
    links, officer = siege.links(), siege.officer()
    log = (siege.machine.root / "run/mosquitto/log").read_text()
    [service_id] = set(re.findall(r"as (service-[0-9a-f]+)", log))
    before = siege.machine.said("service").lower().count("link")
    for client_id in (GONG, HONEST, service_id, "duty", "service"):
        thief = siege.thief(client_id=client_id)
        assert thief.publish(f"{ROOT}/up/loa/hello", b"x") in (0, 0x10)
        thief.close()
    assert siege.ask(officer, "status")["ok"]
    assert siege.links() == links
    assert siege.machine.said("service").lower().count("link") == before


def test_the_service_s_session_has_a_name_that_nobody_is_told(siege):
    log = (siege.machine.root / "run/mosquitto/log").read_text()
    [service_id] = set(re.findall(r"as (service-[0-9a-f]+)", log))
    thief, officer = siege.thief(), siege.officer()
    for spy in (thief, officer):
        for one in LISTENING:
            spy.subscribe(one)
    run = service_id.removeprefix("service-").encode()
    siege.ask(officer, "status")
    siege.ask(officer, "incidents")
    siege.press(siege.thief(HONEST), HONEST)
    thief.listen(lambda: any(one.topic.endswith("up/thon-2/alert") for one in thief.heard))
    assert not [one for one in (*thief.heard, *officer.heard) if run in one.payload]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"node": GONG}, "topic"), ({"hamlet": "thon-2"}, "stranger"), ({"node": HONEST, "hamlet": "thon-2"}, "topic")],
)
def test_what_it_says_of_others_on_its_own_topic_is_counted_shown_and_sounds_nowhere(siege, changes, reason):
    thief, topic = siege.thief(), f"{ROOT}/up/loa/alert"
    before = siege.gong()["refused"].get(reason, 0)
    payload = encode(siege.alert(STOLEN, **changes))
    assert thief.publish(topic, payload, sig=siege.signer(STOLEN).sign(topic, payload)) == 0
    eventually(lambda: siege.gong()["refused"].get(reason, 0) > before, why="the gong did not count it")
    assert siege.gong()["gong"] is None
    assert ("refused", STOLEN) in siege.troubles()


def test_its_own_alert_is_believed_for_its_own_hamlet(siege):
    # Whoever has the box has its button as well: until it is retired it may say so.
    assert siege.press(siege.thief(), STOLEN) < 5
    eventually(lambda: siege.gong()["gong"], why="the good one did not sound")
