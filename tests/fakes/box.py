"""A node's box on virtual time: the real core with a fake speaker, disk, link and sampler around it. Pure.

    box = Box(codebook=a_book(chimes=[CURFEW]))
    box.link_up()                      # the commune answers each hello while `box.commune` is True
    box.hold("red")                    # through the real sampling rule, 0.9 s
    box.at("22:00:05")                 # local time of the hamlet; every deadline on the way is kept to the millisecond
    box.heard[-1].pattern, box.said("sounded"), box.lamps.alert
    box.cut_after = 3                  # the power goes before the fourth effect from now: PowerCut
    box.power_on()                     # another boot; `restart()` is the same boot, as after kill -9

What must always hold: the core is stepped at its own deadline, never later; an effect is done before the next one; what
was written before a cut is in `memory` after it, the rest is not. It is kinder than a real box in one way: nothing in
it takes time.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from fakes.journal import PowerCut
from fakes.speaker import FakeSpeaker, Heard
from msgspec import UNSET, UnsetType

from node.core.effects import Effect, KeepCodeBook, Nudge, Permit, Publish, Show, Silence, Sound, Write
from node.core.items import Began, Contacts, Finished, Item, SpeakerHealth, Stop, Tick
from node.core.items import Heard as HeardSound
from node.core.node import Node
from node.core.records import Memory, Record
from node.core.setup import ContactSetup, Setup
from node.sampling import Sampling
from node.speaker.ports import Ended, Health, Report, Started
from patterns.clip import FRAMES_PER_MS, RATE, Clip
from wire.blinks import BLINKS
from wire.codec import decode, decode_alert, encode
from wire.envelope import Arrived, LinkDown, LinkUp
from wire.messages import ActiveAlarm, Alarms, Alert, Answer, Chime, Hello, Sounded, Status, Welcome, Witness
from wire.signature import Signer
from wire.topics import Topics
from wire.words import AnswerState, Instant, Kind

COMMUNE = "cong-lac"
EVENING_MS = Instant.parse("2026-11-21T14:00:00.000Z").ms
"""21:00 in the hamlet, a Saturday."""
ZONE_AHEAD_MS = 7 * 3_600_000
DAY_MS = 86_400_000
SPIN = 500
"""Steps at one moment beyond which the core is going round in circles."""

CONTACTS = (
    ContactSetup("red", kind="security"),
    ContactSetup("fire", kind="fire"),
    ContactSetup("quiet", kind="theft", silent=True),
    ContactSetup("try", kind="test"),
    ContactSetup("cancel", purpose="cancel", hold_ms=100),
    ContactSetup("drill", purpose="drill", hold_ms=0),
)
CURFEW: dict[str, Any] = {
    "name": "curfew", "at": "22:00", "days": "daily", "pattern": "curfew", "hamlets": "all", "except": [],
}  # fmt: skip


def uid(number: int) -> str:
    """An id that is easy to tell from others."""
    return f"0193a1de-0000-7000-8000-{number:012d}"


def a_clip(name: str, ms: int, *, loops: bool) -> Clip:
    """A clip without samples: the fake speaker counts, it does not listen."""
    frames = ms * FRAMES_PER_MS
    return Clip(name, RATE, memoryview(b""), frames, 0 if loops else None, frames if loops else None, (0, frames // 2))


CLIPS = {
    "alarm": a_clip("alarm", 1_400, loops=True),
    "drill": a_clip("drill", 3_800, loops=True),
    "curfew": a_clip("curfew", 12_000, loops=False),
    "wake": a_clip("wake", 20_000, loops=False),
    "test": a_clip("test", 900, loops=False),
    **{
        f"say/{blink.word}": Clip(f"say/{blink.word}", RATE, memoryview(b""), 2_000 * FRAMES_PER_MS, None, None, ())
        for blink in BLINKS
    },
}


def a_book(**changes: Any) -> bytes:
    """A code book order as JSON: two hamlets, h2 sounds what is pressed in h1."""
    fields: dict[str, Any] = {
        "version": 1, "zone": "Asia/Ho_Chi_Minh", "patterns": {}, "chimes": [], "alarm_s": 180, "cancel_s": 30,
        "relays": {"h1": ["h2"]}, "node_keys": {}, "hamlets": {"h1": ["gong-1"], "h2": ["gong-2"], "h3": ["gong-3"]},
        "issued_at": str(Instant(EVENING_MS)), "counter": 1,
    }  # fmt: skip
    return encode({name: value for name, value in (fields | changes).items() if value is not None})


def an_alarm(
    id: str,  # noqa: A002 - the contract's word
    *,
    kind: Kind = "fire",
    pattern: str = "alarm",
    drill: bool = False,
    hamlets: tuple[str, ...] = ("all",),
    lease_s: int = 180,
) -> ActiveAlarm:
    """An entry of the set."""
    return ActiveAlarm(
        id=id, kind=kind, pattern=pattern, drill=drill, hamlets=hamlets, since=Instant(EVENING_MS), lease_s=lease_s
    )


class Box:
    """See the module."""

    def __init__(
        self,
        *,
        node: str = "gong-1",
        hamlet: str = "h1",
        contacts: tuple[ContactSetup, ...] = CONTACTS,
        codebook: bytes | None = None,
        memory: Memory | None = None,
        signer: Signer | None = None,
        now_ms: int = 50_000,
        wall_ms: int = EVENING_MS,
        logged: bool = True,
        listens: bool = False,
        forgetful: bool = False,
        first_boot: bool = False,
        own_key: str | None = None,
        version: str = "0",
    ) -> None:
        """`listens`: it has a microphone, which hears what `ear` says. `forgetful`: its disk was lost.

        `first_boot`: it was just hung up.
        """
        self.forgetful, self.damaged = forgetful, 0
        """`damaged`: lines of its journal that cannot be read at the next power-on."""
        self.first_boot, self.own_key = first_boot, own_key
        self.listens = listens
        self.version = version
        self.ear: Callable[[int], int | None] = lambda strokes: strokes
        """What it hears of so many strokes."""
        self.node, self.hamlet, self.contacts = node, hamlet, contacts
        self.topics = Topics(COMMUNE)
        self.codebook = codebook
        self.memory = memory or Memory()
        self.now_ms = now_ms
        self.ahead_ms = wall_ms - now_ms
        """The commune's wall time minus our monotonic time."""
        self.signer = signer
        """The commune's key; orders made here are signed with it."""
        self.commune = True
        """Its service answers each hello."""
        self.counter = 0
        """Of the last order made here."""
        self.linked = False
        self.closed: set[str] = set()
        self.lamps = Show("dark", "unheard")
        self.nudges = 0
        self.permit = Permit(None, None)
        """What the updater may install."""
        self.logged = logged
        self.effects: list[tuple[int, Effect]] = []
        """What was done when, if `logged`."""
        self.records: list[Record] = []
        """Written, if `logged`."""
        self.cut_after: int | None = None
        self.on_publish: Callable[[Publish], None] | None = None
        """Where else a publication goes, while there is a link."""
        self.deaf = False
        """The speaker tells nothing."""
        self._heard: list[Heard] = []
        self._runs = 0
        self._boots = 0
        self.power_on()

    # -- power

    def power_on(self) -> None:
        """Boot the machine: monotonic time and contacts go on, nothing else does."""
        self._boots += 1
        self.restart()

    def restart(self) -> None:
        """Start the program again, as after kill -9."""
        self._runs += 1
        self.cut_after = None
        self.linked = False
        self._inbox: deque[Item] = deque()
        self._posted: list[tuple[int, int, Item]] = []
        self._posts = 0
        self._sampling = Sampling()
        self._sample_ms: int | None = self.now_ms
        if self._runs > 1:
            self.speaker.stop()
            self._heard += self.speaker.heard
        self.speaker = FakeSpeaker(self._report, self.now_ms)
        self.core = Node(self._setup(), self.now_ms)
        self._spun = (self.now_ms, 0)
        self.until(self.now_ms)

    def _setup(self) -> Setup:
        return Setup(
            commune=COMMUNE, node=self.node, hamlet=self.hamlet, contacts=self.contacts, boot=f"boot-{self._boots}",
            run=f"run-{self._runs}", seed=f"{self.node} {self._runs}".encode(), memory=self.memory,
            codebook=self.codebook, commune_key=self.signer.public if self.signer else None, listens=self.listens,
            damaged=self.damaged, forgetful=self.forgetful, first_boot=self.first_boot, own_key=self.own_key,
            version=self.version,
        )  # fmt: skip

    # -- time

    def until(self, at_ms: int) -> None:
        """Let time pass, and everything happen that is due on the way."""
        self._drain()
        while (due_ms := self._due_ms()) <= at_ms:
            self.now_ms = max(self.now_ms, due_ms)
            self._turn()
        self.now_ms = max(self.now_ms, at_ms)
        self.speaker.advance(self.now_ms)
        self._drain()

    def wait(self, ms: int) -> None:
        """Let that much time pass."""
        self.until(self.now_ms + ms)

    def at(self, local: str) -> None:
        """Go on to the next time that the hamlet's clock shows HH:MM or HH:MM:SS."""
        hours, minutes, *seconds = (int(part) for part in local.split(":"))
        wanted_ms = ((hours * 60 + minutes) * 60 + sum(seconds)) * 1_000
        self.wait((wanted_ms - self.wall_ms - ZONE_AHEAD_MS) % DAY_MS or DAY_MS)

    @property
    def wall_ms(self) -> int:
        """The commune's wall time now."""
        return self.now_ms + self.ahead_ms

    def _due_ms(self) -> int:
        times = [self.core.deadline_ms, self.speaker.deadline_ms, self._sample_ms]
        if self._posted:
            times.append(self._posted[0][0])
        return min(time for time in times if time is not None)

    def _turn(self) -> None:
        self.speaker.advance(self.now_ms)
        while self._posted and self._posted[0][0] <= self.now_ms:
            self._inbox.append(heapq.heappop(self._posted)[2])
        if self._sample_ms is not None and self._sample_ms <= self.now_ms:
            closed = tuple(sorted(self.closed))
            told, wait_ms = self._sampling.take(self.now_ms, closed)
            self._sample_ms = self.now_ms + wait_ms if told or closed else None
            if told:
                self._inbox.append(Contacts(self.now_ms, closed))
        if not self._inbox and self.core.deadline_ms <= self.now_ms:
            self._inbox.append(Tick())
        self._drain()

    # -- the loop

    def step(self, item: Item) -> None:
        """One item, and what follows from it at once."""
        self._inbox.append(item)
        self._drain()

    def post(self, after_ms: int, item: Item) -> None:
        """An item that comes later."""
        self._posts += 1
        heapq.heappush(self._posted, (self.now_ms + after_ms, self._posts, item))

    def _drain(self) -> None:
        while self._inbox:
            item = self._inbox.popleft()
            at_ms, steps = self._spun
            self._spun = (self.now_ms, steps + 1 if at_ms == self.now_ms else 0)
            assert steps < SPIN, f"a busy loop at {self.now_ms}, last {item}"
            if isinstance(item, LinkUp | LinkDown):
                self.linked = isinstance(item, LinkUp)
            for effect in self.core.step(self.now_ms, item):
                self._do(effect)

    def _do(self, effect: Effect) -> None:
        if self.cut_after is not None:
            if self.cut_after == 0:
                raise PowerCut
            self.cut_after -= 1
        if self.logged:
            self.effects.append((self.now_ms, effect))
        match effect:
            case Sound():
                clip = CLIPS.get(effect.pattern) or (CLIPS["alarm"] if effect.alarm else None)
                if clip is None:
                    self._inbox.append(Finished(effect.ref, "failed", 0, 0, "unknown: not ready"))
                else:
                    self.speaker.play(effect.ref, clip, effect.at_ms)
            case Silence():
                self.speaker.stop(effect.ref)
            case Write():
                self.memory = self.memory.after(effect.record)
                if self.logged:
                    self.records.append(effect.record)
            case Publish():
                self._published(effect)
            case Show():
                self.lamps = effect
            case KeepCodeBook():
                self.codebook = effect.payload
            case Nudge():
                self.nudges += 1
            case Permit():
                self.permit = effect

    def _published(self, effect: Publish) -> None:
        if not self.linked:
            return
        if self.commune and effect.topic == self.topics.up(self.node, "hello"):
            self.post(2, self.a_welcome(decode(effect.payload, Hello).nonce))
        if self.on_publish is not None:
            self.on_publish(effect)

    def _report(self, report: Report) -> None:
        if self.deaf:
            return
        match report:
            case Started():
                self._inbox.append(Began(report.ref, report.at_ns // 1_000_000, report.late_ms))
            case Ended():
                self._inbox.append(Finished(report.ref, report.how, report.duration_ms, report.strokes, report.why))
                if self.listens:
                    self.post(300, HeardSound(report.ref, self.ear(report.strokes), -20.0))
            case Health():
                self._inbox.append(SpeakerHealth(report.ok, report.why))

    # -- hands

    def close(self, *names: str) -> None:
        """Close contacts."""
        self.closed |= set(names)
        self._sample_ms = self.now_ms

    def open(self, *names: str) -> None:
        """Open contacts."""
        self.closed -= set(names)
        self._sample_ms = self.now_ms

    def hold(self, button: str, ms: int = 900) -> None:
        """Hold a button, and let go."""
        self.close(button)
        self.wait(ms)
        self.open(button)
        self.wait(70)

    # -- the link

    def link_up(self) -> None:
        """There is a link; where the commune lives, we are welcomed."""
        self.step(LinkUp())
        self.wait(20)

    def link_down(self) -> None:
        """The link is gone."""
        self.step(LinkDown())

    def arrive(self, arrived: Arrived) -> None:
        """Something comes in."""
        self.step(arrived)

    def stop(self) -> None:
        """An orderly end."""
        self.step(Stop())

    # -- the commune

    def sent(self, topic: str, value: object, *, retained: bool = False) -> Arrived:
        """What the commune says, signed where it has a key."""
        payload = value if isinstance(value, bytes) else encode(value)
        sig = self.signer.sign(topic, payload) if self.signer else None
        return Arrived(topic, payload, retained, sig)

    def next_counter(self) -> int:
        """Rises."""
        self.counter += 1
        return self.counter

    def a_welcome(self, nonce: str) -> Arrived:
        """The time."""
        now = Instant(self.wall_ms)
        welcome = Welcome(nonce=nonce, now=now, issued_at=now, counter=self.counter)
        return self.sent(self.topics.down(self.node, "welcome"), welcome)

    def a_set(self, *alarms: ActiveAlarm, post: bool = False, issued_ms: int | None = None) -> Arrived:
        """The set of alarms, for everybody or for this node at a post."""
        issued_at = Instant(self.wall_ms if issued_ms is None else issued_ms)
        topic = self.topics.down(self.node, "alarms") if post else self.topics.all("alarms")
        return self.sent(topic, Alarms(issued_at=issued_at, counter=self.next_counter(), alarms=alarms))

    def set_of_alarms(self, *alarms: ActiveAlarm, post: bool = False) -> Arrived:
        """The commune states it now."""
        arrived = self.a_set(*alarms, post=post)
        self.arrive(arrived)
        return arrived

    def a_chime(
        self,
        id: str,  # noqa: A002 - the contract's word
        due_ms: int,
        *,
        pattern: str = "curfew",
        grace_s: int = 60,
        hamlets: tuple[str, ...] = ("all",),
        witness: Witness | UnsetType = UNSET,
    ) -> Arrived:
        """A chime ordered for wall time `due_ms`."""
        chime = Chime(
            id=id, pattern=pattern, hamlets=hamlets, due_at=Instant(due_ms), grace_s=grace_s, witness=witness,
            issued_at=Instant(self.wall_ms), counter=self.next_counter(),
        )  # fmt: skip
        return self.sent(self.topics.all("chime"), chime)

    def answer(self, id: str, state: AnswerState) -> None:  # noqa: A002 - the contract's word
        """The commune's word on an alert."""
        self.arrive(self.sent(self.topics.down(self.node, "answer"), Answer(id=id, state=state)))

    def a_peer(
        self,
        id: str,  # noqa: A002 - the contract's word
        *,
        node: str = "gong-2",
        hamlet: str = "h1",
        signer: Signer | None = None,
        **changes: Any,
    ) -> Arrived:
        """What another node says: an Alert, or a Cancel with `cancelled=True`."""
        fields = {
            "id": id, "node": node, "hamlet": hamlet, "kind": "fire", "drill": False, "count": 1, "age_ms": 40,
            "pressed_at": str(Instant(self.wall_ms - 40)), "clock": "synced",
        }  # fmt: skip
        topic, payload = self.topics.up(node, "alert"), encode(fields | changes)
        return Arrived(topic, payload, sig=signer.sign(topic, payload) if signer else None)

    # -- what became of it

    @property
    def heard(self) -> list[Heard]:
        """Stretches of sound, in order, over all runs; not the one that still sounds."""
        return [*self._heard, *self.speaker.heard]

    @property
    def playing(self) -> str | None:
        """Id of what can be heard now."""
        return self.core.sounding if self.speaker.sounding is not None else None

    def sounds(self) -> list[Sound]:
        """Sound effects so far."""
        return [effect for _, effect in self.effects if isinstance(effect, Sound)]

    def said(self, word: str) -> list[Any]:
        """What was published on our topic with that last word, decoded."""
        kinds: dict[str, Any] = {"hello": Hello, "status": Status, "sounded": Sounded}
        return [
            decode(effect.payload, kinds[word]) if word in kinds else decode_alert(effect.payload)
            for effect in self.published(word)
        ]

    def published(self, word: str) -> Iterable[Publish]:
        """The same as it was published."""
        topic = f"{self.topics.root}/up/{self.node}/{word}"
        return [effect for _, effect in self.effects if isinstance(effect, Publish) and effect.topic == topic]

    def alerts(self) -> list[Alert]:
        """Loud alerts said, copies too."""
        return [said for said in self.said("alert") if isinstance(said, Alert)]

    @property
    def status(self) -> Status:
        """The last one told."""
        told: Status = self.said("status")[-1]
        return told

    @property
    def refused(self) -> dict[str, int]:
        """Refusals by reason, as a status would tell them."""
        return {str(reason): count for reason, count in self.core._parts.refused.items()}
