"""Each promise between node and commune, once, by the shortest run that could break it; the witness judges too."""

import pytest
from fakes.town import Town
from fakes.townscript import Script
from fakes.townwitness import Witness

from node.journalline import read_lines

pytestmark = pytest.mark.pure


def script(seed: int = 0, *, keys: bool = False, wait_ms: int = 20_000, off_s: int = 0) -> Script:
    town = Town(seed=seed, keys=keys, commune_wall_off_ms=off_s * 1_000, witness=Witness(), capture=40)
    made = Script(town)
    made.do("wait", ms=wait_ms)
    return made


def lamp(run: Script, node: str = "gong-1") -> str:
    return run.town.nodes[node].lamps.alert


def sounding(run: Script) -> set[str]:
    return {name for name, node in run.town.nodes.items() if node.sounding}


def only(run: Script) -> str:
    (id_,) = run.town.witness.alerts
    return id_


def test_a_press_sounds_its_hamlet_and_the_relays_and_the_lamp_says_received():
    run = script()
    run.do("hold", node="gong-1", button="red")
    run.do("wait", ms=500)
    assert sounding(run) == {"gong-1", "gong-2"}
    assert lamp(run) == "received"
    assert list(run.town.service.shelf.incidents) == [only(run)]


@pytest.mark.parametrize("button", ["red", "quiet"])
@pytest.mark.parametrize("effects", range(8))
@pytest.mark.parametrize("power", [False, True])
def test_whatever_dies_between_the_effects_of_a_press_what_the_journal_claims_arrives_once(button, effects, power):
    run = script()
    run.do("dark_after", node="gong-1", effects=effects, power=power)
    run.do("hold", node="gong-1", button=button)
    run.do("on", node="gong-1", reboot=power)
    run.do("wait", ms=10_000)
    run.do("heal")


@pytest.mark.parametrize("effects", range(10))
def test_wherever_the_service_dies_around_a_press_one_row_one_answer(effects):
    run = script()
    run.do("kill_service", effects=effects)
    run.do("hold", node="gong-1", button="red")
    run.do("wait", ms=3_000)
    run.do("start_service")
    run.do("wait", ms=12_000)
    assert lamp(run) == "received"
    assert sounding(run) == {"gong-1", "gong-2"}
    run.do("ask", verb="acknowledge", target="all")
    run.do("wait", ms=1_000)
    run.do("start_service")
    run.do("wait", ms=5_000)
    assert lamp(run) == "acknowledged"
    run.do("heal")


def test_an_answer_that_was_lost_with_the_service_is_given_by_the_next():
    run = script()
    run.do("hold", node="gong-1", button="red")
    run.do("cut", link="gong-1")
    run.do("ask", verb="acknowledge", target="all")
    run.do("wait", ms=12_000)
    run.do("kill_service")
    run.do("start_service")
    run.do("wait", ms=1_000)
    run.do("mend", link="gong-1")
    run.do("heal")
    assert lamp(run) == "acknowledged"


def test_a_full_disk_withholds_received_and_nothing_else():
    run = script()
    run.do("disk", full=True)
    run.do("hold", node="gong-1", button="red")
    run.do("wait", ms=5_000)
    assert sounding(run) == {"gong-1", "gong-2"}
    assert lamp(run) == "sending"
    assert ("register", "commune") in {(one.kind, one.about) for one in run.town.service.core.troubles}
    run.do("disk", full=False)
    run.do("wait", ms=8_000)
    assert lamp(run) == "received"


def test_a_node_with_a_full_disk_sounds_sends_and_claims_nothing():
    run = script()
    run.do("node_disk", node="gong-1", state="full")
    run.do("hold", node="gong-1", button="red")
    run.do("wait", ms=1_000)
    assert lamp(run) == "received"
    assert not run.town.witness.alerts[only(run)].claimed
    run.do("heal")


def test_an_alarm_that_nobody_takes_reaches_the_neighbours_then_everybody_and_one_that_is_taken_does_not():
    run = script()
    run.do("hold", node="gong-2", button="red")
    run.do("wait", ms=28_000)
    assert sounding(run) == {"gong-2"}
    run.do("wait", ms=4_000)
    assert sounding(run) == {"gong-2", "post-1"}
    run.do("ask", verb="acknowledge", target="all")
    run.do("wait", ms=40_000)
    assert sounding(run) == {"gong-2", "post-1"}


def test_all_clear_silences_all_and_what_comes_again_sounds_nowhere():
    run = script()
    run.do("hold", node="gong-1", button="red")
    run.do("wait", ms=2_000)
    run.do("ask", verb="clear", target="all")
    run.do("wait", ms=2_000)
    assert sounding(run) == set()
    for back in range(20):
        run.do("replay", back=back)
        run.do("wait", ms=200)
    run.do("dark", node="gong-1", power=False)
    run.do("on", node="gong-1", reboot=False)
    run.do("wait", ms=30_000)
    assert sounding(run) == set()


