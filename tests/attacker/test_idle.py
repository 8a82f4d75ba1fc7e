"""1,200 idle connections from the village's network (faults 16): an honest box still connects, and is served.

Mosquitto has the limit on open files here that our drop-in gives its unit; by Debian's own, 1,024, nobody gets in.
"""

import resource
import socket
import time
from collections.abc import Iterator

import pytest
from fakes.installed import glance
from fakes.ports import HOST
from fakes.waiting import eventually

IDLE = 1_200
LET_IN_S = 5.0
GONG, HONEST = "thon-1", "thon-2"


@pytest.fixture
def idle(siege) -> Iterator[list[socket.socket]]:
    """Connected, and silent."""
    most = min(
        resource.getrlimit(resource.RLIMIT_NOFILE)[1], resource.prlimit(mosquitto(siege), resource.RLIMIT_NOFILE)[1]
    )
    if most < IDLE + 200:
        pytest.skip(f"this machine lets a process open {most} files: too few for {IDLE} connections")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(before[0], IDLE + 200), before[1]))
    held: list[socket.socket] = []
    try:
        for number in range(IDLE):
            held.append(socket.create_connection((HOST, siege.machine.ports[number % 2]), 10))
        yield held
    finally:
        for one in held:
            one.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def mosquitto(siege) -> int:
    pid: int = siege.machine.processes["mosquitto"].pid
    return pid


def test_1200_idle_connections_lock_no_honest_box_out(siege, idle):
    began_s = time.monotonic()
    honest = siege.thief(HONEST)
    assert siege.press(honest, HONEST) < LET_IN_S
    assert time.monotonic() - began_s < LET_IN_S
    # And a real one, with its own patience: its power comes back while they are there.
    process, box = siege.machine.processes[GONG], siege.boxes[GONG]
    process.kill()
    process.wait()
    (box / "control").unlink()
    siege.machine.start_node(GONG, box)
    eventually(lambda: glance(box)["link"] == "steady", why="the gong is not let in")
    assert len(idle) == IDLE


def test_idle_connections_that_are_half_way_in_are_no_better(siege, idle):
    for one in idle[::2]:
        one.sendall(b"\x16\x03\x01")  # the first bytes of a TLS greeting that never goes on
    assert siege.press(siege.thief(HONEST), HONEST) < LET_IN_S
