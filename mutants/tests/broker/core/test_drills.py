"""A night with drills in it and the same night without: the real alarms are the same at every moment."""

from typing import Any

import pytest
from fakes.service import Service, alert_id
from hypothesis import given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.pure

REAL = st.tuples(st.just("real"), st.integers(1, 5), st.sampled_from(["press", "insist", "cancel", "clear", "take"]))
DRILL = st.tuples(
    st.just("drill"), st.integers(1, 5), st.sampled_from(["press", "insist", "cancel", "clear", "alarm", "forge"])
)
TIME = st.tuples(st.just("time"), st.integers(0, 70), st.sampled_from(["wait", "restart"]))


def real_ones(service: Service) -> tuple[Any, ...]:
    stated = [one for one in service.sounding() if not one["drill"]]
    rows = {id_: row for id_, row in service.core.incidents.items() if not row.drill}
    return stated, rows, [row for row in service.core.alarms if not row.drill]


def real_act(service: Service, number: int, what: str) -> None:
    node = f"thon-{number}"
    match what:
        case "press" | "insist":
            service.press(node, number, count=1 if what == "press" else 3)
        case "cancel":
            service.cancel(node, number)
        case "clear":
            service.ask("clear", id=f"c{service.now_ms}-{number}", target=alert_id(number))
        case _:
            service.ask("acknowledge", id=f"k{service.now_ms}-{number}", target=alert_id(number))


def drill_act(service: Service, number: int, what: str) -> None:
    node, drill_number = f"thon-{number}", 100 + number
    match what:
        case "press" | "insist":
            service.press(node, drill_number, drill=True, count=1 if what == "press" else 3)
        case "cancel":
            service.cancel(node, drill_number, drill=True)
        case "clear":
            service.ask("clear", "second", target=alert_id(drill_number))
        case "alarm":
            service.ask("alarm", "second", kind="fire", hamlets=["all"], drill=True)
        case _:  # a drill in the name of a real alarm
            if alert_id(number) in service.core.incidents:
                service.press(node, number, drill=True, count=9)
                service.cancel(node, number, drill=True)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(REAL, DRILL, TIME), max_size=25))
def test_a_drill_never_starts_delays_or_stops_a_real_alarm(acts: list[tuple[str, int, str]]) -> None:
    mixed, real = Service(), Service()
    for who, number, what in acts:
        match who, what:
            case "real", _:
                real_act(mixed, number, what)
                real_act(real, number, what)
            case "drill", _:
                drill_act(mixed, number, what)
            case _, "restart":
                mixed.start()
                real.start()
            case _:
                mixed.wait(number * 1_000)
                real.wait(number * 1_000)
        mixed.wait(250)
        real.wait(250)
        stated, rows, alarms = real_ones(mixed)
        stated_alone, rows_alone, alarms_alone = real_ones(real)
        assert rows == rows_alone
        assert alarms == alarms_alone
        assert [(one["id"], one["hamlets"], one["pattern"]) for one in stated] == [
            (one["id"], one["hamlets"], one["pattern"]) for one in stated_alone
        ]
