"""A free TCP port on loopback, for a broker that will be started there and started again."""

from __future__ import annotations

import socket

from deploy.demo.home import DemoFault
from deploy.demo.options import FIRST_PORT

HOST = "127.0.0.1"
TRIED = 100
"""Ports looked at from FIRST_PORT on: more demos than one machine runs."""
_claims: list[socket.socket] = []
"""Held until we end, however we end."""


def choose(asked: int | None, after: int = FIRST_PORT - 1) -> int:
    """The port asked for, else the first free one above `after`. DemoFault if there is none."""
    if asked is not None:
        if not is_free(asked) or not claim(asked):
            raise busy(asked)
        return asked
    for port in range(after + 1, FIRST_PORT + TRIED):
        if is_free(port) and claim(port):
            return port
    raise busy(FIRST_PORT)


def first_free(after: int) -> int:
    """The first free one from there on. DemoFault if there is none."""
    for port in range(after, after + TRIED):
        if is_free(port) and claim(port):
            return port
    raise busy(after)


def claim(port: int) -> bool:
    """Take it before other demos, which may look in this moment too: whoever listens there will do so much later."""
    mine = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        mine.bind(f"\0keng-demo-{port}")  # Linux's abstract names: no file, and gone with us
    except OSError:
        mine.close()
        return False
    _claims.append(mine)
    return True


def is_free(port: int) -> bool:
    """Whether one could listen there now."""
    with socket.socket() as probe:
        # As Mosquitto does: connections of a broker that has just died must not stand in the way.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def listens(port: int) -> bool:
    """Whether somebody answers there."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((HOST, port)) == 0


def busy(port: int) -> DemoFault:
    """The sentence for a port that is taken."""
    return DemoFault(
        f"Cổng {port} đang có chương trình khác dùng. Hãy chọn cổng khác với --port, hoặc bỏ --port để máy tự chọn.",
        f"Port {port} is in use by another program. Choose another with --port, or leave --port out.",
    )
