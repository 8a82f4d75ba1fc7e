"""The core as a whole: when it wants to be stepped, what it says by itself, how it ends."""

import itertools

import pytest
from fakes.box import COMMUNE, CONTACTS, CURFEW, EVENING_MS, Box, a_book, an_alarm, uid
from msgspec import structs

from node.core.chimes import ARM_MS, LAST_MS
from node.core.codes import CLOCK_MS
from node.core.condition import HEARD_WITHIN_MS
from node.core.effects import Effect, Publish, Show, Silence, Sound, Write
from node.core.hellos import BEFORE_CHIME_MS, EVERY_MS, SPREAD_MS
from node.core.items import Contacts, Disk, Finished, Machine, PatternsReady, Stop, SystemClock, Tick
from node.core.node import FOREVER_MS, MAX_PROOFS, PROOF_SURE_MS, STATUS_APART_MS, Node
from node.core.parts import LAST_WALL_MS
from node.core.records import ChimeDone, Memory, OwnAlert, SpentContacts
from node.core.report import EVERY_S
from node.core.setup import Setup
from node.core.supply import LOW_MS
from wire.codec import decode
from wire.envelope import Denied, LinkDown, LinkUp
from wire.messages import Hello, Sounded, Status

pytestmark = pytest.mark.pure


def linked() -> Box:
    box = Box()
    box.link_up()
    return box


def a_setup(memory: Memory | None = None) -> Setup:
    return Setup(COMMUNE, "gong-1", "h1", CONTACTS, "boot", "run", b"seed", memory or Memory())


def test_a_new_core_wants_its_first_step_at_once() -> None:
    """A press that a restart interrupted stayed silent until something else happened, for up to 20 s."""
    young = OwnAlert(uid(1), "fire", False, False, 0, "unsure", 900, "boot")
    core = Node(a_setup(Memory({uid(1): young})), 1_000)
    assert core.deadline_ms == 1_000
    core.step(1_000, Tick())
    assert core.sounding == uid(1)


def test_a_core_with_nothing_to_do_is_looked_at_every_20_s() -> None:
    core = Node(a_setup(), 0)
    core.step(CLOCK_MS, Tick())  # by then the lamp says that the time is not known
    assert core.deadline_ms == CLOCK_MS + FOREVER_MS


def test_time_never_goes_back_for_a_core() -> None:
    core = Node(a_setup(), 5_000)
    core.step(9_000, Tick())
    core.step(1, Tick())
    assert core.deadline_ms == 5_000 + CLOCK_MS


def test_readings_from_which_nothing_follows_do_nothing() -> None:
    core = Node(a_setup(), 0)
    core.step(0, Tick())
    assert core.step(2, Contacts(2, ("red",))) == []
    assert core.deadline_ms == CLOCK_MS


def test_a_reading_does_not_keep_what_is_due_waiting() -> None:
    box = linked()
    mark = len(box.said("status"))
    core, due_ms = box.core, box.core.deadline_ms
    effects = core.step(due_ms, Contacts(due_ms, ()))
    assert effects
    assert mark == len(box.said("status"))


def test_the_same_setup_and_items_give_the_same_effects() -> None:
    runs = []
    for _ in range(2):
        box = Box(codebook=a_book(chimes=[CURFEW]))
        box.link_up()
        box.hold("red")
        box.at("22:01")
        runs.append(box.effects)
    assert runs[0] == runs[1]


def test_refs_and_ids_and_nonces_are_never_used_twice() -> None:
    box = linked()
    for _ in range(4):
        for button in ("red", "fire", "try", "red"):
            box.hold(button)
        box.set_of_alarms(*(an_alarm(id_) for id_ in box.memory.alerts))
        box.set_of_alarms()
        box.restart()
        box.link_up()
    refs = [sound.ref for sound in box.sounds()]
    nonces = [hello.nonce for hello in box.said("hello")]
    assert len(refs) == len(set(refs))
    assert len(nonces) == len(set(nonces))


