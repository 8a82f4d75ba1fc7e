"""A broker that hangs or does not deliver is seen and started anew; an honest one never is."""

import json
from itertools import pairwise
from typing import Any

import pytest
from fakes.service import ROOT, Service, alert
from hypothesis import given, settings
from hypothesis import strategies as st

from broker.core.beacon import BUSY_MS, EVERY_MS, FIRST_REST_MS, LONGEST_REST_MS, MISSES, STEADY_MS
from broker.core.effects import RestartBroker
from broker.core.items import Tick
from wire.envelope import MUTE, Arrived, LinkDown, LinkUp

pytestmark = pytest.mark.pure

HANGS = ("broker", "commune")
SEEN_MS = (MISSES + 1) * EVERY_MS
"""From the freeze to the third miss: the first beacon after it may be said a whole period later."""


def watched(**setup: Any) -> Service:
    """A service that watches its broker, and may have it restarted."""
    return Service(setup={"beacon": True, "restarts_broker": True, **setup})


def restarts(service: Service) -> int:
    return sum(isinstance(effect, RestartBroker) for effect in service.done)


def broker(service: Service) -> dict[str, Any]:
    told: dict[str, Any] = service.ask("status")["result"]["broker"]
    return told


def test_while_beacons_come_back_nothing_is_said_of_the_broker() -> None:
    service = watched()
    service.wait(3_600_000)
    assert HANGS not in service.troubles()
    assert restarts(service) == 0
    assert broker(service) == {"round_trip_ms": 0, "misses": 0, "restarts": 0}


def test_the_round_trip_is_told() -> None:
    service = watched()
    service.trip_ms = 7
    service.wait(EVERY_MS)
    assert broker(service)["round_trip_ms"] == 7


def test_three_misses_are_a_trouble_and_restart_the_broker_within_eight_seconds() -> None:
    service = watched()
    service.wait(10_000)
    service.delivers = False
    service.wait(MISSES * EVERY_MS - 1)
    assert (HANGS in service.troubles(), restarts(service)) == (False, 0)
    service.wait(EVERY_MS + 1)
    assert (HANGS in service.troubles(), restarts(service)) == (True, 1)
    assert SEEN_MS <= 8_000, "before a link that hears nothing gives up"
    assert service.journal("restarted") == ["commune"]


def test_a_broker_that_is_back_ends_the_trouble() -> None:
    service = watched()
    service.delivers = False
    service.wait(SEEN_MS)
    assert HANGS in service.troubles()
    service.give(LinkDown("gone"))
    service.delivers = True
    service.give(LinkUp())
    service.wait(EVERY_MS)
    assert HANGS not in service.troubles()
    assert broker(service)["restarts"] == 1


def test_two_misses_and_then_one_that_comes_back_are_forgiven() -> None:
    service = watched()
    for _ in range(10):
        service.delivers = False
        service.wait(2 * EVERY_MS)
        service.delivers = True
        service.wait(EVERY_MS)
    assert restarts(service) == 0


def test_a_slow_broker_that_delivers_every_beacon_is_not_restarted() -> None:
    service = watched()
    service.delivers = False
    for _ in range(30):
        service.wait(EVERY_MS)
        late, service.beacons = service.beacons[:-1], service.beacons[-1:]
        for beacon in late:
            service.give(beacon)
    assert restarts(service) == 0
    assert broker(service)["round_trip_ms"] == EVERY_MS


def test_without_the_means_to_restart_it_is_a_trouble_and_no_more() -> None:
    service = watched(restarts_broker=False)
    service.delivers = False
    service.wait(60_000)
    assert HANGS in service.troubles()
    assert restarts(service) == 0
    assert service.journal("restarted") == []


