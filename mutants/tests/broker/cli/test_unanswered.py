"""The same words soon after are the same ask."""

import os

import pytest

from broker.cli.unanswered import AGAIN_S, Unanswered

pytestmark = pytest.mark.pure


def test_an_id_is_kept_for_the_same_words_alone_until_somebody_answers(tmp_path):
    asks = Unanswered(tmp_path / "new")
    asks.keep(b"clear all", "a1")
    asks.keep(b"clear all", "a2")
    assert Unanswered(tmp_path / "new").id_of(b"clear all") == "a1"
    assert asks.id_of(b"clear one") is None
    asks.drop(b"clear all")
    assert asks.id_of(b"clear all") is None


def test_a_while_later_it_is_a_new_wish_and_nothing_of_it_stays(tmp_path):
    asks = Unanswered(tmp_path)
    asks.keep(b"clear all", "a1")
    (path,) = tmp_path.iterdir()
    old_s = path.stat().st_mtime - AGAIN_S
    os.utime(path, (old_s, old_s))
    assert asks.id_of(b"clear all") is None
    asks.keep(b"clear all", "a2")
    assert asks.id_of(b"clear all") == "a2"
    os.utime(path, (old_s, old_s))
    asks.drop(b"another")
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_kept_nothing_is(tmp_path):
    (tmp_path / "file").write_text("")
    asks = Unanswered(tmp_path / "file" / "below")
    asks.keep(b"clear all", "a1")
    asks.drop(b"clear all")
    assert asks.id_of(b"clear all") is None
