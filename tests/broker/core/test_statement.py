"""What is said of the set: leases, room, when."""

import pytest
from fakes.service import Service, alert_id, codebook

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


def test_a_change_does_not_wait() -> None:
    service = Service()
    service.hello()
    assert service.press()[0].topic == "all/alarms"
    assert service.press(number=2)[0].topic == "all/alarms"
