"""What lies in the chief's safe: both keys are there, or it is said; none is lost, none is made anew in silence."""

from pathlib import Path

import pytest
from fakes.installed import Installed

from broker.enrolment.archive import BackupFault
from broker.enrolment.files import PUBLIC, put
from broker.enrolment.safe import Safe, put_into_safe
from broker.enrolment.sealing import new_pair, public_half
from broker.enrolment.site import read_site


@pytest.fixture
def sticks(stick: Path) -> tuple[Path, Path]:
    """Two, empty."""
    one, two = stick / "một", stick / "hai"
    one.mkdir()
    two.mkdir()
    return one, two


def safe(machine: Installed, folder: Path, first: Path | None = None, *, lost: bool = False) -> Safe:
    return put_into_safe(read_site(machine.etc), folder, first=first, lost=lost)


def test_the_safe_holds_both_keys_and_says_what_they_are_for(machine, stick):
    ours = (machine.etc / "ca/ca.key").read_text()
    done = safe(machine, stick)
    assert (done.moved, done.made, done.kept, done.whole) == (True, True, False, True)
    assert (stick / "ca.key").read_text() == ours
    assert "két" in (stick / "DOC-TOI.txt").read_text()
    key = (stick / "backup.key").read_text()
    again = safe(machine, stick)
    assert (again.moved, again.made, again.whole) == (False, False, True)
    assert (stick / "backup.key").read_text() == key, "or older backups would never open again"


def test_a_second_empty_stick_is_not_taken_for_the_safes(machine, sticks):
    one, two = sticks
    safe(machine, one)
    with pytest.raises(BackupFault, match="--from"):
        safe(machine, two)
    assert list(two.iterdir()) == [], "or somebody would throw the first one away"


def test_a_second_stick_gets_both_keys_from_the_first(machine, sticks):
    one, two = sticks
    safe(machine, one)
    done = safe(machine, two, one)
    assert (done.made, done.whole) == (False, True)
    for name in ("backup.key", "ca.key", "DOC-TOI.txt"):
        assert (two / name).read_bytes() == (one / name).read_bytes()
    with pytest.raises(BackupFault, match="cùng một USB"):
        safe(machine, one, one)


def test_a_stick_that_is_lost_gets_a_follower_whose_key_is_new_and_which_says_what_is_missing(machine, sticks):
    one, two = sticks
    safe(machine, one)
    done = safe(machine, two, lost=True)
    assert (done.made, done.whole) == (True, False)
    assert (two / "backup.key").read_text() != (one / "backup.key").read_text()
    assert public_half(two / "backup.key") == (machine.etc / "backup.pub").read_text().strip()
    with pytest.raises(BackupFault, match="không hợp"):
        safe(machine, one)


def test_another_communes_key_on_the_stick_is_not_written_over(machine, stick):
    put(machine.etc / "backup.pub", new_pair()[1], PUBLIC)  # restored, or put into another safe before
    (stick / "ca.key").write_bytes(theirs := b"another commune's")
    with pytest.raises(BackupFault, match="xã khác"):
        safe(machine, stick)
    assert (stick / "ca.key").read_bytes() == theirs
    assert (machine.etc / "ca/ca.key").exists()


def test_a_stick_of_another_commune_is_neither_taken_nor_copied_from(machine, sticks, tmp_path):
    one, two = sticks
    other = Installed(tmp_path / "other")
    other.found(anew=True)
    safe(other, one)
    (one / "ca.key").unlink()  # the key of backups alone tells it
    before = {path.name: path.read_bytes() for path in one.iterdir()}
    with pytest.raises(BackupFault, match="không hợp"):
        safe(machine, one)
    with pytest.raises(BackupFault, match="không hợp"):
        safe(machine, two, one)
    assert {path.name: path.read_bytes() for path in one.iterdir()} == before
    assert list(two.iterdir()) == [] and (machine.etc / "ca/ca.key").exists()


def test_what_the_power_cut_off_is_finished_by_a_second_run(machine, stick):
    (stick / "backup.key").write_text(new_pair()[0] + "\n")  # written there, and not yet known here
    assert safe(machine, stick).moved
    assert public_half(stick / "backup.key") == (machine.etc / "backup.pub").read_text().strip()


def test_a_machine_restored_from_before_the_safe_knows_its_stick_again(machine, stick):
    key = (machine.etc / "ca/ca.key").read_bytes()
    safe(machine, stick)
    (machine.etc / "backup.pub").unlink()
    (machine.etc / "ca/ca.key").write_bytes(key)
    done = safe(machine, stick)
    assert (done.moved, done.made, done.whole) == (True, False, True)


def test_an_older_commune_keeps_its_key_and_gets_a_copy_on_the_stick(machine, stick):
    for name in ("issuer.crt", "issuer.key"):
        (machine.etc / "ca" / name).unlink()
    done = safe(machine, stick)
    assert (done.moved, done.kept) == (False, True)
    assert (machine.etc / "ca/ca.key").read_text() == (stick / "ca.key").read_text()


def test_a_folder_of_this_machine_is_no_stick(machine, tmp_path):
    with pytest.raises(BackupFault, match="USB"):
        safe(machine, tmp_path)
    assert (machine.etc / "ca/ca.key").exists()
