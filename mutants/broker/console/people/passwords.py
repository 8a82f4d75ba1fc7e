"""What is a good password, and a good PIN. Pure.

NIST SP 800-63B and ASVS 6.2: long, on no list, of any letters, never changed by the calendar. What must hold: a
password that is one or two well-known pieces (a listed password, a word of this trade, the account's own name, a run of
digits, a row of the keyboard) and next to nothing else is refused; a phrase of several words is not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

MIN_CHARS = 12
MAX_CHARS = 128
"""So that a megabyte is not hashed; far beyond any phrase."""
MAX_PIECES = 2
MIN_REST = 4
MIN_WORD = 4
PIN_DIGITS = (6, 12)
CONTEXT = frozenset(
    {
        "keng",
        "anninh",
        "kenganninh",
        "mathkhau",
        "matkhau",
        "congan",
        "canhsat",
        "trucban",
        "chihuy",
        "congxa",
        "thon",
        "xatoi",
        "vietnam",
        "chung",
        "chuong",
        "baodong",
        "anhyeuem",
        "iloveyou",
        "password",
        "admin",
        "quantri",
        "dangnhap",
        "xincho",
        "khongbiet",
        "emyeuanh",
        "quenmatkhau",
        "hanoi",
        "saigon",
    }
)
"""Words of this trade and of every second Vietnamese password, without accents."""
ROWS = (
    "01234567890",
    "09876543210",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv",
    "abcdefghijklmnopqrstuvwxyz",
)
_YEAR = re.compile(r"(?:19|20)\d\d")


def plain(text: str) -> str:
    """Small letters without accents, and digits; nothing else."""
    flat = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return "".join(one for one in flat if one.isalnum() and one.isascii())


def too_easy(password: str, known: Collection[str], about: Iterable[str] = ()) -> bool:
    """Whether it is one or two well-known pieces and next to nothing else."""
    text = plain(password)
    if len(text) < MIN_CHARS // 2 and len(set(password)) < MIN_REST:
        return True
    if len(text) < MIN_CHARS // 2:
        return False  # of another script, or of signs: on no list of ours
    words = {plain(one) for one in (*CONTEXT, *about)} | {part for one in about for part in map(plain, one.split())}
    pieces, rest, at = set(), 0, 0
    while at < len(text):
        piece = _piece(text[at:], known, words)
        if piece:
            pieces.add(piece)
            at += len(piece)
        else:
            rest += 1
            at += 1
    return len(pieces) <= MAX_PIECES and rest < MIN_REST


def _piece(text: str, known: Collection[str], words: Collection[str]) -> str:
    """The longest well-known beginning."""
    for size in range(len(text), MIN_WORD - 1, -1):
        start = text[:size]
        if start in known or start in words or any(start in row for row in ROWS) or _periodic(start):
            return start
    return text[:4] if _YEAR.match(text) else ""


def _periodic(text: str) -> bool:
    """aaaa, abab, abcabc."""
    return any(len(text) >= 2 * size and text == (text[:size] * len(text))[: len(text)] for size in range(1, 4))


def weak_pin(pin: str) -> bool:
    """A run, one digit, or one pair, again and again: what is tried first."""
    return len(set(pin)) < MIN_REST - 1 or any(pin in row for row in ROWS) or _periodic(pin)
