"""The prompt on the street: an evening typed in, and what it showed."""

import io

import pytest
from street.play import Street

pytestmark = pytest.mark.pure


def evening(*lines: str) -> str:
    street = Street(1)
    street.stdout = io.StringIO()
    for line in lines:
        street.postcmd(street.onecmd(line), line)
    return street.stdout.getvalue()


def test_a_press_with_the_cable_cut_sounds_and_arrives_once_it_is_mended():
    cut = evening("cut thon-2", "press thon-2 fire")
    assert "KÊU" in cut
    assert "vụ" not in cut.split("thon-5")[-1]
    mended = evening("cut thon-2", "press thon-2 fire", "mend thon-2", "+40s")
    assert mended.count("thon-2: fire, open, 1 lần") == 1


def test_the_chime_is_heard_at_its_hour():
    assert evening("at 21:59:59", "+1500ms").count("KÊU") == 5


def test_what_cannot_be_understood_changes_nothing():
    assert evening("press nobody", "press thon-1 blue", "+9999d", "jump x", "close").count("?") >= 1


def test_the_chimes_of_two_nights_are_heard_each_at_its_date():
    said = evening("at 21:59:59", "+1500ms", "night", "at 22:00:01")
    assert "21/11/2026" in said
    assert said.count("at-2200/2026-11-21") >= 5
    assert said.split("22/11/2026")[-1].count("KÊU 2026-11-22") or said.split("22/11/2026")[-1].count("KÊU") == 5


def test_a_moment_may_have_a_date():
    assert "21/11/2026 22:10:05" in evening("night", "at 21/11 22:10:05")
    assert evening("at 31/02 10:00").count("21/11/2026 20:40:30") == 1


def test_the_clock_of_a_node_that_has_no_network_is_its_own_and_unsure():
    said = evening("cut thon-2", "kill thon-2", "start thon-2", "jump thon-2 -7h")
    assert "thon-2" in said
    assert said.splitlines()[-4].count("chưa chắc") == 1
    assert "thon-1" in said and said.splitlines()[-5].count("chưa chắc") == 0


def test_a_node_s_own_clock_that_jumps_moves_no_chime():
    said = evening("jump thon-2 +7h", "jump thon-3 -400d", "at 21:59:59", "+1500ms")
    assert said.split("21:59:59")[-1].count("KÊU") == 5


def test_a_node_in_step_with_ntp_knows_the_time_by_itself():
    said = evening("kill broker", "kill thon-2", "start thon-2", "ntp thon-2")
    assert "chưa chắc" not in said.splitlines()[-4]


def test_what_sounded_meanwhile_is_told():
    said = evening("press thon-1 red", "clear", "+30s")
    assert "đã kêu: thon-1" in said
