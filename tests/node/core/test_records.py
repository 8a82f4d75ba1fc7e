"""What the journal adds up to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from node.core.records import (
    MAX_ALERTS,
    MAX_CHIMES,
    MAX_HEARD,
    MAX_WITNESSES,
    ChimeDone,
    CounterObeyed,
    HeardAlert,
    Memory,
    OwnAlert,
    Record,
    SpentContacts,
    Witnessed,
)
from node.journalline import line_of, read_lines
from wire.messages import Witness

pytestmark = pytest.mark.pure

ALERT = OwnAlert("a", "fire", False, False, 1, "unsure", 2, "b")


def alert(id_: str, state: str = "sending", **changes: object) -> OwnAlert:
    return structs.replace(ALERT, id=id_, state=state, **changes)


def folded(records: list[Record], memory: Memory | None = None) -> Memory:
    memory = memory or Memory()
    for record in records:
        memory = memory.after(record)
    return memory


def seen(seq: int) -> Witness:
    return Witness(seq=seq, hash=f"{seq:064x}")


ids = st.integers(0, 400).map(str)
records = st.one_of(
    st.builds(ChimeDone, ids),
    st.builds(ChimeDone, ids, st.integers(1, 600).map(seen)),
    st.builds(CounterObeyed, st.integers(0, 2**53 - 1)),
    st.builds(HeardAlert, ids, st.booleans()),
    st.builds(SpentContacts, st.lists(ids, max_size=3).map(tuple)),
    st.builds(
        alert,
        ids,
        st.sampled_from(["sending", "received", "acknowledged", "closed"]),
        drill=st.booleans(),
        kind=st.sampled_from(["fire", "test"]),
    ),
)


def test_the_newest_record_of_an_alert_counts() -> None:
    assert folded([alert("a"), alert("a", "received")]).alerts == {"a": alert("a", "received")}


def test_a_closed_alert_is_forgotten() -> None:
    assert folded([alert("a"), alert("b"), alert("a", "closed")]).alerts == {"b": alert("b")}


def test_the_counter_never_falls() -> None:
    assert folded([CounterObeyed(7), CounterObeyed(3)]).counter == 7


def test_what_is_over_is_also_heard() -> None:
    memory = folded([HeardAlert("x"), HeardAlert("y", over=True)])
    assert memory.heard == ("x", "y")
    assert memory.over == ("y",)


def test_a_chime_done_twice_is_kept_once_as_the_newest() -> None:
    assert folded([ChimeDone("a"), ChimeDone("b"), ChimeDone("a")]).chimes == ("b", "a")


def test_a_memory_has_its_limits() -> None:
    many = [str(n) for n in range(MAX_HEARD + 50)]
    memory = folded([record for n in many for record in (ChimeDone(n), HeardAlert(n, over=True), alert(n))])
    assert len(memory.alerts) <= MAX_ALERTS
    assert len(memory.chimes) <= MAX_CHIMES
    assert max(len(memory.heard), len(memory.over)) <= MAX_HEARD


def test_of_the_heads_that_were_witnessed_the_last_are_kept_in_their_order() -> None:
    many = [ChimeDone(str(n), seen(n)) for n in range(1, MAX_WITNESSES + 3)]
    assert folded(many).witnesses == tuple(seen(n) for n in range(3, MAX_WITNESSES + 3))
    assert len(folded(many).chimes) == MAX_CHIMES


def test_a_head_that_has_not_moved_is_witnessed_once_and_one_that_went_back_is_another() -> None:
    same = [ChimeDone("a", seen(4)), ChimeDone("b", seen(4)), ChimeDone("c")]
    some: list[Record] = [*same, ChimeDone("d", seen(3)), Witnessed(seen(4)), ChimeDone("e", seen(4))]
    assert folded(some).witnesses == (seen(4), seen(3), seen(4))


def test_a_chime_without_a_head_is_written_as_an_older_program_wrote_it() -> None:
    assert b"witness" not in line_of(ChimeDone("a"))
    (record,) = read_lines(line_of(ChimeDone("a", seen(4)))).records
    assert record == ChimeDone("a", seen(4))


def test_the_oldest_ids_are_forgotten_first() -> None:
    memory = folded([HeardAlert(str(n), over=True) for n in range(MAX_HEARD + 1)])
    assert memory.heard == memory.over == tuple(str(n) for n in range(1, MAX_HEARD + 1))
    chimes = folded([ChimeDone(str(n)) for n in range(MAX_CHIMES + 1)]).chimes
    assert chimes == tuple(str(n) for n in range(1, MAX_CHIMES + 1))


@given(st.lists(records, max_size=60), st.integers(0, 700))
def test_a_compacted_journal_gives_the_same_memory(some: list[Record], older: int) -> None:
    memory = folded(some, folded([HeardAlert(f"h{n}", over=n % 3 == 0) for n in range(older)]))
    again = folded(memory.records())
    assert again == memory
    assert list(again.alerts) == list(memory.alerts)


@given(st.lists(records, max_size=60), st.lists(records, max_size=60))
def test_a_compacted_journal_goes_on_as_the_long_one_would(before: list[Record], after: list[Record]) -> None:
    assert folded(after, folded(folded(before).records())) == folded(before + after)


def test_an_alert_that_the_commune_has_is_forgotten_before_one_that_it_has_not() -> None:
    """64 presses of the test button pushed an unsent cry for help out of the journal."""
    full = [alert("unsent"), *(alert(f"r{n}", "received") for n in range(MAX_ALERTS))]
    assert "unsent" in folded(full).alerts
    assert "r0" not in folded(full).alerts


@pytest.mark.parametrize("toy", [{"kind": "test"}, {"drill": True}])
def test_a_test_or_an_exercise_is_forgotten_before_a_real_alert(toy: dict[str, object]) -> None:
    full = [alert("real", "received"), *(alert(f"t{n}", **toy) for n in range(MAX_ALERTS))]
    assert "real" in folded(full).alerts
    assert "t0" not in folded(full).alerts


def test_among_equals_the_oldest_alert_is_forgotten() -> None:
    memory = folded([alert(str(n)) for n in range(MAX_ALERTS + 1)])
    assert list(memory.alerts) == [str(n) for n in range(1, MAX_ALERTS + 1)]


def test_a_memory_without_a_spent_contact_writes_none_and_the_order_of_its_records_is_fixed() -> None:
    memory = folded([alert("a"), HeardAlert("h"), HeardAlert("o", over=True), ChimeDone("c"), CounterObeyed(7)])
    assert memory.records() == [
        CounterObeyed(7), ChimeDone("c"), HeardAlert("o", over=True), HeardAlert("h"), HeardAlert("o"), alert("a"),
    ]  # fmt: skip
    spent = memory.after(SpentContacts(("red", "fire")))
    assert spent.spent == ("red", "fire")
    assert spent.records()[-1] == SpentContacts(("red", "fire"))
    assert spent.after(SpentContacts(())).spent == ()


def test_exactly_as_many_alerts_as_may_be_are_kept_and_one_exercise_goes_before_two_real_ones() -> None:
    full = folded([alert(str(n)) for n in range(MAX_ALERTS)])
    assert len(full.alerts) == MAX_ALERTS
    mixed = [alert("drill", drill=True), *(alert(str(n), "received") for n in range(MAX_ALERTS))]
    assert "drill" not in folded(mixed).alerts
    toys = [alert("sent toy", "received", kind="test"), *(alert(str(n), kind="test") for n in range(MAX_ALERTS))]
    assert "sent toy" not in folded(toys).alerts


def test_each_record_changes_its_own_part_of_the_memory_alone() -> None:
    memory = folded([alert("a"), ChimeDone("c"), CounterObeyed(7), HeardAlert("o", over=True), SpentContacts(("red",))])
    assert memory == Memory({"a": alert("a")}, ("c",), (), 7, ("o",), ("o",), ("red",))
    assert memory.after(HeardAlert("h")) == structs.replace(memory, heard=("o", "h"))
    assert memory.after(ChimeDone("d")) == structs.replace(memory, chimes=("c", "d"))
    assert memory.after(CounterObeyed(8)) == structs.replace(memory, counter=8)
