"""What a hostile fetcher, a full disk, a commune without power or an old clock can do to an installation: nothing."""

import contextlib
import os
import shutil
import socket
import stat
from pathlib import Path

import pytest
from fakes.releases import Machine, a_release, as_offered

from node.update.files import PERMIT, TOLD, TRIAL, Trial, read, write
from node.update.install import MAX_CUTS, Installer, recover
from node.update.layout import BUNDLE
from wire.reports import Updating

WHEEL = "wheels/any/keng-py3-none-any.whl"
FOR_EVER = 10_000


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """With 0.1.0 on it, and 0.2.0 fetched and permitted."""
    return ready(tmp_path)


def ready(folder: Path) -> Machine:
    made = Machine(folder)
    made.permit(as_offered(a_release(made.fetched / "0.2.0"), 8445))
    return made


def told(machine: Machine) -> tuple[str, str]:
    word = read(machine.state / TOLD, Updating)
    assert word is not None
    return word.state, word.why


def install(machine: Machine) -> bool:
    return Installer(machine.around()).run()


# the commune's power


def away(machine: Machine, since_s: float = 0, until_s: float = 1e9) -> None:
    """The commune is off: it hears no version."""
    machine.behaves = lambda version, _: {"heard": not since_s <= machine.now_s - 1000 < until_s}


def test_a_commune_that_lost_its_power_in_a_trial_condemns_no_version(machine: Machine) -> None:
    away(machine, 60)
    assert install(machine)
    assert told(machine) == ("failed", "unlinked") and machine.runs() == machine.started == "0.1.0"
    away(machine, 0, 0)
    install(machine)
    assert told(machine) == ("done", "") and machine.runs() == "0.2.0"
    assert read(machine.state / TRIAL, Trial) is None


def test_but_not_for_ever(machine: Machine) -> None:
    away(machine)
    for _ in range(MAX_CUTS):
        install(machine)
        assert told(machine) == ("failed", "unlinked")
    install(machine)
    assert told(machine) == ("rolled_back", "unlinked") and machine.runs() == "0.1.0"
    restarts = machine.restarts
    install(machine)
    assert machine.restarts == restarts, "it is not tried again under this offer"


def test_the_old_version_is_heard_within_its_time_or_not_at_all(machine: Machine) -> None:
    away(machine, 0, 700)  # 600 s of a trial, and a hundred of the old one
    install(machine)
    assert told(machine) == ("rolled_back", "unlinked"), "in doubt it is the version's fault"


def test_a_boot_after_such_a_doubt_changes_nothing(machine: Machine) -> None:
    away(machine, 60)
    install(machine)
    assert not recover(machine.layout, machine.state)
    assert told(machine) == ("failed", "unlinked")


def test_a_commune_that_comes_back_at_the_end_of_a_trial_gives_it_its_whole_time(machine: Machine) -> None:
    away(machine, 100, 550)
    install(machine)
    assert told(machine) == ("done", "")


# a disk that is full at any step


def steps_of(folder: Path, good: bool) -> int:
    machine = ready(folder)
    machine.behaves = lambda version, _: {} if good or version == "0.1.0" else None
    install(machine)
    return len(machine.steps)


@pytest.mark.parametrize("good", [True, False], ids=["good", "bad"])
@pytest.mark.parametrize("steps", [1, FOR_EVER], ids=["for a moment", "until somebody makes room"])
def test_wherever_the_disk_is_full_nothing_unproved_runs_on_and_it_ends_well(
    tmp_path: Path, good: bool, steps: int
) -> None:
    count = steps_of(tmp_path / "whole", good)
    # The looks of a trial are all alike: the first and the last dozen steps are enough.
    for at in [at for at in range(count) if at < 14 or at > count - 10]:
        machine = ready(tmp_path / str(at))
        machine.behaves = lambda version, _: {} if good or version == "0.1.0" else None
        machine.full_at = range(at, at + steps)
        settled = False
        with contextlib.suppress(OSError):
            settled = install(machine)
        assert machine.runs() in ("0.1.0", "0.2.0")
        if settled or steps == 1:
            assert machine.started == machine.layout.current == machine.layout.good
        machine.full_at = range(0)
        for _ in range(3):  # systemd starts it again; the node permits it again
            install(machine)
        assert machine.runs() == machine.started == machine.layout.good == ("0.2.0" if good else "0.1.0"), at
        assert told(machine)[0] == ("done" if good else "rolled_back"), at
        shutil.rmtree(tmp_path / str(at))


