"""What sounds, and what became of it."""

import pytest
from fakes.box import uid

from node.core.cause import Cause, Priority, Proof, Voucher
from node.core.effects import Effect, Silence, Sound
from node.core.items import Began, Finished, Heard
from node.core.stage import MAX_CAUSES, MAX_LAPSED, REPORT_WITHIN_MS, RETRY_MS, ROUNDED_MS, SHORTEST_MS, Stage

pytestmark = pytest.mark.pure

ALARM, DRILL, CHIME, TEST = Priority.ALARM, Priority.DRILL, Priority.CHIME, Priority.TEST


class Played:
    """A stage with a patient loudspeaker."""

    def __init__(self, *, listens: bool = False) -> None:
        self.stage = Stage("r", listens=listens)
        self.now_ms = 0

    def want(
        self, id_: str, priority: Priority = ALARM, by: Voucher = "all", for_ms: int = 60_000, due_ms: int | None = None
    ) -> list[Effect]:
        cause = Cause(id_, f"p-{id_}", priority, self.now_ms, due_ms=due_ms)
        self.stage.vouch(cause, by, self.now_ms + for_ms)
        return self.plan()

    def plan(self, after_ms: int = 0) -> list[Effect]:
        self.now_ms += after_ms
        return self.stage.plan(self.now_ms)

    def finished(self, ref: str, how: str = "finished", duration_ms: int = 1_000, why: str = "") -> None:
        self.stage.finished(self.now_ms, Finished(ref, how, duration_ms, 3, why))

    def proofs(self) -> list[tuple[str, str]]:
        return [(proof.id, proof.ended) for proof in self.stage.proofs()]


def refs(effects: list[Effect]) -> list[str]:
    return [f"{type(effect).__name__} {getattr(effect, 'pattern', effect.ref)}" for effect in effects]


def test_what_somebody_vouches_for_sounds_once() -> None:
    box = Played()
    assert box.want("a") == [Sound("r.1", "p-a", alarm=True)]
    assert box.plan(1) == []


def test_it_is_silent_when_the_last_vouching_is_over_and_not_before() -> None:
    box = Played()
    box.want("a", by="own", for_ms=100)
    box.want("a", by="all", for_ms=200)
    assert box.plan(199) == []
    assert box.stage.deadline_ms == 200
    assert box.plan(1) == [Silence("r.1")]
    box.finished("r.1", "stopped")
    assert box.proofs() == [("a", "lease_over")]


@pytest.mark.parametrize(("low", "high"), [(TEST, CHIME), (CHIME, DRILL), (DRILL, ALARM)])
def test_the_higher_takes_over_and_the_lower_never_does(low: Priority, high: Priority) -> None:
    box = Played()
    box.want("low", low)
    assert refs(box.want("high", high)) == ["Sound p-high"]
    assert box.want("low again", low) == []


def test_among_equals_the_newest_sounds_and_the_older_comes_back() -> None:
    box = Played()
    box.want("a")
    box.now_ms += 1
    assert refs(box.want("b")) == ["Sound p-b"]
    box.stage.withdraw("b", "all", box.now_ms)
    assert refs(box.plan()) == ["Sound p-a"]


@pytest.mark.parametrize("once", [CHIME, TEST])
def test_what_takes_over_from_a_chime_ends_it(once: Priority) -> None:
    box = Played()
    box.want("once", once)
    box.want("a", for_ms=1_000)
    box.finished("r.1", "pre_empted")
    assert box.proofs() == [("once", "pre_empted")]
    assert box.plan(1_000) == [Silence("r.2")]


def test_a_chime_due_during_an_alarm_is_skipped_and_said_so() -> None:
    box = Played()
    box.want("a")
    assert box.want("curfew", CHIME) == []
    assert box.stage.proofs() == [Proof("curfew", "p-curfew", None, 0, 0, 0, "pre_empted", "a")]


def test_a_chime_sounds_once_and_then_it_is_over() -> None:
    box = Played()
    box.want("curfew", CHIME)
    box.stage.began(Began("r.1", 5, 5))
    box.finished("r.1", duration_ms=9_000)
    assert box.plan() == []
    assert box.stage.proofs() == [Proof("curfew", "p-curfew", 5, 5, 9_000, 3, "finished", "")]


