"""What is said of the set: leases, room, when."""

import itertools
import json

import pytest
from fakes.service import NOON_MS, Service, alert_id, codebook
from msgspec import structs
from msgspec.structs import replace

from broker.core.alarms import AlarmSet
from broker.core.book import Book
from broker.core.counter import Counter
from broker.core.effects import Order
from broker.core.ledger import Ledger
from broker.core.records import Alarm
from broker.core.statement import (
    ID_BYTES,
    LISTENERS_PER_MS,
    OFFICERS_BYTES,
    ROOM_BYTES,
    SOON_MS,
    STATE_EVERY_MS,
    Statement,
    fitting,
)
from broker.core.turn import Turn
from wire.codec import MAX_BYTES, decode, encode
from wire.messages import MAX_ACTIVE, ActiveAlarm, Alarms
from wire.topics import Topics
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


def test_no_message_holds_more_alarms_than_the_contract_allows() -> None:
    shortest = structs.replace(one(1, ("a",)), kind="fire", pattern="a", lease_s=1, by=None)
    assert len(encode([shortest] * MAX_ACTIVE)) > ROOM_BYTES


def foreign(service: Service, topic: str = "all/alarms") -> None:
    """Another service states an empty set that nodes obey."""
    counter = max(said.fields["counter"] for said in service.said if said.order) + 1_000
    service.hear(topic, {"issued_at": str(Instant(service.wall_ms)), "counter": counter, "alarms": []})


def sets(service: Service, wait_ms: int, topic: str = "all/alarms") -> list[int]:
    """How long from now until each set that is stated there."""
    now_ms = service.now_ms
    return [said.at_ms - now_ms for said in service.wait(wait_ms) if said.topic == topic]


def test_all_that_is_said_of_an_alarm() -> None:
    service = Service()
    told = service.ask("alarm", kind="theft", hamlets=["thon-1", "thon-4"], text="Trộm ở chợ", lease_s=120)
    service.said.clear()
    service.wait(10_000)
    (said,) = [one for one in service.said if one.topic == "all/alarms"]
    assert said.fields == {
        "issued_at": "2026-11-21T05:00:10.000Z",
        "counter": said.fields["counter"],
        "alarms": [
            {
                "id": told["target"],
                "kind": "theft",
                "pattern": "alarm",
                "drill": False,
                "hamlets": ["thon-1", "thon-4"],
                "since": "2026-11-21T05:00:00.000Z",
                "lease_s": 110,
                "by": "duty",
                "text": "Trộm ở chợ",
            }
        ],
        "over": [],
    }


@pytest.mark.parametrize(("left_ms", "lease_s"), [(1, 1), (1_000, 1), (1_001, 2), (600_000, 600), (601_000, 600)])
def test_a_lease_is_rounded_up_and_never_longer_than_ten_minutes(left_ms: int, lease_s: int) -> None:
    rig = Rig()
    rig.alarms.start(Turn(0, 0), replace(rig.alarm(1), life_s=700))
    rig.alarms.changed = True
    turn = Turn(700_000 - left_ms, 0)
    rig.statement.run(turn)
    (order,) = orders(turn)
    assert json.loads(order.payload)["alarms"][0]["lease_s"] == lease_s


def orders(turn: Turn) -> list[Order]:
    """What was said, without the rows of the counter."""
    return [effect for effect in turn.effects if isinstance(effect, Order)]


class Rig:
    """A statement by itself, in a commune with one post."""

    def __init__(self) -> None:
        ledger = Ledger()
        self.book = Book("cong-lac")
        self.alarms = AlarmSet((), ledger)
        self.statement = Statement(Topics("cong-lac"), self.alarms, self.book, Counter(NOON_MS, ledger))

    @staticmethod
    def alarm(number: int, text: str | None = None, **changes: object) -> Alarm:
        return replace(
            Alarm(
                id=alert_id(number), kind="fire", pattern="alarm", drill=False, silent=False, hamlets=("thon-1",),
                since_ms=0, life_s=180, text=text,
            ),
            **changes,
        )  # fmt: skip


