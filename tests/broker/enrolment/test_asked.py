"""Root's hands take names from a folder of somebody who is not root."""

from pathlib import Path

import pytest

from broker.enrolment.asked import AT_ONCE, taken

pytestmark = pytest.mark.pure


def test_a_name_is_taken_once(tmp_path: Path) -> None:
    for name in ("thon-2", "thon-1"):
        (tmp_path / name).touch()
    assert taken(tmp_path) == ["thon-1", "thon-2"]
    assert taken(tmp_path) == [] and not list(tmp_path.iterdir())


def test_only_a_slug_is_a_name_and_nothing_else_starts_it_again(tmp_path: Path) -> None:
    for name in ("--help", "Thon-1", "all", ".thon-1", "thon 1", "a;b"):
        (tmp_path / name).touch()
    (tmp_path / "thon-3").mkdir()
    assert taken(tmp_path) == [] and not list(tmp_path.iterdir())


def test_a_link_is_a_name_and_what_it_leads_to_stays(tmp_path: Path) -> None:
    (kept := tmp_path / "passwd").write_text("root")
    (folder := tmp_path / "retire").mkdir()
    (folder / "thon-1").symlink_to(kept)
    assert taken(folder) == ["thon-1"]
    assert kept.read_text() == "root"


def test_no_folder_is_no_names_and_a_flood_is_taken_in_parts(tmp_path: Path) -> None:
    assert taken(tmp_path / "none") == []
    for number in range(AT_ONCE + 1):
        (tmp_path / f"n{number}").touch()
    assert (len(taken(tmp_path)), len(taken(tmp_path))) == (AT_ONCE, 1)
