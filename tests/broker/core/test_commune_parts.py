"""The core put together: every part has its word in each step, and what a person reads of the whole."""

import json

import pytest
from fakes.service import NOON_MS, ROOT, Service, alert, alert_id, arrived, codebook

from broker.core.commune import IDLE_MS, Commune
from broker.core.effects import Append, Order, RestartBroker, Tell
from broker.core.items import CodeBookGiven, Committed, Item, NotCommitted, Stop, Tick
from broker.core.records import Entry, Snapshot
from broker.core.setup import CommuneSetup
from wire.envelope import MUTE, Denied, LinkDown, LinkUp
from wire.words import Instant

pytestmark = pytest.mark.pure


def whys(service: Service) -> dict[tuple[str, str], str]:
    return {(one.kind, one.about): one.why for one in service.core.troubles}


def test_the_first_line_of_a_run_says_which_run_of_which_program_it_is() -> None:
    service = Service(setup={"version": "1.2.3"})
    assert service.shelf.journal[0] == Entry(
        what="started",
        subject="commune",
        by=None,
        at_ms=NOON_MS,
        body={"run": "run-0", "version": "1.2.3", "key": None},
    )


def test_the_same_seed_gives_the_same_names_in_every_version_so_that_a_recorded_night_replays() -> None:
    service = Service(setup={"beacon": True}, delivers=False)
    service.wait(2_000)
    assert [json.loads(one.payload) for one in service.beacons] == [
        {"by": "dbe19b230edda805", "number": 1},
        {"by": "dbe19b230edda805", "number": 2},
    ]
    assert service.ask("alarm", kind="fire", hamlets=["all"])["target"] == "01a1fc79-c850-7590-ad9b-524ee54fdf7a"


def test_what_a_person_reads_of_a_register_that_cannot_write() -> None:
    service = Service()
    service.shelf.fill_disk()
    service.press()
    assert whys(service)["register", "commune"] == (
        "Sổ của xã không ghi được, hãy kiểm tra ổ đĩa / the register cannot write: The disk is full."
    )


def test_words_about_an_append_that_is_not_ours_raise_and_mend_nothing() -> None:
    service = Service()
    service.give(NotCommitted(999, "x"))
    assert service.core.troubles == ()
    service.shelf.fill_disk()
    service.press()
    service.give(Committed(999))
    assert ("register", "commune") in service.troubles()


def test_what_a_person_reads_of_what_the_broker_denied() -> None:
    service = Service()
    service.give(Denied(topic=f"{ROOT}/all/alarms", why="not authorised"))
    assert service.core.refused == {"commune": {"denied": 1}}
    assert whys(service)["refused", "commune"].endswith(f"; last: {ROOT}/all/alarms: not authorised")


def test_a_code_book_of_the_settings_that_is_no_good_is_shown_with_its_fault_and_an_older_one_is_none() -> None:
    service = Service()
    service.give(CodeBookGiven(codebook(version=2, zone="Mars")))
    assert service.core.refused == {"commune": {"codebook": 1}}
    assert "zone" in whys(service)["refused", "commune"].partition("; last: ")[2]
    old = Service(book=codebook(version=5))
    old.give(CodeBookGiven(codebook(version=4)))
    old.give(CodeBookGiven(codebook(version=5)))
    assert old.core.refused == {}
    assert old.journal("codebook") == ["5"]


def test_a_code_book_of_the_settings_is_said_once_and_written_once() -> None:
    service = Service()
    service.wait(5_000)
    service.give(CodeBookGiven(codebook(version=9)))
    said = [one for one in service.wait(30_000) if one.topic == "all/codebook"]
    assert said == []
    assert service.journal("codebook") == ["1", "9"]


def test_a_pushed_code_book_moves_the_nodes_that_are_watched_once_it_is_written() -> None:
    service = Service()
    book = codebook(version=2)
    del book["nodes"]["thon-5"]
    effects = service.core.step(NOON_MS, NOON_MS, arrived("ask/duty/codebook", {"id": "b", "codebook": book}))
    assert len(service.core.nodes) == 5
    (append,) = [effect for effect in effects if isinstance(effect, Append)]
    said = service.core.step(NOON_MS, NOON_MS, Committed(append.token))
    assert len(service.core.nodes) == 4
    assert [effect.topic.removeprefix(f"{ROOT}/") for effect in said if isinstance(effect, Order | Tell)] == [
        "told/duty",
        "all/codebook",
    ]


