"""What a commune's Mosquitto lets each user do: a stolen node's credentials above all."""

import random
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fakes.mosquitto import Mosquitto
from fakes.waiting import eventually

from broker.mosquitto.configuration import MAX_KEEPALIVE_S, MAX_PACKET_BYTES, DemoBroker, commune_files, demo_conf
from wire.envelope import Arrived, Denied, LinkDown, LinkUp, Publication

ROOT = "keng/1/cong-lac"
REFUSED = "Not authorized"
SECOND_NS = 1_000_000_000
UNGREETED_S = 60
"""What Mosquitto takes for the keepalive of who has not said one."""


def told(heard: list[Any]) -> list[str]:
    """Topics of what arrived."""
    return [item.topic for item in heard if isinstance(item, Arrived)]


def publish_and_flush(town: Any, watcher: list[Any], user: str, topic: str, *more: str, port: int | None = None) -> str:
    """Publish, then something that surely arrives, so that what did not arrive by then never will."""
    complaint: str = town.publish(user, topic, "x", *more, port=port)
    mark = f"{ROOT}/told/mark{random.randrange(10**9)}"
    assert town.publish("service", mark) == ""
    eventually(lambda: mark in told(watcher), why="the mark did not arrive")
    return complaint


@pytest.mark.parametrize("word", ["hello", "alert", "silent", "sounded", "status"])
def test_a_node_says_its_own_five_topics(town: Any, word: str) -> None:
    _, heard = town.link("service", f"{ROOT}/#")
    assert publish_and_flush(town, heard, "n1", f"{ROOT}/up/n1/{word}") == ""
    assert f"{ROOT}/up/n1/{word}" in told(heard)


@pytest.mark.parametrize(
    "topic",
    [
        "up/n2/hello",
        "up/n2/alert",
        "up/n2/silent",
        "up/n2/sounded",
        "up/n2/status",
        "up/n1/other",
        "up/n1/alert/more",
        "up/n1",
        "down/n1/answer",
        "down/n2/alarms",
        "down/n2/welcome",
        "all/alarms",
        "all/chime",
        "all/codebook",
        "ask/n1/alarm",
        "ask/duty/alarm",
        "told/duty",
        "self/beacon",
    ],
)
def test_a_stolen_node_cannot_speak_elsewhere(town: Any, topic: str) -> None:
    _, heard = town.link("service", f"{ROOT}/#")
    assert REFUSED in publish_and_flush(town, heard, "n1", f"{ROOT}/{topic}")
    assert f"{ROOT}/{topic}" not in told(heard)


@pytest.mark.parametrize("port", ["officers_port", "local_port"])
def test_a_stolen_node_is_not_let_in_at_another_door(town: Any, port: str) -> None:
    assert "not authori" in town.publish("n1", f"{ROOT}/up/n1/hello", port=getattr(town.broker, port)).lower()


def test_an_officer_is_not_let_in_at_the_nodes_door(town: Any) -> None:
    assert "not authori" in town.publish("duty", "x", port=town.broker.nodes_port).lower()


def test_the_services_password_does_not_work_from_outside(town: Any) -> None:
    for port in (town.broker.nodes_port, town.broker.officers_port):
        assert "not authori" in town.publish("service", "x", port=port).lower()
    assert _listens_on(town.broker.local_port) == {"127.0.0.1"}


def _listens_on(port: int) -> set[str]:
    lines = subprocess.run(["ss", "-Hltn", f"sport = :{port}"], capture_output=True, text=True, check=True).stdout
    return {line.split()[3].rsplit(":", 1)[0] for line in lines.splitlines()}


def test_nobody_comes_in_without_a_password(town: Any) -> None:
    for port in (town.broker.nodes_port, town.broker.officers_port, town.broker.local_port):
        tls = [] if port == town.broker.local_port else ["--cafile", str(town.home / "ca.crt")]
        command = ["mosquitto_pub", "-V", "mqttv5", "-h", "127.0.0.1", "-p", str(port), *tls, "-t", "x", "-m", "x"]
        assert subprocess.run(command, capture_output=True, timeout=10, check=False).returncode


