"""`keng audit verify`: what it says, in both tongues, to people and to programs, and its exit code."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from fakes.entries import opened

from broker.cli import audit
from broker.cli.demos import Demo
from broker.register.store import FILE, SqliteRegister


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A register with three lines."""
    folder = tmp_path / "home"
    with closing(SqliteRegister(folder)) as store:
        store.append([opened(number) for number in range(3)])
    return folder


def witness(home: Path, seq: int, digest: str | None = None) -> Path:
    with closing(sqlite3.connect(home / FILE)) as db:
        (ours,) = db.execute("SELECT lower(hex(hash)) FROM register_chain WHERE seq = ?", (seq,)).fetchone()
    file = home / "thon-3.witness"
    file.write_text(json.dumps({"node": "thon-3", "seq": seq, "hash": digest or ours}) + "\n\n")
    return file


def altered(home: Path) -> None:
    with closing(sqlite3.connect(home / FILE)) as db:
        db.execute("DROP TRIGGER register_journal_no_update")
        db.execute("UPDATE register_journal SET by = 'hoa' WHERE seq = 2")
        db.commit()


def test_a_whole_register_is_0_and_says_that_only_a_witness_shows_more(keng, home):
    said = keng("audit", "verify", "--home", home)
    assert said.code == 0
    assert said.out.startswith("Sổ trực nguyên vẹn: 3 dòng, dòng cuối 3, mã ")
    assert "--witness" in said.out
    said = keng("audit", "verify", "--home", home, "--witness", witness(home, 2))
    assert (said.code, "1 lần làm chứng đều khớp" in said.out) == (0, True)
    assert (
        "All 1 witnesses agree"
        in keng("--lang", "en", "audit", "verify", "--home", home, "--witness", witness(home, 2)).out
    )


def test_the_first_altered_line_is_printed_and_1(keng, home):
    altered(home)
    said = keng("audit", "verify", "--home", home)
    assert (said.code, said.out.strip()) == (1, "SỔ TRỰC BỊ SỬA: dòng 2 không còn như lúc ghi.")
    assert "line 2 is not as it was written" in keng("--lang", "en", "audit", "verify", "--home", home).out
    told = keng("audit", "verify", "--home", home, "--json")
    assert told.code == 1
    assert (told.json["ok"], told.json["lines"], told.json["wrong"]["how"], told.json["wrong"]["seq"]) == (
        False, 1, "altered", 2,
    )  # fmt: skip


def test_a_rewritten_register_is_1_and_names_node_line_and_both_hashes(keng, home):
    file = witness(home, 3, "ab" * 32)
    said = keng("audit", "verify", "--home", home, "--witness", file)
    assert said.code == 1
    assert "hộp thon-3 làm chứng dòng 3 là abababababababab, sổ ghi " in said.out
    assert "trong khoảng từ 1 đến 3" in said.out


@pytest.mark.parametrize("text", ["no json", '{"node":"a"}', '{"node":"a","seq":"x","hash":"y"}', "\xff"])
def test_a_file_that_is_no_witness_is_told_with_its_line_and_1(keng, home, text):
    file = home / "x"
    file.write_text(f"\n{text}\n")
    said = keng("audit", "verify", "--home", home, "--witness", file)
    assert said.code == 1
    assert "dòng 2: không phải chứng của hộp" in said.err
    assert said.out == ""


def test_where_there_is_no_register_that_is_told(keng, tmp_path):
    said = keng("audit", "verify", "--home", tmp_path)
    assert said.code == 1
    assert "Không có sổ trực" in said.err
    assert keng("audit", "verify", "--home", tmp_path, "--witness", tmp_path / "none").code == 1


def test_the_verb_alone_is_2(keng):
    assert keng("audit").code == 2


def demo_at(folder: Path) -> Demo:
    return Demo(pid=1, born=1, home=str(folder), commune="cong-lac", host="127.0.0.1", port=1, nodes=())


def test_a_demos_folder_is_as_good_as_the_registers(keng, home, tmp_path):
    home.rename(tmp_path / "commune")
    assert keng("audit", "verify", "--home", tmp_path).out.startswith("Sổ trực nguyên vẹn: 3 dòng")


def test_where_no_commune_is_installed_the_demo_that_runs_is_meant(home, tmp_path):
    home.rename(tmp_path / "commune")
    none, usual = tmp_path / "no.yaml", tmp_path / "usual"
    assert audit.folder_of(None, lambda: [demo_at(tmp_path)], none, usual) == tmp_path / "commune"
    assert audit.folder_of(None, list, none, usual) == usual


def test_an_installed_communes_register_goes_before_a_demos(home, tmp_path):
    unread = tmp_path / "commune.yaml"
    unread.write_text("commune: [\n")
    assert audit.folder_of(None, lambda: [demo_at(tmp_path)], unread, tmp_path / "usual") == tmp_path / "usual"
    assert audit.folder_of(None, lambda: [demo_at(tmp_path)], tmp_path / "no.yaml", home) == home
