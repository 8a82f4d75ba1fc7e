"""The power fails while a node is admitted or dismissed, or a key is made: what was said to be done is done.

A dismissed node whose password came back with the power would be let in again.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from cuts.aftermath import claimed
from cuts.disk import Cut
from cuts.enrol_work import passwords
from cuts.plan import Life, how_many, judged, lived
from cuts.recording import Recording, needs_recorder

pytestmark = pytest.mark.soak

WORK = Path(__file__).with_name("enrol_work.py")
ROUNDS = 6
WRITTEN_ONCE = (".key", ".crt")


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    """Lists and keys, one after another."""
    needs_recorder()
    if shutil.which("openssl") is None:
        pytest.skip("the commune's authority needs openssl (sudo apt install openssl)")
    place = tmp_path_factory.mktemp("enrolment")
    (place / "etc").mkdir()
    recording = Recording.begun(place / "etc", place / "log")
    recording.run(WORK, str(ROUNDS))
    return lived(recording)


def test_who_was_dismissed_stays_dismissed_after_a_power_cut_at_any_write(
    life: Life, capsys: pytest.CaptureFixture[str]
) -> None:
    def judge(cut: Cut) -> None:
        least = claimed(cut, "passwords")
        right = [passwords(0)] if least is None else [passwords(least), passwords(least + 1)]
        there = cut.image.get("nodes.passwords")
        assert least is None if there is None else there.decode() in right, f"list {least} was claimed"

    count = how_many(200, 1_000)
    assert judged("passwords", life.cuts(count), judge, capsys) == count


def test_a_key_that_was_made_is_there_whole_after_a_power_cut_at_any_write(
    life: Life, capsys: pytest.CaptureFixture[str]
) -> None:
    made = {path.name: path.read_bytes() for path in life.recording.folder.iterdir()}

    def judge(cut: Cut) -> None:
        for name in (json.loads(raw).get("file") for raw in cut.claims):
            assert name is None or cut.image.get(name) == made[name], f"{name} was claimed"

    count = how_many(200, 1_000)
    assert judged("keys", life.cuts(count), judge, capsys) == count
