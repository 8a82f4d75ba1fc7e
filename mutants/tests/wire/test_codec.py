"""The door: what it lets in is whole and in range, what it refuses it names, and nothing else ever comes out of it."""

import json
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from fakes.messages import any_message, instances
from hypothesis import given, settings
from hypothesis import strategies as st

from wire.asks import AskAlarm, AskCodeBook, Told
from wire.channels import MESSAGES
from wire.codec import MAX_BYTES, decode, decode_alert, encode, read
from wire.errors import DETAIL_CHARS, Refused
from wire.messages import Alarms, Alert, Cancel, CodeBookOrder, Hello, Status, Welcome
from wire.words import MAX_COUNTER, Instant

pytestmark = pytest.mark.pure

HELLO = {"node": "n1", "nonce": "x"}
ALERT = {
    "id": "0193a1de-0000-7000-8000-000000000001",
    "node": "n1",
    "hamlet": "dong",
    "kind": "fire",
    "drill": False,
    "pressed_at": "2026-11-21T15:00:00.000Z",
    "clock": "synced",
    "age_ms": 0,
    "count": 1,
}
ALARM = {
    "id": "0193a1de-0000-7000-8000-000000000001",
    "kind": "fire",
    "pattern": "alarm",
    "drill": False,
    "hamlets": ["all"],
    "since": "2026-11-21T15:00:00.000Z",
    "lease_s": 60,
}
BOOK = {
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
}


def refusal(payload: bytes, kind: type = Hello) -> str:
    with pytest.raises(Refused) as caught:
        decode(payload, kind)
    return caught.value.reason


def with_field(base: dict[str, Any], **fields: Any) -> bytes:
    return json.dumps(base | fields).encode()


@given(any_message)
def test_what_is_encoded_is_decoded_to_the_same(message):
    assert decode(encode(message), type(message)) == message


@given(any_message)
def test_every_message_fits_and_is_an_object_of_utf8_json(message):
    payload = encode(message)
    assert len(payload) <= MAX_BYTES
    assert isinstance(json.loads(payload.decode("utf-8")), dict)


@given(st.binary(max_size=MAX_BYTES + 10), st.sampled_from(MESSAGES))
def test_any_bytes_are_refused_or_decoded(payload, kind):
    with suppress(Refused):
        assert isinstance(decode(payload, kind), kind)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.data(), st.sampled_from(MESSAGES))
def test_a_message_with_any_one_field_replaced_is_refused_or_decoded(data, kind):
    fields = json.loads(encode(data.draw(instances(kind))))
    fields[data.draw(st.sampled_from(sorted(fields)))] = data.draw(JSON)
    payload = json.dumps(fields).encode("utf-8", "surrogatepass")
    try:
        again = decode(payload, kind)
    except Refused:
        return
    assert decode(encode(again), kind) == again


@given(st.data(), any_message)
def test_a_message_with_any_one_byte_changed_is_refused_or_decoded(data, message):
    payload = bytearray(encode(message))
    payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))
    try:
        again = decode(bytes(payload), type(message))
    except Refused:
        return
    assert decode(encode(again), type(message)) == again


@given(st.data(), any_message)
def test_a_message_cut_short_is_refused(data, message):
    payload = encode(message)
    cut = payload[: data.draw(st.integers(0, len(payload) - 1))]
    assert refusal(cut, type(message)) in ("json", "encoding")


@pytest.mark.parametrize("kind", MESSAGES)
@settings(max_examples=15)  # of each kind; what varies is the field, and all are taken in turn
@given(data=st.data())
def test_each_missing_field_refuses_the_message(kind, data):
    fields = json.loads(encode(data.draw(instances(kind))))
    needed = [field.encode_name for field in msgspec.structs.fields(kind) if field.required]
    for name in needed:
        without = {key: value for key, value in fields.items() if key != name}
        assert refusal(json.dumps(without).encode(), kind) == "field"


