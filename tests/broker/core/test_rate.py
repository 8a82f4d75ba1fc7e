"""At most so many in a minute."""

import pytest

from broker.core.rate import MAX_SENDERS, Rate

pytestmark = pytest.mark.pure


def test_so_many_a_minute_and_each_for_themselves() -> None:
    rate = Rate(2)
    assert [rate.allows(n, "a") for n in range(4)] == [True, True, False, False]
    assert rate.allows(3, "b")
    assert not rate.allows(59_999, "a")
    assert rate.allows(60_000, "a")


def test_names_without_end_fill_nothing() -> None:
    rate = Rate(1)
    for number in range(MAX_SENDERS + 10):
        rate.allows(0, str(number))
    assert rate.allows(0, "0")
    assert not rate.allows(0, str(MAX_SENDERS + 9))
