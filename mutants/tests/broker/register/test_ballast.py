"""Room that is kept for a full disk."""

from pathlib import Path

from broker.register.ballast import BALLAST_BYTES, drop_ballast, keep_ballast


def test_ballast_takes_real_room_until_it_is_dropped(tmp_path: Path) -> None:
    keep_ballast(tmp_path)
    assert (tmp_path / "ballast").stat().st_blocks * 512 >= BALLAST_BYTES
    assert drop_ballast(tmp_path)
    assert not drop_ballast(tmp_path)


def test_a_short_ballast_is_made_whole(tmp_path: Path) -> None:
    (tmp_path / "ballast").write_bytes(b"x")
    keep_ballast(tmp_path)
    assert (tmp_path / "ballast").stat().st_size == BALLAST_BYTES


def test_a_folder_without_room_or_permission_is_no_fault(tmp_path: Path) -> None:
    keep_ballast(tmp_path / "nowhere")
    assert not drop_ballast(tmp_path / "nowhere")
