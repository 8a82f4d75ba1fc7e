"""A release is installed beside what runs, tried, and kept or rolled back; whatever is wrong with it is told."""

import contextlib
import dataclasses
import errno
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from fakes.releases import KEY, OTHER, TARGET, Machine, PlugPulled, a_release, as_offered

from node.update.files import PERMIT, TOLD, TRIAL, Trial, read, write
from node.update.install import MAX_CUTS, Installer, recover
from node.update.layout import BUNDLE
from wire.release import MANIFEST, SIGNATURE, signed
from wire.reports import Updating


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """With 0.1.0 on it, and 0.2.0 fetched and permitted."""
    made = Machine(tmp_path)
    fetched(made)
    return made


def fetched(machine: Machine, version: str = "0.2.0", offer: str = "o1", **how: object) -> Path:
    folder = a_release(machine.fetched / version, version, **how)  # type: ignore[arg-type]  # a test's own words
    machine.permit(as_offered(folder, 8445), offer)
    return folder


def told(machine: Machine) -> tuple[str, str]:
    word = read(machine.state / TOLD, Updating)
    assert word is not None
    return word.state, word.why


def test_a_good_release_runs_and_is_kept_and_the_one_before_stays(machine: Machine) -> None:
    Installer(machine.around()).run()
    assert (machine.layout.current, machine.layout.good) == ("0.2.0", "0.2.0")
    assert told(machine) == ("done", "") and machine.restarts == 1
    assert machine.layout.whole("0.1.0")
    fetched(machine, "0.3.0", "o2")
    Installer(machine.around()).run()
    assert machine.layout.current == "0.3.0" and machine.layout.whole("0.2.0") and not machine.layout.whole("0.1.0")


def test_only_what_this_machine_needs_is_copied(machine: Machine) -> None:
    Installer(machine.around()).run()
    bundle = machine.layout.folder("0.2.0") / BUNDLE
    assert sorted(path.name for path in bundle.rglob("*.whl")) == ["keng-py3-none-any.whl", "msgspec.whl"]
    assert not (bundle / "debs").exists()


@pytest.mark.parametrize(
    ("word", "why"),
    [(None, "crash"), ({"heard": False}, "unlinked"), ({"wrong": ("SpeakerHealth",)}, "unwell: SpeakerHealth")],
)
def test_one_that_is_not_well_is_rolled_back(machine: Machine, word: dict[str, object] | None, why: str) -> None:
    machine.behaves = lambda version, _: word if version == "0.2.0" else {}
    Installer(machine.around()).run()
    assert (machine.layout.current, machine.layout.good) == ("0.1.0", "0.1.0")
    assert told(machine) == ("rolled_back", why) and machine.restarts == 2


def test_what_was_rolled_back_is_not_tried_again_under_the_same_offer(machine: Machine) -> None:
    machine.behaves = lambda version, _: None
    Installer(machine.around()).run()
    before = len(machine.steps)
    Installer(machine.around()).run()
    assert len(machine.steps) == before
    machine.permit(as_offered(machine.fetched / "0.2.0", 8445), "o2")
    machine.behaves = lambda version, _: {}
    Installer(machine.around()).run()
    assert told(machine) == ("done", "")


def test_what_its_own_doctor_finds_unfit_is_never_started(machine: Machine) -> None:
    machine.doctor_says = "no libasound"
    Installer(machine.around()).run()
    assert told(machine) == ("rolled_back", "doctor: no libasound") and machine.restarts == 0
    assert machine.layout.current == "0.1.0"


def test_an_alarm_while_it_is_installed_keeps_it_from_being_started(machine: Machine) -> None:
    machine.on_set_up = (machine.run / PERMIT).unlink
    Installer(machine.around()).run()
    assert told(machine) == ("ready", "") and (machine.layout.current, machine.restarts) == ("0.1.0", 0)
    machine.permit(as_offered(machine.fetched / "0.2.0", 8445))
    machine.on_set_up = lambda: pytest.fail("it was installed already")
    Installer(machine.around()).run()
    assert told(machine) == ("done", "")


def test_without_a_permission_nothing_is_done(machine: Machine) -> None:
    (machine.run / PERMIT).unlink()
    Installer(machine.around()).run()
    assert machine.steps == [] and read(machine.state / TOLD, Updating) is None


def test_a_release_of_another_key_is_refused(machine: Machine) -> None:
    fetched(machine, key=OTHER)
    Installer(machine.around()).run()
    assert told(machine) == ("failed", "signature") and machine.steps == []


def test_a_file_that_was_exchanged_is_refused_and_named(machine: Machine) -> None:
    (machine.fetched / "0.2.0/wheels/any/keng-py3-none-any.whl").write_bytes(b"gnek" * 1000)
    Installer(machine.around()).run()
    assert told(machine) == ("failed", "hash: wheels/any/keng-py3-none-any.whl")
    assert not machine.layout.folder("0.2.0").exists()


