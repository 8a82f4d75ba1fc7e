"""What a town's witness has seen so far: presses, what was stated, what is over, what sounds. Pure; a part of it.

What must hold: it is what really happened (presses, writes that were synced, commits, what was said when), never what a
core believes. It judges nothing: the gongs' and the commune's half of the witness do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fakes.townnode import NodeMachine

from wire.messages import ActiveAlarm

if TYPE_CHECKING:
    from fakes.town import Town

RIVAL_FADES_MS = 130_000  # an alarm of ours may sound so long, and a set of it may be so old
ROUNDED_MS = 1_100  # leases are stated in whole seconds, rounded up
JUMP_SEEN_MS = 301_000  # a node asks for the time at least so often


@dataclass(slots=True)
class Ghost:
    """An alert as it really was."""

    id: str
    node: str
    kind: str
    silent: bool
    drill: bool
    pressed_ms: int
    """True time of the first press."""
    last_ms: int
    """Of the last."""
    boot: int = 0
    """Of the node, at the first."""
    count: int = 1
    cancelled_ms: int | None = None
    claimed: bool = False
    """The journal has it, synced."""
    taken_back: bool = False
    """The journal has that too."""


@dataclass(slots=True)
class Sounding:
    """What a gong sounds now."""

    id: str
    began_ms: int


@dataclass
class Seen:
    """See the module."""

    strict: bool = True
    """False: only watches, for those who measure."""
    alerts: dict[str, Ghost] = field(default_factory=dict)
    stated: dict[str, ActiveAlarm] = field(default_factory=dict)
    """Each alarm as the commune last stated it."""
    over: dict[str, int] = field(default_factory=dict)
    """True time at which an alarm left the set."""
    last_set: tuple[str, ...] = ()
    asks: list[Any] = field(default_factory=list)
    chimes: dict[tuple[str, str], int] = field(default_factory=dict)
    """How often a gong sounded a chime."""
    presses: dict[str, int] = field(default_factory=dict)
    """Presses that each node took."""
    jumped_ms: int = -(10**9)
    """True time of the last jump of the commune's clock."""
    jumps: list[tuple[int, int]] = field(default_factory=list)
    """Each: true time, how far."""
    offsets_ms: list[int] = field(default_factory=list)
    """How wrong the commune's clock has been, each time anew."""
    rival_ms: int = -(10**9)
    """True time at which a second service spoke last."""
    replayed_ms: int = -(10**9)
    """True time of the last replay."""
    heard: list[tuple[str, str, int, int]] = field(default_factory=list)
    """Node, id, began, ended: every sound."""

    def see(self, town: Town) -> None:
        """Begin."""
        self._town = town
        self.offsets_ms = [town.commune_wall_off_ms]
        self._now: dict[str, Sounding] = {}
        self._until: dict[str, int] = {}
        self._reached_ms: dict[str, int] = {}
        self._unclaimed: dict[str, list[tuple[Ghost, bool]]] = {}
        self._quieted: set[tuple[str, str]] = set()
        self._fell_silent: dict[tuple[str, str], tuple[int, int]] = {}
        self._counter = 0
        self._doubt = False
        self._set_ms = 0
        self._stated_until: dict[str, int] = {}
        self._hellos: list[tuple[int, int]] = []
        self._hello_times: dict[str, list[int]] = {}
        self._taken: dict[str, tuple[str, ...]] = {}
        self._silent: set[bytes] = set()
        self._loud: set[str] = set()
        self._unsaved: set[str] = set()

    @property
    def two_speak(self) -> bool:
        """Whether what a gong sounds may be another service's word: which of the two is right nobody can say."""
        return self._town.now_ms - self.rival_ms < RIVAL_FADES_MS

    def broken(self, promise: str, **facts: Any) -> None:
        """A promise is broken."""
        if self.strict:
            told = ", ".join(f"{name}={value}" for name, value in facts.items())
            raise AssertionError(f"{promise} at {self._town.now_ms} ms: {told}")

    def _rank(self, id_: str | None) -> int:
        """0 nothing, 1 a test or chime, 2 a drill, 3 a real alarm."""
        if id_ is None:
            return 0
        known: Ghost | ActiveAlarm | None = self.alerts.get(id_) or self.stated.get(id_)
        if "/" in id_ or known is None:
            return 1
        return 2 if known.drill else 1 if known.kind == "test" else 3

    def _steady_ms(self, node: NodeMachine) -> int:
        town = self._town
        if not (node.running and town.service.running):
            return 0
        return min(node.link.steady_ms(), town.links["service"].steady_ms(), town.now_ms - town.service.started_ms)

    def _allow(self, id_: str, until_ms: int) -> None:
        self._until[id_] = max(self._until.get(id_, 0), until_ms)

    @property
    def _alarm_s(self) -> int:
        alarm_s: int = self._town.service.codebook["alarm_s"]
        return alarm_s
