"""Slugs, hamlets, trees and instants: valid whoever made them."""

import copy
import pickle
from datetime import UTC, datetime

import pytest
from fakes.messages import instants, slugs, trees
from hypothesis import given
from hypothesis import strategies as st

from wire.words import MAX_COUNTER, MAX_DEPTH, MAX_WALL_MS, Instant, check_hamlets, check_tree, is_slug, reaches

pytestmark = pytest.mark.pure


@given(slugs)
def test_a_slug_is_a_slug(name):
    assert is_slug(name)


@pytest.mark.parametrize(
    "name",
    [
        *("", "-", "a-", "-a", "all", "ALL", "A", "a" * 33, "a b", "a/b", "a+", "#", "$share", "a\n", "all\n", "\na"),
        *("đông", "a\u0301", "a\u200b", "ａ", "a\x00", "a_b", "a.b", "..", "١"),
    ],
)
def test_what_only_looks_like_a_slug_is_none(name):
    assert not is_slug(name)


@pytest.mark.parametrize("name", ["a", "0", "a" * 32, "cong-lac", "all-clear", "al", "alla", "a--b"])
def test_a_slug_may_be(name):
    assert is_slug(name)


@pytest.mark.parametrize("hamlets", [("all",), ("dong",), ("dong", "doai")])
def test_an_order_goes_to_all_or_to_hamlets(hamlets):
    check_hamlets(hamlets)


@pytest.mark.parametrize("hamlets", [("all", "dong"), ("dong", "all"), ("all", "all"), ("Dong",), ("",)])
def test_an_order_goes_nowhere_else(hamlets):
    with pytest.raises(ValueError, match="hamlets"):
        check_hamlets(hamlets)


def test_all_reaches_every_hamlet_and_a_list_those_in_it():
    assert reaches(("all",), "dong")
    assert reaches(("doai", "dong"), "dong")
    assert not reaches(("doai",), "dong")


@given(trees)
def test_a_tree_as_deep_as_json_by_hand_is_let_in(tree):
    check_tree(tree)


def test_a_tree_may_be_so_deep_and_no_deeper():
    tree: object = 1
    for _ in range(MAX_DEPTH - 1):
        tree = [tree]
    check_tree(tree)
    for deeper in ([tree], {"a": tree}, (tree,)):
        with pytest.raises(ValueError, match="deeper"):
            check_tree(deeper)


def test_a_tree_of_ten_thousand_levels_is_refused_without_recursion():
    tree: list[object] = []
    for _ in range(10_000):
        tree = [tree]
    with pytest.raises(ValueError, match="deeper"):
        check_tree(tree)


@pytest.mark.parametrize("number", [MAX_COUNTER + 1, -MAX_COUNTER - 1])
def test_a_tree_bears_no_number_that_others_would_round(number):
    check_tree({"a": [MAX_COUNTER, -MAX_COUNTER]})
    with pytest.raises(ValueError, match="number"):
        check_tree({"a": [number]})


@given(instants)
def test_an_instant_is_written_and_read(instant):
    assert Instant.parse(str(instant)) == instant


@given(instants)
def test_an_instant_is_written_as_rfc3339_with_milliseconds(instant):
    text = str(instant)
    assert len(text) == 24
    assert datetime.fromisoformat(text[:-1] + "+00:00").year == int(text[:4])


@given(st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC)))
def test_an_instant_agrees_with_pythons_calendar(moment):
    instant = Instant.parse(moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"))
    assert abs(instant.ms / 1000 - moment.timestamp()) < 0.01


@given(instants, instants)
def test_instants_are_ordered_as_time_is_and_as_their_text_is(one, other):
    assert (one < other) == (one.ms < other.ms) == (str(one) < str(other))
    assert (one == other) == (hash(one) == hash(other)) == (str(one) == str(other))


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00.0019Z", 1),
        ("1970-01-01T00:00:00.9Z", 900),
        ("1970-01-01T00:00:01.000+00:00", 1000),
        ("9999-12-31T23:59:59.999999999Z", MAX_WALL_MS),
        ("2024-02-29T00:00:00Z", 1_709_164_800_000),
    ],
)
def test_an_instant_is_read_however_exactly_it_is_written(text, ms):
    assert Instant.parse(text).ms == ms


@pytest.mark.parametrize(
    "text",
    [
        *("", "now", "1795273200000", "2026-11-21", "2026-11-21T15:00:00", "2026-11-21T15:00Z", "20261121T150000Z"),
        *("2026-11-21 15:00:00Z", "2026-11-21t15:00:00z", "2026-11-21T15:00:00+07:00", "2026-11-21T15:00:00-00:00"),
        *(
            "2026-11-21T15:00:00.Z",
            "2026-11-21T15:00:00.0000000001Z",
            "2026-11-21T15:00:00Z ",
            "2026-11-21T15:00:00Z\n",
        ),
        *("2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T23:59:60Z"),
        *("1969-12-31T23:59:59.999Z", "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "２026-11-21T15:00:00Z"),
    ],
)
def test_what_is_no_instant_is_not_read(text):
    with pytest.raises(ValueError):
        Instant.parse(text)


@given(st.text())
def test_any_text_is_an_instant_or_a_value_error(text):
    try:
        Instant.parse(text)
    except ValueError:
        return


@pytest.mark.parametrize("ms", [-1, MAX_WALL_MS + 1])
def test_there_is_no_instant_outside_the_calendar(ms):
    with pytest.raises(ValueError, match="no such moment"):
        Instant(ms)


@given(instants)
def test_an_instant_can_be_copied_and_pickled(instant):
    assert copy.deepcopy(instant) == pickle.loads(pickle.dumps(instant)) == instant


def test_an_instant_is_frozen():
    with pytest.raises(AttributeError):
        Instant(1).ms = 2
