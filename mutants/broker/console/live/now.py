"""The process's one hub. Made when it is first wanted: what imports Django's settings to migrate must not connect."""

from __future__ import annotations

import threading

from django.conf import settings

from broker.console.live.hub import Hub

_lock = threading.Lock()
_hub: Hub | None = None


def hub() -> Hub:
    """It. LinkFault if password or certificate cannot be read."""
    global _hub
    with _lock:
        if _hub is None:
            _hub = Hub(settings.CONSOLE)
            _hub.open()
        return _hub


def close() -> None:
    """At the end of the process."""
    global _hub
    with _lock:
        if _hub is not None:
            _hub.close()
        _hub = None
