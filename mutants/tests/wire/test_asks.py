"""What an asker may leave out, and what is never lost on the way back."""

import pytest

from wire.asks import AskAlarm, AskChime, AskTarget, Told
from wire.codec import decode, encode
from wire.errors import Refused

pytestmark = pytest.mark.pure


def test_the_least_that_one_may_ask():
    assert decode(b'{"id":"a","kind":"fire","hamlets":["dong"]}', AskAlarm).lease_s is None
    assert decode(b'{"id":"a","target":"all"}', AskTarget).outcome is None
    assert decode(b'{"id":"a","pattern":"curfew"}', AskChime).hamlets is None


@pytest.mark.parametrize("hamlets", [b'["all","dong"]', b"[]", b'"all"'])
@pytest.mark.parametrize("kind", [AskAlarm, AskChime])
def test_an_ask_that_names_no_place_is_refused(kind, hamlets):
    with pytest.raises(Refused):
        decode(b'{"id":"a","kind":"fire","pattern":"alarm","hamlets":' + hamlets + b"}", kind)


@pytest.mark.parametrize("name", ["", "x" * 65, "a\nb", "\x1b[2J"])
def test_an_id_is_short_and_printable(name):
    with pytest.raises(ValueError):
        decode(encode({"id": name, "target": "all"}), AskTarget)


def test_a_long_reason_in_two_languages_reaches_the_asker():
    why = "Quy ước sai ở dòng 3.\n" * 40 + "The code book is wrong in line 3.\n" * 30
    assert decode(encode(Told(id="a", ok=False, why=why)), Told).why == why


def test_a_page_of_anything_reaches_the_asker():
    page = {"incidents": [{"id": "x", "hamlets": ["dong"], "open": True}], "next": None}
    assert decode(encode(Told(id="a", ok=True, result=page)), Told).result == page
