"""Forty boxes from one table, over an installed commune: nobody who is linked notices."""

import subprocess
import time
from pathlib import Path

import pytest
import yaml
from fakes.installed import PROGRAM, Installed
from fakes.waiting import eventually

from broker.enrolment.bootfiles import wifi_of
from node.settingsread import load_settings
from patterns.codebook import load_codebook
from wire.envelope import Arrived, LinkDown

FORTY = 40
GONE_S = 2.0  # faults.md's bar


@pytest.fixture
def running(machine: Installed) -> Installed:
    """It runs: Mosquitto, and the service as well, or enrolling would wait some seconds for its answer."""
    machine.start_mosquitto()
    machine.start_service()
    return machine


def table(machine: Installed, rows: list[str]) -> Path:
    """As a Vietnamese spreadsheet saves it."""
    file = machine.root / "cac-thon.csv"
    file.write_text("\n".join(["hộp;thôn;tên thôn;nút;chỗ treo", *rows]) + "\n", "utf-8-sig")
    return file


def forty(number: int = FORTY) -> list[str]:
    """So many boxes in five hamlets."""
    return [f"hop-{one};thon-{one % 5 + 1};;security fire;Nhà văn hóa {one}" for one in range(1, number + 1)]


def test_a_linked_box_stays_linked_while_forty_come(machine, running, enrol):
    assert enrol("thon-1", "--hamlet", "thon-1").code == 0
    link, heard = machine.connect("thon-1")
    try:
        said = enrol("--sheet", table(machine, forty()), "--json")
        assert said.code == 0, said.err
        assert said.json["mosquitto"] and len(said.json["folders"]) == FORTY
        other, _ = machine.connect("hop-40")
        other.close()
        assert machine.publish("service", "all/alarms", "x").returncode == 0
        eventually(lambda: any(isinstance(one, Arrived) for one in heard), why="nothing is heard any more")
        assert not any(isinstance(one, LinkDown) for one in heard)
    finally:
        link.close()
    assert len(load_codebook(machine.codebook).nodes) == FORTY + 1
    passwords = {(machine.root / "sd" / f"hop-{one}/password").read_text() for one in range(1, FORTY + 1)}
    assert len(passwords) == FORTY, "each has its own"
    assert Path(said.json["paper"]).read_bytes().startswith(b"%PDF")


def test_one_wrong_row_and_nobody_is_enrolled(machine, enrol):
    rows = [*forty(3), "hop-4;thon-9;;;", "Hộp 5;thon-1;;;", "duty;thon-1;;;"]
    before = machine.codebook.read_bytes()
    said = enrol("--sheet", table(machine, rows))
    assert said.code != 0
    assert "cac-thon.csv, dòng 5, cột B: Chưa có thôn thon-9" in said.err
    assert "cac-thon.csv, dòng 6, cột A: “Hộp 5”" in said.err
    assert "cac-thon.csv, dòng 7, cột A: “duty” là tên của một người dùng" in said.err
    assert machine.codebook.read_bytes() == before
    assert not (machine.root / "sd").exists()
    assert "hop-1" not in (machine.root / "etc/mosquitto/keng/nodes.passwords").read_text()


def test_a_new_hamlet_is_named_once_in_the_table(machine, enrol):
    said = enrol("--sheet", table(machine, ["a;xom-moi;Xóm Mới;;", "b;xom-moi;;;"]))
    assert said.code == 0, said.err
    book = load_codebook(machine.codebook)
    assert (book.hamlets["xom-moi"].name, book.nodes["b"].hamlet) == ("Xóm Mới", "xom-moi")


def test_again_gives_a_box_new_keys_and_cuts_the_old_card_off(machine, running, enrol):
    assert enrol("thon-1", "--hamlet", "thon-1", "--post").code == 0
    old = load_codebook(machine.codebook).nodes["thon-1"]
    link, heard = machine.connect("thon-1")
    (machine.root / "sd/thon-1").rename(machine.root / "before")
    try:
        said = enrol("thon-1", "--again")
        assert said.code == 0, said.err
        done_s = time.monotonic()
        eventually(lambda: any(isinstance(one, LinkDown) for one in heard), GONE_S, "the old card is still let in")
        assert time.monotonic() - done_s < GONE_S
    finally:
        link.close()
    new = load_codebook(machine.codebook).nodes["thon-1"]
    assert new.key != old.key and (new.hamlet, new.post) == (old.hamlet, old.post)
    assert machine.let_in(machine.root / "sd/thon-1") and not machine.let_in(machine.root / "before")


def test_again_is_for_those_who_are_in(machine, enrol):
    said = enrol("thon-1", "--hamlet", "thon-1", "--again")
    assert said.code == 1 and "chưa được ghi danh" in said.err


def test_kinds_card_microphone_layout_and_addresses_reach_the_box(machine, enrol):
    site = machine.etc / "installed.yaml"
    site.write_text(site.read_text().replace("others: []", "others: [xa.example.vn, 10.0.0.9]"))
    words = ["--kinds", "fire,theft:silent", "--card", "Device", "--microphone", "Mic", "--layout", "readonly"]
    said = enrol("thon-1", "--hamlet", "thon-1", *words)
    assert said.code == 0, said.err
    folder = machine.root / "sd/thon-1"
    settings = load_settings(folder / "node.yaml")
    assert (settings.broker.host, settings.broker.others) == ("127.0.0.1", ("xa.example.vn", "10.0.0.9"))
    assert [(one.contact.kind, one.contact.silent) for one in settings.panel.contacts][:2] == [
        ("fire", False), ("theft", True),
    ]  # fmt: skip
    assert (settings.speaker.device, settings.microphone) == ("plughw:CARD=Device", "plughw:CARD=Mic")
    assert settings.layout == yaml.safe_load((folder / "box.json").read_text())["layout"] == "readonly"


@pytest.mark.parametrize(
    ("words", "said_vi"),
    [
        ((), "Hãy ghi mã hộp, hoặc --sheet"),
        (("a", "--sheet", "b.csv"), "Hãy ghi mã hộp, hoặc --sheet"),
        (("a", "--hamlet", "thon-1", "--kinds", "fire", "--button", "x:4"), "Chỉ dùng --kinds hoặc --button"),
        (("a", "--hamlet", "thon-1", "--kinds", "war"), "“war”"),
        (("--sheet", "nowhere.csv"), "không đọc được"),
    ],
)
def test_words_that_cannot_be_are_told(enrol, words, said_vi):
    said = enrol(*words)
    assert said.code != 0 and said_vi in said.err


def test_a_wifis_password_is_asked_for_and_stands_nowhere(machine):
    words = [
        "enrol",
        "thon-1",
        "--hamlet",
        "thon-1",
        "--wifi",
        "Nhà văn hóa",
        "--etc",
        machine.etc,
        "--out",
        machine.root / "sd",
    ]
    command = [PROGRAM / "bin/keng", *words]
    short = subprocess.run(command, input="ngan\n", capture_output=True, text=True, check=False)
    assert short.returncode != 0 and "8 đến 63 ký tự" in short.stderr and "ngan\n" not in short.stderr
    assert not (machine.root / "sd").exists(), "and nobody was enrolled"
    done = subprocess.run(command, input="mat khau 123\n", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    files = [path for path in (machine.root / "sd").rglob("*") if path.is_file()]
    assert not any(b"mat khau 123" in path.read_bytes() for path in files)
    assert wifi_of("Nhà văn hóa", "mat khau 123").key in (machine.root / "sd/thon-1/boot/network-config").read_text()
