"""The contract as an AsyncAPI 3.0 document, made from the code: `python -m wire.asyncapi > wire/asyncapi.yaml`.

What must hold: nothing is written here that the code says elsewhere; the file beside this one equals what is made.
Descriptions are the docstrings: a type's, and the line under each field. For people and generators; no node loads it.
"""

from __future__ import annotations

import ast
import sys
from inspect import cleandoc
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import yaml

from wire import signature
from wire.channels import CHANNELS, MESSAGES, ROLES, Channel, Role
from wire.codec import MAX_BYTES
from wire.link import KEEPALIVE_S, MAX_PACKET_BYTES
from wire.release import Release
from wire.topics import PREFIX, QOS
from wire.words import SLUG_PATTERN, Instant

Document = dict[str, Any]

TRAITS = "#/components/messageTraits/signedBy"

RFC3339 = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|\+00:00)$"

ABOUT = f"""\
What nodes, the commune's service and any MQTT 5 client say to each other in a network of security gongs (kẻng an ninh).

Payloads are UTF-8 JSON objects of at most {MAX_BYTES} bytes. Unknown fields are ignored; a missing, wrong or oversized
one refuses the whole message. Wall-clock times are RFC 3339 UTC with milliseconds; durations end in `_ms` or `_s`.

No order is ever retained or queued: clients connect with a clean session, and only a node's status (its last will) is
retained. What should sound is stated over and over, whole; what is not renewed ends with its lease. PUBACK means
nothing: an alert is sent again until the answer `received`, and the id is the identity, however often it arrives.

What can sound a gong is signed: the MQTT 5 user property `{signature.PROPERTY}` bears, in base64, the Ed25519 signature
over `topic 0x00 payload`. A network without keys (the demo) accepts unsigned orders, and every status says so.

Each operation names one role that sends or receives; its tag says which. Roles:

{chr(10).join(f"* `{role}`: {meaning}" for role, meaning in ROLES.items())}
"""


