"""What leaves the machine is read by the chief's key alone, whole or not at all."""

import io
from pathlib import Path

import pytest

from broker.enrolment.sealing import ADDED, MAGIC, PIECE, SealFault, is_sealed, new_pair, seal, unseal

WHOLE = bytes(range(256)) * 1000  # four pieces, the last one short


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    private, public = tmp_path / "backup.key", tmp_path / "backup.pub"
    for path, text in zip((private, public), new_pair(), strict=True):
        path.write_text(text + "\n")
    return private, public


def sealed(tmp_path: Path, public: Path, what: bytes) -> Path:
    out = io.BytesIO()
    seal(io.BytesIO(what), out, public)
    (path := tmp_path / "sealed").write_bytes(out.getvalue())
    return path


def opened(path: Path, private: Path) -> bytes:
    out = io.BytesIO()
    unseal(path, private, out)
    return out.getvalue()


@pytest.mark.parametrize("size", [0, 1, PIECE, PIECE + 1, len(WHOLE)])
def test_what_was_sealed_comes_back_whatever_its_length(tmp_path, keys, size):
    path = sealed(tmp_path, keys[1], WHOLE[:size])
    assert is_sealed(path)
    assert opened(path, keys[0]) == WHOLE[:size]


def test_nothing_of_it_can_be_read_without_the_key(tmp_path, keys):
    path = sealed(tmp_path, keys[1], b"duty password" * 100)
    assert b"password" not in path.read_bytes()
    other = tmp_path / "other.key"
    other.write_text(new_pair()[0])
    with pytest.raises(SealFault):
        opened(path, other)
    with pytest.raises(SealFault):
        opened(path, keys[1])


@pytest.mark.parametrize("at", [len(MAGIC) + 3, 200, -1])
def test_a_byte_that_was_changed_is_found(tmp_path, keys, at):
    path = sealed(tmp_path, keys[1], WHOLE)
    spoilt = bytearray(path.read_bytes())
    spoilt[at] ^= 1
    path.write_bytes(spoilt)
    with pytest.raises(SealFault):
        opened(path, keys[0])


def test_a_file_that_was_cut_off_between_two_pieces_is_found(tmp_path, keys):
    path = sealed(tmp_path, keys[1], WHOLE)
    text = path.read_bytes()
    last = len(WHOLE) % PIECE + ADDED
    path.write_bytes(text[:-last])
    with pytest.raises(SealFault, match="thiếu phần cuối"):
        opened(path, keys[0])


def test_what_is_no_key_is_said_with_its_name(tmp_path, keys):
    path = sealed(tmp_path, keys[1], WHOLE)
    (bad := tmp_path / "bad.key").write_text("không phải khóa")
    with pytest.raises(SealFault, match=r"bad\.key"):
        opened(path, bad)
