"""A box that was just hung up sounds one stroke, once, by day; and nobody who sleeps is spoken to."""

from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest
from fakes.box import CLIPS, CURFEW, EVENING_MS, Box, a_book, an_alarm, uid
from fakes.journal import PowerCut

from node.core.beginning import SAID
from node.core.cause import Priority
from node.core.effects import Publish
from node.core.firstboot import APART_MS, HOUR_STEPS, QUIET_MS, STEP_MS, STOOD_MS, SURE_MS, TIMES
from node.core.items import Disk, Finished, PatternsReady, SpeakerHealth, Tick
from node.core.node import PROOF_SURE_MS
from node.core.records import FirstBoot, HeardAlert, Memory
from wire.envelope import LinkDown
from wire.words import Instant

pytestmark = pytest.mark.pure
HOUR_MS = 3_600_000
MORNING_MS = EVENING_MS - 12 * HOUR_MS
"""09:00 in the hamlet."""


def new_box(wall_ms: int = MORNING_MS, **how: Any) -> Box:
    """A box at its first start: card, disk and patterns are well, there is a link."""
    box = Box(first_boot=True, wall_ms=wall_ms, codebook=a_book(chimes=[CURFEW]), **how)
    power(box)
    return box


def power(box: Box) -> None:
    box.step(SpeakerHealth(True))
    box.step(PatternsReady(tuple(CLIPS)))
    box.link_up()


def strokes(box: Box) -> list[str]:
    return [sound.pattern for sound in box.sounds() if not sound.pattern.startswith(SAID)]


def words(box: Box) -> list[str]:
    return [sound.pattern for sound in box.sounds() if sound.pattern.startswith(SAID)]


def test_a_new_box_sounds_one_stroke_and_proves_it_as_the_first_of_this_installation() -> None:
    box = new_box()
    box.wait(10_000)
    assert strokes(box) == ["test"]
    (proof,) = box.said("sounded")
    assert (proof.pattern, proof.first, proof.ended, proof.id.partition("/")[0]) == ("test", True, "finished", "first")
    assert not [record for record in box.records if isinstance(record, HeardAlert)], "nobody states it anew"


def test_a_box_that_nobody_calls_new_stays_silent() -> None:
    box = Box(wall_ms=MORNING_MS)
    power(box)
    box.hold("try")
    box.wait(2 * HOUR_MS)
    assert strokes(box) == ["test"] and not words(box)
    assert not [record for record in box.records if isinstance(record, FirstBoot)]
    assert b"first" not in b"".join(publish.payload for publish in box.published("sounded"))


def test_the_stroke_is_written_down_before_it_sounds_and_no_reboot_repeats_it() -> None:
    for cut in range(1, 40):
        box = new_box()
        box.cut_after = cut
        for _ in range(3):
            with suppress(PowerCut):
                box.wait(20_000)
            box.power_on()
            power(box)
        box.wait(20_000)
        assert len(strokes(box)) <= 1


def test_a_disk_that_does_not_take_it_keeps_the_stroke_back() -> None:
    box = new_box()
    box.wait(QUIET_MS - 100)
    box.step(Disk("failed"))
    box.wait(60_000)
    assert not strokes(box)


@pytest.mark.parametrize("hour", range(24))
def test_it_sounds_by_day_and_by_the_commune_s_time_alone(hour: int) -> None:
    box = new_box(MORNING_MS + (hour - 9) * HOUR_MS + 600_000)
    box.wait(30_000)
    assert bool(strokes(box)) == (6 <= hour < 21)


def test_a_box_hung_up_at_night_waits_for_a_person_in_the_morning_as_well() -> None:
    box = new_box(MORNING_MS - 3 * HOUR_MS - 600_000)  # ten minutes to six
    box.wait(1_200_000)
    assert not strokes(box)
    box.hold("try")
    box.wait(5_000)
    assert strokes(box) == ["test"]
    assert box.said("sounded")[-1].first is True


def test_at_night_a_press_on_the_test_button_sounds_all_the_same_and_is_the_first() -> None:
    box = new_box(EVENING_MS + 2 * HOUR_MS)
    box.step(Disk("full"))
    box.hold("try")
    box.wait(5_000)
    assert strokes(box) == ["test"] and not words(box)
    assert box.said("sounded")[-1].first is True


