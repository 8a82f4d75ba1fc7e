"""Nothing is said of what is not on the disk."""

import pytest
from fakes.entries import DAY_MS, NOON_MS, acknowledged, ask, closed, joined, opened, uuid

from broker.core.answers import ALWAYS_REPEATED, MAX_BEGUN, MAX_REPEATED, Answers
from broker.core.cases import Cases
from broker.core.effects import Tell
from broker.core.ledger import Ledger
from broker.core.records import RECENT_DAYS, Entry
from broker.core.turn import Turn
from wire.asks import Told
from wire.codec import decode
from wire.messages import Answer
from wire.topics import Topics

pytestmark = pytest.mark.pure


def made() -> tuple[Answers, Cases, Ledger]:
    cases, ledger = Cases([], []), Ledger()
    return Answers(Topics("cong-lac"), cases, ledger), cases, ledger


def put(cases: Cases, entry: Entry) -> Entry:
    assert entry.incident is not None
    cases.put(entry.incident)
    return entry


def states(turn: Turn) -> list[tuple[str, str]]:
    said = [decode(effect.payload, Answer) for effect in turn.effects if isinstance(effect, Tell)]
    return [(one.id, one.state) for one in said]


def test_of_several_entries_the_last_word_is_said() -> None:
    answers, cases, _ = made()
    entries = [put(cases, opened(1)), put(cases, opened(2)), put(cases, acknowledged(1))]
    turn = Turn(0, 0)
    answers.say(turn, entries)
    assert states(turn) == [(uuid(1), "acknowledged"), (uuid(2), "received")]


def test_an_officers_own_incident_has_no_node_to_tell() -> None:
    answers, cases, _ = made()
    turn = Turn(0, 0)
    answers.say(turn, [put(cases, opened(1, node=None))])
    answers.begin(turn)
    assert turn.effects == []


def test_what_waits_for_the_disk_is_not_repeated() -> None:
    answers, cases, ledger = made()
    entry = put(cases, opened(1))
    ledger.note(entry)
    turn = Turn(0, 0)
    assert entry.incident is not None
    answers.repeat(turn, entry.incident, uuid(1))
    answers.begin(turn)
    answers.node_is_back(turn, "n1")
    assert turn.effects == []


def test_after_a_hello_open_ones_come_first_and_never_too_many() -> None:
    answers, cases, _ = made()
    for number in range(30):
        put(cases, closed(number) if number > 5 else opened(number))
    turn = Turn(0, 1_800_000_000_000)
    answers.node_is_back(turn, "n1")
    told = states(turn)
    assert len(told) == MAX_REPEATED
    assert [state for _, state in told[:6]] == ["received"] * 6
    assert told[6][0] == uuid(29)


def test_when_the_link_is_back_the_latest_are_told() -> None:
    answers, cases, _ = made()
    for number in range(MAX_BEGUN + 50):
        put(cases, opened(number))
    turn = Turn(0, 0)
    answers.begin(turn)
    assert len(turn.effects) == MAX_BEGUN
    assert states(turn)[0][0] == uuid(MAX_BEGUN + 49)


def test_when_the_link_is_back_the_last_that_ended_are_told_too_each_with_every_alert_that_joined() -> None:
    answers, cases, _ = made()
    for number in range(MAX_REPEATED + 2):
        put(cases, closed(number))
    put(cases, opened(100))
    cases.join(uuid(101), uuid(100))
    turn = Turn(0, 0)
    answers.begin(turn)
    told = states(turn)
    assert told[:2] == [(uuid(100), "received"), (uuid(101), "received")]
    assert [id_ for id_, _ in told[2:]] == [uuid(number) for number in range(MAX_REPEATED + 1, 1, -1)]
    assert {state for _, state in told[2:]} == {"closed"}


def test_an_answer_goes_to_the_node_and_a_word_to_the_user_on_their_own_topics() -> None:
    answers, cases, _ = made()
    turn = Turn(0, 0)
    answers.say(turn, [put(cases, opened(1)), ask(7, why="x")])
    answers.told_again(turn, ask(8, user="second", ok=False).ask)
    answers.repeat(turn, cases.all[uuid(1)], uuid(5))
    told = [effect for effect in turn.effects if isinstance(effect, Tell)]
    assert [one.topic.removeprefix("keng/1/cong-lac/") for one in told] == [
        "down/n1/answer", "told/duty", "told/second", "down/n1/answer",
    ]  # fmt: skip
    assert decode(told[1].payload, Told) == Told(id="a7", ok=True, why="x", target=None)
    assert decode(told[2].payload, Told) == Told(id="a8", ok=False, why="", target=None)
    assert decode(told[3].payload, Answer).id == uuid(5)


def test_what_was_asked_is_not_told_again_before_it_is_on_the_disk() -> None:
    answers, _, ledger = made()
    entry = ask(7)
    ledger.note(entry)
    turn = Turn(0, 0)
    answers.told_again(turn, entry.ask)
    assert turn.effects == []


def test_a_further_press_is_answered_by_itself_and_what_a_person_did_is_news_for_every_alert() -> None:
    answers, cases, _ = made()
    put(cases, opened(1))
    cases.join(uuid(2), uuid(1))
    turn = Turn(0, 0)
    answers.say(turn, [joined(2, 1)])
    assert states(turn) == [(uuid(2), "received")]
    insisted = Entry(what="insisted", subject=uuid(1), by="n1", at_ms=0, incident=cases.all[uuid(1)])
    turn = Turn(0, 0)
    answers.say(turn, [insisted])
    assert states(turn) == [(uuid(1), "received")]
    turn = Turn(0, 0)
    answers.say(turn, [put(cases, acknowledged(1))])
    assert states(turn) == [(uuid(1), "acknowledged"), (uuid(2), "acknowledged")]


def test_one_without_a_node_keeps_no_other_from_its_answer() -> None:
    answers, cases, _ = made()
    turn = Turn(0, 0)
    answers.say(turn, [ask(1), put(cases, opened(1, node=None)), put(cases, opened(2))])
    assert [one.topic.rsplit("/", 1)[1] for one in turn.effects] == ["answer", "duty"]


def test_after_a_hello_only_so_many_of_one_incidents_alerts_are_answered_the_latest() -> None:
    answers, cases, _ = made()
    put(cases, opened(0))
    for number in range(1, MAX_REPEATED + 5):
        cases.join(uuid(number), uuid(0))
    latest = [uuid(number) for number in range(5, MAX_REPEATED + 5)]
    for say in (lambda turn: answers.node_is_back(turn, "n1"), answers.begin):
        turn = Turn(0, NOON_MS)
        say(turn)
        assert [id_ for id_, _ in states(turn)] == latest


def test_after_a_hello_old_ends_are_told_only_of_the_very_last() -> None:
    answers, cases, _ = made()
    for number in range(ALWAYS_REPEATED + 3):
        put(cases, closed(number))
    for days, told in ((0, ALWAYS_REPEATED + 3), (RECENT_DAYS, ALWAYS_REPEATED), (3_000, ALWAYS_REPEATED)):
        turn = Turn(0, NOON_MS + days * DAY_MS)
        answers.node_is_back(turn, "n1")
        assert len(states(turn)) == told
    turn = Turn(0, NOON_MS + RECENT_DAYS * DAY_MS - 1)
    answers.node_is_back(turn, "n1")
    assert len(states(turn)) == ALWAYS_REPEATED + 3
