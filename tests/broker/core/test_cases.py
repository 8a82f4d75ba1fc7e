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
