"""A thread that does not come round in time is found, and one that rests as long as it said is not."""

import pytest

from wire.moving import STUCK_S, Moving

pytestmark = pytest.mark.pure


class Clock:
    now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


def test_before_its_first_turn_it_is_not_caught_however_long_that_takes() -> None:
    clock = Clock()
    moving = Moving(now_s=clock)
    clock.now_s += 10 * STUCK_S
    assert not moving.stuck()


@pytest.mark.parametrize("rest_s", [0.0, 500.0])
def test_it_is_caught_once_its_rest_and_its_time_are_over_and_no_more_when_it_comes_round(rest_s: float) -> None:
    clock = Clock()
    moving = Moving(7.0, clock)
    moving.on_time(rest_s)
    clock.now_s += rest_s + 7.0
    assert not moving.stuck()
    clock.now_s += 0.1
    assert moving.stuck()
    moving.on_time()
    assert not moving.stuck()
    clock.now_s += 7.1
    assert moving.stuck()