def test_it_listens_to_what_concerns_it_and_to_nothing_else() -> None:
    root = "keng/1/cong-lac"
    assert sorted(linked().core.subscriptions) == sorted(
        [f"{root}/all/{word}" for word in ("alarms", "chime", "codebook")]
        + [f"{root}/down/gong-1/{word}" for word in ("welcome", "answer", "alarms", "update")]
        + [f"{root}/up/+/alert"]
    )


def test_hello_is_said_at_each_link_and_again_until_it_is_welcomed() -> None:
    box = Box()
    box.commune = False
    box.link_up()
    box.wait(40_000)
    times = [at_ms - 50_000 for at_ms, effect in box.effects if effect in box.published("hello")]
    assert times == [0, 1_000, 3_000, 7_000, 17_000, 27_000, 37_000]
    box.link_down()
    box.wait(60_000)
    assert len(box.said("hello")) == 7
    box.link_up()
    assert len(box.said("hello")) == 8


def test_once_welcomed_hello_comes_again_every_few_minutes_and_not_in_step() -> None:
    box = linked()
    box.wait(3_600_000)
    times = [at_ms for at_ms, effect in box.effects if effect in box.published("hello")]
    gaps = [b - a for a, b in itertools.pairwise(times)]
    assert all(EVERY_MS <= gap <= EVERY_MS + SPREAD_MS + 20 for gap in gaps)
    assert len(set(gaps)) > 5


def test_hello_says_what_we_have() -> None:
    box = Box(codebook=a_book(version=7))
    box.counter = 40
    box.link_up()
    box.set_of_alarms()
    box.link_up()
    hello = box.said("hello")[-1]
    assert isinstance(hello, Hello)
    assert (hello.node, hello.boot, hello.codebook, hello.counter) == ("gong-1", "run-1", 7, 41)


def test_status_is_told_at_each_link_on_change_and_as_often_as_it_says_itself_and_retained() -> None:
    box = linked()
    box.wait(1_000)
    count = len(box.said("status"))
    assert box.status.every_s == EVERY_S < 10, "within the contract's ten seconds, and early enough to be missed in ten"
    box.wait(3 * EVERY_S * 1_000)
    assert len(box.said("status")) == count + 3
    box.hold("red")
    assert box.status.unsent == 1
    assert all(effect.retain for effect in box.published("status"))
    box.link_down()
    count = len(box.said("status"))
    box.wait(30_000)
    assert len(box.said("status")) == count
    box.link_up()
    assert len(box.said("status")) > count


def test_changes_that_come_close_together_are_told_in_one() -> None:
    box = linked()
    box.wait(9_000)
    count = len(box.said("status"))
    for number in range(100):
        box.arrive(box.sent("keng/1/cong-lac/nonsense", b""))
        box.wait(10 if number else 300)
    assert len(box.said("status")) - count <= 8


def test_being_denied_the_status_is_no_reason_to_tell_it_again() -> None:
    """Each refusal changed the status, which was told, and refused: five times a second, for ever."""
    box = linked()
    box.wait(1_000)
    count = len(box.said("status"))
    for _ in range(3 * EVERY_S):
        box.step(Denied(box.topics.up("gong-1", "status"), "not authorized"))
        box.wait(1_000)
    assert len(box.said("status")) - count == 3
    assert box.status.refused["denied"] >= 20


def test_what_sounds_is_in_the_status_and_proved_when_it_is_over() -> None:
    box = linked()
    box.set_of_alarms(an_alarm(uid(1), lease_s=60))
    box.wait(1_000)
    assert box.status.sounding == uid(1)
    box.wait(60_000)
    assert box.status.sounding is None
    (proof,) = box.said("sounded")
    assert (proof.id, proof.pattern, proof.ended) == (uid(1), "alarm", "lease_over")
    assert 59_900 <= proof.duration_ms <= 60_000


def test_proofs_wait_for_a_link_and_only_so_many_do() -> None:
    box = linked()
    box.link_down()
    for _ in range(MAX_PROOFS + 3):
        box.hold("try")
        box.wait(2_000)
    assert box.said("sounded") == []
    box.link_up()
    assert len(box.said("sounded")) == MAX_PROOFS