def test_a_chime_that_failed_is_over_and_says_why() -> None:
    box = Played()
    box.want("curfew", CHIME)
    box.finished("r.1", "failed", 0, "gone: no card")
    assert box.plan() == []
    assert [(proof.ended, proof.why) for proof in box.stage.proofs()] == [("failed", "gone: no card")]


def test_a_chime_is_given_ahead_and_does_not_sound_before_its_moment() -> None:
    box = Played()
    assert box.want("curfew", CHIME, due_ms=1_500) == [Sound("r.1", "p-curfew", alarm=False, at_ms=1_500)]
    assert box.stage.sounding(1_499) is None
    assert box.stage.sounding(1_500) == "curfew"


def test_a_chime_whose_moment_has_passed_starts_now_and_says_how_late() -> None:
    """The speaker counts from when it was asked: a chime that was half a minute late was proved as punctual."""
    box = Played()
    box.now_ms = 30_000
    assert box.want("curfew", CHIME, due_ms=1_000) == [Sound("r.1", "p-curfew", alarm=False)]
    box.stage.began(Began("r.1", 30_004, 4))
    box.finished("r.1")
    assert [proof.late_ms for proof in box.stage.proofs()] == [29_004]


def test_an_alarm_whose_pattern_ends_starts_again_at_once() -> None:
    box = Played()
    box.want("a")
    box.finished("r.1")
    assert refs(box.plan()) == ["Sound p-a"]


def test_an_alarm_that_failed_is_tried_again_after_a_second() -> None:
    box = Played()
    box.want("a")
    box.finished("r.1", "failed", 0, "gone")
    assert box.plan() == []
    assert box.stage.deadline_ms == RETRY_MS
    assert box.plan(RETRY_MS - 1) == []
    assert refs(box.plan(1)) == ["Sound p-a"]


def test_an_alarm_that_ends_the_moment_it_begins_is_not_tried_without_end() -> None:
    """A pattern of no length made core and speaker chase each other."""
    box = Played()
    box.want("a")
    box.finished("r.1", duration_ms=0)
    assert box.plan() == []
    assert refs(box.plan(RETRY_MS)) == ["Sound p-a"]


@pytest.mark.parametrize("low", [CHIME, DRILL])
def test_nothing_lower_sounds_while_an_alarm_waits_to_be_tried_again(low: Priority) -> None:
    """In the second after a failure a chime due then rang out in the middle of an alarm."""
    box = Played()
    box.want("a")
    box.finished("r.1", "failed", 0, "gone")
    assert box.want("low", low) == []
    assert refs(box.plan(RETRY_MS)) == ["Sound p-a"]


def test_a_drill_does_not_fall_back_on_the_alarm_s_pattern() -> None:
    """A drill with a name that nobody knew sounded like the real thing."""
    assert Played().want("d", DRILL) == [Sound("r.1", "p-d", alarm=False)]


def test_an_all_clear_silences_whoever_else_vouches() -> None:
    box = Played()
    box.want("a", by="own")
    box.want("a", by="peer")
    box.want("a", by="all")
    assert box.stage.withdraw("a", "all", 0)
    assert box.plan() == [Silence("r.1")]


def test_at_a_post_one_set_alone_does_not_clear_what_the_other_states() -> None:
    box = Played()
    box.want("a", by="all")
    box.want("a", by="down")
    assert not box.stage.withdraw("a", "all", 0)
    assert box.plan() == []
    assert box.stage.withdraw("a", "down", 0)
    box.want("b", by="all")
    box.want("b", by="down")
    assert not box.stage.withdraw("b", "down", 0)
    assert box.stage.withdraw("b", "all", 0)


def test_a_neighbour_takes_back_only_its_own_word() -> None:
    box = Played()
    box.want("a", by="peer")
    box.want("a", by="own")
    assert not box.stage.withdraw("a", "peer", 0)
    assert not box.stage.withdraw("a", "peer", 0)
    assert not box.stage.withdraw("b", "peer", 0)
    assert box.plan() == []


def test_clear_ends_it_at_once() -> None:
    box = Played()
    box.want("a", by="own")
    assert box.stage.clear("a", 0)
    assert not box.stage.clear("a", 0)
    assert box.plan() == [Silence("r.1")]


