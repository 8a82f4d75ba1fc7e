"""Ed25519 signatures over `topic 0x00 payload`, base64 in the MQTT 5 user property `sig`.

The topic is signed with the payload, so a genuine order cannot be carried to another topic. Freshness is not known
here: that is the counter's and the clock's work. PyNaCl costs a node 1 MB; the `cryptography` package costs 8.
"""

from __future__ import annotations

import base64
import binascii
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nacl.signing import SigningKey, VerifyKey

PROPERTY = "sig"
KEY_BYTES = 32
SIGNATURE_BYTES = 64


def _signed_bytes(topic: str, payload: bytes) -> bytes:
    if "\x00" in topic:
        raise ValueError("a topic with a zero byte could be another topic with another payload")
    return topic.encode() + b"\x00" + payload


class Signer:
    """Signs with one private key. nacl is imported only where keys are in use."""

    def __init__(self, seed: bytes) -> None:
        from nacl.signing import SigningKey

        self._key: SigningKey = SigningKey(seed)

    @classmethod
    def from_file(cls, path: Path) -> Signer:
        """Read a base64 seed of 32 bytes; ValueError or OSError if it is not one."""
        return cls(decode_key(path.read_text("ascii").strip()))

    @property
    def public(self) -> str:
        """The public key, base64."""
        return base64.b64encode(bytes(self._key.verify_key)).decode()

    def sign(self, topic: str, payload: bytes) -> str:
        """The signature, base64."""
        return base64.b64encode(self._key.sign(_signed_bytes(topic, payload)).signature).decode()


class Verifier:
    """Checks signatures of one public key (base64)."""

    def __init__(self, public: str) -> None:
        from nacl.signing import VerifyKey

        self._key: VerifyKey = VerifyKey(decode_key(public))

    def fits(self, topic: str, payload: bytes, sig: str) -> bool:
        """Whether `sig` (base64) was made by this key over this topic and payload; False for any garbage."""
        from nacl.exceptions import BadSignatureError

        try:
            raw = base64.b64decode(sig, validate=True)
            # The last letter has spare bits: only one way of writing a signature is accepted.
            if len(raw) != SIGNATURE_BYTES or base64.b64encode(raw).decode() != sig:
                return False
            self._key.verify(_signed_bytes(topic, payload), raw)
        except (BadSignatureError, binascii.Error, ValueError):
            return False
        return True


def decode_key(text: str) -> bytes:
    """32 bytes from base64; ValueError that says so otherwise."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("a key must be base64") from error
    if len(raw) != KEY_BYTES:
        raise ValueError(f"a key must be {KEY_BYTES} bytes in base64, this has {len(raw)}")
    return raw
