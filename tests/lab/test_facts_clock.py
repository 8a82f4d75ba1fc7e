"""What a broker does whose own clock jumps, and what of it would touch us.

Debian 12's Mosquitto (2.0.11) reckons keepalives by a clock that nobody sets; Debian 13's (2.0.21) by the wall clock.
"""

from collections.abc import Callable
from contextlib import suppress

import pytest
from fakes.mosquitto import Mosquitto, version
from fakes.onwire import Bare
from fakes.waiting import eventually
from fakes.wallclock import WallClock

SEEN_S = 15  # Mosquitto looks for what has expired once in some seconds
Start = Callable[..., Mosquitto]


@pytest.fixture
def broker(start_mosquitto: Start, wall_clock: WallClock) -> Mosquitto:
    one = start_mosquitto(start=False)
    one.environment = wall_clock.environment
    one.start()
    return one


def test_does_a_jump_forward_wipe_what_may_expire(broker: Mosquitto, wall_clock: WallClock) -> None:
    """Yes: sessions with their queues, and retained messages, each though its time was far from over."""
    Bare(broker, "absent", "a/#", expiry_s=86_400, clean=False).close()
    with Bare(broker) as mouth:
        mouth.say("a/kept", b"kept", retain=True, expiry_s=86_400)
    wall_clock.jump(years=3)
    settled(broker)
    with Bare(broker) as mouth:

        def wiped() -> bool:
            with Bare(broker, "absent", "b/#", expiry_s=86_400, clean=False) as back:
                mouth.say("b/mark")
                eventually(lambda: ("b/mark", b"x") in back.heard)
                return ("a/kept", b"kept") not in back.heard

        eventually(wiped, SEEN_S)
        assert broker.read("a/#", within_s=1) == []


def test_does_a_jump_touch_a_live_connection_or_a_status_that_never_expires(
    broker: Mosquitto, wall_clock: WallClock
) -> None:
    """2.0.11: neither. 2.0.21: years forward drop each live connection at once, back none; all are let in again."""
    by_the_wall = version() >= (2, 0, 21)
    with Bare(broker) as mouth:
        mouth.say("a/status", b"here", retain=True)
    for years in (3, -6):
        with Bare(broker, "n1", "a/#", keepalive_s=5) as ear:
            wall_clock.jump(years=years)
            settled(broker)
            with Bare(broker) as mouth:
                mouth.say("a/x", str(years).encode())
                if by_the_wall and years > 0:
                    eventually(lambda ear=ear: ear.gone, why="it is still let in")
                else:
                    eventually(lambda ear=ear, years=years: ("a/x", str(years).encode()) in ear.heard)
                    assert ear.gone == ""
        assert broker.read("a/status", within_s=2) == ["here"]


def settled(broker: Mosquitto) -> None:
    """It has looked at its clock since: who comes in the very moment of a jump may be dropped with the others."""

    def stays() -> bool:
        with suppress(ConnectionError), Bare(broker, "", "mark/#") as one:
            one.client.publish("mark", b"x", 1)
            eventually(lambda: one.gone or ("mark", b"x") in one.heard)
            return not one.gone
        return False

    eventually(stays)
