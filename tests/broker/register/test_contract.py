"""What every register keeps: the real one on disk and the fake in memory, by the same tests."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from fakes.entries import (
    DAY_MS,
    NOON_MS,
    acknowledged,
    ask,
    chime,
    closed,
    counter,
    joined,
    mute,
    node,
    opened,
    sounded,
    sounding,
    trouble,
    uuid,
)
from fakes.register import Shelf

from broker.core.records import MAX_ASKS, MAX_CALLED, MAX_CHIMES, MAX_CLOSED, MAX_JOINED, ChimeRow, Entry, Snapshot
from broker.core.spoken import Spoken
from broker.core.voices import MAX_SPOKEN, SUBJECT
from broker.ports import MAX_PAGE, Register
from broker.register.store import SqliteRegister


@pytest.fixture(params=["sqlite", "memory"])
def open_register(request: pytest.FixtureRequest, home: Path) -> Iterator[Callable[[], Register]]:
    """Opens the same register again and again, each time closing it first."""
    current: list[Register] = []
    shelf = Shelf()

    def opened_again() -> Register:
        for register in current:
            register.close()
        current[:] = [shelf if request.param == "memory" else SqliteRegister(home)]
        return current[0]

    yield opened_again
    for register in current:
        register.close()


@pytest.fixture
def register(open_register: Callable[[], Register]) -> Register:
    return open_register()


def ids(snapshot: Snapshot) -> list[str]:
    return [row.id for row in snapshot.incidents]


def test_a_new_register_starts_from_nothing(register: Register) -> None:
    assert register.restore() == Snapshot()


def test_the_sequence_rises_by_one_for_each_entry(register: Register) -> None:
    first = register.append([opened(1)])
    assert register.append([sounding(1), ask(1)]) == first + 2


def test_the_head_binds_every_line_and_is_the_same_after_a_restart(
    register: Register, open_register: Callable[[], Register]
) -> None:
    assert (register.head, register.restore().head, register.hash_at(1)) == (None, None, None)
    register.append([opened(1), sounding(1)])
    first = register.head
    assert first is not None
    assert (first.seq, register.hash_at(2), register.hash_at(3), register.hash_at(0)) == (2, first.hash, None, None)
    again = open_register()
    assert (again.head, again.restore().head) == (first, first)
    again.append([ask(1)])
    assert again.head is not None
    assert (again.head.seq, again.hash_at(2)) == (3, first.hash)


def test_the_hash_of_a_line_is_reckoned_as_it_is_written_for_anybody(register: Register) -> None:
    before = hashlib.sha256(b"keng register chain 1").digest()
    body, rows = b'{"age_ms":40}', msgspec.json.encode({"incident": opened(1).incident})
    fields = [b"1", b"alert", uuid(1).encode(), b"n1", str(NOON_MS).encode(), body, rows]
    line = b"".join(b"%d:%b" % (len(field), field) for field in fields)
    register.append([opened(1)])
    assert register.hash_at(1) == hashlib.sha256(before + line).hexdigest()


def test_an_empty_append_is_a_mistake_of_the_caller(register: Register) -> None:
    with pytest.raises(ValueError, match="nothing"):
        register.append([])


def test_everything_comes_back_as_it_was_written(register: Register, open_register: Callable[[], Register]) -> None:
    entries = [opened(1), sounding(1), trouble("n2"), node("n1"), ask(1), counter(77)]
    book = Entry(
        what="codebook", subject="3", by="duty", at_ms=NOON_MS, body={"version": 3, "zone": "Asia/Ho_Chi_Minh"}
    )
    register.append([*entries, book, chime(21, NOON_MS)])
    snapshot = open_register().restore()
    assert snapshot.incidents == (entries[0].incident,)
    assert snapshot.alarms == (entries[1].alarm,)
    assert snapshot.troubles == (entries[2].trouble,)
    assert snapshot.nodes == (entries[3].node,)
    assert snapshot.asks == (entries[4].ask,)
    assert snapshot.counter == 77
    assert snapshot.codebook == book.body
    assert snapshot.chimes == ("curfew/2026-11-21",)
    assert snapshot.last_at_ms == NOON_MS


@pytest.mark.parametrize("text", ["null", "1", "", "Cháy ở chợ, 火事 🔥", "a\x00b", '"}]', "'; DROP TABLE x; --"])
def test_text_stays_text(register: Register, text: str) -> None:
    entry = opened(1, text=text, by=text)
    register.append([entry])
    assert register.restore().incidents == (entry.incident,)


def test_an_incident_is_one_row_however_often_it_changes(register: Register) -> None:
    register.append([opened(1), opened(2)])
    register.append([acknowledged(1)])
    last = acknowledged(1, NOON_MS + 5)
    register.append([last])
    assert register.restore().incidents == (last.incident, opened(2).incident)


def test_of_the_incidents_that_are_over_the_last_are_restored(register: Register) -> None:
    many = MAX_CLOSED + 2
    register.append([opened(n) for n in range(many + 1)])
    register.append([closed(n) for n in reversed(range(1, many + 1))])
    kept = ids(register.restore())
    assert kept == [uuid(0), *(uuid(n) for n in range(3, many + 1))]


def test_an_ended_alarm_and_a_mended_trouble_are_not_restored(register: Register) -> None:
    register.append([sounding(1), trouble("n1"), trouble("n2")])
    register.append([sounding(1, active=False), trouble("n1", over_at_ms=NOON_MS + 9)])
    snapshot = register.restore()
    assert snapshot.alarms == ()
    assert [row.about for row in snapshot.troubles] == ["n2"]


def test_a_trouble_can_come_back(register: Register) -> None:
    register.append([trouble("n1"), trouble("n1", over_at_ms=NOON_MS + 9), trouble("n1", NOON_MS + 20, why="Lại im")])
    assert [(row.since_ms, row.why) for row in register.restore().troubles] == [(NOON_MS + 20, "Lại im")]


def test_the_last_word_about_each_mute_is_restored(register: Register) -> None:
    last = mute("n1", "speaker", why="Loa hỏng")
    register.append([mute("n1"), mute("n2"), mute("n1", "speaker"), mute("n2", over_at_ms=NOON_MS + 1), last])
    register.append([mute("n3", over_at_ms=NOON_MS + 1), mute("n3")])
    assert register.restore().mutes == (mute("n1").mute, last.mute, mute("n3").mute)


def test_a_trouble_told_twice_is_one(register: Register) -> None:
    register.append([trouble("n1"), trouble("n1", why="Vẫn im")])
    assert [row.why for row in register.restore().troubles] == ["Vẫn im"]


def test_the_counter_never_falls(register: Register) -> None:
    register.append([counter(100), counter(40)])
    assert register.restore().counter == 100


def test_the_last_code_book_is_in_use(register: Register) -> None:
    for version in (2, 3):
        book = Entry(what="codebook", subject=str(version), by=None, at_ms=NOON_MS, body={"version": version})
        register.append([book])
    assert register.restore().codebook == {"version": 3}


def test_the_last_chimes_are_restored_each_once(register: Register) -> None:
    register.append([chime(n, NOON_MS) for n in range(MAX_CHIMES + 2)])
    register.append([chime(3, NOON_MS + 5)])
    assert register.restore().chimes == tuple(chime(n, 0).subject for n in range(2, MAX_CHIMES + 2))


def test_a_chime_comes_back_with_who_sounded_it_and_how_it_was_summed_up(
    register: Register, open_register: Callable[[], Register]
) -> None:
    body = {"pattern": "curfew", "hamlets": ["all"], "due_at_ms": NOON_MS}
    ids = ["curfew/2026-11-21", "curfew/2026-11-22"]
    register.append(
        [sounded(ids[0], "n0"), *(Entry(what="chime", subject=i, by=None, at_ms=1, body=body) for i in ids)]
    )
    register.append([sounded(ids[0], "n1"), sounded(ids[0], "n1"), sounded(ids[0], "n2", "failed")])
    register.append([sounded("curfew/2026-11-20", "n1"), sounded(ids[1], "n3")])
    awaited = ChimeRow(id=ids[0], hamlets=("all",), due_at_ms=NOON_MS, nodes=("n0", "n1"))
    other = ChimeRow(id=ids[1], hamlets=("all",), due_at_ms=NOON_MS, nodes=("n3",))
    assert open_register().restore().called == (awaited, other)
    told = {"due_at_ms": NOON_MS, "sounded": ["thon-1"], "missed": ["thon-2"], "deaf": False}
    open_register().append([Entry(what="proved", subject=ids[0], by=None, at_ms=2, body=told)])
    over = ChimeRow(
        id=ids[0], hamlets=("all",), due_at_ms=NOON_MS, nodes=("n0", "n1"), sounded=("thon-1",), missed=("thon-2",),
        summed=True,
    )  # fmt: skip
    assert open_register().restore().called == (over, other)


def test_of_the_chimes_the_last_come_back_with_their_rows(register: Register) -> None:
    body = {"pattern": "curfew", "hamlets": ["all"], "due_at_ms": NOON_MS}
    many = [Entry(what="chime", subject=f"curfew/{n:010d}", by=None, at_ms=1, body=body) for n in range(MAX_CALLED + 3)]
    register.append(many)
    assert [row.id for row in register.restore().called] == [entry.subject for entry in many[3:]]


def test_first_soundings_come_back_the_latest_last(register: Register) -> None:
    def spoke(node: str, at_ms: int) -> Entry:
        return Entry(what="spoke", subject=SUBJECT, by=node, at_ms=at_ms, body={"hamlet": f"h-{node}"})

    many = [spoke(f"n{n}", n) for n in range(MAX_SPOKEN + 2)]
    register.append([*many, Entry(what="sounded", subject="first/x", by="n0", at_ms=9, body={})])
    found = register.restore().spoken
    assert len(found) == MAX_SPOKEN
    assert (found[0].node, found[-1]) == ("n2", Spoken(node="n201", hamlet="h-n201", at_ms=201))


def test_the_last_alerts_that_joined_are_restored(register: Register) -> None:
    register.append([joined(n, 1) for n in range(MAX_JOINED + 2)])
    register.append([joined(5, 2)])
    pairs = register.restore().joined
    assert [alert for alert, _ in pairs] == [uuid(n) for n in range(2, MAX_JOINED + 2)]
    assert pairs[3] == (uuid(5), uuid(2))


def test_the_last_asks_are_restored_in_order(register: Register) -> None:
    register.append([ask(n) for n in range(MAX_ASKS + 3)])
    asks = register.restore().asks
    assert [row.id for row in asks] == [f"a{n}" for n in range(3, MAX_ASKS + 3)]


def test_two_users_may_use_the_same_ask_id(register: Register) -> None:
    register.append([ask(1), ask(1, user="watch")])
    assert [(row.user, row.id) for row in register.restore().asks] == [("duty", "a1"), ("watch", "a1")]


def test_time_going_backwards_loses_nothing(register: Register) -> None:
    year_ms = 365 * DAY_MS
    register.append([opened(1, NOON_MS + 3 * year_ms), opened(2, NOON_MS - 3 * year_ms)])
    assert ids(register.restore()) == [uuid(1), uuid(2)]
    assert register.restore().last_at_ms == NOON_MS - 3 * year_ms


def test_pages_go_back_to_the_first_incident(register: Register) -> None:
    register.append([opened(n) for n in range(7)])
    seen, before = [], None
    for _ in range(3):
        page = register.page(before, limit=3)
        seen.append([row.id for row in page.incidents])
        before = page.next
    assert seen == [[uuid(6), uuid(5), uuid(4)], [uuid(3), uuid(2), uuid(1)], [uuid(0)]]
    assert before is None


def test_a_page_that_ends_with_the_last_one_says_so(register: Register) -> None:
    register.append([opened(n) for n in range(3)])
    assert register.page(limit=3).next is None


def test_pages_of_open_incidents_leave_the_closed_out(register: Register) -> None:
    register.append([opened(1), opened(2), opened(3), opened(4)])
    register.append([closed(2), acknowledged(3)])
    page = register.page(open_only=True, limit=2)
    assert [row.id for row in page.incidents] == [uuid(4), uuid(3)]
    assert [row.id for row in register.page(page.next, open_only=True).incidents] == [uuid(1)]


def test_a_page_is_bounded(register: Register) -> None:
    register.append([opened(n) for n in range(MAX_PAGE + 1)])
    assert len(register.page(limit=10**9).incidents) == MAX_PAGE
    assert len(register.page(limit=-5).incidents) == 1


def test_probing_a_sound_register_says_nothing(register: Register) -> None:
    register.append([opened(1)])
    register.probe()


def test_closing_twice_is_closing_once(register: Register) -> None:
    register.close()
    register.close()