SPYING = [
    "#",
    f"{ROOT}/#",
    f"{ROOT}/down/#",
    f"{ROOT}/down/n2/answer",
    f"{ROOT}/down/+/alarms",
    f"{ROOT}/up/#",
    f"{ROOT}/up/+/silent",
    f"{ROOT}/up/n2/silent",
    f"{ROOT}/told/duty",
    f"{ROOT}/self/#",
    f"{ROOT}/self/beacon",
    "$SYS/#",
]
SHARED_SPYING = [f"$share/x/{ROOT}/up/+/silent", f"$share/y/{ROOT}/#", f"$share/z/{ROOT}/down/n2/answer"]
FOR_OTHERS = [
    "up/n2/hello",
    "up/n2/silent",
    "up/n2/sounded",
    "up/n2/status",
    "down/n2/answer",
    "down/n2/alarms",
    "down/n2/welcome",
    "told/duty",
    "told/clerk",
    "self/beacon",
]


@pytest.fixture
def shared_spy(town: Any) -> Iterator[Callable[[str], Callable[[], str]]]:
    """Starts a client with shared subscriptions (mosquitto_sub: our link forbids itself its own words, which these
    may not); what it has heard so far."""
    spies = []

    def start(user: str) -> Callable[[], str]:
        topics = [word for topic in SHARED_SPYING for word in ("-t", topic)]
        command = ["mosquitto_sub", *town.arguments(user), "-i", f"{user}-spy", *topics, "-F", "%t", "-d"]
        log = town.main.parent / "spy"
        with log.open("w") as file:
            spies.append(subprocess.Popen(["stdbuf", "-oL", *command], stdout=file))
        eventually(lambda: "Subscribed" in log.read_text(), why="the spy is not let in")
        return lambda: "".join(line for line in log.read_text().splitlines(True) if line.startswith("keng/"))

    yield start
    for spy in spies:
        spy.kill()
        spy.wait()


def test_a_stolen_node_hears_nothing_by_shared_subscriptions(town: Any, shared_spy: Any) -> None:
    _, service = town.link("service", f"{ROOT}/#")
    heard = shared_spy("n1")
    for topic in FOR_OTHERS:
        town.publish("service", f"{ROOT}/{topic}")
    town.publish("service", f"{ROOT}/all/alarms")  # may be heard, by the widest of the three
    publish_and_flush(town, service, "n2", f"{ROOT}/up/n2/silent")
    eventually(lambda: f"{ROOT}/all/alarms" in heard(), why="an honest message did not arrive")
    assert heard().split() == [f"{ROOT}/all/alarms"]


def test_a_stolen_node_hears_nothing_that_is_not_for_it(town: Any) -> None:
    _, heard = town.link("n1", *SPYING, f"{ROOT}/all/alarms", f"{ROOT}/down/n1/answer", f"{ROOT}/up/+/alert")
    for topic in FOR_OTHERS:
        for sender in ["service"] + (["n2"] if topic.startswith("up/n2") else []):
            town.publish(sender, f"{ROOT}/{topic}", "x", *(["-r"] if topic.endswith("status") else []))
    for topic in ("down/n1/answer", "all/alarms", "up/n2/alert"):
        town.publish("service", f"{ROOT}/{topic}")
    eventually(lambda: f"{ROOT}/up/n2/alert" in told(heard), why="an honest message did not arrive")
    assert set(told(heard)) == {f"{ROOT}/down/n1/answer", f"{ROOT}/all/alarms", f"{ROOT}/up/n2/alert"}


@pytest.mark.parametrize("user", ["n1", "duty", "clerk"])
def test_a_silent_alert_is_heard_by_the_service_alone(town: Any, user: str) -> None:
    _, service = town.link("service", f"{ROOT}/#")
    _, heard = town.link(user, *SPYING)
    town.publish("n2", f"{ROOT}/up/n2/silent")
    town.publish("service", f"{ROOT}/down/n2/answer")
    town.publish("service", f"{ROOT}/down/n2/alarms")
    town.publish("service", f"{ROOT}/self/beacon")
    town.publish("service", f"{ROOT}/all/alarms")
    eventually(lambda: f"{ROOT}/all/alarms" in told(heard), why="an honest message did not arrive")
    assert {f"{ROOT}/up/n2/silent", f"{ROOT}/self/beacon"} <= set(told(service))
    assert set(told(heard)) == {f"{ROOT}/all/alarms"}


