"""One press, or one chime, and up to four faults within half a second of it: Hypothesis aims, and shrinks what breaks.

A failing example is a short list; the script that replays it is in the message. KENG_SOAK=1 tries many more.
"""

import os
import random

import pytest
from fakes.townsteps import RANKS
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from street.faults import AT_A_PRESS, Draft, broker_dies_after_puback
from street.nights import SHRINK
from street.plan import HOLD_MS, HOMES, HOUR_MS, Plan, play

from wire.words import Instant

pytestmark = [pytest.mark.pure, pytest.mark.timeout(0)]

EXAMPLES = 5_000 if os.environ.get("KENG_SOAK") == "1" else 60
PHASES = [phase for phase in Phase if SHRINK or phase not in (Phase.shrink, Phase.explain)]
PRESS_MS = 20_000
AFTER_MS = 90_000
BEGINS_MS = Instant.parse("2026-11-21T14:56:00.000Z").ms

faults = st.lists(
    st.tuples(st.sampled_from(AT_A_PRESS), st.integers(-500, 500), st.integers(0, 2**20)), min_size=1, max_size=4
)


def evening(seed, keys, moment_ms, aimed, put):
    draft = Draft(random.Random(seed), HOMES)
    draft.victim = "thon-1"
    draft.end_ms = end_ms = moment_ms + AFTER_MS
    put(draft, moment_ms)
    for fault, off_ms, dice in aimed:
        draft.rng = random.Random(dice)
        fault(draft, moment_ms + off_ms)
    draft.put(end_ms, "heal")
    town = {
        "seed": seed, "homes": HOMES, "keys": keys, "begins_ms": BEGINS_MS, "chimes": ("05:00", "22:00"), "capture": 40,
    }  # fmt: skip
    play(Plan(seed, town, draft.in_order()))


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), phases=PHASES)
@given(st.integers(0, 999), st.booleans(), st.sampled_from(sorted(RANKS)), st.booleans(), st.booleans(), faults)
@example(0, False, "red", False, True, [(broker_dies_after_puback, 0, 1)])
def test_whatever_falls_on_a_press(seed, keys, button, drill, ended, aimed):
    def put(draft, at_ms):
        draft.put(at_ms - HOLD_MS, "finger", node="thon-1", button=button, **({"drill": True} if drill else {}))
        draft.ask(at_ms + 3_000, "acknowledge", target="all")
        if ended:
            draft.ask(at_ms + 9_000, "clear", target="all")
            draft.ask(at_ms + 15_000, "close", target="all", outcome="cháy")

    evening(seed, keys, PRESS_MS, aimed, put)


@settings(max_examples=EXAMPLES // 2, suppress_health_check=list(HealthCheck), phases=PHASES)
@given(st.integers(0, 999), st.booleans(), faults)
def test_whatever_falls_on_the_hour(seed, keys, aimed):
    evening(seed, keys, HOUR_MS, aimed, lambda draft, at_ms: None)
