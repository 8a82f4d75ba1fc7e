"""The duty desk as install-commune.sh installs it: HTTPS by the commune's CA, and an officer's act in their own name.

Real all through: the installed files, Mosquitto with the installed access list, the service, the console.
"""

import json
import re
import signal
import sqlite3
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import pytest
from fakes.installed import TOPICS, Installed
from fakes.thief import Cut, Thief
from fakes.visitor import Visitor
from fakes.waiting import eventually

from broker.enrolment.enrol import Wish, enrol
from broker.enrolment.site import read_site
from broker.register.store import FILE
from patterns.codebook import load_codebook
from wire.words import Instant

WITHIN_S = 45.0
NEW_PASSWORD = "co-may-mua-nang-2026"
PIN = "204060"
GONE_S = 2.0  # faults.md's bar for a retired node
UNIT = Path(__file__).parents[2] / "systemd/keng-retire.service"
NOT_AUTHORIZED = 0x87


@dataclass
class Door:
    """What a visitor needs to know of a console."""

    port: int
    tls: ssl.SSLContext


@dataclass
class Post:
    """An installed commune with enrolled boxes and two people at the desk."""

    machine: Installed
    box: Path
    lost: Path
    """Another box's."""
    door: Door
    an: Visitor
    dung: Visitor
    """A technician."""


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    """Installed, started, signed in."""
    home = tmp_path_factory.mktemp("desk")
    machine = Installed(home / "commune")
    try:
        done = machine.install("--name", "Cộng Lạc", "--address", "127.0.0.1", "keng.local")
        assert done.returncode == 0, done.stderr
        wishes = [Wish(name, name) for name in ("thon-1", "thon-2", "thon-3")]
        box, lost, _ = enrol(read_site(machine.etc), wishes, home).folders
        machine.have_no_chime_soon()
        machine.start_mosquitto()
        machine.start_service()
        machine.start_console()
        door = Door(machine.ports[3], ssl.create_default_context(cafile=machine.etc / "ca/ca.crt"))
        an, dung = somebody(machine, door, "an", "officer"), somebody(machine, door, "dung", "technician")
        yield Post(machine, box, lost, door, an, dung)
    finally:
        machine.end()


def somebody(machine: Installed, door: Door, name: str, role: str) -> Visitor:
    """At the desk, with a password and a PIN of their own."""
    settings = ("--settings", machine.etc / "console.yaml", "--json")
    made = machine.keng("officer", "add", name, "--full-name", f"Nguyễn Văn {name.title()}", "--role", role, *settings)
    assert made.returncode == 0, made.stdout + made.stderr
    visitor = Visitor(door)  # type: ignore[arg-type]  # port and tls are all that it asks
    password = json.loads(made.stdout)["password"]
    assert visitor.password(name, password).status == 302
    changed = visitor.post("/toi/mat-khau", current=password, new=NEW_PASSWORD, again=NEW_PASSWORD)
    assert changed.status == 302, changed.fault
    assert visitor.post("/toi/pin", current=NEW_PASSWORD, pin=PIN, again=PIN).status == 302
    return visitor


def thief(post: Post, port: int, user: str, password: Path) -> Thief:
    ca = None if port == 2 else post.machine.etc / "ca/ca.crt"
    return Thief(post.machine.ports[port], user, password.read_text().strip(), ca=ca)


def test_an_officer_of_the_desk_takes_an_alarm_in_their_own_name(post):
    target = post.machine.asked("alarm", "--all", "--kind", "fire")["target"]
    taken = eventually(lambda: acknowledged(post, target), WITHIN_S, "it was not taken")
    assert taken == "an", "the console's own name stands where the officer's should"
    post.machine.asked("clear", "--all")


def acknowledged(post: Post, target: str) -> str | None:
    """By whom. Asked again under the same id until the desk's own link is up: it is done once."""
    post.an.post("/truc-ban/nhan", ask="de5c0001", target=target)
    [row] = [row for row in post.machine.asked("incidents")["incidents"] if row["id"] == target]
    return row.get("acknowledged_by")


def test_the_desk_is_served_over_tls_by_the_communes_authority_and_by_nothing_else(post):
    assert post.an.get("/toi").status == 200
    stranger = Visitor(Door(post.door.port, ssl.create_default_context()))  # type: ignore[arg-type]  # as above
    with pytest.raises(ssl.SSLCertVerificationError):
        stranger.get("/dang-nhap")


@pytest.mark.parametrize(("port", "name"), [(0, "thon-1"), (1, "duty"), (2, "duty")])
def test_no_other_password_speaks_as_the_desk(post, port, name):
    word = post.box / "password" if name == "thon-1" else post.machine.etc / f"{name}.password"
    with pytest.raises(Cut):
        thief(post, port, "console", word)
    session = thief(post, port, name, word)
    wish = json.dumps({"id": "stolen-1", "target": "all", "behalf": "an"}).encode()
    assert session.publish(f"{TOPICS}/ask/console/clear", wish) == NOT_AUTHORIZED
    session.close()


@pytest.mark.parametrize("port", [0, 1])
def test_the_desks_password_is_no_use_from_another_machine(post, port):
    with pytest.raises(Cut):
        thief(post, port, "console", post.machine.etc / "console.password")
    thief(post, 2, "console", post.machine.etc / "console.password").close()


