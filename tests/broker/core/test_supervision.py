"""Who is silent, who is faulty, who has not stopped: seen in time, and over as soon as it is."""

import pytest
from fakes.service import NOON_MS, Service, alert_id, codebook

from broker.core.items import CodeBookGiven
from broker.core.nodefaults import LATE_MS, SILENT_MS
from broker.core.records import Entry, NodeRow
from broker.core.supervision import MAX_STRANGERS, ROWS_AT_ONCE, STRANGER_MS, SWEEP_MS
from broker.core.troubles import MAX_OPEN
from broker.core.turn import Turn
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


def test_what_a_person_reads_of_a_node_that_is_silent() -> None:
    service = well()
    service.hear("up/thon-2/status", {"node": "thon-2", "online": False}, retained=True)
    (trouble,) = service.core.troubles
    assert trouble.why == "Mất liên lạc với hộp kẻng thon-2 / node thon-2 is gone"


def test_two_strangers_are_forgotten_in_one_look() -> None:
    service = well()
    for node in ("la-1", "la-2"):
        service.status(node)
    assert {"la-1", "la-2"} <= {view.id for view in service.core.nodes}
    service.wait(STRANGER_MS + 2 * SWEEP_MS)
    assert {view.id for view in service.core.nodes} == set(NODES)


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


def test_a_stranger_of_the_last_run_is_missed_no_more() -> None:
    service = Service(book=None)
    service.status("gate", hamlet="thon-3")
    service.wait(SILENT_MS + 1_000)
    assert service.troubles() == {("node_silent", "gate")}
    service.start()
    assert service.troubles() == set()
    assert service.journal("mended") == ["gate"]


def row_of(service: Service, node: str) -> list[NodeRow]:
    return [entry.node for entry in service.shelf.journal if entry.what == "node" and entry.subject == node]


def test_a_node_is_written_down_with_when_it_was_first_and_last_heard() -> None:
    service = Service()
    service.status("thon-1", version="1")
    service.wait(5_000)
    service.status("thon-1", version="2")
    first = NodeRow(id="thon-1", hamlet="thon-1", version="1", first_at_ms=NOON_MS, last_at_ms=NOON_MS)
    second = NodeRow(id="thon-1", hamlet="thon-1", version="2", first_at_ms=NOON_MS, last_at_ms=NOON_MS + 5_000)
    entries = [entry for entry in service.shelf.journal if entry.what == "node"]
    assert entries == [
        Entry(what="node", subject="thon-1", by="thon-1", at_ms=NOON_MS, node=first),
        Entry(what="node", subject="thon-1", by="thon-1", at_ms=NOON_MS + 5_000, node=second),
    ]
    service.start()
    service.status("thon-1", version="3")
    assert row_of(service, "thon-1")[-1].first_at_ms == NOON_MS


def test_a_node_that_says_no_version_keeps_the_one_it_said() -> None:
    service = Service()
    service.status("thon-1", version="1")
    service.status("thon-1")
    service.hello("thon-1")
    service.press("thon-1")
    assert next((node.version, node.hamlet) for node in service.core.nodes) == ("1", "thon-1")
    assert [row.version for row in row_of(service, "thon-1")] == ["1"]


def test_a_stranger_that_moves_is_shown_where_it_says_it_is_and_one_that_says_no_hamlet_is_not_written() -> None:
    service = Service()
    service.hear("up/gate/hello", {"node": "gate", "nonce": "n"})
    assert row_of(service, "gate") == []
    for hamlet in ("thon-3", "thon-4"):
        service.status("gate", hamlet=hamlet)
    service.hear("up/gate/hello", {"node": "gate", "nonce": "n"})
    assert [node.hamlet for node in service.core.nodes if node.id == "gate"] == ["thon-4"]
    assert [row.hamlet for row in row_of(service, "gate")] == ["thon-3", "thon-4"]


def test_all_strangers_share_the_rows_of_one_node_and_those_of_the_book_have_their_own() -> None:
    service = Service()
    for number in range(ROWS_AT_ONCE + 3):
        service.status(f"box-{number}", hamlet="thon-1")
    for node in NODES:
        service.status(node)
    assert service.journal("node") == [*(f"box-{number}" for number in range(ROWS_AT_ONCE)), *NODES]


def test_so_many_strangers_are_shown_and_the_next_is_refused() -> None:
    service = Service()
    for number in range(MAX_STRANGERS + 2):
        service.status(f"box-{number}", hamlet="thon-1")
    assert len(service.core.nodes) == len(NODES) + MAX_STRANGERS
    assert service.core.refused == {f"box-{MAX_STRANGERS + n}": {"flood": 1} for n in (0, 1)}
    (why, _) = [one.why for one in service.core.troubles if one.kind == "refused"]
    assert why.endswith(f"; last: more than {len(NODES) + MAX_STRANGERS} nodes")
    service.status("box-0", hamlet="thon-2")
    assert len(service.core.refused) == 2


