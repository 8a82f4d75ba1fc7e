"""A register as an older program left it: python commune_old.py HOME BATCHES. Lines, and a migration too few."""

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from cuts.commune_lines import batch

from broker.register.rows import add
from broker.register.store import FILE

FIRST = "0001"


def main(home: Path, count: int) -> None:
    """Make it."""
    os.environ |= {"KENG_REGISTER": str(home / FILE), "DJANGO_SETTINGS_MODULE": "broker.register.django_settings"}
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", "register", FIRST, verbosity=0, interactive=False)
    with closing(sqlite3.connect(home / FILE, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        for entry in (entry for number in range(count) for entry in batch(number)):
            add(db, entry)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
