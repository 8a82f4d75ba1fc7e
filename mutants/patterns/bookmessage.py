"""A code book as wire.md's CodeBook message: what a node needs of it, in at most 8 KiB. Pure.

    {version, zone, patterns, chimes, alarm_s, cancel_s, relays, node_keys}     required
    {hamlets: {hamlet: [nodes]}, posts: [nodes], by_kind: {kind: pattern}}      optional: ours, for nodes that want to
    check who may say what

What must always hold: `codebook_from_message(book.to_message_fields())` gives the same version, zone, times, patterns'
strokes, chimes, relays, keys, posts, kinds; titles, names of hamlets, neighbours and escalation stay with the commune.
Unknown fields are ignored.

Does not know: `issued_at` and `counter`, which the commune adds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from patterns.book import CodeBook, Escalation, Hamlet, Node
from patterns.bookcheck import (
    MAX_NODES,
    check_keys_differ,
    read_by_kind,
    read_key,
    read_patterns,
    read_relays,
    read_times,
    read_version,
    read_zone,
)
from patterns.bookrefs import MAX_HAMLETS, read_hamlet_list
from patterns.chimeread import check_overlaps, read_chimes
from patterns.errors import CodeBookError
from patterns.fields import Faults, Field

_REQUIRED = frozenset({"version", "zone", "patterns", "chimes", "alarm_s", "cancel_s", "relays", "node_keys"})
_OPTIONAL = frozenset({"hamlets", "posts", "by_kind"})


def read_message(faults: Faults) -> CodeBook:
    """The code book of a decoded message. Raises CodeBookError with every fault."""
    parts = faults.top.record(_REQUIRED | _OPTIONAL, _REQUIRED)
    homes = _homes(parts["hamlets"]) if "hamlets" in parts else None
    alarm_s, cancel_s = read_times(parts)
    patterns = read_patterns(parts["patterns"], alarm_s) if "patterns" in parts else {}
    chimes = read_chimes(parts["chimes"], patterns, homes) if "chimes" in parts else ()
    check_overlaps(chimes, patterns)
    relays = read_relays(parts["relays"], homes) if "relays" in parts else {}
    slugs = homes if homes is not None else _mentioned(relays, [chime.hamlets for chime, _ in chimes])
    book = CodeBook(
        commune="",
        name="",
        version=read_version(parts),
        zone=read_zone(parts["zone"]) if "zone" in parts else "",
        alarm_s=alarm_s,
        cancel_s=cancel_s,
        hamlets={slug: Hamlet(slug, slug, ()) for slug in slugs},
        nodes=_nodes(parts, homes or {}),
        relays=relays,
        escalation=Escalation(None, None),
        patterns=patterns,
        by_kind=read_by_kind(parts["by_kind"], patterns, alarm_s) if "by_kind" in parts else {},
        chimes=tuple(chime for chime, _ in chimes),
    )
    faults.raise_all(CodeBookError)
    return book


def _homes(field: Field) -> dict[str, tuple[str, ...]]:
    homes: dict[str, tuple[str, ...]] = {}
    for slug, member in field.members(MAX_HAMLETS).items():
        if member.is_slug(slug):
            homes[slug] = read_hamlet_list(member, None)
    return homes


def _mentioned(relays: Mapping[str, tuple[str, ...]], others: Collection[tuple[str, ...]]) -> list[str]:
    named = [*relays, *(slug for group in (*relays.values(), *others) for slug in group)]
    return [slug for slug in dict.fromkeys(named) if slug != "all"]


def _nodes(parts: Mapping[str, Field], homes: Mapping[str, tuple[str, ...]]) -> dict[str, Node]:
    keys: dict[str, str] = {}
    read: list[tuple[Field, str]] = []
    for slug, member in (parts["node_keys"].members(MAX_NODES) if "node_keys" in parts else {}).items():
        key = read_key(member) if member.is_slug(slug) else None
        if key is not None:
            keys[slug] = key
            read.append((member, key))
    check_keys_differ(read)
    posts = read_hamlet_list(parts["posts"], None) if "posts" in parts else ()
    hamlet_of = {node: hamlet for hamlet, nodes in homes.items() for node in nodes}
    slugs = dict.fromkeys([*hamlet_of, *keys, *posts])
    return {slug: Node(slug, hamlet_of.get(slug, ""), slug in posts, keys.get(slug)) for slug in slugs}
