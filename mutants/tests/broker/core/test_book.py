"""The code book as the core asks about it."""

import pytest
from fakes.service import codebook

from broker.core.book import Book, fault_of
from patterns.builtin import builtins
from patterns.errors import CodeBookError

pytestmark = pytest.mark.pure


def test_without_one_the_built_in_words_hold() -> None:
    book = Book("cong-lac")
    assert (book.version, book.alarm_s, book.posts(), book.nodes_of(("all",))) == (0, 180, (), ())
    assert book.pattern_for("fire", drill=False) == "alarm"
    assert book.pattern_for("test", drill=False) == "test"
    assert book.pattern_for("test", drill=True) == "drill"
    assert book.heard_in("x") == ("x",)
    assert book.neighbours("x") == ()
    assert book.strange(("x",)) == ()
    assert book.score("alarm") is not None
    assert book.escalation.neighbours_after_s is None


def test_with_one_its_words_hold() -> None:
    book = Book("cong-lac")
    book.adopt(codebook())
    assert book.heard_in("thon-2") == ("thon-2", "thon-3")
    assert book.neighbours("thon-1") == ("thon-2", "thon-5")
    assert book.neighbours("thon-9") == ()
    assert book.nodes_of(("thon-3", "thon-9")) == ("thon-3",)
    assert len(book.nodes_of(("all",))) == 5
    assert book.strange(("thon-1", "thon-9")) == ("thon-9",)
    assert book.strange(("all",)) == ()


def test_anothers_or_a_wrong_one_changes_nothing() -> None:
    book = Book("cong-lac")
    book.adopt(codebook())
    for wrong in ({}, codebook(commune="ea-o"), codebook(zone="Mars")):
        with pytest.raises(CodeBookError) as caught:
            book.adopt(wrong)
        assert " / " in fault_of(caught.value)
    assert book.version == 1


def test_older_is_by_version() -> None:
    book = Book("cong-lac")
    book.adopt(codebook(version=5))
    assert book.is_older({"version": 4})
    assert not book.is_older({"version": 5})
    assert not book.is_older({"version": "4"})


def test_anothers_book_is_refused_with_both_communes_names_in_both_languages() -> None:
    with pytest.raises(CodeBookError) as caught:
        Book("cong-lac").check(codebook(commune="ea-o"))
    vi, en = fault_of(caught.value).split(" / ")
    assert "xã ea-o" in vi
    assert "cong-lac" in vi
    assert en == "this code book is ea-o's, not cong-lac's"


def test_the_first_fault_is_said_in_both_languages_with_its_field() -> None:
    with pytest.raises(CodeBookError) as caught:
        Book("cong-lac").check(codebook(zone="Mars", version=-1))
    vi, en = fault_of(caught.value).split(" / ")
    first = caught.value.faults[0]
    assert (vi, en) == (first.sentence_vi(), first.sentence_en())
    assert vi != en


def test_the_books_own_name_for_a_pattern_goes_before_the_built_in_one() -> None:
    book = Book("cong-lac")
    assert book.fields is None
    assert book.score("test") == builtins()["test"]
    book.adopt(codebook(patterns={"curfew": "ea-o/curfew"}))
    curfew = book.score("curfew")
    assert curfew is not None
    assert curfew.steps == builtins()["ea-o/curfew"].steps
    assert curfew.steps != builtins()["curfew"].steps


def test_what_the_book_says_of_lives_kinds_and_posts_holds() -> None:
    book = Book("cong-lac")
    posts = {f"thon-{n}": {"hamlet": f"thon-{n}", "post": n == 4} for n in range(1, 6)}
    book.adopt(codebook(alarm_s=120, nodes=posts, by_kind={"default": "alarm", "fire": "cong-lac/alarm"}))
    assert (book.version, book.alarm_s) == (1, 120)
    assert (book.escalation.neighbours_after_s, book.escalation.commune_after_s) == (30, 60)
    assert book.pattern_for("fire", drill=False) == "cong-lac/alarm"
    assert book.pattern_for("fire", drill=True) == "drill"
    assert [node.slug for node in book.posts()] == ["thon-4"]
    node = book.node("thon-2")
    assert node is not None
    assert (node.slug, node.hamlet) == ("thon-2", "thon-2")
    assert book.node("thon-9") is None
    assert Book("cong-lac").node("thon-2") is None
