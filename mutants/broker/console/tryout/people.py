"""`python -m broker.console.tryout.people CONSOLE_YAML`: the demo's officers; a line of JSON with password and PIN."""

from __future__ import annotations

import json
import secrets
import sys
from pathlib import Path

PEOPLE = {"truc-ban": ("Trực ban", "officer"), "ky-thuat": ("Kỹ thuật viên", "technician")}
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""Without those that are taken for one another."""


def main(settings: Path) -> None:
    """Make them, or give them a new password."""
    from broker.console.run import prepare

    prepare(settings)
    from django.contrib.auth.hashers import make_password

    from broker.console.people.models import Officer

    password = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
    pin = "".join(secrets.choice("0123456789") for _ in range(6))
    for name, (full_name, role) in PEOPLE.items():
        officer, _made = Officer.objects.get_or_create(username=name, defaults={"full_name": full_name, "role": role})
        officer.password, officer.pin = make_password(password), make_password(pin)
        officer.save()
    sys.stdout.write(json.dumps({"users": list(PEOPLE), "password": password, "pin": pin}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
