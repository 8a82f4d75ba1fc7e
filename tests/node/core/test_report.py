"""What a node says of itself, and what its lamps show."""

import pytest
from fakes.box import Box, an_alarm, uid

from node.core.contacts import DRILL_LEFT_MS, SILENT_STUCK_MS
from node.core.effects import Publish, Show
from node.core.items import Disk, Fault, Machine, MicrophoneHealth, PanelHealth, SpeakerHealth, Tick
from node.core.node import Node
from node.core.records import Memory
from node.core.report import HEARD_WITHIN_MS
from node.core.setup import Setup
from wire.codec import decode, encode
from wire.envelope import LinkUp
from wire.messages import Status
from wire.signature import Signer

pytestmark = pytest.mark.pure


def linked(**how: object) -> Box:
    box = Box(**how)
    box.link_up()
    return box


def test_the_link_lamp_is_steady_while_the_commune_is_heard_and_not_longer() -> None:
    box = linked()
    assert box.lamps.link == "steady"
    heard_ms = box.now_ms - 10
    box.until(heard_ms + HEARD_WITHIN_MS - 20)
    assert box.lamps.link == "steady"
    box.until(heard_ms + HEARD_WITHIN_MS + 20)
    assert box.lamps.link == "unheard"
    box.set_of_alarms()
    assert box.lamps.link == "steady"


def test_a_link_alone_is_not_the_commune() -> None:
    box = Box()
    box.commune = False
    box.link_up()
    assert box.lamps.link == "unheard"


def test_a_new_link_proves_nothing_until_the_commune_speaks() -> None:
    """The lamp was steady for 25 s after a broker came back without the commune's service."""
    box = linked()
    box.link_down()
    assert box.lamps.link == "unheard"
    box.commune = False
    box.link_up()
    assert box.lamps.link == "unheard"


def test_refused_words_are_not_the_commune() -> None:
    box = Box()
    box.commune = False
    box.link_up()
    box.arrive(box.sent(box.topics.all("alarms"), b"{}"))
    assert box.lamps.link == "unheard"


@pytest.mark.parametrize(
    ("broken", "fixed", "field"),
    [
        (SpeakerHealth(False, "gone: no card"), SpeakerHealth(True), "speaker"),
        (MicrophoneHealth(False, "unheard"), MicrophoneHealth(True), "microphone"),
        (PanelHealth(False, "no permission"), PanelHealth(True), "panel"),
        (Disk("full"), Disk("ok"), "disk"),
    ],
)
def test_a_broken_part_is_a_trouble_on_the_lamp_and_in_the_status(broken, fixed, field: str) -> None:
    box = linked()
    box.step(broken)
    box.wait(300)
    assert box.lamps.link == "trouble"
    assert getattr(box.status, field) == (broken.why or broken.state)
    box.step(fixed)
    box.wait(300)
    assert box.lamps.link == "steady"
    assert getattr(box.status, field) == "ok"


def test_what_only_a_log_showed_is_a_trouble_on_the_lamp_and_in_the_status() -> None:
    box = linked()
    box.step(Fault("key", "none.key: no such file"))
    box.step(Fault("patterns", "x" * 500))
    box.wait(300)
    assert box.lamps.link == "trouble"
    assert box.status.faults == ("key: none.key: no such file", "patterns: " + "x" * 70)
    box.step(Fault("key"))
    box.step(Fault("patterns"))
    box.wait(300)
    assert (box.lamps.link, box.status.faults) == ("steady", ())


def test_a_silent_button_that_latches_shows_on_no_lamp_and_is_told_only_when_the_danger_is_over() -> None:
    """After half a minute the box blinked, and the kept status named the button."""
    box = linked()
    box.close("quiet")
    box.wait(SILENT_STUCK_MS)
    assert {status.panel for status in box.said("status")} == {"unknown"}
    box.wait(1_000)
    assert box.status.panel == "stuck:quiet"
    assert "trouble" not in {status.lamps.link for status in box.said("status")}
    assert not any(isinstance(effect, Show) and effect.link == "trouble" for _, effect in box.effects)
    box.close("red")
    box.wait(31_000)
    assert (box.status.panel, box.lamps.link) == ("stuck:red,quiet", "trouble")


def test_a_drill_switch_left_on_for_an_hour_is_a_trouble_until_it_is_off() -> None:
    """Each real press became an exercise, for weeks, and nothing told of it."""
    box = linked()
    box.close("drill")
    box.wait(DRILL_LEFT_MS)
    assert {status.panel for status in box.said("status")} == {"unknown"}
    box.wait(1_000)
    assert (box.status.panel, box.lamps.link) == ("left_on:drill", "trouble")
    box.close("red")
    box.wait(31_000)
    assert box.status.panel == "stuck:red left_on:drill"
    box.open("drill", "red")
    box.set_of_alarms()
    box.wait(1_000)
    assert (box.status.panel, box.lamps.link) == ("unknown", "steady")


