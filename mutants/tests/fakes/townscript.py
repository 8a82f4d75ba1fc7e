"""Everything that can be done to a town, by name, so that a run is a list of steps that anybody can replay. Pure.

    script = Script(Town(seed=7, witness=Witness(), capture=40))
    script.do("hold", node="gong-1", button="red", ms=900)
    script.at(61_234, "cut", link="gong-1")     # at its own moment, ms since the town began
    script.text()                       # the same as lines of Python, for a failing run

What must hold: the same steps on a town of the same seed give the same run; the witness looks after each step, and
within it every CHECK_MS; a step that makes no sense now (power on what is on) does nothing.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from typing import Any

from fakes.town import Town
from fakes.townconverged import converged
from fakes.townlink import FAIR, Weather
from fakes.townsteps import Steps

from wire.codec import encode
from wire.envelope import Arrived, Publication
from wire.words import MAX_COUNTER, Instant

CHECK_MS = 1_000
AGES_MS = 315_360_000_000  # ten years: no jump of a run makes it fresh
HEALED_MS = 120_000
STORM = Weather((1, 400), in_order=False, loss=0.05, twice=0.15)
SLOW = Weather((200, 1_500), in_order=True)
FORGED = "0193ffff-0000-7000-8000-{:012d}"
BAD_ORDERS = ("counter", "retained", "old", "future", "unsigned", "stolen topic", "garbage", "absurd")


class Broken(AssertionError):
    """A promise is broken: which, and the script that shows it."""

    def __init__(self, promise: str, script: str) -> None:
        super().__init__(f"{promise}\n{script}")
        self.promise, self.script = promise, script


class Script(Steps):
    """Steps, done and remembered."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.steps: list[tuple[int | None, str, dict[str, Any]]] = []
        self._forged = 0

    def do(self, step: str, **how: Any) -> None:
        """One step; AssertionError with the script if a promise is broken by it."""
        self._do(None, step, how)

    def at(self, at_ms: int, step: str, **how: Any) -> None:
        """The same at a moment since the town began; time passes until then. Late is now."""
        self._do(at_ms, step, how)

    def _do(self, at_ms: int | None, step: str, how: dict[str, Any]) -> None:
        self.steps.append((at_ms, step, how))
        try:
            if at_ms is not None:
                self._wait(at_ms - self.town.now_ms)
            getattr(self, f"_{step}")(**how)
            self._look()
        except AssertionError as error:
            raise Broken(str(error), self.text()) from error

    def text(self) -> str:
        """What replays this."""
        town = self.town
        given = {
            one.name: getattr(town, one.name)
            for one in fields(town)
            if one.name not in ("witness", "log") and getattr(town, one.name) != default(one)
        }
        made = ", ".join(["witness=Witness()", *(f"{name}={value!r}" for name, value in given.items())])
        lines = []
        for at_ms, step, how in self.steps:
            words = [repr(step), *(f"{name}={value!r}" for name, value in how.items())]
            head = "do(" if at_ms is None else f"at({at_ms:_}, "
            lines.append(f"script.{head}{', '.join(words)})")
        return "\n".join([f"script = Script(Town({made}))", *lines])

    def _look(self) -> None:
        if self.town.witness is not None:
            self.town.witness.check()

    # -- time and people

    def _wait(self, ms: int) -> None:
        while ms > 0:
            self.town.pass_ms(min(ms, CHECK_MS))
            self._look()
            ms -= CHECK_MS

    def _hold(self, node: str, button: str, ms: int = 900, drill: bool = False) -> None:
        town, box = self.town, self.town.nodes[node]
        ran = box.runs if box.running and box.cut_after is None and box.disk._kept is None else 0
        assert town.witness is not None
        before = town.witness.presses.get(node, 0)
        if drill:
            box.close("drill")
            town.pass_ms(150)
        town.hold(node, button, ms=ms)
        if ran == box.runs and box.running and button != "cancel":
            taken = town.witness.presses.get(node, 0) - before
            if taken != 1:
                town.witness.broken("no press is lost, none invented", node=node, button=button, taken=taken)
        if drill:
            box.open("drill")
            town.pass_ms(150)

    def _ask_then_cut(self, verb: str, ms: int, **fields: Any) -> None:
        """The service's cable goes out in `ms`, while it does what it is asked."""
        self.town.agenda.after(ms, self.town.links["service"].cut)
        self.town.ask(verb, **fields)  # type: ignore[arg-type] # a Verb
        self._wait(1_000)

    def _press_then_cut(self, ms: int) -> None:
        """The first gong's cable goes out in `ms`, while its red button is held."""
        self.town.agenda.after(ms, self.town.links["gong-1"].cut)
        self._hold("gong-1", "red")

    def _ask(self, verb: str, user: str = "duty", **fields: Any) -> None:
        self.town.ask(verb, user, **fields)  # type: ignore[arg-type] # a Verb

    # -- the world

    def _cut(self, link: str) -> None:
        self.town.links[link].cut()

    def _mend(self, link: str) -> None:
        self.town.links[link].heal()
        self.town.links[link].weather = FAIR

    def _weather(self, link: str, kind: str) -> None:
        self.town.links[link].weather = {"storm": STORM, "slow": SLOW, "fair": FAIR}[kind]

    def _dark(self, node: str, power: bool) -> None:
        self.town.nodes[node].go_dark(power=power)

    def _dark_after(self, node: str, effects: int, power: bool) -> None:
        box = self.town.nodes[node]
        box.cut_after, box.cut_power = effects, power

    def _tear(self, node: str, kept: int) -> None:
        self.town.nodes[node].disk.tear(kept)

    def _on(self, node: str, reboot: bool = True) -> None:
        box = self.town.nodes[node]
        (box.power_on if reboot else box.start)()

    def _node_disk(self, node: str, state: str) -> None:
        self.town.nodes[node].disk.state = state  # type: ignore[assignment] # a DiskState

    def _kill_service(self, effects: int | None = None) -> None:
        if effects is None:
            self.town.service.kill()
        else:
            self.town.service.cut_after = effects

    def _start_service(self) -> None:
        self.town.service.start()

    def _crash_broker(self) -> None:
        self.town.broker.crash()

    def _start_broker(self) -> None:
        self.town.broker.start()

    def _disk(self, full: bool) -> None:
        (self.town.service.shelf.fill_disk if full else self.town.service.shelf.free_disk)()

    def _jump(self, ms: int) -> None:
        town = self.town
        if town.service.clocks.wall_ms + ms > 0:
            town.service.jump(ms)
            if town.witness is not None:
                town.witness.jumped(ms)

    # -- a stranger

    def _replay(self, back: int, node: str | None = None) -> None:
        """Something captured is said again: on the broker, or straight to one node, whatever topic it was on."""
        town = self.town
        if not town.captured:
            return
        said = town.captured[-1 - back % len(town.captured)].said
        assert town.witness is not None
        town.witness.replayed_ms = town.now_ms
        if node is None:
            town.forge(said)
        elif town.nodes[node].running:
            town.nodes[node].deliver(Arrived(said.topic, said.payload, False, said.sig))

    def _replay_set(self) -> None:
        """The oldest set of alarms that was captured is said again."""
        topic = self.town.topics.all("alarms")
        said = next((one.said for one in self.town.captured if one.said.topic == topic), None)
        if said is not None:
            self.town.forge(said)

    def _replay_alarm(self, node: str) -> None:
        """The last set that stated an alarm is said again to one gong."""
        topic, box = self.town.topics.all("alarms"), self.town.nodes[node]
        for one in reversed(self.town.captured):
            if one.said.topic == topic and b'"kind"' in one.said.payload and box.running:
                box.deliver(Arrived(topic, one.said.payload, False, one.said.sig))
                return

    def _forge(self, how: str) -> None:
        """An order by somebody who is not the commune, wrong in one way; its alarm has an id that must never sound."""
        town = self.town
        self._forged += 1
        wall_ms = town.service.clocks.wall_ms
        issued_ms = wall_ms + {"old": -AGES_MS, "just old": -32_000, "future": AGES_MS}.get(how, 0)
        top = town.witness._counter if town.witness is not None else 0
        # What a node would obey in a network without keys must never be said here.
        counter = top + 1_000 if how in ("old", "just old", "future", "unsigned", "retained", "garbage") else 0
        if how == "unsigned" and not town.keys:
            counter = 0
        if how == "absurd":
            counter = MAX_COUNTER
        alarm = {
            "id": FORGED.format(self._forged), "kind": "fire", "pattern": "alarm", "drill": False, "hamlets": ["all"],
            "since": str(Instant(max(0, wall_ms))), "lease_s": 600,
        }  # fmt: skip
        payload = encode({"issued_at": str(Instant(max(0, issued_ms))), "counter": counter, "alarms": [alarm]})
        if how == "garbage":
            payload = payload[: len(payload) // 2]
        sig = town.captured[-1].said.sig if town.captured else None
        word = "chime" if how == "stolen topic" else "alarms"
        town.forge(Publication(town.topics.all(word), payload, how == "retained", None if how == "unsigned" else sig))

    # -- the end

    def _heal(self) -> None:
        """Everything works again; two minutes later all agree. The commune's clock is put right as well."""
        town = self.town
        wrong_ms = town.service.clocks.wall_off_ms - town.commune_wall_off_ms
        if wrong_ms:
            self._jump(-wrong_ms)
        town.heal()
        self._wait(HEALED_MS)
        converged(town)


def default(one: Field[Any]) -> Any:
    """Of a field of a town."""
    return one.default if one.default is not MISSING else one.default_factory()  # type: ignore[misc] # it has either


__all__ = ["BAD_ORDERS", "Broken", "Script", "converged"]
