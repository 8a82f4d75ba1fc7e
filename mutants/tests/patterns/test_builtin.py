"""The built-in patterns: those of the field's code books, and the general ones."""

from itertools import pairwise

import pytest

from patterns.builtin import ALARM, ALL_CLEAR, DRILL, TEST, builtins
from patterns.likeness import alarm_likeness, is_evacuate, rapid_likeness, three_beat

pytestmark = pytest.mark.pure

GENERAL = {"alarm", "curfew", "wake", "study", "all-clear", "drill", "test"}
COMMUNES = {
    *("cong-lac/alarm", "cong-lac/curfew", "ea-o/wake", "ea-o/study", "ea-o/curfew", "ea-o/alarm"),
    *("ta-gia-khau/curfew", "ta-gia-khau/alarm", "kien-thiet/curfew", "lam-ha/curfew", "lam-ha/alarm"),
    *("thai-hoa/curfew", "thai-hoa/alarm", "thuong-quan/curfew"),
}
ALL = sorted(GENERAL | COMMUNES)


def test_every_signal_of_the_field_is_there() -> None:
    assert set(builtins()) == GENERAL | COMMUNES


@pytest.mark.parametrize("name", ALL)
def test_each_has_titles_and_the_use_that_its_name_says(name: str) -> None:
    score = builtins()[name]
    word = name.split("/")[-1]
    assert score.name == name
    assert score.title_vi
    assert score.title_en
    assert score.use == (word if word in ("alarm", "all-clear", "drill", "test") else "chime")


@pytest.mark.parametrize("name", ALL)
def test_each_strikes_at_once(name: str) -> None:
    assert builtins()[name].timeline().onsets_ms()[0] == 0


@pytest.mark.parametrize("name", [name for name in ALL if name.endswith("alarm")])
def test_alarms_are_urgent_and_last_until_silenced(name: str) -> None:
    score = builtins()[name]
    assert score.endless
    assert not is_evacuate(score.timeline())
    beat = three_beat(score.timeline())
    assert beat is None or beat.rapid
    onsets = score.timeline().onsets_ms(passes=20)
    assert max(later - earlier for earlier, later in pairwise(onsets)) <= 1000


def test_the_three_beats_are_what_the_field_reports() -> None:
    three = {name for name in ALL if three_beat(builtins()[name].timeline()) is not None}
    assert three == {"alarm", "cong-lac/alarm", "ea-o/alarm"}


@pytest.mark.parametrize("name", [name for name in ALL if builtins()[name].use in ("chime", "test", "all-clear")])
def test_no_harmless_sound_is_like_an_alarm_or_an_evacuation(name: str) -> None:
    assert alarm_likeness(builtins()[name].timeline()) is None
    assert not is_evacuate(builtins()[name].timeline())


def test_a_drill_is_like_neither_alarm_nor_chime() -> None:
    drill = builtins()[DRILL].timeline()
    assert rapid_likeness(drill) is None
    assert three_beat(drill) is None
    assert not is_evacuate(drill)
    onsets = drill.onsets_ms(passes=3)
    gaps = [later - earlier for earlier, later in pairwise(onsets)]
    assert gaps[0::2] == [700] * 3
    assert gaps[1::2] == [2400] * 2
    for score in builtins().values():
        if score.use == "chime":
            here = score.timeline().onsets_ms()
            apart = [later - earlier for earlier, later in pairwise(here)]
            triples = zip(apart, apart[1:], apart[2:], strict=False)
            assert not any(
                pause > 2 * max(first, second) for first, pause, second in triples if min(first, second) > 500
            )


def test_test_and_all_clear_are_short() -> None:
    assert builtins()[TEST].timeline().length_ms <= 1000
    assert builtins()[ALL_CLEAR].timeline().length_ms <= 5000


def test_what_the_code_book_table_says_of_each() -> None:
    table = builtins()
    assert len(table["ta-gia-khau/curfew"].timeline().head) == 5
    assert len(table["kien-thiet/curfew"].steps) == 1
    assert [table[name].steps[0].times for name in ("ea-o/wake", "ea-o/curfew", "lam-ha/curfew")] == [3, 2, 3]
    onsets = table[ALARM].timeline().onsets_ms(passes=2)
    assert onsets == [0, 260, 520, 1140, 1400, 1660]
