"""The node's own key: what the contract wants signed bears its signature, as soon as the key can be read."""

from __future__ import annotations

import logging
from pathlib import Path

from wire.signature import Signer

_log = logging.getLogger(__name__)


class Keys:
    """Signs what the contract wants signed: alerts, loud and silent."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._signer: Signer | None = None
        self._why = ""

    def open(self) -> None:
        """Read the key, or try again. Never raises."""
        if self._path is None or self._signer is not None:
            return
        try:
            self._signer = Signer.from_file(self._path)
        except (OSError, ValueError) as error:
            if str(error) != self._why:
                self._why = str(error)
                _log.error("%s: không đọc được khóa của nút / the node's key cannot be read: %s", self._path, error)

    def sign(self, topic: str, payload: bytes) -> str | None:
        """The signature; None where none is wanted or there is no key."""
        if self._signer is None or topic.rpartition("/")[2] not in ("alert", "silent"):
            return None
        return self._signer.sign(topic, payload)
