"""The Django models, the migrations and the sqlite3 statements speak of the same tables."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from broker.core.records import Alarm, AskRow, Incident, Mute, NodeRow, Trouble
from broker.register import rows

# Django runs in a child: its settings are for a whole process, and the console's tests need others.
ASK_DJANGO = """
import json, django
django.setup()
from django.apps import apps
from django.core.management import call_command
call_command("makemigrations", "register", check=True, dry_run=True, verbosity=0)
call_command("check")
print(json.dumps({
    model._meta.db_table: {f.column: [f.get_internal_type(), f.null, f.primary_key] for f in model._meta.fields}
    for model in apps.get_app_config("register").get_models()
}))
"""

RECORDS: dict[str, type[msgspec.Struct]] = {
    "register_incident": Incident,
    "register_alarm": Alarm,
    "register_trouble": Trouble,
    "register_mute": Mute,
    "register_node": NodeRow,
    "register_ask": AskRow,
}


@pytest.fixture(scope="module")
def models() -> dict[str, dict[str, tuple[str, bool, bool]]]:
    """By table and column: kind of field, whether it may be NULL, whether it is the key."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "broker.register.django_settings"}
    done = subprocess.run(
        [sys.executable, "-c", ASK_DJANGO], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"a migration is missing, or a model is wrong:\n{done.stdout}{done.stderr}"
    return json.loads(done.stdout.splitlines()[-1])


def test_statements_and_models_agree_on_every_table_and_column(models: dict[str, Any]) -> None:
    written = {table.name: set(table.columns) for table in rows.DERIVED}
    written["register_journal"] = set(rows.JOURNAL_COLUMNS)
    written["register_chain"] = {"seq", "hash"}
    assert {name: set(columns) for name, columns in models.items()} == written


def test_migrations_made_what_the_models_say(models: dict[str, Any], blank: Path) -> None:
    with closing(sqlite3.connect(blank)) as db:
        for name, columns in models.items():
            made = {row[1]: not row[3] for row in db.execute(f"PRAGMA table_info({name})")}
            assert made == {column: null for column, (_, null, _) in columns.items()}, name


@pytest.mark.parametrize("table", RECORDS)
def test_models_and_records_agree_on_kinds_and_nulls(models: dict[str, Any], table: str) -> None:
    for field in msgspec.inspect.type_info(RECORDS[table]).fields:
        kind, null, _ = models[table][field.name]
        inner = field.type
        nullable = False
        if isinstance(inner, msgspec.inspect.UnionType):
            nullable = any(isinstance(part, msgspec.inspect.NoneType) for part in inner.types)
            inner = next(part for part in inner.types if not isinstance(part, msgspec.inspect.NoneType))
        expected = {
            msgspec.inspect.BoolType: "BooleanField",
            msgspec.inspect.IntType: "BigIntegerField",
            msgspec.inspect.StrType: "TextField",
            msgspec.inspect.LiteralType: "TextField",
            msgspec.inspect.VarTupleType: "JSONField",
        }[type(inner)]
        assert (kind, null) == (expected, nullable), f"{table}.{field.name}"


def test_upserts_name_the_keys_that_the_tables_have(blank: Path) -> None:
    with closing(sqlite3.connect(blank)) as db:
        for table in rows.DERIVED:
            db.execute(f"EXPLAIN {table.upsert}", [None] * len(table.columns))
        db.execute(f"EXPLAIN {rows.TROUBLE_CHANGES}", [None] * 6)
        db.execute(f"EXPLAIN {rows.COUNTER_RISES}", [None] * 3)