def test_before_the_code_book_has_come_nobody_knows_the_hour() -> None:
    box = Box(first_boot=True, wall_ms=MORNING_MS)
    power(box)
    box.wait(10_000)
    assert not strokes(box)
    box.arrive(
        box.sent(box.topics.all("codebook"), a_book(issued_at=str(Instant(box.wall_ms)), counter=box.next_counter()))
    )
    box.wait(10_000)
    assert strokes(box) == ["test"]


def test_without_a_known_time_it_waits_and_after_the_first_hour_it_is_too_late() -> None:
    box = Box(first_boot=True, wall_ms=MORNING_MS)
    box.commune = False
    power(box)
    box.wait((HOUR_STEPS + 1) * STEP_MS)
    box.commune = True
    box.link_up()
    box.wait(60_000)
    assert not strokes(box)


def test_it_never_sounds_over_an_alarm_and_gives_way_to_one() -> None:
    box = new_box()
    box.set_of_alarms(an_alarm(uid(1)))
    box.wait(10_000)
    assert strokes(box) == ["alarm"]
    other = new_box()
    other.wait(QUIET_MS + SURE_MS + 200)
    assert other.playing == f"first/{other.core._parts.setup.run}"
    other.set_of_alarms(an_alarm(uid(2)))
    assert other.playing == uid(2)
    other.wait(400_000)
    assert strokes(other).count("test") == 1


def test_shortly_before_a_chime_it_waits_until_that_is_over() -> None:
    early = {**CURFEW, "at": "09:01"}
    box = Box(first_boot=True, wall_ms=MORNING_MS + 5_000, codebook=a_book(chimes=[early]))
    power(box)
    box.wait(90_000)
    assert strokes(box) == ["curfew"]  # and that is the first sounding: no stroke is needed any more
    assert box.said("sounded")[0].first is True


def test_whoever_pressed_the_test_button_first_hears_no_second_stroke() -> None:
    box = new_box()
    box.hold("try")
    box.wait(60_000)
    assert strokes(box) == ["test"]


def test_a_press_on_the_test_button_takes_over_from_the_stroke_that_sounds() -> None:
    box = new_box()
    box.wait(QUIET_MS + SURE_MS - 300)
    box.close("try")
    box.wait(500)
    assert box.playing == f"first/{box.core._parts.setup.run}"
    box.wait(500)
    assert box.playing is not None and not box.playing.startswith("first/")


def test_a_stroke_that_the_speaker_broke_off_has_not_raised_its_voice() -> None:
    box = new_box()
    box.deaf = True
    box.wait(QUIET_MS + SURE_MS + 100)
    box.step(Finished(box.sounds()[-1].ref, "failed", 50, 1, "gone"))
    box.wait(5_000)
    (proof,) = box.said("sounded")
    assert (proof.ended, proof.strokes, proof.first is True) == ("failed", 1, False)


def test_a_gong_that_its_own_microphone_does_not_hear_has_not_raised_its_voice() -> None:
    box = new_box(listens=True)
    box.ear = lambda _: 0
    box.wait(20_000)
    assert [proof.first for proof in box.said("sounded")] != [True]
    box.ear = lambda strokes: strokes
    box.hold("try")
    box.wait(5_000)
    assert box.said("sounded")[-1].first is True


def test_the_mark_stays_until_the_commune_surely_has_it_and_over_reboots() -> None:
    box = new_box()
    box.wait(QUIET_MS + SURE_MS + 1_500)
    box.link_down()
    box.power_on()
    power(box)
    box.hold("try")
    box.wait(PROOF_SURE_MS + 10_000)
    assert box.said("sounded")[-1].first is True
    assert box.memory.first.told
    box.hold("try")
    box.wait(5_000)
    assert box.said("sounded")[-1].first is not True


