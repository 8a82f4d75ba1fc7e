"""A whole commune on virtual time: one service, some nodes, a broker, links, disks, clocks, officers, a stranger. Pure.

    town = Town(seed=7, witness=Witness())      # a witness checks promises at every moment; None: nobody looks
    town.pass_ms(60_000)                        # the nodes have been welcomed and hold the code book
    town.hold("gong-1", "red")                  # a finger, through the real sampling rule
    town.links["gong-1"].cut(); town.nodes["gong-1"].go_dark(power=True); town.service.kill(); town.broker.crash()
    town.ask("clear", target="all")             # an officer, who asks again until told
    town.heal(); town.pass_ms(120_000)

What must hold: the same seed and the same calls give the same run, to the millisecond; both cores are stepped at their
own deadlines, never later; nothing here reads a clock, or dice other than its seed's.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from fakes.townbroker import Broker
from fakes.townlink import FAIR, Link
from fakes.townnode import NodeMachine
from fakes.townservice import COMMUNE, ServiceMachine
from fakes.towntime import EVENING_MS, Agenda, Clocks
from fakes.townwitness import Witness

from wire.asks import Told
from wire.codec import decode, encode
from wire.envelope import Publication
from wire.signature import Signer
from wire.topics import Topics, Verb

ASK_AGAIN_MS = 3_000  # keng asks again with the same id until it is told
MOST_ASKS = 40
ALARM_S = 90
CHIMES = ("20:50", "21:00", "21:30", "22:00")
HOMES = {"gong-1": "h1", "gong-2": "h2", "post-1": "h3"}
"""Two gongs, the second relays the first's hamlet, and one at the commune's post."""


def town_book(
    homes: dict[str, str], keys: dict[str, str], chimes: Sequence[str] = CHIMES, **changes: Any
) -> dict[str, Any]:
    """A code book's fields: nodes named post-… are posts, the second hamlet relays the first."""
    hamlets = list(dict.fromkeys(homes.values()))
    return {
        "commune": COMMUNE, "name": "Cộng Lạc", "version": 1, "zone": "Asia/Ho_Chi_Minh",
        "alarm_s": ALARM_S, "cancel_s": 30,
        "hamlets": {
            one: {"name": one, "neighbours": [hamlets[(number + 1) % len(hamlets)]]}
            for number, one in enumerate(hamlets)
        },
        "nodes": {
            node: {"hamlet": hamlet, "post": node.startswith("post")} | ({"key": keys[node]} if node in keys else {})
            for node, hamlet in homes.items()
        },
        "relays": {hamlets[0]: [hamlets[1]]} if len(hamlets) > 1 else {},
        "escalation": {"neighbours_after_s": 30, "commune_after_s": 60},
        "chimes": [
            {"name": f"at-{at.replace(':', '')}", "at": at, "days": "daily", "pattern": "curfew", "hamlets": "all"}
            for at in chimes
        ],
    } | changes  # fmt: skip


@dataclass(slots=True)
class Asked:
    """An ask on its way: repeated until it is told."""

    id: str
    user: str
    verb: Verb
    payload: bytes
    at_ms: int
    tries: int = 0
    told: Told | None = None
    told_ms: int = 0


@dataclass(slots=True)
class Captured:
    """Something that was published, for whoever wants to say it again."""

    said: Publication
    by: str
    at_ms: int


