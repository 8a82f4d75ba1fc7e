"""The questions that need several parts of a node: what sounds, for how long, what is written down."""

import json

import pytest
from fakes.box import COMMUNE, CONTACTS, EVENING_MS, a_book, an_alarm, uid
from msgspec import structs

from node.core.cause import Priority
from node.core.effects import Sound, Write
from node.core.parts import COUNTER_EVERY_MS, Parts, priority_of
from node.core.records import MAX_ALERTS, CounterObeyed, HeardAlert, Memory, OwnAlert, SpentContacts
from node.core.setup import Setup
from patterns.errors import PatternsError
from wire.codec import decode_alert
from wire.errors import Refused
from wire.signature import Signer
from wire.uuid7 import Entropy, uuid7

pytestmark = pytest.mark.pure

OURS = OwnAlert(uid(1), "fire", False, False, 0, "unsure", 1_000, "boot")
BOOK = a_book(
    alarm_s=90, cancel_s=20, patterns={"morning": "wake"}, by_kind={"default": "alarm", "fire": "cong-lac/alarm"},
    node_keys={"gong-2": Signer(b"n" * 32).public},
)  # fmt: skip


def parts(memory: Memory | None = None, **changes: object) -> Parts:
    setup = Setup(COMMUNE, "gong-1", "h1", CONTACTS, "boot", "run", b"seed", memory or Memory())
    return Parts(structs.replace(setup, **changes))


def test_it_starts_from_what_the_journal_held_and_unlinked() -> None:
    memory = Memory({uid(1): OURS}, ("c/1",), (), 7, ("h",), ("o",), ("red",))
    made = parts(memory)
    assert (made.memory, made.gate.counter, made.box.spent, made.alerts.all()) == (memory, 7, ("red",), [OURS])
    assert made.stage.plan(0) == []
    made.stage.vouch(made.cause_of(OURS, 0), "own", 1_000)
    assert made.stage.plan(0) == [Sound("run.1", "alarm", alarm=True)]
    assert (made.gate.signed, parts(commune_key=Signer(b"k" * 32).public).gate.signed) == (False, True)
    assert (made.linked, made.heard_ms, made.book, made.refused) == (False, None, None, {})


def test_without_a_book_three_minutes_and_half_a_minute_and_with_one_what_it_says() -> None:
    assert (parts().alarm_ms(), parts().cancel_ms()) == (180_000, 30_000)
    made = parts(codebook=BOOK)
    assert (made.alarm_ms(), made.cancel_ms()) == (90_000, 20_000)
    assert made.book is not None
    assert made.gate._nodes.keys() == {"gong-2"}
    assert made.calendar._book is made.book


@pytest.mark.parametrize("payload", [b"", b"[]", b"{}", b"[" * 100_000])
def test_a_stored_book_that_cannot_be_read_is_none_and_counted(payload: bytes) -> None:
    made = parts(codebook=payload)
    assert (made.book, made.refused) == (None, {"codebook": 1})


def test_a_book_that_contradicts_itself_changes_nothing() -> None:
    made = parts(codebook=BOOK)
    before = made.book
    with pytest.raises(PatternsError):
        made.use_book(json.loads(a_book(zone="Nowhere/At_All")))
    assert made.book is before


@pytest.mark.parametrize(
    ("kind", "drill", "without", "with_book", "priority"),
    [
        ("fire", False, "alarm", "cong-lac/alarm", Priority.ALARM),
        ("security", False, "alarm", "alarm", Priority.ALARM),
        ("test", False, "test", "test", Priority.TEST),
        ("fire", True, "drill", "drill", Priority.DRILL),
        ("test", True, "drill", "drill", Priority.DRILL),
    ],
)
def test_what_a_press_sounds_and_how_high_it_ranks(kind, drill, without, with_book, priority) -> None:
    alert = structs.replace(OURS, kind=kind, drill=drill)
    for book, pattern in ((None, without), (BOOK, with_book)):
        made = parts(codebook=book)
        assert made.pattern_for(kind, drill=drill) == pattern
        cause = made.cause_of(alert, 77)
        assert (cause.id, cause.pattern, cause.priority, cause.began_ms) == (uid(1), pattern, priority, 77)
    assert priority_of(kind, drill) is priority