def test_a_gong_that_hears_nothing_more_stops_with_the_lease():
    run = script()
    run.do("ask", verb="alarm", kind="fire", hamlets=["all"], lease_s=30)
    run.do("wait", ms=2_000)
    run.do("cut", link="gong-1")
    run.do("wait", ms=40_000)
    assert sounding(run) == set()


def test_a_node_that_starts_in_the_middle_of_an_alarm_joins():
    run = script()
    run.do("dark", node="gong-2", power=True)
    run.do("ask", verb="alarm", kind="fire", hamlets=["all"])
    run.do("wait", ms=11_000)
    run.do("on", node="gong-2")
    run.do("wait", ms=700)
    assert sounding(run) == {"gong-1", "gong-2", "post-1"}


@pytest.mark.parametrize("keys", [False, True])
def test_a_silent_press_sounds_at_the_post_alone_and_shows_nothing(keys):
    run = script(keys=keys)
    run.do("hold", node="gong-1", button="quiet")
    run.do("wait", ms=12_000)
    assert sounding(run) == {"post-1"}
    assert lamp(run) == "dark"
    run.do("ask", verb="clear", target="all")
    run.do("wait", ms=12_000)
    assert sounding(run) == set()


def test_a_chime_sounds_once_through_a_power_cut_in_the_middle_of_it():
    run = script(off_s=540)
    run.do("wait", ms=43_000)
    for node in ("gong-1", "gong-2"):
        run.do("dark", node=node, power=True)
        run.do("on", node=node)
    run.do("wait", ms=70_000)
    assert set(run.town.witness.chimes.values()) == {1}


def test_a_chime_sounds_without_a_service_by_the_stored_code_book():
    run = script(off_s=430)
    run.do("kill_service")
    run.do("crash_broker")
    run.do("wait", ms=180_000)
    assert {node for node, _ in run.town.witness.chimes} == set(run.town.nodes)


def test_no_clock_that_jumps_about_a_chime_makes_it_sound_twice():
    run = script(off_s=550)
    run.do("wait", ms=35_000)
    run.do("jump", ms=-40_000)
    run.do("wait", ms=90_000)
    run.do("kill_service")
    run.do("start_service")
    run.do("wait", ms=70_000)
    assert set(run.town.witness.chimes.values()) == {1}


@pytest.mark.parametrize("keys", [False, True])
@pytest.mark.parametrize(
    "how", ["counter", "retained", "old", "just old", "future", "unsigned", "stolen topic", "garbage", "absurd"]
)
def test_an_order_that_is_wrong_in_one_way_sounds_nowhere(how, keys):
    run = script(keys=keys)
    run.do("forge", how=how)
    run.do("wait", ms=2_000)
    run.do("dark", node="gong-1", power=True)
    run.do("on", node="gong-1")
    run.do("wait", ms=12_000)
    assert sounding(run) == set()


@pytest.mark.parametrize("keys", [False, True])
def test_an_order_with_the_last_of_all_numbers_silences_no_gong_for_good(keys):
    run = script(keys=keys)
    run.do("forge", how="absurd")
    run.do("wait", ms=12_000)
    run.do("ask", verb="alarm", kind="fire", hamlets=["all"])
    run.do("wait", ms=2_000)
    assert sounding(run) == set(run.town.nodes)


@pytest.mark.parametrize("keys", [False, True])
def test_nothing_that_was_captured_sounds_again_not_even_after_a_reboot(keys):
    run = script(keys=keys)
    run.do("hold", node="gong-1", button="red")
    run.do("ask", verb="alarm", kind="fire", hamlets=["all"], lease_s=20)
    run.do("wait", ms=100_000)
    assert sounding(run) == set()
    run.do("dark", node="gong-2", power=True)
    run.do("on", node="gong-2")
    run.do("wait", ms=5_000)
    for back in range(40):
        run.do("replay", back=back)
        run.do("replay", back=back, node="gong-2")
    run.do("wait", ms=15_000)
    assert sounding(run) == set()


@pytest.mark.parametrize("after_ms", range(56, 72, 2))
def test_a_set_replayed_to_a_gong_that_has_just_rebooted_is_not_obeyed_again(after_ms):
    run = script()
    run.do("ask", verb="alarm", kind="fire", hamlets=["all"])
    run.do("wait", ms=1_000)
    run.do("ask", verb="clear", target="all")
    run.do("wait", ms=4_000)
    run.do("dark", node="gong-2", power=True)
    run.do("on", node="gong-2")
    run.do("wait", ms=after_ms)
    run.do("replay_alarm", node="gong-2")
    run.do("wait", ms=1_000)
    assert sounding(run) == set()