@dataclass
class Town:
    """See the module."""

    seed: int = 0
    witness: Witness | None = None
    homes: dict[str, str] = field(default_factory=lambda: dict(HOMES))
    keys: bool = False
    """Whether orders and alerts are signed."""
    ppm: dict[str, int] = field(default_factory=dict)
    """Of crystals, by node."""
    book: dict[str, Any] = field(default_factory=dict)
    """Changes of the code book."""
    commune_wall_off_ms: int = 0
    """How wrong the commune's clock is at first."""
    capture: int = 0
    """How many of the last orders and alerts are kept."""
    begins_ms: int = EVENING_MS
    """True wall time at the beginning."""
    chimes: Sequence[str] = CHIMES
    """Local times of the code book's daily chimes."""
    log: list[tuple[int, str]] | None = None
    """Gets when what was done."""

    def __post_init__(self) -> None:
        self.agenda = Agenda(self.begins_ms, self.log)
        self.rng = random.Random(self.seed)
        self.broker = Broker(self.agenda, self.rng)
        self.topics = Topics(COMMUNE)
        self.captured: list[Captured] = []
        self.asked: dict[str, Asked] = {}
        self.witness = self.witness or Witness()
        self.witness.see(self)
        self.broker.taps += [self._tap, self.witness.published]
        self._commune = commune = Signer(b"commune".ljust(32)) if self.keys else None
        signers = {node: Signer(node.encode().ljust(32)) for node in self.homes} if self.keys else {}
        self.links = {name: Link(self.broker, name) for name in (*self.homes, "service")}
        keys = {node: one.public for node, one in signers.items()}
        self.rival: ServiceMachine | None = None
        """A second service by mistake, once `start_rival` was called; its links and register are its own."""
        self.service = ServiceMachine(
            self.agenda,
            self.links["service"],
            self.witness,
            codebook=town_book(self.homes, keys, self.chimes, **self.book),
            clocks=Clocks(self.agenda, wall_off_ms=self.commune_wall_off_ms),
            signer=commune,
        )
        self.nodes = {
            name: NodeMachine(
                self.agenda,
                self.links[name],
                self.witness,
                hamlet=hamlet,
                # Each begins with another wrong wall clock: 1970, last year, seven hours ahead.
                clocks=Clocks(
                    self.agenda,
                    self.ppm.get(name, 0),
                    (3_600_000 - self.begins_ms, -31_536_000_000, 25_200_000)[number % 3],
                ),
                signer=signers.get(name),
                commune_key=commune.public if commune else None,
            )
            for number, (name, hamlet) in enumerate(self.homes.items())
        }
        self.service.start()
        for node in self.nodes.values():
            node.power_on()

    # -- time

    @property
    def now_ms(self) -> int:
        """True time since the beginning."""
        return self.agenda.now_ms

    def pass_ms(self, ms: int) -> None:
        """Let time pass."""
        self.agenda.until(self.now_ms + ms)

    # -- people

    def hold(self, node: str, *buttons: str, ms: int = 900) -> None:
        """Hold a box's buttons from now on, and let go in `ms`; time passes until then."""
        self.nodes[node].close(*buttons)
        self.pass_ms(ms)
        self.nodes[node].open(*buttons)
        self.pass_ms(70)

    def ask(self, verb: Verb, user: str = "duty", **fields: Any) -> Asked:
        """An officer asks, and asks again until told."""
        id_ = f"{user}-{len(self.asked)}"
        asked = Asked(id_, user, verb, encode({"id": id_, **fields}), self.now_ms)
        self.asked[id_] = asked
        if self.witness is not None:
            self.witness.asked(asked)
        self._ask(asked)
        return asked

    def _ask(self, asked: Asked) -> None:
        if asked.told is None and asked.tries < MOST_ASKS:
            asked.tries += 1
            self.broker.publish(asked.user, Publication(self.topics.ask(asked.user, asked.verb), asked.payload))
            self.agenda.after(ASK_AGAIN_MS, self._ask, asked)

    # -- a stranger

    def forge(self, said: Publication) -> None:
        """Somebody with the broker's ear says this."""
        self.broker.publish("stranger", said)

    # -- the world

    def heal(self) -> None:
        """Everything that is broken works again."""
        self.broker.start()
        self.service.shelf.free_disk()
        for link in self.links.values():
            link.weather = FAIR
            link.heal()
        self.service.cut_after = None
        self.service.start()
        if self.rival is not None:
            self.rival.kill()
        for node in self.nodes.values():
            node.disk.mend()
            node.cut_after = None
            node.power_on()

    def start_rival(self, *, copied: bool) -> None:
        """Somebody starts the service on another machine too, on an empty register or on a copy of this one's."""
        if self.rival is None:
            self.links["rival"] = Link(self.broker, "rival")
            clocks = Clocks(self.agenda, wall_off_ms=self.service.clocks.wall_off_ms)
            self.rival = ServiceMachine(
                self.agenda,
                self.links["rival"],
                self.witness.of_rival() if self.witness is not None else Witness(),
                codebook=self.service.codebook,
                clocks=clocks,
                signer=self._commune,
                name="rival",
            )
            if copied:
                self.rival.shelf = copy.deepcopy(self.service.shelf)
        self.rival.start()

    def _tap(self, who: str, said: Publication) -> None:
        if said.topic.startswith(f"{self.topics.root}/told/"):
            told = decode(said.payload, Told)
            asked = self.asked.get(told.id)
            if asked is not None and asked.told is None:
                asked.told, asked.told_ms = told, self.now_ms
                if self.witness is not None:
                    self.witness.told(asked)
        elif self.capture and who != "stranger" and not said.retain:
            self.captured = [*self.captured, Captured(said, who, self.now_ms)][-self.capture :]
