"""Every deed of a person has its sentence in both languages."""

from typing import get_args

import pytest

from broker.console.trail.deeds import DEEDS, told
from broker.core.records import What

pytestmark = pytest.mark.pure

ROWS = {
    "incident": {"kind": "fire", "hamlets": ["all"], "outcome": "cháy", "note": "x"},
    "alarm": {"hamlets": ["thon-1"]},
    "mute": {"kind": "speaker", "why": "thay loa"},
    "ask": {"ok": False, "verb": "close", "why": "Không / no"},
}


@pytest.mark.parametrize("what", DEEDS)
def test_every_deed_has_a_sentence_that_names_who_did_it(what):
    assert what in get_args(What)
    said = told(
        what,
        "an",
        "thon-1",
        {"what": "pin_changed", "note": "x"},
        ROWS,
        {"pin_changed": ("Đổi PIN", "PIN changed")},
        {},
    )
    assert said is not None
    assert said[0] != said[1]
    assert all("an" in half and "None" not in half for half in said)


def test_a_deed_that_nobody_knows_is_told_by_its_word():
    said = told("audited", "an", "thon-1", {"what": "danced", "detail": {"how": "well"}}, {}, {}, {})
    assert said == ("an · danced: thon-1 (how: well)", "an · danced: thon-1 (how: well)")
