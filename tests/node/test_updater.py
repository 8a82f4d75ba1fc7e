"""What node and updater say to each other."""

import os
from pathlib import Path

import pytest

from node.core.effects import Permit
from node.core.items import Began, Disk, Fault, Finished, SpeakerHealth, Tick, UpdateTold
from node.update.files import HEALTH, PERMIT, Health, Permitted, read, write
from node.updater import Updater
from wire.envelope import Arrived, LinkDown
from wire.release import Release
from wire.reports import Updating

RELEASE = Release(version="0.2.0", manifest="0" * 64, port=8445)


@pytest.fixture
def told() -> list[UpdateTold]:
    return []


@pytest.fixture
def updater(tmp_path: Path, told: list[UpdateTold]) -> Updater:
    return Updater(tmp_path, ("10.0.0.2",), "0.1.0", "run-1", told.append, (tmp_path / "fetch", tmp_path / "install"))


def test_the_permission_is_a_file_and_its_end_is_none(updater: Updater, tmp_path: Path) -> None:
    updater.permit(Permit("o1", RELEASE))
    assert read(tmp_path / PERMIT, Permitted) == Permitted(offer="o1", release=RELEASE, hosts=("10.0.0.2",))
    updater.permit(Permit(None, None))
    updater.permit(Permit(None, None))
    assert not (tmp_path / PERMIT).exists()


def test_how_the_node_is_is_told_in_words_that_compare(updater: Updater, tmp_path: Path) -> None:
    for item in (SpeakerHealth(False, "gone"), Disk("full"), Fault("key", "x"), Fault("key", ""), Tick()):
        updater.saw(item, ())
    updater.report(4_500)
    expected = Health(version="0.1.0", run="run-1", at_s=4.5, heard=False, wrong=("Disk", "SpeakerHealth"))
    assert read(tmp_path / HEALTH, Health) == expected


def test_a_gong_that_sounds_says_so(updater: Updater, tmp_path: Path) -> None:
    def sounding() -> bool:
        updater.report(0)
        health = read(tmp_path / HEALTH, Health)
        return health is not None and health.sounding

    said = [sounding()]
    for item in (Began("a", 0, 0), Finished("a", "pre_empted", 1, 1), Began("b", 0, 0), Finished("b", "stopped", 1, 1)):
        updater.saw(item, ())
        said.append(sounding())
    assert said == [False, True, False, True, False]


def test_it_is_heard_while_the_commune_states_its_set(updater: Updater, tmp_path: Path) -> None:
    def heard() -> bool:
        updater.report(0)
        health = read(tmp_path / HEALTH, Health)
        return health is not None and health.heard

    assert not heard()
    updater.saw(Arrived("keng/1/c/down/gong-1/welcome", b""), ())
    assert not heard()
    updater.saw(Arrived("keng/1/c/all/alarms", b""), ())
    assert [heard(), heard(), heard()] == [True, True, False]
    updater.saw(Arrived("keng/1/c/all/alarms", b""), ())
    updater.saw(LinkDown("cut"), ())
    assert not heard()


def test_the_newest_word_of_fetcher_and_installer_counts_and_is_passed_on_once(
    updater: Updater, told: list[UpdateTold], tmp_path: Path
) -> None:
    fetched = Updating(offer="o1", version="0.2.0", state="fetching")
    trying = Updating(offer="o1", version="0.2.0", state="trying")
    write(tmp_path / "install", trying)
    os.utime(tmp_path / "install", (100, 100))
    updater.report(0)
    write(tmp_path / "fetch", fetched)
    updater.report(0)
    updater.report(0)
    assert told == [UpdateTold(trying), UpdateTold(fetched)]


def test_of_another_offer_the_fetcher_speaks_first_whatever_a_clock_says(
    updater: Updater, told: list[UpdateTold], tmp_path: Path
) -> None:
    done = Updating(offer="o1", version="0.2.0", state="done")
    fetched = Updating(offer="o2", version="0.3.0", state="failed", why="net")
    write(tmp_path / "install", done)
    write(tmp_path / "fetch", fetched)
    os.utime(tmp_path / "fetch", (100, 100))  # a Pi without RTC, switched on again: years ago
    updater.report(0)
    (tmp_path / "fetch").unlink()  # all of it is there: from here on the installer speaks
    updater.report(0)
    assert told == [UpdateTold(fetched), UpdateTold(done)]


def test_garbage_says_nothing(updater: Updater, told: list[UpdateTold], tmp_path: Path) -> None:
    (tmp_path / "install").write_bytes(b"\xff{" * 10)
    updater.report(0)
    assert told == []


def test_without_a_folder_there_is_no_updater(told: list[UpdateTold], tmp_path: Path) -> None:
    updater = Updater(None, (), "0.1.0", "run-1", told.append, (tmp_path / "fetch",))
    write(tmp_path / "fetch", Updating(offer="o1", version="0.2.0", state="fetching"))
    updater.permit(Permit("o1", RELEASE))
    updater.report(0)
    assert told == []


def test_a_folder_that_takes_nothing_costs_no_more_than_an_update(told: list[UpdateTold], tmp_path: Path) -> None:
    updater = Updater(tmp_path / "gone", (), "0.1.0", "run-1", told.append, ())
    updater.report(0)
    assert told == []


@pytest.mark.parametrize("name", ["fetch", "install"])
@pytest.mark.parametrize("rubbish", [b'{"offer":"\xff"}', b"\x00", b"[" * 10_000], ids=["letters", "zero", "deep"])
def test_rubbish_instead_of_a_word_is_as_none(
    updater: Updater, told: list[UpdateTold], tmp_path: Path, name: str, rubbish: bytes
) -> None:
    (tmp_path / name).write_bytes(rubbish)
    updater.report(0)
    assert told == []


@pytest.mark.parametrize("name", ["fetch", "install"])
def test_a_pipe_in_place_of_a_word_keeps_no_gong_waiting(
    updater: Updater, told: list[UpdateTold], tmp_path: Path, name: str
) -> None:
    os.mkfifo(tmp_path / name)
    updater.report(0)
    assert told == []
