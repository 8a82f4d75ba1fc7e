"""When a node may be updated, and what it says of that."""

from typing import Any

import pytest
from fakes.box import CURFEW, EVENING_MS, Box, a_book, an_alarm, uid

from node.core.condition import HEARD_WITHIN_MS
from node.core.effects import Permit
from node.core.items import UpdateTold
from node.core.quiet import BEFORE_MIN, CHIME_MS
from node.core.records import CounterObeyed
from node.core.updating import RETRY_MS
from wire.messages import Update, Updating
from wire.release import Release
from wire.signature import Signer
from wire.words import Instant

pytestmark = pytest.mark.pure

NOON_MS = EVENING_MS - 9 * 3_600_000
RELEASE = Release(version="0.2.0", manifest="0" * 64, port=8445)
WAKE = CURFEW | {"name": "wake", "at": "05:00", "pattern": "wake"}


def at(local: str) -> int:
    """That time of the day, or of the night after."""
    hours, minutes = (int(part) for part in local.split(":"))
    return NOON_MS + ((hours - 12) % 24 * 60 + minutes) * 60_000


def a_box(**how: Any) -> Box:
    box = Box(**({"codebook": a_book(chimes=[CURFEW]), "wall_ms": NOON_MS} | how))
    box.link_up()
    return box


def offer(box: Box, name: str = "o1", release: Release | None = RELEASE, **changes: Any) -> None:
    """The commune offers, or takes it back; a minute at a time, as it does while it stands."""
    order = {"offer": name, "release": release, "lease_s": 180, "issued_at": Instant(box.wall_ms)}
    box.arrive(
        box.sent(box.topics.down(box.node, "update"), Update(**order | {"counter": box.next_counter()} | changes))
    )
    box.wait(300)


def told(box: Box) -> tuple[str, str] | None:
    update = box.said("status")[-1].update
    return None if update is None else (update.state, update.why)


def updater(box: Box, state: str, why: str = "", name: str = "o1") -> None:
    box.step(UpdateTold(Updating(offer=name, version="0.2.0", state=state, why=why)))
    box.wait(300)


def test_what_is_offered_at_noon_may_be_installed() -> None:
    box = a_box()
    assert box.permit == Permit(None, None) and told(box) is None
    offer(box)
    assert box.permit == Permit("o1", RELEASE)
    assert told(box) == ("waiting", "")


def test_what_is_offered_no_more_may_not() -> None:
    box = a_box()
    offer(box)
    offer(box, release=None)
    assert box.permit == Permit(None, None) and told(box) is None


def test_an_offer_that_is_not_said_again_is_forgotten() -> None:
    box = a_box()
    offer(box, lease_s=60)
    box.wait(59_000)
    box.set_of_alarms()
    assert box.permit.offer == "o1"
    box.wait(9_000)
    assert box.permit.offer is None


def test_what_was_said_a_while_ago_is_forgotten_so_much_earlier() -> None:
    box = a_box()
    offer(box, lease_s=60, issued_at=Instant(box.wall_ms - 20_000))
    box.wait(38_000)
    box.set_of_alarms()
    assert box.permit.offer == "o1"
    box.wait(9_000)
    assert box.permit.offer is None


def test_the_number_of_each_new_offer_is_written_down_and_that_of_one_said_again_is_not() -> None:
    box = a_box()
    for name in ("o1", "o1", "o2", "o2"):
        offer(box, name)
    numbers = [record.counter for record in box.records if isinstance(record, CounterObeyed)]
    assert numbers == [1, 3]


def test_the_permission_is_given_once_while_nothing_changes() -> None:
    box = a_box()
    for _ in range(3):
        offer(box)
    assert [effect for _, effect in box.effects if isinstance(effect, Permit)] == [Permit("o1", RELEASE)]


@pytest.mark.parametrize("local", ["20:31", "21:00", "22:59"])
def test_not_in_the_evening(local: str) -> None:
    box = a_box(codebook=a_book(), wall_ms=at(local))
    offer(box)
    assert box.permit.offer is None and told(box) == ("waiting", "hours")


@pytest.mark.parametrize("local", ["20:29", "23:00", "03:00"])
def test_before_and_after_the_evening(local: str) -> None:
    box = a_box(codebook=a_book(), wall_ms=at(local))
    offer(box)
    assert box.permit.offer == "o1"


@pytest.mark.parametrize(
    ("from_nine_s", "may"),
    [(-1_802, True), (-1_799, False), (-1, False), (7_198, False), (7_201, True)],
    ids=["20:29:58", "20:30:01", "20:59:59", "22:59:58", "23:00:01"],
)
def test_in_the_evenings_very_seconds(from_nine_s: int, may: bool) -> None:
    box = a_box(codebook=a_book(), wall_ms=EVENING_MS + from_nine_s * 1_000)
    box.set_of_alarms()
    offer(box)
    assert (box.permit.offer == "o1") is may


def test_the_evening_takes_the_permission_back() -> None:
    box = a_box(codebook=a_book(), wall_ms=at("20:29"))
    offer(box)
    box.wait((31 - BEFORE_MIN) * 60_000 + 20_000)
    assert box.permit.offer is None


def test_a_chime_is_not_put_at_risk() -> None:
    box = a_box(codebook=a_book(chimes=[WAKE]), wall_ms=at("04:39"))
    offer(box)
    assert box.permit.offer == "o1"
    box.at("04:40:05")
    box.set_of_alarms()
    offer(box)
    assert box.permit.offer is None and told(box) == ("waiting", "chime")
    assert CHIME_MS == 20 * 60_000


