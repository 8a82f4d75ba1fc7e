"""Codes that are said once, and what is a good password."""

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.console.people import codes
from broker.console.people.guard import ACCOUNT, KNOWN, Guard, is_own, network_of
from broker.console.people.passwords import too_easy, weak_pin

pytestmark = pytest.mark.pure
SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""RFC 6238's own, of its appendix B."""


@pytest.mark.parametrize(
    ("at_s", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_codes_are_those_of_rfc_6238(at_s, code):
    assert codes.step_of(SEED, code, at_s, 0) == at_s // 30


@given(st.integers(10**9, 2 * 10**9), st.integers(-4, 4))
def test_a_code_is_taken_in_its_half_minute_and_the_one_on_either_side(now_s, off):
    step = now_s // 30 + off
    code = pyotp.TOTP(SEED).at(step * 30)
    assert (codes.step_of(SEED, code, now_s, 0) == step) == (abs(off) <= 1)


@given(st.integers(10**9, 2 * 10**9), st.integers(0, 90))
def test_a_code_is_never_taken_twice_nor_one_before_it(now_s, later_s):
    taken = codes.step_of(SEED, pyotp.TOTP(SEED).at(now_s), now_s, 0)
    assert taken is not None
    for step in (taken, taken - 1):
        assert codes.step_of(SEED, pyotp.TOTP(SEED).at(step * 30), now_s + later_s, taken) is None


@given(st.text(max_size=50))
def test_what_is_no_code_is_no_code(text):
    assert codes.step_of(SEED, text, 10**9, 0) is None or "".join(text.split()).isdecimal()
    codes.recovery_number(text)


def test_recovery_codes_are_read_as_a_hand_writes_them():
    fresh = codes.new_recovery_codes()
    assert len(set(fresh)) == codes.RECOVERY_CODES
    for number, code in enumerate(fresh, 1):
        read = codes.recovery_number(code)
        assert read is not None
        assert read[0] == number
        assert codes.recovery_number(f"  {code.lower()} ") == read
        assert codes.recovery_number(code.replace("-", " ", 3).replace(" ", "-", 1)) == read


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "123456789012", "matkhau123456", "mậtkhẩu2026!!", "congancongan2026", "qwertyuiop12",
        "aaaaaaaaaaaa", "abcabcabcabc", "kenganninh2026", "Nguyen Van An 1990", "van-an-van-an", "iloveyou iloveyou",
        "111111111111", "conglac123456", "trucbantrucban", "1qaz2wsx3edc", "Password@2026",
    ],
)  # fmt: skip
def test_one_or_two_well_known_pieces_are_no_password(password):
    listed = {"password", "iloveyou", "123456", "nguyen"}
    assert too_easy(password, listed, ["van-an", "Nguyễn Văn An", "Xã Cộng Lạc", "cong-lac"])


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple", "con trâu qua cầu tre", "mua roi tren mai ton cu", "x7Kp-2mWq-9tRd-4hZs",
        "рыба телега сосна",
    ],
)  # fmt: skip
def test_a_phrase_of_several_words_is_one(password):
    assert not too_easy(password, {"correct", "horse", "battery", "staple", "password"}, ["van-an", "Nguyễn Văn An"])


def test_what_is_tried_first_is_no_pin():
    for pin in ("123456", "000000", "121212", "654321", "111222", "123123", "987654"):
        assert weak_pin(pin), pin
    for pin in ("204060", "190845", "73018264"):
        assert not weak_pin(pin), pin


def test_whatever_strangers_do_a_known_door_waits_for_its_own_mistakes_alone():
    guard = Guard()
    for n in range(5_000):
        guard.take("an", f"10.0.{n % 250}.{n % 7}", "", n / 10)
    assert guard.take("an", "10.0.9.9", "", 500.0) > 0
    assert guard.take("an", "10.0.9.9", "device 1", 500.0) == 0
    now_s = 500.0
    for _ in range(40):
        wait_s = guard.take("an", "10.0.9.9", "device 1", now_s)
        assert wait_s <= KNOWN.most_s
        now_s += wait_s
    assert guard.take("an", "10.0.9.9", "own", now_s) == 0, "one known door knows nothing of another's mistakes"


def test_a_name_that_nobody_bears_is_made_to_wait_like_any_other():
    def waits(name):
        guard = Guard()
        return [guard.take(name, f"10.0.0.{n}", "", 0.0) for n in range(2 * ACCOUNT.free)]

    assert waits("an") == waits("khong-ai")


def test_an_address_that_tries_many_names_waits_too():
    guard = Guard()
    assert [guard.take(f"ten-{n}", "10.0.0.5", "", 0.0) > 0 for n in range(30)].count(False) == 20


def test_all_addresses_of_one_ipv6_network_are_one():
    assert network_of("2001:db8:1:2::3") == network_of("2001:db8:1:2:ffff::9") != network_of("2001:db8:1:3::3")
    assert network_of("::ffff:10.0.0.5") == network_of("10.0.0.5") == "10.0.0.5"
    assert network_of("fe80::1%eth0") == network_of("fe80::2")


def test_the_consoles_own_machine_is_known_by_both_ends_of_the_connection():
    assert is_own("127.0.0.1", "127.0.0.1")
    assert is_own("192.168.1.10", "192.168.1.10")
    assert not is_own("192.168.1.11", "192.168.1.10")
    assert not is_own("", "")
