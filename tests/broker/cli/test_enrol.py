"""keng enrol and keng retire: what they write, whom they refuse, and how fast a dismissed box is gone."""

import subprocess
import time
from pathlib import Path

import pytest
from fakes.bigbook import big_book
from fakes.installed import Installed, seed_of
from fakes.waiting import eventually

from broker.core.records import Entry
from broker.enrolment import inuse
from broker.enrolment.site import read_site
from broker.register.store import SqliteRegister
from node.settingsread import load_settings
from patterns.codebook import load_codebook
from patterns.yamlfile import parse_yaml
from wire.envelope import LinkDown
from wire.signature import Signer

GONE_S = 2.0  # faults.md's bar
ONE = ("thon-1", "--hamlet", "thon-1")


@pytest.fixture
def retire(keng, machine):
    """`retire(NODE)`."""
    return lambda *arguments: keng("retire", *arguments, "--etc", machine.etc)


def kept(machine: Installed) -> tuple[str, str, list[str]]:
    """All that enrolling changes."""
    passwords = machine.root / "etc/mosquitto/keng/nodes.passwords"
    return machine.codebook.read_text(), passwords.read_text(), sorted(map(str, machine.root.glob("sd/*")))


def test_the_folder_has_all_that_a_box_needs(machine, enrol):
    said = enrol(*ONE, "--json")
    assert said.code == 0, said.err
    folder = Path(said.json["folder"])
    wanted = ["SHA256SUMS", "boot", "box.json", "ca.crt", "node.key", "node.yaml", "password"]
    assert sorted(path.name for path in folder.iterdir()) == wanted
    settings = load_settings(folder / "node.yaml")
    assert (settings.node, settings.hamlet, settings.commune) == ("thon-1", "thon-1", "cong-lac")
    assert (settings.broker.host, settings.broker.port) == ("127.0.0.1", machine.ports[0])
    assert settings.keys.commune == Signer.from_file(machine.etc / "commune.key").public
    assert (folder / "ca.crt").read_bytes() == read_site(machine.etc).ca_file.read_bytes()
    assert load_codebook(machine.codebook).nodes["thon-1"].key == Signer(seed_of(folder)).public
    assert not said.json["mosquitto"] and not said.json["service"]


def test_buttons_are_as_they_were_wired(machine, enrol):
    buttons = [word for text in ("gate:4:theft", "fire:27", "desk:22:theft:silent:1.5") for word in ("--button", text)]
    assert enrol(*ONE, *buttons, "--speaker", "plughw:CARD=Device").code == 0
    settings = load_settings(machine.root / "sd/thon-1/node.yaml")
    wired = [(one.contact.name, one.pin, one.contact.kind, one.contact.silent) for one in settings.panel.contacts]
    assert wired[:3] == [("gate", 4, "theft", False), ("fire", 27, "fire", False), ("desk", 22, "theft", True)]
    assert settings.panel.contacts[2].contact.hold_ms == 1500
    assert settings.speaker.device == "plughw:CARD=Device"


def test_a_new_hamlet_comes_with_its_name_and_a_post_hears_silent_alerts(machine, enrol):
    assert enrol("tru-so", "--hamlet", "xom-moi", "--hamlet-name", "Xóm Mới", "--post").code == 0
    book = load_codebook(machine.codebook)
    assert book.hamlets["xom-moi"].name == "Xóm Mới"
    assert book.posts() == ("tru-so",)


@pytest.mark.parametrize(
    ("arguments", "vi", "en"),
    [
        (("Thôn 1", "--hamlet", "thon-1"), "mã chỉ gồm", "an id is"),
        (("all", "--hamlet", "thon-1"), "không phải all", "all"),
        (("thon-9",), "Hãy thêm --hamlet", "Add --hamlet"),
        (("thon-9", "--hamlet", "thon-9"), "Chưa có thôn thon-9", "There is no hamlet thon-9"),
        (("duty", "--hamlet", "thon-1"), "tên của một người dùng", "a user's name"),
        (("service", "--hamlet", "thon-1"), "tên của một người dùng", "a user's name"),
        (("n", "--hamlet", "thon-1", "--button", "a:23"), "đã dùng cho cancel", "taken by cancel"),
        (("n", "--hamlet", "thon-1", "--button", "a:4", "--button", "b:4"), "đã dùng cho a", "taken by a"),
        (("n", "--hamlet", "thon-1", "--button", "a:4", "--button", "a:7"), "tên này đã dùng", "name is taken"),
        (("n", "--hamlet", "thon-1", "--button", "a:40"), "số GPIO 2 đến 27", "GPIO 2 to 27"),
        (("n", "--hamlet", "thon-1", "--button", "a:4:flood"), "“flood”", '"flood"'),
        (("n", "--hamlet", "thon-1", "--speaker", 'x"y'), "không phải tên card", "no name of a card"),
    ],
)
def test_a_wrong_wish_is_told_and_changes_nothing(machine, enrol, arguments, vi, en):
    before = kept(machine)
    said = enrol(*arguments)
    assert said.code != 0
    assert vi in said.err and en in said.err
    assert kept(machine) == before


