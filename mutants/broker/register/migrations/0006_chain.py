"""Each line of the journal gets a hash that binds all before it; those written earlier are chained as they stand.

What was altered before this cannot be seen by it; what is altered later can. The journal itself is only read.
"""

from typing import Any

from django.db import migrations, models

from broker.register.chain import ADD_LINK, FIRST, LINES, links

AT_ONCE = 1_000

TRIGGERS = [
    """CREATE TRIGGER register_chain_no_update BEFORE UPDATE ON register_chain
       BEGIN SELECT RAISE(ABORT, 'the chain is append-only'); END""",
    """CREATE TRIGGER register_chain_no_delete BEFORE DELETE ON register_chain
       BEGIN SELECT RAISE(ABORT, 'the chain is append-only'); END""",
    """CREATE TRIGGER register_chain_no_replace BEFORE INSERT ON register_chain
       WHEN NEW.seq <= (SELECT max(seq) FROM register_chain)
       BEGIN SELECT RAISE(ABORT, 'the chain is append-only'); END""",
]


def chain(_: Any, schema_editor: Any) -> None:
    db = schema_editor.connection.connection
    lines, last = db.execute(LINES), FIRST
    while some := lines.fetchmany(AT_ONCE):
        made = links(last, some)
        db.executemany(ADD_LINK, made)
        last = made[-1]


class Migration(migrations.Migration):
    dependencies = [("register", "0005_mutes")]

    operations = [
        migrations.CreateModel(
            name="Chain",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("hash", models.BinaryField()),
            ],
            options={"db_table": "register_chain"},
        ),
        migrations.RunPython(chain, migrations.RunPython.noop),
        migrations.RunSQL([*TRIGGERS], migrations.RunSQL.noop),
    ]
