"""Who is silent, who is faulty, who has not stopped: seen in time, and over as soon as it is."""

import pytest
from fakes.service import Service, alert_id, codebook

from broker.core.items import CodeBookGiven
from broker.core.nodefaults import SILENT_MS
from broker.core.supervision import STRANGER_MS
from node.core.report import EVERY_S
from wire.envelope import LinkDown, LinkUp

pytestmark = pytest.mark.pure

NODES = ("thon-1", "thon-2", "thon-3", "thon-4", "thon-5")


def well(**changes: object) -> Service:
    """Everybody has said that they are well."""
    service = Service(**changes)
    for node in NODES:
        service.status(node)
    return service


def test_a_will_is_a_trouble_at_once_and_a_status_ends_it() -> None:
    service = well()
    service.hear("up/thon-2/status", {"node": "thon-2", "online": False}, retained=True)
    assert service.troubles() == {("node_silent", "thon-2")}
    service.status("thon-2")
    assert service.troubles() == set()
    assert service.journal("trouble", "mended") == ["thon-2", "thon-2"]


def test_a_node_that_says_nothing_is_a_trouble_in_time() -> None:
    service = well()
    service.wait(SILENT_MS - 1_500)
    for node in NODES[1:]:
        service.status(node)
    assert service.troubles() == set()
    service.wait(2_500)
    assert service.troubles() == {("node_silent", "thon-1")}
    service.press()
    assert service.troubles() == set()


def test_a_status_every_ten_seconds_is_enough() -> None:
    service = well()
    for _ in range(6):
        service.wait(10_050)
        for node in NODES:
            service.status(node)
    assert service.journal("trouble") == []


def test_nodes_of_the_code_book_that_were_never_heard_are_missed() -> None:
    service = Service()
    service.wait(SILENT_MS + 1_000)
    assert service.troubles() == {("node_silent", node) for node in NODES}


def test_a_node_that_froze_right_after_its_word_is_shown_within_ten_seconds() -> None:
    service = well()
    for node in NODES:
        service.status(node, every_s=EVERY_S)
    service.wait(9_000)
    assert service.troubles() == {("node_silent", node) for node in NODES}
    service.status("thon-1", every_s=EVERY_S)
    assert ("node_silent", "thon-1") not in service.troubles()


def test_a_node_of_another_maker_that_speaks_every_ten_seconds_is_never_silent() -> None:
    service = well()
    for _ in range(5):
        service.wait(10_900)
        assert service.troubles() == set()
        for node in NODES:
            service.status(node)


def test_what_the_broker_kept_proves_no_life() -> None:
    service = Service()
    service.status("thon-1", retained=True)
    service.wait(SILENT_MS + 1_000)
    assert ("node_silent", "thon-1") in service.troubles()


def test_while_our_own_link_is_down_nobody_is_silent() -> None:
    service = well()
    service.give(LinkDown())
    service.wait(50_000)
    service.give(CodeBookGiven(codebook(version=2)))
    service.wait(50_000)
    assert service.troubles() == set()
    service.give(LinkUp())
    service.wait(5_000)
    assert service.troubles() == set()
    service.wait(SILENT_MS)
    assert len(service.troubles()) == 5


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        ("speaker", {"speaker": "busy"}),
        ("speaker", {"microphone": "unheard"}),
        ("microphone", {"microphone": "deaf"}),
        ("microphone", {"microphone": "gone: No such device"}),
        ("panel", {"panel": "stuck:fire"}),
        ("disk", {"disk": "full"}),
    ],
)
def test_what_a_node_says_is_wrong_is_a_trouble_until_it_is_well(kind: str, fault: dict[str, str]) -> None:
    service = well()
    for _ in range(3):
        service.status("thon-3", **fault)
    assert service.troubles() == {(kind, "thon-3")}
    service.status("thon-3")
    assert service.troubles() == set()
    assert service.journal("trouble", "mended") == ["thon-3", "thon-3"]


def test_unknown_is_no_fault() -> None:
    service = well()
    service.status("thon-3", speaker="unknown", microphone="unknown", panel="unknown", disk="unknown")
    assert service.troubles() == set()


def test_a_clock_may_be_unsure_for_a_moment() -> None:
    service = well()
    service.status("thon-3", clock="unsure")
    service.wait(4_000)
    assert service.troubles() == set()
    service.wait(2_000)
    assert service.troubles() == {("clock_unsure", "thon-3")}
    service.status("thon-3")
    assert service.troubles() == set()