def test_what_sounds_at_a_post_alone_is_named_in_no_status_and_no_proof() -> None:
    """A silent alert's id was in the post's status, which everybody who watches can read."""
    box = linked()
    box.set_of_alarms(an_alarm(uid(1)), post=True)
    box.wait(1_000)
    assert box.playing == uid(1)
    box.set_of_alarms(post=True)
    box.wait(3_000)
    assert {status.sounding for status in box.said("status")} == {None}
    assert box.said("sounded") == []


def test_what_sounds_at_a_post_and_elsewhere_is_told() -> None:
    box = linked()
    box.set_of_alarms(an_alarm(uid(1)), post=True)
    box.set_of_alarms(an_alarm(uid(1)))
    box.set_of_alarms(an_alarm(uid(1), pattern="wake"), post=True)
    box.wait(1_000)
    assert box.status.sounding == uid(1)
    box.set_of_alarms()
    box.set_of_alarms(post=True)
    box.wait(1_000)
    assert [proof.pattern for proof in box.said("sounded")] == ["alarm", "wake"]


def test_a_journal_that_lost_lines_is_told_all_through_the_run() -> None:
    core = Node(Setup("c", "n", "h", (), "b", "r", b"s", Memory(), damaged=3), 0)
    assert [effect.link for effect in core.step(0, Tick()) if isinstance(effect, Show)] == ["trouble"]
    said = [effect for effect in core.step(1, LinkUp()) if isinstance(effect, Publish) and effect.retain]
    assert decode(said[0].payload, Status).faults == ("journal: 3",)


def test_a_fault_without_a_word_is_still_a_fault() -> None:
    box = linked()
    box.step(SpeakerHealth(False))
    box.step(PanelHealth(False, "x" * 500))
    box.wait(300)
    assert box.status.speaker == "failed"
    assert len(box.status.panel) == 80


def test_how_the_machine_is_and_what_time_it_is() -> None:
    box = linked()
    box.step(Machine("low", 71.5))
    box.wait(300)
    status = box.status
    assert (status.supply, status.temperature_c) == ("low", 71.5)
    assert status.clock == "synced"
    assert status.clock_error_ms is not None
    assert status.clock_error_ms < 20
    assert status.since is not None
    assert abs(status.since.ms - (box.wall_ms - 320)) < 50


def test_a_degree_or_a_millisecond_is_not_worth_telling_before_its_time() -> None:
    box = linked()
    box.wait(1_000)
    count = len(box.said("status"))
    box.step(Machine(None, 50.0))
    box.wait(5_000)
    assert len(box.said("status")) == count


def test_by_an_unsure_clock_nothing_claims_a_time() -> None:
    box = Box()
    box.commune = False
    box.link_up()
    box.hold("red")
    box.hold("cancel", 200)
    assert (box.status.clock, box.status.since, box.status.clock_error_ms) == ("unsure", None, None)
    assert [proof.started_at for proof in box.said("sounded")] == [None]


def test_a_status_says_whether_orders_are_signed() -> None:
    assert linked(signer=Signer(b"k" * 32)).status.orders_signed
    assert not linked().status.orders_signed


def test_a_proof_tells_the_wall_time_of_the_first_sample() -> None:
    box = linked()
    began = box.wall_ms
    box.set_of_alarms(an_alarm(uid(1)))
    box.wait(5_000)
    box.set_of_alarms()
    (proof,) = box.said("sounded")
    assert abs(proof.started_at.ms - began) < 20
    assert (proof.strokes, proof.duration_ms) == (8, 5_000)


@pytest.mark.parametrize(("ear", "heard"), [(lambda strokes: strokes, 8), (lambda _: 0, 0), (lambda _: None, None)])
def test_a_proof_tells_what_the_microphone_heard_and_comes_within_two_seconds(ear, heard: int | None) -> None:
    box = linked(listens=True)
    box.ear = ear
    box.set_of_alarms(an_alarm(uid(1)))
    box.wait(5_000)
    box.set_of_alarms()
    assert box.said("sounded") == []
    box.wait(1_900)
    (proof,) = box.said("sounded")
    assert (proof.strokes, proof.strokes_heard, proof.level_db) == (8, heard, -20.0)


def test_a_box_without_a_microphone_says_nothing_of_one() -> None:
    box = linked()
    box.set_of_alarms(an_alarm(uid(1)))
    box.set_of_alarms()
    (proof,) = box.said("sounded")
    assert (proof.strokes_heard, proof.level_db, box.status.microphone) == (None, None, None)


def test_a_sentence_of_two_lines_is_one_word_of_a_status_that_the_commune_takes() -> None:
    """A box without its card said so in two lines, and the whole status was refused."""
    box = linked()
    box.step(SpeakerHealth(False, "unknown: không có thiết bị\nno such card\x00 " + "x" * 200))
    box.wait(1_000)
    status = box.said("status")[-1]
    assert status.speaker.startswith("unknown: không có thiết bị no such card")
    assert decode(encode(status), Status) == status