def test_the_service_s_numbers_rise_over_restarts_with_the_clock_three_years_back():
    run = script()
    for ms in (94_608_000_000, -94_608_000_000, -94_608_000_000):
        run.do("jump", ms=ms)
        run.do("wait", ms=3_000)
        run.do("kill_service")
        run.do("start_service")
        run.do("wait", ms=12_000)
    run.do("ask", verb="alarm", kind="fire", hamlets=["all"])
    run.do("wait", ms=12_000)
    assert sounding(run) == set(run.town.nodes)


def test_a_press_taken_back_is_over_everywhere_and_stays_so_even_if_the_cancel_comes_first():
    run = script(seed=3)
    run.do("weather", link="gong-1", kind="storm")
    for _ in range(3):
        run.do("hold", node="gong-1", button="red")
        run.do("hold", node="gong-1", button="cancel", ms=200)
    run.do("heal")
    assert sounding(run) == set()
    assert {row.state for row in run.town.service.shelf.incidents.values()} <= {"false_alarm"}


def test_a_silent_node_is_a_trouble_until_it_speaks_again():
    run = script()
    run.do("dark", node="gong-2", power=True)
    run.do("wait", ms=12_000)
    assert ("node_silent", "gong-2") in {(one.kind, one.about) for one in run.town.service.core.troubles}
    run.do("on", node="gong-2")
    run.do("wait", ms=2_000)
    assert not run.town.service.core.troubles


def test_a_node_whose_will_died_with_the_broker_is_missed_all_the_same():
    run = script()
    run.do("cut", link="gong-2")
    run.do("crash_broker")
    run.do("start_broker")
    run.do("wait", ms=17_000)
    assert ("node_silent", "gong-2") in {(one.kind, one.about) for one in run.town.service.core.troubles}


def test_each_all_clear_states_the_set_even_if_nothing_sounds():
    run = script()
    said = []
    run.town.broker.taps.append(lambda _, publication: said.append(publication.topic))
    run.do("ask", verb="clear", target="all")
    run.do("wait", ms=50)
    assert run.town.topics.all("alarms") in said


def test_after_a_broker_s_death_everything_goes_on_and_nothing_old_sounds():
    run = script()
    run.do("crash_broker")
    run.do("hold", node="gong-1", button="red")
    run.do("wait", ms=40_000)
    assert sounding(run) == {"gong-1"}
    assert lamp(run) == "sending"
    run.do("start_broker")
    run.do("wait", ms=31_000)
    assert lamp(run) == "received"
    run.do("heal")


def real_sounds(seed: int, drills: bool) -> list[tuple[str, int, int]]:
    """When each gong sounded a real alarm; with exercises all around it, or without."""
    run = script(seed=seed)
    alarms: set[str] = set()
    if drills:
        run.do("ask", verb="alarm", user="second", kind="fire", hamlets=["all"], drill=True)
    else:
        run.do("wait", ms=0)
    run.do("wait", ms=1_000)
    run.do("ask", verb="alarm", kind="fire", hamlets=["h1", "h2"], lease_s=25)
    run.do("wait", ms=5_000)
    if drills:
        run.do("ask", verb="alarm", user="second", kind="theft", hamlets=["all"], drill=True)
        run.do("wait", ms=5_000)
        drill = [one.told.target for one in run.town.asked.values() if one.user == "second"]
        run.do("ask", verb="clear", user="second", target=drill[0])
        run.do("wait", ms=5_000)
    else:
        run.do("wait", ms=10_000)
    run.do("wait", ms=40_000)
    alarms = {one.told.target for one in run.town.asked.values() if one.user == "duty" and one.verb == "alarm"}
    sounds = [one for one in run.town.witness.heard if one[1] in alarms]
    return sorted((name, round(began / 50), round(ended / 50)) for name, _, began, ended in sounds)


@pytest.mark.parametrize("seed", range(3))
def test_drills_neither_start_nor_stop_nor_delay_a_real_alarm(seed):
    assert real_sounds(seed, drills=True) == real_sounds(seed, drills=False) != []


def test_the_same_seed_and_steps_are_the_same_run():
    runs = []
    for _ in range(2):
        run = script(seed=5, keys=True)
        run.do("weather", link="gong-1", kind="storm")
        run.do("hold", node="gong-1", button="red")
        run.do("wait", ms=60_000)
        run.do("heal")
        runs.append((run.town.agenda.done, run.town.witness.heard, run.town.service.shelf.journal))
    assert runs[0] == runs[1]


def test_a_journal_keeps_what_it_needs_and_no_more():
    run = script()
    for _ in range(5):
        run.do("hold", node="gong-1", button="red")
        run.do("ask", verb="close", target="all", outcome="báo nhầm")
        run.do("wait", ms=20_000)
    kept = read_lines(run.town.nodes["gong-1"].disk.platter)
    assert kept.damaged == 0
    assert len(kept.records) < 60
