"""The loop outlives its core's mistakes, tells a watchdog the truth, and never goes round in circles."""

import logging
import time
from collections.abc import Sequence
from itertools import pairwise

import pytest

from node.core.effects import Effect
from node.core.items import Item, Stop, Tick
from node.inbox import Inbox
from node.loop import REST_MS, Chore, Loop

NEVER_MS = 2**62


class Core:
    """A core that does nothing, or raises; after so many steps it has the loop stopped."""

    def __init__(self, inbox: Inbox, deadline_ms: int, raises: type | None, steps: int) -> None:
        self.deadline_ms = deadline_ms
        self.stepped_ns: list[int] = []
        self._inbox, self._raises, self._steps = inbox, raises, steps

    def step(self, now_ms: int, item: Item) -> list[Effect]:
        self.stepped_ns.append(time.monotonic_ns())
        if len(self.stepped_ns) == self._steps:
            self._inbox.put(Stop())
        if self._raises is not None and isinstance(item, self._raises):
            raise RuntimeError("ours")
        return []


class Nothing:
    def do(self, effects: Sequence[Effect]) -> None:
        assert not effects


def looped(inbox: Inbox, core: Core, *chores: Chore) -> Loop:
    loop = Loop(core, inbox, Nothing(), chores)  # type: ignore[arg-type] # the least that a loop needs
    loop.run()
    return loop


def test_a_core_that_raises_at_its_deadline_is_rested_from(caplog: pytest.LogCaptureFixture) -> None:
    """It was stepped 17,000 times a second, with a traceback in the log for each."""
    inbox = Inbox()
    core = Core(inbox, 0, Tick, 3)
    with caplog.at_level(logging.ERROR):
        looped(inbox, core)
    ticks = core.stepped_ns[:3]
    assert all(later - earlier >= (REST_MS - 1) * 1_000_000 for earlier, later in pairwise(ticks))
    assert len(caplog.records) == 1


def test_an_item_is_not_kept_waiting_by_a_rest() -> None:
    inbox = Inbox()
    core = Core(inbox, 0, Tick, 1)
    looped(inbox, core)
    assert core.stepped_ns[1] - core.stepped_ns[0] < REST_MS * 1_000_000 // 2


def test_a_step_that_failed_is_no_progress() -> None:
    inbox = Inbox()
    assert looped(inbox, Core(inbox, 0, object, 2)).turns() == 0


def test_a_loop_with_nothing_to_do_makes_progress_by_its_turns() -> None:
    """The watchdog was hungry on every healthy node without a link: the core is stepped only every ten seconds."""
    inbox = Inbox()
    rounds: list[int] = []
    loops: list[Loop] = []

    def chore() -> None:
        rounds.append(loops[0].turns())
        if len(rounds) == 4:
            inbox.put(Stop())

    core = Core(inbox, NEVER_MS, None, 99)
    loops.append(Loop(core, inbox, Nothing(), [Chore(5, chore)]))  # type: ignore[arg-type] # the least that a loop needs
    loops[0].run()
    assert len(core.stepped_ns) == 1, "the stop alone"
    assert all(later > earlier for earlier, later in pairwise(rounds))
