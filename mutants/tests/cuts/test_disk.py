"""The disk of the power cuts: it keeps what was synced, and loses the rest in every way that it says."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import pytest
from cuts.disk import SECTOR_BYTES, Disk, cuts
from cuts.recording import Deed, Recording

pytestmark = pytest.mark.pure

TRIES = 300
OLD, NEW = b"o" * 3 * SECTOR_BYTES, b"n" * 3 * SECTOR_BYTES
FILE, DRAFT = 1, 2


def images(*deeds: Deed) -> Sequence[dict[str, bytes]]:
    """What cuts after all of them left; `file` was there before."""
    disk = Disk(Recording(Path("folder"), Path("log"), {"file": (FILE, OLD)}))
    for deed in deeds:
        disk.take(deed)
    return [disk.after_cut(random.Random(seed)) for seed in range(TRIES)]


def contents(*deeds: Deed) -> set[bytes | None]:
    return {image.get("file") for image in images(*deeds)}


WRITTEN = Deed("W", FILE, 0, payload=NEW)


def test_what_was_written_and_synced_is_there() -> None:
    assert contents(WRITTEN, Deed("S", FILE)) == {NEW}


def test_what_was_not_synced_may_be_torn_at_each_sector_and_nowhere_else() -> None:
    mixtures = {b"".join(letter * SECTOR_BYTES for letter in letters) for letters in product((b"o", b"n"), repeat=3)}
    assert contents(WRITTEN) == mixtures


def test_a_write_harms_nothing_beside_it() -> None:
    assert contents(Deed("W", FILE, 700, payload=b"x")) == {OLD, OLD[:700] + b"x" + OLD[701:]}


def test_a_length_may_survive_without_its_bytes_which_are_then_nothing_or_garbage() -> None:
    found = contents(Deed("W", FILE, len(OLD), payload=NEW[:SECTOR_BYTES]))
    tails = {content[len(OLD) :] for content in found if content is not None}
    assert {b"", NEW[:SECTOR_BYTES], bytes(SECTOR_BYTES)} < tails
    assert all(content is not None and content.startswith(OLD) for content in found)


def test_a_length_that_was_set_may_come_back_until_it_is_synced() -> None:
    assert contents(Deed("T", FILE, 10)) == {OLD, OLD[:10]}
    assert contents(Deed("T", FILE, 10), Deed("S", FILE)) == {OLD[:10]}


REPLACED = (
    Deed("C", DRAFT, name="draft"),
    Deed("W", DRAFT, 0, payload=NEW),
    Deed("S", DRAFT),
    Deed("R", DRAFT, name="draft", other="file"),
)


def test_a_file_that_takes_anothers_place_does_so_in_one_step_and_for_sure_once_the_folder_is_synced() -> None:
    assert contents(*REPLACED) == {OLD, NEW}
    assert images(*REPLACED, Deed("D")) == [{"file": NEW}] * TRIES


def test_a_synced_files_name_may_be_lost_and_a_removed_one_come_back() -> None:
    assert {frozenset(image) for image in images(*REPLACED[:3])} == {frozenset({"file"}), frozenset({"file", "draft"})}
    assert contents(Deed("U", FILE, name="file")) == {OLD, None}


def test_a_sync_after_one_that_failed_saves_nothing_of_before() -> None:
    assert contents(WRITTEN, Deed("F", FILE), Deed("S", FILE)) == contents(WRITTEN)
    later = Deed("W", FILE, 700, payload=b"x")
    after = contents(WRITTEN, Deed("F", FILE), later, Deed("S", FILE))
    assert {content[700:701] for content in after if content is not None} == {b"x"}
    assert {content[:1] for content in after if content is not None} == {b"o", b"n"}


def test_an_inode_that_is_used_again_is_another_file() -> None:
    deeds = (Deed("U", FILE, name="file"), Deed("C", FILE, name="file"), WRITTEN, Deed("S", FILE))
    assert contents(*deeds) == {OLD, NEW, None}


def test_cuts_fall_at_every_boundary_and_know_what_was_claimed_by_then() -> None:
    recording = Recording(Path("folder"), Path("log"), {"file": (FILE, OLD)})
    deeds = [WRITTEN, Deed("S", FILE), Deed("K", payload=b'{"done": 1}')]
    found = list(cuts(recording, deeds, range(4), 8, random.Random(1)))
    assert [cut.after for cut in found] == [0, 0, 1, 1, 2, 2, 3, 3]
    assert [len(cut.claims) for cut in found] == [0] * 6 + [1] * 2
    assert all(cut.image == {"file": NEW} for cut in found[4:])
