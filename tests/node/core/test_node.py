"""The core as a whole: when it wants to be stepped, what it says by itself, how it ends."""

import itertools

import pytest
from fakes.box import COMMUNE, CONTACTS, CURFEW, Box, a_book, an_alarm, uid

from node.core.effects import Publish, Silence
from node.core.hellos import EVERY_MS, SPREAD_MS
from node.core.items import Contacts, Finished, PatternsReady, Stop, SystemClock, Tick
from node.core.node import FOREVER_MS, MAX_PROOFS, PROOF_SURE_MS, Node
from node.core.records import Memory, OwnAlert
from node.core.report import EVERY_S
from node.core.setup import Setup
from wire.codec import decode
from wire.envelope import Denied, LinkUp
from wire.messages import Hello, Status

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
    core.step(0, Tick())
    assert core.deadline_ms == FOREVER_MS


def test_time_never_goes_back_for_a_core() -> None:
    core = Node(a_setup(), 5_000)
    core.step(9_000, Tick())
    core.step(1, Tick())
    assert core.deadline_ms == 9_000 + FOREVER_MS


def test_readings_from_which_nothing_follows_do_nothing() -> None:
    core = Node(a_setup(), 0)
    core.step(0, Tick())
    assert core.step(2, Contacts(2, ("red",))) == []
    assert core.deadline_ms == FOREVER_MS


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
        + [f"{root}/down/gong-1/{word}" for word in ("welcome", "answer", "alarms")]
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