@pytest.mark.parametrize("kind", MESSAGES)
@settings(max_examples=15)  # of each kind; what varies is the field, and all are taken in turn
@given(data=st.data())
def test_each_field_of_a_wrong_type_refuses_the_message(kind, data):
    fields = json.loads(encode(data.draw(instances(kind))))
    for field in msgspec.structs.fields(kind):
        if field.type is Any:
            continue
        wrong = fields | {field.encode_name: {"wrong": ["type"]}}
        if "dict" in str(field.type):
            wrong[field.encode_name] = "wrong"
        assert refusal(json.dumps(wrong).encode(), kind) == "field"


@given(any_message, st.dictionaries(st.text(min_size=1), st.text()))
def test_unknown_fields_are_ignored(message, more):
    fields = json.loads(encode(message))
    known = {field.encode_name for field in msgspec.structs.fields(type(message))}
    more = {name: value for name, value in more.items() if name not in known}
    assert decode(json.dumps(more | fields, ensure_ascii=False).encode(), type(message)) == message


def test_the_largest_message_is_read_and_one_byte_more_is_not():
    filled = encode_to(MAX_BYTES)
    assert decode(filled, Hello).node == "n1"
    assert refusal(filled + b" ") == "oversized"


def encode_to(size: int) -> bytes:
    empty = with_field(HELLO, ignored="")
    return with_field(HELLO, ignored="x" * (size - len(empty)))


def test_a_file_of_ours_may_be_larger_than_a_message():
    assert read(encode_to(MAX_BYTES + 1), Hello).node == "n1"


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "json"),
        (b" ", "json"),
        (b"null", "field"),
        (b"[]", "field"),
        (b"5", "field"),
        (b'"x"', "field"),
        (b"{}", "field"),
        (b"not JSON", "json"),
        (b"\xef\xbb\xbf" + with_field(HELLO), "json"),
        (with_field(HELLO) + b"x", "json"),
        (with_field(HELLO) * 2, "json"),
        (with_field(HELLO)[:-1] + b",}", "json"),
        (with_field(HELLO).replace(b'"', b"'"), "json"),
        (b'{"node":"n1","nonce":"x\xff"}', "encoding"),
        (b'{"node":"n1","nonce":"x","ignored":"\xff"}', "encoding"),
        (b'{"node":"n1","nonce":"x","ignored\xc0\x80":1}', "encoding"),
        (b'{"node":"n1","nonce":"x","ignored":"\xed\xa0\x80"}', "encoding"),
        (b'{"node":"n1","nonce":"x","ignored":"\xf4\x90\x80\x80"}', "encoding"),
        (b'{"node":"n1","nonce":"\\ud800"}', "json"),
        (b'{"node":"n1","nonce":"\\ud800 and so on, long enough"}', "json"),
        (b'{"node":"n1","nonce":"\\udc00\\ud800"}', "json"),
        (b'{"node":"n1","nonce":"x","counter":NaN}', "json"),
        (b'{"node":"n1","nonce":"x","counter":Infinity}', "json"),
        (b'{"node":"n1","nonce":"x","ignored":NaN}', "json"),
        (b'{"node":"n1","nonce":"x","counter":01}', "json"),
        (b'{"node":"n1","nonce":"x","counter":1.0}', "field"),
        (b'{"node":"n1","nonce":"x","counter":1e2}', "field"),
        (b'{"node":"n1","nonce":"x","counter":"1"}', "field"),
        (b'{"node":"n1","nonce":"x","counter":true}', "field"),
        (b'{"node":"n1","nonce":"x","counter":-1}', "field"),
        (b'{"node":"n1","nonce":"x","counter":9007199254740992}', "field"),
        (b'{"node":"n1","nonce":"x","counter":' + b"9" * 4000 + b"}", "field"),
        (b'{"node":"n1","nonce":"x","counter":' + b"9" * 8000 + b"}", "field"),
        (b'{"node":"n1","nonce":"x","boot":' + b"9" * 4000 + b"}", "field"),
        (b'{"node":"n1","nonce":"x","boot":-1}', "field"),
        (b'{"node":"n1","nonce":"x","boot":"' + b"x" * 81 + b'"}', "field"),
        (b'{"node":"n1","nonce":""}', "field"),
        (b'{"node":"n1","nonce":"' + b"x" * 65 + b'"}', "field"),
        (b'{"node":"n1","nonce":"x\\u0000"}', "field"),
        (b'{"node":"N1","nonce":"x"}', "field"),
        (b'{"node":"all","nonce":"x"}', "field"),
        (b'{"node":"n1\\n","nonce":"x"}', "field"),
        (b'{"node":null,"nonce":"x"}', "field"),
        (b"[" * 4000, "field"),
        (b'{"a":' * 1500, "json"),
    ],
)
def test_it_is_refused_by_name(payload, reason):
    assert refusal(payload) == reason


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'{"ignored":[', b'{"nonce":['])
def test_ten_thousand_deep_is_refused_and_harms_nobody(opening):
    with pytest.raises(Refused):
        read(opening * 10_000, Hello)
    assert decode(with_field(HELLO), Hello).node == "n1"


