"""What a contact does."""

import pytest
from fakes.box import CONTACTS, Box, an_alarm

from node.core.alerts import INSIST_COPIES
from node.core.effects import Effect, Nudge, Publish, Show, Silence, Sound, Write
from node.core.parts import Parts
from node.core.presses import MAX_COUNT, _cancel, _insisted, resume
from node.core.records import Memory, OwnAlert
from node.core.setup import Setup
from wire.messages import Alarms, Cancel
from wire.words import Instant

pytestmark = pytest.mark.pure


def linked() -> Box:
    box = Box()
    box.link_up()
    return box


def since(box: Box, mark: int) -> list[Effect]:
    return [effect for _, effect in box.effects[mark:]]


@pytest.mark.parametrize("link", [True, False])
def test_a_press_sounds_then_is_written_then_is_said(link: bool) -> None:
    box = linked() if link else Box()
    box.wait(1_000)
    mark = len(box.effects)
    box.hold("red")
    order = [type(effect) for effect in since(box, mark) if not isinstance(effect, Show)]
    assert order[: 4 if link else 3] == ([Sound, Write, Publish, Nudge] if link else [Sound, Write, Nudge])


@pytest.mark.parametrize("link", ["none", "up", "cut"])
def test_our_own_gong_sounds_at_the_end_of_the_hold_whatever_the_link_does(link: str) -> None:
    box = Box()
    if link != "none":
        box.link_up()
    if link == "cut":
        box.link_down()
    began_ms = box.now_ms
    box.hold("red")
    assert box.playing is not None
    assert [at_ms for at_ms, effect in box.effects if isinstance(effect, Sound)] == [began_ms + 800]


def test_a_press_says_which_button_and_when() -> None:
    box = linked()
    box.hold("fire")
    alert = box.alerts()[0]
    assert (alert.node, alert.hamlet, alert.kind, alert.drill, alert.count) == ("gong-1", "h1", "fire", False, 1)
    assert alert.clock == "synced"
    assert abs(alert.pressed_at.ms - (box.wall_ms - 170)) < 20
    assert alert.age_ms == 0


def test_fifty_presses_are_one_alert_counted_up() -> None:
    box = linked()
    for _ in range(50):
        box.hold("red")
    assert len({alert.id for alert in box.alerts()}) == 1
    assert max(alert.count for alert in box.alerts()) == 50
    assert len(box.sounds()) == 1
    assert len(box.memory.alerts) == 1


def test_a_count_stays_within_the_contract() -> None:
    box = linked()
    box.hold("red")
    alert = next(iter(box.memory.alerts.values()))
    box.core._parts.alerts.put(OwnAlert(**{**_fields(alert), "count": MAX_COUNT}), box.now_ms, send=False)
    box.hold("red")
    assert box.alerts()[-1].count == MAX_COUNT


def _fields(alert: OwnAlert) -> dict[str, object]:
    return {name: getattr(alert, name) for name in alert.__struct_fields__}


def test_pressing_again_makes_it_sound_longer_even_over_a_restart() -> None:
    box = linked()
    box.hold("red")
    box.wait(170_000)
    box.hold("red")
    box.wait(20_000)
    box.restart()
    assert box.playing is not None
    box.wait(158_000)
    assert box.playing is not None
    box.wait(2_000)
    assert box.playing is None


def test_pressing_again_never_cancels() -> None:
    box = linked()
    for _ in range(3):
        box.hold("red")
        assert box.playing is not None
    assert not any(isinstance(said, Cancel) for said in box.said("alert"))


def test_another_button_is_another_alert_and_the_newest_sounds() -> None:
    box = linked()
    box.hold("red")
    box.hold("fire")
    assert [alert.kind for alert in box.memory.alerts.values()] == ["security", "fire"]
    assert box.playing == list(box.memory.alerts)[1]


def test_a_press_after_the_all_clear_is_a_new_alert() -> None:
    box = linked()
    box.hold("red")
    first = box.alerts()[0].id
    box.set_of_alarms(an_alarm(first))
    box.set_of_alarms()
    box.hold("red")
    assert box.playing not in (None, first)


def test_a_press_after_its_time_is_over_is_a_new_alert() -> None:
    box = linked()
    box.hold("red")
    box.wait(180_000)
    assert box.playing is None
    box.hold("red")
    assert len({alert.id for alert in box.alerts()}) == 2


def test_a_silent_press_is_seen_and_heard_nowhere_but_by_the_commune() -> None:
    box = linked()
    mark, lamps = len(box.effects), box.lamps
    box.hold("quiet")
    box.answer(box.said("silent")[0].id, "received")
    box.answer(box.said("silent")[0].id, "acknowledged")
    box.wait(10_000)
    assert not any(isinstance(effect, Sound | Show) for effect in since(box, mark))
    assert box.lamps == lamps
    assert list(box.published("alert")) == []
    assert all(status.unsent == 0 and status.sounding is None for status in box.said("status"))
    assert all(status.lamps is not None and status.lamps.alert == "dark" for status in box.said("status"))