def test_a_box_that_would_make_the_code_book_too_long_to_be_sent_is_refused_before_anything_is_written(machine, enrol):
    machine.codebook.write_text(big_book(100, keys=False, name_chars=58))
    before = kept(machine)
    said = enrol("n1", "--hamlet", "dong-thuong-1")
    assert said.code == 1
    assert "dài quá" in said.err and "too long" in said.err
    assert kept(machine) == before


def test_nobody_is_enrolled_twice(machine, enrol):
    assert enrol(*ONE).code == 0
    before = kept(machine)
    said = enrol(*ONE)
    assert said.code == 1
    assert "đã được ghi danh" in said.err and "enrolled already" in said.err
    assert kept(machine) == before


def test_a_folder_that_is_there_is_never_overwritten(machine, enrol):
    (machine.root / "sd/thon-1").mkdir(parents=True)
    before = kept(machine)
    assert enrol(*ONE).code == 1
    assert kept(machine) == before


def test_what_cannot_be_finished_is_undone(machine, enrol):
    passwords = machine.root / "etc/mosquitto/keng/nodes.passwords"
    before = kept(machine)
    (machine.etc / ".codebook.yaml.draft").mkdir()  # the last file cannot be written
    said = enrol(*ONE)
    assert said.code == 1
    assert "codebook.yaml" in said.err and "Traceback" not in said.err
    assert kept(machine) == before
    assert "thon-1" not in passwords.read_text()


def test_a_machine_without_a_commune_is_told_how_to_install_one(keng, tmp_path):
    for verb in ("enrol", "retire"):
        said = keng(verb, "thon-1", "--etc", tmp_path)
        assert said.code == 1
        assert "deploy/install-commune.sh" in said.err


def test_whom_nobody_knows_cannot_be_retired(machine, retire):
    before = kept(machine)
    said = retire("thon-9")
    assert said.code == 1
    assert "Không có hộp thon-9" in said.err
    assert kept(machine) == before


def test_a_retired_box_can_be_enrolled_again_with_new_keys(machine, enrol, retire):
    assert enrol(*ONE).code == 0
    first = load_codebook(machine.codebook).nodes["thon-1"].key
    assert retire("thon-1").code == 0
    assert "thon-1" not in load_codebook(machine.codebook).nodes
    (machine.root / "sd/thon-1").rename(machine.root / "old")
    assert enrol(*ONE).code == 0
    assert load_codebook(machine.codebook).nodes["thon-1"].key != first


def test_a_box_that_a_person_took_out_of_the_code_book_can_still_be_retired(machine, enrol, retire):
    before = machine.codebook.read_text()
    assert enrol(*ONE).code == 0
    machine.codebook.write_text(before)
    assert retire("thon-1").code == 0
    assert "thon-1" not in (machine.root / "etc/mosquitto/keng/nodes.passwords").read_text()


def test_a_box_comes_in_once_enrolled_and_is_gone_two_seconds_after_it_is_retired(machine, enrol, retire):
    machine.start_mosquitto()
    machine.start_service()
    for name in ("thon-1", "thon-2"):
        said = enrol(name, "--hamlet", name, "--json")
        assert said.code == 0 and said.json["mosquitto"], said.err
    links = {name: machine.connect(name) for name in ("thon-1", "thon-2")}
    try:
        assert retire("thon-1").code == 0
        retired_s = time.monotonic()
        eventually(lambda: any(isinstance(one, LinkDown) for one in links["thon-1"][1]), GONE_S, "still connected")
        assert time.monotonic() - retired_s < GONE_S
        assert not machine.let_in(machine.root / "sd/thon-1")
        done = machine.publish("service", "all/alarms", "x")
        assert done.returncode == 0, done.stderr
        eventually(lambda: len(links["thon-2"][1]) > 1, why="the other box hears nothing")
        assert not any(isinstance(one, LinkDown) for one in links["thon-2"][1])
    finally:
        for link, _ in links.values():
            link.close()


def test_a_running_mosquitto_that_cannot_be_told_is_an_error_that_says_what_to_run(machine, enrol, retire):
    assert enrol(*ONE).code == 0
    machine.start_mosquitto()
    (machine.root / "run/mosquitto/mosquitto.pid").unlink()
    said = retire("thon-1")
    assert said.code == 1
    assert "systemctl reload mosquitto" in said.err


def test_a_pid_file_that_outlived_its_program_signals_nobody(machine, enrol):
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (machine.root / "run/mosquitto").mkdir(parents=True)
        (machine.root / "run/mosquitto/mosquitto.pid").write_text(f"{stranger.pid}\n")
        said = enrol(*ONE, "--json")
        assert said.code == 0 and not said.json["mosquitto"]
        assert stranger.poll() is None
        stranger.kill()