@pytest.mark.parametrize(("before_ms", "times"), [(PROOF_SURE_MS - 1_000, 2), (PROOF_SURE_MS + 1_000, 1)])
def test_a_proof_that_a_dying_link_may_have_lost_is_said_again(before_ms: int, times: int) -> None:
    """A link was half open: the proof went into it and was never heard of."""
    box = linked()
    box.hold("try")
    box.wait(2_000)
    (proof,) = box.said("sounded")
    box.wait(before_ms - 1_000)
    box.link_down()
    box.wait(60_000)
    box.link_up()
    assert box.said("sounded") == [proof] * times
    box.wait(60_000)
    assert box.said("sounded") == [proof] * times


def test_a_speaker_that_reports_nothing_withholds_no_proof() -> None:
    box = linked()
    box.deaf = True
    box.hold("red")
    box.hold("cancel", 200)
    box.wait(2_000)
    assert [proof.ended for proof in box.said("sounded")] == ["all_clear"]


@pytest.mark.parametrize("wall_ms", [-5, 250_000_000_000_000, 10**18])
def test_a_system_clock_from_beyond_the_calendar_is_no_clock(wall_ms: int) -> None:
    box = Box(codebook=a_book(chimes=[CURFEW]))
    box.step(SystemClock(wall_ms, in_step=True))
    box.link_up()
    box.hold("red")
    assert box.said("hello")
    assert box.alerts()


def test_an_orderly_end_is_silent_and_says_goodbye() -> None:
    box = linked()
    box.hold("red")
    mark = len(box.effects)
    box.stop()
    ends = [effect for _, effect in box.effects[mark:]]
    assert [type(effect) for effect in ends] == [Silence, Publish]
    assert not decode(ends[1].payload, Status).online
    box.hold("red")
    box.wait(60_000)
    assert len(box.effects) == mark + 2


def test_an_orderly_end_without_sound_and_link_does_nothing() -> None:
    core = Node(a_setup(), 0)
    assert core.step(0, Stop()) == []
    assert core.deadline_ms > 0


def test_the_last_will_is_retained_and_says_offline() -> None:
    will = Node(a_setup(), 0).will()
    status = decode(will.payload, Status)
    assert will.retain
    assert (will.topic, status.online, status.boot) == ("keng/1/cong-lac/up/gong-1/status", False, "run")


def test_a_node_that_starts_in_the_middle_of_an_alarm_joins() -> None:
    box = linked()
    box.set_of_alarms(an_alarm(uid(1)))
    box.power_on()
    assert box.playing is None
    box.link_up()
    box.set_of_alarms(an_alarm(uid(1)))
    assert box.playing == uid(1)


def test_what_the_shell_alone_must_know_changes_nothing() -> None:
    box = linked()
    mark = len(box.effects)
    box.step(PatternsReady(("alarm",)))
    box.step(Finished("nobody", "failed", 0, 0))
    assert box.effects[mark:] == []


def test_linking_twice_is_linking_again() -> None:
    box = linked()
    count = len(box.said("hello"))
    box.step(LinkUp())
    assert len(box.said("hello")) == count + 1


def test_an_armed_chime_whose_clock_steps_is_still_one_chime() -> None:
    box = Box(codebook=a_book(chimes=[CURFEW]))
    box.link_up()
    box.at("21:59:59")
    box.ahead_ms -= 30_000
    box.link_down()
    box.link_up()
    box.wait(120_000)
    assert [heard.pattern for heard in box.heard] == ["curfew"]


def test_a_service_that_was_away_gets_unsent_alerts_with_its_first_welcome() -> None:
    box = Box()
    box.commune = False
    box.link_up()
    box.hold("red")
    box.wait(12_000)
    box.commune = True
    while not box.said("hello") or box.lamps.link != "steady":
        box.wait(10)
    sent = [at_ms for at_ms, effect in box.effects if effect in box.published("alert")]
    assert box.now_ms - sent[-1] <= 50


def published(effects: list[Effect], word: str) -> list[Publish]:
    return [effect for effect in effects if isinstance(effect, Publish) and effect.topic.endswith(f"/gong-1/{word}")]