def test_a_forged_set_is_no_case_on_the_desk_and_is_told_as_forged(post):
    word = (post.machine.etc / "service.password").read_text().strip()
    forger = Thief(post.machine.ports[2], "service", word, client_id="forger")
    at = str(Instant(time.time_ns() // 1_000_000))
    alarm = {"id": "0193a1de-0000-7000-8000-00000000f00d", "kind": "fire", "pattern": "alarm", "drill": False,
             "hamlets": ["all"], "since": at, "lease_s": 60}  # fmt: skip
    wish = {"issued_at": at, "counter": time.time_ns() // 1_000, "alarms": [alarm]}
    forger.publish(f"{TOPICS}/all/alarms", json.dumps(wish).encode())
    forger.close()
    page = eventually(
        lambda: text if "Có lệnh báo động giả" in (text := post.an.get("/truc-ban").text) else "", WITHIN_S
    )
    assert "f00d" not in page


@contextmanager
def roots_hands(machine: Installed) -> Iterator[list[float]]:
    """What systemd does by keng-retire.path and keng-retire.service, word by word; when each command began."""
    began_s: list[float] = []
    folder, over = machine.root / "run/keng-commune/retire", Event()
    folder.parent.mkdir(parents=True, exist_ok=True)  # keng-commune.service's RuntimeDirectory
    commands = re.findall(r"^ExecStart(?:Post)?=[-+]?(.*)$", UNIT.read_text(), re.M)

    def watch() -> None:
        while not over.wait(0.01):
            if folder.is_dir() and any(folder.iterdir()):
                for command in commands:
                    began_s.append(time.monotonic())
                    obey(machine, command, folder)

    thread = Thread(target=watch, daemon=True)
    thread.start()
    yield began_s
    over.set()
    thread.join()


def obey(machine: Installed, command: str, folder: Path) -> None:
    program, *words = command.split()
    if program == "/opt/keng/bin/keng":
        assert words == ["retire", "--asked", "/run/keng-commune/retire"]
        done = machine.keng(*words[:2], folder, "--etc", machine.etc)
        assert done.returncode == 0, done.stderr
        return
    assert [program, words[0]] == ["/bin/systemctl", "try-reload-or-restart"]
    names = {"mosquitto.service": "mosquitto", "keng-commune.service": "service"}
    machine.processes[names[words[1]]].send_signal(signal.SIGHUP)


def test_a_technician_retires_a_stolen_box_from_its_page_and_it_is_gone_within_two_seconds(post):
    mine, others = thief(post, 0, "thon-2", post.lost / "password"), thief(post, 0, "thon-1", post.box / "password")
    eventually(lambda: "thon-2" in post.dung.get("/thiet-bi").text, WITHIN_S, "the desk does not know the box")
    wish = {"ask": "de5c00f1", "why": "Bị mất trộm đêm qua", "sure": "on", "pin": PIN}
    assert post.an.post("/thiet-bi/thon-2/thu-hoi", **wish).status == 403, "who may not mend may not retire"
    for wrong in ({"pin": "000000"}, {"why": ""}, {"sure": ""}):
        assert post.dung.post("/thiet-bi/thon-2/thu-hoi", **{**wish, **wrong}).status == 409, wrong
    assert not mine.is_cut(0.1) and "thon-2" in load_codebook(post.machine.codebook).nodes
    with roots_hands(post.machine) as began_s, ThreadPoolExecutor(1) as beside:
        answer = beside.submit(post.dung.post, "/thiet-bi/thon-2/thu-hoi", **wish)
        assert mine.is_cut(WITHIN_S), "it is still connected"
        gone_s = time.monotonic()
        said = answer.result()
    assert gone_s - began_s[1] < GONE_S, "from when Mosquitto is told; a program's start takes what a machine has left"
    assert said.status == 200 and "thu hồi thon-2" in said.text, said.text
    eventually(lambda: "/thiet-bi/thon-2" not in post.dung.get("/thiet-bi").text, WITHIN_S, "it is still shown")
    assert not others.is_cut(0.1), "the others never notice"
    assert not post.machine.let_in(post.lost)
    assert "thon-2" not in load_codebook(post.machine.codebook).nodes
    assert "thon-2" not in {node["node"] for node in post.machine.asked("status")["nodes"]}
    others.close()
    [line] = who_retired(post)
    assert line == ("dung", "thon-2", {"why": wish["why"]})


def who_retired(post: Post) -> list[tuple[str, str, dict[str, str]]]:
    register = sqlite3.connect(post.machine.root / "var/lib/keng-commune" / FILE)
    with closing(register):
        rows = register.execute("SELECT by, subject, body FROM register_journal WHERE what = 'retiring'")
        return [(by, subject, json.loads(body)) for by, subject, body in rows]


@pytest.mark.parametrize("name", ["thon-1", "duty"])
def test_a_box_or_an_officers_program_dismisses_nobody(post, name):
    port, word = (0, post.box / "password") if name == "thon-1" else (2, post.machine.etc / "duty.password")
    session = thief(post, port, name, word)
    wish = json.dumps({"id": "s", "node": "thon-3", "why": "x", "behalf": "dung"}).encode()
    assert session.publish(f"{TOPICS}/ask/console/retire", wish) == NOT_AUTHORIZED
    own = session.publish(f"{TOPICS}/ask/{name}/retire", wish)
    assert own == NOT_AUTHORIZED or name == "duty", "a box may ask for nothing"
    session.close()
    assert "thon-3" in {node["node"] for node in post.machine.asked("status")["nodes"]}
    assert not list(post.machine.root.glob("run/keng-commune/retire/thon-3"))