@pytest.mark.parametrize("how", ["gone", "longer"])
def test_so_is_one_that_is_missing_or_longer(machine: Machine, how: str) -> None:
    file = machine.fetched / "0.2.0/install.sh"
    file.unlink()
    if how == "longer":
        file.write_bytes(b"exit 0\n" * 2)
    Installer(machine.around()).run()
    assert told(machine)[1].startswith("hash: install.sh")


@pytest.mark.parametrize("how", ["link", "linked folder", "pipe", "endless"])
def test_root_reads_nothing_for_the_fetcher_but_its_own_ordinary_files(machine: Machine, how: str) -> None:
    (elsewhere := machine.folder / "elsewhere").mkdir()  # its content is as it should be: it is not the fetcher's
    file = machine.fetched / "0.2.0/wheels/any/keng-py3-none-any.whl"
    file.rename(elsewhere / file.name)
    if how == "link":
        file.symlink_to(elsewhere / file.name)
    elif how == "linked folder":
        file.parent.rmdir()
        file.parent.symlink_to(elsewhere)
    elif how == "pipe":
        os.mkfifo(file)
    else:
        with file.open("wb") as hole:
            hole.truncate(1 << 40)  # copied whole it would fill the card
    Installer(machine.around()).run()
    assert told(machine)[1].startswith("hash: wheels/any/keng-py3-none-any.whl")
    assert machine.layout.current == "0.1.0" and "set up" not in machine.steps


def test_root_writes_its_word_through_no_link_that_another_left(machine: Machine) -> None:
    # On a read-only card its folder lies on the data partition, whose top is the node's own.
    (victim := machine.layout.root / "program").write_text("root's own")
    (machine.state / f"{TOLD}.new").symlink_to(victim)
    with contextlib.suppress(OSError):
        Installer(machine.around()).run()
    assert victim.read_text() == "root's own" and not victim.is_symlink()


def test_what_is_laid_down_is_the_manifest_that_was_proved(machine: Machine) -> None:
    other = a_release(machine.folder / "other", "0.2.0", more=b"of the same version, as genuine")
    folder = machine.fetched / "0.2.0"
    proved = (folder / MANIFEST).read_bytes()

    def exchanged() -> str:
        for name in (MANIFEST, SIGNATURE):
            shutil.copy(other / name, folder / name)
        return TARGET

    Installer(dataclasses.replace(machine.around(), target=exchanged)).run()  # asked between the proof and the copies
    assert (machine.layout.folder("0.2.0") / BUNDLE / MANIFEST).read_bytes() == proved


@pytest.mark.parametrize("version", ["0.1.0", "0.0.9"])
def test_an_older_version_or_the_same_is_refused(machine: Machine, version: str) -> None:
    fetched(machine, version)
    Installer(machine.around()).run()
    assert told(machine)[1].startswith("older") and machine.layout.current == "0.1.0"


@pytest.mark.parametrize("version", ["0.2.0", "0.1.9"])
def test_what_was_installed_by_hand_as_another_build_is_its_version(machine: Machine, version: str) -> None:
    machine.install_by_hand("0.2.0+3f0c9a1b")
    fetched(machine, version)
    Installer(machine.around()).run()
    assert told(machine)[1].startswith("older") and machine.runs() == "0.2.0+3f0c9a1b"
    fetched(machine, "0.3.0", "o2")
    Installer(machine.around()).run()
    assert told(machine) == ("done", "") and machine.runs() == "0.3.0"


def test_a_genuine_old_release_under_a_new_name_is_refused(machine: Machine) -> None:
    fetched(machine, "0.3.0")
    old = a_release(machine.folder / "old", "0.0.9")
    for name in (MANIFEST, SIGNATURE):
        shutil.copy(old / name, machine.fetched / "0.3.0" / name)
    Installer(machine.around()).run()
    assert told(machine)[1].startswith("manifest: 0.0.9 under the name of 0.3.0")


def test_a_release_for_other_machines_is_refused(machine: Machine) -> None:
    folder = fetched(machine)
    raw = (folder / MANIFEST).read_bytes().replace(b"trixie-arm64", b"trixie-armhf")
    (folder / MANIFEST).write_bytes(raw)
    (folder / SIGNATURE).write_text(signed(raw, KEY))
    Installer(machine.around()).run()
    assert told(machine)[1].startswith("machine: trixie-arm64")


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (OSError(errno.ENOSPC, "x"), "full"),
        (OSError(errno.EIO, "Input/output error"), "disk: Input/output error"),
        (subprocess.TimeoutExpired("pip", 1), "install: Command 'pip' timed out after 1 seconds"),
    ],
)
def test_what_goes_wrong_on_the_way_is_told_and_cleaned_away(machine: Machine, fault: Exception, why: str) -> None:
    def fail() -> None:
        raise fault

    machine.on_set_up = fail
    Installer(machine.around()).run()
    assert told(machine) == ("failed", why) and machine.layout.current == "0.1.0"
    assert not machine.layout.folder("0.2.0").exists()