def test_it_is_stated_ten_seconds_after_the_last_or_soon_after_somebody_needs_it() -> None:
    rig = Rig()
    assert rig.statement.deadline_ms is None
    rig.statement.soon(Turn(1_000, 0))
    assert rig.statement.deadline_ms is None  # nothing was ever said: the link is not up
    rig.alarms.changed = True
    rig.statement.run(Turn(1_000, 0))
    assert rig.statement.deadline_ms == 1_000 + STATE_EVERY_MS
    rig.statement.soon(Turn(1_100, 0))
    assert rig.statement.deadline_ms == 1_000 + SOON_MS
    rig.statement.soon(Turn(1_100, 0), 10_000)
    assert rig.statement.deadline_ms == 1_000 + SOON_MS  # whoever came first does not wait for the others
    rig.statement.run(turn := Turn(1_000 + SOON_MS - 1, 0))
    assert turn.effects == []
    rig.statement.run(turn := Turn(1_000 + SOON_MS, 0))
    assert len(orders(turn)) == 1
    rig.statement.soon(Turn(1_300, 0), 10_000)
    assert rig.statement.deadline_ms == 1_000 + SOON_MS + 10_000 // LISTENERS_PER_MS
    rig.statement.soon(Turn(1_300, 0))
    assert rig.statement.deadline_ms == 1_000 + 2 * SOON_MS
    rig.statement.run(Turn(9_000, 0))
    rig.statement.soon(Turn(18_000, 0))
    assert rig.statement.deadline_ms == 18_000


def test_an_alarm_that_is_prolonged_is_stated_soon_and_not_at_once() -> None:
    rig = Rig()
    rig.alarms.start(Turn(0, 0), rig.alarm(1))
    rig.statement.run(Turn(0, 0))
    rig.alarms.insist(Turn(50, 0), alert_id(1))
    rig.statement.run(turn := Turn(50, 0))
    assert turn.effects == []
    assert rig.statement.deadline_ms == SOON_MS
    rig.statement.run(turn := Turn(SOON_MS, 0))
    assert len(orders(turn)) == 1


def test_a_hello_in_front_of_a_foreign_set_is_still_answered_where_something_sounds() -> None:
    service = Service()
    service.press()
    service.wait(1_000)
    service.hello("thon-1")
    service.hello("thon-2")
    foreign(service)
    assert sets(service, 1_000) == [SOON_MS]


def test_what_another_stated_to_one_node_puts_off_the_set_of_all_and_hurries_no_hello() -> None:
    service = Service()
    service.wait(9_000)
    foreign(service, "down/thon-1/alarms")
    assert "all/alarms" in [said.topic for said in service.hello("thon-2")]
    quiet = Service()
    quiet.wait(9_000)
    foreign(quiet, "down/thon-1/alarms")
    assert sets(quiet, 12_000) == [10_000]


@pytest.mark.parametrize(("node", "times"), [("thon-1", 59), ("gate", 0)])
def test_a_node_of_the_book_is_told_that_nothing_sounds_for_as_long_as_a_foreign_set_can_last(
    node: str, times: int
) -> None:
    service = Service()
    service.wait(1_000)
    foreign(service, f"down/{node}/alarms")
    assert sets(service, 900_000, f"down/{node}/alarms") == [10_000 * (number + 1) for number in range(times)]


def test_a_post_hears_of_a_silent_alarm_at_once_and_that_it_is_over() -> None:
    plain = codebook()
    service = Service(book={**plain, "nodes": {**plain["nodes"], "thon-5": {"hamlet": "thon-5", "post": True}}})
    service.press("thon-1")
    service.press("thon-2", 2, silent=True)
    (silent, loud) = service.sounding("down/thon-5/alarms")
    assert (silent["id"], silent["hamlets"], loud["id"]) == (alert_id(2), ["thon-5"], alert_id(1))
    service.wait(10_000)
    assert [one["lease_s"] for one in service.sounding("down/thon-5/alarms")] == [170, 170]
    service.cancel("thon-2", 2, silent=True)
    last = [one for one in service.said if one.topic == "down/thon-5/alarms"][-1].fields
    assert ([one["id"] for one in last["alarms"]], last["over"]) == ([alert_id(1)], [alert_id(2)])
    service.wait(20_000)
    public = [one.fields for one in service.said if one.topic == "all/alarms"]
    assert not any(alert_id(2) in str(one) for one in public)


def test_what_is_over_is_told_as_far_as_there_is_room_the_latest_first() -> None:
    for crowd in range(40):
        rig = Rig()
        for number in range(100, 116):
            rig.alarms.start(Turn(0, 0), rig.alarm(number))
            rig.alarms.end(Turn(1, 0), alert_id(number))
        for number in range(crowd):
            rig.alarms.start(Turn(0, 0), rig.alarm(number, text="x" * 97))
        rig.statement.run(turn := Turn(2, 0))
        (order,) = orders(turn)
        over = json.loads(order.payload).get("over", [])
        assert over == [alert_id(number) for number in range(116 - len(over), 116)]
        assert len(order.payload) <= MAX_BYTES
        assert len(over) == 16 or len(order.payload) + ID_BYTES > ROOM_BYTES


