"""Fault 22: two officers act at once on the same incident, by the asks that every console and program uses.

The journal has each action in one order, both are told, and the incident ends in one state. Silencing is not closing.
"""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fakes.lab import OUTCOME, Lab, opened
from fakes.waiting import eventually

ROUNDS = 12
ACTS = ("acknowledge", "close", "clear")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, blank_register: Path) -> Iterator[Lab]:
    with opened(tmp_path_factory.mktemp("officers"), blank_register) as one:
        one.start()
        yield one


@pytest.fixture(autouse=True)
def quiet(lab: Lab) -> Iterator[None]:
    """After each test, whatever their order."""
    yield
    lab.quiet()


def an_incident(lab: Lab) -> str:
    told = lab.ask("alarm", kind="fire", hamlets=["thon-1"])
    target: str = told["target"]
    return target


def act(lab: Lab, user: str, verb: str, target: str) -> bool:
    fields = {"outcome": OUTCOME} if verb == "close" else {}
    return bool(lab.ask(verb, user=user, target=target, **fields)["ok"])


def test_two_officers_at_once_leave_every_action_in_one_order_and_one_final_state(lab: Lab) -> None:
    rng = random.Random(22)
    with ThreadPoolExecutor(2) as both:
        for _ in range(ROUNDS):
            incident = an_incident(lab)
            verbs = {user: rng.choice(ACTS) for user in ("duty", "second")}
            asked = {user: both.submit(act, lab, user, verb, incident) for user, verb in verbs.items()}
            done = {user for user, told in asked.items() if told.result()}
            asks = lab.commune.rows("SELECT user, verb, ok FROM register_ask WHERE target = ? ORDER BY seq", incident)
            acts = [(row["user"], row["verb"], bool(row["ok"])) for row in asks if row["verb"] != "alarm"]
            assert sorted(acts) == sorted((user, verb, user in done) for user, verb in verbs.items())
            [row] = [one for one in lab.commune.incidents() if one["id"] == incident]
            # Replayed in the journal's order, the accepted acts give the state that the register has.
            state, taken_by = "open", None
            for user, verb, ok in acts:
                assert ok == (verb == "clear" or state != "false_alarm"), acts
                if ok and verb == "acknowledge":
                    state, taken_by = "acknowledged", taken_by or user
                elif ok and verb == "close":
                    state = "false_alarm"
            assert (row["state"], row["acknowledged_by"]) == (state, taken_by), acts
            lab.quiet()


def test_silencing_is_not_closing(lab: Lab) -> None:
    incident = an_incident(lab)
    lab.node.see(lambda glance: glance["gong"] == "alarm")
    assert act(lab, "duty", "clear", incident)
    lab.node.see(lambda glance: glance["gong"] is None)
    row = lab.incident(incident)
    assert row is not None and row["state"] == "open"


def test_the_same_ask_by_hand_twice_is_answered_twice_and_done_once(lab: Lab) -> None:
    before = len(lab.commune.incidents())
    first = lab.ask("alarm", id="twice", kind="fire", hamlets=["thon-1"])
    again = lab.ask("alarm", id="twice", kind="fire", hamlets=["thon-1"])
    assert first == again and first["ok"]
    assert eventually(lambda: len(lab.commune.incidents())) == before + 1
