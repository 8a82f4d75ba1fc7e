"""Ports for whoever is to listen later, or again: no two tests that run at once are given the same one.

    port = fresh_port()                       # free now, and nobody else's in this run: not another worker's either

What must hold: between the look and the listening nobody takes it. So it lies below Linux's range of outgoing ports,
each worker has a share of its own, and within that none comes again before all others have come. Another run on this
machine begins somewhere else in its share; what is left is that somebody who is no test listens there in between.
"""

from __future__ import annotations

import os
import random
import re
import socket
from itertools import cycle

HOST = "127.0.0.1"
PORTS = range(20_000, 32_000)  # below Linux's range of outgoing ports, 32,768 and up
WORKERS = 8
"""Shares; with more workers two have the same one, each from a place of its own."""
TRIES = 200
"""Ports in a row that are somebody's: then something else is wrong."""


def _share() -> range:
    found = re.search(r"\d+$", os.environ.get("PYTEST_XDIST_WORKER", ""))
    size = len(PORTS) // WORKERS
    first = PORTS.start + (int(found[0]) % WORKERS if found else 0) * size
    return range(first, first + size)


def _turns(share: range) -> cycle[int]:
    begun = random.randrange(len(share))
    return cycle([*share[begun:], *share[:begun]])


_next = _turns(_share())


def fresh_port() -> int:
    """See the module."""
    for _ in range(TRIES):
        if is_free(port := next(_next)):
            return port
    raise AssertionError(f"no free port in {TRIES} tries")


def is_free(port: int) -> bool:
    """Whether somebody could listen there now, as Mosquitto does: a connection that has ended is in nobody's way.

    broker/mosquitto/embedded.py has the like; where a node alone is tested there is no room `broker`.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