def test_a_forged_last_will_is_not_published(town: Any) -> None:
    _, heard = town.link("service", f"{ROOT}/#")
    will = ["--will-topic", f"{ROOT}/up/n2/status", "--will-payload", "gone", "--will-retain", "--will-qos", "1"]
    thief = subprocess.Popen(["mosquitto_sub", *town.arguments("n1"), "-t", f"{ROOT}/all/alarms", *will])
    town.publish("service", f"{ROOT}/all/chime")
    time.sleep(0.3)  # refused or let in, the thief is killed: Mosquitto then publishes the will of one it let in
    thief.kill()
    thief.wait()
    publish_and_flush(town, heard, "n1", f"{ROOT}/up/n1/status")
    assert f"{ROOT}/up/n2/status" not in told(heard)


def test_a_stolen_node_cannot_take_anothers_connection_over(town: Any) -> None:
    _, victim = town.link("n2", f"{ROOT}/down/n2/answer")
    thief, _ = town.link("n1", f"{ROOT}/all/alarms", client_id="n2")
    for port in (town.broker.officers_port, town.broker.local_port):
        town.publish("n1", "x", "x", "-i", "n2", port=port)
    assert thief.publish(Publication(f"{ROOT}/up/n1/hello", b"x"))
    town.publish("service", f"{ROOT}/down/n2/answer")
    eventually(lambda: told(victim), why="the victim hears nothing any more")
    assert not [item for item in victim if isinstance(item, LinkDown)]


def test_several_sessions_of_one_officer_do_not_disturb_each_other(town: Any) -> None:
    sessions = [town.link("duty", f"{ROOT}/told/duty", client_id=f"duty-{n}")[1] for n in range(3)]
    town.publish("service", f"{ROOT}/told/duty")
    for heard in sessions:
        eventually(lambda heard=heard: told(heard), why="a session is gone")
        assert not [item for item in heard if isinstance(item, LinkDown)]


def test_an_officer_asks_and_is_told_in_his_own_name_only(town: Any) -> None:
    _, heard = town.link("service", f"{ROOT}/#")
    assert publish_and_flush(town, heard, "duty", f"{ROOT}/ask/duty/alarm") == ""
    elsewhere = ["ask/clerk/alarm", "all/alarms", "told/duty", "up/duty/alert", "up/n1/alert", "down/n1/answer"]
    for topic in (*elsewhere, "self/beacon"):
        assert REFUSED in publish_and_flush(town, heard, "duty", f"{ROOT}/{topic}"), topic


def test_the_console_has_an_officers_rights_and_comes_in_on_the_machine_itself_alone(town: Any) -> None:
    _, heard = town.link("service", f"{ROOT}/#")
    assert publish_and_flush(town, heard, "console", f"{ROOT}/ask/console/alarm") == ""
    for topic in ("ask/duty/alarm", "all/alarms", "told/console", "up/n1/silent", "down/n1/alarms", "self/beacon"):
        assert REFUSED in publish_and_flush(town, heard, "console", f"{ROOT}/{topic}"), topic
    for port in (town.broker.officers_port, town.broker.nodes_port):
        assert town.publish("console", f"{ROOT}/ask/console/alarm", port=port) != ""


def test_a_refused_publication_is_told_to_who_sent_it(town: Any) -> None:
    link, heard = town.link("n1", f"{ROOT}/all/alarms")
    link.publish(Publication(f"{ROOT}/up/n2/alert", b"x"))
    denied = eventually(lambda: [item for item in heard if isinstance(item, Denied)], why="nobody said so")
    assert denied[0].topic == f"{ROOT}/up/n2/alert"


def test_a_retired_node_is_gone_at_once_and_the_others_never_notice(town: Any) -> None:
    _, retired = town.link("n1", f"{ROOT}/all/alarms")
    _, other = town.link("n2", f"{ROOT}/all/alarms")
    _, officer = town.link("duty", f"{ROOT}/all/alarms")
    town.admit({"n2": "node", "duty": "officer", "clerk": "watch", "service": "service"})
    eventually(lambda: any(isinstance(item, LinkDown) for item in retired), 2, "it is still connected")
    assert "not authori" in town.publish("n1", f"{ROOT}/up/n1/hello").lower()
    town.publish("service", f"{ROOT}/all/alarms")
    eventually(lambda: told(other) and told(officer), why="the others are gone too")
    assert [type(item) for item in other] == [LinkUp, Arrived]
    assert [type(item) for item in officer] == [LinkUp, Arrived]


