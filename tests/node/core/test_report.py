"""What a node says of itself, and what its lamps show."""

import pytest
from fakes.box import Box, a_book, an_alarm, uid

from node.core.cause import Proof
from node.core.condition import HEARD_WITHIN_MS, Condition, heard
from node.core.contacts import DRILL_LEFT_MS, SILENT_STUCK_MS
from node.core.effects import Publish, Show
from node.core.items import Disk, Fault, Machine, MicrophoneHealth, PanelHealth, SpeakerHealth, SystemClock, Tick
from node.core.node import Node
from node.core.parts import Parts
from node.core.records import Memory, OwnAlert
from node.core.report import differs, lamps, late, offline, sounded, status
from node.core.setup import Setup
from node.core.supply import MAINS_MS, RATE_MS
from wire.codec import decode, encode
from wire.envelope import LinkUp
from wire.messages import Lamps, Sounded, Status
from wire.signature import Signer
from wire.words import MAX_WALL_MS, Instant

pytestmark = pytest.mark.pure


NOON_MS = 1_800_000_000_000


def parts(*, clock: bool = True) -> Parts:
    """Of a node without a link, at monotonic 1,000."""
    made = Parts(Setup("c", "gong-1", "h1", (), "boot", "run", b"s", Memory(), version="7"))
    if clock:
        made.clock.system(1_000, NOON_MS, True)
    return made


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
    box.step(Machine("low", 71.5, "ok", 64.2, True))
    box.wait(300)
    status = box.status
    assert (status.supply, status.temperature_c) == ("low", 71.5)
    assert (status.mains, status.battery_pct, status.battery_h) == (True, 64, None)
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


def test_a_chime_that_came_too_late_says_by_how_much_in_both_languages_and_that_nothing_sounded() -> None:
    assert late("curfew/2026-11-21", "curfew", 61_999) == Sounded(
        id="curfew/2026-11-21", pattern="curfew", started_at=None, late_ms=61_999, duration_ms=0, strokes=0,
        ended="failed", why="Muộn 61 giây, không đánh bù / 61 s late, skipped",
    )  # fmt: skip
    assert late("c/1", "curfew", 3_003_000).why.startswith("Muộn 3003 giây")
    assert late("c/1", "curfew", 3_003_000).why.endswith("/ 3003 s late, skipped")


def test_a_proof_is_told_whole_with_the_wall_time_of_its_first_sample_where_that_is_known() -> None:
    proof = Proof("a", "alarm", 1_500, 3, 9_000, 12, "lease_over", "  gone:\n no card " + "x" * 400)
    why = ("gone: no card " + "x" * 400)[:300]
    assert sounded(parts(), proof, 11_000) == Sounded(
        id="a", pattern="alarm", started_at=Instant(NOON_MS + 500), late_ms=3, duration_ms=9_000, strokes=12,
        ended="lease_over", why=why,
    )  # fmt: skip
    assert sounded(parts(clock=False), proof, 11_000).started_at is None
    never = Proof("a", "alarm", None, 0, 0, 0, "pre_empted", "")
    assert sounded(parts(), never, 11_000).started_at is None


def test_a_status_says_everything_that_the_node_is() -> None:
    node = parts()
    node.linked, node.heard_ms = True, 2_000
    node.refused["stale"] += 2
    node.refused["counter"] += 1
    node.alerts.put(OwnAlert("a", "fire", False, False, 0, "unsure", 0, "boot"), 0, send=True)
    condition = Condition()
    condition.take(Machine("low", 71.5))
    condition.take(Fault("patterns", "p"))
    condition.take(Fault("key", "k"))
    condition.take(SpeakerHealth(True))
    assert status(node, condition, 3_000, 1_200) == Status(
        node="gong-1", hamlet="h1", online=True, since=Instant(NOON_MS + 200), version="7", boot="run",
        clock="synced", clock_error_ms=node.clock.error_ms(3_000), panel="unknown", speaker="ok", unsent=1,
        sounding=None, supply="low", temperature_c=71.5, disk="ok", faults=("key: k", "patterns: p"),
        refused={"counter": 1, "stale": 2}, orders_signed=False, every_s=8,
        lamps=Lamps(alert="sending", link="trouble", codes=(7, 6, 10)),
    )  # fmt: skip
    assert list(status(node, condition, 3_000, 1_200).refused) == ["counter", "stale"]
    node.box.stuck, node.box.left_on = ("red", "fire"), ("drill",)
    assert status(node, condition, 3_000, 1_200).panel == "stuck:red,fire left_on:drill"
    node.box.stuck = ()
    assert status(node, condition, 3_000, 1_200).panel == "left_on:drill"
    assert offline(node) == Status(node="gong-1", hamlet="h1", online=False, boot="run")


