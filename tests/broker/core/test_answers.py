"""Nothing is said of what is not on the disk."""

import pytest
from fakes.entries import acknowledged, closed, opened, uuid

from broker.core.answers import MAX_BEGUN, MAX_REPEATED, Answers
from broker.core.cases import Cases
from broker.core.effects import Tell
from broker.core.ledger import Ledger
from broker.core.records import Entry
from broker.core.turn import Turn
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
