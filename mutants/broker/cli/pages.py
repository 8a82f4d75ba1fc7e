"""Long answers, page by page, and ids as a person types them.

What must hold: a few last (or first) characters of an id are enough if they are one incident's alone; never is one
guessed. The answers are the commune's own words (plain JSON), shown as they come; a field that is missing is a dash.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from broker.cli.asking import Commune, new_id
from broker.cli.terminal import NothingFound
from broker.cli.words import FULL_ID
from wire.asks import AskPage
from wire.topics import Verb

ALL = "all"
MAX_PAGES = 500  # of some twenty incidents: years of them; more is a service that counts wrongly
FEWEST = 4  # characters of an id: fewer are a slip of the finger


def pages(
    commune: Commune, verb: Verb, *, open_only: bool = False, before: str | None = None
) -> Iterator[dict[str, Any]]:
    """The `result` of each page."""
    page = 0
    while page < MAX_PAGES:
        told = commune.ask(verb, AskPage(id=new_id(), page=page, open_only=open_only, before=before))
        result = told.result if isinstance(told.result, dict) else {}
        yield result
        page += 1
        if page >= number(result.get("pages")):
            return


def merged(commune: Commune, verb: Verb, *, open_only: bool = False, before: str | None = None) -> dict[str, Any]:
    """All pages as one: lists are joined, everything else is the first page's."""
    whole: dict[str, Any] = {}
    for result in pages(commune, verb, open_only=open_only, before=before):
        for name, value in result.items():
            if isinstance(value, list):
                whole[name] = [*whole.get(name, []), *value]
            else:
                whole.setdefault(name, value)
    for name in ("page", "pages"):
        whole.pop(name, None)
    return whole


def every_incident(commune: Commune, *, open_only: bool, before: str | None, all_: bool) -> dict[str, Any]:
    """The incidents as one answer: the latest the commune lists, or with `all_` every one that it remembers."""
    whole = merged(commune, "incidents", open_only=open_only, before=before)
    while all_ and whole.get("more") and (found := rows(whole, "incidents")):
        older = merged(commune, "incidents", open_only=open_only, before=str(found[-1].get("id", "")))
        whole = {**older, "incidents": [*found, *rows(older, "incidents")]}
    return whole


def incident_id(commune: Commune, typed: str) -> str:
    """The whole id of what was typed; "all" stays. NothingFound if it is nobody's, or more than one's."""
    typed = typed.strip().lower().lstrip("…")
    if typed == ALL or len(typed) >= FULL_ID:
        return typed
    if len(typed) < FEWEST:
        raise NothingFound(
            f"{typed}: ngắn quá, hãy ghi ít nhất {FEWEST} ký tự của mã vụ (xem: keng incidents).",
            f"{typed}: too short; give at least {FEWEST} characters of the id (see: keng incidents).",
        )
    for open_only in (True, False):
        found = _alike(commune, typed, open_only)
        if len(found) == 1:
            return found[0]
        if found:
            listed = ", ".join(found[:5])
            raise NothingFound(
                f"{typed}: có {len(found)} vụ như thế ({listed}). Hãy ghi dài hơn.",
                f"{typed}: {len(found)} incidents fit ({listed}). Give more of it.",
            )
    raise NothingFound(
        f"{typed}: không có vụ nào như thế. Xem: keng incidents", f"{typed}: no such incident. See: keng incidents"
    )


def _alike(commune: Commune, typed: str, open_only: bool) -> list[str]:
    found: dict[str, None] = {}
    for result in pages(commune, "incidents", open_only=open_only):
        for row in rows(result, "incidents"):
            id_ = str(row.get("id", ""))
            if id_.startswith(typed) or id_.endswith(typed):
                found[id_] = None
    return list(found)


def rows(result: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """A list of objects out of an answer; whatever else is there is left out."""
    value = result.get(name)
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def number(value: object) -> int:
    """A whole number, else 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