def test_closed_and_deep_in_an_ignored_field_it_is_refused_or_ignored():
    for depth in (10, 500, 1_000, 4_000):
        payload = b'{"node":"n1","nonce":"x","ignored":' + b"[" * depth + b"]" * depth + b"}"
        try:
            assert decode(payload, Hello).node == "n1"
        except Refused as refused:
            assert refused.reason == "json"


@pytest.mark.parametrize("depth", [17, 100, 900, 3_900])
@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        (AskCodeBook, b'{"id":"a","codebook":{"x":', b"}}"),
        (Told, b'{"id":"a","ok":true,"result":', b"}"),
        (CodeBookOrder, with_field(BOOK)[:-1] + b',"hamlets":{"h":', b"}}"),
    ],
)
def test_what_has_no_type_has_a_depth(kind, before, after, depth):
    assert refusal(before + b"[" * depth + b"]" * depth + after, kind) in ("field", "json")
    assert decode(before + b"[" * 12 + b"]" * 12 + after, kind)


@pytest.mark.parametrize("number", [MAX_COUNTER + 1, -MAX_COUNTER - 1, 10**300])
def test_what_has_no_type_has_no_number_that_others_would_round(number):
    assert refusal(with_field({"id": "a"}, codebook={"x": [number]}), AskCodeBook) == "field"


def test_a_key_that_is_none_is_refused_with_its_code_book():
    good = "A" * 43 + "="
    assert decode(with_field(BOOK, node_keys={"n1": good}), CodeBookOrder).node_keys == {"n1": good}
    for bad in ("", "x", "A" * 44, "A" * 42 + "B=", "A" * 42 + "==", good + "\n"):
        assert refusal(with_field(BOOK, node_keys={"n1": bad}), CodeBookOrder) == "field"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "1"),
        ("id", "0193A1DE-0000-7000-8000-000000000001"),
        ("id", "{0193a1de-0000-7000-8000-000000000001}"),
        ("kind", "FIRE"),
        ("kind", "earthquake"),
        ("pattern", "../x"),
        ("pattern", ""),
        ("pattern", "x" * 66),
        ("drill", 1),
        ("drill", "false"),
        ("drill", None),
        ("hamlets", []),
        ("hamlets", "all"),
        ("hamlets", ["all", "dong"]),
        ("hamlets", ["dong", "all"]),
        ("hamlets", ["Đông"]),
        ("hamlets", ["dong-"]),
        ("hamlets", ["dong"] * 201),
        ("since", 0),
        ("since", "2026-11-21 15:00:00Z"),
        ("since", "2026-11-21T15:00:00"),
        ("lease_s", 0),
        ("lease_s", 601),
        ("lease_s", -1),
        ("lease_s", 60.5),
        ("by", "x" * 81),
        ("by", "a\nb"),
        ("by", "\x9b2J"),
        ("text", "x" * 301),
        ("text", "\x1b[2J"),
        ("text", "\x9b2J"),
        ("text", 5),
    ],
)
def test_an_alarm_out_of_range_refuses_the_whole_set(field, value):
    good = {"issued_at": "2026-11-21T15:00:00.000Z", "counter": 1}
    assert decode(with_field(good, alarms=[ALARM]), Alarms).alarms[0].lease_s == 60
    assert refusal(with_field(good, alarms=[ALARM, ALARM | {field: value}]), Alarms) == "field"


