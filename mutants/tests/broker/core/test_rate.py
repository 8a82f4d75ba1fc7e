"""At most so many in a minute."""

import pytest

from broker.core.rate import MAX_SENDERS, Bucket, Rate

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


def test_a_bucket_gives_so_many_at_once_then_one_now_and_then_for_each() -> None:
    bucket = Bucket(3, 1_000)
    assert [bucket.allows(n, "a") for n in range(4)] == [True, True, True, False]
    assert bucket.free_ms(3, "a") == 1_000
    assert bucket.allows(3, "b")
    assert not bucket.allows(999, "a")
    assert [bucket.allows(1_000, "a") for _ in range(2)] == [True, False]
    assert [bucket.allows(60_000, "a") for _ in range(4)] == [True, True, True, False]


def test_a_bucket_is_filled_by_no_names_without_end() -> None:
    bucket = Bucket(1, 1_000)
    for number in range(MAX_SENDERS + 10):
        bucket.allows(0, str(number))
    assert bucket.allows(0, "0")
    assert not bucket.allows(0, str(MAX_SENDERS + 9))


def test_of_one_name_too_many_the_oldest_alone_is_forgotten() -> None:
    for limit in (Rate(1), Bucket(1, 1_000)):
        names = [str(number) for number in range(MAX_SENDERS)]
        assert all(limit.allows(0, name) for name in names)
        assert not any(limit.allows(0, name) for name in names)
        assert limit.allows(0, "one more")
        assert not any(limit.allows(0, name) for name in (names[-1], names[1], "one more"))
        assert limit.allows(0, names[0])