def test_a_broker_that_restarts_do_not_mend_is_restarted_less_and_less_often() -> None:
    service = watched()
    service.delivers = False
    service.wait(2 * LONGEST_REST_MS)
    at_ms = [entry.at_ms for entry in service.shelf.journal if entry.what == "restarted"]
    rests = [later - earlier for earlier, later in pairwise(at_ms)]
    assert 4 <= restarts(service) == len(at_ms) <= 7, "honest nodes are cut by each"
    assert rests[0] >= FIRST_REST_MS
    assert all(later >= 1.9 * earlier for earlier, later in pairwise(rests))


def test_restarts_come_at_least_once_in_the_longest_rest_for_ever() -> None:
    service = watched()
    service.delivers = False
    service.wait(12 * LONGEST_REST_MS)
    before = restarts(service)
    service.wait(2 * LONGEST_REST_MS)
    assert restarts(service) - before in (1, 2)


def test_a_broker_that_held_for_long_is_restarted_at_once_again() -> None:
    service = watched()
    service.delivers = False
    service.wait(2 * LONGEST_REST_MS + 12 * FIRST_REST_MS)  # an hour's rest has just begun
    service.delivers = True
    service.give(LinkDown("gone"))
    service.give(LinkUp())
    service.wait(STEADY_MS // 2)
    service.delivers = False
    before = restarts(service)
    service.wait(SEEN_MS)
    assert restarts(service) == before, "it has not held for long enough"
    service.delivers = True
    service.wait(STEADY_MS + 2 * EVERY_MS)
    before = restarts(service)
    service.delivers = False
    service.wait(SEEN_MS)
    assert restarts(service) == before + 1


def test_a_new_run_of_the_service_goes_on_resting() -> None:
    service = watched()
    service.delivers = False
    service.wait(SEEN_MS)
    for _ in range(5):
        service.start()
        service.wait(SEEN_MS)
    assert restarts(service) == 1, "a crash loop of ours must not become one of the broker"


def test_a_beacon_that_waits_in_our_own_inbox_is_not_missed() -> None:
    """A flood, or a slow disk: the loop is late, and the broker has delivered."""
    service = watched()
    service.wait(EVERY_MS - BUSY_MS)
    service.delivers = False
    for number in range(400):
        service._pass(BUSY_MS)
        service.give(Tick(idle=False))
        service.press("thon-1", number, count=1)
    assert restarts(service) == 0
    assert HANGS not in service.troubles()
    service.delivers = True
    service.wait(EVERY_MS)
    assert broker(service)["misses"] == 0


def test_a_service_that_was_frozen_itself_does_not_blame_the_broker() -> None:
    service = watched()
    for _ in range(5):
        service.delivers = False
        service.wait(EVERY_MS)
        service._pass(30_000)
        service.give(Tick())
        service.delivers = True
        service.wait(EVERY_MS)
    assert restarts(service) == 0
    assert HANGS not in service.troubles()


def test_while_the_link_is_down_no_beacon_is_said_and_none_is_missed() -> None:
    service = watched()
    service.give(LinkDown("connection refused"))
    service.delivers = False
    service.wait(600_000)
    assert service.beacons == []
    assert restarts(service) == 0
    assert HANGS not in service.troubles()


def test_a_broker_that_is_there_and_lets_nobody_in_is_restarted() -> None:
    service = watched()
    service.give(LinkDown("the connection was lost"))
    for _ in range(MISSES - 1):
        service.give(LinkDown(MUTE))
    assert restarts(service) == 0
    service.give(LinkDown(MUTE))
    assert (HANGS in service.troubles(), restarts(service)) == (True, 1)


@pytest.mark.parametrize("why", ["connection refused", "Not authorized", "timed out"])
def test_a_broker_that_is_not_there_or_does_not_know_us_is_not_restarted(why: str) -> None:
    service = watched()
    for _ in range(50):
        service.give(LinkDown(why))
        service.wait(1_000)
    assert restarts(service) == 0


def test_a_link_that_falls_and_comes_back_begins_afresh() -> None:
    service = watched()
    service.delivers = False
    for _ in range(20):
        service.wait(2 * EVERY_MS)
        service.give(LinkDown("the connection was lost"))
        service.give(LinkUp())
    assert restarts(service) == 0


def test_what_a_lost_link_took_with_it_is_not_counted_against_the_next() -> None:
    service = watched()
    service.delivers = False
    service.wait(2 * EVERY_MS)
    service.give(LinkDown("the connection was lost"))
    service.give(LinkUp())
    service.wait(MISSES * EVERY_MS - 1)
    assert restarts(service) == 0
    service.wait(1)
    assert restarts(service) == 1


def test_a_beacon_that_comes_twice_or_is_forged_or_kept_changes_nothing() -> None:
    service = watched()
    service.wait(EVERY_MS)
    service.delivers = False
    service.wait((MISSES + 1) * EVERY_MS - 1)
    for one in service.beacons:
        fields = json.loads(one.payload)
        service.hear("self/beacon", fields, retained=True)
        service.hear("self/beacon", {**fields, "by": "another"})
        service.hear("self/beacon", {**fields, "number": fields["number"] + 100})
    first = json.loads(service.beacons[0].payload)
    service.hear("self/beacon", {**first, "number": first["number"] - 1})
    service.hear("self/beacon", {**first, "number": -1})
    service.hear("self/beacon", b"junk")
    assert restarts(service) == 0
    service.wait(1)
    assert restarts(service) == 1


def test_two_services_show_each_other_by_their_beacons_within_seconds() -> None:
    """The one that states its set always first would never hear the other's."""
    first, second = watched(), watched(seed=b"another")
    for _ in range(3):
        heard: dict[int, list[Arrived]] = {}
        for service in (first, second):
            service.delivers = False
            service.wait(EVERY_MS)
            heard[id(service)] = list(service.beacons)
            service.delivers = True
        for service, other in ((first, second), (second, first)):
            for beacon in heard[id(other)]:
                service.give(beacon)
    assert ("foreign_service", "beacon") in first.troubles() & second.troubles()


def test_the_last_word_of_our_own_last_run_is_no_second_service() -> None:
    service = watched()
    service.delivers = False
    service.wait(EVERY_MS)
    old = service.beacons.pop()
    service.start()
    for _ in range(2):
        service.give(old)
    assert ("foreign_service", "beacon") not in service.troubles()


def test_the_beacon_is_the_services_own_topic_and_bears_no_secret() -> None:
    service = watched(run="0123456789abcdef")
    service.delivers = False
    service.wait(EVERY_MS)
    topics = {beacon.topic for beacon in service.beacons}
    assert topics == {f"{ROOT}/self/beacon"}
    assert not any(b"0123456789abcdef" in beacon.payload for beacon in service.beacons), "the client id is made of it"


def test_a_core_without_a_beacon_says_none() -> None:
    service = Service()
    service.delivers = False
    service.wait(60_000)
    service.give(LinkDown(MUTE))
    for _ in range(5):
        service.give(LinkDown(MUTE))
    assert service.beacons == []
    assert HANGS not in service.troubles()


HAPPENINGS = st.sampled_from(["freeze", "thaw", "cut", "press", "busy"])


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9_000), HAPPENINGS), max_size=40))
def test_it_is_never_restarted_twice_within_the_first_rest_and_never_while_it_delivers(
    days: list[tuple[int, str]],
) -> None:
    service = watched()
    at_ms: list[int] = []
    for number, (wait_ms, what) in enumerate(days):
        well = service.delivers
        before = restarts(service)
        service.wait(wait_ms)
        assert restarts(service) == before or not well
        match what:
            case "freeze":
                service.delivers = False
            case "thaw":
                service.delivers = True
                service.wait(0)
                service.give(Tick(idle=False))
            case "cut":
                service.beacons.clear()
                service.give(LinkDown("the connection was lost"))
                service.give(LinkUp())
            case "press":
                service.hear("up/thon-1/alert", alert(number=number))
            case _:
                service.give(Tick(idle=False))
        at_ms += [service.now_ms] * (restarts(service) - before)
    assert all(later - earlier >= FIRST_REST_MS - 9_000 for earlier, later in pairwise(at_ms))
