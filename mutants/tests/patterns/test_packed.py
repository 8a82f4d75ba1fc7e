"""A code book as an ask carries it."""

import base64
import json
import zlib

import pytest
from fakes.bigbook import big_book
from hypothesis import given
from hypothesis import strategies as st

from patterns.errors import CodeBookError
from patterns.packed import MAX_ASK_BYTES, MAX_UNPACKED_BYTES, PACKED, ask_bytes, carried, check_ask, unpacked
from patterns.yamlfile import parse_yaml

pytestmark = pytest.mark.pure


def fields(text: str) -> dict[str, object]:
    value = parse_yaml(text.encode(), "book.yaml").value
    assert isinstance(value, dict)
    return value


def deflated(data: bytes) -> str:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.b64encode(packer.compress(data) + packer.flush()).decode()


def test_a_small_book_goes_as_it_is() -> None:
    book = fields(big_book(5))
    assert carried(book) == book
    assert unpacked(book) == book


def test_forty_hamlets_with_keys_fit_and_come_out_the_same() -> None:
    book = fields(big_book(40))
    ask = carried(book)
    assert len(json.dumps(ask)) < check_ask(book, "x") <= MAX_ASK_BYTES
    assert list(ask) == ["packed"]
    assert unpacked(ask) == book


def test_what_no_ask_can_carry_is_told_with_its_size() -> None:
    book = fields(big_book(100, keys=False, name_chars=58))
    with pytest.raises(CodeBookError, match=r"book\.yaml") as caught:
        check_ask(book, "book.yaml")
    assert str(ask_bytes(book)) in caught.value.vi


@given(st.text(max_size=60))
def test_whatever_comes_nothing_else_is_raised(text: str) -> None:
    with pytest.raises(CodeBookError):
        unpacked({PACKED: text})


@pytest.mark.parametrize(
    "data", [b"[]", b"{", b"", b"\xff", b"[" * 60_000, b'{"a":"' + b"x" * MAX_UNPACKED_BYTES + b'"}']
)
def test_neither_a_bomb_nor_another_thing_is_unpacked(data: bytes) -> None:
    with pytest.raises(CodeBookError):
        unpacked({PACKED: deflated(data)})
