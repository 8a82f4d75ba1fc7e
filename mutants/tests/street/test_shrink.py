"""A broken promise comes out as the shortest script, and that script replays."""

from functools import lru_cache

import pytest
from fakes.town import Town
from fakes.townscript import Broken, Script
from fakes.townwitness import Witness
from street.plan import Plan, plan, play
from street.shrink import shortest

pytestmark = pytest.mark.pure


class Picky(Witness):
    """Holds a town to a promise that it never made: no gong sounds a real alarm while the service is away."""

    def _began(self, node, id_):
        super()._began(node, id_)
        if self._rank(id_) == 3 and not self._town.service.running:
            self.broken("a promise nobody made", node=node.name)


def broken_by(it: Plan) -> str | None:
    try:
        play(it, Picky())
    except Broken as broken:
        return broken.promise.split(" at ")[0]
    return None


@lru_cache
def shrunk() -> Plan:
    return shortest(next(plan(seed) for seed in range(100) if broken_by(plan(seed))), broken_by)


def test_it_is_left_with_what_breaks_the_promise_and_nothing_else():
    it = shrunk()
    assert broken_by(it) == "a promise nobody made"
    assert len(it.steps) <= 3  # somebody presses, the service dies, and time passes until something
    assert "finger" in {step for _, step, _ in it.steps} or "ask" in {step for _, step, _ in it.steps}


def test_the_printed_script_replays():
    it = shrunk()
    with pytest.raises(Broken) as broken:
        play(it, Picky())
    names = {"Script": Script, "Town": Town, "Witness": Picky}
    with pytest.raises(Broken) as again:
        exec(broken.value.script, names)
    assert again.value.promise == broken.value.promise


def test_a_plan_that_breaks_nothing_stays_as_it_is():
    it = plan(1)
    assert shortest(it, lambda _: None) is it


def test_it_gives_up_after_its_tries():
    asked = []

    def never(other: Plan) -> str | None:
        asked.append(other)
        return "broken" if len(asked) == 1 else None

    assert shortest(plan(2), never, tries=10) == plan(2)
    assert len(asked) <= 11
