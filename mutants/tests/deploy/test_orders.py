"""What a person may type on the demo's screen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.core.outcome import OUTCOMES
from deploy.demo.orders import Cancel, Misread, Officer, Power, Press, Sound, read_order

pytestmark = pytest.mark.pure

HAMLETS = [f"thon-{number}" for number in range(1, 6)]


def order(text):
    return read_order(text, HAMLETS, "mosquitto", "keng-run")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2", Press(1)),
        ("bấm 2", Press(1)),
        ("thon-4 cháy", Press(3, "fire")),
        ("2 chay 1,5 ngầm", Press(1, "fire", 1.5, silent=True)),
        ("2 silent drill 0.3s fire", Press(1, "fire", 0.3, silent=True, drill=True)),
        ("3 an ninh diễn tập", Press(2, "security", drill=True)),
        ("5 cấp cứu 0", Press(4, "medical", 0.0)),
        ("rút 2", Cancel(1)),
        ("cancel thon-5", Cancel(4)),
        ("kẻng", Sound("security", (), drill=False)),
        ("kẻng thiên tai diễn tập", Sound("disaster", (), drill=True)),
        ("alarm 1 3 fire", Sound("fire", (0, 2), drill=False)),
        ("tắt", Officer("clear")),
        ("NHẬN", Officer("acknowledge")),
        ("đóng", Officer("close", "báo nhầm")),
        ("đóng trom cap tai san", Officer("close", "trộm cắp tài sản")),
        ("giờ", Officer("chime", "curfew")),
        ("giết mosquitto", Power("mosquitto", alive=False)),
        ("chạy xã", Power("keng-run", alive=True)),
        ("kill 3", Power("thon-3", alive=False)),
    ],
)
def test_what_is_typed_is_understood_with_and_without_diacritics(text, meant):
    assert order(text) == meant


@pytest.mark.parametrize("text", ["", "   ", "6", "0", "2 61", "rút", "đóng xong rồi", "giết", "giết ai", "hello"])
def test_what_is_not_understood_is_told_with_examples(text):
    said = order(text)
    assert isinstance(said, Misread)
    assert "rút 2" in said.vi and "cancel 2" in said.en


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_of_the_report_can_be_typed(outcome):
    assert order(f"đóng {outcome}") == Officer("close", outcome)


@given(st.text(max_size=60))
def test_nothing_that_is_typed_raises(text):
    order(text)


WORDS = ["2", "rút", "kẻng", "đóng", "giết", "nan", "inf", "-1", "1e9", "cháy", "ngầm", "drill", "mosquitto"]


@given(st.lists(st.sampled_from(WORDS), max_size=6))
def test_no_hold_is_beyond_what_a_button_can_be_held(words):
    said = order(" ".join(words))
    assert not isinstance(said, Press) or 0 <= said.hold_s <= 60
