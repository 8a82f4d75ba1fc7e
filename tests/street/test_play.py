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
