"""What a long run of the street once showed, each as the shortest script of it: none may be seen again."""

import pytest
from fakes.town import Town
from fakes.townscript import Script
from fakes.townwitness import Witness

pytestmark = pytest.mark.pure

HOMES = {"thon-1": "h1", "thon-2": "h2", "thon-3": "h3", "thon-4": "h4", "post-1": "h5"}


def street(**town) -> Script:
    return Script(Town(witness=Witness(), homes=HOMES, capture=40, chimes=("05:00", "22:00"), **town))


def test_a_drill_switch_that_is_turned_beside_a_hand_on_the_button_makes_no_exercise_of_its_press():
    script = street(begins_ms=1_835_362_560_000)  # seed 1410
    script.at(255_404, "finger", node="thon-1", button="red")
    script.at(255_960, "finger", node="thon-1", button="fire", drill=True)
    script.at(257_904, "reboot", node="thon-1", off_ms=1_000)