@pytest.mark.parametrize("book", [None, BOOK])
def test_what_the_set_names_sounds_unless_a_drill_would_sound_like_an_alarm(book: bytes | None) -> None:
    made = parts(codebook=book)
    for pattern, drill, sounds in (
        ("wake", True, "wake"),
        ("wake", False, "wake"),
        ("alarm", True, "drill"),
        ("no/such", True, "drill"),
        ("no/such", False, "no/such"),
        ("morning", True, "drill" if book is None else "morning"),
        ("drill", True, "drill"),
    ):
        assert made.pattern_of(an_alarm(uid(1), pattern=pattern, drill=drill)) == sounds


def test_an_id_bears_the_time_where_that_is_known_and_1970_else() -> None:
    made = parts()
    assert made.new_id(5) == uuid7(0, Entropy(b"seed").draw(10))
    made.clock.system(5, EVENING_MS, True)
    assert made.new_id(6).startswith(uuid7(EVENING_MS + 1, bytes(10))[:13])


def test_a_counter_that_changed_nothing_is_written_every_hour_and_one_that_did_at_once() -> None:
    made = parts()
    assert made.obeyed(5, 0, changed=False) == [Write(CounterObeyed(5))]
    assert made.obeyed(6, COUNTER_EVERY_MS - 1, changed=False) == []
    assert made.gate.counter == 6
    assert made.obeyed(7, COUNTER_EVERY_MS, changed=False) == [Write(CounterObeyed(7))]
    assert made.obeyed(8, COUNTER_EVERY_MS + 1, changed=True) == [Write(CounterObeyed(8))]
    assert made.obeyed(9, 2 * COUNTER_EVERY_MS, changed=False) == []
    assert made.memory.counter == 8
    assert made.obeyed(4, 3 * COUNTER_EVERY_MS, changed=True) == [Write(CounterObeyed(9))], "it never falls"


def test_what_the_set_states_no_more_is_remembered_once_and_our_own_press_is_quiet() -> None:
    made = parts(Memory({uid(1): OURS}))
    made.alerts.to_send(5_000)
    quiet = structs.replace(OURS, quiet=True)
    assert made.cleared(uid(1)) == [Write(HeardAlert(uid(1))), Write(quiet)]
    assert made.cleared(uid(1)) == []
    assert made.memory.alerts == {uid(1): quiet}
    assert made.alerts.deadline_ms == 6_000, "it is still to be sent as it was"
    assert made.cleared(uid(2)) == [Write(HeardAlert(uid(2)))]


def test_what_is_kept_is_written_known_and_sent_if_the_commune_must_hear_of_it() -> None:
    made = parts()
    assert made.keep(OURS, 500, send=True) == Write(OURS)
    assert (made.memory.alerts, made.alerts.deadline_ms) == ({uid(1): OURS}, 500)
    made = parts()
    received = structs.replace(OURS, state="received")
    made.keep(received, 500, send=False)
    assert made.alerts.deadline_ms is None


def test_beyond_what_the_journal_keeps_nothing_is_kept_here_either() -> None:
    made = parts()
    for number in range(MAX_ALERTS + 2):
        made.keep(structs.replace(OURS, id=uid(number)), 0, send=True)
    assert [alert.id for alert in made.alerts.all()] == list(made.memory.alerts)
    assert len(made.alerts.to_send(0)) == MAX_ALERTS


def test_contacts_that_have_pressed_are_written_down() -> None:
    made = parts(Memory(spent=("red",)))
    assert made.remember_spent() == Write(SpentContacts(("red",)))


def test_refusals_are_counted_by_their_reason() -> None:
    made = parts()
    for reason in ("stale", "stale", "json"):
        made.refuse(Refused(reason, "x"))
    assert made.refused == {"stale": 2, "json": 1}


def test_an_alert_is_said_on_the_node_s_topic_and_a_silent_one_on_its_own_and_without_a_link_neither() -> None:
    made = parts()
    made.alerts.put(OURS, 0, send=True)
    made.alerts.put(structs.replace(OURS, id=uid(2), silent=True), 0, send=True)
    assert made.say_due(1_500) == []
    made.linked = True
    loud, silent = made.say_due(1_500)
    assert (loud.topic, silent.topic) == (
        "keng/1/cong-lac/up/gong-1/alert",
        "keng/1/cong-lac/up/gong-1/silent",
    )
    said = decode_alert(loud.payload)
    assert (said.id, said.node, said.hamlet, said.age_ms, said.clock) == (uid(1), "gong-1", "h1", 500, "unsure")
    assert not loud.retain
    made.clock.system(1_500, EVENING_MS, True)
    made.alerts.linked(2_000)
    said = decode_alert(made.say_due(2_000)[0].payload)
    assert (said.clock, said.pressed_at and said.pressed_at.ms) == ("synced", EVENING_MS - 500)
    assert made.say_due(1_500) == []
