"""What Mosquitto tells of a refusal, and to whom: why every link of ours is MQTT 5."""

import subprocess
from collections.abc import Callable

import pytest
from fakes.mosquitto import Mosquitto
from fakes.onwire import ACCEPTED, Bare
from fakes.waiting import eventually

ACL = "user n1\ntopic readwrite a/#\nuser ear\ntopic read #\n"
WORDS = {"n1": "one", "ear": "two"}
LIMIT = 1_000


@pytest.fixture
def strict(start_mosquitto: Callable[..., Mosquitto]) -> Mosquitto:
    return start_mosquitto(f"message_size_limit {LIMIT}", passwords=WORDS, acl=ACL)


def test_is_an_mqtt_5_publisher_told_that_the_access_list_refused(strict: Mosquitto) -> None:
    """Yes."""
    with Bare(strict, user=("n1", "one")) as mouth:
        assert mouth.say("b/x") == "Not authorized"


def test_is_an_mqtt_3_publisher_told_that_the_access_list_refused(strict: Mosquitto) -> None:
    """No: "Success", and nothing arrives."""
    with Bare(strict, "ear", "#", user=("ear", "two")) as ear, Bare(strict, user=("n1", "one"), plain=True) as mouth:
        assert mouth.say("b/x") in ACCEPTED
        mouth.say("a/mark")
        eventually(lambda: ear.heard)
        assert [topic for topic, _ in ear.heard] == ["a/mark"]


def test_is_a_refusal_of_the_access_list_told_on_the_log_topics(start_mosquitto: Callable[..., Mosquitto]) -> None:
    """No: it is a line of `log_type debug`, which goes to files alone, so no officer can be told of it."""
    acl = f"{ACL}topic read $SYS/broker/log/#\n"
    broker = start_mosquitto("log_dest topic", passwords=WORDS, acl=acl)
    with Bare(broker, "ear", "$SYS/broker/log/#", user=("ear", "two")) as ear:
        with Bare(broker, "n1", user=("n1", "one")) as mouth:
            assert mouth.say("b/x") == "Not authorized"
            mouth.close()
        eventually(lambda: any(b"n1 disconnected" in payload for _, payload in ear.heard))
        assert "Denied PUBLISH from n1" in broker.log
        assert not [payload for _, payload in ear.heard if b"Denied" in payload]


@pytest.mark.parametrize(("version", "told"), [("mqttv5", True), ("mqttv311", False)])
def test_is_a_publisher_told_that_its_message_is_too_large(strict: Mosquitto, version: str, told: bool) -> None:
    """Over `message_size_limit` again only MQTT 5 is. Mosquitto's own client is asked: paho knows no such answer.

    2.0.11 calls it "Packet too large", 2.0.21 a protocol error.
    """
    command = ["mosquitto_pub", "-V", version, "-p", str(strict.port), "-u", "n1", "-P", "one", "-q", "1", "-t", "a/x"]
    said = subprocess.run([*command, "-s"], input=bytes(LIMIT + 1), capture_output=True, timeout=10, check=False)
    assert bool(said.stderr) is told


def test_is_a_subscription_that_the_access_list_refuses_told(strict: Mosquitto) -> None:
    """Mosquitto grants it, and delivers nothing: a node that may not read is only silent."""
    with Bare(strict, "n1", "b/#", "a/mark", user=("n1", "one")) as bare, Bare(strict, user=("n1", "one")) as mouth:
        mouth.say("b/x")
        mouth.say("a/mark")
        eventually(lambda: bare.heard)
        assert (bare.heard, bare.gone) == ([("a/mark", b"x")], "")


def test_is_a_packet_over_max_packet_size_the_end_of_its_sender_alone(
    start_mosquitto: Callable[..., Mosquitto],
) -> None:
    """Yes: nobody hears it, and nobody else is disturbed."""
    broker = start_mosquitto(f"max_packet_size {LIMIT}")
    with Bare(broker, "ear", "a/#") as ear, Bare(broker, "n1") as flooder, Bare(broker, "n2") as mouth:
        flooder.client.publish("a/flood", bytes(2 * LIMIT), 1)
        eventually(lambda: flooder.gone, why="the flooder is still there")
        mouth.say("a/x")
        eventually(lambda: ear.heard)
        assert [topic for topic, _ in ear.heard] == ["a/x"]


def test_is_a_live_connection_cut_when_its_password_is_deleted_and_the_list_reloaded(strict: Mosquitto) -> None:
    """Yes, at once, and the others stay."""
    with Bare(strict, "n1", user=("n1", "one")) as retired, Bare(strict, "ear", user=("ear", "two")) as other:
        strict.set_passwords({"ear": "two"})
        strict.reload()
        eventually(lambda: retired.gone, 2, "the retired one is still there")
        assert other.gone == ""


def test_may_any_client_take_over_anothers_id(strict: Mosquitto) -> None:
    """Yes, with a password of its own; unless the id is made of the user name (the commune's configuration)."""
    with Bare(strict, "n1", user=("n1", "one")) as victim, Bare(strict, "n1", user=("ear", "two")):
        eventually(lambda: victim.gone, why="the victim lives")
