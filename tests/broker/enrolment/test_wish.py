"""Buttons by their kinds alone, cards by their short names."""

import pytest

from broker.enrolment.boxes import DRAWN, TAKEN, ButtonFault, buttons_of, card_of, check_buttons
from patterns.book import KINDS

pytestmark = pytest.mark.pure


def test_the_first_three_kinds_hang_where_the_drawing_has_buttons():
    assert [one.pin for one in buttons_of("security,fire,theft:silent")] == [one.pin for one in DRAWN]


def test_every_kind_together_fits_a_box_and_takes_no_pin_of_another_part():
    made = buttons_of(",".join(KINDS))
    check_buttons(made)
    assert {one.kind for one in made} == set(KINDS)
    assert not {one.pin for one in made} & TAKEN.keys()
    assert not {one.pin for one in made} & {2, 3, 14, 15, 18, 19, 20, 21}, "a clock, the serial port, a card of sound"


def test_a_loud_and_a_silent_button_of_one_kind_are_two():
    loud, silent = buttons_of("theft, theft:silent")
    assert (loud.silent, silent.silent, loud.kind, silent.kind) == (False, True, "theft", "theft")
    assert loud.name != silent.name


@pytest.mark.parametrize("kinds", ["", "war", "fire,fire", "fire:loud", "fire:", ",".join([*KINDS, "theft:silent"])])
def test_kinds_that_nobody_knows_are_told(kinds):
    with pytest.raises(ButtonFault, match="--kinds"):
        buttons_of(kinds)


@pytest.mark.parametrize(
    ("given", "alsa"),
    [
        ("Device", "plughw:CARD=Device"),
        ("default", "default"),
        ("plughw:CARD=x", "plughw:CARD=x"),
        ("hw:1,0", "hw:1,0"),
    ],
)
def test_a_cards_short_name_is_enough(given, alsa):
    assert card_of(given) == alsa


@pytest.mark.parametrize("given", ["", 'a"b', "a\\b", "a\nb", "x" * 300])
def test_what_no_card_is_called_is_refused(given):
    with pytest.raises(ButtonFault):
        card_of(given)