def test_without_the_communes_time_nothing_is_touched() -> None:
    box = a_box(codebook=None)
    offer(box)
    assert told(box) == ("waiting", "clock")


def test_a_press_takes_the_permission_back_until_its_case_is_closed() -> None:
    box = a_box()
    offer(box)
    box.hold("red")
    alert = next(iter(box.memory.alerts))
    assert box.permit.offer is None and told(box) == ("waiting", "alarm")
    box.answer(alert, "received")
    box.answer(alert, "acknowledged")
    offer(box)
    assert box.permit.offer is None
    box.answer(alert, "closed")
    box.wait(3_000)
    box.set_of_alarms()
    offer(box)
    assert box.permit.offer == "o1"


def test_so_does_a_silent_press() -> None:
    box = a_box()
    offer(box)
    box.hold("quiet")
    assert box.permit.offer is None


@pytest.mark.parametrize("drill", [False, True])
def test_whatever_sounds_takes_the_permission_back(drill: bool) -> None:
    box = a_box()
    offer(box)
    box.set_of_alarms(an_alarm(uid(1), drill=drill))
    assert box.permit.offer is None
    box.set_of_alarms()
    box.wait(3_000)
    assert box.permit.offer == "o1"


def test_while_the_commune_is_not_heard_nothing_is_touched() -> None:
    box = a_box()
    offer(box)
    box.link_down()
    assert box.permit.offer is None
    box.link_up()
    offer(box)
    assert box.permit.offer == "o1"
    box.commune = False
    box.wait(HEARD_WITHIN_MS + 300)  # the link is there, and nobody speaks on it
    assert box.permit.offer is None and told(box) == ("waiting", "link")


@pytest.mark.parametrize("version", ["0.2.0", "0.3"])
def test_only_a_newer_version_is_wanted(version: str) -> None:
    box = a_box()
    offer(box, release=Release(version="0", manifest="0" * 64, port=1))
    assert box.permit.offer is None and told(box) == ("done", "")
    offer(box, "o2", Release(version=version, manifest="0" * 64, port=1))
    assert box.permit.offer == "o2"


def test_an_older_one_is_refused_and_that_is_told() -> None:
    box = a_box(version="0.3.0")
    offer(box)
    assert box.permit.offer is None and told(box) == ("failed", "older")


def test_what_the_updater_says_is_told() -> None:
    box = a_box()
    offer(box)
    updater(box, "fetching")
    assert told(box) == ("fetching", "") and box.permit.offer == "o1"
    box.hold("red")
    assert told(box) == ("waiting", "alarm")


@pytest.mark.parametrize("state", ["done", "rolled_back"])
def test_what_has_ended_is_not_done_again_and_stays_told(state: str) -> None:
    box = a_box()
    offer(box)
    updater(box, state, "crash")
    assert box.permit.offer is None
    box.wait(2 * RETRY_MS)
    box.set_of_alarms()
    offer(box)
    assert box.permit.offer is None and told(box) == (state, "crash")
    offer(box, release=None)
    assert told(box) == (state, "crash")


def test_under_another_offer_it_is_tried_again() -> None:
    box = a_box()
    offer(box)
    updater(box, "rolled_back", "crash")
    offer(box, "o2")
    assert box.permit.offer == "o2" and told(box) == ("waiting", "")


def test_what_failed_is_tried_again_after_a_while() -> None:
    box = a_box()
    offer(box)
    updater(box, "failed", "net")
    assert box.permit.offer is None and told(box) == ("failed", "net")
    updater(box, "failed", "net")
    box.wait(RETRY_MS)
    box.set_of_alarms()
    offer(box)
    assert box.permit.offer == "o1"


def test_before_the_updater_has_said_anything_there_is_nothing_to_tell() -> None:
    box = a_box()
    box.step(UpdateTold(None))
    box.wait(300)
    assert told(box) is None


def test_an_unsigned_offer_is_refused_where_there_is_a_key() -> None:
    box = a_box(signer=Signer(b"k" * 32))
    box.signer = None
    offer(box)
    assert box.permit.offer is None


def test_another_nodes_offer_and_one_from_yesterday_are_none_of_ours() -> None:
    box = a_box()
    order = Update(offer="o1", release=RELEASE, lease_s=180, issued_at=Instant(box.wall_ms), counter=box.next_counter())
    box.arrive(box.sent(box.topics.down("gong-2", "update"), order))
    assert box.permit.offer is None
    offer(box, issued_at=Instant(box.wall_ms - 86_400_000))
    assert box.permit.offer is None


def test_an_offer_said_twice_is_obeyed_once() -> None:
    box = a_box()
    offer(box)
    offer(box, release=None)
    offer(box, counter=1)
    assert box.permit.offer is None


def test_not_even_after_a_power_cut_is_an_old_offer_obeyed_again() -> None:
    box = a_box()
    offer(box)
    offer(box, release=None)
    box.power_on()
    box.link_up()
    offer(box, counter=1)  # kept by whoever listens, and still within its lease
    assert box.permit.offer is None
    offer(box)
    assert box.permit.offer == "o1"


def test_of_two_offers_the_last_one_counts() -> None:
    box = a_box()
    offer(box)
    offer(box, "o2", Release(version="0.3.0", manifest="1" * 64, port=1))
    assert (box.permit.offer, box.permit.release and box.permit.release.version) == ("o2", "0.3.0")
    updater(box, "rolled_back", "crash")  # what was begun under the first ends under its name
    assert box.permit.offer == "o2"
    offer(box, "o2", release=None)
    assert box.permit.offer is None
