"""Entries for a journal, as the commune's core writes them: for tests of registers."""

from broker.core.records import Alarm, AskRow, Entry, Incident, Mute, NodeRow, Trouble

NOON_MS = 1_800_000_000_000
DAY_MS = 24 * 3600 * 1000


def uuid(number: int) -> str:
    """An id."""
    return f"0193a1de-0000-7000-8000-{number:012d}"


def incident(number: int, at_ms: int = NOON_MS, **changes: object) -> Incident:
    """An open one."""
    fields: dict[str, object] = {
        "id": uuid(number),
        "kind": "fire",
        "hamlet": "thon-1",
        "node": "n1",
        "silent": False,
        "drill": False,
        "state": "open",
        "opened_at_ms": at_ms,
        "pressed_at_ms": at_ms - 40,
    }
    return Incident(**{**fields, **changes})


def opened(number: int, at_ms: int = NOON_MS, **changes: object) -> Entry:
    """An alert arrived."""
    row = incident(number, at_ms, **changes)
    return Entry(what="alert", subject=row.id, by="n1", at_ms=at_ms, body={"age_ms": 40}, incident=row)


def acknowledged(number: int, at_ms: int = NOON_MS) -> Entry:
    """An officer took it."""
    row = incident(number, state="acknowledged", acknowledged_by="duty", acknowledged_at_ms=at_ms)
    return Entry(what="acknowledged", subject=row.id, by="duty", at_ms=at_ms, incident=row)


def closed(number: int, at_ms: int = NOON_MS) -> Entry:
    """An officer ended it."""
    row = incident(number, state="closed", closed_by="duty", closed_at_ms=at_ms, outcome="cháy", note="Bếp nhà bà Tư")
    return Entry(what="closed", subject=row.id, by="duty", at_ms=at_ms, incident=row)


def sounding(number: int, active: bool = True, hamlets: tuple[str, ...] = ("thon-1",)) -> Entry:
    """An alarm began, or ended."""
    row = Alarm(
        id=uuid(number),
        kind="fire",
        pattern="alarm",
        drill=False,
        silent=False,
        hamlets=hamlets,
        since_ms=NOON_MS,
        life_s=180,
        by="n1",
        active=active,
    )
    return Entry(what="sounding" if active else "silenced", subject=row.id, by=None, at_ms=NOON_MS, alarm=row)


def trouble(about: str, at_ms: int = NOON_MS, over_at_ms: int | None = None, why: str = "Im lặng") -> Entry:
    """A node fell silent, or is back."""
    row = Trouble(kind="node_silent", about=about, why=why, since_ms=at_ms, over_at_ms=over_at_ms)
    return Entry(what="mended" if over_at_ms else "trouble", subject=about, by=None, at_ms=at_ms, trouble=row)


def mute(about: str, kind: str = "all", over_at_ms: int | None = None, why: str = "Chờ loa mới") -> Entry:
    """An officer has a node's troubles raise nobody, or that is over."""
    row = Mute(
        node=about, kind=kind, why=why, by="duty", since_ms=NOON_MS, until_ms=NOON_MS + DAY_MS, over_at_ms=over_at_ms
    )
    return Entry(what="unmuted" if over_at_ms else "muted", subject=about, by="duty", at_ms=NOON_MS, mute=row)


def node(name: str, version: str = "1") -> Entry:
    """A node was heard."""
    row = NodeRow(id=name, hamlet="thon-1", version=version, first_at_ms=NOON_MS, last_at_ms=NOON_MS)
    return Entry(what="node", subject=name, by=name, at_ms=NOON_MS, node=row)


def ask(number: int, user: str = "duty", ok: bool = True, why: str = "") -> Entry:
    """Somebody asked."""
    row = AskRow(user=user, id=f"a{number}", verb="clear", ok=ok, why=why, target=None, at_ms=NOON_MS)
    return Entry(what="asked", subject=row.id, by=user, at_ms=NOON_MS, ask=row)


def chime(day: int, at_ms: int) -> Entry:
    """A chime was ordered."""
    return Entry(what="chime", subject=f"curfew/2026-11-{day:02d}", by=None, at_ms=at_ms)


def sounded(chime_id: str, node_name: str, ended: str = "finished") -> Entry:
    """A node's proof."""
    return Entry(what="sounded", subject=chime_id, by=node_name, at_ms=NOON_MS, body={"ended": ended})


def joined(number: int, older: int) -> Entry:
    """An alert was taken as insistence on an older incident."""
    body = {"joined": uuid(number)}
    return Entry(what="insisted", subject=uuid(older), by="n1", at_ms=NOON_MS, body=body, incident=incident(older))


def counter(value: int) -> Entry:
    """Orders up to this number."""
    return Entry(what="counter", subject="counter", by=None, at_ms=NOON_MS, body={"counter": value})