def test_an_orderly_end_silences_what_sounds_by_name_and_leaves_a_kept_goodbye_on_our_own_topic() -> None:
    box = linked()
    box.hold("red")
    ref = box.sounds()[-1].ref
    mark = len(box.effects)
    box.stop()
    (_, silence), (_, goodbye) = box.effects[mark:]
    assert silence == Silence(ref)
    assert goodbye == Publish(box.core.will().topic, box.core.will().payload, retain=True)


def test_after_its_end_a_core_takes_nothing_and_is_looked_at_seldom() -> None:
    core = Node(a_setup(), 0)
    core.step(5, Stop())
    assert core.deadline_ms == 5 + FOREVER_MS
    assert core.step(100, LinkUp()) == []
    assert core.deadline_ms == 100 + FOREVER_MS


def test_a_new_link_says_hello_and_then_a_kept_status_and_nothing_twice() -> None:
    core = Node(a_setup(), 1_000)
    core.step(1_000, Tick())
    effects = core.step(1_500, LinkUp())
    (hello,), (status,) = published(effects, "hello"), published(effects, "status")
    assert effects == [hello, status]
    assert core.deadline_ms == 2_500
    assert (hello.retain, status.retain) == (False, True)
    assert decode(hello.payload, Hello) == Hello(
        node="gong-1", nonce=decode(hello.payload, Hello).nonce, boot="run", version="0", codebook=0, counter=0
    )
    assert len(decode(hello.payload, Hello).nonce) == 32
    assert core.step(1_500, Tick()) == []
    assert core.deadline_ms == 2_500, "the next hello"


def test_a_change_waits_for_the_moment_after_the_last_status_and_an_unchanged_one_for_its_time() -> None:
    core = Node(a_setup(), 0)
    core.step(0, LinkUp())
    assert published(core.step(100, Disk("full")), "status") == []
    assert core.deadline_ms == STATUS_APART_MS
    assert published(core.step(STATUS_APART_MS - 1, Tick()), "status") == []
    assert len(published(core.step(STATUS_APART_MS, Tick()), "status")) == 1
    told_ms = STATUS_APART_MS
    assert published(core.step(told_ms + EVERY_S * 1_000 - 1, Tick()), "status") == []
    assert core.deadline_ms == told_ms + EVERY_S * 1_000
    assert len(published(core.step(told_ms + EVERY_S * 1_000, Tick()), "status")) == 1


def test_lamps_are_set_when_they_change_and_not_again() -> None:
    core = Node(a_setup(), 0)
    assert core.step(0, Tick()) == [Show("dark", "unheard")]
    assert core.step(1, Disk("full")) == [Show("dark", "trouble", (7,))]
    assert core.step(2, Disk("failed")) == []


def test_a_link_that_is_down_is_no_link_and_the_commune_is_not_heard() -> None:
    core = Node(a_setup(), 0)
    core.step(0, LinkUp())
    core.step(10, LinkDown("gone"))
    assert core.step(5_000, Tick()) == []
    assert core.deadline_ms == CLOCK_MS
    assert not core._parts.linked
    assert core._parts.heard_ms is None


def test_when_the_commune_falls_silent_the_lamp_says_so_in_that_moment() -> None:
    box = linked()
    heard_ms = box.core._parts.heard_ms
    assert heard_ms is not None
    box.commune = False
    box.until(heard_ms + HEARD_WITHIN_MS - 1)
    assert box.lamps.link == "steady"
    box.until(heard_ms + HEARD_WITHIN_MS)
    assert box.lamps.link == "unheard"


def test_a_system_clock_is_believed_up_to_the_last_year_and_from_1970_on() -> None:
    for wall_ms, known in ((-1, False), (0, True), (LAST_WALL_MS, True), (LAST_WALL_MS + 1, False)):
        core = Node(a_setup(), 0)
        core.step(0, SystemClock(wall_ms, in_step=True))
        assert (core._parts.wall_ms(0) is not None) is known
        core = Node(a_setup(), 0)
        core.step(0, SystemClock(wall_ms, in_step=False))
        assert core._parts.wall_ms(0) is None


def test_what_the_broker_denied_is_counted_under_its_reason() -> None:
    core = Node(a_setup(), 0)
    core.step(0, Denied("keng/1/cong-lac/up/gong-1/alert", "not authorized"))
    assert core._parts.refused == {"denied": 1}


