"""The node's own key: what the contract wants signed bears its signature, as soon as the key can be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from node.core.items import Fault
from wire.signature import Signer


class Keys:
    """Signs what the contract wants signed: alerts, loud and silent."""

    def __init__(self, path: Path | None, tell: Callable[[Fault], None]) -> None:
        self._path = path
        self._tell = tell
        self._signer: Signer | None = None
        self._why = ""

    @property
    def public(self) -> str | None:
        """The public half (base64), once the key could be read."""
        return None if self._signer is None else self._signer.public

    def open(self) -> None:
        """Read the key, or try again. Never raises."""
        if self._path is None or self._signer is not None:
            return
        why = ""
        try:
            self._signer = Signer.from_file(self._path)
        except (OSError, ValueError) as error:
            why = f"{self._path}: {error}"
        if why != self._why:
            self._why = why
            self._tell(Fault("key", why))

    def sign(self, topic: str, payload: bytes) -> str | None:
        """The signature; None where none is wanted or there is no key."""
        if self._signer is None or topic.rpartition("/")[2] not in ("alert", "silent"):
            return None
        return self._signer.sign(topic, payload)
