"""From two bare Debians to a proven stroke, and what brings it back: a real systemd, and what our scripts installed.

One promise a test; the town is one for all of a release, and the tests go through it in their order.
"""

import json
import re
import time

import pytest
from fakes.boottown import BOX, Town, back
from fakes.onethread import stopped, threads
from fakes.waiting import eventually

pytestmark = [pytest.mark.soak, pytest.mark.timeout(0)]

WITHIN_S = 60.0
COMMUNE_UNITS = ("mosquitto", "keng-commune", "keng-console")
SOUND_NS = 1_000_000_000
"""From the end of a hold of a second to the gong: far above what `make bench` measures, for a busy machine."""
MORE_THAN_A_LIMIT = 7
"""systemd gives up at the fifth start within ten seconds unless a unit says otherwise."""
WATCHED = {"keng-commune": 30, "keng-console": 30}


def test_all_is_up_and_nothing_has_failed(town: Town) -> None:
    for machine in (town.commune, town.box):
        assert machine.run("systemctl --failed --plain --no-legend").stdout == ""
    for unit in (*COMMUNE_UNITS, "keng-broker.path", "keng-certificate.timer"):
        assert (
            town.commune.run(f"systemctl is-active {unit}; systemctl is-enabled {unit}").stdout == "active\nenabled\n"
        )
    assert "✗" not in town.fitted.stdout, "the box found something wrong with itself"


def test_nobody_of_ours_is_root_and_a_group_opens_what_is_its_own(town: Town) -> None:
    for unit, user in (("mosquitto", "mosquitto"), ("keng-commune", "keng"), ("keng-console", "keng")):
        assert town.commune.run(f"stat -c %U /proc/{town.commune.pid_of(unit)}").stdout.strip() == user
    # PrivateUsers hides names, not rights: what is root:audio 0640 (a sound card) can be opened.
    town.box.run("install -m 640 -o root -g audio /etc/hostname /run/card")
    asks = "-p User=keng -p SupplementaryGroups=audio -p PrivateUsers=yes"
    town.box.run(f"systemd-run --quiet --wait --pipe {asks} cat /run/card")
    denied = town.box.run("systemd-run --quiet --wait --pipe -p User=nobody cat /run/card", check=False)
    assert denied.returncode != 0


def test_the_box_is_linked_by_tls_and_obeys_signed_orders_alone(town: Town) -> None:
    [row] = [row for row in town.status()["nodes"] if row["node"] == BOX]
    assert row["online"] and row["orders_signed"] is True
    peers = town.box.run(f"cat /proc/{town.box.pid_of('keng-node')}/net/tcp").stdout
    assert f":{8883:04X} " in peers
    who = f"-V mqttv5 -h {town.commune.address} -u {BOX} -P $(cat /etc/keng/nodepass) -q 1 -m x"
    town.commune.run(f"install -m 600 /root/{BOX}/password /etc/keng/nodepass")
    tls = "--cafile /etc/keng/ca/ca.crt"
    own = town.commune.run(f"mosquitto_pub {who} {tls} -p 8883 -t keng/1/cong-lac/all/alarms", check=False)
    assert "Not authorized" in own.stderr or own.returncode != 0, "a box can order"
    assert town.commune.run(f"mosquitto_pub {who} -p 8883 -t x", check=False).returncode != 0, "without TLS"
    town.commune.run("rm /etc/keng/nodepass")
    town.until_linked()  # that client had the box's own name, and took its place for a moment


def test_a_press_sounds_at_once_is_received_and_taken(town: Town) -> None:
    released_ns = town.press()
    heard_ns = eventually(lambda: town.heard_since(released_ns - SOUND_NS), WITHIN_S, "the gong is silent")
    assert heard_ns - released_ns < SOUND_NS
    town.timed(
        "press → its lamp says received", lambda: eventually(lambda: town.glance().get("alert") == "received", WITHIN_S)
    )
    [row] = town.asked("incidents --open")["incidents"]
    assert (row["node"], row["kind"], row["state"]) == (BOX, "fire", "open")
    town.asked(f"acknowledge {row['id']}")
    eventually(lambda: town.glance().get("alert") == "acknowledged", WITHIN_S, "the lamp never went steady")
    town.asked(f"close {row['id']} --outcome cháy")
    eventually(lambda: not town.sounding(), WITHIN_S, "it was not silenced")