@pytest.mark.parametrize(("wall_ms", "leaps"), [(NOON_MS, True), (0, False), (5 * 10**12, False)])
def test_numbers_begin_at_a_clock_that_can_be_right_and_at_no_other(wall_ms: int, leaps: bool) -> None:
    service = Service(wall_ms=wall_ms)
    assert service.said[0].fields["counter"] == (wall_ms if leaps else 1)


def test_the_link_comes_up_with_a_set_even_where_nothing_is_new() -> None:
    service = Service()
    service.wait(4_000)
    service.give(LinkDown())
    said = service.give(LinkUp())
    assert [one.topic for one in said] == ["all/alarms"]
    assert service.core.linked


def test_a_broker_that_is_there_and_mute_counts_as_one_that_hangs() -> None:
    for why, troubles in ((MUTE, {("broker", "commune")}), ("gone", set())):
        service = Service(setup={"beacon": True})
        for _ in range(3):
            service.give(LinkDown(why))
        assert service.troubles() == troubles


@pytest.mark.parametrize(("item", "misses"), [(Tick(), 1), (Tick(idle=False), 0), (Stop(), 0)])
def test_a_beacon_is_missed_only_when_nothing_waits_to_be_taken(item: object, misses: int) -> None:
    service = Service(setup={"beacon": True}, delivers=False)
    service._pass(2_000)
    service.give(item)
    told = service.ask("status")["result"]["broker"]
    assert told["misses"] == misses


def test_a_restart_of_the_broker_is_asked_for_only_where_somebody_does_it() -> None:
    for mends, restarts in ((True, 1), (False, 0)):
        service = Service(setup={"beacon": True, "restarts_broker": mends}, delivers=False)
        service.wait(10_000)
        assert service.ask("status")["result"]["broker"]["restarts"] == restarts


def test_a_run_that_finds_the_broker_in_trouble_does_not_restart_it_at_once() -> None:
    service = Service(setup={"beacon": True, "restarts_broker": True}, delivers=False)
    service.wait(10_000)
    assert ("broker", "commune") in service.troubles()
    before = [one for one in service.done if isinstance(one, RestartBroker)]
    service.start()
    service.wait(10_000)
    assert [one for one in service.done if isinstance(one, RestartBroker)] == before != []


def test_a_core_that_has_nothing_to_wait_for_is_stepped_every_ten_seconds() -> None:
    core = Commune(CommuneSetup(commune="cong-lac", run="r", seed=bytes(32)), Snapshot())
    (append,) = [one for one in core.step(7, 0, Tick()) if isinstance(one, Append)]
    core.step(8, 1, Committed(append.token))
    assert core.deadline_ms <= 8 + IDLE_MS


def test_silent_presses_reach_the_post_and_the_officers_of_this_commune() -> None:
    book = codebook()
    book["nodes"]["thon-5"]["post"] = True
    service = Service(book=book)
    said = service.press("thon-1", silent=True)
    assert [one.topic for one in said] == [
        "told/duty",
        "told/second",
        "down/thon-5/alarms",
        "down/thon-1/answer",
    ]
    assert alert_id(1) in service.core.incidents
    assert alert()["id"] == alert_id(1)


@pytest.mark.parametrize(
    ("item", "topic"),
    [
        (arrived("up/thon-1/hello", {"node": "thon-1", "nonce": "n", "codebook": 1}), "down/thon-1/welcome"),
        (arrived("up/thon-1/alert", alert()), "all/alarms"),
        (arrived("up/thon-1/silent", alert()), "down/thon-5/alarms"),
        (arrived("ask/duty/chime", {"id": "c", "pattern": "curfew"}), "all/chime"),
        (CodeBookGiven(codebook(version=9)), "all/codebook"),
    ],
)
def test_whatever_order_takes_the_first_number_that_is_not_reserved_is_preceded_by_its_row(
    item: Item, topic: str
) -> None:
    book = codebook()
    book["nodes"]["thon-5"]["post"] = True
    service = Service(book=book)
    service.wait(3_000)
    reserved = service.shelf.restore().counter
    service.core._counter.leap(reserved + 1)
    before, order = [
        one for one in service.core.step(service.now_ms, service.wall_ms, item) if not isinstance(one, Tell)
    ][:2]
    assert isinstance(before, Append) and isinstance(order, Order)
    assert order.topic == f"{ROOT}/{topic}"
    assert json.loads(order.payload)["counter"] == reserved + 1
    assert any(entry.what == "counter" for entry in before.entries)


