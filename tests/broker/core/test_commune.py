"""The core put together: order of effects, restarts, what arrives in another's name."""

import json

import pytest
from fakes.register import Shelf
from fakes.service import NOON_MS, ROOT, Service, alert, alert_id, arrived, codebook
from hypothesis import given
from hypothesis import strategies as st

from broker.core.commune import Commune
from broker.core.effects import Append, Effect, Erase, Order, Tell
from broker.core.items import BackupLooked, CodeBookGiven, Committed, NotCommitted, Stop, Tick
from broker.core.records import Incident, Snapshot
from broker.core.setup import CommuneSetup
from wire.envelope import Denied, LinkDown, LinkUp

pytestmark = pytest.mark.pure

SETUP = CommuneSetup(commune="cong-lac", run="r", seed=bytes(32), open_network=True)


def a_case() -> Incident:
    """An open incident."""
    return Incident(
        id=alert_id(0),
        kind="fire",
        hamlet="thon-1",
        node="thon-1",
        silent=False,
        drill=False,
        state="open",
        opened_at_ms=NOON_MS,
        pressed_at_ms=NOON_MS,
    )


def test_what_sounds_goes_out_first_then_it_is_kept_then_it_is_promised() -> None:
    service = Service()
    service.done.clear()
    service.press()
    assert [type(effect) for effect in service.done] == [Order, Append, Tell]


def test_received_waits_for_the_commit() -> None:
    service = Service()
    effects = service.core.step(service.now_ms, service.wall_ms, arrived("up/thon-1/alert", alert()))
    assert [type(effect) for effect in effects] == [Order, Append]
    again = service.core.step(service.now_ms, service.wall_ms, arrived("up/thon-1/alert", alert()))
    assert again == []
    append = effects[1]
    assert isinstance(append, Append)
    told = service.core.step(service.now_ms, service.wall_ms, Committed(append.token))
    assert [type(effect) for effect in told] == [Tell]


def test_a_full_disk_sounds_and_shows_and_promises_nothing() -> None:
    service = Service()
    service.shelf.fill_disk()
    service.press()
    service.press()
    assert [one["id"] for one in service.sounding()] == [alert_id(1)]
    assert alert_id(1) in service.core.incidents
    assert ("register", "commune") in service.troubles()
    assert service.answers() == []
    service.wait(20_000)
    assert service.answers() == []
    service.shelf.free_disk()
    service.wait(5_000)
    assert service.answers() == ["received"]
    assert service.journal("alert") == [alert_id(1)]
    assert ("register", "commune") not in service.troubles()


def test_what_failed_is_written_before_anything_newer() -> None:
    service = Service()
    service.shelf.fill_disk()
    for number in (1, 2, 3):
        service.press(number=number)
    service.shelf.free_disk()
    service.press(number=4)
    service.wait(6_000)
    assert service.journal("alert") == [alert_id(number) for number in (1, 2, 3, 4)]


def test_a_restart_states_open_alarms_and_answers_at_once() -> None:
    service = Service()
    service.press("thon-2", 7)
    service.wait(20_000)
    service.said.clear()
    service.start()
    assert service.said[0].topic == "all/alarms"
    assert [one["id"] for one in service.sounding()] == [alert_id(7)]
    assert service.sounding()[0]["lease_s"] <= 161
    assert service.answers(7) == ["received"]


def test_an_alarm_that_outlived_its_life_while_we_were_away_is_silent_and_its_incident_open() -> None:
    service = Service()
    service.press()
    service.now_ms += 3_600_000
    service.wall_ms += 3_600_000
    service.start()
    assert service.sounding() == []
    assert service.core.incidents[alert_id(1)].state == "open"
    assert service.journal("silenced") == [alert_id(1)]


@pytest.mark.parametrize("jump_ms", [-3 * 365 * 86_400_000, -1_000_000, 1_000_000, 3 * 365 * 86_400_000])
def test_a_jump_of_the_clock_changes_no_alarm_and_no_counter(jump_ms: int) -> None:
    service = Service()
    service.press()
    service.jump(jump_ms)
    service.wait(30_000)
    assert [one["id"] for one in service.sounding()] == [alert_id(1)]
    assert service.journal("jumped")
    assert ("clock_jump", "commune") in service.troubles()
    service.start()
    service.press(number=2)
    counters = [one.fields["counter"] for one in service.said if one.order]
    assert counters == sorted(set(counters))
    service.wait(700_000)
    assert ("clock_jump", "commune") not in service.troubles()


def test_a_backup_that_is_not_made_is_a_trouble_until_one_is() -> None:
    service = Service()
    service.give(BackupLooked(None))
    assert ("backup", "commune") not in service.troubles()
    service.give(BackupLooked("Không có USB. / There is no stick."))
    assert ("backup", "commune") in service.troubles()
    service.start()
    assert ("backup", "commune") in service.troubles(), "a restart makes no backup"
    service.give(BackupLooked(None))
    assert ("backup", "commune") not in service.troubles()