def test_an_officers_signed_alarm_sounds_and_is_silenced(town: Town) -> None:
    began_ns = time.monotonic_ns()
    town.asked("alarm --all --kind disaster")
    heard_ns = eventually(lambda: town.heard_since(began_ns), WITHIN_S, "the gong is silent")
    town.keep("keng alarm → heard", (heard_ns - began_ns) / 1e9)
    town.hush()


def test_the_installer_run_again_changes_and_restarts_nothing(town: Town) -> None:
    before = [town.commune.pid_of(unit) for unit in COMMUNE_UNITS]
    done = town.timed("install-commune.sh again", lambda: town.commune.run(town.install))
    assert [town.commune.pid_of(unit) for unit in COMMUNE_UNITS] == before
    assert "  + " not in done.stderr


@pytest.mark.parametrize("unit", COMMUNE_UNITS)
def test_what_dies_at_the_commune_is_back_at_once(town: Town, unit: str) -> None:
    before = town.commune.pid_of(unit)
    town.commune.run(f"kill -9 {before}")
    town.keep(f"kill -9 of {unit} → ready again", back(town.commune, unit, before))
    town.until_linked()


def test_a_box_that_dies_seven_times_in_a_row_is_back_each_time(town: Town) -> None:
    for _ in range(MORE_THAN_A_LIMIT):
        before = town.box.pid_of("keng-node")
        town.box.run(f"kill -9 {before}")
        took_s = back(town.box, "keng-node", before)
    town.keep("kill -9 of keng-node → ready again", took_s)
    town.until_linked()


def test_with_systemds_own_limit_it_would_stay_dead(town: Town) -> None:
    """What the break looks like that the test before is there for."""
    limit = "/run/systemd/system/keng-node.service.d"
    lines = "[Unit]\\nStartLimitIntervalSec=300\\nStartLimitBurst=2\\n[Service]\\nRestartSec=100ms\\n"
    town.box.run(f"mkdir -p {limit} && printf '{lines}' >{limit}/limit.conf && systemctl daemon-reload")

    def dead() -> bool:
        if pid := town.box.pid_of("keng-node"):
            town.box.run(f"kill -9 {pid}", check=False)
        return "failed" in town.box.run("systemctl is-active keng-node", check=False).stdout

    try:
        eventually(dead, WITHIN_S)
    finally:
        town.box.run(f"rm -r {limit} && systemctl daemon-reload && systemctl reset-failed && systemctl start keng-node")
    town.until_linked()


def test_what_hangs_is_killed_by_its_watchdog_and_is_back(town: Town) -> None:
    before = {unit: town.commune.pid_of(unit) for unit in WATCHED}
    node = town.box.pid_of("keng-node")
    town.commune.run(f"kill -STOP {' '.join(map(str, before.values()))}")
    town.box.run(f"kill -STOP {node}")
    began_s = time.monotonic()
    back(town.box, "keng-node", node)
    town.keep("keng-node hangs → ready again", time.monotonic() - began_s)
    for unit in WATCHED:
        back(town.commune, unit, before[unit])
        town.keep(f"{unit} hangs → ready again", time.monotonic() - began_s)
    said = "".join(
        machine.run("journalctl -b --no-pager | grep -i watchdog").stdout for machine in (town.commune, town.box)
    )
    assert len(re.findall(r"Watchdog timeout", said)) >= 3, said
    town.until_linked()


