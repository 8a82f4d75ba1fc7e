"""When a broker says a last will: what tests/fakes/townbroker.py takes for granted of Mosquitto."""

import time

from fakes.mosquitto import Mosquitto
from fakes.onwire import Bare
from fakes.waiting import eventually

WILL = ("a/will", b"gone")
AT_ONCE_S = 2.0  # on a machine under load; by its keepalive it would be a minute and a half
DELAY_S = 2  # a client that is back at once is back sooner, on a machine under load too
LOOKS_S = 5  # Mosquitto looks for silent clients so often, and its clock has whole seconds


def said_after_s(ear: Bare, within_s: float) -> float:
    """How long until the will is heard."""
    began_s = time.monotonic()
    eventually(lambda: WILL in ear.heard, within_s, "no will")
    return time.monotonic() - began_s


def unsaid(mouth: Bare, ear: Bare) -> bool:
    """A mark that was published later has come, and no will."""
    mouth.say("a/mark")
    eventually(lambda: ("a/mark", b"x") in ear.heard)
    return WILL not in ear.heard


def test_is_the_will_of_a_killed_client_said_at_once(mosquitto: Mosquitto) -> None:
    """Yes: its kernel closes the connection."""
    with Bare(mosquitto, "ear", "a/#") as ear, Bare(mosquitto, "n1", will=WILL) as killed:
        killed.cut()
        assert said_after_s(ear, 5) < AT_ONCE_S


def test_is_the_will_of_a_silent_client_said_as_soon_as_one_and_a_half_times_its_keepalive(
    mosquitto: Mosquitto,
) -> None:
    """No sooner, and up to LOOKS_S later: 6 to 11 s for our 4, so a commune must miss a silent node by itself."""
    with Bare(mosquitto, "ear", "a/#") as ear, Bare(mosquitto, "n1", will=WILL, keepalive_s=2) as silent:
        silent.freeze()
        assert 2 <= said_after_s(ear, 15) <= 3 + LOOKS_S + 2


def test_is_the_will_of_an_orderly_client_said(mosquitto: Mosquitto) -> None:
    """No."""
    with Bare(mosquitto, "ear", "a/#") as ear, Bare(mosquitto, "mouth") as mouth:
        Bare(mosquitto, "n1", will=WILL).close()
        assert unsaid(mouth, ear)


def test_is_the_will_said_when_another_takes_the_client_id_over(mosquitto: Mosquitto) -> None:
    """Yes: the old connection ends without a word of its own, so a status may say `gone` after a new one's `here`."""
    with Bare(mosquitto, "ear", "a/#") as ear, Bare(mosquitto, "n1", will=WILL) as old, Bare(mosquitto, "n1"):
        assert said_after_s(ear, 5) < AT_ONCE_S
        eventually(lambda: old.gone, why="the old connection lives on")


def test_is_a_delayed_will_said_if_the_client_is_back_in_time(mosquitto: Mosquitto) -> None:
    """No: and it is said where it stays away."""
    with Bare(mosquitto, "ear", "a/#") as ear, Bare(mosquitto, "mouth") as mouth:
        Bare(mosquitto, "n1", will=WILL, will_delay_s=DELAY_S, expiry_s=60).cut()
        assert unsaid(mouth, ear)
        with Bare(mosquitto, "n1", expiry_s=60, clean=False):
            pass
        Bare(mosquitto, "n2", will=("a/n2", b"gone"), will_delay_s=DELAY_S, expiry_s=60).cut()
        eventually(lambda: ("a/n2", b"gone") in ear.heard, why="no delayed will")
        assert WILL not in ear.heard


def test_are_wills_said_by_a_broker_that_is_killed(mosquitto: Mosquitto) -> None:
    """No, not even when it is back: the commune must miss a node by itself."""
    with Bare(mosquitto, "n1", will=WILL):
        mosquitto.kill()
        mosquitto.start()
        with Bare(mosquitto, "ear", "a/#") as ear, Bare(mosquitto, "mouth") as mouth:
            assert unsaid(mouth, ear)


def test_does_what_a_client_said_just_before_it_was_killed_still_arrive(mosquitto: Mosquitto) -> None:
    """Yes: it is in the kernel's hands."""
    with Bare(mosquitto, "ear", "a/#") as ear:
        with Bare(mosquitto, "n1") as killed:
            killed.client.publish("a/last", b"word", 1)
        eventually(lambda: ("a/last", b"word") in ear.heard, why="it died with its sender")
