"""The field's words as an officer reads them: Vietnamese, and English beside it. Pure.

What must hold: every word that a message can bear has its pair here (a test goes through the types).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from broker.cli.terminal import Lang
from broker.words import EVERYWHERE, Both

FULL_ID = 36  # of a UUID
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
"""All of Vietnam's. Not the machine's own: a Pi out of its box is set to London, and 22:00 must read 22:00."""
SHORT_ID = 8  # the last characters of a UUIDv7 are random; the first are the time, alike for a whole minute


def word(table: Mapping[str, Both], key: object, lang: Lang) -> str:
    """The pair's right half; a key that nobody knows is shown as it is."""
    pair = table.get(str(key))
    return str(key) if pair is None else pair[lang == "en"]


def short(id_: str) -> str:
    """The end of an incident's id, as long as a person wants to type, and `keng` takes it back; others stay whole."""
    return id_[-SHORT_ID:] if len(id_) == FULL_ID else id_


def places(hamlets: object, lang: Lang) -> str:
    """Where: the whole commune, or hamlets by id."""
    names = [str(name) for name in hamlets] if isinstance(hamlets, list | tuple) else []
    return EVERYWHERE[lang == "en"] if names == ["all"] else ", ".join(names)


def local_time(wall_ms: int | None, *, day: bool = True) -> str:
    """Wall time as a commune's clock shows it; a dash for none."""
    if wall_ms is None:
        return "–"
    try:
        moment = datetime.fromtimestamp(wall_ms / 1000, ZONE)
    except (OverflowError, ValueError):  # the last hours of the year 9999 are over the edge there
        return "–"
    return f"{moment:%d/%m %H:%M:%S}" if day else f"{moment:%H:%M:%S}.{wall_ms % 1000:03d}"
