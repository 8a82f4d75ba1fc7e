"""Whose turn it is among a machine's names: the last good one first, each of the others before anybody waits."""

from pathlib import Path

import pytest

from wire.hosts import MAX_KEPT_BYTES, Hosts

pytestmark = pytest.mark.pure


def tried(hosts: Hosts) -> list[str]:
    """One round of nobody letting us in."""
    seen = [hosts.now]
    while not hosts.failed():
        seen.append(hosts.now)
    return seen


def test_one_name_is_tried_and_then_there_is_a_wait():
    assert tried(Hosts(["a"])) == ["a"]


def test_each_has_its_turn_once_a_round_in_the_order_given():
    hosts = Hosts(["a", "b", "a", "c"])
    assert tried(hosts) == ["a", "b", "c"]
    assert tried(hosts) == ["a", "b", "c"]


def test_the_one_that_let_us_in_is_the_first_from_then_on():
    hosts = Hosts(["a", "b", "c"])
    hosts.failed()
    hosts.let_in()
    assert tried(hosts) == ["b", "a", "c"]


def test_the_one_that_let_us_in_is_still_the_first_after_a_restart(tmp_path: Path):
    kept = tmp_path / "host"
    hosts = Hosts(["a", "b"], kept)
    hosts.failed()
    hosts.let_in()
    assert tried(Hosts(["a", "b"], kept)) == ["b", "a"]


def test_a_kept_name_that_is_no_longer_among_them_counts_for_nothing(tmp_path: Path):
    kept = tmp_path / "host"
    for text in (b"gone\n", b"", b"\xff\xfe", b"b" * 10_000):
        kept.write_bytes(text)
        assert tried(Hosts(["a", "b"], kept)) == ["a", "b"]


def test_the_file_is_written_only_when_it_changes(tmp_path: Path):
    kept = tmp_path / "host"
    hosts = Hosts(["a", "b"], kept)
    hosts.let_in()
    before = kept.stat().st_ino, kept.stat().st_mtime_ns
    for _ in range(3):
        hosts.let_in()
    Hosts(["a", "b"], kept).let_in()
    assert (kept.stat().st_ino, kept.stat().st_mtime_ns) == before
    assert [path.name for path in tmp_path.iterdir()] == ["host"]


def test_with_one_name_nothing_is_written(tmp_path: Path):
    Hosts(["a"], tmp_path / "host").let_in()
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_costs_the_order_alone_and_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    kept = tmp_path / "nowhere" / "host"
    hosts = Hosts(["a", "b"], kept)
    hosts.failed()
    hosts.let_in()
    assert tried(hosts) == ["b", "a"]
    (told,) = caplog.messages
    assert told.startswith(f"{kept} cannot be written ([Errno 2]")
    assert told.endswith("): the next start tries the addresses in their order")


def test_a_draft_that_cannot_take_the_files_place_is_cleared_away(tmp_path: Path):
    kept = tmp_path / "host"
    kept.mkdir()
    Hosts(["a", "b"], kept).let_in()
    assert [path.name for path in tmp_path.iterdir()] == ["host"]
    (tmp_path / ".host.draft").mkdir()  # nor can this be cleared away
    hosts = Hosts(["a", "b"], kept)
    hosts.failed()
    hosts.let_in()
    assert hosts.now == "b"


def test_of_a_file_without_end_no_more_is_read_than_a_name_has(tmp_path: Path):
    kept = tmp_path / "host"
    kept.write_bytes(b"b" + b" " * MAX_KEPT_BYTES + b"x" * 100)
    assert tried(Hosts(["a", "b"], kept)) == ["b", "a"]
