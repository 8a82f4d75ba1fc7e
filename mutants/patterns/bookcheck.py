"""Reads a code book's YAML and checks it as a whole: what refers to what, what sounds like what, what is longer than
what. Pure.

What must always hold: every fault is noted with its place, and reading goes on to the next; a book is returned only
without any. Order matters: hamlets first, then patterns, then whatever names them.

Does not know: the message form (bookmessage.py), which shares the readers below.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection, Iterable, Mapping
from zoneinfo import ZoneInfo

from patterns.book import (
    DEFAULT_ALARM_S,
    DEFAULT_CANCEL_S,
    DEFAULT_KIND,
    KINDS,
    MAX_MESSAGE_BYTES,
    CodeBook,
    Escalation,
    Hamlet,
    Node,
    message_size,
)
from patterns.bookrefs import MAX_HAMLETS, find_pattern, read_hamlet_list, unknown_hamlet
from patterns.builtin import builtins
from patterns.chimeread import check_overlaps, read_chimes
from patterns.errors import CodeBookError
from patterns.fields import SLUG, Faults, Field
from patterns.likeness import is_evacuate, rapid_likeness, three_beat
from patterns.score import Score, read_score

MAX_NAME = 60
"""A commune's or hamlet's name on one line of the console."""
MAX_NODES = 200
"""As above."""
MAX_PATTERNS = 32
"""Nobody knows more by ear."""
MIN_ALARM_S, MAX_ALARM_S = 10, 600
"""Shorter is missed; longer than the longest lease cannot be."""
MAX_CANCEL_S = 300
"""Later, the commune is on its way: an officer ends it."""
MIN_ESCALATION_S, MAX_ESCALATION_S = 5, 3600
"""A person needs seconds to reach the console; after an hour nobody waits for escalation."""
MAX_VERSION = 2**31 - 1
"""Fits every reader's integers."""
KEY_BYTES = 32
"""An Ed25519 public key."""
_ZONE = re.compile(r"[A-Za-z0-9_+\-]{1,32}(/[A-Za-z0-9_+\-]{1,32}){0,2}")
_BOOK_FIELDS = (
    *("commune", "name", "version", "zone", "alarm_s", "cancel_s", "hamlets"),
    *("nodes", "relays", "escalation", "patterns", "by_kind", "chimes"),
)


def read_book(faults: Faults) -> CodeBook:
    """The code book of a YAML document. Raises CodeBookError with every fault."""
    parts = faults.top.record(_BOOK_FIELDS, {"commune", "version", "zone", "hamlets"})
    commune = parts["commune"].slug() if "commune" in parts else None
    name = parts["name"].text(MAX_NAME) if "name" in parts else None
    hamlets = _hamlets(parts["hamlets"]) if "hamlets" in parts else {}
    nodes = _nodes(parts["nodes"], hamlets) if "nodes" in parts else {}
    alarm_s, cancel_s = read_times(parts)
    patterns = read_patterns(parts["patterns"], alarm_s) if "patterns" in parts else {}
    chimes = read_chimes(parts["chimes"], patterns, hamlets) if "chimes" in parts else ()
    check_overlaps(chimes, patterns)
    book = CodeBook(
        commune=commune or "",
        name=name or commune or "",
        version=read_version(parts),
        zone=read_zone(parts["zone"]) if "zone" in parts else "",
        alarm_s=alarm_s,
        cancel_s=cancel_s,
        hamlets=hamlets,
        nodes=nodes,
        relays=read_relays(parts["relays"], hamlets) if "relays" in parts else {},
        escalation=_escalation(parts["escalation"], hamlets) if "escalation" in parts else Escalation(None, None),
        patterns=patterns,
        by_kind=read_by_kind(parts["by_kind"], patterns, alarm_s) if "by_kind" in parts else {},
        chimes=tuple(chime for chime, _ in chimes),
    )
    if not faults.found:
        _check_size(faults, book)
    faults.raise_all(CodeBookError)
    return book


def read_version(parts: Mapping[str, Field]) -> int:
    """1 or more."""
    return (parts["version"].integer(1, MAX_VERSION) or 0) if "version" in parts else 0


