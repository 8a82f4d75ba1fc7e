"""keng card: one command from what `keng enrol` wrote to a card that can be put into a Pi."""

from pathlib import Path

import pytest


@pytest.fixture
def box(machine, enrol) -> Path:
    """Enrolled."""
    assert enrol("thon-1", "--hamlet", "thon-1").code == 0
    return machine.root / "sd/thon-1"


@pytest.fixture
def bootfs(tmp_path: Path) -> Path:
    """As Raspberry Pi Imager leaves Raspberry Pi OS Trixie."""
    (boot := tmp_path / "bootfs").mkdir()
    for name in ("cmdline.txt", "config.txt", "user-data", "network-config", "meta-data"):
        (boot / name).write_text("x\n")
    (tmp_path / "keng-bundle").mkdir()
    (tmp_path / "keng-bundle/manifest.json").write_text("{}")
    return boot


def test_a_card_is_made_and_it_says_what_is_next(keng, box, bootfs, tmp_path):
    said = keng("card", box, bootfs, "--bundle", tmp_path / "keng-bundle", "--json")
    assert said.code == 0, said.err
    assert (said.json["node"], said.json["system"]) == ("thon-1", "Trixie")
    assert (bootfs / "thon-1/password").read_text() == (box / "password").read_text()


def test_without_a_bundle_it_says_how_to_make_one(keng, box, bootfs, tmp_path):
    said = keng("card", box, bootfs, "--bundle", tmp_path / "none")
    assert said.code == 1 and "bash deploy/bundle.sh" in said.err
    assert not (bootfs / "thon-1").exists()