def test_an_unsure_clock_counts_from_when_it_was_first_told_and_anew_once_it_was_sure() -> None:
    service = well()
    for _ in range(2):
        service.status("thon-3", clock="unsure")
        service.wait(3_000)
    assert service.troubles() == {("clock_unsure", "thon-3")}
    service.status("thon-3")
    service.wait(3_000)
    service.status("thon-3", clock="unsure")
    service.wait(4_000)
    assert ("clock_unsure", "thon-3") not in service.troubles()


def test_only_what_a_node_refused_more_of_is_told_and_a_new_run_of_it_begins_at_none() -> None:
    def why(service: Service) -> str:
        return next(one.why for one in service.core.troubles if one.kind == "refused")

    service = well()
    service.status("thon-3", boot="b", refused={"counter": 2, "stale": 1})
    assert "(số lệnh cũ hoặc lạ 2, quá hạn 1)" in why(service)
    service.status("thon-3", boot="b", refused={"counter": 3, "stale": 1})
    assert "(số lệnh cũ hoặc lạ 3)" in why(service)
    service.wait(61_000)
    service.status("thon-3", boot="b", refused={"counter": 3, "stale": 1})
    assert ("refused", "thon-3") not in service.troubles()
    service.status("thon-3", boot="c", refused={"stale": 1})
    assert "(quá hạn 1)" in why(service)


def test_what_a_kept_status_tells_is_neither_a_word_nor_a_refusal_and_says_how_the_node_was() -> None:
    service = Service()
    service.status("thon-1", retained=True, refused={"counter": 1}, speaker="gone", version="7")
    (node, *_) = service.core.nodes
    assert (node.heard_ms, node.online, node.version) == (None, None, "")
    assert node.status is not None and node.status.speaker == "gone"
    assert ("refused", "thon-1") not in service.troubles()
    service.hear("up/thon-1/status", {"node": "thon-1", "online": False}, retained=True)
    assert ("node_silent", "thon-1") in service.troubles()


def test_a_proof_is_a_word_from_its_node() -> None:
    service = well()
    service.wait(SILENT_MS - 500)
    sounded = {"id": "curfew/2026-11-21", "pattern": "curfew", "started_at": None, "late_ms": 0, "duration_ms": 1}
    service.hear("up/thon-1/sounded", {**sounded, "strokes": 1, "ended": "failed"})
    service.wait(2_000)
    assert service.troubles() == {("node_silent", node) for node in NODES[1:]}


@pytest.mark.parametrize("every_s", [3, 10])
def test_a_silent_node_is_seen_at_the_moment_it_is_late_and_not_before(every_s: int) -> None:
    service = well()
    for node in NODES:
        service.status(node, every_s=every_s)
    late_ms = every_s * 1_000 + LATE_MS
    service.wait(late_ms - 1)
    assert service.troubles() == set()
    service.wait(1)
    assert service.troubles() == {("node_silent", node) for node in NODES}


def test_a_stranger_is_forgotten_to_the_second() -> None:
    service = Service()
    service.status("gate", hamlet="thon-3")
    service.wait(STRANGER_MS - 1)
    assert "gate" in [node.id for node in service.core.nodes]
    service.wait(SWEEP_MS)
    assert "gate" not in [node.id for node in service.core.nodes]


def test_nobody_is_looked_at_without_a_link_nor_for_a_while_after_it_is_back() -> None:
    service = well()
    service.wait(5_000)
    service.give(LinkDown())
    service.hear("up/thon-2/status", {"node": "thon-2", "online": False})
    assert service.troubles() == set()
    service.give(LinkUp())
    service.wait(SWEEP_MS)
    assert service.troubles() == {("node_silent", "thon-2")}
    service.wait(SILENT_MS - SWEEP_MS - 1)
    assert service.troubles() == {("node_silent", "thon-2")}
    service.wait(1)
    assert service.troubles() == {("node_silent", node) for node in NODES}


@pytest.mark.parametrize(
    ("id_", "ended", "chimed"),
    [
        ("curfew/2026-11-21", "finished", True),
        ("curfew/2026-11-21T12:00:00.000", "finished", True),
        ("curfew/2026-11-21", "pre_empted", False),
        (alert_id(1), "finished", False),
        ("first/7e57ab1e", "finished", False),  # the one stroke of a box that was newly hung up
        ("first/12345678", "finished", False),
    ],
)
def test_a_node_that_sounded_a_chime_to_its_end_is_told_from_one_that_sounded_something_else(
    id_: str, ended: str, chimed: bool
) -> None:
    service = well()
    proof = {"pattern": "curfew", "started_at": None, "late_ms": 0, "duration_ms": 900, "strokes": 1}
    service.hear("up/thon-2/sounded", {"id": id_, "ended": ended, **proof})
    (node,) = [view for view in service.core._supervision.nodes if view.id == "thon-2"]
    assert node.chimed_ms == (service.now_ms if chimed else None)


def test_a_gong_that_is_retired_while_it_is_owed_a_chime_is_asked_no_more() -> None:
    service = well()
    service.ask("chime", pattern="curfew")
    for _ in range(40):
        for node in NODES:
            service.status(node)
        service.wait(10_000)
    assert {about for kind, about in service.troubles() if kind == "chime_missed"} == set(NODES)
    book = codebook(version=2)
    del book["nodes"]["thon-5"]
    service.ask("codebook", codebook=book)
    assert {about for kind, about in service.troubles() if kind == "chime_missed"} == set(NODES[:4])
    assert [node.id for node in service.core.nodes] == list(NODES[:4])


