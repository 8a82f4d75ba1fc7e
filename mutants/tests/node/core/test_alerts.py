"""This node's own alerts, until the register says that it is over."""

import itertools

import pytest
from fakes.box import Box, uid
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from node.core.alerts import INSIST_COPIES, RESEND_LATER_MS, STALE_AGE_MS, OwnAlerts
from node.core.records import MAX_ALERTS, Memory, OwnAlert
from wire.envelope import LinkUp
from wire.messages import Alert, Answer, Cancel
from wire.words import AnswerState, Instant

pytestmark = pytest.mark.pure

PRESSED = OwnAlert(uid(1), "fire", False, False, 0, "unsure", 1_000, "boot")


def ours(*alerts: OwnAlert, boot: str = "boot") -> OwnAlerts:
    return OwnAlerts({alert.id: alert for alert in alerts}, boot)


def pressed(box: Box) -> str:
    box.hold("red")
    return box.alerts()[0].id if box.linked else next(iter(box.memory.alerts))


def linked() -> Box:
    box = Box()
    box.link_up()
    return box


def test_an_alert_is_sent_again_and_again_until_it_is_received() -> None:
    box = linked()
    id_ = pressed(box)
    box.wait(60_000)
    sent = len(box.alerts())
    assert sent >= 12
    assert {alert.id for alert in box.alerts()} == {id_}
    box.answer(id_, "received")
    box.wait(60_000)
    assert len(box.alerts()) == sent


def test_the_first_loss_costs_a_second_and_a_dead_service_little() -> None:
    box = linked()
    pressed(box)
    box.wait(40_000)
    times = [at_ms for at_ms, effect in box.effects if effect in box.published("alert")]
    gaps = [b - a for a, b in itertools.pairwise(times)]
    assert gaps[:5] == [1_000, 2_000, 2_000, 4_000, RESEND_LATER_MS]
    assert set(gaps[5:]) == {RESEND_LATER_MS}


def test_a_new_link_does_not_wait_for_the_next_copy() -> None:
    box = linked()
    pressed(box)
    box.wait(30_000)
    box.wait(box.core.deadline_ms - box.now_ms)
    while not box.alerts()[-1].age_ms > 35_000:
        box.wait(10)
    count = len(box.alerts())
    box.link_down()
    box.wait(1_000)
    box.step(LinkUp())
    assert len(box.alerts()) == count + 1


def test_a_copy_tells_its_age_anew() -> None:
    box = linked()
    pressed(box)
    box.wait(2_000)
    assert [alert.age_ms for alert in box.alerts()] == [0, 1_000]


def test_what_was_pressed_without_a_link_goes_out_with_the_first_one() -> None:
    box = Box()
    id_ = pressed(box)
    box.wait(3_600_000)
    box.link_up()
    assert [(alert.id, alert.age_ms > 3_600_000, alert.clock) for alert in box.alerts()] == [(id_, True, "unsure")]
    box.wait(2_000)
    assert box.alerts()[-1].clock == "synced"
    assert abs(box.alerts()[-1].pressed_at.ms - (box.wall_ms - box.alerts()[-1].age_ms)) < 1_100


@pytest.mark.parametrize("again", ["restart", "power_on"])
def test_what_was_not_received_is_sent_after_a_restart(again: str) -> None:
    box = linked()
    id_ = pressed(box)
    getattr(box, again)()
    mark = len(box.alerts())
    box.link_up()
    assert [alert.id for alert in box.alerts()[mark:]] == [id_]
    assert (box.alerts()[-1].age_ms >= STALE_AGE_MS) is (again == "power_on")


def test_what_was_received_is_not_sent_after_a_restart() -> None:
    box = linked()
    box.answer(pressed(box), "received")
    count = len(box.alerts())
    box.power_on()
    box.link_up()
    box.wait(10_000)
    assert len(box.alerts()) == count


def test_the_lamp_says_received_after_the_answer_and_never_before() -> None:
    box = linked()
    id_ = pressed(box)
    box.wait(30_000)
    assert box.lamps.alert == "sending"
    box.answer(id_, "received")
    assert box.lamps.alert == "received"
    box.answer(id_, "acknowledged")
    assert box.lamps.alert == "acknowledged"
    box.answer(id_, "closed")
    assert box.lamps.alert == "dark"


def test_the_lamp_is_the_same_after_a_restart() -> None:
    box = linked()
    box.answer(pressed(box), "received")
    box.power_on()
    assert box.lamps.alert == "received"


def test_the_lamp_shows_the_least_settled_of_several() -> None:
    box = linked()
    box.answer(pressed(box), "acknowledged")
    box.hold("fire")
    assert box.lamps.alert == "sending"
    box.answer(box.alerts()[-1].id, "received")
    assert box.lamps.alert == "received"