def test_a_set_has_a_largest_size():
    good = {"issued_at": "2026-11-21T15:00:00.000Z", "counter": 1}
    with pytest.raises(Refused):
        read(with_field(good, alarms=[ALARM] * 65), Alarms)
    assert len(read(with_field(good, alarms=[ALARM] * 64), Alarms).alarms) == 64


def test_the_hand_made_set_of_the_contract_is_read():
    text = (
        '{"issued_at":"2026-11-21T15:00:00.123Z","counter":1795273200000,"alarms":[{"id":'
        '"0193a1de-0000-7000-8000-000000000001",\n      "kind":"fire","pattern":"alarm","drill":false,'
        '"hamlets":["all"],"since":"2026-11-21T15:00:00.123Z","lease_s":60,"by":"hand","text":"Cháy"}]}'
    )
    assert decode(text.encode(), Alarms).alarms[0].text == "Cháy"


def test_the_hand_made_ask_of_the_contract_is_read():
    text = '{"id":"a1","kind":"fire","hamlets":["all"],"drill":true,"text":"Diễn tập"}'
    assert decode(text.encode(), AskAlarm).drill


def test_a_status_out_of_range_is_refused():
    good = {"node": "n1", "online": True}
    for field, value in (
        ("refused", {"json": -1}),
        ("refused", {"json": 1.5}),
        ("refused", {str(number): 1 for number in range(65)}),
        ("temperature_c", 1e308),
        ("temperature_c", -300),
        ("speaker", "\x1b[31m"),
        ("lamps", {"alert": "dark"}),
        ("unsent", -1),
    ):
        assert refusal(with_field(good, **{field: value}), Status) == "field"
    assert decode(with_field(good, temperature_c=48), Status).temperature_c == 48


def test_a_nanosecond_clock_is_understood_and_a_13th_month_is_not():
    good = {"nonce": "x", "issued_at": "2026-11-21T15:00:00Z", "counter": 1}
    assert decode(with_field(good, now="2026-11-21T15:00:00.123456789Z"), Welcome).now.ms % 1000 == 123
    assert refusal(with_field(good, now="2026-13-21T15:00:00Z"), Welcome) == "field"


def test_an_alert_is_told_from_its_cancel():
    assert isinstance(decode_alert(with_field(ALERT)), Alert)
    assert isinstance(decode_alert(with_field(ALERT, cancelled=False)), Alert)
    assert isinstance(decode_alert(with_field(ALERT, cancelled=True)), Cancel)
    assert decode_alert(with_field({"id": ALERT["id"], "node": "n1", "cancelled": True})) == Cancel(
        id=ALERT["id"], node="n1", cancelled=True
    )


@pytest.mark.parametrize("cancelled", ["true", 1, None, [], "yes"])
def test_cancelled_is_true_or_false_and_nothing_else(cancelled):
    with pytest.raises(Refused):
        decode_alert(with_field(ALERT, cancelled=cancelled))


def test_a_cancel_that_is_none_is_refused():
    assert refusal(with_field(ALERT, cancelled=False), Cancel) == "field"


@given(st.binary(max_size=200))
def test_any_bytes_as_an_alert_are_refused_or_decoded(payload):
    with suppress(Refused):
        assert isinstance(decode_alert(payload), Alert | Cancel)


@pytest.mark.parametrize("kind", ["\x1b[2J" + "x" * 500, "a\nb", "\u202e", "\x9b"])
def test_what_is_said_of_a_stranger_is_short_and_printable(kind):
    with pytest.raises(Refused) as caught:
        decode(with_field(ALERT, kind=kind), Alert)
    detail = caught.value.detail
    assert detail.isprintable()
    assert len(detail) <= DETAIL_CHARS
    assert str(caught.value) == f"field: {detail}"


def test_an_instant_is_written_as_the_contract_says():
    assert encode({"at": Instant(1_795_273_200_007)}) == b'{"at":"2026-11-21T15:00:00.007Z"}'


def test_what_is_no_message_is_not_encoded():
    with pytest.raises(NotImplementedError):
        encode(object())
