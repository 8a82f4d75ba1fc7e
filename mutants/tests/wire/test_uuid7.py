"""Ids that sort by time, and entropy that can be replayed."""

from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.uuid7 import Entropy, uuid7
from wire.words import MAX_WALL_MS

pytestmark = pytest.mark.pure

walls_ms = st.integers(0, MAX_WALL_MS)
noises = st.binary(min_size=10, max_size=16)


@given(walls_ms, noises)
def test_it_is_a_uuid_of_version_7_in_lower_case(wall_ms, noise):
    text = uuid7(wall_ms, noise)
    one = UUID(text)
    assert (one.version, one.variant, str(one)) == (7, RFC_4122, text)


@given(walls_ms, noises)
def test_its_first_48_bits_are_the_time(wall_ms, noise):
    assert UUID(uuid7(wall_ms, noise)).int >> 80 == wall_ms


@given(walls_ms, walls_ms, noises, noises)
def test_ids_sort_by_time(one_ms, other_ms, one, other):
    if one_ms < other_ms:
        assert uuid7(one_ms, one) < uuid7(other_ms, other)


@given(walls_ms, st.integers(0, 2**74 - 1))
def test_all_74_bits_of_noise_are_in_it(wall_ms, noise):
    spread = (noise >> 62) << 62 | noise & (1 << 62) - 1
    text = uuid7(wall_ms, spread.to_bytes(10))
    value = UUID(text).int
    assert (value >> 64 & 0xFFF) << 62 | value & (1 << 62) - 1 == noise


def test_it_is_the_example_of_the_standard():
    noise = (0xCC3 << 62 | 0x18C4DC0C0C07398F).to_bytes(10)
    assert uuid7(0x017F22E279B0, noise) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


def test_too_little_noise_is_a_value_error():
    with pytest.raises(ValueError, match="10 bytes"):
        uuid7(0, bytes(9))


@given(st.binary(min_size=1, max_size=100), st.lists(st.integers(1, 64)))
def test_the_same_seed_draws_the_same(seed, sizes):
    one, other = Entropy(seed), Entropy(seed)
    drawn = [one.draw(size) for size in sizes]
    assert drawn == [other.draw(size) for size in sizes]
    assert [len(piece) for piece in drawn] == sizes


def test_a_stream_does_not_repeat_itself():
    entropy = Entropy(b"seed")
    assert len({entropy.draw(16) for _ in range(10_000)}) == 10_000


def test_another_seed_draws_something_else():
    assert Entropy(b"a").draw(16) != Entropy(b"b").draw(16)
    assert Entropy(b"x" * 64 + b"a").draw(16) != Entropy(b"x" * 64 + b"b").draw(16)


def test_no_seed_is_no_entropy():
    with pytest.raises(ValueError, match="seed"):
        Entropy(b"")