def test_a_proof_adds_up_all_soundings_and_begins_with_the_first() -> None:
    box = Played()
    box.want("a", for_ms=10_000)
    box.stage.began(Began("r.1", 3, 3))
    box.now_ms = 1
    box.want("b", for_ms=5_000)
    box.finished("r.1", "pre_empted", 5_000)
    box.plan(5_000)
    box.stage.began(Began("r.3", 5_002, 1))
    box.plan(5_000)
    box.finished("r.3", "stopped", 4_900)
    assert box.stage.proofs()[-1] == Proof("a", "p-a", 3, 3, 9_900, 6, "lease_over", "")


def test_no_proof_comes_before_the_last_sound_has_ended() -> None:
    box = Played()
    box.want("a", for_ms=100)
    box.plan(100)
    assert box.proofs() == []
    box.finished("r.1", "stopped")
    assert box.proofs() == [("a", "lease_over")]
    assert box.proofs() == []


def test_a_speaker_that_says_nothing_does_not_withhold_the_proof() -> None:
    box = Played()
    box.want("a", for_ms=100)
    box.plan(100)
    assert box.stage.deadline_ms == 100 + REPORT_WITHIN_MS
    box.plan(REPORT_WITHIN_MS)
    assert box.proofs() == [("a", "lease_over")]
    box.finished("r.1", "stopped")
    assert box.proofs() == []


def test_reports_of_sounds_that_nobody_knows_are_ignored() -> None:
    box = Played()
    box.stage.began(Began("x", 1, 1))
    box.finished("x")
    assert box.plan() == []
    assert box.proofs() == []


def test_the_first_sample_is_told_once() -> None:
    box = Played()
    box.want("a", for_ms=100)
    box.stage.began(Began("r.1", 5, 5))
    box.stage.began(Began("r.1", 50, 50))
    box.plan(100)
    box.finished("r.1", "stopped")
    assert [(proof.first_ms, proof.late_ms) for proof in box.stage.proofs()] == [(5, 5)]


def test_numbers_from_the_speaker_never_make_a_proof_negative() -> None:
    box = Played()
    box.want("a", for_ms=100)
    box.stage.began(Began("r.1", 5, -5))
    box.plan(100)
    box.stage.finished(box.now_ms, Finished("r.1", "stopped", -3, -3))
    assert [(p.late_ms, p.duration_ms, p.strokes) for p in box.stage.proofs()] == [(0, 0, 0)]


def test_a_real_alarm_stays_real_and_a_drill_a_drill() -> None:
    """Whatever a neighbour says, and whatever the commune says against a press; see test_inbound for its own word."""
    box = Played()
    box.want("a", ALARM, by="own")
    box.want("a", DRILL, by="peer")
    box.want("a", DRILL, by="all")
    box.want("b", DRILL, by="own")
    box.want("b", ALARM, by="peer")
    assert [cause.priority for cause in (box.stage.get("a"), box.stage.get("b")) if cause] == [ALARM, DRILL]


def test_too_many_causes_push_out_the_lowest_and_oldest() -> None:
    box = Played()
    for number in range(MAX_CAUSES + 1):
        box.now_ms = number
        box.want(uid(number), DRILL if number == 7 else ALARM)
    assert box.stage.get(uid(7)) is None
    assert box.stage.get(uid(0)) is not None
    assert box.proofs() == [(uid(7), "pre_empted")]


def test_who_vouches_is_known() -> None:
    box = Played()
    box.want("a", by="all")
    box.want("b", by="own")
    assert box.stage.vouched_by("all") == ["a"]


def test_what_was_played_once_is_said_so_that_no_set_plays_it_again() -> None:
    """A test alarm of the set rang at each restatement of the set, every ten seconds."""
    box = Played()
    box.want("t", TEST)
    box.finished("r.1")
    assert box.stage.played_once() == ["t"]
    assert box.stage.played_once() == []


def test_where_a_microphone_listens_the_proof_waits_for_what_it_heard() -> None:
    box = Played(listens=True)
    box.want("curfew", CHIME)
    box.finished("r.1", duration_ms=9_000)
    assert box.plan() == [] and box.proofs() == []
    box.stage.heard(Heard("nobody's", 9, 0.0))
    box.stage.heard(Heard("r.1", 2, -20.5))
    (proof,) = box.stage.proofs()
    assert (proof.strokes, proof.heard, proof.level_db, proof.ended) == (3, 2, -20.5, "finished")


