"""The power fails at any write of a node's memory: what was claimed is there, everything opens, and rot costs little.

The real journal, the keeping of the code book and the cache of clips work in a child under the recorder: appends and
compactions, kills between a write and its sync, a disk whose syncs fail, and starts on what a power cut left. Then the
record is cut (disk.py) and judged (node_after.py).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from cuts.disk import Disk, lay_out
from cuts.node_after import node_holds, rot_costs_one
from cuts.plan import Life, how_many, judged, lived, losses
from cuts.recording import Recording, needs_recorder

pytestmark = pytest.mark.soak

Capture = pytest.CaptureFixture[str]
WORK = Path(__file__).with_name("node_work.py")
KILLS = (3, 20, 33, 47, 21)
"""Syncs before each kill -9."""
SICK = 30
"""Of a hundred syncs, so many fail."""


@pytest.fixture(scope="module")
def good_life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    """From nothing, to an end in order."""
    needs_recorder()
    place = tmp_path_factory.mktemp("good")
    (place / "state" / "cache").mkdir(parents=True)
    recording = Recording.begun(place / "state", place / "log")
    recording.run(WORK, "200")
    return lived(recording)


@pytest.fixture(scope="module")
def hard_life(tmp_path_factory: pytest.TempPathFactory, good_life: Life) -> Life:
    """What a cut in the midst of the good life left: killed at a sync again and again, and started again."""
    place = tmp_path_factory.mktemp("hard")
    (place / "state" / "cache").mkdir(parents=True)
    *_, last = good_life.cuts(1, [len(good_life.deeds) // 2])
    lay_out(last.image, place / "state")
    recording = Recording.begun(place / "state", place / "log", last.claims)
    for kill in KILLS:
        recording.run(WORK, "100", kill_at_sync=kill)
    recording.run(WORK, "20")
    return lived(recording)


@pytest.fixture(scope="module")
def sick_life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    """On a disk that takes what is written, and often cannot make it safe."""
    needs_recorder()
    place = tmp_path_factory.mktemp("sick")
    (place / "state" / "cache").mkdir(parents=True)
    recording = Recording.begun(place / "state", place / "log")
    recording.run(WORK, "100", str(SICK))
    return lived(recording)


def test_what_the_journal_claimed_is_there_after_a_power_cut_at_any_write(good_life: Life, capsys: Capture) -> None:
    count = how_many(300, 2_500)
    assert judged("node", good_life.cuts(count), node_holds, capsys) == count


def test_the_same_after_a_power_cut_and_kills_between_a_write_and_its_sync(hard_life: Life, capsys: Capture) -> None:
    count = how_many(300, 2_000)
    assert judged("node, again", hard_life.cuts(count), node_holds, capsys) == count


def test_what_a_node_finds_at_its_start_is_safe_before_it_acts_on_it(hard_life: Life, capsys: Capture) -> None:
    count = how_many(60, 500)
    found = [number + 1 for number, deed in enumerate(hard_life.deeds) if b"found" in deed.payload]
    assert len(found) == len(KILLS) + 1
    assert judged("node, found", hard_life.cuts(count, found), node_holds, capsys) == count


def test_on_a_disk_whose_syncs_fail_only_what_is_safe_is_claimed(sick_life: Life, capsys: Capture) -> None:
    assert any(deed.kind == "F" for deed in sick_life.deeds)
    count = how_many(200, 1_500)
    assert judged("node, sick disk", sick_life.cuts(count), node_holds, capsys) == count


def test_after_a_power_cut_a_bad_byte_costs_one_record_and_a_bad_sector_its_own(
    good_life: Life, capsys: Capture
) -> None:
    count = how_many(200, 1_500)
    assert judged("node, rot", good_life.cuts(count), rot_costs_one, capsys) == count


@pytest.mark.parametrize("kind", ["S", "D"])
def test_without_its_syncs_of_files_or_of_folders_something_would_be_lost(good_life: Life, kind: str) -> None:
    """The proof that the cuts can find it: as if every such sync had been left out."""
    assert losses(good_life.cuts(60, leave_out=kind), node_holds) > 10


def test_the_recording_replayed_whole_is_the_folder_itself(good_life: Life) -> None:
    disk = Disk(good_life.recording)
    for deed in good_life.deeds:
        disk.take(deed)
    state = good_life.recording.folder
    files = {str(path.relative_to(state)): path.read_bytes() for path in state.rglob("*") if path.is_file()}
    assert disk.without_cut() == files
    assert len(files) > 4
