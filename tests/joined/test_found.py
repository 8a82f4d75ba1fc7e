"""What the joined cores did wrong once: each as the shortest script that showed it, named after what must hold."""

import pytest
from fakes.town import Town
from fakes.townscript import Script
from fakes.townwitness import Witness

pytestmark = pytest.mark.pure


def script(seed: int = 0, *, keys: bool = False) -> Script:
    made = Script(Town(seed=seed, keys=keys, witness=Witness(), capture=40))
    made.do("wait", ms=20_000)
    return made


@pytest.mark.parametrize("keys", [False, True])
def test_a_set_that_no_node_obeys_does_not_put_the_commune_off_its_own(keys):
    # Said again every few seconds it would have kept the commune silent until every lease was over.
    run = script(keys=keys)
    run.do("hold", node="gong-1", button="red")
    for _ in range(8):
        run.do("wait", ms=6_000)
        run.do("replay_set")
    assert run.town.nodes["gong-1"].sounding is not None


def test_a_status_that_has_just_been_said_is_no_kept_one():
    run = script()
    run.do("wait", ms=40_000)
    assert not run.town.service.core.troubles
