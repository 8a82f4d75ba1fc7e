"""A mute raises nobody, hides nothing, and ends."""

from typing import Any

import pytest
from fakes.service import NOON_MS, Service, alert_id, codebook

from broker.core.ledger import Ledger
from broker.core.mutes import DAY_MS, MAX_MUTE_MS, MAX_MUTES, SLACK_MS, Mutes
from broker.core.records import Entry, Mute
from broker.core.turn import Turn
from wire.words import Instant

pytestmark = pytest.mark.pure

DAYS_3 = str(Instant(NOON_MS + 3 * DAY_MS))


def deaf() -> Service:
    """A service that knows of a dead speaker in thon-3."""
    service = Service()
    service.status("thon-3", speaker="gone")
    assert ("speaker", "thon-3") in service.troubles()
    return service


def mute(service: Service, **fields: Any) -> dict[str, Any]:
    return service.ask("mute", **{"node": "thon-3", "until": DAYS_3, "why": "Chờ loa mới", **fields})


def shown(service: Service) -> dict[str, bool]:
    rows = service.ask("status")["result"]["troubles"]
    return {f"{row['kind']} {row['about']}": row.get("muted", False) for row in rows}


def muted(service: Service) -> list[str]:
    return [f"{row['node']} {row['kind']}" for row in service.ask("status")["result"]["mutes"]]


def test_a_muted_trouble_is_shown_as_muted_with_who_why_and_until_when() -> None:
    service = deaf()
    told = mute(service, kind="speaker")
    assert (told["ok"], told["why"], told["target"]) == (True, "", "thon-3")
    assert shown(service) == {"speaker thon-3": True}
    assert service.ask("status", "tv")["result"]["mutes"] == [
        {
            "node": "thon-3",
            "kind": "speaker",
            "why": "Chờ loa mới",
            "by": "duty",
            "since": str(Instant(NOON_MS)),
            "until": DAYS_3,
        }
    ]


def test_a_muted_trouble_is_written_down_when_it_comes_and_when_it_is_over() -> None:
    service = Service()
    service.hello("thon-3")
    mute(service)
    service.status("thon-3", speaker="gone")
    service.status("thon-3", speaker="ok")
    assert service.journal("trouble", "mended") == ["thon-3", "thon-3"]


def test_another_kind_and_another_node_are_not_muted_with_it() -> None:
    service = deaf()
    service.status("thon-3", speaker="gone", panel="dead")
    service.status("thon-4", speaker="gone")
    mute(service, kind="speaker")
    assert shown(service) == {"speaker thon-3": True, "panel thon-3": False, "speaker thon-4": False}
    mute(service)
    assert shown(service) == {"speaker thon-3": True, "panel thon-3": True, "speaker thon-4": False}


@pytest.mark.parametrize("silent", [False, True])
def test_a_mute_never_hides_an_alert(silent: bool) -> None:
    fields = codebook()
    service = Service(book={**fields, "nodes": {**fields["nodes"], "thon-5": {"hamlet": "thon-5", "post": True}}})
    service.status("thon-3", speaker="gone")
    mute(service)
    service.press("thon-3", silent=silent)
    assert [one["id"] for one in service.sounding("down/thon-5/alarms")] == [alert_id(1)]
    assert [row["id"] for row in service.ask("incidents", open_only=True)["result"]["incidents"]] == [alert_id(1)]
    assert service.answers() == ["received"]
    service.wait(60_000)
    assert silent or service.sounding()[0]["hamlets"] == ["all"]


def test_it_ends_by_itself_and_that_is_written_down() -> None:
    service = deaf()
    mute(service, until=str(Instant(NOON_MS + 61_234)))
    service.wait(61_233)
    assert service.journal("unmuted") == []
    service.wait(1)
    said = service.shelf.journal[-1]
    assert (said.what, said.subject, said.by, said.at_ms) == ("unmuted", "thon-3", None, NOON_MS + 61_234)
    assert muted(service) == []
    assert not any(shown(service).values())


def test_it_is_there_over_restarts_and_ends_though_the_service_was_away() -> None:
    service = deaf()
    mute(service, kind="speaker")
    service.start()
    assert muted(service) == ["thon-3 speaker"]
    service.wall_ms += 3 * DAY_MS
    service.start()
    assert muted(service) == []
    service.start()
    assert service.journal("unmuted") == ["thon-3"]


@pytest.mark.parametrize(("jump_ms", "left"), [(-3_600_000, ["thon-3 all"]), (-3 * DAY_MS, []), (40 * DAY_MS, [])])
def test_a_clock_that_went_back_makes_no_mute_endless(jump_ms: int, left: list[str]) -> None:
    service = deaf()
    mute(service, until=str(Instant(NOON_MS + MAX_MUTE_MS)))
    service.jump(jump_ms)
    service.wait(10_000)
    assert muted(service) == left


