"""The life of an incident is its table."""

from itertools import product
from typing import get_args

import pytest

from broker.core.incident import ENDED, LIFE, Action, acknowledged, answer, cancelled, closed, insisted, may, widened
from broker.core.records import Incident, IncidentState
from wire.messages import Answer

pytestmark = pytest.mark.pure


def row(state: IncidentState = "open", **changes: object) -> Incident:
    fields: dict[str, object] = {
        "id": "0193a1de-0000-7000-8000-000000000001",
        "kind": "fire",
        "hamlet": "thon-1",
        "node": "n1",
        "silent": False,
        "drill": False,
        "state": state,
        "opened_at_ms": 1,
        "pressed_at_ms": 1,
    }
    return Incident(**{**fields, **changes})


def test_nothing_leads_out_of_an_end() -> None:
    assert not [(state, action) for state, action in LIFE if state in ENDED]


def test_acknowledged_is_reached_by_a_person_alone() -> None:
    assert [key for key, state in LIFE.items() if state == "acknowledged" and key[0] != "acknowledged"] == [
        ("open", "acknowledge")
    ]


def test_everything_that_is_not_over_can_be_ended() -> None:
    for state in set(get_args(IncidentState)) - ENDED:
        assert LIFE[state, "close"] == "closed"
        assert LIFE[state, "mistake"] == "false_alarm"


@pytest.mark.parametrize(("state", "action"), list(product(get_args(IncidentState), get_args(Action))))
def test_what_is_not_in_the_table_does_not_happen(state: IncidentState, action: Action) -> None:
    acts = {
        "acknowledge": lambda: acknowledged(row(state), "duty", 5),
        "close": lambda: closed(row(state), "duty", 5, "cháy", None, mistake=False),
        "mistake": lambda: closed(row(state), "duty", 5, "báo nhầm", None, mistake=True),
        "cancel": lambda: cancelled(row(state), 5),
        "insist": lambda: insisted(row(state), 2),
        "widen": lambda: widened(row(state), ("thon-4",)),
    }
    if may(row(state), action):
        assert acts[action]().state == LIFE[state, action]
    else:
        with pytest.raises(KeyError):
            acts[action]()


def test_the_first_name_stays() -> None:
    taken = acknowledged(acknowledged(row(), "duty", 5), "second", 6)
    assert (taken.acknowledged_by, taken.acknowledged_at_ms) == ("duty", 5)


def test_a_count_never_falls() -> None:
    assert insisted(row(count=5), 3).count == 5


def test_an_answer_says_who_and_when() -> None:
    taken = acknowledged(row(), "duty", 5)
    ended = closed(taken, "second", 7, "cháy", None, mistake=False)
    told = [answer(one, one.id) for one in (row(), taken, ended, cancelled(row(), 9))]
    assert [(one.state, one.by, one.at and one.at.ms) for one in told] == [
        ("received", None, 1),
        ("acknowledged", "duty", 5),
        ("closed", "second", 7),
        ("false_alarm", "n1", 9),
    ]


def test_each_act_changes_what_it_says_and_nothing_else() -> None:
    assert acknowledged(row(), "duty", 5) == row("acknowledged", acknowledged_by="duty", acknowledged_at_ms=5)
    over = {"closed_by": "duty", "closed_at_ms": 7}
    assert closed(row(), "duty", 7, "cháy", "bếp", mistake=False) == row("closed", **over, outcome="cháy", note="bếp")
    assert closed(row(), "duty", 7, "báo nhầm", None, mistake=True) == row("false_alarm", **over, outcome="báo nhầm")
    assert cancelled(row(), 9) == row("false_alarm", cancelled=True, closed_by="n1", closed_at_ms=9)
    assert cancelled(row("acknowledged"), 9) == row("acknowledged", cancelled=True)
    assert insisted(row(count=2), 3) == row(count=3)


def test_an_answer_bears_the_id_it_was_asked_under_and_a_case_that_nobody_ended_says_no_moment() -> None:
    assert answer(row("false_alarm"), "other") == Answer(id="other", state="false_alarm", by=None, at=None)
