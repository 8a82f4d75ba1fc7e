"""The gate: what an order must be."""

import pytest
from fakes.box import COMMUNE, EVENING_MS

from node.core.orders import AHEAD_MS, FRESH_MS, LEAP_MS, Gate
from wire.clock import CommuneClock
from wire.codec import encode
from wire.envelope import Arrived
from wire.errors import Refused
from wire.messages import Alarms, Answer, Chime
from wire.signature import Signer
from wire.topics import Topics
from wire.words import MAX_COUNTER, Instant

pytestmark = pytest.mark.pure

TOPIC = Topics(COMMUNE).all("alarms")
KEY, OTHER = Signer(b"k" * 32), Signer(b"o" * 32)


def a_clock() -> CommuneClock:
    clock = CommuneClock()
    clock.system(0, EVENING_MS, True)
    return clock


def a_set(
    counter: int = 1, *, ago_ms: int = 0, signer: Signer | None = None, topic: str = TOPIC, **more: bool
) -> Arrived:
    payload = encode(Alarms(issued_at=Instant(EVENING_MS - ago_ms), counter=counter, alarms=()))
    return Arrived(topic, payload, sig=signer.sign(topic, payload) if signer else None, **more)


def why(gate: Gate, arrived: Arrived, clock: CommuneClock | None = None) -> str:
    with pytest.raises(Refused) as caught:
        gate.order(arrived, Alarms, 0, clock or a_clock())
    return caught.value.reason


def test_a_new_fresh_order_is_obeyed() -> None:
    assert Gate(None, 6).order(a_set(7), Alarms, 0, a_clock()).counter == 7


@pytest.mark.parametrize("counter", [0, 5, 6])
def test_an_order_at_or_below_the_last_counter_is_refused(counter: int) -> None:
    assert why(Gate(None, 6), a_set(counter)) == "counter"


def test_what_was_obeyed_is_not_obeyed_again() -> None:
    gate = Gate(None, 0)
    gate.obeyed(5)
    gate.obeyed(3)
    assert why(gate, a_set(5)) == "counter"


def test_a_refusal_changes_nothing() -> None:
    gate = Gate(None, 0)
    why(gate, a_set(9, ago_ms=FRESH_MS + 1))
    assert gate.order(a_set(1), Alarms, 0, a_clock()).counter == 1


@pytest.mark.parametrize("ago_ms", [FRESH_MS, -AHEAD_MS, 0])
def test_an_order_of_the_last_30_s_is_fresh(ago_ms: int) -> None:
    assert Gate(None, 0).order(a_set(ago_ms=ago_ms), Alarms, 0, a_clock())


@pytest.mark.parametrize("ago_ms", [FRESH_MS + 1, -AHEAD_MS - 1, 7 * 86_400_000])
def test_an_order_of_another_time_is_stale(ago_ms: int) -> None:
    assert why(Gate(None, 0), a_set(ago_ms=ago_ms)) == "stale"


def test_without_the_time_no_order_can_be_judged() -> None:
    assert why(Gate(None, 0), a_set(), CommuneClock()) == "clock"


@pytest.mark.parametrize("known", ["the time", "the last one obeyed", "the welcome"])
def test_a_number_that_is_days_ahead_of_all_that_is_known_is_not_obeyed(known: str) -> None:
    base = EVENING_MS if known == "the time" else EVENING_MS + 1_000 * LEAP_MS
    gate = Gate(None, base if known == "the last one obeyed" else 0)
    if known == "the welcome":
        gate.welcomed(base)
    assert why(gate, a_set(MAX_COUNTER)) == "clock"
    assert why(gate, a_set(base + LEAP_MS + 1)) == "clock"
    assert gate.order(a_set(base + LEAP_MS), Alarms, 0, a_clock())


def test_a_retained_order_is_never_obeyed() -> None:
    assert why(Gate(None, 0), a_set(retained=True)) == "retained"


def test_with_a_key_an_unsigned_order_is_refused() -> None:
    assert why(Gate(KEY.public, 0), a_set()) == "unsigned"


def test_with_a_key_an_order_signed_by_another_is_refused() -> None:
    assert why(Gate(KEY.public, 0), a_set(signer=OTHER)) == "signature"


def test_a_genuine_order_cannot_be_carried_to_another_topic() -> None:
    order = a_set(signer=KEY, topic=Topics(COMMUNE).down("gong-2", "alarms"))
    assert why(Gate(KEY.public, 0), Arrived(TOPIC, order.payload, sig=order.sig)) == "signature"


def test_a_genuine_order_is_obeyed() -> None:
    gate = Gate(KEY.public, 0)
    assert gate.signed
    assert gate.order(a_set(signer=KEY), Alarms, 0, a_clock())


def test_without_a_key_a_signature_is_not_looked_at() -> None:
    gate = Gate(None, 0)
    assert not gate.signed
    assert gate.order(a_set(signer=OTHER), Alarms, 0, a_clock())


