"""A data partition that was made anew makes no box new: it does not strike its first stroke again."""

from pathlib import Path

import pytest

from node.core.items import Disk
from node.journal import FileJournal
from node.keep import JOURNAL
from node.madeanew import not_new

pytestmark = pytest.mark.pure


def test_a_box_whose_data_partition_is_empty_again_does_not_strike_a_second_first_stroke(tmp_path: Path) -> None:
    told: list[Disk] = []
    assert not_new(tmp_path)
    assert not_new(tmp_path), "again, it changes nothing"
    journal = FileJournal(tmp_path / JOURNAL, told.append)
    recall = journal.open()
    journal.close()
    assert (recall.memory.first.struck, recall.memory.first.told, recall.damaged, recall.lost) == (True, True, 0, False)
    assert [one.state for one in told] == ["ok"], "or the commune would hear of a trouble that there is not"


def test_a_disk_that_does_not_take_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert not not_new(tmp_path / "file")
