"""A secret that must be read again (the second factor's seed) is sealed with the console's own secret, which is kept in
another file: who copies the database has not got it. XSalsa20-Poly1305, by PyNaCl.
"""

from __future__ import annotations

from hashlib import blake2b

from django.conf import settings
from nacl.encoding import URLSafeBase64Encoder
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

PURPOSE = b"keng factor"


def _box() -> SecretBox:
    return SecretBox(blake2b(settings.SECRET_KEY.encode(), digest_size=SecretBox.KEY_SIZE, person=PURPOSE).digest())


def seal(text: str) -> str:
    """For the table."""
    return bytes(_box().encrypt(text.encode(), encoder=URLSafeBase64Encoder)).decode("ascii")


def opened(sealed: str) -> str | None:
    """What was sealed; None if it was not by this console's secret."""
    try:
        return bytes(_box().decrypt(sealed.encode("ascii"), encoder=URLSafeBase64Encoder)).decode()
    except (CryptoError, ValueError, TypeError):
        return None
