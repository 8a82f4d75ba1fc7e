"""How passwords, PINs and recovery codes are hashed: Argon2id. The one place of its parameters.

What must hold: OWASP's first choice (Password Storage Cheat Sheet: m = 19 MiB, t = 2, p = 1), under half a second on a
commune's machine (a test measures it). Strangers at the sign-in page get one of them at a time (views/signin.py): they
cannot take the memory and the processor that the duty desk lives on, nor stand in line before an officer's PIN.
"""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher

MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1


class Argon2id(Argon2PasswordHasher):
    """Django's, with our parameters. Comparing takes constant time, which is the library's part."""

    time_cost = PASSES
    memory_cost = MEMORY_KIB
    parallelism = LANES
