"""Codes that are said once: of the second factor (TOTP, RFC 6238), for its loss, and for a first sign-in. Pure.

What must hold: a code of the second factor is taken once, and only in its own half minute or the one on either side (a
telephone's clock is seldom exact); a commune's clock that was set back takes no old code again for as long as it is
behind, and then a recovery code lets in.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence

from pyotp import random_base32
from pyotp.totp import TOTP

STEP_S = 30
AROUND = (0, -1, 1)
SEED_CHARS = 32  # of base32: 160 bits, RFC 4226's recommended length
RECOVERY_CODES = 10
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""No I, O, 0 and 1, which a hand writes alike."""
RECOVERY_CHARS = 10  # 50 bits; they are hashed and slow to try
ONE_TIME_CHARS = 16  # 80 bits
ONE_TIME_S = 72 * 3600
"""How long a one-time password waits for its first sign-in."""


def new_seed() -> str:
    """A second factor's secret, base32."""
    return random_base32(SEED_CHARS)


def address_of_seed(seed: str, name: str, commune: str) -> str:
    """otpauth://…, for a QR code."""
    return TOTP(seed).provisioning_uri(name=name, issuer_name=commune)


def step_of(seed: str, code: str, now_s: float, last_step: int) -> int | None:
    """The half minute whose code it is, if none so late was taken before; else None. Constant time."""
    said = "".join(code.split())
    totp, now = TOTP(seed), int(now_s) // STEP_S
    found = None
    for off in AROUND:
        step = now + off
        right = hmac.compare_digest(totp.at(step * STEP_S).encode(), said.encode())
        if right and step > last_step and found is None:
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """1-ABCDE-FGHIJ, 2-…"""
    return [f"{number}-{grouped(_letters(RECOVERY_CHARS))}" for number in range(1, RECOVERY_CODES + 1)]


def recovery_number(code: str) -> tuple[int, str] | None:
    """Its number and its letters as they are hashed; None if it is no recovery code."""
    number, dash, rest = code.strip().upper().partition("-")
    letters = "".join(one for one in rest if one in LETTERS)
    if not dash or not number.isdecimal() or len(number) > 2 or len(letters) != RECOVERY_CHARS:
        return None
    return int(number), letters


def new_password() -> str:
    """For one sign-in."""
    return grouped(_letters(ONE_TIME_CHARS), 4)


def grouped(letters: str, each: int = 5) -> str:
    """ABCDE-FGHIJ."""
    return "-".join(letters[at : at + each] for at in range(0, len(letters), each))


def _letters(count: int, among: Sequence[str] = LETTERS) -> str:
    return "".join(secrets.choice(among) for _ in range(count))