def test_a_silent_press_again_within_its_time_is_counted() -> None:
    box = linked()
    box.hold("quiet")
    box.hold("quiet")
    box.wait(181_000)
    box.hold("quiet")
    assert len(box.memory.alerts) == 2
    assert [alert.count for alert in box.memory.alerts.values()] == [2, 1]


def test_a_silent_press_is_kept_apart_from_a_loud_one() -> None:
    box = linked()
    box.hold("red")
    box.hold("quiet")
    box.hold("red")
    assert sorted(alert.count for alert in box.memory.alerts.values()) == [1, 2]


def test_with_the_drill_switch_on_a_press_is_an_exercise() -> None:
    box = linked()
    box.close("drill")
    box.wait(100)
    box.hold("red")
    assert [(sound.pattern, sound.alarm) for sound in box.sounds()] == [("drill", False)]
    assert box.alerts()[0].drill


def test_a_press_stays_real_if_the_drill_switch_is_turned_while_the_button_is_held() -> None:
    box = linked()
    box.close("fire")
    box.wait(250)
    box.close("drill")
    box.wait(650)
    assert [(sound.pattern, sound.alarm) for sound in box.sounds()] == [("alarm", True)]
    assert not box.alerts()[0].drill


def test_an_exercise_neither_starts_nor_delays_nor_stops_a_real_alarm() -> None:
    box = linked()
    box.hold("red")
    real = box.playing
    box.close("drill")
    box.wait(100)
    box.hold("red")
    assert box.playing == real
    assert len(box.sounds()) == 1
    box.set_of_alarms(an_alarm(real or ""))
    assert box.playing == real
    box.open("drill")
    box.wait(100)
    box.hold("fire")
    assert box.sounds()[-1].pattern == "alarm"
    assert len(box.sounds()) == 2


def test_a_real_press_takes_over_from_an_exercise_at_once() -> None:
    box = linked()
    box.close("drill")
    box.wait(100)
    box.hold("red")
    box.open("drill")
    box.wait(100)
    began_ms = box.now_ms
    box.hold("red")
    assert [(at_ms, effect.pattern) for at_ms, effect in box.effects if isinstance(effect, Sound)][-1] == (
        began_ms + 800, "alarm",
    )  # fmt: skip


def test_the_cancel_contact_takes_back_what_was_pressed_within_its_window() -> None:
    box = linked()
    box.hold("red")
    box.wait(29_000 - 200)
    box.hold("cancel", 200)
    said = box.said("alert")[-1]
    assert isinstance(said, Cancel)
    assert (said.id, said.cancelled, said.kind, said.count) == (box.alerts()[0].id, True, "security", 1)
    assert box.playing is None


def test_the_cancel_contact_does_nothing_after_its_window_or_to_nothing() -> None:
    box = linked()
    box.hold("cancel", 200)
    assert box.nudges == 0
    box.hold("red")
    box.wait(30_000)
    box.hold("cancel", 200)
    assert box.playing is not None
    assert not any(isinstance(said, Cancel) for said in box.said("alert"))


def test_a_cancelling_without_a_link_is_silent_at_once_and_said_later() -> None:
    box = Box()
    box.hold("red")
    box.hold("cancel", 200)
    assert box.playing is None
    box.power_on()
    box.link_up()
    assert [type(said) for said in box.said("alert")] == [Cancel]


def test_a_press_after_a_cancelling_is_a_new_alert() -> None:
    box = linked()
    box.hold("red")
    box.hold("cancel", 200)
    box.hold("red")
    assert box.playing == box.alerts()[-1].id != box.alerts()[0].id


def test_cancelling_twice_says_it_once() -> None:
    box = linked()
    box.hold("red")
    box.hold("cancel", 200)
    box.answer(box.alerts()[0].id, "false_alarm")
    count = len(box.said("alert"))
    box.hold("cancel", 200)
    assert len(box.said("alert")) == count


def test_a_test_press_sounds_once_and_is_not_taken_up_again_by_a_restart() -> None:
    """A restart within three minutes of a finished test struck the gong again."""
    box = linked()
    box.hold("try")
    box.wait(5_000)
    box.restart()
    assert [sound.pattern for sound in box.sounds()] == ["test"]


def test_after_a_restart_a_young_press_sounds_on_for_the_rest_of_its_time() -> None:
    box = linked()
    box.hold("red")
    box.wait(60_000)
    box.restart()
    assert box.playing is not None
    box.wait(121_000)
    assert box.playing is None