def test_a_proof_does_not_wait_for_an_ear_that_says_nothing_nor_for_what_made_no_sound() -> None:
    box = Played(listens=True)
    box.want("curfew", CHIME)
    box.finished("r.1", duration_ms=9_000)
    assert box.plan(REPORT_WITHIN_MS - 1) == [] and box.proofs() == []
    assert box.stage.deadline_ms == REPORT_WITHIN_MS
    assert box.plan(1) == []
    (proof,) = box.stage.proofs()
    assert (proof.strokes, proof.heard, proof.level_db) == (3, None, None)
    box.stage.heard(Heard("r.1", 2, -20.5))
    assert box.proofs() == []
    box.want("wake", CHIME)
    box.stage.finished(box.now_ms, Finished("r.2", "failed", 0, 0, "gone"))
    assert box.proofs() == [("wake", "failed")]


def test_a_stage_listens_only_if_it_is_told_to_and_then_for_a_single_stroke_too() -> None:
    for stage, waits in ((Stage("r"), False), (Stage("r", listens=True), True)):
        stage.vouch(Cause("curfew", "p", CHIME, 0), "all", 60_000)
        stage.plan(0)
        stage.finished(0, Finished("r.1", "finished", 1_000, 1, ""))
        assert (stage.proofs() == []) == waits


def test_a_proof_that_no_longer_waits_for_the_ear_leaves_what_the_ear_owes_to_another() -> None:
    box = Played(listens=True)
    box.want("curfew", CHIME)
    box.finished("r.1")
    box.now_ms = 1
    box.want("wake", CHIME)
    box.finished("r.2")
    box.plan(REPORT_WITHIN_MS - 1)
    assert box.proofs() == [("curfew", "finished")]
    box.stage.heard(Heard("r.2", 2, -20.5))
    assert [(proof.id, proof.heard) for proof in box.stage.proofs()] == [("wake", 2)]


def test_what_was_heard_of_an_alarm_adds_up_over_all_its_soundings() -> None:
    box = Played(listens=True)
    box.want("a", for_ms=10_000)
    box.now_ms += 1
    box.want("b", for_ms=1_000)
    box.finished("r.1", "pre_empted")
    box.stage.heard(Heard("r.1", 3, -10.0))
    assert refs(box.plan(2_000)) == ["Sound p-a"]
    box.finished("r.2", "stopped")
    box.stage.heard(Heard("r.2", 0, -50.0))
    box.plan(10_000)
    box.finished("r.3", "stopped")
    box.stage.heard(Heard("r.3", None, None))
    heard = {proof.id: (proof.heard, proof.level_db) for proof in box.stage.proofs()}
    assert heard == {"b": (0, -50.0), "a": (3, -10.0)}


def test_what_its_lease_ended_is_remembered_for_a_rounded_second_and_forgotten_once_it_goes_on() -> None:
    box = Played()
    box.want("a", for_ms=1_000)
    box.plan(1_000)
    assert box.stage.spent("a", box.now_ms + ROUNDED_MS - 1)
    assert not box.stage.spent("a", box.now_ms + ROUNDED_MS)
    assert not box.stage.spent("b", box.now_ms + 1)
    box.want("a")
    assert not box.stage.spent("a", box.now_ms + 1)


def test_only_so_many_leases_that_are_over_are_remembered_and_the_latest_are() -> None:
    box = Played()
    for number in range(MAX_LAPSED + 1):
        box.want(f"{number}", for_ms=1)
        box.plan(1)
    assert not box.stage.spent("0", 0)
    assert box.stage.spent("1", 0)


def test_a_stage_on_which_nothing_happens_is_silent_and_waits_for_nothing() -> None:
    box = Played()
    assert (box.plan(), box.stage.playing, box.stage.sounding(0), box.stage.deadline_ms) == ([], None, None, None)
    assert (box.stage.proofs(), box.stage.played_once(), box.stage.get("a")) == ([], [], None)


