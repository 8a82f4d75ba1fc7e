"""The child process that migrates: `python -m broker.register.migrate PATH`. No service imports Django; this does."""

from __future__ import annotations

import os
import sys


def main(path: str) -> None:
    """Bring the register at `path` up to date; Django's own error and exit code if it cannot."""
    os.environ["KENG_REGISTER"] = path
    os.environ["DJANGO_SETTINGS_MODULE"] = "broker.register.django_settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", "register", verbosity=0, interactive=False)


if __name__ == "__main__":
    main(sys.argv[1])
