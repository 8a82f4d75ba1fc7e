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


def test_a_stale_set_with_a_high_number_does_not_put_the_commune_off_its_own():
    run = script()
    for node in run.town.nodes:
        run.do("dark", node=node, power=True)
    for _ in range(4):
        run.do("wait", ms=6_000)
        run.do("forge", how="old")


def test_a_status_that_has_just_been_said_is_no_kept_one():
    run = script()
    run.do("wait", ms=40_000)
    assert not run.town.service.core.troubles


@pytest.mark.parametrize("cut_ms", [806, 808, 810, 814])
def test_a_gong_that_was_cut_off_at_the_press_hears_that_it_is_over(cut_ms):
    # It had never heard its alarm stated, so absence from the set told it nothing: it rang on for three minutes.
    run = script()
    run.do("press_then_cut", ms=cut_ms)
    run.do("wait", ms=2_000)
    run.do("ask", verb="clear", target="all")
    run.do("wait", ms=3_000)
    run.do("mend", link="gong-1")
    run.do("wait", ms=40_000)
    assert run.town.nodes["gong-1"].sounding is None


def test_a_copy_that_comes_after_the_all_clear_sounds_nowhere():
    # The commune cannot write, so it answers nothing, and a gong that comes late hears the alert said again.
    run = script()
    run.do("cut", link="gong-2")
    run.do("wait", ms=12_000)
    run.do("disk", full=True)
    run.do("hold", node="gong-1", button="red")
    run.do("wait", ms=2_000)
    run.do("ask", verb="clear", target="all")
    run.do("wait", ms=1_000)
    run.do("mend", link="gong-2")
    run.do("wait", ms=60_000)
    sounded = {name for name, _, _, _ in run.town.witness.heard}
    assert sounded == {"gong-1"}


def test_a_gong_hears_that_its_alert_was_closed_though_the_commune_s_clock_has_jumped_by_years():
    run = script()
    run.do("hold", node="gong-1", button="red")
    run.do("cut", link="gong-1")
    run.do("ask", verb="close", target="all", outcome="báo nhầm")
    run.do("wait", ms=2_000)
    run.do("jump", ms=94_608_000_000)
    run.do("heal")
    assert run.town.nodes["gong-1"].lamps.alert == "dark"


def test_the_next_service_tells_a_gong_that_never_heard_it_that_its_alarm_was_ended():
    run = script()
    run.do("press_then_cut", ms=806)
    run.do("wait", ms=2_000)
    run.do("ask", verb="clear", target="all")
    run.do("wait", ms=1_000)
    run.do("kill_service")
    run.do("start_service")
    run.do("wait", ms=1_000)
    run.do("mend", link="gong-1")
    run.do("wait", ms=40_000)
    assert run.town.nodes["gong-1"].sounding is None


@pytest.mark.parametrize("cut_ms", range(2, 12))
def test_an_answer_that_was_lost_with_the_service_s_own_link_is_given_again_when_that_is_back(cut_ms):
    # The node's link held, so it had no reason to say hello; its lamp went on for minutes after the case was closed.
    run = script()
    run.do("hold", node="gong-1", button="red")
    run.do("wait", ms=3_000)
    run.do("ask_then_cut", verb="close", ms=cut_ms, target="all", outcome="cháy")
    run.do("wait", ms=12_000)
    run.do("mend", link="service")
    run.do("wait", ms=50_000)
    assert run.town.nodes["gong-1"].lamps.alert == "dark"


@pytest.mark.parametrize("verb", ["clear", "close"])
@pytest.mark.parametrize("effects", range(6))
def test_a_service_that_dies_while_it_ends_an_alarm_lets_it_sound_no_more_once_it_said_so(effects, verb):
    # The set without it went out before the row was written: the next service stated the alarm again.
    run = script()
    run.do("hold", node="gong-1", button="red")
    run.do("wait", ms=2_000)
    run.do("kill_service", effects=effects)
    run.do("ask", verb=verb, target="all", **({"outcome": "cháy"} if verb == "close" else {}))
    run.do("wait", ms=500)
    run.do("heal")
    run.do("wait", ms=20_000)
    assert run.town.nodes["gong-1"].sounding is None


def test_an_all_clear_is_said_at_once_even_if_it_cannot_be_written():
    run = script()
    run.do("hold", node="gong-1", button="red")
    run.do("disk", full=True)
    run.do("ask", verb="clear", target="all")
    run.do("wait", ms=500)
    assert run.town.nodes["gong-1"].sounding is None


@pytest.mark.parametrize("effects", range(6))
def test_an_all_clear_soon_after_a_disk_was_freed_is_written_before_it_is_said(effects):
    run = script()
    run.do("hold", node="gong-1", button="red")
    run.do("wait", ms=2_000)
    run.do("disk", full=True)
    run.do("hold", node="gong-1", button="red")
    run.do("wait", ms=20_000)  # the next try is seconds away
    run.do("disk", full=False)
    run.do("kill_service", effects=effects)
    run.do("ask", verb="clear", target="all")
    run.do("wait", ms=500)
    run.do("kill_service")
    run.do("heal")
    run.do("wait", ms=20_000)
    assert run.town.nodes["gong-1"].sounding is None


def test_a_press_with_the_cable_out_is_not_silenced_by_an_all_clear_that_was_given_before_it():
    # It insisted on an alert that was over by then: the old all-clear came with the cable and silenced the new press.
    run = script()
    run.do("hold", node="gong-1", button="red")
    run.do("wait", ms=1_000)
    run.do("cut", link="gong-1")
    run.do("ask", verb="clear", target="all")
    run.do("wait", ms=15_000)
    run.do("hold", node="gong-1", button="red")
    run.do("mend", link="gong-1")
    run.do("wait", ms=5_000)
    assert run.town.nodes["gong-1"].sounding is not None
    run.do("heal")


def test_presses_with_the_cable_out_are_one_new_alert_not_one_each():
    run = script()
    run.do("hold", node="gong-1", button="red")
    run.do("wait", ms=1_000)
    run.do("cut", link="gong-1")
    run.do("wait", ms=15_000)
    for _ in range(5):
        run.do("hold", node="gong-1", button="red")
    run.do("heal")
    assert len(run.town.service.shelf.incidents) == 2


@pytest.mark.parametrize("seed", range(3))
def test_a_gong_that_its_lease_has_silenced_does_not_sound_again_for_the_alarm_s_last_second(seed):
    # Another alarm begins in the moment in which one ends: the set still states that one, for a second, rounded up.
    for early_ms in range(-3, 12):
        run = Script(Town(seed=seed, witness=Witness()))
        run.at(21_000, "ask", verb="alarm", kind="fire", hamlets=["h1"], lease_s=20)
        run.at(41_000 - early_ms, "ask", verb="alarm", user="second", kind="fire", hamlets=["h3"], lease_s=20)
        run.do("wait", ms=2_000)