def in_use(machine: Installed, text: str) -> None:
    """The register as a service leaves it after a push."""
    home = read_site(machine.etc).commune.home
    home.mkdir(parents=True, exist_ok=True)
    fields = parse_yaml(text.encode(), "pushed").value
    assert isinstance(fields, dict)
    register = SqliteRegister(home)
    register.append([Entry(what="codebook", subject=str(fields["version"]), by="an", at_ms=1, body=fields)])
    register.close()


def newer(machine: Installed, version: int = 9) -> str:
    """The file's code book, as the duty desk might have changed it."""
    text = machine.codebook.read_text().replace("version: 1 ", f"version: {version} ")
    return text.replace('at: "22:00"', 'at: "21:30"')


def test_a_box_is_added_to_the_code_book_in_use_where_that_is_newer_than_the_file(machine, enrol, keng, tmp_path):
    machine.start_mosquitto()
    machine.start_service()
    before = machine.codebook.read_bytes()
    (pushed := tmp_path / "pushed.yaml").write_text(newer(machine))
    assert keng("codebook", "push", pushed, "--settings", machine.etc / "keng.yaml").code == 0
    said = enrol(*ONE)
    assert said.code == 0, said.err
    assert "lấy từ bản 9 đang dùng" in said.out, "it says what it started from"
    book = load_codebook(machine.codebook)
    assert (book.version, book.nodes["thon-1"].key is None, [one.at for one in book.chimes]) == (
        10, False, [one.at for one in load_codebook(pushed).chimes],
    )  # fmt: skip
    used = inuse.in_use(read_site(machine.etc).commune.home)
    assert used is not None and used["version"] == 10 and "thon-1" in used["nodes"], "the service has taken it"
    assert (machine.etc / "codebook.yaml.1").read_bytes() == before, "with its comments"


def test_a_newer_file_is_edited_as_it_is_with_its_comments(machine, enrol):
    in_use(machine, newer(machine, 2))
    machine.codebook.write_text(machine.codebook.read_text().replace("version: 1 ", "version: 5 ") + "# của xã\n")
    said = enrol(*ONE)
    assert said.code == 0, said.err
    assert "đang dùng" not in said.out
    assert load_codebook(machine.codebook).version == 6
    assert "# của xã\n" in machine.codebook.read_text()
    assert not list(machine.etc.glob("codebook.yaml.*"))


@pytest.mark.parametrize(("chosen", "at"), [(2, "22:00"), (0, "21:30")], ids=["the file", "the one in use"])
def test_two_code_books_of_one_version_are_for_a_person_to_choose_between(machine, enrol, chosen, at):
    in_use(machine, newer(machine, 1))
    before = kept(machine)
    said = enrol(*ONE)
    assert said.code == 1
    assert "cùng là bản 1" in said.err and "are both version 1" in said.err
    assert kept(machine) == before
    machine.codebook.write_text(machine.codebook.read_text().replace("version: 1 ", f"version: {chosen} "))
    assert enrol(*ONE).code == 0
    assert f'at: "{at}"' in machine.codebook.read_text() or f"at: '{at}'" in machine.codebook.read_text()


def test_a_box_whose_code_book_was_refused_comes_along_with_the_next_one(machine, enrol):
    assert enrol("cho", "--hamlet", "xom-moi", "--hamlet-name", "Xóm Mới", "--post").code == 0
    key = load_codebook(machine.codebook).nodes["cho"].key
    other = Installed(machine.root / "other")
    other.found()
    in_use(machine, newer(other))
    assert enrol(*ONE).code == 0
    book = load_codebook(machine.codebook)
    assert (book.nodes["cho"].key, book.posts(), book.hamlets["xom-moi"].name) == (key, ("cho",), "Xóm Mới")
    assert "thon-1" in book.nodes and book.version > 9


def test_a_box_is_retired_from_the_code_book_in_use_though_the_file_is_older(machine, enrol, retire):
    assert enrol(*ONE).code == 0
    in_use(machine, machine.codebook.read_text().replace("version: 2 ", "version: 7 "))
    said = retire("thon-1")
    assert said.code == 0, said.err
    assert "bản 7 đang dùng" in said.out
    book = load_codebook(machine.codebook)
    assert (book.version, "thon-1" in book.nodes) == (8, False)


def test_a_box_is_dismissed_even_where_the_register_cannot_be_read(machine, enrol, retire):
    assert enrol(*ONE).code == 0
    home = read_site(machine.etc).commune.home
    home.mkdir(parents=True, exist_ok=True)
    (home / "register.sqlite3").write_text("no register")
    said = retire("thon-1")
    assert said.code == 1 and "keng audit verify" in said.err
    assert "thon-1" not in (machine.root / "etc/mosquitto/keng/nodes.passwords").read_text()