def test_an_alarm_ends_after_its_life_whatever_the_clock_does() -> None:
    service = Service()
    service.press()
    service.jump(-3 * 365 * 86_400_000)
    service.wait(178_000)
    assert service.sounding()
    service.wait(3_000)
    assert service.sounding() == []
    assert service.journal("silenced") == [alert_id(1)]


def test_after_a_jump_back_and_a_restart_an_alarm_still_ends() -> None:
    service = Service()
    service.press()
    service.jump(-3 * 365 * 86_400_000)
    service.start()
    service.wait(601_000)
    assert service.sounding() == []


def test_a_foreign_set_is_shown_and_passed_by() -> None:
    service = Service()
    foreign = {"issued_at": "2026-11-21T05:00:00.000Z", "counter": NOON_MS + 5_000_000, "alarms": []}
    service.wait(9_000)
    said = service.hear("all/alarms", foreign)
    assert said == []
    assert ("foreign_service", "alarms") in service.troubles()
    assert service.wait(9_900) == []
    again = service.wait(200)
    assert again[0].fields["counter"] > foreign["counter"]
    service.wait(70_000)
    assert ("foreign_service", "alarms") not in service.troubles()


def test_a_hello_soon_after_a_foreign_set_does_not_silence_what_it_states() -> None:
    service = Service()
    foreign = {"issued_at": "2026-11-21T05:00:00.000Z", "counter": NOON_MS + 5_000_000, "alarms": []}
    service.hello("thon-1")  # its set is due in 200 ms
    service.hear("all/alarms", foreign)
    service.hello("thon-2")
    assert not any(said.topic.endswith("all/alarms") for said in service.wait(9_900))
    assert any(said.topic.endswith("all/alarms") for said in service.wait(200))


def test_a_foreign_set_never_puts_off_one_in_which_something_sounds() -> None:
    service = Service()
    service.press()
    number, stated = NOON_MS + 5_000_000, []
    for beat in range(1, 6):
        when = f"2026-11-21T05:00:{beat * 4:02}.000Z"
        service.hear("all/alarms", {"issued_at": when, "counter": number + beat * 1_000_000, "alarms": []})
        stated += [said for said in service.wait(4_000) if said.topic.endswith("all/alarms")]
    assert len(stated) >= 2
    assert all(said.fields["alarms"] for said in stated)


def test_a_kept_order_is_erased_and_shown_and_not_believed() -> None:
    service = Service()
    order = {"issued_at": "2026-11-21T05:00:00.000Z", "counter": NOON_MS * 2, "alarms": []}
    service.hear("all/alarms", order, retained=True)
    assert Erase(f"{ROOT}/all/alarms") in service.done
    assert ("foreign_service", "alarms") in service.troubles()
    assert service.press()[0].fields["counter"] < NOON_MS * 2
    service.done.clear()
    service.hear("all/alarms", b"", retained=True)  # the erasing itself comes back to other services
    assert not any(isinstance(effect, Erase) for effect in service.done)


@pytest.mark.parametrize("topic", ["up/thon-1/alert", "up/thon-1/silent", "up/thon-1/hello", "up/thon-1/sounded"])
def test_nothing_kept_is_believed_but_a_status(topic: str) -> None:
    service = Service()
    service.hear(topic, {**alert(), "nonce": "x"}, retained=True)
    assert service.core.refused["thon-1"] == {"retained": 1}
    assert not service.core.incidents


def test_a_kept_ask_is_not_done() -> None:
    service = Service()
    (told,) = service.hear("ask/duty/alarm", {"id": "a", "kind": "fire", "hamlets": ["all"]}, retained=True)
    assert not told.fields["ok"]
    assert ("refused", "duty") in service.troubles()


def test_refusals_are_counted_by_reason_and_written_down_once() -> None:
    service = Service()
    before = len(service.journal("trouble"))
    for _ in range(50):
        service.hear("up/thon-1/alert", b"{")
        service.hear("up/thon-1/alert", b"x" * 9_000)
        service.hear("up/thon-1/alert", b"\xff\xfe")
        service.hear("up/thon-1/alert", alert(count="many"))
        service.hear("up/thon-1/alert", alert("thon-2"))
    assert service.core.refused["thon-1"] == {"json": 50, "oversized": 50, "encoding": 50, "field": 50, "topic": 50}
    assert service.journal("trouble")[before:] == ["thon-1"]
    assert service.press()
    service.wait(61_000)
    assert service.journal("mended")[-1:] == ["thon-1"]
    assert len(service.journal("trouble")) < 10


def test_a_thousand_names_fill_nothing() -> None:
    service = Service()
    for number in range(1_000):
        service.hear(f"up/x-{number}/alert", b"{")
        service.hear(f"nonsense/{number}", b"{")
    assert len(service.core.refused) <= 502
    assert len(service.core.troubles) <= 502


def test_what_the_broker_denies_is_shown() -> None:
    service = Service()
    service.give(Denied(topic="keng/1/cong-lac/all/alarms", why="not authorised"))
    assert ("refused", "commune") in service.troubles()


