"""What must be true of anything that arrives, where keys are in use."""

import json

import pytest
from fakes.service import NOON_MS, ROOT, Service, alert, alert_id, codebook

from wire.signature import Signer

pytestmark = pytest.mark.pure

COMMUNE, ONE, TWO = (Signer(bytes([number]) * 32) for number in (1, 2, 3))


def keyed() -> Service:
    book = codebook()
    book["nodes"]["thon-1"]["key"] = ONE.public
    book["nodes"]["thon-2"]["key"] = TWO.public
    return Service(book=book, setup={"commune_key": COMMUNE.public})


def hear(service: Service, topic: str, fields: object, signer: Signer | None, signed_topic: str | None = None) -> None:
    payload = json.dumps(fields).encode()
    sig = None if signer is None else signer.sign(f"{ROOT}/{signed_topic or topic}", payload)
    service.hear(topic, payload, sig=sig)


def test_a_signed_alert_sounds() -> None:
    service = keyed()
    hear(service, "up/thon-1/alert", alert(), ONE)
    assert [one["id"] for one in service.sounding()] == [alert_id(1)]


@pytest.mark.parametrize(
    ("node", "signer", "signed_topic", "reason"),
    [
        ("thon-1", None, None, "unsigned"),
        ("thon-1", TWO, None, "signature"),
        ("thon-1", ONE, "up/thon-1/silent", "signature"),
        ("thon-3", ONE, None, "stranger"),
        ("gate", ONE, None, "stranger"),
    ],
)
def test_a_forged_alert_changes_nothing(
    node: str, signer: Signer | None, signed_topic: str | None, reason: str
) -> None:
    service = keyed()
    hear(service, f"up/{node}/alert", alert(node), signer, signed_topic)
    hear(service, f"up/{node}/alert", {**alert(node), "cancelled": True}, signer, signed_topic)
    assert service.core.refused[node] == {reason: 2}
    assert service.sounding() == []
    assert ("refused", node) in service.troubles()


def test_a_forged_cancel_stops_nothing() -> None:
    service = keyed()
    hear(service, "up/thon-1/alert", alert(), ONE)
    hear(service, "up/thon-1/alert", {**alert(), "cancelled": True}, None)
    assert service.sounding()


def test_a_strangers_hello_status_and_proof_are_refused_where_keys_are_in_use() -> None:
    service = keyed()
    service.hear("up/gate/hello", {"node": "gate", "nonce": "x"})
    service.hear("up/gate/status", {"node": "gate", "online": True})
    assert service.core.refused["gate"] == {"stranger": 2}


def test_only_what_nodes_would_obey_moves_the_counter() -> None:
    number = NOON_MS + 50_000_000
    foreign = {"issued_at": "2026-11-21T05:00:00.000Z", "counter": number, "alarms": []}
    service = keyed()
    service.wait(9_000)
    hear(service, "all/alarms", foreign, None)
    hear(service, "all/alarms", foreign, ONE)
    assert [one.at_ms for one in service.wait(2_000)] == [1_010_000]
    assert service.sounding() == []
    assert service.press() == []
    assert service.said[-1].fields["counter"] < number
    hear(service, "all/alarms", foreign, COMMUNE)
    assert service.wait(10_000)[0].fields["counter"] > number


@pytest.mark.parametrize("word", ["hello", "status", "alert"])
def test_nobody_speaks_for_another(word: str) -> None:
    service = Service()
    service.hear(f"up/thon-1/{word}", {**alert("thon-2"), "nonce": "x", "online": True})
    assert service.core.refused["thon-1"] == {"topic": 1}


def whys(service: Service) -> dict[str, str]:
    """The last detail of what each sender was refused."""
    return {one.about: one.why.partition("; last: ")[2] for one in service.core.troubles if one.kind == "refused"}


def test_a_node_speaks_from_its_own_hamlet_in_a_status_too() -> None:
    service = Service()
    service.status("thon-1", hamlet="thon-2")
    service.status("gate", hamlet="thon-2")
    assert service.core.refused == {"thon-1": {"stranger": 1}}
    assert whys(service) == {"thon-1": "thon-1 hangs in thon-1, not in thon-2"}


def test_what_is_refused_at_the_door_is_told_with_its_detail() -> None:
    service = keyed()
    sounded = {"id": "curfew/2026-11-21", "pattern": "curfew", "started_at": None, "late_ms": 0, "duration_ms": 1}
    service.hear("up/gate/sounded", {**sounded, "strokes": 1, "ended": "finished"})
    hear(service, "up/thon-1/alert", alert(), None)
    hear(service, "up/thon-2/alert", alert("thon-2"), ONE)
    hear(service, "up/thon-3/alert", alert("thon-3"), ONE)
    service.hear("up/thon-4/hello", {"node": "thon-5", "nonce": "n"})
    assert whys(service) == {
        "gate": "gate is not in the code book",
        "thon-1": f"{ROOT}/up/thon-1/alert",
        "thon-2": f"{ROOT}/up/thon-2/alert",
        "thon-3": "the code book has no key of thon-3",
        "thon-4": "speaks for thon-5",
    }
    kept = Service()
    kept.hear("up/thon-1/hello", {"node": "thon-1", "nonce": "n"}, retained=True)
    assert whys(kept) == {"thon-1": f"{ROOT}/up/thon-1/hello"}


def test_a_key_that_a_new_book_gives_a_node_counts_at_once_and_the_old_one_no_more() -> None:
    service = keyed()
    hear(service, "up/thon-1/alert", alert(), ONE)
    book = codebook(version=2)
    book["nodes"]["thon-1"]["key"] = TWO.public
    service.ask("codebook", codebook=book)
    hear(service, "up/thon-1/alert", alert(number=2), ONE)
    hear(service, "up/thon-1/alert", alert(number=3), TWO)
    assert list(service.core.incidents) == [alert_id(1), alert_id(3)]


def test_a_node_of_the_book_says_hello_how_it_is_and_what_it_sounded_without_a_signature() -> None:
    service = keyed()
    service.hello("thon-4")
    service.status("thon-4")
    sounded = {"id": "curfew/2026-11-21", "pattern": "curfew", "started_at": None, "late_ms": 0, "duration_ms": 1}
    service.hear("up/thon-4/sounded", {**sounded, "strokes": 1, "ended": "finished"})
    assert service.core.refused == {}
    assert service.journal("node", "sounded") == ["thon-4", "curfew/2026-11-21"]
