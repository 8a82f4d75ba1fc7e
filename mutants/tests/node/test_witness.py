"""What a node saw of the commune's register is printed from its journal, whether it runs or not."""

import json
from pathlib import Path

import pytest

from node.cli import main
from node.core.records import ChimeDone, CounterObeyed, Memory, Witnessed
from node.errors import StateFault
from node.journal import FileJournal
from node.keep import JOURNAL
from node.witness import witness_lines
from wire.messages import Witness


def seen(seq: int) -> Witness:
    return Witness(seq=seq, hash=f"{seq:064x}")


def journal(folder: Path, compact_bytes: int = 256 * 1024) -> FileJournal:
    made = FileJournal(folder / JOURNAL, lambda _: None, compact_bytes)
    made.open()
    return made


def printed(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in witness_lines(folder, "thon-3")]


def test_each_head_is_a_line_oldest_first_while_the_journal_is_in_use(tmp_path: Path) -> None:
    running = journal(tmp_path)
    for seq in (4, 9):
        running.append(ChimeDone(f"curfew/{seq}", seen(seq)))
    running.append(ChimeDone("own/1"))
    assert printed(tmp_path) == [{"node": "thon-3", "seq": seq, "hash": seen(seq).hash} for seq in (4, 9)]
    running.close()


def test_what_was_seen_outlives_a_journal_that_is_written_anew(tmp_path: Path) -> None:
    running = journal(tmp_path, compact_bytes=2_000)
    for number in range(200):
        running.append(ChimeDone(f"curfew/{number}", seen(number + 1)))
    running.close()
    assert (tmp_path / JOURNAL).read_bytes().count(b"Witnessed") > 100
    assert [one["seq"] for one in printed(tmp_path)] == list(range(1, 201))


def test_a_node_without_a_journal_saw_nothing(tmp_path: Path) -> None:
    assert printed(tmp_path) == []


def test_a_journal_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / JOURNAL).mkdir()
    with pytest.raises(StateFault, match="không đọc được"):
        printed(tmp_path)


def test_the_command_prints_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    running = journal(tmp_path)
    running.append(CounterObeyed(3))
    running.append(ChimeDone("curfew/1", seen(7)))
    running.close()
    settings = tmp_path / "node.yaml"
    fields = {
        "node": "thon-3",
        "hamlet": "thon-3",
        "commune": "cong-lac",
        "broker": {"host": "10.0.0.2"},
        "panel": {"buttons": [{"pin": 17}]},
        "state_dir": str(tmp_path),
    }
    settings.write_text(json.dumps(fields))
    assert main(["witness", "--settings", str(settings)]) == 0
    assert json.loads(capsys.readouterr().out) == {"node": "thon-3", "seq": 7, "hash": seen(7).hash}


def test_records_of_an_older_program_are_read_and_an_older_one_reads_ours() -> None:
    assert Memory().after(ChimeDone("a")).witnesses == ()
    assert Memory().after(Witnessed(seen(2))).witnesses == (seen(2),)
