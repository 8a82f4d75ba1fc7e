"""The journal can be added to and read, nothing else; and the file says whose it is.

A later migration that makes SQLite rebuild the journal's table drops these triggers: it must make them again.
"""

from django.db import migrations

APPLICATION_ID = 0x4B_45_4E_47  # "KENG", in the file's header: what a register is known by

# NEW.seq is -1 where the row names none. A named one must be new: INSERT OR REPLACE deletes without a delete trigger.
TRIGGERS = [
    """CREATE TRIGGER register_journal_no_update BEFORE UPDATE ON register_journal
       BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    """CREATE TRIGGER register_journal_no_delete BEFORE DELETE ON register_journal
       BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    """CREATE TRIGGER register_journal_no_replace BEFORE INSERT ON register_journal
       WHEN NEW.seq > 0 AND NEW.seq <= (SELECT max(seq) FROM register_journal)
       BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
]


class Migration(migrations.Migration):
    dependencies = [("register", "0001_tables")]

    operations = [migrations.RunSQL([*TRIGGERS, f"PRAGMA application_id = {APPLICATION_ID}"], migrations.RunSQL.noop)]