def test_the_settings_code_book_is_in_use_at_once_and_a_pushed_one_outlives_it() -> None:
    service = Service()
    assert service.journal("codebook") == ["1"]
    service.ask("codebook", codebook=codebook(version=2, alarm_s=60))
    service.start()
    assert service.core.troubles == ()
    assert service.journal("codebook") == ["1", "2"]
    assert service.press()[0].fields["alarms"][0]["lease_s"] == 60


def test_a_code_book_of_the_same_version_that_differs_is_shown() -> None:
    service = Service()
    service.give(CodeBookGiven(codebook(alarm_s=60)))
    assert ("refused", "commune") in service.troubles()


def test_a_register_whose_code_book_is_no_good_any_more_still_starts() -> None:
    core = Commune(SETUP, Snapshot(codebook={"version": 3}))
    core.step(0, NOON_MS, LinkUp())
    assert [(one.kind, one.about) for one in core.troubles] == [("refused", "commune")]
    assert core.step(1, NOON_MS, arrived("up/thon-1/alert", alert()))


def test_what_the_service_says_of_itself() -> None:
    service = Service()
    assert (service.core.linked, service.core.unwritten, service.core.alarms) == (True, 0, ())
    assert [node.id for node in service.core.nodes] == ["thon-1", "thon-2", "thon-3", "thon-4", "thon-5"]
    service.shelf.fill_disk()
    service.press()
    assert service.core.unwritten == 3  # the alert, the node, the trouble
    assert [alarm.id for alarm in service.core.alarms] == [alert_id(1)]


def test_a_code_book_from_the_settings_while_running_is_said_to_everybody() -> None:
    service = Service()
    service.wait(5_000)
    said = service.give(CodeBookGiven(codebook(version=9)))
    assert [(one.topic, one.fields["version"]) for one in said] == [("all/codebook", 9)]


def test_without_a_code_book_an_alert_sounds_in_its_own_hamlet() -> None:
    service = Service(book=None)
    service.press("thon-2")
    assert service.sounding()[0]["hamlets"] == ["thon-2"]
    assert service.sounding()[0]["pattern"] == "alarm"


def test_the_set_is_stated_every_ten_seconds_empty_or_not() -> None:
    service = Service()
    said = [one for one in service.wait(60_000) if one.topic == "all/alarms"]
    assert [one.at_ms - 1_000_000 for one in said] == [10_000, 20_000, 30_000, 40_000, 50_000, 60_000]


def test_stop_and_lost_links_are_survived() -> None:
    service = Service()
    service.give(LinkDown("gone"))
    assert not service.core.linked
    service.give(LinkUp())
    service.give(Stop())
    assert service.core.linked


def test_the_first_step_may_be_any() -> None:
    for item in (Tick(), LinkDown(), Committed(3), NotCommitted(3, "x"), arrived("up/thon-1/alert", alert())):
        core = Commune(SETUP, Shelf().restore())
        (append,) = [effect for effect in core.step(0, NOON_MS, item) if isinstance(effect, Append)]
        assert append.entries[0].what == "started"


@given(
    topic=st.sampled_from(
        [f"up/{node}/{word}" for node in ("thon-1", "xx") for word in ("alert", "silent", "hello", "status", "sounded")]
        + [f"ask/duty/{verb}" for verb in ("alarm", "clear", "close", "chime", "incidents", "status", "codebook")]
        + ["all/alarms", "all/chime", "all/codebook", "down/thon-1/alarms", "told/duty", "", "all/x"]
    ),
    fields=st.dictionaries(
        st.sampled_from(
            [*alert(), "nonce", "online", "target", "outcome", "hamlets", "pattern", "codebook", "counter"]
        ),
        st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.lists(st.integers(), max_size=3),
    ),
    whole=st.booleans(),
    retained=st.booleans(),
    wall_ms=st.integers(-1, 10**18),
)
def test_bad_input_never_raises(
    topic: str, fields: dict[str, object], whole: bool, retained: bool, wall_ms: int
) -> None:
    core = Commune(SETUP, Shelf().restore())
    payload = {**alert(), **fields} if whole else fields
    core.step(0, wall_ms, arrived(topic, json.dumps(payload).encode(), retained=retained))
    core.step(1, wall_ms, Tick())


@given(raw=st.binary(max_size=200), topic=st.text(max_size=60))
def test_no_bytes_raise(raw: bytes, topic: str) -> None:
    core = Commune(SETUP, Shelf().restore())
    core.step(0, NOON_MS, arrived(topic, raw))
    core.step(0, NOON_MS, arrived("up/thon-1/alert", raw))


def commit(core: Commune, now_ms: int, effects: list[Effect]) -> None:
    """The disk does its part."""
    for effect in effects:
        if isinstance(effect, Append):
            commit(core, now_ms, core.step(now_ms, NOON_MS + now_ms, Committed(effect.token)))