@pytest.mark.parametrize("back", ["received", "acknowledged"])
def test_what_the_register_said_only_goes_forward(back: AnswerState) -> None:
    box = linked()
    id_ = pressed(box)
    box.answer(id_, "acknowledged")
    written = len(box.records)
    box.answer(id_, back)
    assert box.lamps.alert == "acknowledged"
    assert len(box.records) == written


def test_an_insistence_is_sent_three_times_though_the_alert_is_received() -> None:
    box = linked()
    id_ = pressed(box)
    box.answer(id_, "received")
    box.hold("red")
    box.answer(id_, "received")
    box.answer(id_, "acknowledged")
    box.wait(60_000)
    assert len([alert for alert in box.alerts() if alert.count == 2]) == INSIST_COPIES
    assert box.lamps.alert == "acknowledged"


def test_an_insistence_without_a_link_is_not_spent_on_nobody() -> None:
    """Its three copies were said to a dead link, and the commune never heard of them."""
    box = linked()
    id_ = pressed(box)
    box.answer(id_, "received")
    box.hold("red")
    box.link_down()
    for _ in range(4):
        box.hold("fire")
        box.wait(5_000)
    count = len(box.alerts())
    box.link_up()
    box.wait(10_000)
    assert len([alert for alert in box.alerts()[count:] if alert.id == id_]) == INSIST_COPIES - 1


def test_a_received_that_crosses_with_the_cancelling_is_not_its_receipt() -> None:
    box = linked()
    id_ = pressed(box)
    box.hold("cancel", 200)
    box.answer(id_, "received")
    box.wait(60_000)
    count = len(box.said("alert"))
    box.wait(RESEND_LATER_MS)
    assert len(box.said("alert")) == count + 1
    box.answer(id_, "false_alarm")
    count = len(box.said("alert"))
    box.wait(20_000)
    assert len(box.said("alert")) == count
    assert box.lamps.alert == "dark"


def test_a_cancelling_that_is_answered_received_again_and_again_is_not_said_for_ever() -> None:
    """Others had pressed for the same incident: it is not over, and the commune has no other answer."""
    box = linked()
    id_ = pressed(box)
    box.hold("cancel", 200)
    for _ in range(6):
        box.wait(5_000)
        box.answer(id_, "received")
    count = len(box.said("alert"))
    assert box.lamps.alert == "received"
    box.wait(60_000)
    assert len(box.said("alert")) == count
    box.answer(id_, "closed")
    assert box.lamps.alert == "dark"


def test_an_acknowledged_that_crosses_with_the_cancelling_does_not_swallow_it() -> None:
    """The officer took it in the same moment; the link was cut; the commune never heard of the cancelling."""
    box = linked()
    id_ = pressed(box)
    box.hold("cancel", 200)
    box.link_down()
    count = len(box.said("alert"))
    box.linked = True
    box.answer(id_, "acknowledged")
    box.link_down()
    box.link_up()
    box.wait(60_000)
    copies = box.said("alert")[count:]
    assert [type(said) for said in copies] == [Cancel] * INSIST_COPIES
    assert box.lamps.alert == "acknowledged"


def test_an_answer_for_another_s_alert_is_none_of_ours() -> None:
    assert ours(PRESSED).answered(Answer(id=uid(2), state="received")) is None


def said(alerts: OwnAlerts, alert: OwnAlert, now_ms: int, wall_ms: int | None) -> Alert | Cancel:
    return alerts.message(alert, "gong-1", "h1", now_ms, wall_ms)


def test_a_press_by_an_unsure_clock_gets_its_time_when_the_time_is_known() -> None:
    message = said(ours(PRESSED), PRESSED, 6_000, 1_000_000)
    assert (message.clock, message.pressed_at and message.pressed_at.ms, message.age_ms) == ("synced", 995_000, 5_000)


def test_a_press_of_an_earlier_boot_keeps_its_time_and_is_never_young() -> None:
    alerts = ours(PRESSED, boot="later")
    message = said(alerts, PRESSED, 500, 1_000_000)
    assert (message.clock, message.pressed_at and message.pressed_at.ms, message.age_ms) == ("unsure", 0, STALE_AGE_MS)
    known = structs.replace(PRESSED, pressed_wall_ms=100_000, clock="synced")
    assert said(alerts, known, 500, 1_000_000).age_ms == 900_000
    assert said(alerts, known, 500, 50_000).age_ms == STALE_AGE_MS
    assert said(alerts, known, 500, None).age_ms == STALE_AGE_MS
    assert said(alerts, known, 90_000, None).age_ms == 90_000


@given(st.integers(-(2**60), 2**60), st.integers(0, 2**50), st.integers(0, 2**50), st.booleans())
def test_whatever_the_journal_says_can_be_said(wall_ms: int, pressed_ms: int, now_ms: int, same: bool) -> None:
    alert = structs.replace(PRESSED, pressed_wall_ms=wall_ms, clock="synced", pressed_ms=pressed_ms)
    assert said(ours(alert, boot="boot" if same else "other"), alert, now_ms, None).age_ms >= 0


