"""Valid messages for property tests, made from the types themselves: `instances(Alert)`, `any_message`.

What must hold: every instance fits one message (codec.MAX_BYTES), and every value that a type allows can come up, short
of lengths that would not fit.
"""

import base64
from collections.abc import Mapping
from functools import cache
from typing import Any

from hypothesis import strategies as st
from msgspec import inspect

from wire.asks import DEED_PATTERN
from wire.channels import MESSAGES
from wire.words import (
    CHIME_ID_PATTERN,
    HAMLET_PATTERN,
    HASH_PATTERN,
    LINE_PATTERN,
    MAX_COUNTER,
    MAX_WALL_MS,
    PATTERN_NAME_PATTERN,
    PROSE_PATTERN,
    PUBLIC_KEY_PATTERN,
    SLUG_PATTERN,
    UUID_PATTERN,
    VERSION_PATTERN,
    Instant,
)

MANY = 3  # elements of a list or table: more says nothing new, and must fit
LONG = 300  # characters of a text, for the same reason

slugs = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?", fullmatch=True).filter(lambda name: name != "all")
hamlets = st.just(("all",)) | st.lists(slugs, min_size=1, max_size=MANY).map(tuple)
uuids = st.uuids().map(str)
instants = st.integers(0, MAX_WALL_MS).map(Instant)
public_keys = st.binary(min_size=32, max_size=32).map(lambda raw: base64.b64encode(raw).decode())
words = st.text(st.characters(exclude_categories=["Cs", "Cc"]))

_leaves = (
    st.none() | st.booleans() | st.integers(-MAX_COUNTER, MAX_COUNTER) | st.floats(-1e9, 1e9) | st.text(max_size=8)
)
trees = st.recursive(
    _leaves,
    lambda inner: st.lists(inner, max_size=MANY) | st.dictionaries(st.text(max_size=8), inner, max_size=MANY),
    max_leaves=8,
)
"""What JSON can hold, without a type; no surrogates: UTF-8 has none."""


def _texts(characters: st.SearchStrategy[str], low: int | None, high: int | None) -> st.SearchStrategy[str]:
    return st.text(characters, min_size=low or 0, max_size=min(high or LONG, LONG))


def _of_pattern(kind: inspect.StrType) -> st.SearchStrategy[str]:
    line = st.characters(exclude_categories=["Cs", "Cc"])
    known: Mapping[str | None, st.SearchStrategy[str]] = {
        SLUG_PATTERN: slugs,
        HAMLET_PATTERN: slugs | st.just("all"),
        UUID_PATTERN: uuids,
        PUBLIC_KEY_PATTERN: public_keys,
        VERSION_PATTERN: st.from_regex(r"[0-9]{1,6}(\.[0-9]{1,6}){0,3}", fullmatch=True),
        HASH_PATTERN: st.text("0123456789abcdef", min_size=64, max_size=64),
        DEED_PATTERN: st.from_regex(r"[a-z][a-z0-9_]{0,39}", fullmatch=True),
        CHIME_ID_PATTERN: st.from_regex(r"[a-z0-9-]{1,32}/[0-9T.:-]{8,32}", fullmatch=True),
        PATTERN_NAME_PATTERN: st.from_regex(r"[a-z0-9/-]{1,65}", fullmatch=True),
        LINE_PATTERN: _texts(line, kind.min_length, kind.max_length),
        PROSE_PATTERN: _texts(line | st.sampled_from("\t\n"), kind.min_length, kind.max_length),
        None: _texts(st.characters(exclude_categories=["Cs"]), kind.min_length, kind.max_length),
    }
    return known[kind.pattern]


def _values(kind: inspect.Type) -> st.SearchStrategy[Any]:
    match kind:
        case inspect.StrType():
            return _of_pattern(kind)
        case inspect.IntType():
            return st.integers(kind.ge, kind.le)
        case inspect.FloatType():
            return st.floats(kind.ge, kind.le, allow_nan=False, allow_infinity=False)
        case inspect.BoolType():
            return st.booleans()
        case inspect.NoneType():
            return st.none()
        case inspect.AnyType():
            return trees
        case inspect.LiteralType():
            return st.sampled_from(sorted(kind.values, key=str))
        case inspect.Metadata():
            return _values(kind.type)
        case inspect.UnionType():
            return st.one_of([_values(one) for one in kind.types])
        case inspect.VarTupleType():
            items = _values(kind.item_type)
            return st.lists(items, min_size=kind.min_length or 0, max_size=MANY).map(tuple)
        case inspect.DictType():
            return st.dictionaries(_values(kind.key_type), _values(kind.value_type), max_size=MANY)
        case inspect.CustomType(cls=cls) if cls is Instant:
            return instants
        case inspect.StructType():
            return instances(kind.cls)
    raise NotImplementedError(f"no values known for {kind}")


@cache
def instances(kind: type) -> st.SearchStrategy[Any]:
    """Valid instances of a message type, the optional fields with and without a value."""
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType)
    special = {"hamlets": hamlets, "cancelled": st.just(True)}
    fields = {
        field.name: special[field.name]
        if field.name in special and not isinstance(field.type, inspect.DictType)
        else _values(field.type)
        for field in info.fields
    }
    if kind.__name__ == "AskChime":
        fields["hamlets"] = st.none() | hamlets
    required = {field.name: fields.pop(field.name) for field in info.fields if field.required}
    return st.fixed_dictionaries(required, optional=fields).map(lambda values: kind(**values))


any_message: st.SearchStrategy[Any] = st.sampled_from(MESSAGES).flatmap(instances)
"""A valid message of any type."""
