"""What is said of the set: leases, room, when."""

import itertools

import pytest
from fakes.service import NOON_MS, Service, alert_id, codebook

from broker.core.statement import ROOM_BYTES, fitting
from wire.codec import encode
from wire.messages import ActiveAlarm
from wire.words import Instant

pytestmark = pytest.mark.pure


def one(number: int, hamlets: tuple[str, ...], *, drill: bool = False, text: str | None = None) -> ActiveAlarm:
    return ActiveAlarm(
        id=alert_id(number),
        kind="fire",
        pattern="alarm",
        drill=drill,
        hamlets=hamlets,
        since=Instant(0),
        lease_s=180,
        by="thon-1",
        text=text,
    )


def test_a_set_that_fits_is_said_as_it_is() -> None:
    alarms = [one(1, ("a",), text="Cháy"), one(2, ("b",), drill=True)]
    assert fitting(alarms) == tuple(alarms)


def test_what_does_not_fit_loses_its_text_first() -> None:
    alarms = [one(number, (f"h{number}",), text="x" * 280) for number in range(20)]
    said = fitting(alarms)
    assert len(said) == 20
    assert len(encode(said)) <= ROOM_BYTES
    assert {alarm.text for alarm in said} == {None}


def test_drills_give_way_and_every_hamlet_that_should_sound_does() -> None:
    drills = [one(number, ("all",), drill=True) for number in range(40)]
    crowd = [one(number, ("a",)) for number in range(100, 150)]
    alone = [one(number, (f"h{number}",)) for number in range(200, 210)]
    said = fitting([*drills, *crowd, *alone])
    assert len(encode(said)) <= ROOM_BYTES
    assert {hamlet for alarm in said if not alarm.drill for hamlet in alarm.hamlets} == {
        "a",
        *(f"h{number}" for number in range(200, 210)),
    }
    assert said == tuple(sorted(said, key=lambda alarm: alarm.id))


def test_leases_never_outlast_the_life_nor_ten_minutes() -> None:
    service = Service(book=codebook(alarm_s=600))
    service.press()
    leases = [said.fields["alarms"][0]["lease_s"] for said in service.said if said.fields.get("alarms")]
    leases += [one.fields["alarms"][0]["lease_s"] for one in service.wait(599_000) if one.topic == "all/alarms"]
    assert leases[0] == 600
    assert leases[-1] <= 11
    assert min(leases) >= 1


def test_forty_hellos_at_once_are_answered_with_few_sets() -> None:
    service = Service()
    service.wait(5_000)
    service.said.clear()
    for number in range(40):
        service.hello(f"box-{number}")
        service.wait(10)
    service.wait(200)
    sets = [said for said in service.said if said.topic == "all/alarms"]
    assert 2 <= len(sets) <= 4
    assert sets[0].at_ms == sets[1].at_ms - 200


def test_a_province_of_nodes_that_comes_back_at_once_is_not_drowned_in_sets() -> None:
    """Five sets a second to each of 10,000 were 50,000 messages a second, and the last node waited four minutes."""
    service = Service(book=codebook(nodes={}))
    service.wait(5_000)
    service.said.clear()
    for number in range(4_000):
        service.hello(f"box-{number}")
        service.wait(1)
    service.wait(2_000)
    sets = [said.at_ms for said in service.said if said.topic == "all/alarms"]
    gaps = [after - before for before, after in itertools.pairwise(sets)]
    assert gaps == sorted(gaps) and 1_500 <= gaps[-1] <= 2_100


def test_a_change_does_not_wait() -> None:
    service = Service()
    service.hello()
    assert service.press()[0].topic == "all/alarms"
    assert service.press(number=2)[0].topic == "all/alarms"


def test_a_set_that_another_stated_on_a_nodes_own_topic_is_withdrawn_by_the_next_all_clear() -> None:
    service = Service()
    service.wait(1_000)
    stray = {"id": alert_id(9), "kind": "fire", "pattern": "alarm", "drill": False, "hamlets": ["thon-1"]}
    stray |= {"since": "2026-11-21T05:00:00.000Z", "lease_s": 600, "by": "hand", "text": ""}
    service.hear(
        "down/thon-1/alarms",
        {"issued_at": "2026-11-21T05:00:00.000Z", "counter": NOON_MS + 5_000_000, "alarms": [stray]},
    )
    service.said.clear()
    service.ask("clear", id="c1", target="all")
    own = [said for said in service.said if said.topic == "down/thon-1/alarms"]
    assert [said.fields["alarms"] for said in own] == [[]]
    assert own[0].fields["counter"] > NOON_MS + 5_000_000
    service.wait(610_000)
    service.said.clear()
    service.wait(20_000)
    assert "down/thon-1/alarms" not in {said.topic for said in service.said}  # no lease of it can last any more


def test_a_node_that_is_a_post_no_longer_is_told_that_its_silent_alarms_are_over() -> None:
    plain = codebook()
    nodes = {**plain["nodes"], "thon-5": {"hamlet": "thon-5", "post": True}}
    service = Service(book={**plain, "nodes": nodes})
    service.press(silent=True)
    assert service.sounding("down/thon-5/alarms")
    assert service.ask("codebook", id="b1", codebook={**plain, "version": 2})["ok"]
    service.wait(10_000)
    assert service.sounding("down/thon-5/alarms") == []


def test_a_silent_press_puts_nothing_off_its_beat_where_everybody_listens() -> None:
    """An empty set out of turn told a watcher that something had happened."""
    service = Service()
    service.wait(3_000)
    said = [*service.press("thon-2", silent=True), *service.press("thon-2", silent=True, count=2)]
    assert not [one.topic for one in said if one.topic == "all/alarms"]
