"""What is remembered of incidents, and how much."""

import pytest
from fakes.entries import incident, uuid

from broker.core.cases import MAX_PER_NODE, Cases
from broker.core.records import MAX_CLOSED, MAX_JOINED

pytestmark = pytest.mark.pure


def test_the_oldest_ended_are_forgotten_and_no_open_one_ever() -> None:
    cases = Cases([], [])
    cases.put(incident(0))
    cases.join("x", uuid(1))
    for number in range(1, MAX_CLOSED + 3):
        cases.put(incident(number, state="closed", node=f"n{number % 7}"))
    assert len(cases.all) == MAX_CLOSED + 1
    assert cases.find(uuid(0)) is not None
    assert cases.find(uuid(1)) is None
    assert cases.find("x") is None
    assert cases.find(uuid(3)) is not None


def test_a_joined_alert_leads_to_its_incident() -> None:
    cases = Cases([incident(1)], [("x", uuid(1))])
    assert cases.find("x") == incident(1)
    assert cases.alerts_of(uuid(1)) == (uuid(1), "x")
    cases.join("x", uuid(1))
    assert cases.alerts_of(uuid(1)) == (uuid(1), "x")


def test_joined_alerts_are_bounded() -> None:
    cases = Cases([incident(1)], [(f"x{number}", uuid(1)) for number in range(MAX_JOINED + 5)])
    assert len(cases.alerts_of(uuid(1))) == MAX_JOINED + 1
    assert cases.find("x4") is None


def test_a_nodes_last_are_found_latest_first() -> None:
    cases = Cases([incident(number) for number in range(MAX_PER_NODE + 5)], [])
    mine = [row.id for row in cases.of_node("n1")]
    assert len(mine) == MAX_PER_NODE
    assert mine[0] == uuid(MAX_PER_NODE + 4)
    assert list(cases.of_node("n2")) == []


def test_ending_takes_it_out_of_those_that_go_on() -> None:
    cases = Cases([incident(1), incident(2)], [])
    cases.put(incident(1, state="closed"))
    assert list(cases.going) == [uuid(2)]
    assert [row.id for row in cases.latest(over=True)] == [uuid(2), uuid(1)]
    assert [row.id for row in cases.latest(over=False)] == [uuid(2)]


def test_what_is_forgotten_is_forgotten_whole_and_an_officers_own_too() -> None:
    cases = Cases([incident(1, node=None, state="closed"), incident(2, state="closed")], [("x", uuid(2))])
    cases.put(incident(3, state="closed"))
    for number in range(10, 10 + MAX_CLOSED - 2):
        cases.put(incident(number, state="closed", node="other"))
    assert uuid(1) not in cases.all
    assert [row.id for row in cases.of_node("n1")] == [uuid(3), uuid(2)]
    cases.put(incident(9, state="closed", node="other"))
    assert [row.id for row in cases.of_node("n1")] == [uuid(3)]
    assert cases.alerts_of(uuid(2)) == (uuid(2),)
    cases.put(incident(2))
    assert cases.find("x") is None, "what joined it went with it"
    assert [row.id for row in cases.latest(over=False)] == [uuid(2)]


def test_those_that_ended_last_come_first_and_only_so_many() -> None:
    cases = Cases([incident(number, state="closed") for number in range(5)], [])
    assert [row.id for row in cases.lately_over(2)] == [uuid(4), uuid(3)]
    cases.put(incident(7))
    assert [row.id for row in cases.lately_over(9)] == [uuid(number) for number in (4, 3, 2, 1, 0)]


def test_what_becomes_of_an_incident_moves_it_in_no_list_of_its_node() -> None:
    cases = Cases([incident(number) for number in range(MAX_PER_NODE)], [])
    cases.put(incident(0, state="acknowledged"))
    mine = list(cases.of_node("n1"))
    assert len(mine) == MAX_PER_NODE
    assert (mine[-1].id, mine[-1].state) == (uuid(0), "acknowledged")
    assert cases.going[uuid(0)].state == "acknowledged"


def test_an_alert_that_is_forgotten_to_have_joined_may_join_anew() -> None:
    cases = Cases([incident(1), incident(2)], [("x", uuid(1))])
    for number in range(MAX_JOINED):
        cases.join(f"y{number}", uuid(2))
    assert cases.find("x") is None
    assert cases.find("y0") == incident(2)
    assert cases.alerts_of(uuid(1)) == (uuid(1),)
    cases.join("x", uuid(2))
    assert cases.find("x") == incident(2)
