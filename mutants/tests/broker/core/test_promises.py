"""What the core keeps, whatever comes, in whatever order, with power cuts between any two effects."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fakes.register import Shelf
from fakes.service import NOON_MS, ROOT, alert, alert_id, arrived, codebook
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from broker.core.commune import Commune
from broker.core.effects import Append, Effect, Erase
from broker.core.incident import ENDED
from broker.core.items import Committed, Item, NotCommitted, Tick
from broker.core.setup import CommuneSetup
from broker.errors import RegisterError
from wire.envelope import LinkDown, LinkUp

pytestmark = pytest.mark.pure

THREE_YEARS_MS = 3 * 365 * 86_400_000
NUMBERS = st.integers(0, 7)
USERS = st.sampled_from(["duty", "second"])


def node_of(number: int) -> str:
    return f"thon-{number % 3 + 1}"


def is_silent(number: int) -> bool:
    return number in (2, 3)


def is_drill(number: int) -> bool:
    return number in (1, 3, 5)


class Night(RuleBasedStateMachine):
    """One commune, one shelf, one service after another."""

    def __init__(self) -> None:
        super().__init__()
        self.shelf = Shelf()
        self.now_ms, self.wall_ms = 1_000_000, NOON_MS
        self.runs = 0
        self.asks = 0
        self.looked = 0
        self.cut_after: int | None = None
        self.pressed: set[int] = set()
        self.over: set[str] = set()
        self.final: dict[str, str] = {}
        self.counter = 0
        self.chimes: list[str] = []

    @initialize()
    def begin(self) -> None:
        self.start()

    def start(self) -> None:
        self.runs += 1
        book = codebook()
        book["nodes"]["thon-5"]["post"] = True
        setup = CommuneSetup(
            commune="cong-lac",
            run=f"run-{self.runs}",
            seed=self.runs.to_bytes(32),
            codebook=book,
            users={"duty": "officer", "second": "officer", "tv": "watch"},
        )
        self.core = Commune(setup, self.shelf.restore())
        self.give(LinkUp())

    def give(self, item: Item) -> None:
        effects = self.core.step(self.now_ms, self.wall_ms, item)
        left = self.cut_after
        while effects:
            if left is not None and left <= 0:
                self.power_cut()
                return
            effect = effects.pop(0)
            left = None if left is None else left - 1
            if isinstance(effect, Append):
                if left == 0:  # written, not committed
                    self.write(effect)
                    self.power_cut()
                    return
                effects += self.core.step(self.now_ms, self.wall_ms, self.append(effect))
            else:
                self.see(effect)
        if left is not None:
            self.cut_after = left
        self.look()

    def power_cut(self) -> None:
        self.cut_after = None
        if self.core.unwritten and self.broken:
            self.counter = 0  # a disk that was full reserves no numbers: the one case that is not promised
        self.shelf.power_cut()
        self.start()

    @property
    def broken(self) -> bool:
        return ("register", "commune") in {(one.kind, one.about) for one in self.core.troubles}

    def write(self, effect: Append) -> None:
        try:
            self.shelf.write(effect.entries)
        except RegisterError:
            return

    def append(self, effect: Append) -> Committed | NotCommitted:
        try:
            self.shelf.append(effect.entries)
        except RegisterError as error:
            return NotCommitted(effect.token, error.en)
        return Committed(effect.token)

    def see(self, effect: Effect) -> None:
        """Check everything that is published against what is on the shelf."""
        if isinstance(effect, Append | Erase):
            return
        assert len(effect.payload) <= 8 * 1024
        topic, fields = effect.topic.removeprefix(ROOT + "/"), json.loads(effect.payload)
        if "counter" in fields:
            assert fields["counter"] > self.counter, "a counter went back"
            self.counter = fields["counter"]
        if topic == "all/alarms":
            self.see_set(fields["alarms"])
        elif topic == "all/chime":
            self.chimes.append(fields["id"])
        elif topic.endswith("/answer"):
            self.see_answer(fields)
        elif topic.startswith("told/") and fields["ok"] and fields["target"]:
            assert any(entry.ask is not None and entry.ask.id == fields["id"] for entry in self.shelf.journal)

    def see_set(self, alarms: list[dict[str, Any]]) -> None:
        for one in alarms:
            assert one["id"] not in self.over, "sounds again after its end was told"
            number = int(one["id"][-12:]) if one["id"].startswith("0193a1de-0000-7000") else None
            if number is not None:
                assert not is_silent(number), "a silent alert among all alarms"
                assert one["drill"] == is_drill(number)
            assert (one["pattern"] == "drill") == one["drill"]
            assert 1 <= one["lease_s"] <= 600

    def see_answer(self, fields: dict[str, Any]) -> None:
        row = self.shelf.incidents.get(fields["id"])
        assert row is not None, "answered before it was committed"
        state = {"open": "received"}.get(row.state, row.state)
        assert fields["state"] == state, "told what is not on the disk"
        if fields["state"] == "acknowledged":
            assert fields["by"] in {"duty", "second"}, "acknowledged by no person"

    def look(self) -> None:
        """What must hold after every step."""
        opened = [entry.subject for entry in self.shelf.journal if entry.what in {"alert", "opened"}]
        assert len(opened) == len(set(opened)), "one alert, two openings"
        for id_, row in self.shelf.incidents.items():
            if row.state in ENDED:
                assert self.final.setdefault(id_, row.state) == row.state, "two final states"
            else:
                assert id_ not in self.final, "came back from its end"
            if row.state == "acknowledged" or row.acknowledged_by:
                assert row.acknowledged_by in {"duty", "second"}
        for entry in self.shelf.journal[self.looked :]:
            if entry.alarm is not None and not entry.alarm.active:
                self.over.add(entry.alarm.id)
        self.looked = len(self.shelf.journal)

    @rule(number=NUMBERS, count=st.integers(1, 4), age_ms=st.sampled_from([0, 40, 5_000, 200_000]))
    def press(self, number: int, count: int, age_ms: int) -> None:
        self.pressed.add(number)
        fields = alert(node_of(number), number, count=count, age_ms=age_ms, drill=is_drill(number))
        self.give(arrived(f"up/{node_of(number)}/{'silent' if is_silent(number) else 'alert'}", fields))

    @rule(number=NUMBERS)
    def cancel(self, number: int) -> None:
        self.pressed.add(number)
        fields = {**alert(node_of(number), number, drill=is_drill(number)), "cancelled": True}
        self.give(arrived(f"up/{node_of(number)}/{'silent' if is_silent(number) else 'alert'}", fields))

    @rule(user=USERS, verb=st.sampled_from(["clear", "acknowledge", "close"]), number=NUMBERS, everything=st.booleans())
    def act(self, user: str, verb: str, number: int, everything: bool) -> None:
        target = "all" if everything else alert_id(number)
        self.ask(user, verb, target=target, outcome="bao nham" if number % 2 else "cháy")

    @rule(
        user=st.sampled_from(["duty", "tv", "nobody"]), drill=st.booleans(), hamlet=st.sampled_from(["all", "thon-4"])
    )
    def alarm(self, user: str, drill: bool, hamlet: str) -> None:
        self.ask(user, "alarm", kind="theft", hamlets=[hamlet], drill=drill)

    def ask(self, user: str, verb: str, **fields: Any) -> None:
        self.asks += 1
        item = arrived(f"ask/{user}/{verb}", {"id": f"q{self.asks}", **fields})
        self.give(item)
        self.give(item)

    @rule(number=st.integers(0, 2), counter=st.integers(0, 2))
    def hello(self, number: int, counter: int) -> None:
        fields = {"node": node_of(number), "nonce": "x", "counter": self.counter + counter}
        self.give(arrived(f"up/{node_of(number)}/hello", fields))

    @rule(raw=st.binary(max_size=60), topic=st.sampled_from(["up/thon-1/alert", "ask/duty/clear", "all/alarms", "x"]))
    def noise(self, raw: bytes, topic: str) -> None:
        self.give(arrived(topic, raw))

    @rule(seconds=st.sampled_from([0, 1, 5, 31, 61, 200, 40_000]))
    def wait(self, seconds: int) -> None:
        until_ms = self.now_ms + seconds * 1000
        for _ in range(2_000):
            due_ms = min(self.core.deadline_ms, self.now_ms + 1_000_000)
            step_ms = max(0, due_ms - self.now_ms)
            if self.now_ms + step_ms > until_ms or seconds > 1_000:
                break
            self.pass_ms(step_ms)
            self.give(Tick())
        self.pass_ms(until_ms - self.now_ms)
        self.give(Tick())

    @rule(jump_ms=st.sampled_from([-THREE_YEARS_MS, -3_600_000, 3_600_000, THREE_YEARS_MS]))
    def jump(self, jump_ms: int) -> None:
        self.wall_ms = max(0, self.wall_ms + jump_ms)

    @rule(after=st.integers(0, 4))
    def cut_soon(self, after: int) -> None:
        self.cut_after = after

    @rule()
    def restart(self) -> None:
        self.power_cut()

    @rule()
    def link_lost(self) -> None:
        self.give(LinkDown("gone"))
        self.give(LinkUp())

    @rule()
    def disk_full(self) -> None:
        self.shelf.fill_disk()

    @precondition(lambda self: self.broken)
    @rule()
    def disk_free(self) -> None:
        self.shelf.free_disk()
        self.wait(6)

    def pass_ms(self, ms: int) -> None:
        self.now_ms += ms
        self.wall_ms += ms

    def teardown(self) -> None:
        """Everything heals: every alert ever pressed is in the register, once."""
        if not self.runs:
            return
        self.cut_after = None
        self.shelf.free_disk()
        self.wait(61)
        for number in self.pressed:
            fields = alert(node_of(number), number, drill=is_drill(number))
            self.give(arrived(f"up/{node_of(number)}/{'silent' if is_silent(number) else 'alert'}", fields))
        self.wait(6)
        assert self.core.unwritten == 0
        assert {alert_id(number) for number in self.pressed} <= self.shelf.incidents.keys()
        assert dict(self.core.incidents) == self.shelf.incidents
        again = Commune(CommuneSetup(commune="cong-lac", run="last", seed=bytes(32)), self.shelf.restore())
        assert dict(again.incidents) == self.shelf.incidents


TestNight = Night.TestCase
TestNight.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
