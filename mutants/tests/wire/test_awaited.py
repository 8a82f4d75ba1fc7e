"""A refusal finds its publication, whichever of the two is first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.awaited import Awaited

pytestmark = pytest.mark.pure


def test_the_answer_comes_after_the_sending():
    awaited = Awaited()
    assert awaited.sent(1, "a") == ""
    assert awaited.answered(1, "no") == "a"


def test_the_answer_comes_before_the_sending_is_known():
    awaited = Awaited()
    assert awaited.answered(1, "no") is None
    assert awaited.sent(1, "a") == "no"


@given(st.lists(st.booleans(), max_size=50))
def test_each_refusal_is_told_once_and_nothing_is_left(early):
    awaited, told = Awaited(), []
    for number, first in enumerate(early):
        steps = [lambda n=number: awaited.answered(n, "no"), lambda n=number: awaited.sent(n, f"{n}") and f"{n}"]
        told += [topic for step in (steps if first else reversed(steps)) if (topic := step())]
    assert told == [f"{number}" for number in range(len(early))]
    assert not any(vars(awaited)[name] for name in ("_topics", "_early"))


def test_a_packet_id_is_used_again():
    awaited = Awaited()
    for topic in ("a", "b"):
        awaited.sent(1, topic)
        assert awaited.answered(1, "") == topic