def test_the_mark_is_taken_off_at_the_moment_in_which_its_proof_has_surely_arrived() -> None:
    box = new_box()
    box.wait(10_000)
    (said_ms,) = [ms for ms, done in box.effects if isinstance(done, Publish) and done.topic.endswith("/sounded")]
    for at_ms, told in ((said_ms + PROOF_SURE_MS - 1, False), (said_ms + PROOF_SURE_MS, True)):
        box.until(at_ms)
        box.step(Tick())
        assert box.memory.first.told is told


def test_a_box_whose_disk_was_lost_cannot_know_that_it_struck_and_does_not() -> None:
    box = new_box(forgetful=True)
    box.wait(60_000)
    assert not strokes(box) and not words(box)


def test_a_box_whose_journal_has_lost_a_line_cannot_know_either_but_still_speaks() -> None:
    box = new_box()
    box.wait(20_000)
    assert len(strokes(box)) == 1
    box.memory = Memory()  # the line that said so is the one that cannot be read
    box.damaged = 1
    box.power_on()
    box.step(SpeakerHealth(True))
    box.step(PatternsReady(tuple(CLIPS)))
    box.wait(60_000)
    assert len(strokes(box)) == 1 and words(box)
    box.damaged = 0
    box.power_on()
    power(box)
    box.wait(60_000)
    assert len(strokes(box)) == 1


def test_the_first_hour_outlasts_reboots_and_costs_the_card_a_dozen_writes() -> None:
    box = new_box()
    for _ in range(40):
        box.wait(400_000)
        box.power_on()
        power(box)
    assert box.memory.first.steps == HOUR_STEPS + 1
    assert len([record for record in box.records if isinstance(record, FirstBoot)]) <= HOUR_STEPS + 3
    assert Memory().after(box.memory.first).records()[-1] == box.memory.first


# -- words


def faulty(**how: Any) -> Box:
    box = new_box(**how)
    box.step(Disk("full"))
    return box


def test_in_the_first_hour_a_lasting_fault_is_said_some_times_and_no_more() -> None:
    box = faulty()
    box.wait(STOOD_MS - 100)
    assert not words(box)
    box.wait(600_000)
    assert words(box) == [f"{SAID}disk"] * TIMES
    times = [at_ms for at_ms, effect in box.effects if getattr(effect, "pattern", "").startswith(SAID)]
    assert all(later - earlier >= APART_MS for earlier, later in pairwise(times))
    assert box.said("sounded") == [] and box.status.sounding is None


def test_what_is_mended_in_time_is_not_said() -> None:
    box = faulty()
    box.wait(STOOD_MS - 100)
    box.step(Disk("ok"))
    box.wait(600_000)
    assert not words(box)


def test_a_box_without_a_network_says_so_by_an_unknown_time_in_its_very_first_run_alone() -> None:
    box = Box(first_boot=True, wall_ms=MORNING_MS)
    box.step(SpeakerHealth(True))
    box.step(LinkDown("no route"))
    box.wait(STOOD_MS + 100)
    assert words(box) == [f"{SAID}network"]
    box.power_on()
    box.step(SpeakerHealth(True))
    box.step(LinkDown("no route"))
    box.wait(STOOD_MS * 5)
    assert words(box) == [f"{SAID}network"]
    box.hold("try")
    box.wait(20_000)
    assert words(box) == [f"{SAID}network", f"{SAID}network", f"{SAID}clock"]


def test_words_wait_for_every_gong_and_give_way_to_it() -> None:
    box = faulty()
    box.set_of_alarms(an_alarm(uid(1), lease_s=40))
    box.wait(39_000)
    assert not words(box)
    box.wait(2_000)
    assert words(box)
    box.wait(50)
    box.hold("red")
    assert box.playing is not None and strokes(box)[-1] == "alarm"


def test_whoever_pressed_the_test_button_is_told_each_fault_once_even_after_years() -> None:
    box = new_box()
    box.wait(2 * HOUR_MS)
    box.step(Disk("full"))
    box.hold("try")
    box.wait(60_000)
    assert words(box) == [f"{SAID}disk"]
    box.wait(2 * HOUR_MS)
    assert words(box) == [f"{SAID}disk"]


def test_words_are_below_everything_that_a_gong_says() -> None:
    assert min(Priority) is Priority.WORDS