def test_a_proof_that_was_said_of_late_goes_before_those_that_waited() -> None:
    box = linked()
    box.hold("try")
    box.wait(2_000)
    box.link_down()
    box.set_of_alarms(an_alarm(uid(5)))
    box.set_of_alarms()
    box.wait(2_000)
    box.link_up()
    first, again, second = box.said("sounded")
    assert (first, second.id) == (again, uid(5))


def test_a_proof_is_doubtful_for_fifteen_seconds_to_the_millisecond() -> None:
    for after_ms, times in ((PROOF_SURE_MS - 1, 2), (PROOF_SURE_MS, 1)):
        box = linked()
        box.hold("try")
        box.wait(2_000)
        (said_ms,) = [at_ms for at_ms, effect in box.effects if effect in box.published("sounded")]
        box.until(said_ms + after_ms)
        box.link_down()
        box.link_up()
        assert len(box.said("sounded")) == times


def test_a_service_that_answers_the_first_hello_gets_no_copy_before_its_time() -> None:
    box = Box()
    box.commune = False
    box.link_up()
    box.hold("red")
    sent = len(box.alerts())
    box.arrive(box.a_welcome(box.said("hello")[-1].nonce))
    assert len(box.alerts()) == sent


def test_a_chime_is_written_down_and_handed_ahead_and_one_that_is_too_late_is_told() -> None:
    ten_ms = EVENING_MS + 3_600_000
    core = Node(structs.replace(a_setup(), codebook=a_book(chimes=[CURFEW])), 0)
    core.step(0, SystemClock(ten_ms - 10_000, in_step=True))
    assert core.deadline_ms == 10_000 - ARM_MS
    write, sound = core.step(10_000 - ARM_MS, Tick())
    assert write == Write(ChimeDone("curfew/2026-11-21"))
    assert sound == Sound("run.1", "curfew", alarm=False, at_ms=10_000)
    cause = core._parts.stage.get("curfew/2026-11-21")
    assert cause is not None
    assert (cause.began_ms, cause.until_ms) == (10_000 - ARM_MS, {"calendar": 10_000 + LAST_MS})
    late = Node(structs.replace(a_setup(), codebook=a_book(chimes=[CURFEW])), 0)
    late.step(0, SystemClock(ten_ms - 10_000, in_step=True))
    late.step(1, LinkUp())
    (told,) = published(late.step(90_000, Tick()), "sounded")
    proof = decode(told.payload, Sounded)
    assert (proof.id, proof.pattern, proof.ended) == ("curfew/2026-11-21", "curfew", "failed")
    assert proof.late_ms == 80_000


def test_before_a_chime_the_time_is_asked_for_once_more() -> None:
    core = Node(structs.replace(a_setup(), codebook=a_book(chimes=[CURFEW])), 0)
    core.step(0, SystemClock(EVENING_MS + 3_600_000 - 100_000, in_step=True))
    core.step(1, LinkUp())
    core._hellos.welcomed(2, 0)
    core.step(3, Tick())
    assert core._hellos.due_ms == 100_000 - BEFORE_CHIME_MS


def test_a_service_that_missed_two_hellos_gets_unsent_alerts_at_once() -> None:
    box = Box()
    box.commune = False
    box.link_up()
    box.hold("red")
    box.wait(200)
    sent = len(box.alerts())
    assert len(box.said("hello")) == 2
    box.arrive(box.a_welcome(box.said("hello")[-1].nonce))
    assert len(box.alerts()) == sent + 1


def test_a_proof_of_the_time_that_took_long_is_asked_for_again_soon() -> None:
    box = Box()
    box.commune = False
    box.link_up()
    box.wait(40)
    box.arrive(box.a_welcome(box.said("hello")[-1].nonce))
    box.wait(2_100)
    assert len(box.said("hello")) == 2