def document() -> Document:
    """The whole document, plain values."""
    return {
        "asyncapi": "3.0.0",
        "id": "urn:keng:1",
        "info": {
            "title": "Kẻng: the wire",
            "version": PREFIX.partition("/")[2] + ".0.0",
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": _servers(),
        "channels": {_name(channel): _channel(channel) for channel in CHANNELS},
        "operations": dict(
            _operation(channel, role, action) for channel in CHANNELS for role, action in _roles(channel)
        ),
        "components": {
            "messages": {kind.__name__: _message(kind) for kind in MESSAGES},
            "messageTraits": {f"signedBy{role.title()}": _signed_by(role) for role in ("node", "commune")},
            "parameters": {
                "commune": _parameter("The commune."),
                "node": _parameter("The node; its id, its broker user name and its client id."),
                "user": _parameter("The officer or program; its broker user name."),
            },
            "schemas": _schemas(),
            "securitySchemes": {
                "password": {
                    "type": "userPassword",
                    "description": "One user name and password for each node and user.",
                }
            },
        },
    }


class _Dumper(yaml.SafeDumper):
    """Long texts as blocks, nothing by reference."""

    def ignore_aliases(self, data: object) -> bool:
        return True

    def represent_str(self, data: str) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:str", data, style="|" if "\n" in data else None)


_Dumper.add_representer(str, _Dumper.represent_str)


def written() -> str:
    """The document as YAML, the same each time."""
    return yaml.dump(document(), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


def _servers() -> Document:
    session = {
        "cleanSession": True,
        "sessionExpiryInterval": 0,
        "keepAlive": KEEPALIVE_S,
        "maximumPacketSize": MAX_PACKET_BYTES,
        "lastWill": {
            "topic": f"{PREFIX}/{{commune}}/up/{{node}}/status",
            "qos": QOS,
            "retain": True,
            "message": "A Status with `online` false; nodes alone have one.",
        },
        "bindingVersion": "0.2.0",
    }
    return {
        "commune": {
            "host": "{address}:{port}",
            "protocol": "secure-mqtt",
            "protocolVersion": "5.0",
            "description": "A commune's Mosquitto: TLS with the commune's own CA, a password for each node and user.",
            "variables": {
                "address": {"description": "The commune's machine, as its certificate names it."},
                "port": {"default": "8883"},
            },
            "security": [{"$ref": "#/components/securitySchemes/password"}],
            "bindings": {"mqtt": session},
        },
        "demo": {
            "host": "127.0.0.1:{port}",
            "protocol": "mqtt",
            "protocolVersion": "5.0",
            "description": "The demo on one machine: loopback, no TLS, no passwords, no keys.",
            "variables": {"port": {"default": "18830"}},
            "bindings": {"mqtt": session},
        },
    }


def _name(channel: Channel) -> str:
    return channel.way + channel.word.title()


def _channel(channel: Channel) -> Document:
    address = f"{PREFIX}/{{commune}}/{channel.path}"
    named = [name for name in ("commune", "node", "user") if f"{{{name}}}" in address]
    return {
        "address": address,
        "summary": channel.when,
        "messages": {kind.__name__: {"$ref": f"#/components/messages/{kind.__name__}"} for kind in channel.messages},
        "parameters": {name: {"$ref": f"#/components/parameters/{name}"} for name in named},
    }


def _roles(channel: Channel) -> list[tuple[Role, str]]:
    return [(channel.said_by, "send"), *((role, "receive") for role in channel.heard_by)]


def _operation(channel: Channel, role: Role, action: str) -> tuple[str, Document]:
    at = f"#/channels/{_name(channel)}"
    name = f"{role}{action.title()}s{_name(channel)[0].upper()}{_name(channel)[1:]}"
    signed = {"description": f"Signed by the {channel.signed_by}'s key."} if channel.signed_by else {}
    return name, {
        "action": action,
        "channel": {"$ref": at},
        "summary": channel.when,
        **signed,
        "tags": [{"name": role}],
        "messages": [{"$ref": f"{at}/messages/{kind.__name__}"} for kind in channel.messages],
        "bindings": {"mqtt": {"qos": QOS, "retain": channel.retained, "bindingVersion": "0.2.0"}},
    }


def _message(kind: type) -> Document:
    signers = {channel.signed_by for channel in CHANNELS if kind in channel.messages and channel.signed_by}
    return {
        "name": kind.__name__,
        "summary": (kind.__doc__ or "").partition("\n")[0],
        "contentType": "application/json",
        **({"traits": [{"$ref": f"{TRAITS}{signer.title()}"} for signer in sorted(signers)]} if signers else {}),
        "payload": {"$ref": f"#/components/schemas/{kind.__name__}"},
    }


def _signed_by(role: str) -> Document:
    bits = f"^[A-Za-z0-9+/]{{{signature.SIGNATURE_BYTES * 4 // 3}}}[AQgw]==$"
    return {
        "headers": {
            "type": "object",
            "description": "MQTT 5 user properties.",
            "properties": {
                signature.PROPERTY: {
                    "type": "string",
                    "pattern": bits,
                    "description": f"Ed25519 over topic, a zero byte and payload, by the {role}'s key, in base64.",
                }
            },
        }
    }


def _parameter(meaning: str) -> Document:
    return {"description": f"{meaning} Pattern: {SLUG_PATTERN}"}


def _schemas() -> Document:
    _, schemas = msgspec.json.schema_components(
        MESSAGES, schema_hook=_schema_of, ref_template="#/components/schemas/{name}"
    )
    lines = _lines_under_fields()
    for struct, schema in schemas.items():
        if "description" in schema:
            schema["description"] = cleandoc(schema["description"])  # Python 3.13 does it itself
        for field, properties in schema["properties"].items():
            properties["description"] = lines[struct, field]
    # What tells an alert from its cancel on the same topic.
    schemas["Alert"]["not"] = {"properties": {"cancelled": {"const": True}}, "required": ["cancelled"]}
    return dict(sorted(schemas.items()))


def _schema_of(kind: type) -> Document:
    if kind is Instant:
        return {"type": "string", "format": "date-time", "pattern": RFC3339, "examples": ["2026-11-21T15:00:00.000Z"]}
    raise NotImplementedError(kind.__name__)


def _lines_under_fields() -> dict[tuple[str, str], str]:
    """The docstring under each field of each type, by type and field: Python itself keeps none of them."""
    files = {str(sys.modules[kind.__module__].__file__) for kind in (*MESSAGES, Release)}
    classes = [
        node
        for file in files
        for node in ast.parse(Path(file).read_text("utf-8")).body
        if isinstance(node, ast.ClassDef)
    ]
    found = {}
    for one in classes:
        for field, line in pairwise(one.body):
            match field, line:
                case ast.AnnAssign(target=ast.Name(name)), ast.Expr(ast.Constant(str(text))):
                    found[one.name, name] = text
    return found


if __name__ == "__main__":
    sys.stdout.write(written())
