"""The code book as the core asks about it."""

import pytest
from fakes.service import codebook

from broker.core.book import Book, fault_of
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