@pytest.mark.parametrize("how", ["reboot", "late", "silent", "cleared"])
def test_after_a_restart_nothing_else_sounds_on(how: str) -> None:
    box = linked()
    box.hold("quiet" if how == "silent" else "red")
    if how == "cleared":
        box.set_of_alarms(an_alarm(box.alerts()[0].id))
        box.set_of_alarms()
    if how == "late":
        box.wait(181_000)
    (box.power_on if how == "reboot" else box.restart)()
    assert box.playing is None


def test_a_stuck_button_alerts_once_and_is_a_trouble() -> None:
    box = linked()
    box.close("red")
    box.wait(400_000)
    assert len({alert.id for alert in box.alerts()}) == 1
    assert box.status.panel == "stuck:red"
    assert box.lamps.link == "trouble"
    box.open("red")
    box.wait(1_000)
    assert box.status.panel == "unknown"


@pytest.mark.parametrize("button", ["red", "quiet"])
def test_a_stuck_button_alerts_once_over_restarts_and_reboots(button: str) -> None:
    """A contact that was stuck raised a real alarm again at every restart."""
    box = linked()
    box.close(button)
    box.wait(2_000)
    for again in (box.restart, box.power_on, box.restart):
        again()
        box.link_up()
        box.wait(200_000)
    assert len({alert.id for alert in [*box.alerts(), *box.said("silent")]}) == 1
    assert max(alert.count for alert in [*box.alerts(), *box.said("silent")]) == 1


def test_a_button_let_go_while_the_power_was_off_presses_at_once() -> None:
    box = linked()
    box.close("red")
    box.wait(40_000)
    box.closed.clear()
    box.power_on()
    box.wait(100)
    box.link_up()
    box.hold("red")
    assert len({alert.id for alert in box.alerts()}) == 2


def test_a_button_that_is_held_when_the_program_starts_presses_once() -> None:
    box = linked()
    box.closed.add("red")
    box.power_on()
    box.link_up()
    box.wait(2_000)
    assert [alert.count for alert in box.memory.alerts.values()] == [1]


def test_a_press_that_was_let_go_leaves_nothing_behind() -> None:
    box = linked()
    box.close("red")
    box.wait(1_000)
    assert box.memory.spent == ("red",)
    box.open("red")
    box.wait(100)
    assert box.memory.spent == ()


def test_an_insistence_says_when_it_was_pressed_last_and_a_first_press_does_not() -> None:
    box = linked()
    box.hold("red")
    box.wait(40_000)
    assert {alert.last_age_ms for alert in box.alerts()} == {None}
    box.hold("red")
    box.wait(6_000)
    again = [alert for alert in box.alerts() if alert.count == 2]
    assert all(alert.age_ms > 40_000 for alert in again)
    assert again[0].last_age_ms == 0 and 4_000 < again[-1].last_age_ms < 7_000
    box.power_on()
    box.link_up()
    assert (box.alerts()[-1].count, box.alerts()[-1].last_age_ms) == (2, None)


def test_an_alert_is_written_down_with_all_that_is_known_of_the_press() -> None:
    box = linked()
    box.hold("red")
    (alert,) = box.memory.alerts.values()
    pressed_ms = box.now_ms - 170
    cause = box.core._parts.stage.get(alert.id)
    assert cause is not None
    assert (cause.until_ms, cause.began_ms) == ({"own": pressed_ms + 180_000}, pressed_ms)
    wall_ms = box.core._parts.wall_ms(pressed_ms)
    assert alert == OwnAlert(
        id=alert.id, kind="security", silent=False, drill=False, pressed_wall_ms=wall_ms, clock="synced",
        pressed_ms=pressed_ms, boot="boot-1",
    )  # fmt: skip
    unsure = Box()
    unsure.hold("quiet")
    (alert,) = unsure.memory.alerts.values()
    assert (alert.pressed_wall_ms, alert.clock, alert.silent) == (0, "unsure", True)


def test_a_press_can_be_taken_back_to_the_end_of_its_window_and_not_a_millisecond_longer() -> None:
    for late_ms in (0, 1):
        box = linked()
        box.hold("red")
        pressed_ms = next(iter(box.memory.alerts.values())).pressed_ms
        mark = box.nudges
        effects = _cancel(box.core._parts, pressed_ms + 30_000 + late_ms)
        assert bool(effects) is (late_ms == 0)
        assert box.nudges == mark


def test_taking_back_silences_then_writes_then_says_and_tries_the_link() -> None:
    box = linked()
    box.hold("red")
    box.hold("fire")
    mark = len(box.effects)
    box.hold("cancel", 200)
    done = [effect for effect in since(box, mark) if not isinstance(effect, Show)]
    order = [type(effect) for effect in done]
    assert order[:6] == [Silence, Write, Write, Publish, Publish, Nudge]
    gone = [effect.record for effect in done[1:3]]
    assert [(alert.cancelled, alert.quiet, alert.state) for alert in gone] == [(True, True, "sending")] * 2
    assert all(isinstance(said, Cancel) for said in box.said("alert")[-2:])