def test_more_presses_than_can_be_kept_forget_the_same_as_the_journal_does() -> None:
    box = Box()
    for _ in range(MAX_ALERTS + 6):
        box.hold("try")
        box.wait(2_000)
    box.hold("red")
    box.link_up()
    assert {alert.id for alert in box.alerts()} == set(box.memory.alerts)
    assert len(box.memory.alerts) == MAX_ALERTS


def test_nothing_is_due_where_nothing_is_unsent() -> None:
    assert ours(structs.replace(PRESSED, state="received")).deadline_ms is None


def test_all_are_told_oldest_first() -> None:
    second = structs.replace(PRESSED, id=uid(2))
    assert ours(PRESSED, second).all() == [PRESSED, second]


def test_a_copy_and_a_cancelling_say_all_that_is_known_of_the_press() -> None:
    alerts = ours(PRESSED)
    again = structs.replace(PRESSED, drill=True, count=3, last_ms=5_000)
    assert said(alerts, again, 6_500, 1_000_000) == Alert(
        id=uid(1), node="gong-1", hamlet="h1", kind="fire", drill=True, pressed_at=Instant(994_500),
        clock="synced", age_ms=5_500, count=3, last_age_ms=1_500,
    )  # fmt: skip
    gone = structs.replace(again, cancelled=True)
    assert said(alerts, gone, 6_500, 1_000_000) == Cancel(
        id=uid(1), node="gong-1", cancelled=True, hamlet="h1", kind="fire", drill=True, pressed_at=Instant(994_500),
        clock="synced", age_ms=5_500, count=3,
    )  # fmt: skip
    assert said(alerts, gone, 6_500, None).clock == "unsure"


def test_how_long_ago_it_was_pressed_last_is_said_within_a_boot_alone_and_is_never_negative() -> None:
    again = structs.replace(PRESSED, count=2, last_ms=5_000)
    alert = said(ours(PRESSED), again, 4_000, None)
    assert isinstance(alert, Alert)
    assert alert.last_age_ms == 0
    other = said(ours(PRESSED, boot="later"), again, 6_000, None)
    assert isinstance(other, Alert)
    assert other.last_age_ms is None
    once = said(ours(PRESSED), PRESSED, 6_000, None)
    assert isinstance(once, Alert)
    assert once.last_age_ms is None


def test_only_loud_alerts_that_the_register_has_not_are_counted_as_unsent() -> None:
    received = structs.replace(PRESSED, id=uid(2), state="received")
    quiet = structs.replace(PRESSED, id=uid(3), silent=True)
    third = structs.replace(PRESSED, id=uid(4))
    assert ours(PRESSED, received, quiet, third).unsent() == 2
    assert ours(received, quiet).unsent() == 0


def test_what_the_journal_forgot_is_forgotten_whether_it_was_being_sent_or_not() -> None:
    received = structs.replace(PRESSED, id=uid(2), state="received")
    third = structs.replace(PRESSED, id=uid(3))
    alerts = ours(PRESSED, received, third)
    alerts.keep_only(Memory(alerts={uid(3): third}))
    assert alerts.all() == [third]
    assert alerts.to_send(0) == [third]


def test_one_that_is_not_due_keeps_no_other_waiting() -> None:
    second = structs.replace(PRESSED, id=uid(2))
    alerts = ours(PRESSED)
    assert alerts.to_send(0) == [PRESSED]
    alerts.put(second, 500, send=True)
    assert alerts.deadline_ms == 500
    assert alerts.to_send(500) == [second]
    assert alerts.deadline_ms == 1_000


def test_after_a_new_link_the_patience_begins_anew() -> None:
    alerts = ours(PRESSED)
    for now_ms in range(0, 60_000, 10_000):
        alerts.to_send(now_ms)
    alerts.linked(60_000)
    assert alerts.to_send(60_000) == [PRESSED]
    assert alerts.deadline_ms == 61_000
    alerts.to_send(61_000)
    alerts.put(PRESSED, 61_500, send=True)
    assert alerts.to_send(61_500) == [PRESSED]
    assert alerts.deadline_ms == 62_500


def test_a_received_is_the_receipt_of_a_cancelling_once_three_copies_of_it_went_out() -> None:
    gone = structs.replace(PRESSED, cancelled=True)
    alerts = ours(PRESSED)
    alerts.put(gone, 0, send=True)
    for copies in range(INSIST_COPIES):
        assert alerts.answered(Answer(id=uid(1), state="received")) is None, f"after {copies}"
        assert alerts.to_send(copies * 10_000) == [gone]
    assert alerts.answered(Answer(id=uid(1), state="received")) == structs.replace(gone, state="received")


def test_an_alert_that_is_put_and_need_not_be_said_is_not_said() -> None:
    alerts = ours()
    alerts.put(structs.replace(PRESSED, state="received"), 0, send=False)
    assert alerts.to_send(100) == []
    assert alerts.get(uid(1)) is not None
