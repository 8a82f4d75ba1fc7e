"""The power fails at any write of the register: what was claimed is there, it opens, and it is whole.

The real register works in a child under the recorder, through all of its life: its tables are made, rows are appended,
the write-ahead log is rotated and cut, it is killed between a write and its sync and started again, it is closed in
order, it is opened on what a power cut left. Then the record is cut (disk.py) and judged (commune_after.py).
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from cuts.aftermath import laid_out
from cuts.commune_after import register_holds
from cuts.commune_lines import entries_in
from cuts.disk import Cut, Disk, boundaries, lay_out
from cuts.plan import Life, each_disk_once, how_many, judged, lived, losses
from cuts.recording import TESTS, Recording, needs_recorder

from broker.register.store import FILE

pytestmark = pytest.mark.soak

Capture = pytest.CaptureFixture[str]
WORK = Path(__file__).with_name("commune_work.py")
OLD_BATCHES = 40
"""Of an older program."""
KILLS = (9, 30, 17)
"""Syncs before each kill -9: some batches on."""


@pytest.fixture(scope="module")
def first_life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    """From nothing, to an end in order: tables, appends, three rotations of the log, a slow reader."""
    needs_recorder()
    place = tmp_path_factory.mktemp("first")
    (place / "home").mkdir()
    recording = Recording.begun(place / "home", place / "log")
    recording.run(WORK, "260", "130")
    return lived(recording)


@pytest.fixture(scope="module")
def hard_life(tmp_path_factory: pytest.TempPathFactory, first_life: Life) -> Life:
    """What a cut in the midst of the first life left: opened, killed at a sync again and again, and opened again.

    Before its last start a console reads, and shows everybody what the killed one had not synced: then no connection of
    the service is the last one, whose closing would sync it.
    """
    place = tmp_path_factory.mktemp("hard")
    *_, last = first_life.cuts(1, [3 * len(first_life.deeds) // 4])
    lay_out(last.image, place / "home")
    recording = Recording.begun(place / "home", place / "log", last.claims)
    for kill in KILLS:
        recording.run(WORK, "60", kill_at_sync=kill)
    with closing(sqlite3.connect(place / "home" / FILE)) as console:
        console.execute("SELECT count(*) FROM register_journal").fetchall()
        recording.run(WORK, "25")
    return lived(recording)


@pytest.fixture(scope="module")
def newer_program(tmp_path_factory: pytest.TempPathFactory) -> Life:
    """An older program's register, opened by this one: copied aside, migrated, written on."""
    needs_recorder()
    place = tmp_path_factory.mktemp("newer")
    (place / "home").mkdir()
    old = [sys.executable, WORK.with_name("commune_old.py"), place / "home", str(OLD_BATCHES)]
    path = os.pathsep.join(filter(None, [str(TESTS), os.environ.get("PYTHONPATH")]))
    subprocess.run(old, env={**os.environ, "PYTHONPATH": path}, check=True)
    claim = f'{{"lines": {entries_in(OLD_BATCHES)}}}'.encode()
    recording = Recording.begun(place / "home", place / "log", [claim])
    recording.run(WORK, "3")
    return lived(recording)


def test_every_line_whose_received_went_out_survives_a_power_cut_at_any_write(
    first_life: Life, capsys: Capture
) -> None:
    count = how_many(250, 5_000)
    places = [place for place in boundaries(first_life.deeds) if place >= first_life.opened]
    assert judged("register", first_life.cuts(count, places), register_holds, capsys) == count


def test_the_same_after_a_power_cut_and_kills_between_a_write_and_its_sync(hard_life: Life, capsys: Capture) -> None:
    count = how_many(200, 3_000)
    assert judged("register, again", hard_life.cuts(count), register_holds, capsys) == count


def test_what_a_service_finds_at_its_start_is_safe_before_it_speaks_of_it(hard_life: Life, capsys: Capture) -> None:
    """It may have been written by one that was killed before the sync; the page cache shows it all the same."""
    count = how_many(30, 300)
    found = [number + 1 for number, deed in enumerate(hard_life.deeds) if b"found" in deed.payload]
    assert len(found) == len(KILLS) + 1
    assert judged("register, found", hard_life.cuts(count, found), register_holds, capsys) == count


def test_a_power_cut_while_the_tables_are_made_leaves_a_register_that_opens(first_life: Life, capsys: Capture) -> None:
    count = how_many(8, 400)
    cuts = first_life.cuts(count, list(range(first_life.opened)))
    assert judged("tables", cuts, each_disk_once(register_holds), capsys) == count


def test_a_power_cut_while_a_newer_program_migrates_loses_no_line_and_no_copy(
    newer_program: Life, capsys: Capture
) -> None:
    def judge(cut: Cut) -> None:
        copies = [name for name in cut.image if ".before-" in name and not name.endswith((".draft", "-journal"))]
        with laid_out(cut.image) as home:
            for name in copies:
                with closing(sqlite3.connect(home / name)) as db:
                    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                    (lines,) = db.execute("SELECT count(*) FROM register_journal").fetchone()
                    assert lines == entries_in(OLD_BATCHES), "a copy has its name before it is whole"
        assert copies or cut.after <= renamed + 1, "it was migrated without a copy"
        holds(cut)

    holds = each_disk_once(register_holds)
    renamed = next(number for number, deed in enumerate(newer_program.deeds) if deed.kind == "R")
    assert newer_program.deeds[renamed + 1].kind == "D"
    count = how_many(6, 300)
    assert judged("newer program", newer_program.cuts(count), judge, capsys) == count


def test_without_the_syncs_of_its_log_lines_would_be_lost(first_life: Life) -> None:
    """The proof that the cuts can find it: as if every sync had been left out."""
    places = list(range(first_life.opened, len(first_life.deeds) // 2))
    assert losses(first_life.cuts(12, places, leave_out="S"), register_holds) > 3


def test_the_recording_replayed_whole_is_the_folder_itself(first_life: Life) -> None:
    disk = Disk(first_life.recording)
    for deed in first_life.deeds:
        disk.take(deed)
    home = first_life.recording.folder
    assert disk.without_cut() == {path.name: path.read_bytes() for path in home.iterdir()}
    assert (home / FILE).stat().st_size > 0
