"""Preparing: what a code book needs is rendered once, by whoever comes first."""

import json
import os
import subprocess
import sys
import time

import pytest

from patterns.builtin import DATA, builtins
from patterns.cache import TEMPORARY, find, key
from patterns.codebook import load_codebook
from patterns.prepare import main, prepare, prune
from patterns.voice import DEFAULT_VOICE, Bar

DEMO = DATA / "codebooks" / "cong-lac.yaml"
BRIEF = Bar(ring_s=0.3)


def test_everything_a_book_needs_is_there_afterwards_and_nothing_twice(tmp_path) -> None:
    book = load_codebook(DEMO)
    assert prepare(book.needed(), BRIEF, tmp_path) == len({key(score, BRIEF) for score in book.needed()})
    assert all(find(tmp_path, score, BRIEF) is not None for score in book.needed())
    assert prepare(book.needed(), BRIEF, tmp_path) == 0


def test_a_damaged_entry_is_rendered_anew(tmp_path) -> None:
    alarm = builtins()["alarm"]
    prepare([alarm], BRIEF, tmp_path)
    (tmp_path / f"{key(alarm, BRIEF)}.wav").write_bytes(b"")
    assert prepare([alarm], BRIEF, tmp_path) == 1
    assert find(tmp_path, alarm, BRIEF) is not None


def test_as_a_child_with_a_message_and_a_voice(tmp_path) -> None:
    message = tmp_path / "codebook.json"
    message.write_text(json.dumps(load_codebook(DEMO).to_message_fields() | {"counter": 1}))
    voice = tmp_path / "voice.yaml"
    voice.write_text("bar: {ring_s: 0.3}")
    command = [
        sys.executable,
        "-m",
        "patterns.prepare",
        str(message),
        str(tmp_path / "cache"),
        "--voice",
        str(voice),
        "--json",
    ]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in ended.stdout.splitlines()]
    assert {"alarm", "drill", "curfew"} <= {line["pattern"] for line in lines}
    assert [line["number"] for line in lines] == list(range(1, lines[0]["of"] + 1))
    assert find(tmp_path / "cache", builtins()["alarm"], BRIEF) is not None


def test_its_progress_is_in_vietnamese_unless_asked_otherwise(tmp_path, capsys) -> None:
    voice = tmp_path / "voice.yaml"
    voice.write_text("bar: {ring_s: 0.3}")
    assert main(["builtins", str(tmp_path), "--voice", str(voice)]) == 0
    assert "Báo động: tạo trong" in capsys.readouterr().out
    assert main(["builtins", str(tmp_path), "--voice", str(voice), "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "Alarm: there already" in out
    assert len(out.splitlines()) == len(builtins())


@pytest.mark.parametrize("source", ["none.yaml", "none.json", "bad.json", "deep.json", "bad.yaml"])
def test_a_source_that_cannot_be_read_is_a_sentence_and_exit_code_1(tmp_path, capsys, source: str) -> None:
    (tmp_path / "bad.json").write_text('{"version": 1')
    (tmp_path / "deep.json").write_text("[" * 60_000)
    (tmp_path / "bad.yaml").write_text("version: 1")
    assert main([str(tmp_path / source), str(tmp_path / "cache")]) == 1
    assert source in capsys.readouterr().err


def test_a_cache_that_cannot_be_made_is_a_sentence_and_exit_code_1(tmp_path, capsys) -> None:
    (tmp_path / "file").write_text("")
    assert main([str(DEMO), str(tmp_path / "file")]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_pruning_takes_the_oldest_that_nobody_needs(tmp_path) -> None:
    for age, name in enumerate(["a", "b", "c", "d"]):
        (tmp_path / f"{name}.wav").write_bytes(bytes(100))
        (tmp_path / f"{name}.json").write_bytes(b"")
        os.utime(tmp_path / f"{name}.wav", (1000 + age, 1000 + age))
    prune(tmp_path, {"a"}, limit_bytes=250)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "a.wav", "d.json", "d.wav"]


def test_pruning_removes_what_was_left_half_written_long_ago(tmp_path) -> None:
    for name in ("old", "new"):
        (tmp_path / f"{TEMPORARY}{name}").write_bytes(b"")
    os.utime(tmp_path / f"{TEMPORARY}old", (1000, 1000))
    os.utime(tmp_path / f"{TEMPORARY}new", (time.time(), time.time()))
    prune(tmp_path, set())
    assert [path.name for path in tmp_path.iterdir()] == [f"{TEMPORARY}new"]


def test_the_default_voice_is_the_rail() -> None:
    assert DEFAULT_VOICE.fundamental_hz == 520
