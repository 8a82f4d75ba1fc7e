"""Checking plain values: every fault is noted, none is raised before its time."""

import pytest
from fakes.plainscores import plain_values
from hypothesis import given

from patterns.errors import CodeBookError
from patterns.fields import MAX_SHOWN, Faults, plain
from patterns.yamlfile import parse_yaml

pytestmark = pytest.mark.pure


def faults_of(value: object) -> Faults:
    return Faults(plain(value))


def test_all_faults_come_together_in_the_order_of_the_file() -> None:
    faults = Faults(parse_yaml(b"b: x\na: 1\nzone: 3\n", "f.yaml"))
    parts = faults.top.record({"a", "b", "zones"}, {"c"})
    parts["a"].text()
    parts["b"].integer(1, 5)
    with pytest.raises(CodeBookError) as caught:
        faults.raise_all(CodeBookError)
    assert [(fault.line, fault.field) for fault in caught.value.faults] == [(1, "c"), (1, "b"), (2, "a"), (3, "zone")]
    assert "zones" in caught.value.en  # what was probably meant
    assert "f.yaml, dòng 1, b" in caught.value.vi
    assert "f.yaml, line 1, b" in caught.value.en


def test_without_a_fault_nothing_is_raised() -> None:
    faults_of({}).raise_all(CodeBookError)


def test_a_hundred_faults_are_cut_short_for_people_but_not_for_programs() -> None:
    faults = faults_of([None] * 100)
    for item in faults.top.items():
        item.integer(1, 2)
    with pytest.raises(CodeBookError) as caught:
        faults.raise_all(CodeBookError)
    assert len(caught.value.en.splitlines()) == MAX_SHOWN + 1
    assert len(caught.value.faults) == 100


@pytest.mark.parametrize("slug", ["a", "thon-1", "a" * 32, "0-0"])
def test_slugs(slug: str) -> None:
    assert faults_of(slug).top.slug() == slug


@pytest.mark.parametrize("slug", ["", "-a", "a-", "a" * 33, "A", "thôn", "a_b", "a b", "all", "a\n", 5, None, "-"])
def test_what_is_no_slug(slug: object) -> None:
    faults = faults_of(slug)
    assert faults.top.slug() is None
    assert len(faults.found) == 1


@pytest.mark.parametrize("value", [True, 0, 6, 1.0, "1", None, 10**400, float("nan")])
def test_what_is_no_integer_from_1_to_5(value: object) -> None:
    faults = faults_of(value)
    assert faults.top.integer(1, 5) is None
    assert faults.found


@pytest.mark.parametrize("value", [True, "1", float("nan"), float("inf"), 10**400, -1, None])
def test_what_is_no_number_from_0_to_5(value: object) -> None:
    faults = faults_of(value)
    assert faults.top.number(0, 5) is None
    assert faults.found


def test_null_counts_as_absent() -> None:
    faults = faults_of({"a": None})
    assert faults.top.record({"a"}) == {}
    assert not faults.found
    faults.top.record({"a"}, {"a"})
    assert faults.found


def test_unknown_fields_are_ignored_where_the_wire_says_so() -> None:
    faults = Faults(plain({"new": 1}), unknown_allowed=True)
    assert faults.top.record({"a"}) == {}
    assert not faults.found


@given(plain_values)
def test_no_value_makes_a_check_raise(value: object) -> None:
    faults = faults_of(value)
    top = faults.top
    for read in (top.text, top.slug, top.flag, top.items, top.members):
        read()
    top.integer(0, 1)
    top.number(0, 1)
    top.choice({"a"})
    top.record({"a"}, {"b"})
    if faults.found:
        with pytest.raises(CodeBookError):
            faults.raise_all(CodeBookError)


def test_an_integer_too_long_to_print_is_a_fault_like_any_other() -> None:
    faults = faults_of([10**5000])
    for item in faults.top.items():
        assert item.integer(1, 5) is None
        assert item.number(1, 5) is None
        assert item.text() is None
    assert len(faults.found) == 3
