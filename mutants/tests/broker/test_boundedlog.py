"""A log that cannot fill a disk, nor be stopped by one."""

from pathlib import Path

from broker.boundedlog import BoundedLog


def test_size_is_bounded_and_the_youngest_lines_are_kept(tmp_path: Path) -> None:
    log = BoundedLog(tmp_path / "log", 1000, kept=2)
    for number in range(1000):
        log.write(b"%06d\n" % number)
    log.close()
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["log", "log.1", "log.2"]
    assert all(file.stat().st_size <= 1000 for file in files)
    lines = b"".join((tmp_path / name).read_bytes() for name in ("log.2", "log.1", "log")).splitlines()
    assert lines == [b"%06d" % number for number in range(1000 - len(lines), 1000)]
    assert len(lines) > 2000 // 7


def test_a_second_run_goes_on_after_the_first(tmp_path: Path) -> None:
    for text in (b"one\n", b"two\n"):
        log = BoundedLog(tmp_path / "log", 1000)
        log.write(text)
        log.close()
    assert (tmp_path / "log").read_bytes() == b"one\ntwo\n"


def test_a_line_longer_than_the_bound_is_still_written_whole(tmp_path: Path) -> None:
    log = BoundedLog(tmp_path / "log", 10)
    log.write(b"x" * 50 + b"\n")
    log.write(b"y\n")
    log.close()
    assert (tmp_path / "log.1").read_bytes() == b"x" * 50 + b"\n"


def test_a_place_that_cannot_be_written_costs_lines_only(tmp_path: Path) -> None:
    log = BoundedLog(tmp_path / "nowhere" / "log", 10)
    log.write(b"x\n")
    assert log.lost == 1
    (tmp_path / "nowhere").mkdir()
    log.write(b"y\n")
    assert (tmp_path / "nowhere" / "log").read_bytes() == b"y\n"
    log.close()


def test_it_is_private(tmp_path: Path) -> None:
    log = BoundedLog(tmp_path / "log", 10)
    log.write(b"x\n")
    log.close()
    assert (tmp_path / "log").stat().st_mode & 0o777 == 0o600


def test_the_last_line_is_for_a_person(tmp_path: Path) -> None:
    log = BoundedLog(tmp_path / "log", 1000)
    assert log.last_line() == ""
    log.write(b"one\ntwo\n")
    assert log.last_line() == "two"
    log.close()
