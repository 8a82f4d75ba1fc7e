"""HTTPS: TLS 1.2 at least, and a renewed certificate without a restart.

What must hold: a pair that does not fit, or is half written, is not taken: the console goes on with the one it has.
"""

from __future__ import annotations

import logging
import ssl
import threading
from pathlib import Path

LOOK_S = 60.0
_log = logging.getLogger(__name__)


def harden(context: ssl.SSLContext) -> None:
    """What every browser of this decade can, and nothing older."""
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20")


class Renewed(threading.Thread):
    """Looks at the files now and then; new connections are served with what is there."""

    def __init__(self, context: ssl.SSLContext, certificate: Path, key: Path, look_s: float = LOOK_S) -> None:
        """Not started yet."""
        super().__init__(name="certificate", daemon=True)
        self._context, self._files, self._look_s = context, (certificate, key), look_s
        self._seen = self._stamp()
        self._end = threading.Event()

    def run(self) -> None:
        """Until the process ends."""
        while not self._end.wait(self._look_s):
            self.look()

    def look(self) -> bool:
        """Take a new pair, if there is one that fits; whether it did."""
        stamp = self._stamp()
        if stamp == self._seen or stamp is None:
            return False
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(*self._files)
            self._context.load_cert_chain(*self._files)
        except (OSError, ssl.SSLError) as error:
            _log.warning("the new certificate is not taken: %s", error)
            return False
        self._seen = stamp
        return True

    def end(self) -> None:
        """No further look."""
        self._end.set()

    def _stamp(self) -> tuple[tuple[int, int], ...] | None:
        try:
            return tuple((one.st_mtime_ns, one.st_ino) for one in (path.stat() for path in self._files))
        except OSError:
            return None
