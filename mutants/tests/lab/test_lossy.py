"""A press over a network that loses a quarter of its packets each way is received (faults 1 and 2), by real TCP.

Node, service and Mosquitto all live in a namespace of their own, whose loopback drops at random. The bound is not the
bar of a sound network: retransmission waits 200 ms, then twice as long each time.
"""

import os
from collections.abc import Callable, Iterator

import pytest
from fakes.lab import Lab
from fakes.namespace import Namespace, NotPermitted

SOAK = os.environ.get("KENG_SOAK") == "1"
LOSSES = [0.2, 0.3, 0.4] * 10 if SOAK else [0.3]
pytestmark = pytest.mark.soak
RECEIVED_S = 60.0  # several connections may die of it first
LOST_AT_LEAST = 3  # or nothing was proved


@pytest.fixture
def namespace() -> Iterator[Namespace]:
    try:
        with Namespace() as place:
            yield place
    except NotPermitted as why:
        pytest.skip(f"no network namespace that loses packets here: {why}")


@pytest.fixture
def lab(start_lab: Callable[..., Lab], namespace: Namespace) -> Lab:
    one = start_lab(start=False)
    for part in (one.broker, one.commune, one.node):
        part.inside = namespace.inside
    one.bypass_cables()
    one.start()
    return one


@pytest.mark.timeout(300)
@pytest.mark.parametrize("loss", LOSSES)
def test_a_press_under_heavy_loss_sounds_at_once_and_is_received_once(
    lab: Lab, namespace: Namespace, loss: float
) -> None:
    namespace.lose(loss)
    alert = lab.press()
    lab.node.see(lambda glance: glance["gong"])
    lab.received(alert, RECEIVED_S)
    lab.node.see(lambda glance: glance["alert"] == "received", RECEIVED_S)
    assert namespace.lost() >= LOST_AT_LEAST
    # Still once, whatever was sent again meanwhile.
    namespace.lose(0)
    lab.settle()
    lab.received(alert)
    assert len(lab.commune.incidents()) == 1
