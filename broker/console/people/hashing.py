"""How passwords, PINs and recovery codes are hashed: Argon2id. The one place of its parameters.

What must hold: OWASP's first choice (Password Storage Cheat Sheet: m = 19 MiB, t = 2, p = 1), under half a second on a
commune's machine (a test measures it), and at most AT_ONCE of them together, so that strangers at the sign-in page
cannot take the memory and the processor that the duty desk lives on.
"""

from __future__ import annotations

import threading

from django.contrib.auth.hashers import Argon2PasswordHasher

MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1
AT_ONCE = 2
"""Of 19 MiB each: the console's budget of memory has room for them."""
_gate = threading.BoundedSemaphore(AT_ONCE)


class Argon2id(Argon2PasswordHasher):
    """Django's, with our parameters and a gate before it."""

    time_cost = PASSES
    memory_cost = MEMORY_KIB
    parallelism = LANES

    def encode(self, password: str, salt: str) -> str:
        """As it stands in the table."""
        with _gate:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """In constant time, which is the library's part."""
        with _gate:
            return super().verify(password, encoded)