def test_a_person_ends_one_kind_or_all() -> None:
    service = deaf()
    for kind in ("speaker", "panel", None):
        mute(service, kind=kind)
    assert service.ask("unmute", node="thon-3", kind="panel")["ok"]
    assert muted(service) == ["thon-3 speaker", "thon-3 all"]
    told = service.ask("unmute", "second", node="thon-3")
    assert (told["ok"], told["why"], told["target"]) == (True, "", "thon-3")
    assert muted(service) == []
    assert [entry.by for entry in service.shelf.journal if entry.what == "unmuted"] == ["duty", "second", "second"]
    ended = [entry.mute for entry in service.shelf.journal if entry.what == "unmuted"]
    assert [(row.kind, row.by, row.over_by) for row in ended if row is not None] == [
        ("panel", "duty", "duty"), ("speaker", "duty", "second"), ("all", "duty", "second"),
    ]  # fmt: skip
    told = service.ask("unmute", node="thon-3")
    assert (told["ok"], told["why"]) == (False, "Không có gì của thon-3 đang tắt nhắc / nothing of thon-3 is muted")


def test_a_later_word_about_the_same_replaces_the_first() -> None:
    service = deaf()
    mute(service)
    mute(service, why="Chờ thợ", until=str(Instant(NOON_MS + DAY_MS)))
    (row,) = service.ask("status")["result"]["mutes"]
    assert (row["why"], row["until"]) == ("Chờ thợ", str(Instant(NOON_MS + DAY_MS)))
    service.start()
    assert len(muted(service)) == 1


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"node": "thon-9"}, "Không có hộp kẻng thon-9"),
        ({"kind": "broker"}, "Lỗi của máy xã không tắt nhắc được"),
        ({"kind": "gossip"}, "Không có loại lỗi này"),
        ({"until": str(Instant(NOON_MS))}, "Chỉ tắt nhắc từ bây giờ"),
        ({"until": str(Instant(NOON_MS + MAX_MUTE_MS + 60_001))}, "Chỉ tắt nhắc từ bây giờ đến nhiều nhất 30 ngày"),
        ({"why": ""}, "Lệnh thiếu hoặc ghi sai mục lý do (why)"),
        ({"why": None}, "Lệnh thiếu hoặc ghi sai mục lý do (why)"),
        ({"until": None}, "Lệnh thiếu hoặc ghi sai mục đến khi nào (until)"),
        ({"node": "all"}, "Lệnh thiếu hoặc ghi sai mục hộp kẻng (node)"),
    ],
)
def test_what_cannot_be_muted_is_refused_with_what_to_do(changes: dict[str, Any], why: str) -> None:
    service = deaf()
    told = mute(service, **changes)
    assert (told["ok"], told["why"].startswith(why)) == (False, True)
    assert muted(service) == []


def test_troubles_of_the_commune_itself_are_never_muted() -> None:
    service = Service(book=None)
    service.hello("commune")
    mute(service, node="commune")
    service.jump(-10_000)
    service.wait(1_000)
    assert shown(service) == {"clock_jump commune": False}


@pytest.mark.parametrize("verb", ["mute", "unmute"])
def test_a_watcher_may_not(verb: str) -> None:
    told = deaf().ask(verb, "tv", node="thon-3", until=DAYS_3, why="x")
    assert told["why"].startswith("Tài khoản này không được ra lệnh đó")


def test_there_are_only_so_many_and_a_known_one_is_changed_all_the_same() -> None:
    service = Service()
    service.shelf.append([muted_entry(node) for node in ("thon-3", *(f"n{number}" for number in range(1, MAX_MUTES)))])
    service.start()
    told = mute(service, kind="speaker")
    assert told["why"] == f"Đang tắt nhắc quá nhiều ({MAX_MUTES}), hãy bỏ bớt / too many mutes; end some"
    assert mute(service, why="Chờ thợ")["ok"]


def test_a_mute_is_written_down_whole_and_what_was_said_last_stands_last() -> None:
    service = deaf()
    mute(service)
    mute(service, kind="panel")
    mute(service, why="Chờ thợ")
    assert muted(service) == ["thon-3 panel", "thon-3 all"]
    entry = [entry for entry in service.shelf.journal if entry.what == "muted"][-1]
    until_ms = NOON_MS + 3 * DAY_MS
    row = Mute(node="thon-3", kind="all", why="Chờ thợ", by="duty", since_ms=NOON_MS, until_ms=until_ms)
    assert entry == Entry(what="muted", subject="thon-3", by="duty", at_ms=NOON_MS, mute=row)


def test_of_a_wrong_kind_the_right_ones_are_named() -> None:
    assert mute(deaf(), kind="gossip")["why"].endswith(", chime_missed, refused, update / choose one of these kinds")


def test_a_mute_may_be_of_the_greatest_length_and_a_clock_behind_by_a_day_keeps_it() -> None:
    assert mute(deaf(), until=str(Instant(NOON_MS + MAX_MUTE_MS + SLACK_MS)))["ok"]
    row = Mute(node="n", kind="all", why="x", by="duty", since_ms=0, until_ms=NOON_MS)
    for early_ms, kept in ((MAX_MUTE_MS + DAY_MS, (row,)), (MAX_MUTE_MS + DAY_MS + 1, ())):
        mutes = Mutes([row], lambda: (), Ledger())
        mutes.run(Turn(0, NOON_MS - early_ms))
        assert mutes.all == kept


def muted_entry(node: str) -> Entry:
    row = Mute(node=node, kind="all", why="x", by="duty", since_ms=NOON_MS, until_ms=NOON_MS + DAY_MS)
    return Entry(what="muted", subject=node, by="duty", at_ms=NOON_MS, mute=row)
