"""Facts about the installed Mosquitto's store and queues, on which it rests that we use neither.

If one of these fails, Mosquitto has changed: tests/fakes/townbroker.py and README's table of facts must be looked at.
"""

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from fakes.mosquitto import Mosquitto, version
from fakes.onwire import ACCEPTED, Bare
from fakes.waiting import eventually
from fakes.wallclock import WallClock

Start = Callable[..., Mosquitto]
PERSISTENT = "persistence true"
TRIES = 25
MARK = ("a/mark", b"mark")
IN_FLIGHT = 20  # Mosquitto's max_inflight_messages


def stored(home: Path) -> str:
    home.mkdir()
    return f"persistence_location {home}/"


def kept(broker: Mosquitto) -> int:
    """Retained messages below a/."""
    with Bare(broker, "", "a/#") as ear:
        return len(before_a_mark(broker, ear))


def before_a_mark(broker: Mosquitto, ear: Bare) -> list[bytes]:
    """What the broker had for it when a mark was said: that is queued behind all of it."""
    with Bare(broker) as mouth:
        mouth.say(*MARK)
    eventually(lambda: MARK in ear.heard, why="the mark does not come")
    return [payload for topic, payload in ear.heard[: ear.heard.index(MARK)]]


def test_does_anything_acknowledged_survive_kill_9_in_the_default_configuration(
    start_mosquitto: Start, tmp_path: Path
) -> None:
    """No: PUBACK leaves long before the store is written."""
    broker = start_mosquitto(PERSISTENT, stored(tmp_path / "store"))
    with Bare(broker) as bare:
        for number in range(10):
            assert bare.say(f"a/{number}", retain=True) in ACCEPTED
    broker.kill()
    broker.start()
    assert kept(broker) == 0


def test_does_an_orderly_end_keep_what_kill_9_loses(start_mosquitto: Start, tmp_path: Path) -> None:
    """Yes: so it was the kill that lost it, and not the test."""
    broker = start_mosquitto(PERSISTENT, stored(tmp_path / "store"))
    with Bare(broker) as bare:
        for number in range(10):
            bare.say(f"a/{number}", retain=True)
    broker.stop()
    broker.start()
    assert kept(broker) == 10


def test_does_saving_at_each_change_keep_what_was_acknowledged(start_mosquitto: Start, tmp_path: Path) -> None:
    """No, not always: some acknowledged messages are still not in the store when the broker is killed."""
    lines = (PERSISTENT, stored(tmp_path / "store"), "autosave_on_changes true", "autosave_interval 1")
    broker = start_mosquitto(*lines)
    for number in range(TRIES):
        with Bare(broker) as bare:
            # From paho's thread, as soon as the word is there.
            bare.client.on_publish = lambda *_: os.kill(broker.pid, signal.SIGKILL)
            bare.client.publish(f"a/{number}", b"x", 1, retain=True)
            eventually(lambda: not broker.running)
        broker.kill()
        broker.start()
        if kept(broker) <= number:
            return
    raise AssertionError(f"all of {TRIES} were kept")


def queue_for(broker: Mosquitto, name: str) -> None:
    """A session that lasts an hour, and nobody there."""
    Bare(broker, name, "a/#", expiry_s=3_600, clean=False).close()


def collect(broker: Mosquitto, name: str) -> list[bytes]:
    """What waited for it."""
    with Bare(broker, name, "a/#", expiry_s=3_600, clean=False) as ear:
        return before_a_mark(broker, ear)


def test_is_every_message_that_was_acknowledged_delivered_to_an_absent_subscriber(mosquitto: Mosquitto) -> None:
    """No: 1,500 times "Success", 1,000 delivered, and nobody is told."""
    queue_for(mosquitto, "absent")
    lines = "".join(f"{number}\n" for number in range(1_500))
    command = ["mosquitto_pub", "-V", "mqttv5", "-p", str(mosquitto.port), "-q", "1", "-t", "a/x", "-l"]
    said = subprocess.run(command, input=lines, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, "")
    came = collect(mosquitto, "absent")
    assert came == [str(number).encode() for number in range(1_000)]


def test_do_expired_messages_keep_the_valid_ones_behind_them_from_coming(
    start_mosquitto: Start, wall_clock: WallClock
) -> None:
    """2.0.11: yes, as many as may be in flight block all the rest, until somebody publishes again. 2.0.21: no."""
    broker = start_mosquitto(start=False)
    broker.environment = wall_clock.environment
    broker.start()
    queue_for(broker, "absent")
    with Bare(broker) as mouth:
        for _ in range(IN_FLIGHT):
            mouth.say("a/old", b"old", expiry_s=5)
        for number in range(3):
            mouth.say("a/new", str(number).encode())
        wall_clock.jump(seconds=60)
        with Bare(broker, "absent", "a/#", expiry_s=3_600, clean=False) as back:
            if version() < (2, 0, 21):
                mouth.say("b/x")
                assert back.heard == []
            else:
                eventually(lambda: len(back.heard) == 3)
            mouth.say("a/last", b"last")
            eventually(lambda: [payload for _, payload in back.heard] == [b"0", b"1", b"2", b"last"])


def test_does_a_clean_session_leave_anything_behind(mosquitto: Mosquitto) -> None:
    """No: with clean start and no expiry, what is published meanwhile is gone, which is what we want."""
    Bare(mosquitto, "absent", "a/#").close()
    with Bare(mosquitto) as bare:
        assert bare.say("a/x") in ACCEPTED
    assert collect(mosquitto, "absent") == []


def test_does_one_subscriber_who_reads_nothing_hold_up_the_others(mosquitto: Mosquitto) -> None:
    """No: each has its own queue."""
    with Bare(mosquitto, "stuck", "a/#") as stuck, Bare(mosquitto, "well", "a/#") as well, Bare(mosquitto) as mouth:
        stuck.freeze()
        for number in range(300):
            mouth.client.publish("a/x", str(number).encode(), 1)
        eventually(lambda: len(well.heard) == 300, why="it was held up")
        assert [int(payload) for _, payload in well.heard] == list(range(300))


def test_is_a_retained_message_kept_over_a_restart_without_persistence(start_mosquitto: Start) -> None:
    """No: after any end all statuses are gone until they are said again."""
    broker = start_mosquitto("persistence false")
    with Bare(broker) as bare:
        bare.say("a/status", retain=True)
    assert kept(broker) == 1
    broker.stop()
    broker.start()
    assert kept(broker) == 0