def test_an_officers_alarms_leave_a_quarter_of_the_message_to_the_buttons() -> None:
    rig, turn = Rig(), Turn(175_000, 0)
    for number in range(31):
        rig.alarms.start(Turn(0, 0), rig.alarm(number))  # five seconds of each are left
    rig.statement.run(turn)
    (order,) = orders(turn)
    used = len(encode(decode(order.payload, Alarms).alarms))
    bare = replace(one(1, ("thon-1",)), by=None, text="", lease_s=99)
    spare = OFFICERS_BYTES - used - len(encode(bare)) - 1  # the comma
    assert 0 < spare < 300
    assert rig.statement.room_for(turn, rig.alarm(99, life_s=99, text="x" * spare))
    assert not rig.statement.room_for(turn, rig.alarm(99, life_s=99, text="x" * (spare + 1)))


def test_what_falls_silent_where_there_is_no_room_is_what_sounds_elsewhere_then_drills() -> None:
    everywhere = [one(number, ("all",)) for number in range(3)]
    here = [one(number, ("a", "b")) for number in range(10, 60)]
    drills = [one(number, ("c",), drill=True) for number in range(100, 103)]
    said = fitting([*drills, *here, one(70, ("b", "d")), *everywhere, one(71, ("e",))])
    kept = [alarm.id for alarm in said]
    assert alert_id(70) in kept and alert_id(0) in kept
    assert alert_id(71) not in kept  # it sounds by the first of everywhere
    assert not any(alarm.drill for alarm in said)
    assert [alarm.by for alarm in said] == [None] * len(said)
    assert [alarm.id for alarm in said if alarm.hamlets == ("a", "b")] == [
        alert_id(10 + n) for n in range(len(said) - 2)
    ]


def test_the_last_byte_of_a_message_is_used_and_none_beyond() -> None:
    bare = structs.replace(one(1, ("a",)), by=None)
    size = len(encode([bare, bare])) - len(encode([bare]))  # with its comma
    many = [structs.replace(bare, id=alert_id(number)) for number in range(60)]
    fits = (ROOM_BYTES - len("]")) // size
    said = fitting(many)
    assert len(said) == fits
    left = ROOM_BYTES - len(encode(said))
    for longer, taken in ((left, True), (left + 1, False)):
        last = structs.replace(bare, id=alert_id(99), hamlets=("a" * (1 + longer),))
        said = fitting([last, *many[: fits - 1], *many[-3:]])
        assert (last in said and len(said) == fits) is taken
        assert len(encode(said)) <= ROOM_BYTES
    text = "x" * (left + len("null") - len('""'))
    whole = [structs.replace(many[0], text=text), *many[1:fits]]
    assert len(encode(whole)) == ROOM_BYTES
    assert fitting(whole) == tuple(whole)
    assert fitting([structs.replace(many[0], text=text + "x"), *many[1:fits]]) == tuple(many[:fits])


def test_where_the_set_takes_all_the_room_nothing_is_told_of_what_is_over() -> None:
    for spare in (0, ID_BYTES - 1, ID_BYTES):
        rig = Rig()
        rig.alarms.start(Turn(0, 0), rig.alarm(200))
        rig.alarms.end(Turn(1, 0), alert_id(200))
        for number in range(40):
            rig.alarms.start(Turn(0, 0), rig.alarm(number, text=""))
        rig.statement.run(turn := Turn(2, 0))
        (order,) = orders(turn)
        room = ROOM_BYTES - spare - len(encode(decode(order.payload, Alarms).alarms))
        rig = Rig()
        rig.alarms.start(Turn(0, 0), rig.alarm(200))
        rig.alarms.end(Turn(1, 0), alert_id(200))
        for number in range(40):
            more = room // 40 + (room % 40 if number == 0 else 0)
            rig.alarms.start(Turn(0, 0), rig.alarm(number, text="x" * more))
        rig.statement.run(turn := Turn(2, 0))
        (order,) = orders(turn)
        stated = decode(order.payload, Alarms)
        assert len(encode(stated.alarms)) == ROOM_BYTES - spare
        assert stated.over == ((alert_id(200),) if spare == ID_BYTES else ())


def test_an_alarm_that_was_prolonged_is_stated_once_and_then_in_its_beat() -> None:
    service = Service()
    service.press()
    service.wait(1_000)
    service.press(count=2, age_ms=1_000)
    assert sets(service, 25_000) == [10_000, 20_000]
