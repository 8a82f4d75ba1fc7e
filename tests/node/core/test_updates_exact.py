"""The permission to update to the millisecond, and what the core takes for news: node/core/updating.py by itself."""

import pytest

from node.core.items import UpdateTold
from node.core.updating import RETRY_MS, Updates
from wire.messages import Update, Updating
from wire.release import Release
from wire.words import Instant

pytestmark = pytest.mark.pure

RELEASE = Release(version="0.2.0", manifest="0" * 64, port=8445)
FAILED = Updating(offer="o1", version="0.2.0", state="failed", why="net")


def order(name: str = "o1", release: Release | None = RELEASE) -> Update:
    return Update(offer=name, release=release, lease_s=60, issued_at=Instant(0), counter=1)


def permitted(updates: Updates, now_ms: int, against: str = "") -> list[str | None]:
    return [permit.offer for permit in updates.run(now_ms, lambda: against)]


def offered(age_ms: int = 0) -> Updates:
    updates = Updates("0.1.0")
    updates.take(0, order(), age_ms)
    assert permitted(updates, 0) == ["o1"]
    return updates


def test_an_offer_ends_in_the_millisecond_of_its_lease_counted_from_when_it_was_said() -> None:
    updates = offered(age_ms=20_000)
    assert permitted(updates, 39_999) == []
    assert permitted(updates, 40_000) == [None]


def test_an_offer_is_news_when_it_comes_when_another_does_and_when_it_goes() -> None:
    updates = Updates("0.1.0")
    said = [order(), order(), order("o2"), order("o2", None), order("o2", None), order("o2")]
    assert [updates.take(0, one, 0) for one in said] == [True, False, True, True, False, True]


def test_a_failure_that_is_told_again_does_not_begin_its_rest_anew() -> None:
    updates = offered()
    updates.told(0, UpdateTold(FAILED))
    assert permitted(updates, 1) == [None]
    updates.told(RETRY_MS - 1, UpdateTold(FAILED))
    updates.take(RETRY_MS - 1, order(), 0)
    assert permitted(updates, RETRY_MS - 1) == []
    assert permitted(updates, RETRY_MS) == ["o1"]


def test_a_failure_stays_told_while_something_is_against_another_try() -> None:
    updates = offered()
    updates.told(0, UpdateTold(FAILED))
    permitted(updates, 1, "alarm")
    assert updates.status() == FAILED


def test_before_anything_is_offered_there_is_nothing_to_tell() -> None:
    assert Updates("0.1.0").status() is None