def test_what_plays_is_known_by_its_ref_until_it_is_silenced_or_ends() -> None:
    box = Played()
    box.want("a", for_ms=100)
    assert (box.stage.playing, box.stage.sounding(0)) == ("r.1", "a")
    box.plan(100)
    assert (box.stage.playing, box.stage.sounding(100)) == (None, None)
    box.finished("r.1", "stopped")
    box.want("b")
    assert box.stage.playing == "r.2"
    box.finished("r.2")
    assert box.stage.playing is None


def test_what_only_a_post_was_told_is_named_to_the_node_and_to_nobody_else() -> None:
    box = Played()
    box.want("a", by="down", for_ms=100)
    assert (box.stage.sounding(0), box.stage.sounding(0, public=True)) == ("a", None)
    box.plan(100)
    box.finished("r.1", "stopped")
    assert box.proofs() == []
    assert box.stage.deadline_ms is None
    box.want("b", by="down")
    box.want("b", by="peer")
    assert box.stage.sounding(100, public=True) == "b"
    box.stage.clear("b", 100)
    box.plan()
    box.finished("r.2", "stopped")
    assert box.proofs() == [("b", "all_clear")]


def test_how_many_a_neighbour_keeps_up_is_counted_by_kind() -> None:
    box = Played()
    for id_, priority, origin in (("a", ALARM, "n"), ("b", ALARM, "n"), ("c", DRILL, "n"), ("d", ALARM, "m")):
        box.stage.vouch(Cause(id_, "p", priority, 0, origin=origin), "peer", 1_000)
    assert [box.stage.from_origin("n", ALARM), box.stage.from_origin("n", DRILL)] == [2, 1]
    assert box.stage.from_origin("x", ALARM) == 0


def test_each_ending_is_looked_at_when_it_comes_and_the_first_of_several_first() -> None:
    box = Played()
    box.want("a", for_ms=300)
    box.want("b", for_ms=200)
    assert box.stage.deadline_ms == 200
    box.plan(200)
    assert box.stage.deadline_ms == 300
    box.plan(100)
    assert box.stage.deadline_ms == 200 + REPORT_WITHIN_MS


def test_a_sounding_of_less_than_a_stroke_is_as_good_as_failed_and_one_of_a_stroke_is_not() -> None:
    for duration_ms, waits in ((SHORTEST_MS - 1, True), (SHORTEST_MS, False)):
        box = Played()
        box.want("a")
        box.finished("r.1", duration_ms=duration_ms)
        assert refs(box.plan()) == ([] if waits else ["Sound p-a"])


def test_a_sound_that_was_pre_empted_is_no_failure_of_what_sounds_now() -> None:
    box = Played()
    box.want("a")
    box.now_ms = 1
    box.want("b")
    box.finished("r.1", "pre_empted", 1)
    assert box.plan() == []
    box.stage.clear("b", 1)
    assert refs(box.plan()) == ["Sound p-a"]


def test_what_went_wrong_last_is_in_the_proof_though_it_sounded_in_the_end() -> None:
    box = Played()
    box.want("a", for_ms=10_000)
    box.finished("r.1", "failed", 0, "gone: no card")
    box.plan(RETRY_MS)
    box.plan(9_000)
    box.finished("r.2", "stopped", 9_000)
    assert [(proof.ended, proof.why, proof.strokes) for proof in box.stage.proofs()] == [
        ("lease_over", "gone: no card", 6)
    ]


def test_an_all_clear_says_so_and_why_something_was_pre_empted_names_what_took_over() -> None:
    box = Played()
    box.want("curfew", CHIME)
    box.now_ms = 5
    box.want("a")
    box.finished("r.1", "pre_empted", 900)
    box.stage.withdraw("a", "all", 6)
    box.plan()
    box.finished("r.2", "stopped", 400)
    assert [(proof.id, proof.ended, proof.why) for proof in box.stage.proofs()] == [
        ("curfew", "pre_empted", "a"),
        ("a", "all_clear", ""),
    ]


def test_what_is_stated_anew_ends_what_it_was_and_keeps_who_else_vouches_and_whose_it_is() -> None:
    box = Played()
    box.stage.vouch(Cause("a", "old", ALARM, 0, count=3, origin="n"), "peer", 50_000)
    box.plan()
    box.now_ms = 7
    box.stage.vouch(Cause("a", "new", ALARM, 7), "all", 20_000)
    assert refs(box.plan()) == ["Sound new"]
    box.finished("r.1", "pre_empted")
    assert [(proof.pattern, proof.ended, proof.why) for proof in box.stage.proofs()] == [
        ("old", "pre_empted", "stated anew")
    ]
    cause = box.stage.get("a")
    assert cause is not None
    assert (cause.count, cause.origin, cause.until_ms) == (3, "n", {"peer": 50_000, "all": 20_000})
    assert cause.public


