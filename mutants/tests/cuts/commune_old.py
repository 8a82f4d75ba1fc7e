"""A register as the program before this one left it: python commune_old.py HOME BATCHES. Lines, a migration too few.

It is made by this program and taken back by its last migration, which therefore must know the way back.
"""

import os
import sys
from pathlib import Path

from cuts.commune_lines import batch

from broker.register.schema import known
from broker.register.store import FILE, SqliteRegister


def main(home: Path, count: int) -> None:
    """Make it."""
    store = SqliteRegister(home)
    for number in range(count):
        store.append(batch(number))
    store.close()
    os.environ |= {"KENG_REGISTER": str(home / FILE), "DJANGO_SETTINGS_MODULE": "broker.register.django_settings"}
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", "register", known()[-2], verbosity=0, interactive=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
