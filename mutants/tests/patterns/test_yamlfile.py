"""Reading YAML: plain values, lines, and refusals."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from patterns.errors import YamlError
from patterns.yamlfile import MAX_FILE_BYTES, field_name, parse_yaml, read_yaml

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("22:00", "22:00"),
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("~", None),
        ("", None),
        ("010", 10),
        ("-3", -3),
        ("0.12", 0.12),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("2027-02-06", "2027-02-06"),
        ("'5'", "5"),
        ('"true"', "true"),
        (".inf", ".inf"),
        ("0x10", "0x10"),
    ],
)
def test_words_mean_what_a_person_means(text: str, value: object) -> None:
    assert parse_yaml(f"a: {text}".encode(), "f").value == {"a": value}


def test_every_field_knows_its_line() -> None:
    document = parse_yaml(b"a: 1\nb:\n  - x\n  - {c: 2,\n     d: 3}\n", "f")
    assert document.line(("a",)) == 1
    assert document.line(("b", 0)) == 3
    assert document.line(("b", 1, "d")) == 5
    assert document.line(("b", 1, "missing", 7)) == 4


def test_keys_are_text_as_written() -> None:
    assert parse_yaml(b"1: a\ntrue: b\n05: c", "f").value == {"1": "a", "true": "b", "05": "c"}


def test_all_soft_faults_of_a_file_are_noted_together() -> None:
    document = parse_yaml(b"a: 1\na: 2\nb: !!python/object:os.system x\nc: &x 1\nd: *x\n", "f")
    assert [(fault.line, fault.field) for fault in document.faults] == [(2, "a"), (3, "b"), (4, "c"), (5, "d")]


def test_aliases_that_would_blow_up_cost_nothing() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    started = time.monotonic()
    assert parse_yaml("\n".join(lines).encode(), "f").faults
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"a: 1\nb: 2: 3\n", 2),
        (b"a: 1\n---\nb: 2", 2),
        (b"a: 1\nb: \xff", 2),
        (b"[" * 5000, 1),
        (b"? [x]\n: 1", 1),
        (b"a: " + b"x" * MAX_FILE_BYTES, None),
        (b"a: \x00", None),
    ],
)
def test_what_is_no_yaml_is_refused_with_its_line(raw: bytes, line: int | None) -> None:
    with pytest.raises(YamlError) as caught:
        parse_yaml(raw, "tep.yaml")
    assert "tep.yaml" in caught.value.vi
    assert "tep.yaml" in caught.value.en
    assert caught.value.faults[0].line == line


def test_a_missing_file_is_said_in_both_languages(tmp_path) -> None:
    with pytest.raises(YamlError, match=r"không đọc được[\s\S]*cannot be read"):
        read_yaml(tmp_path / "none.yaml")


@given(st.one_of(st.binary(max_size=200), st.text(alphabet="ab:-[]{}&*!#|>'\"?,\n 0~", max_size=200).map(str.encode)))
@example(b"\xef\xbb\xbfa: 1")
@example(b"- - - - - ? - - : x")
@example(b"a: " + b"9" * 5000)
def test_whatever_the_bytes_reading_ends_well(raw: bytes) -> None:
    try:
        parse_yaml(raw, "f")
    except YamlError as error:
        assert error.vi
        assert error.en


def test_field_names_read_like_code() -> None:
    assert field_name(("chimes", 2, "at")) == "chimes[2].at"
    assert field_name(()) == ""
