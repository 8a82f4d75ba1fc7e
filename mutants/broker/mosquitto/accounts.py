"""Who may come in to Mosquitto, and the line of its password file (PBKDF2-SHA512, as mosquitto_passwd writes it).

What must hold: passwords are 32 random bytes, so few rounds suffice, and forty nodes can come back at once.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from typing import Literal

AccountRole = Literal["node", "officer", "watch", "console", "service"]

PASSWORD_BYTES = 32
ROUNDS = 101  # mosquitto_passwd's own; more would only slow a storm of logins: nobody can try 2**256 passwords
SALT_BYTES = 12


@dataclass(frozen=True, slots=True)
class Account:
    """One user of Mosquitto."""

    name: str
    """Slug of a node or user."""
    role: AccountRole
    """Where it may come in, and what it may say and hear."""
    hashed: str
    """What `hashed` made of its password."""

    @property
    def line(self) -> str:
        """As it stands in a password file."""
        return f"{self.name}:{self.hashed}"


def new_password() -> str:
    """A fresh one, for a file of one line."""
    return secrets.token_urlsafe(PASSWORD_BYTES)


def hashed(password: str, salt: bytes | None = None) -> str:
    """Salted and hashed, in Mosquitto's format 7."""
    salt = secrets.token_bytes(SALT_BYTES) if salt is None else salt
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ROUNDS)
    return f"$7${ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"