@pytest.mark.parametrize("kind", [Chime, Answer])
def test_another_message_on_the_topic_is_refused(kind: type) -> None:
    with pytest.raises(Refused, match="field"):
        Gate(None, 0).from_commune(a_set(), kind)


def peer(sig: str | None = None, **more: bool) -> Arrived:
    return Arrived("keng/1/cong-lac/up/gong-2/alert", b"{}", sig=sig, **more)


def peer_refused(gate: Gate, arrived: Arrived) -> str:
    with pytest.raises(Refused) as caught:
        gate.peer(arrived, "gong-2")
    return caught.value.reason


def test_in_a_network_without_keys_every_node_is_believed() -> None:
    Gate(None, 0).peer(peer(), "gong-2")


def test_a_retained_alert_is_refused() -> None:
    assert peer_refused(Gate(None, 0), peer(retained=True)) == "retained"


def test_with_the_commune_s_key_a_node_without_one_is_a_stranger() -> None:
    assert peer_refused(Gate(KEY.public, 0), peer()) == "stranger"


def test_where_some_nodes_have_keys_the_others_are_strangers() -> None:
    gate = Gate(None, 0)
    gate.know_nodes({"gong-3": OTHER.public})
    assert peer_refused(gate, peer()) == "stranger"


def test_a_node_with_a_key_must_sign_and_with_its_own() -> None:
    gate = Gate(KEY.public, 0)
    gate.know_nodes({"gong-2": OTHER.public})
    assert peer_refused(gate, peer()) == "unsigned"
    topic = peer().topic
    assert peer_refused(gate, peer(KEY.sign(topic, b"{}"))) == "signature"
    gate.peer(peer(OTHER.sign(topic, b"{}")), "gong-2")


def told(refused: pytest.ExceptionInfo[Refused]) -> tuple[str, str]:
    return refused.value.reason, refused.value.detail


def test_whoever_reads_why_an_order_was_refused_finds_what_was_wrong_with_it() -> None:
    gate = Gate(KEY.public, 6)
    for arrived, expected in (
        (a_set(7, retained=True), ("retained", TOPIC)),
        (a_set(7), ("unsigned", TOPIC)),
        (a_set(7, signer=OTHER), ("signature", TOPIC)),
        (a_set(6, signer=KEY), ("counter", "6, not above 6")),
        (a_set(7, signer=KEY, ago_ms=7 * 86_400_000), ("stale", "issued 604800 s ago")),
        (a_set(MAX_COUNTER, signer=KEY), ("clock", f"{MAX_COUNTER} is days ahead, and no welcome has said so")),
    ):
        with pytest.raises(Refused) as refused:
            gate.order(arrived, Alarms, 0, a_clock())
        assert told(refused) == expected
    with pytest.raises(Refused) as refused:
        gate.order(a_set(7, signer=KEY), Alarms, 0, CommuneClock())
    assert told(refused) == ("clock", "the time is not known yet")
    for arrived, expected in (
        (peer(retained=True), ("retained", peer().topic)),
        (peer(), ("stranger", "gong-2")),
    ):
        with pytest.raises(Refused) as refused:
            gate.peer(arrived, "gong-2")
        assert told(refused) == expected


def test_a_new_code_book_s_keys_take_the_place_of_the_old() -> None:
    gate = Gate(None, 0)
    assert gate.counter == 0
    gate.know_nodes({"gong-3": OTHER.public})
    gate.know_nodes({"gong-2": OTHER.public})
    gate.peer(peer(OTHER.sign(peer().topic, b"{}")), "gong-2")
    with pytest.raises(Refused, match="gong-3"):
        gate.peer(peer(), "gong-3")
    gate.know_nodes({})
    gate.peer(peer(), "gong-3")


def test_what_an_order_may_be_is_judged_by_the_time_of_its_arrival() -> None:
    gate = Gate(None, 0)
    clock = a_clock()
    assert gate.order(a_set(1), Alarms, FRESH_MS, clock)
    with pytest.raises(Refused, match="31 s ago"):
        gate.order(a_set(2), Alarms, FRESH_MS + 1_000, clock)


def test_the_counter_rises_and_a_welcome_moves_no_counter() -> None:
    gate = Gate(None, 5)
    gate.welcomed(9)
    assert gate.counter == 5
    gate.obeyed(7)
    assert gate.counter == 7
    gate.obeyed(6)
    assert gate.counter == 7


def test_who_has_forgotten_what_he_obeyed_obeys_nothing_before_a_welcome_nor_older_than_it() -> None:
    gate = Gate(None, 0, forgetful=True)
    assert why(gate, a_set(7)) == "clock", "it waits for the welcome"
    gate.welcomed(8)
    assert why(gate, a_set(7)) == why(gate, a_set(8)) == "counter"
    assert gate.order(a_set(9), Alarms, 0, a_clock()).counter == 9
    gate.welcomed(20)
    assert gate.order(a_set(9), Alarms, 0, a_clock()), "later welcomes change nothing"