def test_a_node_that_the_book_moves_is_where_the_book_puts_it() -> None:
    service = well()
    book = codebook(version=2)
    book["nodes"]["thon-5"]["hamlet"] = "thon-4"
    service.ask("codebook", codebook=book)
    (node,) = [node for node in service.core.nodes if node.id == "thon-5"]
    assert (node.hamlet, node.online, node.status is not None) == ("thon-4", True, True)
    service.status("thon-5", hamlet="thon-4")
    (node,) = [node for node in service.core.nodes if node.id == "thon-5"]
    assert (node.hamlet, node.booked, node.online) == ("thon-4", True, True)
    assert [row.hamlet for row in row_of(service, "thon-5")] == ["thon-5", "thon-4"]


def next_look(service: Service) -> int | None:
    """How long from now until all are looked at again."""
    at_ms = service.core._supervision.deadline_ms
    return None if at_ms is None else at_ms - service.now_ms


def test_nodes_are_looked_at_when_time_alone_can_change_something_and_no_sooner() -> None:
    service = Service()
    assert next_look(service) == SWEEP_MS
    service.wait(SWEEP_MS)
    assert next_look(service) == SILENT_MS - SWEEP_MS  # of a link that has been up for a second
    for node in NODES:
        service.status(node)
    assert next_look(service) == SWEEP_MS
    service.wait(SWEEP_MS)
    assert next_look(service) == SILENT_MS - SWEEP_MS
    for kind, changes in (("unsure", {"clock": "unsure"}), ("sounding", {"sounding": alert_id(9)})):
        service.status("thon-1", **changes)
        service.wait(SWEEP_MS)
        assert next_look(service) == SWEEP_MS, kind
        service.status("thon-1")
        service.wait(SWEEP_MS)
        assert next_look(service) != SWEEP_MS, kind
    service.give(LinkDown())
    assert next_look(service) is None
    service.status("thon-1")
    assert next_look(service) is None
    service.give(LinkUp())
    assert next_look(service) == SWEEP_MS
    service.wait(SILENT_MS)
    assert len(service.troubles()) == len(NODES)
    assert next_look(service) is None


def test_a_stranger_is_looked_at_again_when_it_is_to_be_forgotten() -> None:
    service = Service(book=codebook(nodes={"gate": {"hamlet": "thon-3"}}))
    service.wait(SILENT_MS)
    service.status("box", hamlet="thon-3")
    service.wait(SWEEP_MS)
    assert next_look(service) == STRANGER_MS - SWEEP_MS


def test_a_node_that_begins_to_speak_more_often_is_missed_as_soon_as_it_should_be() -> None:
    service = well()
    service.wait(5_000)
    service.status("thon-1", every_s=1)
    service.wait(1_000 + LATE_MS - 1)
    assert service.troubles() == set()
    service.wait(1)
    assert service.troubles() == {("node_silent", "thon-1")}


def test_a_trouble_that_cannot_be_opened_any_more_keeps_nobody_busy() -> None:
    service = well()
    for number in range(MAX_OPEN):
        service.core._troubles.hold(Turn(service.now_ms, 0), "foreign_service", str(number), "")
    service.wait(3 * SILENT_MS)  # fails if the core's deadline does not move on
    assert not {kind for kind, _ in service.troubles()} - {"foreign_service"}


def test_while_our_link_is_down_no_stranger_is_forgotten() -> None:
    service = Service()
    service.status("gate", hamlet="thon-3")
    service.give(LinkDown())
    service.wait(2 * STRANGER_MS)
    service.give(LinkUp())
    service.wait(STRANGER_MS - 1)
    assert "gate" in [node.id for node in service.core.nodes]
    service.wait(1)
    assert "gate" not in [node.id for node in service.core.nodes]


def test_what_was_wrong_with_a_stranger_is_over_when_it_is_forgotten() -> None:
    service = Service(book=None)
    service.status("gate", hamlet="thon-3", speaker="gone")
    service.hear("up/gate/status", {"node": "gate", "online": False})
    assert service.troubles() == {("speaker", "gate"), ("node_silent", "gate")}
    service.ask("codebook", codebook=codebook())
    service.wait(STRANGER_MS + SWEEP_MS)
    assert {about for kind, about in service.troubles()} == set(NODES)


def test_of_the_last_runs_troubles_a_hello_ends_the_silence_and_a_status_the_rest() -> None:
    service = Service()
    service.status("thon-1", speaker="gone")
    service.hear("up/thon-1/status", {"node": "thon-1", "online": False})
    speaker, silent = ("speaker", "thon-1"), ("node_silent", "thon-1")
    service.start()
    service.status("thon-1", retained=True)
    service.wait(SWEEP_MS)
    assert service.troubles() == {speaker, silent}
    service.start()
    service.hello("thon-1")
    assert service.troubles() == {speaker}
    service.status("thon-1")
    assert service.troubles() == set()