def test_an_oversized_message_is_delivered_to_be_counted(town: Any) -> None:
    _, heard = town.link("service", f"{ROOT}/#")
    assert town.publish("n1", f"{ROOT}/up/n1/alert", "x" * 9 * 1024) == ""
    eventually(lambda: told(heard), why="it did not arrive")


def test_a_megabyte_cuts_its_sender_off_and_reaches_nobody(town: Any) -> None:
    _, heard = town.link("service", f"{ROOT}/#")
    head = f"{ROOT}/up/n1/alert".encode()
    with socket.create_connection(("127.0.0.1", town.broker.local_port)) as sock:
        name, word = b"service", town.passwords["service"].encode()
        flags = b"\x00\x04MQTT\x05\xc2\x00\x05\x00" + b"\x00\x00"
        body = flags + len(name).to_bytes(2) + name + len(word).to_bytes(2) + word
        sock.sendall(b"\x10" + bytes([len(body)]) + body)
        assert sock.recv(100)[0] == 0x20
        # The length alone gives it away: a fixed header of 1 MB.
        sock.sendall(b"\x30\x80\x80\x40" + len(head).to_bytes(2) + head + b"\x00" + b"x" * MAX_PACKET_BYTES)
        sock.settimeout(5)
        try:
            while sock.recv(1000):
                pass
        except ConnectionResetError:
            pass
    assert publish_and_flush(town, heard, "n2", f"{ROOT}/up/n2/hello") == ""
    assert f"{ROOT}/up/n1/alert" not in told(heard)


def test_nothing_is_kept_on_disk(town: Any) -> None:
    town.publish("n1", f"{ROOT}/up/n1/status", "here", "-r")
    town.process.send_signal(signal.SIGTERM)  # an orderly end is when Mosquitto would write its store
    town.process.wait()
    kept = subprocess.run(["find", town.main.parent, "-name", "*.db"], capture_output=True, text=True, check=True)
    assert kept.stdout == ""


def test_idle_connections_do_not_lock_a_node_out(town: Any) -> None:
    idle = [socket.create_connection(("127.0.0.1", town.broker.nodes_port)) for _ in range(400)]
    try:
        assert town.publish("n1", f"{ROOT}/up/n1/hello") == ""
    finally:
        for sock in idle:
            sock.close()


def test_who_comes_as_a_second_begins_is_let_in(town: Any) -> None:
    """By a ring of 91 places Mosquitto 2.0.21, Debian 13's, takes who comes then for one silent for too long."""
    eventually(lambda: time.time_ns() % SECOND_NS < SECOND_NS // 100)
    ports = (town.broker.nodes_port, town.broker.officers_port, town.broker.local_port)
    came = [socket.create_connection(("127.0.0.1", port)) for port in ports]
    try:
        assert not select.select(came, [], [], 0.3)[0], "they were dropped"
    finally:
        for sock in came:
            sock.close()


def test_who_has_not_said_hello_yet_has_a_place_of_his_own_in_mosquittos_ring() -> None:
    """One place for each second of max_keepalive and half as many again, and one; 90 s ahead of now is his."""
    place, ring = UNGREETED_S * 3 // 2, MAX_KEEPALIVE_S * 3 // 2 + 1
    assert place % ring + 1 < ring, "the last place is that of the second just gone: he is dropped at once"


def test_the_unit_may_open_more_files_than_an_attacker_connections(town: Any) -> None:
    unit = next(file for file in commune_files(town.broker, []) if "systemd" in str(file.path))
    assert "LimitNOFILE=65536" in unit.text.splitlines()


def test_secrets_are_for_mosquittos_user_alone(town: Any) -> None:
    for file in commune_files(town.broker, []):
        assert file.secret == (file.path.suffix in (".passwords", ".acl"))


def test_a_demo_lets_anybody_in_on_loopback_only(start_mosquitto: Callable[..., Mosquitto]) -> None:
    lines = demo_conf(DemoBroker(1)).splitlines()
    mine = [line for line in lines if not line.startswith(("listener", "allow_anonymous", "log_", "#"))]
    mosquitto = start_mosquitto(*mine)
    assert mosquitto.publish(f"{ROOT}/ask/duty/alarm", "{}") == 0
    assert lines[1] == "listener 1 127.0.0.1"
