"""What the types say by themselves: defaults that are safe, and bounds that each field has."""

from typing import Any

import pytest
from msgspec import inspect

from wire.channels import MESSAGES
from wire.codec import decode, encode
from wire.messages import ActiveAlarm, Cancel, CodeBookOrder, Lamps, Status
from wire.words import Instant

pytestmark = pytest.mark.pure

UUID = "0193a1de-0000-7000-8000-000000000001"


def unbounded(kind: inspect.Type) -> bool:
    """Whether a text or a number in it has no limit of its own (lists and tables end with the message)."""
    match kind:
        case inspect.StrType():
            return kind.max_length is None and kind.pattern is None
        case inspect.IntType() | inspect.FloatType():
            return kind.ge is None or kind.le is None
        case inspect.UnionType():
            return any(unbounded(one) for one in kind.types)
        case inspect.VarTupleType():
            return unbounded(kind.item_type)
        case inspect.DictType():
            return not isinstance(kind.value_type, inspect.AnyType) and unbounded(kind.value_type)
        case inspect.Metadata():
            return unbounded(kind.type)
        case _:
            return False


@pytest.mark.parametrize("kind", [*MESSAGES, ActiveAlarm, Lamps])
def test_every_field_has_a_bound(kind):
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType)
    assert [field.name for field in info.fields if unbounded(field.type)] == []


def test_a_status_that_says_little_claims_nothing():
    status = Status(node="n1", online=True)
    assert (status.clock, status.orders_signed, status.speaker, status.disk) == ("unsure", False, "unknown", "unknown")


def test_a_cancel_that_says_little_claims_no_time():
    assert Cancel(id=UUID, node="n1", cancelled=True).clock == "unsure"


def test_a_cancel_is_true_or_it_is_none():
    with pytest.raises(ValueError, match="cancelled"):
        Cancel(id=UUID, node="n1", cancelled=False)


def test_an_alarm_goes_to_all_or_to_hamlets():
    good: dict[str, Any] = {"id": UUID, "kind": "fire", "pattern": "alarm", "drill": False, "lease_s": 60}
    good["since"] = Instant(0)
    assert ActiveAlarm(**good, hamlets=("all",)).hamlets == ("all",)
    with pytest.raises(ValueError, match="hamlets"):
        ActiveAlarm(**good, hamlets=("all", "dong"))


def test_defaults_are_not_shared():
    one, other = (Status(node="n", online=True) for _ in range(2))
    one.refused["json"] = 1
    assert other.refused == {}


def test_a_code_book_says_who_is_at_the_post():
    order = {
        "version": 1,
        "zone": "Asia/Ho_Chi_Minh",
        "patterns": {},
        "chimes": [],
        "alarm_s": 180,
        "cancel_s": 30,
        "relays": {},
        "node_keys": {},
        "issued_at": "2026-11-21T15:00:00.000Z",
        "counter": 1,
        "posts": ["post1"],
    }
    assert decode(encode(order), CodeBookOrder).posts == ("post1",)