def test_what_a_person_ended_is_on_its_way_to_a_disk_that_has_just_failed_before_it_is_said() -> None:
    service = Service()
    service.press()
    service.shelf.fill_disk()
    service.press("thon-2", 2)
    clear = arrived("ask/duty/clear", {"id": "c", "target": "all"})
    before, said, *_ = service.core.step(service.now_ms, service.wall_ms, clear)
    assert isinstance(before, Append) and isinstance(said, Order)
    after = service.core.step(service.now_ms, service.wall_ms, NotCommitted(before.token, "x"))
    hello = arrived("up/thon-1/hello", {"node": "thon-1", "nonce": "n", "codebook": 1})
    after += service.core.step(service.now_ms, service.wall_ms, hello)
    assert not [one for one in after if isinstance(one, Append)]  # nothing more was ended: the disk has its rest


def test_after_a_restart_a_further_press_still_gives_a_whole_life_more() -> None:
    service = Service()
    service.press()
    service.wait(60_000)
    service.start()
    service.press(count=2, age_ms=60_000)
    service.wait(1_000)
    assert [one["lease_s"] for one in service.sounding()] in ([180], [179])


def test_after_a_restart_the_set_still_says_what_was_ended() -> None:
    service = Service()
    service.press()
    service.ask("clear", target="all")
    service.start()
    said = [one.fields for one in service.said if one.topic == "all/alarms"][-1]
    assert (said["alarms"], said["over"]) == ([], [alert_id(1)])


def test_what_is_wrong_with_the_registers_code_book_is_told() -> None:
    core = Commune(CommuneSetup(commune="cong-lac", run="r", seed=bytes(32)), Snapshot(codebook={"version": 3}))
    core.step(0, NOON_MS, Tick())
    assert core.refused == {"commune": {"codebook": 1}}
    (trouble,) = core.troubles
    assert "commune" in trouble.why.partition("; last: ")[2]


def test_before_its_first_link_and_after_the_last_the_core_is_not_linked_and_orders_no_chime() -> None:
    core = Commune(CommuneSetup(commune="cong-lac", run="r", seed=bytes(32), codebook=codebook()), Snapshot())
    effects = core.step(0, NOON_MS + 10 * 3_600_000 - 30_000, Tick())
    assert not [one for one in effects if isinstance(one, Order) and one.topic.endswith("/chime")]
    assert core.linked is False
    core.step(1, NOON_MS, LinkUp())
    assert core.linked is True
    core.step(2, NOON_MS, LinkDown())
    assert core.linked is False


def test_a_release_goes_out_by_the_core_s_own_parts_and_is_remembered_over_a_restart() -> None:
    service = Service()
    for number in range(1, 6):
        service.status(f"thon-{number}")
    release = {"version": "0.2.0", "manifest": "0" * 64, "port": 8445}
    told = service.ask("update", release=release, first="thon-2")
    service.wait(1)
    (order,) = [one for one in service.said if one.topic == "down/thon-2/update"]
    assert order.fields["release"] == release and service.journal("offered") == ["release"]
    service.start()
    status = service.ask("status")["result"]
    assert (status["commune"], status["update"]["offer"]) == ("cong-lac", told["id"])


def test_who_has_raised_its_voice_is_remembered_over_a_restart() -> None:
    service = Service()
    proof = {"pattern": "test", "started_at": None, "late_ms": 0, "duration_ms": 900, "strokes": 1, "ended": "finished"}
    service.hear("up/thon-2/sounded", {"id": "first/7e57ab1e", "first": True, **proof})
    before = [node for node in service.ask("status")["result"]["nodes"] if "spoke_at" in node]
    service.start()
    after = [node for node in service.ask("status")["result"]["nodes"] if "spoke_at" in node]
    assert [(one["node"], one["spoke_at"]) for one in before] == [("thon-2", str(Instant(NOON_MS)))]
    assert [one["spoke_at"] for one in after] == [one["spoke_at"] for one in before]