def test_a_good_end_that_could_not_be_told_is_told_later(machine: Machine) -> None:
    def fill(version: str, since_s: float) -> dict[str, object]:
        if version == "0.2.0" and since_s > 60 and not (machine.state / f"{TOLD}.new").exists():
            (machine.state / f"{TOLD}.new").mkdir()
        return {}

    machine.behaves = fill
    with contextlib.suppress(OSError):
        install(machine)
    assert machine.runs() == machine.layout.good == "0.2.0" and told(machine)[0] == "trying"
    (machine.state / f"{TOLD}.new").rmdir()
    (machine.run / PERMIT).unlink()
    install(machine)
    assert told(machine) == ("done", "")


# what lies in the fetcher's folder


def test_of_a_hard_link_the_content_is_copied_and_nothing_else(machine: Machine) -> None:
    file, elsewhere = machine.fetched / "0.2.0" / WHEEL, machine.folder / "elsewhere"
    os.link(file, elsewhere)
    install(machine)
    laid = machine.layout.folder("0.2.0") / BUNDLE / WHEEL
    before = laid.read_bytes()
    elsewhere.write_bytes(b"altered afterwards")
    assert laid.read_bytes() == before and laid.stat().st_nlink == 1 and told(machine) == ("done", "")


def test_no_mode_of_the_fetchers_is_taken_over(machine: Machine) -> None:
    for path in (machine.fetched / "0.2.0").rglob("*"):
        path.chmod(0o6777)
    install(machine)
    for path in (machine.layout.folder("0.2.0") / BUNDLE).rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o7022 == 0, path


@pytest.mark.parametrize("kind", ["device", "socket"])
def test_a_device_or_a_socket_is_no_file(machine: Machine, kind: str) -> None:
    file = machine.fetched / "0.2.0" / WHEEL
    file.unlink()
    if kind == "socket":
        here = os.getcwd()
        with socket.socket(socket.AF_UNIX) as one:
            os.chdir(file.parent)  # a socket's path is short
            try:
                one.bind(file.name)
            finally:
                os.chdir(here)
    else:
        try:
            os.mknod(file, 0o666 | stat.S_IFCHR, os.makedev(1, 5))  # endless zeros
        except PermissionError:
            pytest.skip("only root makes a device")
    install(machine)
    assert told(machine)[0] == "failed" and machine.runs() == "0.1.0" and "set up" not in machine.steps


@pytest.mark.parametrize("name", ["manifest.json", "release.sig"])
@pytest.mark.parametrize("how", ["endless", "link", "gone", "rubbish"])
def test_nor_is_a_manifest_or_a_signature_what_it_is_not(machine: Machine, name: str, how: str) -> None:
    file = machine.fetched / "0.2.0" / name
    file.rename(machine.folder / name)
    if how == "endless":
        with file.open("wb") as hole:
            hole.truncate(1 << 40)
    elif how == "link":
        file.symlink_to(machine.folder / name)
    elif how == "rubbish":
        file.write_bytes(b"\xff\x00" * 50)
    install(machine)
    assert told(machine)[0] == "failed" and machine.runs() == "0.1.0" and machine.steps == []


# another offer in the middle


def test_another_offer_while_one_is_installed_keeps_it_from_being_started(machine: Machine) -> None:
    other = as_offered(a_release(machine.fetched / "0.3.0", "0.3.0"), 8445)

    def change() -> None:
        machine.permit(other, "o2")
        machine.on_set_up = lambda: None

    machine.on_set_up = change
    install(machine)
    assert told(machine) == ("ready", "") and machine.runs() == "0.1.0"
    install(machine)
    assert told(machine) == ("done", "") and machine.runs() == "0.3.0"
    assert not machine.layout.whole("0.2.0")


def test_a_permission_that_goes_in_the_middle_of_a_trial_ends_no_trial(machine: Machine) -> None:
    def alarm(version: str, since_s: float) -> dict[str, object]:
        if since_s > 30:
            (machine.run / PERMIT).unlink(missing_ok=True)
        return {"sounding": since_s > 30}

    machine.behaves = alarm
    install(machine)
    assert told(machine) == ("done", "") and machine.restarts == 1, "a restart would lose a press"


def test_the_same_offer_again_after_its_end_does_nothing(machine: Machine) -> None:
    install(machine)
    before = len(machine.steps)
    machine.permit(as_offered(machine.fetched / "0.2.0", 8445))  # replayed, by whoever can
    install(machine)
    write(machine.state / TRIAL, Trial(offer="o1", version="0.2.0", on=False))
    install(machine)
    assert len(machine.steps) == before and told(machine) == ("done", "")
