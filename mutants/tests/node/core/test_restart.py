"""What a restart knows: every prefix of what was written is a node that keeps its promises."""

import random

import pytest
from fakes.box import CURFEW, EVENING_MS, Box, a_book, an_alarm, uid
from fakes.journal import PowerCut
from hypothesis import given, settings
from hypothesis import strategies as st

from node.core.effects import Sound, Write
from node.core.records import HeardAlert, Memory, OwnAlert

pytestmark = pytest.mark.pure


def a_night(box: Box) -> None:
    """Presses, a neighbour, sets, answers, a cancelling, a chime."""
    box.link_up()
    box.hold("red")
    box.hold("quiet")
    first, hushed = list(box.memory.alerts)[:2]
    box.answer(first, "received")
    box.set_of_alarms(an_alarm(first))
    box.arrive(box.a_peer(uid(7)))
    box.arrive(box.a_peer(uid(7), cancelled=True))
    box.set_of_alarms()
    box.hold("fire")
    box.hold("cancel", 200)
    box.answer(hushed, "closed")
    box.hold("try")
    box.at("22:00:20")
    box.answer(first, "closed")


def a_box() -> Box:
    book = a_book(chimes=[CURFEW], hamlets={"h1": ["gong-1", "gong-2"], "h2": []})
    return Box(codebook=book, wall_ms=EVENING_MS + 59 * 60_000)


def whole_night() -> Box:
    box = a_box()
    a_night(box)
    return box


LONG = len(whole_night().effects)


@pytest.mark.parametrize("cut", range(1, LONG - 2, 2))
def test_a_cut_between_any_two_effects_loses_no_alert_and_sounds_nothing_twice(cut: int) -> None:
    again = "restart" if cut % 4 == 1 else "power_on"
    box = a_box()
    box.cut_after = cut
    with pytest.raises(PowerCut):
        a_night(box)
    unsent = {id_: alert for id_, alert in box.memory.alerts.items() if alert.state == "sending"}
    over, done, heard = box.memory.over, box.memory.chimes, box.memory.heard
    quiet = {alert.id for alert in box.memory.alerts.values() if alert.quiet or alert.silent}
    box.commune = True
    mark = len(box.effects)
    getattr(box, again)()
    box.link_up()
    box.arrive(box.a_peer(uid(7)))
    assert box.playing not in {*over, *quiet}
    assert uid(7) not in heard or box.playing != uid(7)
    said = {one.id for one in (*box.said("alert"), *box.said("silent"))}
    assert set(unsent) <= said
    box.at("22:02")
    curfews = [effect for _, effect in box.effects[mark:] if isinstance(effect, Sound) and effect.pattern == "curfew"]
    assert len(curfews) + len(done) <= 1


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_the_memory_in_the_core_is_what_the_journal_adds_up_to(seed: int) -> None:
    rng = random.Random(seed)
    box = a_box()
    box.link_up()
    for _ in range(25):
        match rng.randrange(5):
            case 0:
                box.hold(rng.choice(["red", "fire", "quiet", "try", "cancel"]))
            case 1:
                ids = [*box.memory.alerts, uid(1), uid(2)]
                box.set_of_alarms(*(an_alarm(id_) for id_ in rng.sample(ids, rng.randrange(2))))
            case 2:
                box.answer(rng.choice([*box.memory.alerts, uid(1)]), rng.choice(["received", "acknowledged", "closed"]))
            case 3:
                box.arrive(box.a_peer(uid(rng.randrange(5)), cancelled=rng.random() < 0.3))
            case _:
                box.wait(rng.choice([100, 30_000, 200_000]))
        parts = box.core._parts
        assert parts.memory == box.memory
        assert {alert.id: alert for alert in parts.alerts.all()} == box.memory.alerts
        folded = Memory()
        for record in box.memory.records():
            folded = folded.after(record)
        assert folded == box.memory


def test_each_record_is_written_before_what_depends_on_it_is_said() -> None:
    box = whole_night()
    written: set[str] = set()
    ids = {one.id for one in box.said("alert")}
    for _, effect in box.effects:
        if isinstance(effect, Write) and isinstance(effect.record, OwnAlert):
            written.add(effect.record.id)
        for id_ in ids:
            if getattr(effect, "topic", "").endswith("/alert") and id_.encode() in effect.payload:
                assert id_ in written


def test_a_finished_night_leaves_nothing_to_send_and_knows_what_is_over() -> None:
    box = whole_night()
    for id_ in list(box.memory.alerts):
        box.answer(id_, "closed")
    assert box.memory.alerts == {}
    assert HeardAlert(uid(7), over=True) in box.records
    box.power_on()
    box.link_up()
    box.wait(60_000)
    assert box.playing is None
    assert box.status.unsent == 0
