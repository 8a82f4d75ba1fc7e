"""The AsyncAPI document says what the code does, no more and no less."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from fakes.messages import any_message, instances
from hypothesis import given, settings
from hypothesis import strategies as st

import wire.asyncapi
from wire.asyncapi import document, written
from wire.channels import CHANNELS, MESSAGES
from wire.codec import decode, decode_alert, encode
from wire.errors import Refused
from wire.messages import Alert, Cancel
from wire.signature import Signer
from wire.topics import QOS

pytestmark = pytest.mark.pure

DOCUMENT = document()
SCHEMAS = DOCUMENT["components"]["schemas"]
VALIDATORS = {
    name: jsonschema.Draft7Validator({"$ref": f"#/components/schemas/{name}", "components": {"schemas": SCHEMAS}})
    for name in SCHEMAS
}


def looked_up(reference: str) -> Any:
    """What a local reference points to; KeyError if nothing."""
    assert reference.startswith("#/")
    found: Any = DOCUMENT
    for part in reference[2:].split("/"):
        found = found[part.replace("~1", "/").replace("~0", "~")]
    return found


def references(tree: Any) -> list[str]:
    if isinstance(tree, dict):
        own = [tree["$ref"]] if isinstance(tree.get("$ref"), str) else []
        return own + [found for value in tree.values() for found in references(value)]
    return [found for value in tree for found in references(value)] if isinstance(tree, list) else []


def test_the_file_is_what_the_code_makes():
    beside = Path(wire.asyncapi.__file__).with_name("asyncapi.yaml")
    assert beside.read_text("utf-8") == written(), "run: python -m wire.asyncapi > wire/asyncapi.yaml"


def test_the_file_reads_as_the_document():
    assert yaml.safe_load(written()) == json.loads(json.dumps(DOCUMENT))


def test_it_has_the_parts_of_an_asyncapi_3_document():
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= set(DOCUMENT["info"])
    assert all({"host", "protocol"} <= set(server) for server in DOCUMENT["servers"].values())
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for part in DOCUMENT["components"].values() for name in part)


def test_every_reference_points_to_something():
    found = references(DOCUMENT)
    assert len(found) > 100
    for reference in found:
        looked_up(reference)


def test_every_channel_of_the_contract_is_in_it_with_its_messages():
    said = {one["address"]: set(one["messages"]) for one in DOCUMENT["channels"].values()}
    assert said == {
        f"keng/1/{{commune}}/{channel.path}": {kind.__name__ for kind in channel.messages} for channel in CHANNELS
    }


def test_every_name_in_an_address_is_a_parameter_and_none_else():
    for channel in DOCUMENT["channels"].values():
        assert set(re.findall(r"{(\w+)}", channel["address"])) == set(channel["parameters"])


def test_who_may_say_and_hear_is_an_operation_each():
    operations = DOCUMENT["operations"].values()
    named = dict(zip(DOCUMENT["channels"], CHANNELS, strict=True))
    found = {(one["tags"][0]["name"], one["action"], one["channel"]["$ref"].rpartition("/")[2]) for one in operations}
    assert len(found) == len(operations)
    assert found == {
        (role, action, name)
        for name, channel in named.items()
        for role, action in ((channel.said_by, "send"), *((reader, "receive") for reader in channel.heard_by))
    }


def test_every_operation_carries_the_mqtt_binding_and_its_channels_messages():
    for operation in DOCUMENT["operations"].values():
        channel = looked_up(operation["channel"]["$ref"])
        retained = channel["address"].endswith("/status") and "/up/" in channel["address"]
        assert operation["bindings"]["mqtt"] == {"qos": QOS, "retain": retained, "bindingVersion": "0.2.0"}
        assert [looked_up(message["$ref"]) for message in operation["messages"]] == list(channel["messages"].values())


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_every_schema_is_one_and_every_field_is_described(name):
    jsonschema.Draft7Validator.check_schema(SCHEMAS[name])
    assert SCHEMAS[name]["description"]
    assert all(field["description"].strip() for field in SCHEMAS[name]["properties"].values())


def test_a_field_is_described_by_the_line_under_it():
    assert SCHEMAS["Status"]["properties"]["online"]["description"] == "False in the last will alone."
    assert SCHEMAS["AskPage"]["properties"]["page"]["description"].startswith("Which page")


def test_the_signature_is_described_as_it_is_made():
    headers = DOCUMENT["components"]["messageTraits"]["signedByCommune"]["headers"]
    jsonschema.validate({"sig": Signer(bytes(32)).sign("a", b"b")}, headers)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"sig": "x"}, headers)


@given(any_message)
def test_what_the_code_makes_is_valid_by_the_schema(message):
    VALIDATORS[type(message).__name__].validate(json.loads(encode(message)))


WRONG = st.one_of(
    *(st.none(), st.booleans(), st.text(max_size=4), st.integers(-2, 10**16)),
    st.sampled_from([[], {}, ["all"], ["all", "dong"], ["-"], 0.5, "all", "A", "2026-11-21T15:00:00Z", "a\nb"]),
    st.sampled_from(["x" * 82, "x" * 2001]),
)


@settings(max_examples=200)
@given(st.data(), st.sampled_from([kind for kind in MESSAGES if kind is not Alert]))
def test_what_the_code_refuses_is_invalid_by_the_schema_and_the_other_way_round(data, kind):
    fields = json.loads(encode(data.draw(instances(kind))))
    name = data.draw(st.sampled_from(sorted(fields)))
    changed = fields | {name: data.draw(WRONG)}
    if data.draw(st.booleans()):
        del changed[name]
    try:
        decode(json.dumps(changed).encode(), kind)
        understood = True
    except Refused:
        understood = False
    assert VALIDATORS[kind.__name__].is_valid(changed) == understood


@given(instances(Alert) | instances(Cancel), st.sampled_from([None, True, False]))
def test_an_alert_and_its_cancel_are_told_apart_by_the_schema_as_by_the_code(message, cancelled):
    fields = json.loads(encode(message)) | ({} if cancelled is None else {"cancelled": cancelled})
    valid = {kind for kind in (Alert, Cancel) if VALIDATORS[kind.__name__].is_valid(fields)}
    try:
        assert valid == {type(decode_alert(json.dumps(fields).encode()))}
    except Refused:
        assert valid == set()