def test_the_commune_is_heard_while_the_link_is_up_and_its_last_word_is_young() -> None:
    node = parts()
    node.heard_ms = 2_000
    assert not heard(node, 2_001)
    node.linked = True
    assert heard(node, 2_000 + HEARD_WITHIN_MS - 1)
    assert not heard(node, 2_000 + HEARD_WITHIN_MS)
    assert lamps(node, Condition(), 3_000).link == "steady"
    assert lamps(node, Condition(), 2_000 + HEARD_WITHIN_MS).link == "unheard"
    node.heard_ms = None
    assert not heard(node, 1)


@pytest.mark.parametrize(
    ("began_ms", "told"),
    [(-1, None), (0, Instant(0)), (MAX_WALL_MS, Instant(MAX_WALL_MS)), (MAX_WALL_MS + 1, None)],
)
def test_a_moment_that_the_contract_cannot_say_is_not_said(began_ms: int, told: Instant | None) -> None:
    proof = Proof("a", "alarm", 1_000 + began_ms - NOON_MS, 0, 0, 0, "finished", "")
    assert sounded(parts(), proof, 1_000).started_at == told


def test_a_fault_that_is_told_anew_is_told_as_it_is_now_and_one_without_words_is_mended() -> None:
    condition = Condition()
    condition.take(Fault("key", "a"))
    condition.take(Fault("journal", "3"))
    condition.take(Fault("key", "b"))
    assert condition.faults == {"journal": "journal: 3", "key": "key: b"}
    condition.take(PanelHealth(False))
    assert (condition.panel, condition.speaker, condition.disk) == ("failed", "unknown", "ok")
    condition.take(MicrophoneHealth(False))
    assert condition.microphone == "failed"
    condition.take(Fault("key"))
    condition.take(Fault("codebook"))
    assert condition.faults == {"journal": "journal: 3"}


def test_what_is_worth_telling_before_its_time_is_whatever_lasts() -> None:
    node, condition = parts(), Condition()
    before = status(node, condition, 3_000, 1_000)
    node.refused["denied"] += 1
    condition.take(Machine(None, 50.0))
    later = status(node, condition, 9_000_000, 900)
    assert later.clock_error_ms != before.clock_error_ms
    assert not differs(before, later)
    for change in (
        Machine("low", None),
        Disk("full"),
        PanelHealth(False, "x"),
        SpeakerHealth(False),
        Fault("key", "x"),
    ):
        changed = Condition()
        changed.take(change)
        assert differs(before, status(node, changed, 3_000, 1_000))
    node.refused["stale"] += 1
    assert differs(before, status(node, condition, 3_000, 1_000))


def test_how_long_the_battery_lasts_is_told_and_is_no_change_that_must_be_told_at_once() -> None:
    node, condition = parts(), Condition()
    for at_ms, pct in ((0, 100.0), (MAINS_MS, 100.0), (MAINS_MS + RATE_MS, 90.0)):
        condition.take(Machine("ok", None, "ok", pct, False), at_ms)
    before = status(node, condition, MAINS_MS + RATE_MS, 1_000)
    assert (before.mains, before.battery_pct, before.battery_h) == (False, 90, 1.5)
    condition.take(Machine("ok", None, "ok", 80.0, False), MAINS_MS + 2 * RATE_MS)
    later = status(node, condition, MAINS_MS + 2 * RATE_MS, 1_000)
    assert (later.battery_pct, later.battery_h) == (80, 1.3)
    assert not differs(before, later)


def test_a_key_that_cannot_be_read_is_told_alone_though_the_book_names_another_one() -> None:
    ours, another = Signer(b"a" * 32), Signer(b"b" * 32)
    box = linked(codebook=a_book(node_keys={"gong-1": another.public}), own_key=ours.public)
    box.step(Fault("key", "none.key: no such file"))
    box.wait(1_000)
    assert box.status.faults == ("key: none.key: no such file",)


def test_a_clock_with_a_battery_that_is_wrong_is_a_fault_until_it_is_right_and_an_unsure_clock_judges_none() -> None:
    box = Box()
    box.step(SystemClock(0, False, 0))
    box.link_up()
    assert box.status.faults == (), "nobody knew the time"
    for off_ms, faults in ((-61_999, ("rtc: -62 s",)), (-59_000, ()), (61_002, ("rtc: 61 s",)), (60_990, ())):
        box.step(SystemClock(0, False, box.wall_ms + off_ms))
        box.wait(300)
        assert box.status.faults == faults
