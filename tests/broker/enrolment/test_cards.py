"""A box's folder and the bundle on a card's boot partition, and what is no card for it."""

import json
from pathlib import Path

import pytest
import yaml

from broker.enrolment.bootfiles import Boot, boot_files
from broker.enrolment.cards import CardFault, put_on_card

LINE = "console=tty1 root=PARTUUID=4a5b-02 rootfstype=ext4 rootwait"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """As keng enrol writes it."""
    box = tmp_path / "thon-1"
    (box / "boot").mkdir(parents=True)
    for name in ("password", "node.key", "ca.crt", "node.yaml"):
        (box / name).write_text(name)
    (box / "box.json").write_text(json.dumps({"node": "thon-1"}))
    for name, text in boot_files(Boot("thon-1", "Asia/Ho_Chi_Minh", "a1")).items():
        (box / "boot" / name).write_text(text)
    return box


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """As good as one."""
    (made := tmp_path / "keng-bundle").mkdir()
    for name in ("manifest.json", "install.sh", "first-boot.sh"):
        (made / name).write_text(name)
    return made


@pytest.fixture
def bookworm(tmp_path: Path) -> Path:
    """The boot partition of an image without cloud-init."""
    (boot := tmp_path / "bootfs").mkdir()
    (boot / "cmdline.txt").write_text(LINE + "\n")
    (boot / "config.txt").write_text("dtparam=audio=on\n")
    return boot


@pytest.fixture
def trixie(bookworm: Path) -> Path:
    """And of one with it."""
    for name in ("user-data", "network-config", "meta-data"):
        (bookworm / name).write_text("# the image's own\n")
    return bookworm


def test_trixie_is_told_by_cloud_init(folder, bundle, trixie):
    done = put_on_card(folder, trixie, bundle)
    assert (done.node, done.system) == ("thon-1", "Trixie")
    assert yaml.safe_load((trixie / "user-data").read_text())["hostname"] == "keng-thon-1"
    assert "keng-thon-1-a1" in (trixie / "meta-data").read_text()
    assert (trixie / "cmdline.txt").read_text() == LINE + "\n" and not (trixie / "firstrun.sh").exists()
    assert (trixie / "keng-bundle/install.sh").exists() and (trixie / "thon-1/node.key").exists()
    assert not (trixie / "thon-1/boot").exists()


def test_bookworm_is_told_by_one_line_that_is_added_once(folder, bundle, bookworm):
    for _ in range(2):
        assert put_on_card(folder, bookworm, bundle).system == "Bookworm"
    (line,) = (bookworm / "cmdline.txt").read_text().splitlines()
    assert line.startswith(LINE + " ") and line.count("systemd.run=") == 1
    assert (bookworm / "firstrun.sh").exists() and not (bookworm / "user-data").exists()


def test_what_is_no_boot_partition_is_not_written_to(folder, bundle, tmp_path):
    (elsewhere := tmp_path / "photos").mkdir()
    with pytest.raises(CardFault, match=r"không phải ổ bootfs"):
        put_on_card(folder, elsewhere, bundle)
    assert not list(elsewhere.iterdir())


def test_a_folder_that_is_named_by_dots_is_put_under_its_own_name_and_deletes_nothing(folder, bundle, trixie):
    put_on_card(folder / "boot" / "..", trixie, bundle)
    assert (trixie / "thon-1/node.key").exists() and (trixie / "config.txt").exists()


@pytest.mark.parametrize("what", ["folder", "bundle"])
def test_what_lies_on_the_card_itself_is_not_deleted_to_be_copied(folder, bundle, trixie, what):
    on_card = (folder if what == "folder" else bundle).rename(
        trixie / ("thon-1" if what == "folder" else "keng-bundle")
    )
    with pytest.raises(CardFault, match=r"nằm trên chính thẻ này"):
        put_on_card(on_card if what == "folder" else folder, trixie, on_card if what == "bundle" else bundle)
    assert (on_card / ("node.key" if what == "folder" else "install.sh")).exists()


def test_another_boxs_card_is_not_written_to(folder, bundle, trixie):
    (trixie / "thon-2").mkdir()
    (trixie / "thon-2/node.key").write_text("x")
    with pytest.raises(CardFault, match="hộp thon-2"):
        put_on_card(folder, trixie, bundle)
    assert not (trixie / "thon-1").exists()


def test_what_is_no_folder_of_a_box_or_no_bundle_is_told(folder, bundle, trixie, tmp_path):
    with pytest.raises(CardFault, match="keng enrol"):
        put_on_card(bundle, trixie, bundle)
    with pytest.raises(CardFault, match=r"bundle\.sh"):
        put_on_card(folder, trixie, tmp_path)