def read_times(parts: Mapping[str, Field]) -> tuple[int, int]:
    """alarm_s, cancel_s; their defaults where they are missing or wrong."""
    alarm_s = parts["alarm_s"].integer(MIN_ALARM_S, MAX_ALARM_S) if "alarm_s" in parts else None
    cancel_s = parts["cancel_s"].integer(0, MAX_CANCEL_S) if "cancel_s" in parts else None
    return alarm_s or DEFAULT_ALARM_S, DEFAULT_CANCEL_S if cancel_s is None else cancel_s


def read_zone(field: Field) -> str:
    """An IANA zone that this machine knows."""
    zone = field.text(64)
    if zone is None:
        return ""
    try:
        known = _ZONE.fullmatch(zone) is not None and ZoneInfo(zone).key == zone
    except (KeyError, ValueError, OSError):  # unknown; a path; a folder of zones
        known = False
    if not known:
        field.fault(
            f"{zone}: không có múi giờ này, ví dụ: Asia/Ho_Chi_Minh.",
            f"{zone}: no such zone; for example: Asia/Ho_Chi_Minh.",
        )
    return zone


def read_patterns(field: Field, alarm_s: int) -> dict[str, Score]:
    """The commune's own patterns: a score, or the name of a built-in one."""
    patterns: dict[str, Score] = {}
    for name, member in field.members(MAX_PATTERNS).items():
        if not all(SLUG.fullmatch(part) for part in name.split("/")) or name.count("/") > 1:
            member.fault(
                "tên bản kẻng chỉ gồm a-z, 0-9 và dấu -, có thể có một dấu /.",
                "a pattern's name is a-z, 0-9 and -, with one / at most.",
            )
        score = find_pattern(member, {}) if isinstance(member.value, str) else read_score(member, name)
        if score is not None:
            patterns[name] = score
            _check_use(member, name, score, alarm_s)
    return patterns


def _check_use(field: Field, name: str, score: Score, alarm_s: int) -> None:
    builtin = builtins().get(name)
    if builtin is not None and builtin.use != score.use:
        field.fault(
            f"{name} dùng cho {builtin.use}, không dùng cho {score.use}; hãy đặt tên khác.",
            f"{name} is for {builtin.use}, not for {score.use}; give it another name.",
        )
    timeline = score.timeline()
    if is_evacuate(timeline):
        field.fault(
            "nghe như hiệu lệnh sơ tán ISO 8201 (ba tiếng chậm, nghỉ); hãy đánh nhanh hơn hoặc khác đi.",
            "sounds like ISO 8201's evacuation signal (three slow strokes, a pause); strike faster or otherwise.",
        )
    if score.use == "alarm":
        _check_alarm(field, score, alarm_s)
    elif score.use == "chime":
        return  # checked where a chime uses it: a commune may keep an endless call for other ends
    elif (why := rapid_likeness(timeline)) is not None:
        field.fault(f"nghe như báo động: {why[0]}.", f"sounds like an alarm: {why[1]}.")


def _check_alarm(field: Field, score: Score, alarm_s: int) -> None:
    timeline = score.timeline()
    if not score.fits(alarm_s * 1000):
        length = f"{timeline.length_ms / 1000:g}"
        field.fault(
            f"dài {length} giây, hơn alarm_s ({alarm_s}); hãy rút ngắn hoặc tăng alarm_s.",
            f"{length} s long, more than alarm_s ({alarm_s}); shorten it or raise alarm_s.",
        )
    beat = three_beat(timeline)
    if beat is not None and not beat.rapid:
        field.fault(
            "nhịp ba của báo động: các tiếng cách nhau tối đa 0,35 giây, nghỉ tối đa 1 giây.",
            "an alarm's three-beat: strokes at most 0.35 s apart, pause at most 1 s.",
        )


def read_by_kind(field: Field, patterns: Mapping[str, Score], alarm_s: int) -> dict[str, str]:
    """Kind of alert → pattern. Alarms only, but for tests."""
    by_kind: dict[str, str] = {}
    for kind, member in field.record((*KINDS, DEFAULT_KIND)).items():
        score = find_pattern(member, patterns)
        if score is None:
            continue
        if score.use != "alarm" and not (kind == "test" and score.use == "test"):
            member.fault(
                f"{member.value} dùng cho {score.use}, không phải báo động.",
                f"{member.value} is for {score.use}, not an alarm.",
            )
        elif not score.fits(alarm_s * 1000):
            _check_alarm(member, score, alarm_s)
        by_kind[kind] = str(member.value)
    return by_kind


