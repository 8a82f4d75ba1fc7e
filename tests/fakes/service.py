"""A commune's service without its shell: a core, a shelf, a clock that a test moves. Effects are done in their order.

Not real: appends take no time, and nothing that is published is lost. Tests that need those do the effects themselves.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from fakes.register import Shelf

from broker.core.commune import Commune
from broker.core.effects import Append, Effect, Erase, Order, Recall, RestartBroker, Retire, Tell
from broker.core.items import Committed, Item, NotCommitted, Recalled, Tick
from broker.core.setup import CommuneSetup
from broker.errors import RegisterError
from patterns.yamlfile import read_yaml
from wire.envelope import Arrived, LinkUp

NOON_MS = 1_795_237_200_000  # 2026-11-21 12:00 in Hà Nội
ROOT = "keng/1/cong-lac"
ALERT = "0193a1de-0000-7000-8000-{:012d}"


def codebook(**changes: Any) -> dict[str, Any]:
    """The fields of a small commune's code book: the built-in sample, changed."""
    import patterns

    fields = read_yaml(Path(str(patterns.__file__)).parent / "data" / "codebooks" / "cong-lac.yaml").value
    assert isinstance(fields, dict)
    return {**json.loads(json.dumps(fields)), **changes}


def alert_id(number: int) -> str:
    """An id, the same for the same number."""
    return ALERT.format(number)


def alert(node: str = "thon-1", number: int = 1, **changes: Any) -> dict[str, Any]:
    """Wire.md's Alert."""
    fields = {
        "id": alert_id(number),
        "node": node,
        "hamlet": node,
        "kind": "fire",
        "drill": False,
        "pressed_at": "2026-11-21T05:00:00.000Z",
        "clock": "synced",
        "age_ms": 40,
        "count": 1,
    }
    return {**fields, **changes}


def arrived(topic: str, fields: object, *, retained: bool = False, sig: str | None = None) -> Arrived:
    """A publication below the commune's root; `fields` as JSON, or bytes as they are."""
    payload = fields if isinstance(fields, bytes) else json.dumps(fields).encode()
    return Arrived(topic=f"{ROOT}/{topic}", payload=payload, retained=retained, sig=sig)


@dataclass(frozen=True, slots=True)
class Said:
    """Something that was published."""

    topic: str
    """Below the commune's root."""
    fields: dict[str, Any]
    """Decoded."""
    order: bool
    """An order, not an answer."""
    at_ms: int
    """Monotonic."""


