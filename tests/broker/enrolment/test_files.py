"""Files that are written where somebody else may write, too."""

from pathlib import Path
from typing import Any

from broker.enrolment.files import PUBLIC, put


class Raced(type(Path())):  # type: ignore[misc]  # the flavour of this system
    """A draft whose folder is a thief's: it is exchanged for a link the moment its rights are set by its name."""

    victim: Path

    def chmod(self, mode: int, **how: Any) -> None:
        self.unlink()
        self.symlink_to(self.victim)
        super().chmod(mode, **how)


class Theirs(type(Path())):  # type: ignore[misc]  # the flavour of this system
    """A file in a thief's folder."""

    victim: Path

    def with_name(self, name: str) -> Path:
        draft = Raced(self.parent / name)
        draft.victim = self.victim
        return draft


def test_rights_are_given_to_what_was_written_and_not_to_what_has_its_name_now(tmp_path: Path) -> None:
    (victim := tmp_path / "shadow").write_text("root's own")
    victim.chmod(0o600)
    (tmp_path / "home").mkdir()
    for _ in range(2):  # new, and there already
        theirs = Theirs(tmp_path / "home/backup.json")
        theirs.victim = victim
        put(theirs, "{}", PUBLIC)
    assert victim.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "home/backup.json").stat().st_mode & 0o777 == PUBLIC
