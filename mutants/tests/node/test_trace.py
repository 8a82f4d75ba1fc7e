"""The trace: bounded, private, and never in the way."""

from pathlib import Path

import pytest

from node.core.items import Disk, SpeakerHealth, Stop
from node.core.node import Node
from node.core.records import Memory
from node.core.setup import ContactSetup, Setup
from node.errors import TraceFault
from node.replay import lines_of, replay, timeline
from node.trace import Trace, older, read_trace

SETUP = Setup("c", "n", "h", (ContactSetup("b"),), "boot", "run", b"x" * 32, Memory())


def fill(trace: Trace, steps: int) -> None:
    core = Node(SETUP, 1_000)
    trace.started(1_000, SETUP)
    for number in range(steps):
        item = SpeakerHealth(number % 2 == 0, "why")
        trace.step(1_000 + number, item, core.step(1_000 + number, item))


def test_what_was_written_replays_the_same(tmp_path: Path) -> None:
    trace = Trace(tmp_path / "t", 1_000_000)
    fill(trace, 20)
    fill(trace, 20)
    trace.close()
    done = replay(lines_of(tmp_path / "t"))
    assert (done.runs, done.steps, done.difference) == (2, 40, None)
    assert any("lamps: alert dark, link trouble" in line for line in timeline(lines_of(tmp_path / "t")))


def test_two_files_hold_at_most_the_limit_and_are_private(tmp_path: Path) -> None:
    trace = Trace(tmp_path / "t", 10_000)
    fill(trace, 500)
    trace.close()
    files = [tmp_path / "t", older(tmp_path / "t")]
    assert sum(file.stat().st_size for file in files) <= 10_000
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert replay(lines_of(tmp_path / "t")).steps == 0  # the start is gone: only a timeline is left
    assert list(timeline(lines_of(tmp_path / "t")))


def test_a_torn_last_line_is_left_out_and_garbage_is_named(tmp_path: Path) -> None:
    trace = Trace(tmp_path / "t", 1_000_000)
    fill(trace, 3)
    trace.close()
    whole = (tmp_path / "t").read_bytes()
    (tmp_path / "t").write_bytes(whole[:-5])
    assert replay(lines_of(tmp_path / "t")).steps == 2
    (tmp_path / "t").write_bytes(b"{}\n")
    with pytest.raises(TraceFault, match="line 1"):
        list(read_trace(tmp_path / "t"))


def test_a_trace_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    trace = Trace(tmp_path / "file" / "t", 1_000_000)
    fill(trace, 3)
    trace.flush()
    trace.step(1, Stop(), [])
    trace.step(1, Disk("ok"), [])
    trace.close()
    full = Trace(Path("/dev/full"), 1_000_000)
    fill(full, 2_000)
    full.flush()
    full.close()