def test_refusals_that_a_node_reports_are_shown_and_fade() -> None:
    service = well()
    service.status("thon-3", boot="b", refused={"counter": 1})
    assert service.troubles() == {("refused", "thon-3")}
    for _ in range(7):
        service.wait(10_000)
        for node in NODES:
            service.status(node, boot="b", refused={"counter": 1})
    assert service.troubles() == set()
    service.status("thon-3", boot="b", refused={"counter": 2})
    assert service.troubles() == {("refused", "thon-3")}


def test_unsigned_orders_are_a_trouble_only_where_keys_are_in_use() -> None:
    service = well()
    service.status("thon-3", orders_signed=False)
    assert service.troubles() == set()
    key = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    keyed = well(setup={"commune_key": key})
    keyed.status("thon-3", orders_signed=False)
    assert keyed.troubles() == {("unsigned", "thon-3")}


def test_who_has_not_stopped_is_named_two_seconds_after_the_all_clear() -> None:
    service = well()
    service.press()
    for node in ("thon-1", "thon-2"):
        service.status(node, sounding=alert_id(1))
    service.ask("clear", target="all")
    service.status("thon-1")
    service.wait(1_900)
    assert service.troubles() == set()
    service.wait(1_200)
    assert service.troubles() == {("still_sounding", "thon-2")}
    assert service.ask("status")["result"]["still_sounding"] == ["thon-2"]
    service.status("thon-2")
    assert service.troubles() == set()


def test_a_node_that_sounds_its_own_unheard_alert_is_no_straggler() -> None:
    service = well()
    service.status("thon-1", sounding=alert_id(9))
    service.wait(5_000)
    assert service.troubles() == set()


def test_a_node_is_written_down_when_it_is_new_or_has_changed() -> None:
    service = well()
    service.status("thon-1", version="2")
    service.status("thon-1", version="2")
    service.hear("up/gate/status", {"node": "gate", "hamlet": "thon-3", "online": True})
    assert service.journal("node") == [*NODES, "thon-1", "gate"]
    service.start()
    service.status("thon-1", version="2")
    assert len(service.journal("node")) == 7


def test_names_without_end_hide_no_gong_of_the_commune_and_are_forgotten() -> None:
    service = well()
    for number in range(2_100):
        service.hear(f"up/n{number}/hello", {"node": f"n{number}", "nonce": "n"})
    service.wait(SILENT_MS + 1_000)
    assert service.troubles() >= {("node_silent", node) for node in NODES}
    assert {about for kind, about in service.troubles() if kind != "refused"} == set(NODES)
    service.wait(STRANGER_MS)
    assert [node.id for node in service.core.nodes] == list(NODES)
    assert len(service.journal("node")) < 20


def test_a_stranger_is_shown_while_it_speaks_and_nothing_is_wrong_with_it() -> None:
    service = well()
    for _ in range(40):
        service.hear("up/gate/status", {"node": "gate", "hamlet": "thon-3", "online": True, "speaker": "gone"})
        for node in NODES:
            service.status(node)
        service.wait(10_000)
    assert "gate" in [node.id for node in service.core.nodes]
    assert service.troubles() == set()


def test_where_no_book_names_nodes_everybody_is_watched() -> None:
    service = Service(book=None)
    service.status("gate", hamlet="thon-3")
    service.wait(SILENT_MS + 1_000)
    assert service.troubles() == {("node_silent", "gate")}


def test_a_node_that_changes_without_end_fills_no_register_and_its_newest_is_written_when_it_may() -> None:
    service = well()
    before = len(service.shelf.journal)
    for number in range(1_500):
        service.status("thon-1", version=f"v{number}", speaker="ok" if number % 2 else "busy")
        if number % 100 == 99:
            service.wait(500)
    assert len(service.shelf.journal) - before < 50
    service.wait(9_000)
    for _ in range(70):
        service.status("thon-1", version="v1499")
        service.wait(10_000)
    rows = [entry.node for entry in service.shelf.journal if entry.what == "node" and entry.subject == "thon-1"]
    assert rows[-1].version == "v1499"
    assert len(rows) <= 8


def test_a_node_that_left_the_code_book_is_missed_no_more() -> None:
    service = Service()
    service.wait(SILENT_MS + 1_000)
    book = codebook(version=2)
    del book["nodes"]["thon-5"]
    service.ask("codebook", codebook=book)
    assert ("node_silent", "thon-5") not in service.troubles()
    assert ("node_silent", "thon-4") in service.troubles()


def test_troubles_of_the_last_run_last_until_the_node_is_heard() -> None:
    service = Service()
    service.wait(SILENT_MS + 1_000)
    service.start()
    assert len(service.troubles()) == 5
    service.status("thon-1")
    assert len(service.troubles()) == 4
    assert service.journal("mended") == ["thon-1"]