def test_a_machine_that_was_not_installed_by_versions_says_so(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    shutil.rmtree(machine.layout.root)
    machine.layout.root.mkdir()
    fetched(machine)
    Installer(machine.around()).run()
    assert told(machine)[1].startswith("machine: not installed by versions")


def all_steps(folder: Path, behaves: str) -> int:
    machine = Machine(folder)
    fetched(machine)
    behave(machine, behaves)
    Installer(machine.around()).run()
    return len(machine.steps)


def behave(machine: Machine, how: str) -> None:
    machine.behaves = lambda version, _: None if how == "bad" and version == "0.2.0" else {}


@pytest.mark.parametrize("behaves", ["good", "bad"])
def test_wherever_the_power_goes_a_whole_version_starts_and_the_end_is_the_right_one(
    tmp_path: Path, behaves: str
) -> None:
    for pull_at in range(all_steps(tmp_path / "whole", behaves)):
        machine = Machine(tmp_path / str(pull_at))
        fetched(machine)
        behave(machine, behaves)
        machine.pull_at = pull_at
        with pytest.raises(PlugPulled):
            Installer(machine.around()).run()
        machine.pull_at = None
        permit = as_offered(machine.fetched / "0.2.0", 8445)
        recover(machine.layout, machine.state)  # the next boot, before the node
        started = machine.runs()
        assert started == machine.layout.good and started in {"0.1.0", "0.2.0"}, machine.steps[-1]
        assert not (started == "0.2.0" and behaves == "bad"), "a version that was never proved runs after a boot"
        machine.permit(permit)
        Installer(machine.around()).run()
        assert machine.runs() == ("0.2.0" if behaves == "good" else "0.1.0"), machine.steps[-1]
        assert told(machine)[0] == ("done" if behaves == "good" else "rolled_back")
        shutil.rmtree(tmp_path / str(pull_at))


def test_a_village_without_power_does_not_condemn_a_version_but_the_third_time_does(machine: Machine) -> None:
    cut_at = 12 + all_steps(machine.folder / "x", "good") // 2
    for cut in range(MAX_CUTS + 1):
        machine.steps.clear()
        machine.pull_at = cut_at if cut == 0 else 6
        with pytest.raises(PlugPulled):
            Installer(machine.around()).run()
        machine.pull_at = None
        recover(machine.layout, machine.state)
        assert told(machine) == ("failed" if cut < MAX_CUTS else "rolled_back", "power")
        assert machine.runs() == "0.1.0"


def test_an_installer_that_was_killed_leads_back_and_lets_the_node_start_again(machine: Machine) -> None:
    machine.pull_at = 15
    with pytest.raises(PlugPulled):
        Installer(machine.around()).run()
    assert machine.runs() == "0.2.0"
    machine.pull_at = None
    (machine.run / PERMIT).unlink()
    before = machine.restarts
    Installer(machine.around()).run()
    assert machine.runs() == "0.1.0" and machine.restarts == before + 1


def test_a_bad_version_that_filled_the_disk_is_led_back_and_does_not_run_on(machine: Machine) -> None:
    def fill(version: str, _: float) -> dict[str, object]:
        if version == "0.2.0" and not (machine.state / f"{TOLD}.new").exists():
            (machine.state / f"{TOLD}.new").mkdir()  # no word can be written any more
        return {"wrong": ("Disk",)}

    machine.behaves = fill
    with contextlib.suppress(OSError):
        Installer(machine.around()).run()
    assert (machine.runs(), machine.restarts) == ("0.1.0", 2)


def test_wherever_the_installer_is_killed_what_was_good_runs_at_last(tmp_path: Path) -> None:
    for kill_at in range(all_steps(tmp_path / "whole", "bad")):
        machine = Machine(tmp_path / str(kill_at))
        fetched(machine)
        behave(machine, "bad")
        machine.pull_at = kill_at
        with pytest.raises(PlugPulled):
            Installer(machine.around()).run()
        machine.pull_at = None
        (machine.run / PERMIT).unlink()
        Installer(machine.around()).run()  # systemd starts it again; the node was never off
        assert machine.started == "0.1.0", machine.steps[-1]
        shutil.rmtree(tmp_path / str(kill_at))


def test_a_card_that_lost_its_links_starts_the_newest_whole_version(machine: Machine) -> None:
    Installer(machine.around()).run()
    for link in ("current", "good"):
        (machine.layout.root / link).unlink()
    assert recover(machine.layout, machine.state)
    assert machine.runs() == machine.layout.good == "0.2.0"


def test_a_version_that_lost_its_mark_is_not_started(machine: Machine) -> None:
    Installer(machine.around()).run()
    (machine.layout.folder("0.2.0") / ".complete").unlink()
    recover(machine.layout, machine.state)
    assert machine.runs() == "0.1.0"


def test_where_nothing_was_on_trial_a_boot_changes_nothing(machine: Machine) -> None:
    assert not recover(machine.layout, machine.state)
    write(machine.state / TRIAL, Trial(offer="o1", version="0.2.0", on=False))
    assert not recover(machine.layout, machine.state)
    assert read(machine.state / TOLD, Updating) is None
