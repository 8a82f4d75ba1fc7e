"""The child process that migrates: `python -m broker.register.migrate PATH`. No service imports Django; this does.

What must hold: all of it is one transaction. Django alone writes down that a migration was done after its tables are
committed; a power cut between the two would leave tables that no program owns up to, and a register that never opens.
"""

from __future__ import annotations

import os
import sys


def main(path: str) -> None:
    """Bring the register at `path` up to date; Django's own error and exit code if it cannot."""
    os.environ["KENG_REGISTER"] = path
    os.environ["DJANGO_SETTINGS_MODULE"] = "broker.register.django_settings"
    import django
    from django.core.management import call_command
    from django.db import connection, transaction

    django.setup()
    # SQLite lets nobody turn its foreign keys off within a transaction, and Django wants them off.
    with connection.constraint_checks_disabled(), transaction.atomic():
        call_command("migrate", "register", verbosity=0, interactive=False)


if __name__ == "__main__":
    main(sys.argv[1])
