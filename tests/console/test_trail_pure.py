"""Every deed of a person has its sentence in both languages, and none shows a program's words."""

from typing import get_args

import pytest

from broker.console.people.rights import Role
from broker.console.trail.deeds import AT_CONSOLE, DEEDS, case_of, told
from broker.core.records import What
from broker.words import OFFICER_ROLES

pytestmark = pytest.mark.pure

NAMES = {"thon-1": "Thôn 1"}
ROWS = {
    "incident": {"kind": "fire", "hamlets": ["all"], "outcome": "cháy", "note": "x"},
    "alarm": {"hamlets": ["thon-1"]},
    "mute": {"kind": "speaker", "why": "thay loa"},
    "ask": {"ok": False, "verb": "close", "why": "Không / no"},
}
BODY = {"what": "pin_changed", "note": "x", "why": "bị trộm", "release": {"version": "0.2.0"}}


@pytest.mark.parametrize("what", DEEDS)
def test_every_deed_has_a_sentence_that_names_who_did_it(what):
    assert what in get_args(What)
    said = told(what, "an", "thon-1", BODY, ROWS, NAMES)
    assert said is not None
    assert said[0] != said[1]
    assert all("an " in half and "None" not in half and "{" not in half for half in said)


@pytest.mark.parametrize("deed", AT_CONSOLE)
def test_every_deed_at_the_console_is_a_whole_sentence(deed):
    detail = {"role": "officer", "before": "watch", "address": "10.0.0.9", "name": "lan", "path": "/x", "left": "7"}
    body = {"what": deed, "detail": {"at": "2026-11-25T15:00:00.000+00:00", **detail}}
    said = told("audited", "chi", "binh", body, {}, {})
    assert said is not None and said[0] != said[1]
    for half in said:
        assert not any(word in half for word in ("_", "role:", "at:", "2026-11-25T", "{", "–")), half
        assert "chi" in half or "binh" in half


def test_the_trail_says_what_a_policeman_says():
    def deed(what, by="chi", about="binh", **detail):
        said = told("audited", by, about, {"what": what, "detail": detail}, {}, {})
        assert said is not None
        return said

    assert deed("role_changed", role="chief", before="officer") == (
        "chi đổi vai trò của binh: cán bộ trực ban → chỉ huy",
        "chi changed the role of binh: duty officer → chief",
    )
    assert deed("refused", None, "10.0.0.9", name="admin")[0] == "Máy 10.0.0.9: đăng nhập sai, gõ tên admin"
    assert deed("signed_out", "an", "an") == ("an đăng xuất ở máy –", "an signed out at –")
    retired = told("retiring", "dung", "thon-1", {"why": "Bị mất trộm"}, {}, NAMES)
    assert retired is not None and retired[0] == "dung thu hồi kẻng Thôn 1 (thon-1). Lý do: Bị mất trộm"
    refused = told("asked", "an", "x", {}, ROWS, {})
    assert refused == ("an xin đóng vụ, bị từ chối: Không", "an wanted to close a case, refused: no")


def test_each_role_has_its_words():
    assert set(OFFICER_ROLES) == set(get_args(Role))


def test_a_deed_of_a_case_leads_to_it():
    assert case_of("closed", "c", {}) == case_of("audited", "c", {"what": "shown"}) == "c"
    assert case_of("audited", "an", {"what": "signed_in"}) == case_of("muted", "thon-1", {}) == ""


def test_a_deed_that_nobody_knows_is_told_by_its_word():
    said = told("audited", "an", "thon-1", {"what": "danced", "detail": {"how": "well", "at": "now"}}, {}, {})
    assert said == ("an · danced: thon-1, how: well", "an · danced: thon-1, how: well")
