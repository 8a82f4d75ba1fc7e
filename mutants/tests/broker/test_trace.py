"""A trace tells a run again: the same core, from the same start, with the same items, does the same."""

import time
from pathlib import Path
from typing import Any

import pytest
from fakes.entries import incident, opened

from broker.core.commune import Commune
from broker.core.effects import Append, Effect, Erase, Order, Recall, Tell
from broker.core.items import CodeBookGiven, Committed, Item, NotCommitted, Recalled, Stop, Tick
from broker.core.records import Snapshot
from broker.core.setup import CommuneSetup
from broker.trace import Started, Step, Trace, read_line
from wire.envelope import Arrived, Denied, LinkDown, LinkUp
from wire.messages import Witness

ITEMS: list[Item] = [
    Tick(),
    Committed(1, Witness(seq=4, hash="ab" * 32)),
    Recalled(3, None),
    NotCommitted(2, "đầy"),
    CodeBookGiven({"version": 1}),
    Stop(),
    Arrived("t", b"\xff\x00", True, "sig"),
    Denied("t", "why"),
    LinkUp(),
    LinkDown("gone"),
]
EFFECTS: list[Effect] = [Append(1, (opened(1),)), Order("t", b"\xff"), Tell("t", b""), Erase("t"), Recall(4)]


def lines(path: Path) -> list[Any]:
    return [read_line(line) for line in path.read_bytes().splitlines()]


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: type(item).__name__)
def test_a_step_comes_back_as_it_was(tmp_path: Path, item: Item) -> None:
    trace = Trace(tmp_path / "trace")
    trace.step(5, 6, item, EFFECTS)
    trace.close()
    assert lines(tmp_path / "trace") == [Step(5, 6, item, tuple(EFFECTS))]


def test_a_start_comes_back_as_it_was(tmp_path: Path) -> None:
    setup = CommuneSetup(commune="c", run="r", seed=b"\x01" * 32, users={"duty": "officer"})
    snapshot = Snapshot(incidents=(incident(1),), chimes=("curfew/2026-11-21",), counter=9)
    trace = Trace(tmp_path / "trace")
    trace.started(1, 2, setup, snapshot)
    trace.close()
    assert lines(tmp_path / "trace") == [Started(1, 2, setup, snapshot)]


def test_what_cannot_be_written_down_ends_nothing(tmp_path: Path) -> None:
    trace = Trace(tmp_path / "trace")
    trace.step(1, 2, Denied("t", "\ud800"), [])
    trace.step(3, 4, LinkUp(), [])
    trace.close()
    assert lines(tmp_path / "trace") == [Step(3, 4, LinkUp(), ())]


def test_a_real_run_replays_to_the_same_effects(commune: Any, presser: Any) -> None:
    process = commune.start()
    for number in range(3):
        end_s = time.monotonic() + 10
        while len({answer.id for answer in presser.answers()}) <= number:
            assert time.monotonic() < end_s
            presser.alert(number)
            time.sleep(0.05)  # so that times in the trace differ
    process.terminate()
    process.wait()
    started, *steps = lines(commune.home / "trace.jsonl")
    assert isinstance(started, Started)
    core = Commune(started.setup, started.snapshot)
    for step in steps:
        assert core.step(step.at_ms, step.wall_ms, step.item) == list(step.effects)
    assert len(core.incidents) == 3