def read_relays(field: Field, hamlets: Collection[str] | None) -> dict[str, tuple[str, ...]]:
    """Hamlet → hamlets whose gongs also sound its alerts."""
    relays: dict[str, tuple[str, ...]] = {}
    for slug, member in field.members(MAX_HAMLETS).items():
        if not member.is_slug(slug):
            continue
        if hamlets is not None and slug not in hamlets:
            unknown_hamlet(member, slug, hamlets)
        relays[slug] = _others(member, slug, hamlets)
    return relays


def _others(field: Field, slug: str, hamlets: Collection[str] | None) -> tuple[str, ...]:
    others = read_hamlet_list(field, hamlets)
    if slug in others:
        field.fault(f"{slug} không thể chỉ tới chính mình.", f"{slug} cannot name itself.")
    return others


def read_key(field: Field) -> str | None:
    """Base64 of an Ed25519 public key."""
    text = field.text(100)
    if text is None:
        return None
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != KEY_BYTES:
        field.fault(
            "khóa Ed25519 phải là Base64 của đúng 32 byte.", "an Ed25519 public key is the Base64 of exactly 32 bytes."
        )
        return None
    return text


def check_keys_differ(keys: Iterable[tuple[Field, str]]) -> None:
    """Two nodes with one key could speak for each other."""
    seen: set[str] = set()
    for field, key in keys:
        if key in seen:
            field.fault("khóa này đã có ở một hộp kẻng khác.", "another node has the same key.")
        seen.add(key)


def _hamlets(field: Field) -> dict[str, Hamlet]:
    members = field.members(MAX_HAMLETS)
    if field.value == {}:
        field.fault("cần ít nhất một thôn.", "needs at least one hamlet.")
    hamlets: dict[str, Hamlet] = {}
    for slug, member in members.items():
        member.is_slug(slug)
        parts = member.record({"name", "neighbours"}) if member.value is not None else {}
        name = parts["name"].text(MAX_NAME) if "name" in parts else None
        neighbours = _others(parts["neighbours"], slug, members) if "neighbours" in parts else ()
        hamlets[slug] = Hamlet(slug, name or slug, neighbours)
    return hamlets


def _nodes(field: Field, hamlets: Mapping[str, Hamlet]) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    keys: list[tuple[Field, str]] = []
    for slug, member in field.members(MAX_NODES).items():
        member.is_slug(slug)
        parts = member.record({"hamlet", "post", "key"}, {"hamlet"})
        hamlet = parts["hamlet"].slug() if "hamlet" in parts else None
        if hamlet is not None and hamlet not in hamlets:
            unknown_hamlet(parts["hamlet"], hamlet, hamlets)
        post = (parts["post"].flag() or False) if "post" in parts else False
        key = read_key(parts["key"]) if "key" in parts else None
        if key is not None:
            keys.append((parts["key"], key))
        nodes[slug] = Node(slug, hamlet or "", post, key)
    check_keys_differ(keys)
    return nodes


def _escalation(field: Field, hamlets: Mapping[str, Hamlet]) -> Escalation:
    parts = field.record({"neighbours_after_s", "commune_after_s"})
    read = {name: part.integer(MIN_ESCALATION_S, MAX_ESCALATION_S) for name, part in parts.items()}
    neighbours_s, commune_s = read.get("neighbours_after_s"), read.get("commune_after_s")
    if neighbours_s is not None and commune_s is not None and commune_s <= neighbours_s:
        parts["commune_after_s"].fault("phải muộn hơn neighbours_after_s.", "must be later than neighbours_after_s.")
    if neighbours_s is not None and not any(hamlet.neighbours for hamlet in hamlets.values()):
        parts["neighbours_after_s"].fault(
            "chưa thôn nào có neighbours; hãy ghi thôn giáp ranh.", "no hamlet has neighbours; write them down."
        )
    return Escalation(neighbours_s, commune_s)


def _check_size(faults: Faults, book: CodeBook) -> None:
    size = message_size(book)
    if size > MAX_MESSAGE_BYTES:
        faults.top.fault(
            f"bản tin tới các hộp kẻng dài {size} byte, hơn {MAX_MESSAGE_BYTES}; hãy bớt bản kẻng riêng hoặc giờ kẻng.",
            f"its message to the nodes is {size} bytes, over {MAX_MESSAGE_BYTES}; use fewer patterns or chimes.",
        )
