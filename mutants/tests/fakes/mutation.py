"""Genuine messages, spoilt: one seed, one stream of forgeries. Pure.

    forger = Forger(random.Random(7), pool, strangers=[Signer(b"x" * 32)])
    forger.one()              # an Arrived that nobody who may say it has ever said

What is done to a message, once or up to three times over: bytes, a JSON field, the topic, the signature, the counter,
the times, the broker's flag of what was kept; and some are renewed, right in everything but the key. What must hold:
what comes out is never a message of the pool as it was, and no key of the pool's owners is used; `strangers` are keys
that somebody has but that fit nothing in the pool.
It does not know what is right or wrong about a message: a spoilt one may still be harmless to obey.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import structs

from wire.envelope import Arrived, Publication
from wire.signature import Signer

JUNK: tuple[Any, ...] = (
    None, True, -1, 0, 10**30, 2**53, 1e308, "", "x", "all", "\x00", "đ" * 90, [], {}, [[]], {"a": {"b": []}},
)  # fmt: skip
DEEP = (b"[" * 3_000, b'{"a":' * 1_300, b"[" * 4_000 + b"]" * 4_000)
BYTES = (b"", b"\xff", b"\xed\xa0\x80", b"\x00", b"NaN", b"1e999", b'"', b"}", b",", b"9" * 400)
FORGED = "0193ffff-0000-7000-8000-{:012d}"
TIMES = ("issued_at", "pressed_at", "due_at", "now", "since", "at", "started_at")
SHIFTS = (
    "1970-01-01T00:00:00.000Z", "2026-11-14T13:40:00.000Z", "2026-11-21T13:40:31.000Z", "2026-11-21T14:00:00.000Z",
    "9999-12-31T23:59:59.999Z", "2026-11-21T20:40:00.000+07:00", "2026-02-30T00:00:00Z", "tomorrow",
)  # fmt: skip
MOST = 3  # mutations of one message
ALIKE = 60  # genuine messages of one kind to choose from; newer ones take the place of older
SPLICED_BYTES = 64


class Forger:
    """See the module."""

    def __init__(
        self,
        rng: random.Random,
        pool: Sequence[Publication],
        strangers: Sequence[Signer] = (),
        now: Callable[[], tuple[str, int]] = lambda: (SHIFTS[0], 1),
    ) -> None:
        """`now`: the commune's time, and a counter that no order has borne yet."""
        self._rng = rng
        self._now = now
        self._pool: dict[str, list[Arrived]] = {}
        self._genuine: set[tuple[str, bytes, str | None]] = set()
        for one in pool:
            self.add(one)
        self._strangers = strangers
        self._ways: tuple[Callable[[Arrived], Arrived], ...] = (
            self._bytes, self._field, self._field, self._topic, self._signature, self._counter, self._time, self._kept,
            self._renewed, self._renewed,
        )  # fmt: skip

    def add(self, said: Publication) -> None:
        """One more genuine message; where there are many of its kind, another makes room."""
        self._genuine.add((said.topic, said.payload, said.sig))
        alike = self._pool.setdefault(said.topic.rpartition("/")[2], [])
        if len(alike) >= ALIKE:
            del alike[self._rng.randrange(ALIKE)]
        alike.append(Arrived(said.topic, said.payload, False, said.sig))

    def genuine(self) -> Arrived:
        """Something that was really said; the rare kinds as often as the others."""
        return self._rng.choice(self._pool[self._rng.choice([*self._pool])])

    def one(self) -> Arrived:
        """The next forgery."""
        rng = self._rng
        while True:
            spoilt = self.genuine()
            for _ in range(1 if rng.random() < 0.7 else rng.randint(2, MOST)):
                spoilt = rng.choice(self._ways)(spoilt)
            if spoilt.retained or (spoilt.topic, spoilt.payload, spoilt.sig) not in self._genuine:
                return spoilt

    # -- one mutation each

    def _bytes(self, one: Arrived) -> Arrived:
        rng, raw = self._rng, bytearray(one.payload or b"{}")
        at = rng.randrange(len(raw))
        match rng.randrange(8):
            case 0:
                raw[at] ^= 1 << rng.randrange(8)
            case 1:
                raw[at] = rng.randrange(256)
            case 2:
                del raw[at:]
            case 3:
                del raw[at : at + rng.randint(1, 9)]
            case 4:
                raw[at:at] = rng.choice(BYTES)
            case 5:
                other = self.genuine().payload
                raw[at : at + SPLICED_BYTES] = other[at : at + SPLICED_BYTES]
            case 6:
                raw += raw[at:]
            case _:
                raw[at:at] = rng.choice(DEEP)
        return structs.replace(one, payload=bytes(raw))

    def _field(self, one: Arrived) -> Arrived:
        """Something else at one place, however deep; or a place less, or one more."""
        rng = self._rng

        def spoil(fields: dict[str, Any]) -> None:
            places = list(_places(fields))
            inside, key = rng.choice(places)
            match rng.randrange(5):
                case 0:
                    del inside[key]
                case 1 | 2:
                    inside[key] = rng.choice(JUNK)
                case 3:
                    other, name = rng.choice(places)
                    inside[key] = json.loads(json.dumps(other[name]))
                case _:
                    theirs = _fields(self.genuine())
                    inside[key] = theirs.get(key) if isinstance(key, str) else rng.choice(JUNK)

        return _edited(one, spoil)

    def _topic(self, one: Arrived) -> Arrived:
        rng, parts = self._rng, one.topic.split("/")
        match rng.randrange(6):
            case 0:
                return structs.replace(one, topic=self.genuine().topic)
            case 1:
                parts[rng.randrange(len(parts))] = rng.choice(
                    ["+", "#", "", "all", "x", "GONG-1", "gong-1\x00", "down"]
                )
            case 2:
                parts.append(rng.choice(["alarms", "", "#"]))
            case 3:
                del parts[rng.randrange(len(parts))]
            case 4:
                parts[-1] = rng.choice(
                    ["alarms", "chime", "codebook", "answer", "welcome", "alert", "silent", "status"]
                )
            case _:
                if len(parts) == 6:
                    parts[4] = rng.choice(["gong-1", "gong-2", "post-1", f"x{rng.randrange(10**6)}"])
        return structs.replace(one, topic="/".join(parts))

    def _signature(self, one: Arrived) -> Arrived:
        rng, sig = self._rng, one.sig or ""
        match rng.randrange(6):
            case 0:
                made: str | None = None
            case 1:
                made = self.genuine().sig
            case 2:
                made = rng.choice(["", "x", "=" * 88, "A" * 88, "đ" * 88, sig.lower(), sig + "=", sig[:-1], "\n" + sig])
            case 3 if sig:
                at = rng.randrange(len(sig))
                made = sig[:at] + rng.choice("AZaz09+/=") + sig[at + 1 :]
            case _:
                made = self._signed_by_a_stranger(one)
        return structs.replace(one, sig=made)

    def _signed_by_a_stranger(self, one: Arrived) -> str | None:
        if not self._strangers or "\x00" in one.topic:
            return None
        return self._rng.choice(self._strangers).sign(one.topic, one.payload)

    def _counter(self, one: Arrived) -> Arrived:
        def spoil(fields: dict[str, Any]) -> None:
            for name in ("counter", "count", "version", "age_ms", "lease_s"):
                if isinstance(fields.get(name), int):
                    by = self._rng.choice([1, -1, 1_000, 10**6, -(10**6), 2**53])
                    fields[name] += by

        return _edited(one, spoil)

    def _time(self, one: Arrived) -> Arrived:
        def spoil(fields: dict[str, Any]) -> None:
            for name in TIMES:
                if name in fields:
                    fields[name] = self._rng.choice(SHIFTS)

        return _edited(one, spoil)

    def _renewed(self, one: Arrived) -> Arrived:
        """Of now, with the next number and ids that nobody has used: only the signature can give it away."""
        now, counter = self._now()

        def renew(fields: dict[str, Any]) -> None:
            fields.update({name: now for name in TIMES if name in fields})
            fields.update({name: value for name, value in (("counter", counter), ("age_ms", 0)) if name in fields})
            alarms = fields.get("alarms")
            for holder in [fields, *(alarms if isinstance(alarms, list) else ())]:
                if isinstance(holder, dict) and "/" not in str(holder.get("id", "/")):
                    holder["id"] = FORGED.format(self._rng.randrange(10**12))

        return self._signature(_edited(one, renew))

    def _kept(self, one: Arrived) -> Arrived:
        return structs.replace(one, retained=True)


def _fields(one: Arrived) -> dict[str, Any]:
    try:
        fields = json.loads(one.payload)
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}


def _edited(one: Arrived, edit: Callable[[dict[str, Any]], None]) -> Arrived:
    fields = _fields(one)
    if not fields:
        return one
    edit(fields)
    return structs.replace(
        one, payload=json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")
    )


def _places(inside: Any) -> Any:
    """Every (container, key) of a tree."""
    for key, value in inside.items() if isinstance(inside, dict) else enumerate(inside):
        yield inside, key
        if isinstance(value, (dict, list)):
            yield from _places(value)