def test_what_a_post_alone_knew_stays_unknown_when_it_is_stated_anew() -> None:
    box = Played()
    box.want("a", by="down")
    box.stage.vouch(Cause("a", "other", ALARM, 0), "down", 50_000)
    box.plan()
    assert box.stage.sounding(0, public=True) is None


def test_a_test_that_is_stated_anew_was_not_played_and_another_was() -> None:
    box = Played()
    box.want("t", TEST)
    box.finished("r.1")
    box.want("u", TEST)
    box.stage.vouch(Cause("u", "other", TEST, 0), "all", 60_000)
    assert box.stage.played_once() == ["t"]


def test_the_moment_of_a_chime_is_given_only_while_it_is_ahead() -> None:
    box = Played()
    box.now_ms = 1_000
    assert box.want("curfew", CHIME, due_ms=1_000) == [Sound("r.1", "p-curfew", alarm=False)]
    box.stage.began(Began("r.1", 990, -10))
    box.finished("r.1")
    assert [proof.late_ms for proof in box.stage.proofs()] == [0]


def test_as_many_causes_as_there_may_be_are_kept_and_what_goes_says_why() -> None:
    box = Played()
    for number in range(MAX_CAUSES):
        box.now_ms = number
        box.stage.vouch(Cause(uid(number), "p", ALARM, number), "all", 10**6)
    assert box.stage.get(uid(0)) is not None
    box.stage.vouch(Cause(uid(999), "p", ALARM, 999), "all", 10**6)
    assert box.stage.get(uid(0)) is None
    assert [(proof.id, proof.ended, proof.why) for proof in box.stage.proofs()] == [
        (uid(0), "pre_empted", "too many at once")
    ]


def test_a_proof_that_is_overdue_is_given_at_its_moment_and_forgets_the_sound() -> None:
    box = Played()
    box.want("a")
    box.stage.clear("a", 40)
    assert box.stage.deadline_ms == 40 + REPORT_WITHIN_MS
    box.plan(39 + REPORT_WITHIN_MS)
    assert box.proofs() == []
    box.plan(1)
    assert box.proofs() == [("a", "all_clear")]
    assert (box.stage.deadline_ms, box.stage._refs) == (None, {})
    box.finished("r.1", "stopped")
    assert box.proofs() == []


def test_one_sound_that_ended_leaves_the_proof_of_another_alone() -> None:
    box = Played()
    box.want("a")
    box.now_ms = 1
    box.want("b")
    box.stage.clear("a", 1)
    box.stage.clear("b", 1)
    box.plan()
    box.finished("r.2", "stopped")
    assert box.proofs() == [("b", "all_clear")]
    box.finished("r.1", "pre_empted")
    assert box.proofs() == [("a", "all_clear")]


def test_what_others_know_of_stays_known_when_a_post_states_it_anew() -> None:
    box = Played()
    box.want("a", by="peer")
    box.stage.vouch(Cause("a", "other", ALARM, 0), "down", 50_000)
    box.plan()
    assert box.stage.sounding(0, public=True) == "a"


def test_the_commune_may_make_a_drill_of_what_it_alone_stated_and_not_of_what_another_did() -> None:
    for others, pattern in (((), "drill"), (("peer",), "p-a"), (("down",), "p-a")):
        box = Played()
        for voucher in ("all", *others):
            box.want("a", by=voucher)
        box.stage.vouch(Cause("a", "drill", DRILL, 0), "all", 50_000)
        cause = box.stage.get("a")
        assert cause is not None
        assert cause.pattern == pattern


def test_what_ended_without_a_fault_gives_no_reason() -> None:
    for end in (
        lambda box: box.stage.clear("a", 5),
        lambda box: box.stage.withdraw("a", "all", 5),
        lambda box: box.plan(60_000),
    ):
        box = Played()
        box.want("a")
        end(box)
        box.finished("r.1", "stopped")
        assert [proof.why for proof in box.stage.proofs()] == [""]
