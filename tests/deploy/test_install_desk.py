"""The duty desk as install-commune.sh installs it: HTTPS by the commune's CA, and an officer's act in their own name.

Real all through: the installed files, Mosquitto with the installed access list, the service, the console.
"""

import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fakes.installed import TOPICS, Installed
from fakes.thief import Cut, Thief
from fakes.visitor import Visitor
from fakes.waiting import eventually

from broker.enrolment.enrol import Wish, enrol
from broker.enrolment.site import read_site

WITHIN_S = 45.0
NEW_PASSWORD = "co-may-mua-nang-2026"
NOT_AUTHORIZED = 0x87


@dataclass
class Door:
    """What a visitor needs to know of a console."""

    port: int
    tls: ssl.SSLContext


@dataclass
class Post:
    """An installed commune with one enrolled box and somebody at the desk."""

    machine: Installed
    box: Path
    door: Door
    an: Visitor


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    """Installed, started, signed in."""
    home = tmp_path_factory.mktemp("desk")
    machine = Installed(home / "commune")
    try:
        done = machine.install("--name", "Cộng Lạc", "--address", "127.0.0.1", "keng.local")
        assert done.returncode == 0, done.stderr
        box = enrol(read_site(machine.etc), [Wish("thon-1", "thon-1")], home).folders[0]
        assert box is not None
        machine.have_no_chime_soon()
        machine.start_mosquitto()
        machine.start_service()
        machine.start_console()
        settings = ("--settings", machine.etc / "console.yaml", "--json")
        made = machine.keng("officer", "add", "an", "--full-name", "Nguyễn Văn An", *settings)
        assert made.returncode == 0, made.stdout + made.stderr
        door = Door(machine.ports[3], ssl.create_default_context(cafile=machine.etc / "ca/ca.crt"))
        an = Visitor(door)  # type: ignore[arg-type]  # port and tls are all that it asks
        password = json.loads(made.stdout)["password"]
        assert an.password("an", password).status == 302
        changed = an.post("/toi/mat-khau", current=password, new=NEW_PASSWORD, again=NEW_PASSWORD)
        assert changed.status == 302, changed.fault
        yield Post(machine, box, door, an)
    finally:
        machine.end()


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