@dataclass
class Service:
    """One service after another on the same shelf."""

    book: dict[str, Any] | None = field(default_factory=codebook)
    """The settings' code book."""
    setup: dict[str, Any] = field(default_factory=dict)
    """Of CommuneSetup, other than the defaults."""
    shelf: Shelf = field(default_factory=Shelf)
    """The register."""
    now_ms: int = 1_000_000
    """Monotonic."""
    wall_ms: int = NOON_MS
    """Commune time."""
    said: list[Said] = field(default_factory=list)
    """Everything that was published."""
    done: list[Effect] = field(default_factory=list)
    """Every effect, in order."""
    delivers: bool = True
    """The broker gives the service its beacons back; they are in no list, and only if `setup` asks for them."""
    trip_ms: int = 0
    """How long they are on their way; time passes for it, if it is not 0."""

    def __post_init__(self) -> None:
        self._runs: Iterator[int] = count()
        self._asks: Iterator[int] = count()
        self.beacons: list[Arrived] = []
        """On their way, for as long as the broker does not deliver."""
        self.start()

    def start(self) -> None:
        """A new run of the service, linked."""
        run = next(self._runs)
        base: dict[str, Any] = {
            "commune": "cong-lac",
            "run": f"run-{run}",
            "seed": run.to_bytes(32),
            "codebook": self.book,
            "users": {"duty": "officer", "second": "officer", "tv": "watch"},
        }
        self.core = Commune(CommuneSetup(**{**base, **self.setup}), self.shelf.restore())
        self.give(LinkUp())

    def give(self, item: Item) -> list[Said]:
        """Step with one item, do its effects in order, step with what became of them; what was published."""
        before = len(self.said)
        effects = self.core.step(self.now_ms, self.wall_ms, item)
        while effects:
            effect = effects.pop(0)
            self.done.append(effect)
            match effect:
                case Append():
                    effects += self.core.step(self.now_ms, self.wall_ms, self._append(effect))
                case Recall():
                    effects += self.core.step(
                        self.now_ms, self.wall_ms, Recalled(effect.seq, self.shelf.hash_at(effect.seq))
                    )
                case Order() | Tell():
                    self._publish(effect)
                case Erase() | RestartBroker() | Retire():
                    pass
        for beacon in self._give_back():
            self.give(beacon)
        return self.said[before:]

    def hear(self, topic: str, fields: object, *, retained: bool = False, sig: str | None = None) -> list[Said]:
        """Something arrives."""
        return self.give(arrived(topic, fields, retained=retained, sig=sig))

    def press(self, node: str = "thon-1", number: int = 1, *, silent: bool = False, **changes: Any) -> list[Said]:
        """A copy of an alert arrives."""
        return self.hear(f"up/{node}/{'silent' if silent else 'alert'}", alert(node, number, **changes))

    def cancel(self, node: str = "thon-1", number: int = 1, *, silent: bool = False, **changes: Any) -> list[Said]:
        """A cancel arrives, with all that an alert has."""
        fields = alert(node, number, **changes)
        return self.hear(f"up/{node}/{'silent' if silent else 'alert'}", {**fields, "cancelled": True})

    def hello(self, node: str = "thon-1", **changes: Any) -> list[Said]:
        """A node says hello."""
        version = 0 if self.book is None else self.book["version"]
        return self.hear(f"up/{node}/hello", {"node": node, "nonce": "n", "codebook": version, **changes})

    def status(self, node: str = "thon-1", *, retained: bool = False, **changes: Any) -> list[Said]:
        """A node says how it is."""
        well = {"clock": "synced", "speaker": "ok", "panel": "ok", "disk": "ok", "orders_signed": True}
        fields = {"node": node, "hamlet": node, "online": True, **well, **changes}
        return self.hear(f"up/{node}/status", fields, retained=retained)

    def ask(self, verb: str, user: str = "duty", **fields: Any) -> dict[str, Any]:
        """A user asks; what it is told."""
        ask_id = fields.setdefault("id", f"q{next(self._asks)}")
        told = [one.fields for one in self.hear(f"ask/{user}/{verb}", fields) if one.topic == f"told/{user}"]
        assert [one["id"] for one in told] == [ask_id]
        return told[0]

    def wait(self, wait_ms: int) -> list[Said]:
        """Time passes; the core is stepped at each of its deadlines."""
        before = len(self.said)
        until_ms = self.now_ms + wait_ms
        for _ in range(100_000):
            step_ms = max(0, self.core.deadline_ms - self.now_ms)
            if self.now_ms + step_ms > until_ms:
                break
            self._pass(step_ms)
            self.give(Tick())
        else:
            raise AssertionError("the core's deadline does not move on")
        self._pass(until_ms - self.now_ms)
        return self.said[before:]

    def jump(self, jump_ms: int) -> None:
        """The commune's clock jumps."""
        self.wall_ms += jump_ms

    def sounding(self, topic: str = "all/alarms") -> list[dict[str, Any]]:
        """The set as it was last stated."""
        return [one for one in self.said if one.topic == topic][-1].fields["alarms"]

    def answers(self, number: int = 1) -> list[str]:
        """States that were told of an alert."""
        return [
            one.fields["state"]
            for one in self.said
            if one.topic.endswith("/answer") and one.fields["id"] == alert_id(number)
        ]

    def troubles(self) -> set[tuple[str, str]]:
        """Kind and about of those that are open."""
        return {(one.kind, one.about) for one in self.core.troubles}

    def journal(self, *what: str) -> list[str]:
        """Subjects of the entries of some kind."""
        return [entry.subject for entry in self.shelf.journal if entry.what in what]

    def _give_back(self) -> list[Arrived]:
        if not self.delivers or not self.beacons:
            return []
        back, self.beacons = self.beacons, []
        self._pass(self.trip_ms)
        return back

    def _append(self, append: Append) -> Committed | NotCommitted:
        try:
            self.shelf.append(append.entries)
        except RegisterError as error:
            return NotCommitted(append.token, error.en)
        return Committed(append.token, self.shelf.head)

    def _publish(self, effect: Order | Tell) -> None:
        assert len(effect.payload) <= 8 * 1024
        topic = effect.topic.removeprefix(ROOT + "/")
        if topic == "self/beacon":
            self.beacons.append(Arrived(topic=effect.topic, payload=effect.payload))
            return
        self.said.append(Said(topic, json.loads(effect.payload), isinstance(effect, Order), self.now_ms))

    def _pass(self, ms: int) -> None:
        self.now_ms += ms
        self.wall_ms += ms
