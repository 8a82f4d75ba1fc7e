"""A commune's service that is given a release to offer, and five nodes that say how they are as often as they must."""

from __future__ import annotations

from typing import Any

from fakes.service import Service

from broker.core.items import Tick

RELEASE = {"version": "0.2.0", "manifest": "0" * 64, "port": 8445}
NODES = tuple(f"thon-{number}" for number in range(1, 6))
HOUR_MS = 3_600_000
REST_MS = 10_000
"""A node is missed a second later."""


class OfferTown:
    """A service whose nodes speak up as often as they must."""

    def __init__(self, **how: Any) -> None:
        self.service = Service(**how)
        self.is_: dict[str, dict[str, Any]] = {node: {"version": "0.1.0"} for node in NODES}
        self.away: set[str] = set()
        self.beat()

    def beat(self) -> None:
        """Every node says how it is."""
        for node in NODES:
            if node not in self.away:
                self.service.status(node, **self.is_[node])

    def wait(self, seconds: int = 10) -> None:
        """Time passes."""
        for _ in range(seconds // 5):
            self.service.wait(5_000)
            self.beat()

    def rest(self, ms: int) -> None:
        """A longer time passes, in steps in which nobody who is there is missed."""
        for _ in range(ms // REST_MS):
            self.service.now_ms += REST_MS
            self.service.wall_ms += REST_MS
            self.service.give(Tick())
            self.beat()

    def skip(self, ms: int) -> None:
        """A long time passes at once, and everybody was there."""
        self.service.now_ms += ms
        self.service.wall_ms += ms
        self.service.status("thon-2", **self.is_["thon-2"])
        self.beat()
        self.wait()

    def offer(self, name: str = "o1", **fields: Any) -> dict[str, Any]:
        told = self.service.ask("update", **{"id": name, "release": RELEASE, "first": "thon-2"} | fields)
        self.wait()
        return told

    def says(self, node: str, state: str, why: str = "", *, version: str = "0.1.0", offer: str = "o1") -> None:
        update = {"offer": offer, "version": "0.2.0", "state": state, "why": why}
        self.is_[node] = {"version": version, "update": update}
        self.beat()
        self.wait()

    def has(self, *nodes: str) -> None:
        for node in nodes:
            self.says(node, "done", version="0.2.0")

    def chimes(self, node: str = "thon-2", **fields: Any) -> None:
        sounded = {
            "id": "curfew/2026-11-21", "pattern": "curfew", "started_at": None, "late_ms": 0, "duration_ms": 9_000,
            "strokes": 20, "ended": "finished",
        }  # fmt: skip
        self.service.hear(f"up/{node}/sounded", sounded | fields)
        self.wait()

    def orders(self, node: str | None = None) -> list[tuple[str, str | None]]:
        """Offered to whom, and which version; None: taken back."""
        found = []
        for one in self.service.said:
            way, _, rest = one.topic.partition("/")
            who, _, word = rest.partition("/")
            if (way, word) == ("down", "update") and node in (None, who):
                release = one.fields["release"]
                found.append((who, None if release is None else release["version"]))
        return found

    def offered(self) -> set[str]:
        """Who has been offered it so far."""
        return {who for who, version in self.orders() if version is not None}

    def look(self, user: str = "duty") -> dict[str, Any]:
        return self.service.ask("status", user)["result"]["update"]


def proved() -> OfferTown:
    """The first one has it, and has sounded a chime."""
    town = OfferTown()
    town.offer()
    town.has("thon-2")
    town.chimes()
    return town