def test_what_was_asked_for_once_is_not_asked_for_at_each_word_and_no_word_puts_it_off() -> None:
    box = linked()
    due_ms = box.core._hellos.due_ms
    box.wait(5_000)
    box.answer(uid(9), "received")
    assert box.core._hellos.due_ms == due_ms
    box.arrive(box.a_set(an_alarm(uid(1)), issued_ms=box.wall_ms - 60_000))
    box.wait(6_000)
    hellos = len(box.said("hello"))
    for _ in range(4):
        box.answer(uid(9), "received")
        box.wait(1_100)
    assert len(box.said("hello")) == hellos


def test_what_waits_to_be_proved_is_bounded_over_every_change_of_the_link() -> None:
    core = Node(a_setup(), 0)
    for item in (Tick(), LinkUp(), LinkDown("gone"), LinkUp()):
        core.step(0, item)
        assert (core._proofs.maxlen, core._said.maxlen) == (MAX_PROOFS, MAX_PROOFS)


def test_a_new_link_without_an_end_of_the_old_doubts_its_proofs_too() -> None:
    box = linked()
    box.hold("try")
    box.wait(2_000)
    box.step(LinkUp())
    assert len(box.said("sounded")) == 2


def test_a_test_that_was_played_is_over_for_good_and_a_press_is_spent_until_it_is_let_go() -> None:
    box = linked()
    box.hold("try")
    box.wait(2_000)
    (id_,) = box.memory.alerts
    assert box.memory.over == (id_,)
    box.close("red")
    box.wait(1_000)
    mark = len(box.records)
    box.wait(1_000)
    assert box.memory.spent == ("red",)
    assert not any(isinstance(record, SpentContacts) for record in box.records[mark:])
    box.open("red")
    box.wait(100)
    assert box.memory.spent == ()


def test_a_proof_says_when_its_first_sample_was_heard() -> None:
    box = linked()
    box.hold("try")
    box.wait(2_000)
    (proof,) = box.said("sounded")
    assert proof.started_at is not None


def test_a_reading_that_changes_nothing_costs_nothing() -> None:
    box = Box()
    box.wait(CLOCK_MS)
    before_ms = box.core.deadline_ms
    box.now_ms += 1_000
    assert box.core.step(box.now_ms, Contacts(box.now_ms, ())) == []
    assert box.core.deadline_ms == before_ms, "nothing was looked through"


def test_whose_alerts_are_not_asked_for_is_said_by_name() -> None:
    box = Box(codebook=a_book())
    assert box.core.subscriptions_but(("gong-2",))[-1] == box.topics.up("gong-3", "alert")
    assert box.core.subscriptions[-1] == box.topics.every("up", "alert")


def test_a_dip_of_the_supply_is_told_for_a_minute_by_the_box_s_own_time() -> None:
    box = Box()
    box.link_up()
    box.step(Machine("low"))
    for wait_ms, word in ((LOW_MS - 1, "low"), (1, "ok")):
        box.wait(wait_ms)
        box.step(Machine("ok"))
        box.wait(300)
        assert box.status.supply == word


@pytest.mark.parametrize(("hamlet", "sounds"), [("h1", ["curfew"]), ("h2", [])])
def test_of_the_chimes_its_own_hamlet_s_alone_sound(hamlet: str, sounds: list[str]) -> None:
    box = Box(codebook=a_book(chimes=[CURFEW | {"hamlets": [hamlet]}]), wall_ms=EVENING_MS + 3_590_000)
    box.link_up()
    box.wait(20_000)
    assert [sound.pattern for sound in box.sounds()] == sounds


def test_a_box_whose_disk_was_lost_obeys_nothing_before_a_welcome() -> None:
    box = Box(forgetful=True)
    box.commune = False
    box.link_up()
    box.step(SystemClock(box.wall_ms, True))
    box.set_of_alarms(an_alarm(uid(1)))
    assert box.playing is None
    box.commune = True
    box.link_up()
    box.set_of_alarms(an_alarm(uid(1)))
    assert box.playing == uid(1)


def test_an_answer_is_the_commune_s_word_as_well() -> None:
    box = Box()
    box.commune = False
    box.link_up()
    box.step(SystemClock(box.wall_ms, True))
    box.hold("red")
    assert box.lamps.link == "unheard"
    box.answer(next(iter(box.memory.alerts)), "received")
    assert box.lamps.link == "steady"
