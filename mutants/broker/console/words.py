"""The field's words as a page shows them: broker/words.py's pairs, in the language of the page.

What must hold: every word that a message or a row can bear has its pair there (a test goes through the types); what
nobody knows is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language

from broker.words import KINDS, OUTCOMES, Both


def here(pair: Both) -> str:
    """The half of a pair that this page is in."""
    return pair[get_language() == "en"]


def said(text: str) -> str:
    """The half of a sentence that the service says in both languages, `vi / en`."""
    vi, slash, en = text.partition(" / ")
    return en if slash and get_language() == "en" else vi


def named(table: Mapping[str, Both], key: object) -> str:
    """The word for a key, as a line begins with it."""
    pair = table.get(str(key))
    word = str(key) if pair is None else here(pair)
    return word[:1].upper() + word[1:]


def kinds() -> list[tuple[str, str]]:
    """For a choice: what an alarm may be about."""
    return [(key, named(KINDS, key)) for key in KINDS if key != "test"]


def outcomes() -> list[tuple[str, str]]:
    """For a choice: how an incident may end."""
    return [(key, named(OUTCOMES, key)) for key in OUTCOMES]
