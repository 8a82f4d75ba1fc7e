"""A million forgeries, made of the genuine traffic of a commune with keys, to gongs and a service in every state.

What must hold: none raises in either core, none sounds, opens an incident or promises anything, and none is remembered
for ever. The witness judges each step: a gong may sound what was pressed or stated, and nothing else.
KENG_SOAK=1: a million, evening after evening, and on after one that broke a promise; soak.md keeps what it came to.
A failure names its evening: KENG_EVENING=n plays that one again, to the letter; KENG_EVENINGS=n begins at another.
The messages a second are printed (`pytest -s`).
"""

import gc
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

import pytest
from fakes.mutation import Forger
from fakes.soaktable import note
from fakes.town import Town
from fakes.townwitness import Witness

from wire.channels import CHANNELS
from wire.codec import decode
from wire.envelope import Arrived, Publication
from wire.signature import Signer
from wire.words import Instant

SOAK = os.environ.get("KENG_SOAK") == "1"
FORGERIES = 1_000_000 if SOAK else 8_000
EACH = 8_000  # of one town: then another seed, so that nothing depends on how one evening went
ONE = os.environ.get("KENG_EVENING")
FIRST = int(ONE or os.environ.get("KENG_EVENINGS", "0"))
TABLE = Path(__file__).with_name("soak")
HEAD = """# Forgeries: what the last soak came to

Written by `KENG_SOAK=1 pytest -s tests/attacker/test_mutated.py`. Genuine messages, spoilt, to gongs and a service in
every state; broken: evenings in which one raised, sounded, was promised something, or silenced what should sound."""
BATCH = 25  # at one moment
WORDS = {(one.way, one.word): one.messages[0] for one in CHANNELS}
REPLAYED = 0.03  # said again as they were: the witness knows when that may sound
GROWN = 6_000  # objects that a core may hold more after thousands of forgeries: tables of refusals, windows of rates
NODES_GATES = {"unsigned", "signature", "retained", "topic", "counter", "nonce"}
SERVICE_GATES = {"unsigned", "signature", "retained", "topic", "stranger", "json", "field", "encoding", "oversized"}
STRANGERS = [Signer(b"a stranger".ljust(32)), Signer(b"commune".ljust(32, b"\0"))]

pytestmark = [pytest.mark.pure, pytest.mark.timeout(0 if SOAK else 300)]


class OnlyWhatSounds(Witness):
    """Judges all but what anybody may say of a node that has its ear: hellos and statuses are not signed."""

    def _check_silent_node(self, node): ...

    def heard_by_service(self, item):
        """Forged hellos use up what a box may say in a minute: what follows a genuine one is not judged."""


class OnlyWords(Witness):
    """Judges the commune's words alone, where everybody is believed: what it says is a message of the contract."""

    def see(self, town):
        super().see(town)

    def looked(self, node): ...

    def check(self): ...

    def said(self, who, said): ...

    def wrote(self, node, record): ...

    def committed(self, entries): ...

    def ordered(self, effect, said):
        place = self._town.topics.parse(said.topic)
        order = decode(said.payload, WORDS[place.way, place.word])
        self._counter = getattr(order, "counter", self._counter)