@pytest.mark.parametrize("unit", ["keng-node", *WATCHED])
def test_a_loop_that_is_caught_while_its_other_threads_go_on_is_killed_by_the_watchdog(town: Town, unit: str) -> None:
    machine = town.box if unit == "keng-node" else town.commune
    before = machine.pid_of(unit)
    main = threads(machine.seen_from_here(before))[0]
    with stopped(main) as reap:
        eventually(lambda: reap() or machine.pid_of(unit) != before, WITHIN_S, "systemd was told that all is well")
    back(machine, unit, before)
    town.until_linked()


def test_a_mosquitto_that_hangs_is_restarted_by_the_units_that_the_service_asks(town: Town) -> None:
    before = town.commune.pid_of("mosquitto")
    town.commune.run(f"kill -STOP {before}")
    town.keep("mosquitto hangs → ready again", back(town.commune, "mosquitto", before))
    town.until_linked()


def test_the_power_goes_and_everything_is_back_sounding(town: Town) -> None:
    town.press()
    eventually(lambda: town.glance().get("alert") == "received", WITHIN_S)
    town.commune.power_cut()
    town.box.power_cut()
    off_ns = time.monotonic_ns()
    town.commune.boot()
    town.keep("power on → the box boots", town.box.boot())
    heard_ns = eventually(lambda: town.heard_since(off_ns), WITHIN_S, "the alarm does not sound again")
    town.keep("both off and on again → the open alarm sounds", (heard_ns - off_ns) / 1e9)
    town.until_linked()
    [row] = town.asked("incidents --open")["incidents"]
    assert row["count"] == 1, "the same alert, said again, is one"
    town.hush()


def test_a_box_that_boots_with_no_commune_sounds_and_is_received_when_there_is_one(town: Town) -> None:
    town.commune.power_cut()
    town.box.power_cut()
    town.box.boot()
    eventually(lambda: town.glance().get("link") == "unheard", WITHIN_S)
    released_ns = town.press()
    heard_ns = eventually(lambda: town.heard_since(released_ns - SOUND_NS), WITHIN_S, "it waits for a network")
    assert heard_ns - released_ns < SOUND_NS
    assert town.glance()["alert"] == "sending"
    town.commune.boot()
    eventually(lambda: town.glance().get("alert") == "received", WITHIN_S, "nobody received it")
    town.hush()


def test_systemd_reads_the_hardware_watchdogs_file(town: Town) -> None:
    """There is no such hardware here; that systemd takes the line is all that can be seen."""
    folder = "/etc/systemd/system.conf.d"
    town.box.run(f"mkdir -p {folder} && cp keng/systemd/keng-watchdog.conf {folder} && systemctl daemon-reexec")
    told = town.box.run("systemctl show --property=RuntimeWatchdogUSec --value").stdout
    assert told.strip() == "15s"
    town.until_linked()


def test_a_box_that_the_duty_desk_dismisses_is_gone(town: Town) -> None:
    """By what the page sends; keng-retire.path starts root's hands, and Mosquitto is told."""
    wish = json.dumps({"id": "b007", "node": BOX, "why": "Bị mất trộm", "behalf": "dung"})
    who = "-V mqttv5 -h 127.0.0.1 -q 1 -u console -P $(cat /etc/keng/console.password)"
    assert town.commune.run("systemctl is-active keng-retire.path").stdout == "active\n"
    began_s = time.monotonic()
    town.commune.run(f"mosquitto_pub {who} -t keng/1/cong-lac/ask/console/retire -m '{wish}'")
    eventually(lambda: not town.glance()["linked"], WITHIN_S, "it is still connected")
    town.keep("the duty desk retires a box → it is gone", time.monotonic() - began_s)
    eventually(lambda: BOX not in [row["node"] for row in town.status()["nodes"]], WITHIN_S, "it is still counted")
    assert town.commune.run("systemctl is-failed keng-retire.service", check=False).stdout != "failed\n"
    assert town.commune.run("ls /run/keng-commune/retire", check=False).stdout == ""
    told = town.commune.run("journalctl --no-pager --unit keng-retire.service").stdout
    assert "denied" not in told.lower() and "Traceback" not in told
    again = town.commune.run(f"keng retire {BOX}", check=False)
    assert again.returncode and BOX in again.stdout + again.stderr
