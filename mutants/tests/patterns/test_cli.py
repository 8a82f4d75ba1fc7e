"""The command line of patterns and code books."""

import argparse
import json
import resource
import wave
from contextlib import contextmanager

import pytest

from patterns.builtin import DATA, builtins
from patterns.cli import add_parsers

DEMO = str(DATA / "codebooks" / "cong-lac.yaml")


def keng(*words: str) -> int:
    parser = argparse.ArgumentParser(prog="keng")
    parser.add_argument("--lang", choices=("vi", "en"), default="vi")
    parser.add_argument("--json", action="store_true")
    add_parsers(parser.add_subparsers(required=True))
    args = parser.parse_args(words)
    return int(args.run(args))


def test_list_names_every_pattern_in_vietnamese(capsys) -> None:
    assert keng("patterns", "list") == 0
    out = capsys.readouterr().out
    assert len(out.splitlines()) == len(builtins())
    assert "Báo động" in out


@pytest.mark.parametrize("words", [("--lang", "en", "patterns", "list"), ("patterns", "list", "--lang", "en")])
def test_the_language_may_stand_anywhere(capsys, words) -> None:
    assert keng(*words) == 0
    assert "All-clear" in capsys.readouterr().out


def test_list_takes_the_code_books_own_names_first(capsys) -> None:
    assert keng("--json", "patterns", "list", "--codebook", DEMO) == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed[0]["name"] == "curfew"
    assert listed[0]["title"]["vi"] == "Cộng Lạc – báo yên"
    assert [one["name"] for one in listed].count("curfew") == 1


def test_show_draws(capsys) -> None:
    assert keng("patterns", "show", "ea-o/alarm", "--width", "60") == 0
    out = capsys.readouterr().out
    assert "Ea Ô – báo động" in out
    assert "█" in out
    assert "↻" in out


def test_show_as_json_gives_each_stroke(capsys) -> None:
    assert keng("patterns", "show", "alarm", "--json") == 0
    assert json.loads(capsys.readouterr().out)["loop"] == [[0, 1.0], [260, 1.0], [520, 1.0]]


def test_an_unknown_pattern_is_a_sentence_in_both_languages(capsys) -> None:
    assert keng("patterns", "show", "nothing") == 1
    err = capsys.readouterr().err
    assert "không có bản kẻng này" in err
    assert "no such pattern" in err


def test_render_writes_a_wav_of_so_many_seconds(tmp_path, capsys) -> None:
    out = tmp_path / "a.wav"
    assert keng("patterns", "render", "alarm", str(out), "--seconds", "7") == 0
    with wave.open(str(out)) as file:
        assert file.getnframes() == 7 * 48_000
    assert keng("patterns", "render", "alarm", str(tmp_path / "no" / "a.wav")) == 1
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize("seconds", ["0", "nan", "1e9", "x"])
def test_a_senseless_length_is_refused(tmp_path, seconds: str) -> None:
    with pytest.raises(SystemExit):
        keng("patterns", "render", "alarm", str(tmp_path / "a.wav"), "--seconds", seconds)


def test_a_voice_changes_the_sound(tmp_path) -> None:
    for name, words in (("a", ()), ("b", ("--voice", str(DATA / "voices" / "wheel-rim.yaml")))):
        assert keng("patterns", "render", "test", str(tmp_path / name), *words) == 0
    assert (tmp_path / "a").read_bytes() != (tmp_path / "b").read_bytes()


def test_check_says_what_a_right_book_says(capsys) -> None:
    assert keng("codebook", "check", DEMO) == 0
    out = capsys.readouterr().out
    assert "đúng" in out
    assert "5 thôn" in out
    assert "22:00" in out
    assert keng("codebook", "check", DEMO, "--json") == 0
    assert json.loads(capsys.readouterr().out)["ok"] is True


def test_check_tells_every_fault_and_fails(tmp_path, capsys) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("commune: x\nversion: one\nzone: Nowhere\nhamlets: {}\n")
    assert keng("codebook", "check", str(bad)) == 1
    err = capsys.readouterr().err
    for place in ("dòng 2, version", "line 3, zone", "line 4, hamlets"):
        assert place in err
    assert keng("codebook", "check", str(bad), "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    assert [(fault["line"], fault["field"]) for fault in told["faults"]] == [
        (2, "version"),
        (3, "zone"),
        (4, "hamlets"),
    ]


def test_a_missing_book_is_a_sentence(tmp_path, capsys) -> None:
    assert keng("--lang", "en", "codebook", "check", str(tmp_path / "none.yaml")) == 1
    err = capsys.readouterr().err
    assert "cannot be read" in err
    assert "không" not in err


@contextmanager
def no_room_for_files_beyond(size: int):
    """As a full disk, for this process alone: a write ends in the middle. The system says EFBIG instead."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_the_recording_that_was_there(tmp_path) -> None:
    out = tmp_path / "a.wav"
    out.write_bytes(b"the older one")
    with no_room_for_files_beyond(1_000):
        assert keng("patterns", "render", "test", str(out)) == 1
    assert out.read_bytes() == b"the older one"
    assert list(tmp_path.iterdir()) == [out]


def test_check_warns_where_a_silent_alert_would_sound_nowhere(tmp_path, capsys) -> None:
    assert keng("codebook", "check", DEMO) == 0
    assert "báo ngầm không kêu ở đâu cả" in capsys.readouterr().out
    posted = tmp_path / "posted.yaml"
    posted.write_text(
        (DATA / "codebooks" / "cong-lac.yaml")
        .read_text()
        .replace("thon-5: {hamlet: thon-5}", "thon-5: {hamlet: thon-5, post: true}")
    )
    assert keng("codebook", "check", str(posted)) == 0
    assert "Chú ý" not in capsys.readouterr().out
    assert keng("codebook", "check", DEMO, "--json") == 0
    assert len(json.loads(capsys.readouterr().out)["warnings"]) == 1
