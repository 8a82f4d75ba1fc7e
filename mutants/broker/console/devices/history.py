"""What the register tells of a gong: the last chimes it proved, and its troubles. Reads only what an index finds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from broker.register.models import Chime, JournalEntry, Trouble

CHIMES = 14  # two weeks of curfews
MAX_TROUBLES = 100


@dataclass(frozen=True, slots=True)
class ChimeSeen:
    """One gong at one chime."""

    id: str
    """The chime's."""
    due_at_ms: int | None
    """Commune time, as it was ordered."""
    proof: dict[str, Any] | None
    """wire.reports.Sounded; none: it proved nothing."""
    asked: bool
    """Whether it was to sound there."""


def chimes_of(node: str, hamlet: str, count: int = CHIMES) -> list[ChimeSeen]:
    """The last ones, latest first."""
    ids = list(Chime.objects.order_by("-ordered_seq").values_list("id", flat=True)[:count])
    lines = JournalEntry.objects.filter(subject__in=ids, what__in=("chime", "sounded")).order_by("seq")
    ordered: dict[str, dict[str, Any]] = {}
    proofs: dict[str, dict[str, Any]] = {}
    for line in lines.values("what", "subject", "by", "body"):
        if line["what"] == "chime":
            ordered[line["subject"]] = line["body"]
        elif line["by"] == node:
            proofs[line["subject"]] = line["body"]
    return [_seen(id_, ordered.get(id_, {}), proofs.get(id_), hamlet) for id_ in ids]


def _seen(id_: str, order: dict[str, Any], proof: dict[str, Any] | None, hamlet: str) -> ChimeSeen:
    hamlets = order.get("hamlets") or ["all"]
    return ChimeSeen(id_, order.get("due_at_ms"), proof, hamlets == ["all"] or hamlet in hamlets)


def last_chimes(nodes: Iterable[str]) -> dict[str, dict[str, Any]]:
    """By node, its last proof of a chime, of the last CHIMES that were ordered."""
    wanted = set(nodes)
    ids = list(Chime.objects.order_by("-ordered_seq").values_list("id", flat=True)[:CHIMES])
    found: dict[str, dict[str, Any]] = {}
    lines = JournalEntry.objects.filter(subject__in=ids, what="sounded").order_by("seq")
    for line in lines.values("by", "at_ms", "body"):
        if line["by"] in wanted:
            found[line["by"]] = {**line["body"], "at_ms": line["at_ms"]}
    return found


def troubles_of(node: str) -> list[dict[str, Any]]:
    """Open and past, latest first."""
    rows = Trouble.objects.filter(about=node).order_by("-opened_seq").values()[:MAX_TROUBLES]
    return [{**row} for row in rows]
