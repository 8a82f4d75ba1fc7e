"""The journal on a partition of its own: not there, there late, lost while it runs. What it holds is never lost."""

import subprocess
import tempfile
from pathlib import Path

from fakes.disks import Mounts, mounts, small_disk

from node.core.items import Disk
from node.core.records import ChimeDone, CounterObeyed, Memory
from node.journal import FileJournal
from node.journalline import read_lines
from node.keep import partition, scratch

__all__ = ["mounts"]
TOLD_BEFORE, TOLD_NOW = ChimeDone("curfew/2026-11-20"), ChimeDone("curfew/2026-11-21")


def journal_on(folder: Path, told: list[Disk]) -> FileJournal:
    return FileJournal(folder / "journal", told.append, look=partition)


def remembered(folder: Path) -> Memory:
    memory = Memory()
    for record in read_lines((folder / "journal").read_bytes()).records:
        memory = memory.after(record)
    return memory


def test_without_the_partition_it_works_in_memory_and_never_says_that_it_is_safe(tmp_path: Path) -> None:
    told: list[Disk] = []
    journal = journal_on(tmp_path / "data", told)
    assert journal.open().lost
    journal.append(TOLD_NOW)
    journal.mend()
    journal.close()
    assert [news.state for news in told] == ["failed"]
    assert "không gắn" in told[0].why
    again = journal_on(tmp_path / "data", told)
    assert again.open().memory.chimes == (TOLD_NOW.id,), "kill -9 of the program alone forgets nothing"
    again.close()


def test_a_partition_that_comes_late_keeps_what_it_held_and_gets_what_was_kept_back(
    tmp_path: Path, mounts: Mounts
) -> None:
    told: list[Disk] = []
    journal = journal_on(tmp_path / "data", told)
    journal.open()
    journal.append(TOLD_NOW)
    (tmp_path / "data").rename(tmp_path / "under")
    mounts.add(small_disk(tmp_path / "data"))
    held = FileJournal(tmp_path / "data" / "journal", lambda news: None)
    held.open()
    held.append(CounterObeyed(1_700))
    held.append(TOLD_BEFORE)
    held.close()
    journal.mend()
    journal.close()
    assert [news.state for news in told] == ["failed", "ok"]
    now = remembered(tmp_path / "data")
    assert (now.chimes, now.counter) == ((TOLD_BEFORE.id, TOLD_NOW.id), 1_700)


def test_a_partition_that_is_lost_while_it_runs_is_told_and_the_journal_goes_on_in_memory(
    tmp_path: Path, mounts: Mounts
) -> None:
    told: list[Disk] = []
    mounts.add(small_disk(tmp_path / "data"))
    journal = journal_on(tmp_path / "data", told)
    assert not journal.open().lost
    journal.append(TOLD_BEFORE)
    subprocess.run(["umount", "-l", tmp_path / "data"], check=True)
    journal.append(TOLD_NOW)
    journal.close()
    assert [news.state for news in told] == ["ok", "failed"]
    assert remembered(tmp_path / "data").chimes == (TOLD_BEFORE.id, TOLD_NOW.id)


def test_lgpio_is_sent_to_no_folder_of_a_card_that_turned_read_only(tmp_path: Path, mounts: Mounts) -> None:
    mounts.add(small_disk(tmp_path / "card"))
    subprocess.run(["mount", "-o", "remount,ro", tmp_path / "card"], check=True)
    assert scratch(tmp_path / "card", {"LG_WD": str(tmp_path / "card")}) == Path(tempfile.gettempdir())
