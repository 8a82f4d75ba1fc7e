"""Code books, from the command line into a real service."""

from pathlib import Path

from fakes.bigbook import big_book

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


def test_a_commune_of_forty_hamlets_with_keys_can_be_taught(asked, keng, tmp_path):
    file = tmp_path / "big.yaml"
    file.write_text(big_book(40, version=20))
    told = keng("codebook", "check", file, "--json").json
    assert told["ask_bytes"] <= 8 * 1024
    assert asked("codebook", "push", file).code == 0


def test_a_book_that_no_ask_can_carry_is_not_called_right(asked, keng, tmp_path):
    file = tmp_path / "big.yaml"
    file.write_text(big_book(100, keys=False, name_chars=58, version=21))
    for said in (keng("codebook", "check", file), asked("codebook", "push", file)):
        assert said.code == 1
        assert "dài quá" in said.err and "too long" in said.err