class Evening:
    """A town that goes from state to state while forgeries rain on it."""

    def __init__(self, seed: int, *, keys: bool = True, witness: type[Witness] = OnlyWhatSounds) -> None:
        self.rng = random.Random(seed)
        self.town = Town(seed=seed, keys=keys, commune_wall_off_ms=530_000, witness=witness())
        self.forger = Forger(self.rng, [], STRANGERS, self._now)
        self.keys = keys
        self.given: Counter[str] = Counter()
        self.refused: dict[str, set[str]] = {"nodes": set(), "service": set()}
        self.town.broker.taps.append(self._heard)
        self._states = (
            self.quiet, self.pressed, self.silently_pressed, self.cancelled, self.drilled, self.ordered, self.ended,
            self.just_booted, self.restarted, self.cut_off, self.alone,
        )  # fmt: skip
        self.town.pass_ms(20_000)
        for state in (self.pressed, self.silently_pressed, self.ordered, self.cancelled, self.ended):
            state()  # so that there is something genuine of every kind
        self.town.pass_ms(60_000)  # the chime of 20:50, by the commune's clock

    def _heard(self, who: str, said: Publication) -> None:
        # What a person asks is believed for his password's sake: a forged wish of his is his.
        if who != "stranger" and (not self.keys or "/ask/" not in said.topic):
            self.forger.add(said)

    def _now(self) -> tuple[str, int]:
        return str(Instant(self.town.service.clocks.wall_ms)), self.town.witness._counter + 1_000

    # -- states

    def quiet(self) -> None:
        self.town.ask("clear", target="all")
        self.town.pass_ms(5_000)

    def pressed(self) -> None:
        self.town.hold("gong-1", "red")
        self.town.pass_ms(500)

    def silently_pressed(self) -> None:
        self.town.hold("gong-2", "quiet")
        self.town.pass_ms(500)

    def cancelled(self) -> None:
        self.town.hold("gong-2", "fire")
        self.town.hold("gong-2", "cancel", ms=300)

    def drilled(self) -> None:
        self.town.ask("alarm", kind="fire", hamlets=["h2"], drill=True)
        self.town.pass_ms(700)

    def ordered(self) -> None:
        self.town.ask("alarm", kind="fire", hamlets=["all"], lease_s=30)
        self.town.pass_ms(700)

    def ended(self) -> None:
        self.town.ask("close", target="all", outcome="báo nhầm")
        self.town.pass_ms(3_000)

    def just_booted(self) -> None:
        self.town.nodes["gong-1"].go_dark(power=True)
        self.town.pass_ms(300)
        self.town.nodes["gong-1"].power_on()

    def restarted(self) -> None:
        self.town.nodes["gong-2"].go_dark(power=False)
        self.town.nodes["gong-2"].start()
        self.town.service.kill()
        self.town.service.start()
        self.town.pass_ms(self.rng.choice([1, 20, 100]))

    def cut_off(self) -> None:
        self.town.links["gong-2"].cut()
        self.town.pass_ms(12_000)
        self.town.links["gong-2"].heal()

    def alone(self) -> None:
        """The service is away: the gongs have one another."""
        self.town.service.kill()
        self.town.hold("gong-2", "red")
        self.rain(4)
        self.town.service.start()

    # -- forgeries

    def run(self, forgeries: int) -> None:
        """So many, in whatever state it is."""
        while sum(self.given.values()) < forgeries:
            self.rng.choice(self._states)()
            self.rain(10)

    def rain(self, batches: int) -> None:
        """Some at once, some time, and again."""
        for _ in range(batches):
            for _ in range(BATCH):
                self._one()
            self._count()
            self.town.pass_ms(self.rng.choice([1, 40, 700, 3_000]))
            self.town.witness.check()

    def _one(self) -> None:
        town, rng = self.town, self.rng
        if rng.random() < REPLAYED:
            arrived = self.forger.genuine()
            town.witness.replayed_ms = town.now_ms
        else:
            arrived = self.forger.one()
        where = rng.choice([*town.nodes, "service"])
        self.given[where] += 1
        try:
            self._give(where, arrived)
        except Exception as error:
            raise AssertionError(f"{error}, to {where}: {arrived}") from error

    def _count(self) -> None:
        for node in self.town.nodes.values():
            self.refused["nodes"] |= node.core._parts.refused.keys()
        for reasons in self.town.service.core.refused.values():
            self.refused["service"] |= reasons.keys()

    def _give(self, where: str, arrived: Arrived) -> None:
        if where == "service":
            self.town.service.give(arrived)  # past the witness's count of honest hellos
        else:
            self.town.nodes[where].deliver(arrived)

    def held(self) -> int:
        """Objects that the cores hold."""
        return _reachable([self.town.service.core, *(node.core for node in self.town.nodes.values())])


def _reachable(roots: list[object]) -> int:
    seen: set[int] = set()
    waiting = roots
    while waiting:
        waiting = [
            one
            for one in gc.get_referents(*waiting)
            if not isinstance(one, (type, ModuleType, FunctionType, BuiltinFunctionType, MethodType))
            and not (id(one) in seen or seen.add(id(one)))
        ]
    return len(seen)


def evenings(name: str, forgeries: int, **how: Any) -> Iterator[Evening]:
    """Evening after evening, each when it is over; how fast it went is printed. AssertionError for what broke."""
    began_s, broken = time.process_time(), []
    numbers = range(FIRST, FIRST + 1) if ONE else range(FIRST, FIRST + -(-forgeries // EACH))
    long = EACH if ONE else min(EACH, forgeries)
    for number in numbers:
        evening = Evening(number, **how)
        try:
            evening.run(long)
        except Exception as error:
            broken.append(f"KENG_EVENING={number} plays it again: {error}")
            print(f"\n{broken[-1]}")
            if not SOAK:
                raise AssertionError(broken[-1]) from error
        else:
            yield evening
    said, took_s = len(numbers) * long, time.process_time() - began_s
    print(f"\n{said:,} forgeries, {said / took_s:,.0f} a second")
    if SOAK and not ONE:
        figures = {"evenings": len(numbers), "broken": len(broken), "took_s": round(took_s)}
        note(TABLE, HEAD, name, forgeries=said, **figures, a_second=f"{said / took_s:,.0f}")
    assert not broken, broken


def test_no_forgery_of_genuine_traffic_sounds_raises_or_is_promised_anything():
    nodes, service = set(), set()
    for evening in evenings("with keys", FORGERIES):
        nodes |= evening.refused["nodes"]
        service |= evening.refused["service"]
        assert {id_ for _, id_, _, _ in evening.town.witness.heard} - {""}, "nothing genuine sounded either"
    # They got as far as they should: each of the gates has refused some.
    assert nodes >= NODES_GATES, nodes
    assert service >= SERVICE_GATES, service


def test_where_everybody_is_believed_no_forgery_raises_and_what_the_commune_says_of_it_is_in_the_contract():
    for _ in evenings("everybody is believed", FORGERIES // 4, keys=False, witness=OnlyWords):
        pass


def test_forgeries_are_not_remembered():
    evening = Evening(1)
    evening.quiet()
    evening.rain(40)
    before = evening.held()
    evening.rain(200)
    assert evening.held() - before < GROWN
