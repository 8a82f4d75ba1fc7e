"""Both cores, joined by a link that loses, reorders and doubles, while everything crashes: no promise is broken.

Hypothesis chooses the steps; fakes/townwitness.py judges after each of them, and at every moment between. A failing run
prints a script that replays it. KENG_SOAK=1 runs long.
"""

import os

import pytest
from fakes.town import HOMES, Town
from fakes.townscript import BAD_ORDERS, Script
from fakes.townwitness import Witness
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

SOAK = os.environ.get("KENG_SOAK") == "1"
EXAMPLES, STEPS = (3_000, 60) if SOAK else (100, 30)  # some 35 s by default

pytestmark = [pytest.mark.pure, pytest.mark.timeout(0 if SOAK else 600)]

nodes = st.sampled_from(sorted(HOMES))
links = st.sampled_from([*sorted(HOMES), "service"])
MOST_PRESSES = 12  # of a run: the flood has tests of its own


class Joined(RuleBasedStateMachine):
    """One town, whatever happens to it."""

    @initialize(
        seed=st.integers(0, 2**16), keys=st.sampled_from([False, False, True]), off_s=st.sampled_from([0, 430, 570])
    )
    def begin(self, seed, keys, off_s):
        # The town begins at 20:40, or shortly before the chime of 20:50.
        town = Town(seed=seed, keys=keys, commune_wall_off_ms=off_s * 1_000, witness=Witness(), capture=40)
        self.script = Script(town)
        self.presses = 0
        self.script.do("wait", ms=20_000)

    @rule(ms=st.sampled_from([50, 700, 3_000, 12_000, 31_000, 65_000, 100_000]))
    def wait(self, ms):
        self.script.do("wait", ms=ms)

    @precondition(lambda self: self.presses < MOST_PRESSES)
    @rule(
        node=nodes, button=st.sampled_from(["red", "fire", "quiet", "try"]), drill=st.sampled_from([False] * 3 + [True])
    )
    def press(self, node, button, drill):
        self.presses += 1
        self.script.do("hold", node=node, button=button, drill=drill)

    @precondition(lambda self: self.presses < MOST_PRESSES)
    @rule(node=nodes, effects=st.integers(0, 6), power=st.booleans(), button=st.sampled_from(["red", "quiet"]))
    def press_and_go_dark(self, node, effects, power, button):
        self.presses += 1
        self.script.do("dark_after", node=node, effects=effects, power=power)
        self.script.do("hold", node=node, button=button)

    @rule(node=nodes)
    def cancel(self, node):
        self.script.do("hold", node=node, button="cancel", ms=200)

    @rule(
        drill=st.booleans(),
        hamlets=st.sampled_from([["all"], ["h1"], ["h2", "h3"]]),
        lease_s=st.sampled_from([None, 20]),
    )
    def officer_alarm(self, drill, hamlets, lease_s):
        more = {} if lease_s is None else {"lease_s": lease_s}
        self.script.do("ask", verb="alarm", kind="fire", hamlets=hamlets, drill=drill, **more)

    @rule(user=st.sampled_from(["duty", "second"]))
    def officer_clear(self, user):
        self.script.do("ask", verb="clear", user=user, target="all")

    @rule(user=st.sampled_from(["duty", "second"]))
    def officer_acknowledge(self, user):
        self.script.do("ask", verb="acknowledge", user=user, target="all")

    @rule(outcome=st.sampled_from(["cháy", "báo nhầm"]))
    def officer_close(self, outcome):
        self.script.do("ask", verb="close", target="all", outcome=outcome)

    @rule(link=links)
    def cut(self, link):
        self.script.do("cut", link=link)

    @rule(link=links)
    def mend(self, link):
        self.script.do("mend", link=link)

    @rule(link=links, kind=st.sampled_from(["storm", "slow", "fair"]))
    def weather(self, link, kind):
        self.script.do("weather", link=link, kind=kind)

    @rule(node=nodes, power=st.booleans(), effects=st.none() | st.integers(0, 5))
    def node_goes_dark(self, node, power, effects):
        if effects is None:
            self.script.do("dark", node=node, power=power)
        else:
            self.script.do("dark_after", node=node, effects=effects, power=power)

    @rule(node=nodes, reboot=st.booleans())
    def node_is_back(self, node, reboot):
        self.script.do("on", node=node, reboot=reboot)

    @rule(node=nodes, kept=st.integers(0, 120))
    def a_write_is_torn(self, node, kept):
        self.script.do("tear", node=node, kept=kept)

    @rule(node=nodes, state=st.sampled_from(["full", "read_only", "ok"]))
    def node_disk(self, node, state):
        self.script.do("node_disk", node=node, state=state)

    @rule(effects=st.none() | st.integers(0, 8))
    def service_dies(self, effects):
        self.script.do("kill_service", effects=effects)

    @rule()
    def service_is_back(self):
        self.script.do("start_service")

    @rule()
    def broker_dies(self):
        self.script.do("crash_broker")

    @rule()
    def broker_is_back(self):
        self.script.do("start_broker")

    @rule(full=st.booleans())
    def commune_disk(self, full):
        self.script.do("disk", full=full)

    @rule(
        ms=st.sampled_from([-94_608_000_000, -25_200_000, -40_000, -3_000, 3_000, 40_000, 25_200_000, 94_608_000_000])
    )
    def clock_jumps(self, ms):
        self.script.do("jump", ms=ms)

    @rule(back=st.integers(0, 39), node=st.none() | nodes)
    def replay(self, back, node):
        self.script.do("replay", back=back, node=node)

    @rule(how=st.sampled_from(BAD_ORDERS))
    def forge(self, how):
        self.script.do("forge", how=how)

    def teardown(self):
        if hasattr(self, "script"):
            self.script.do("heal")


TestJoined = Joined.TestCase
TestJoined.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.target, Phase.shrink],
    print_blob=not SOAK,
)
