"""How an incident ended, in the words of the half-year report (*sơ kết*).

What must hold: a report counts twelve words and no thirteenth; however it was typed, the same word is written down.
"""

from __future__ import annotations

import unicodedata

OUTCOMES = (
    "trộm cắp tài sản",
    "cướp giật tài sản",
    "cố ý gây thương tích",
    "gây rối trật tự công cộng",
    "ma túy",
    "đánh bạc",
    "đốt pháo trái phép",
    "mâu thuẫn",
    "cháy",
    "thiên tai",
    "cứu nạn",
    "báo nhầm",
)
MISTAKE = "báo nhầm"


def plain(text: str) -> str:
    """Without diacritics, case and spare spaces: what a keyboard in a hurry gives."""
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


_BY_PLAIN = {plain(outcome): outcome for outcome in OUTCOMES}


def outcome_of(text: str) -> str | None:
    """The report's word for what an officer typed; none if it is none of the twelve."""
    return _BY_PLAIN.get(plain(text))
