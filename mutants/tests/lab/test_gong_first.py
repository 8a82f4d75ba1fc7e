"""Fault 1: whatever becomes of cable, broker and commune while a finger is on the button, the own gong sounds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.lab import HOLD_MS, SOON_MS, Lab, opened

FAULTS = ("cable stalled", "cable cut", "service frozen", "broker frozen", "broker killed", "all dead")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, blank_register: Path) -> Iterator[Lab]:
    with opened(tmp_path_factory.mktemp("first"), blank_register) as one:
        one.start()
        yield one


@pytest.mark.parametrize("fault", FAULTS)
def test_the_own_gong_sounds_within_150_ms_of_the_hold_whatever_happens_meanwhile(lab: Lab, fault: str) -> None:
    lab.touch(closed=True)
    match fault:
        case "cable stalled":
            lab.cable.stall()
        case "cable cut":
            lab.cable.refuse()
        case "service frozen":
            lab.commune.freeze()
        case "broker frozen":
            lab.broker.freeze()
        case "broker killed":
            lab.broker.kill()
        case _:
            lab.broker.kill()
            lab.commune.kill()
    assert HOLD_MS <= lab.heard_after_ms() <= HOLD_MS + SOON_MS
    lab.touch(closed=False)
    lab.node.ask({"cancel": True}, until="released")
    lab.node.see(lambda glance: glance["gong"] is None)
    lab.heal()
    lab.settle()
