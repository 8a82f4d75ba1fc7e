"""Code books, from the command line into a real service."""

from pathlib import Path

BOOK = Path(__file__).parents[3] / "patterns" / "data" / "codebooks" / "cong-lac.yaml"


def changed(tmp_path, old, new):
    file = tmp_path / "book.yaml"
    text = BOOK.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    return file


def test_a_newer_code_book_is_taken_into_use_and_an_older_one_refused(asked, tmp_path):
    newer = changed(tmp_path, "version: 1 ", "version: 7 ")
    assert asked("codebook", "push", newer).code == 0
    assert asked("codebook", "push", newer).code == 0
    said = asked("codebook", "push", changed(tmp_path, "version: 1 ", "version: 3 "))
    assert said.code == 1
    assert "version" in said.err


def test_a_wrong_code_book_is_told_with_its_line_and_never_sent(asked, tmp_path):
    said = asked("codebook", "push", changed(tmp_path, 'at: "22:00"', 'at: "25:00"'))
    assert said.code == 1
    assert "dòng" in said.err and "line" in said.err and "chimes[0].at" in said.err


def test_another_communes_code_book_is_not_sent_here(asked, tmp_path):
    said = asked("codebook", "push", changed(tmp_path, "commune: cong-lac", "commune: ea-o"))
    assert said.code == 2


def test_check_is_mounted_beside_push(keng):
    assert keng("codebook", "check", BOOK).code == 0
    assert keng("patterns", "list", "--json").code == 0