def test_one_boot_s_press_is_never_taken_back_or_insisted_on_in_another() -> None:
    box = linked()
    box.hold("red")
    box.power_on()
    box.link_up()
    box.hold("cancel", 200)
    assert not any(isinstance(said, Cancel) for said in box.said("alert"))
    box.hold("red")
    assert [alert.count for alert in box.memory.alerts.values()] == [1, 1]
    box.hold("quiet")
    box.power_on()
    box.hold("quiet")
    assert [alert.count for alert in box.memory.alerts.values()] == [1, 1, 1, 1]


def test_what_was_received_and_is_taken_back_is_sent_until_that_is_received_too() -> None:
    box = linked()
    box.hold("red")
    box.answer(box.alerts()[0].id, "received")
    box.hold("cancel", 200)
    box.wait(60_000)
    assert [alert.state for alert in box.memory.alerts.values()] == ["sending"]
    assert len([said for said in box.said("alert") if isinstance(said, Cancel)]) > INSIST_COPIES + 5


def test_an_older_press_that_still_sounds_is_insisted_on_though_a_later_one_was_ended() -> None:
    box = linked()
    box.hold("red")
    box.answer(box.alerts()[0].id, "received")
    box.link_down()
    box.hold("red")
    box.link_up()
    first, second = box.memory.alerts
    order = Alarms(issued_at=Instant(box.wall_ms), counter=box.next_counter(), alarms=(), over=(second,))
    box.arrive(box.sent(box.topics.all("alarms"), order))
    assert box.playing == first
    box.hold("red")
    assert [alert.count for alert in box.memory.alerts.values()] == [2, 1]


def test_a_silent_press_is_insisted_on_for_as_long_as_an_alarm_lasts() -> None:
    box = linked()
    box.hold("quiet")
    (first,) = box.memory.alerts.values()
    parts = box.core._parts
    contact = CONTACTS[2]
    assert _insisted(parts, contact, False, first.pressed_ms + 179_999) == first
    assert _insisted(parts, contact, False, first.pressed_ms + 180_000) is None
    assert _insisted(parts, CONTACTS[0], False, first.pressed_ms + 1) is None
    assert _insisted(parts, contact, True, first.pressed_ms + 1) is None


def test_of_two_that_could_be_meant_the_latest_is_insisted_on() -> None:
    box = linked()
    box.hold("quiet")
    box.hold("cancel", 200)
    box.hold("quiet")
    box.hold("quiet")
    assert [alert.count for alert in box.memory.alerts.values()] == [1, 2]


def test_what_was_answered_is_not_insisted_on_without_a_link_and_what_was_not_is() -> None:
    box = linked()
    box.hold("red")
    box.link_down()
    box.hold("red")
    assert [alert.count for alert in box.memory.alerts.values()] == [2]
    box.link_up()
    box.answer(box.alerts()[0].id, "received")
    box.link_down()
    box.hold("red")
    assert [alert.count for alert in box.memory.alerts.values()] == [2, 1]


@pytest.mark.parametrize(("after_ms", "sounds"), [(179_999, True), (180_000, False)])
def test_after_a_restart_a_press_sounds_to_the_last_millisecond_of_its_time(after_ms: int, sounds: bool) -> None:
    memory = Memory({"a": OwnAlert("a", "fire", False, False, 0, "unsure", 1_000, "boot")})
    parts = Parts(Setup("c", "n", "h1", (), "boot", "run", b"s", memory))
    resume(parts, 1_000 + after_ms)
    cause = parts.stage.get("a")
    assert (cause is not None) is sounds
    if cause is not None:
        assert (cause.until_ms, cause.began_ms) == ({"own": 181_000}, 1_000 + after_ms)


def test_after_a_restart_the_last_press_counts_and_one_from_the_future_does_not() -> None:
    again = OwnAlert("a", "fire", False, False, 0, "unsure", 1_000, "boot", count=2, last_ms=100_000)
    ahead = OwnAlert("b", "fire", False, False, 0, "unsure", 150_001, "boot")
    over = OwnAlert("c", "fire", False, False, 0, "unsure", 149_000, "boot")
    parts = Parts(
        Setup("c", "n", "h1", (), "boot", "run", b"s", Memory({"c": over, "a": again, "b": ahead}, over=("c",)))
    )
    resume(parts, 150_000)
    assert [cause.until_ms for cause in (parts.stage.get("a"),) if cause] == [{"own": 280_000}]
    assert parts.stage.get("b") is None
    assert parts.stage.get("c") is None
    resume(parts, 150_001)
    assert parts.stage.get("b") is not None
