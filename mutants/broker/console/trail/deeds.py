"""Which entries of the journal are deeds of people, and how each is said, Vietnamese and English. Pure.

What must hold: whatever an officer did has its sentence here, what was refused as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from broker.console.cases.story import sentence
from broker.words import TROUBLES, Both

DEEDS = (
    "opened",
    "widened",
    "cleared",
    "acknowledged",
    "commented",
    "closed",
    "chime",
    "codebook",
    "muted",
    "unmuted",
    "audited",
    "asked",
)
"""Kinds of entries in which a person acted; `chime` and `codebook` where somebody ordered them."""
OF_A_CASE = frozenset({"opened", "widened", "cleared", "acknowledged", "commented", "closed"})


Body = Mapping[str, Any]


def told(
    what: str, by: str | None, subject: str, body: Body, rows: Body, said: Mapping[str, Both], names: Mapping[str, str]
) -> Both | None:
    """The sentence; none for what another entry says already. `said`: the console's own deeds; `names`: of hamlets."""
    who = by or "–"
    match what:
        case "chime":
            return f"{who} cho đánh hiệu lệnh {subject}", f"{who} had {subject} sounded"
        case "codebook":
            return f"{who} áp dụng bộ quy ước bản {subject}", f"{who} put version {subject} of the code book into use"
        case "muted" | "unmuted":
            mute = rows.get("mute") or {}
            vi, en = TROUBLES.get(str(mute.get("kind")), ("mọi trục trặc", "every trouble"))
            if what == "unmuted":
                return f"{who} thôi tạm im {subject}: {vi}", f"{who} unmuted {subject}: {en}"
            why = mute.get("why", "")
            return f"{who} tạm im {subject}: {vi}. {why}", f"{who} muted {subject}: {en}. {why}"
        case "audited":
            deed = said.get(str(body.get("what")), (str(body.get("what")),) * 2)
            detail = ", ".join(f"{key}: {value}" for key, value in (body.get("detail") or {}).items())
            more = f" ({detail})" if detail else ""
            return f"{who} · {deed[0]}: {subject}{more}", f"{who} · {deed[1]}: {subject}{more}"
    return sentence(what, by, body, rows, names)
