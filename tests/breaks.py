"""Breaks the product on purpose under the tests with real processes, one line each, and writes down what was seen to fail.

    python tests/breaks.py [--only WORD] [--jobs N] [--write]

mutants.py does the same for the cores, in seconds; these take some minutes, for the tests wait for real links. A break
of a fact (what Mosquitto, paho or a mock pin does) is made in the test's own configuration: the world is not ours.
`--write` puts BREAKS.md in order anew. Exit code 1 if a break was not noticed; 2 if one cannot be made any more.
"""

# ruff: noqa: E501 - a break is a row of a table
from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = Path(__file__).with_name("BREAKS.md")
PACKAGES = ("wire", "patterns", "node", "broker", "tests")
BESIDE = ("deploy", "systemd", "pyproject.toml", "README.md")
WITHIN_S = 300
HEAD = """\
# What breaking each promise looks like

Written by `python tests/breaks.py --write`: each line was broken as it says, and the test failed as it says.
`test_faults.py` sees that each test of FAULTS.md with real processes is here, and that each break can still be made.

| # | test | file | instead of | there stood | it failed |
|---|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Break:
    """One line that we might have written wrong."""

    row: str
    """Of FAULTS.md; "fact" for what they rest on."""
    test: str
    """Below tests/: as pytest names it, without blanks."""
    file: str
    """From the root."""
    old: str
    """What stands there, once."""
    new: str
    """What stands there instead."""
    soak: bool = False
    """Whether the test runs under KENG_SOAK=1 alone."""


LAB, HEALTH, SIEGE = "lab/test_", "lab/health/test_", "attacker/test_"
DUTY, SCRIPTS = "console/test_duty_", "broker/console/static/console"
CONF = "broker/mosquitto/configuration.py"
ALERT_LOST = (
    "            sending.tries += 1\n",
    "            sending.next_ms = 10**15\n            sending.tries += 1\n",
)
NOT_SENT_AGAIN = (
    "        for sending in self._sending.values():\n            sending.next_ms, sending.tries = now_ms, 0\n",
    "        self._sending.clear()\n",
)
ANY_NODE = ("{root}/up/%u/{word}", "{root}/up/+/{word}")
QUEUES, STOLEN, FLOOD, ORDERS = (
    f"{LAB}facts_queues.py::test_",
    f"{SIEGE}stolen.py::test_",
    f"{SIEGE}flood.py::test_",
    f"{SIEGE}orders.py::test_",
)
FACTS = "tests/lab/test_facts_"

BREAKS = (
    Break("1", f"{LAB}gong_first.py::test_the_own_gong_sounds_within_150_ms_of_the_hold_whatever_happens_meanwhile",
          "node/core/presses.py", "    if not alert.silent:\n        parts.stage.vouch", "    if False:\n        parts.stage.vouch"),
    Break("1", f"{LAB}cables.py::test_a_press_on_a_bad_cable_sounds_is_shown_and_is_received_once_when_it_heals[cut-service]",
          "node/core/alerts.py", *ALERT_LOST),
    Break("2", f"{LAB}killed.py::test_killed_at_any_stage_of_a_press_the_alert_is_in_the_register_exactly_once[broker-kill-sounding]",
          "node/core/alerts.py", *NOT_SENT_AGAIN),
    Break("2", f"{LAB}killed.py::test_frozen_at_any_stage_of_a_press_the_alert_is_in_the_register_exactly_once[service-freeze-answered-14s]",
          "node/core/alerts.py", '    ("sending", "received"): "received",\n', ""),
    Break("3", f"{LAB}killed.py::test_killed_at_any_stage_of_a_press_the_alert_is_in_the_register_exactly_once[broker-kill-unheard]",
          "node/core/alerts.py", *NOT_SENT_AGAIN),
    Break("3", f"{QUEUES}does_anything_acknowledged_survive_kill_9_in_the_default_configuration",
          f"{FACTS}queues.py", "    broker.kill()\n    broker.start()\n    assert kept(broker) == 0", "    broker.stop()\n    broker.start()\n    assert kept(broker) == 0"),
    Break("8", f"{LAB}node_clock.py::test_by_a_wrong_clock_no_chime_sounds_and_an_alert_says_unsure_and_the_commune_stamps_the_time[1970]",
          "wire/clock.py", " if in_step else None", ""),
    Break("8", f"{LAB}node_clock.py::test_a_node_in_1970_is_let_in_by_the_communes_own_certificate",
          "broker/mosquitto/ca.py", 'FIRST = "19700101000000Z"', 'FIRST = "20200101000000Z"'),
    Break("8", f"{LAB}node_clock.py::test_by_a_clock_that_ntp_keeps_the_same_chime_sounds",
          "wire/clock.py", " if in_step else None", " if not in_step else None"),
    Break("9", f"{LAB}commune_clock.py::test_over_a_jump_of_years_nothing_is_lost_and_the_order_is_the_registers[3]",
          "broker/core/wallclock.py", '        self._ledger.note(Entry(what="jumped"', '        (Entry(what="jumped"', soak=True),
    Break("10", f"{ORDERS}a_genuine_order_of_another_time_does_not_sound", "node/core/orders.py", "<= FRESH_MS:", "<= 10**15:"),
    Break("10", f"{ORDERS}what_was_refused_is_shown_to_the_officer_and_the_next_genuine_order_sounds",
          "broker/core/refusals.py", '        self._troubles.hold(turn, "refused", node, why)\n', "        del why\n"),
    Break("11", f"{ORDERS}a_replayed_order_does_not_sound_and_is_counted", "node/core/orders.py", "order.counter <= self.counter", "False"),
    Break("11", f"{ORDERS}reordered_orders_do_not_sound", "node/core/orders.py", "order.counter <= self.counter", "False"),
    Break("11", f"{ORDERS}after_kill_9_and_with_a_new_card_nothing_captured_sounds", "node/core/orders.py", "<= FRESH_MS:", "<= 10**15:"),
    Break("11", f"{SIEGE}mutated.py::test_no_forgery_of_genuine_traffic_sounds_raises_or_is_promised_anything",
          "node/core/orders.py", "            _check(self._verifier, arrived)\n", "            pass\n"),
    Break("12", f"{LAB}two_services.py::test_an_alert_that_comes_ten_times_in_any_order_is_one_row_and_one_incident",
          "broker/core/intake.py", "        if row is None:\n            self._first(turn, alert, silent)", "        if True:\n            self._first(turn, alert, silent)"),
    Break("12", f"{LAB}two_services.py::test_two_services_by_mistake_are_a_trouble_and_a_press_still_sounds_once_and_is_one_row",
          "broker/core/troubles.py", "MAX_OPEN = 3_000  #", "MAX_OPEN = 0  #"),
    Break("12", f"{HEALTH}two_services.py::test_two_services_that_state_alarms_are_a_trouble_in_both_registers_and_in_keng_status",
          "broker/core/beacon.py", "if beacon.by != self._word:", "if False:"),
    Break("13", f"{STOLEN}what_it_says_elsewhere_is_refused_and_reaches_nobody", CONF, *ANY_NODE),
    Break("13", f"{STOLEN}silent_alerts_reach_neither_it_nor_an_officer_s_session_by_any_subscription",
          CONF, '        yield f"pattern read {root}/up/+/alert"\n', '        yield f"pattern read {root}/up/#"\n'),
    Break("13", f"{STOLEN}no_client_id_takes_anybody_s_session_over", CONF, '    yield "use_username_as_clientid true"\n', ""),
    Break("13", f"{STOLEN}a_forged_last_will_is_said_nowhere", CONF, *ANY_NODE),
    Break("13", f"{STOLEN}wildcards_in_a_topic_end_its_session_and_no_other",
          "tests/attacker/test_stolen.py", '["+", "#", f"{ROOT}/up/+/alert", f"{ROOT}/#",', '[f"{ROOT}/up/loa/alert",'),
    Break("13", f"{STOLEN}with_another_name_its_password_opens_nothing", CONF, 'yield "allow_anonymous false"', 'yield "allow_anonymous true"'),
    Break("13", f"{STOLEN}its_own_will_may_be_an_alert_and_sounds_nothing_unsigned", "node/core/orders.py", "        _check(verifier, arrived)\n", ""),
    Break("13", f"{STOLEN}what_it_says_of_others_on_its_own_topic_is_counted_shown_and_sounds_nowhere",
          "node/core/inbound.py", "        self._check_home(alert)\n", ""),
    Break("14", "deploy/test_install_whole.py::test_a_retired_box_is_gone_within_two_seconds_and_the_other_never_notices",
          "broker/enrolment/enrol.py", "        told = tell and reload_mosquitto(site.pid_file)\n        started", "        told = True\n        started"),
    Break("14", "broker/mosquitto/test_configuration.py::test_a_retired_node_is_gone_at_once_and_the_others_never_notice",
          "tests/broker/mosquitto/conftest.py", "        self.process.send_signal(signal.SIGHUP)\n", ""),
    Break("15", f"{FLOOD}a_flood_of_unconfirmed_rubbish", CONF, "MAX_QUEUED = 2_000", "MAX_QUEUED = 0"),
    Break("15", f"{FLOOD}a_flood_of_small_alerts_that_are_signed_and_new_each_time",
          "broker/core/intake.py", '        if not self._new.allows(turn.now_ms, f"{alert.node} {alert.drill}"):', "        if False:"),
    Break("15", f"{FLOOD}a_flood_of_hellos_and_statuses", "broker/inbox.py", "if flooded and sender", "if False and sender"),
    Break("15", f"{FLOOD}a_flood_of_the_smallest_alerts", "broker/inbox.py", "if flooded and sender", "if False and sender"),
    Break("15", f"{FLOOD}who_flooded_a_moment_ago_is_heard_as_well", "broker/aside.py", "            self._link.again()\n", ""),
    Break("15", f"{FLOOD}a_flood_of_megabytes", CONF, '    f"max_packet_size {MAX_PACKET_BYTES}",\n', ""),
    Break("15", f"{FLOOD}a_megabyte_cuts_its_sender_off", CONF, '    f"max_packet_size {MAX_PACKET_BYTES}",\n', ""),
    Break("15", f"{FLOOD}subscriptions_without_end_cost_no_more_than_the_limit_on_memory", CONF, '    yield f"memory_limit {MEMORY_BYTES}"\n', "", soak=True),
    Break("15", f"{FLOOD}a_flood_of_kept_messages_keeps_what_a_box_may_keep", CONF, "{root}/up/%u/{word}", "{root}/up/%u/#"),
    Break("15", f"{FLOOD}a_finger_that_presses_again_and_again_is_one_incident",
          "node/core/presses.py", "        if not alert.silent and parts.stage.get(alert.id) is not None:", "        if False:"),
    Break("15", f"{FLOOD}a_flood_leaves_nobody_deaf", "broker/inbox.py", "if flooded and sender", "if False and sender"),
    Break("16", f"{SIEGE}idle.py::test_1200_idle_connections_lock_no_honest_box_out", CONF, "MAX_CONNECTIONS = 10_000", "MAX_CONNECTIONS = 500"),
    Break("16", f"{SIEGE}idle.py::test_idle_connections_that_are_half_way_in_are_no_better", CONF, "MAX_CONNECTIONS = 10_000", "MAX_CONNECTIONS = 500"),
    Break("17", f"{SIEGE}junk.py::test_junk_from_a_stolen_box_is_counted_by_gong_and_service_and_sounds_nowhere[cut]",
          "wire/codec.py", "    except (msgspec.DecodeError, RecursionError) as error:", "    except RecursionError as error:"),
    Break("17", f"{SIEGE}junk.py::test_junk_from_whoever_holds_the_broker_changes_nothing_at_the_gong[all/alarms]",
          "wire/codec.py", "    except (msgspec.DecodeError, RecursionError) as error:", "    except RecursionError as error:"),
    Break("17", f"{SIEGE}junk.py::test_all_of_it_is_one_trouble_that_is_written_down_once", "broker/core/troubles.py", '    "refused": 60_000,', '    "refused": 1,'),
    Break("17", f"{SIEGE}junk.py::test_after_all_that_a_good_alert_and_a_good_order_work", "node/core/orders.py", "<= FRESH_MS:", "<= -(10**15):"),
    Break("17", f"{SIEGE}junk.py::test_strange_properties_cut_nobody_off", "wire/link.py", "        except MalformedPacket:", "        except KeyError:"),
    Break("17", f"{SIEGE}decoders.py", "wire/codec.py", "    except (msgspec.DecodeError, RecursionError) as error:", "    except RecursionError as error:"),
    Break("18", f"{LAB}stuck_node.py::test_a_node_whose_link_lives_on_while_its_program_stands_is_a_trouble_within_ten_seconds",
          "broker/core/nodefaults.py", "LATE_MS = 1_000  #", "LATE_MS = 9_000  #"),
    Break("18", f"{HEALTH}hanging.py::test_a_frozen_node_and_half_open_links_of_node_and_service_are_seen_within_ten_seconds",
          "wire/link.py", "KEEPALIVE_S = 4  #", "KEEPALIVE_S = 40  #"),
    Break("18", f"{HEALTH}hanging.py::test_a_frozen_mosquitto_is_replaced_while_a_held_press_sounds_and_the_alert_arrives_once",
          "broker/core/beacon.py", "        turn.effects.append(RestartBroker(why))\n", ""),
    Break("18", f"{HEALTH}hanging.py::test_a_mosquitto_that_hangs_from_the_start_is_wished_away_by_the_installers_command",
          "broker/core/beacon.py", "self.misses + 1 if mute else 0", "0"),
    Break("18", f"{HEALTH}deadman.py::test_a_service_killed_after_ten_names_at_five_past_who_did_not_sound",
          "broker/core/proofs.py", "self._expected[row.id] = Expected(row, by_ms, dict.fromkeys(row.nodes), deaf=until_ms < 0)", "pass"),
    Break("18", f"{LAB}deaf.py::test_a_gong_that_plays_unheard_and_a_microphone_that_hears_nothing_are_troubles_within_two_seconds_of_its_end",
          "node/ear/ear.py", '"" if one.count.tally.ours else "unheard"', '""'),
    Break("18", "node/ear/test_run.py::test_with_a_microphone_pulled_busy_or_well_the_gong_sounds_as_soon_and_the_box_says_so",
          "node/ear/ear.py", "        self._say(str(fault), self._retry_ns if", '        self._say("", self._retry_ns if'),
    Break("19", f"{LAB}node_disk.py::test_on_a_full_disk_gong_and_alert_work_and_it_is_shown_and_what_was_kept_back_is_written_when_there_is_room",
          "node/journal.py", "        self._unsaved.append(record)\n", ""),
    Break("19", f"{LAB}node_disk.py::test_on_a_card_that_dies_while_it_runs_gong_and_alert_work_and_it_is_shown",
          "node/journal.py", '            self._tell("read_only",', '            self._tell("ok",'),
    Break("19", f"{LAB}node_disk.py::test_a_node_that_starts_on_a_dead_card_works",
          "node/journal.py", "            self._fail(error)\n        lost = self._unread", "            raise\n        lost = self._unread"),
    Break("19", f"{LAB}node_disk.py::test_a_node_that_starts_on_a_full_disk_works",
          "node/journal.py", '            self._tell("full",', '            self._tell("ok",'),
    Break("19", f"{LAB}data_partition.py::test_without_its_partition_the_gong_works_and_the_commune_knows",
          "node/keep.py", "    if not os.path.ismount(folder):", "    if False:"),
    Break("19", f"{LAB}data_partition.py::test_where_no_folder_can_be_made_the_gong_works_and_the_commune_knows",
          "node/keep.py", "        return -1\n    try:\n        lock", "        raise\n    try:\n        lock"),
    Break("19", f"{LAB}data_partition.py::test_on_a_partition_full_of_garbage_the_gong_works_and_the_garbage_is_told",
          "node/run.py", "            damaged=recall.damaged,\n", ""),
    Break("19", f"{LAB}data_partition.py::test_a_partition_that_is_torn_out_while_it_runs_is_told_and_the_gong_works_also_after_a_restart",
          "node/journal.py", '            self._tell("failed",', '            self._tell("ok",'),
    Break("19", f"{LAB}data_partition.py::test_a_partition_that_comes_late_gets_what_was_kept_back",
          "node/journal.py", "            self._follow()\n", ""),
    Break("19", f"{LAB}data_partition.py::test_what_a_gong_forgot_with_its_partition_cannot_make_it_sound_again",
          "node/run.py", "            forgetful=recall.lost,\n", ""),
    Break("20", f"{LAB}commune_disk.py::test_on_a_disk_that_dies_alerts_still_show_and_sound_and_nothing_is_claimed",
          "broker/core/answers.py", "if row.node is not None and not self._ledger.awaits_incident(row.id):", "if row.node is not None:"),
    Break("20", f"{LAB}commune_disk.py::test_a_service_that_starts_on_a_full_disk_states_what_sounded_and_takes_alerts",
          "broker/core/alarms.py", "        for alarm in self._past:", "        for alarm in ():"),
    Break("22", f"{LAB}officers.py::test_two_officers_at_once_leave_every_action_in_one_order_and_one_final_state",
          "broker/core/incident.py", "    if row.acknowledged_by is not None:\n", "    if False:\n"),
    Break("22", f"{LAB}officers.py::test_silencing_is_not_closing",
          "broker/core/acts.py", "        for row in ended:\n",
          "        for row in ended:\n            self._write(turn, 'closed', user, incident.closed(self._cases.all[row.id], user, 0, '', None, mistake=True), None)\n"),
    Break("23", f"{LAB}restart.py::test_after_a_kill_every_open_incident_shows_and_sounds_again_within_five_seconds",
          "broker/core/alarms.py", "        for alarm in self._past:", "        for alarm in ():"),
    Break("20", f"{DUTY}disk.py::test_with_the_communes_disk_full_new_alerts_show_ring_and_say_that_they_are_not_written_down",
          "broker/console/live/board.py", "yield replace(_case(row, alarm, alarms, nodes, at_ms), written=False)", "yield _case(row, alarm, alarms, nodes, at_ms)"),
    Break("22", "console/test_duty.py::test_two_officers_who_tap_at_once_are_both_done_and_see_the_same",
          f"{SCRIPTS}/duty.js", 'formData.set("ask", act.id);', 'formData.set("ask", "0123456789abcdef");'),
    Break("22", "console/test_duty.py::test_a_double_tap_is_one_act_and_the_same_act_again_later_is_another",
          f"{SCRIPTS}/duty.js", "if (!acts.has(key)) acts.set(key,", "acts.set(key,"),
    Break("23", f"{DUTY}bell.py::test_after_a_restart_of_anything_every_open_case_is_back_and_rings_within_five_seconds",
          "broker/console/live/board.py", "cases=tuple(sorted(cases, key=_loudness)),", "cases=tuple(sorted(cases, key=_loudness))[:1],"),
    Break("24", f"{DUTY}bell.py::test_a_stalled_stream_an_ended_session_and_a_page_asleep_are_said_in_red_and_nothing_is_missed_or_doubled",
          f"{SCRIPTS}/live.js", "const LATE_MS = 7000;", "const LATE_MS = 12000;"),
    Break("24", f"{DUTY}bell.py::test_sound_that_is_blocked_is_said_in_red_and_a_click_anywhere_allows_it",
          f"{SCRIPTS}/sound.js", 'if (!audio || audio.state !== "running") return "blocked";', 'if (!audio) return "blocked";'),
    Break("22", "console/test_duty.py::test_two_officers_who_tap_at_once_are_both_done_and_see_the_same",
          "broker/core/incident.py", '    ("acknowledged", "acknowledge"): "acknowledged",\n', ""),
    Break("23", f"{DUTY}bell.py::test_after_a_restart_of_anything_every_open_case_is_back_and_rings_within_five_seconds",
          "broker/console/secret.py", 'path.read_text("ascii").strip()', "secrets.token_urlsafe(SECRET_BYTES)"),
    Break("24", f"{DUTY}bell.py::test_after_a_restart_of_anything_every_open_case_is_back_and_rings_within_five_seconds",
          "broker/console/live/hub.py", "                self._wire.linked = False\n", "                pass\n"),
    Break("24", f"{DUTY}bell.py::test_a_stalled_stream_an_ended_session_and_a_page_asleep_are_said_in_red_and_nothing_is_missed_or_doubled",
          "broker/console/live/stream.py", "not await _stands(request, viewer)", "False"),
    Break("25", f"{LAB}storm.py::test_real_nodes_that_boot_at_once_are_online_within_a_minute_and_an_alert_is_received_meanwhile",
          "broker/core/welcome.py", "Welcome(nonce=hello.nonce,", "Welcome(nonce='x',"),
    Break("25", f"{LAB}storm.py::test_a_storm_of_light_nodes_is_welcomed_within_a_minute_and_an_alert_is_received_meanwhile",
          "broker/inbox.py", "MAX_ARRIVED = 4_000", "MAX_ARRIVED = 2"),
    # Rows by name that neither the cores' mutants nor the street's have.
    Break("3", "street/test_model.py::test_a_puback_is_no_promise_what_was_acknowledged_dies_with_the_broker",
          "tests/fakes/townbroker.py", "            self.lost += 1\n            self.crash()\n            return\n", "            self.lost += 1\n"),
    Break("20", "broker/test_run.py::test_on_a_full_disk_alerts_still_sound_and_are_answered_when_there_is_room",
          "broker/core/ledger.py", "self._retry_at_ms = turn.now_ms + self._retry_ms", "self._retry_at_ms = turn.now_ms + 10**9"),
    Break("27", "patterns/test_score.py::test_faults_name_file_line_and_field", "patterns/fields.py", "Fault(document.source, document.line(path), field_name(path)", "Fault(document.source, None, field_name(path)"),
    Break("27", "patterns/test_codebook.py::test_all_faults_of_a_book_come_together_with_file_line_and_field",
          "patterns/fields.py", "        faults = tuple(sorted(dict.fromkeys(self.found), key", "        faults = tuple(sorted(dict.fromkeys(self.found[:1]), key"),
    Break("27", "patterns/test_codebook.py::test_an_alarm_longer_than_alarm_s_is_refused",
          "patterns/bookcheck.py", "            _check_use(member, name, score, alarm_s)\n", "            _check_use(member, name, score, 10**6)\n"),
    # Facts that the design rests on: the world is altered, in the test.
    Break("fact", f"{QUEUES}does_an_orderly_end_keep_what_kill_9_loses", f"{FACTS}queues.py", 'PERSISTENT = "persistence true"', 'PERSISTENT = "persistence false"'),
    Break("fact", f"{QUEUES}does_saving_at_each_change_keep_what_was_acknowledged",
          f"{FACTS}queues.py", "            bare.client.on_publish = lambda *_: os.kill(broker.pid, signal.SIGKILL)", "            bare.client.on_publish = lambda *_: os.kill(broker.pid, signal.SIGTERM)"),
    Break("fact", f"{QUEUES}is_every_message_that_was_acknowledged_delivered_to_an_absent_subscriber",
          f"{FACTS}queues.py", "acknowledged_delivered_to_an_absent_subscriber(mosquitto: Mosquitto) -> None:", "acknowledged_delivered_to_an_absent_subscriber(start_mosquitto: Start) -> None:\n    mosquitto = start_mosquitto(\"max_queued_messages 0\")"),
    Break("fact", f"{QUEUES}do_expired_messages_keep_the_valid_ones_behind_them_from_coming", f"{FACTS}queues.py", "IN_FLIGHT = 20 ", "IN_FLIGHT = 2 "),
    Break("fact", f"{QUEUES}does_a_clean_session_leave_anything_behind", f"{FACTS}queues.py", '    Bare(mosquitto, "absent", "a/#").close()\n', '    queue_for(mosquitto, "absent")\n'),
    Break("fact", f"{QUEUES}does_one_subscriber_who_reads_nothing_hold_up_the_others", f"{FACTS}queues.py", "        stuck.freeze()\n", "        mosquitto.freeze()\n"),
    Break("fact", f"{QUEUES}is_a_retained_message_kept_over_a_restart_without_persistence",
          f"{FACTS}queues.py", '    broker = start_mosquitto("persistence false")\n', '    broker = start_mosquitto(PERSISTENT, f"persistence_location {os.getcwd()}/")\n'),
    Break("fact", f"{LAB}facts_clock.py::test_does_a_jump_forward_wipe_what_may_expire", f"{FACTS}clock.py", "    wall_clock.jump(years=3)\n", "    wall_clock.jump(seconds=3)\n"),
    Break("fact", f"{LAB}facts_clock.py::test_does_a_jump_touch_a_live_connection_or_a_status_that_never_expires",
          f"{FACTS}clock.py", 'mouth.say("a/status", b"here", retain=True)', 'mouth.say("a/status", b"here", retain=True, expiry_s=86_400)'),
    Break("fact", f"{LAB}facts_links.py::test_does_the_order_of_one_publisher_hold_for_each_subscriber",
          f"{FACTS}links.py", "            mouth.client.publish(f\"a/{number % 3}\", str(number).encode(), 1)", "            mouth.client.publish(f\"a/{number % 3}\", str(number ^ 1).encode(), 1)"),
    Break("fact", f"{LAB}facts_links.py::test_does_overlapping_subscriptions_of_one_client_deliver_twice",
          f"{FACTS}links.py", '"ear", "a/#", "a/+") as ear', '"ear", "a/#", "b/+") as ear'),
    Break("fact", f"{LAB}facts_links.py::test_is_an_answer_quick_with_our_configuration", CONF, '    "set_tcp_nodelay true",\n', ""),
    Break("fact", f"{LAB}facts_links.py::test_is_an_answer_quick_without_tcp_nodelay", f"{FACTS}links.py", 'if "nodelay" not in line]', "if line]"),
    Break("fact", f"{LAB}facts_refusals.py::test_is_an_mqtt_5_publisher_told_that_the_access_list_refused", f"{FACTS}refusals.py", "user n1\\ntopic readwrite a/#", "user n1\\ntopic readwrite #"),
    Break("fact", f"{LAB}facts_refusals.py::test_is_an_mqtt_3_publisher_told_that_the_access_list_refused", f"{FACTS}refusals.py", "user n1\\ntopic readwrite a/#", "user n1\\ntopic readwrite #"),
    Break("fact", f"{LAB}facts_refusals.py::test_is_a_refusal_of_the_access_list_told_on_the_log_topics", f"{FACTS}refusals.py", 'assert not [payload for _, payload in ear.heard if b"Denied" in payload]', 'assert not [line for line in broker.log.splitlines() if "Denied" in line]'),
    Break("fact", f"{LAB}facts_refusals.py::test_is_a_publisher_told_that_its_message_is_too_large", f"{FACTS}refusals.py", 'f"message_size_limit {LIMIT}"', 'f"message_size_limit {2 * LIMIT}"'),
    Break("fact", f"{LAB}facts_refusals.py::test_is_a_subscription_that_the_access_list_refuses_told", f"{FACTS}refusals.py", "user n1\\ntopic readwrite a/#", "user n1\\ntopic readwrite #"),
    Break("fact", f"{LAB}facts_refusals.py::test_is_a_packet_over_max_packet_size_the_end_of_its_sender_alone", f"{FACTS}refusals.py", 'f"max_packet_size {LIMIT}"', 'f"max_packet_size {4 * LIMIT}"'),
    Break("fact", f"{LAB}facts_refusals.py::test_is_a_live_connection_cut_when_its_password_is_deleted_and_the_list_reloaded", f"{FACTS}refusals.py", "        strict.reload()\n", ""),
    Break("fact", f"{LAB}facts_refusals.py::test_may_any_client_take_over_anothers_id",
          f"{FACTS}refusals.py", 'return start_mosquitto(f"message_size_limit {LIMIT}", passwords', 'return start_mosquitto(f"message_size_limit {LIMIT}", "use_username_as_clientid true", passwords'),
    Break("fact", f"{LAB}facts_wills.py::test_is_the_will_of_a_killed_client_said_at_once", f"{FACTS}wills.py", "        killed.cut()\n", "        killed.freeze()\n"),
    Break("fact", f"{LAB}facts_wills.py::test_is_the_will_of_a_silent_client_said_as_soon_as_one_and_a_half_times_its_keepalive", f"{FACTS}wills.py", "will=WILL, keepalive_s=2)", "will=WILL, keepalive_s=20)"),
    Break("fact", f"{LAB}facts_wills.py::test_is_the_will_of_an_orderly_client_said", f"{FACTS}wills.py", 'Bare(mosquitto, "n1", will=WILL).close()', 'Bare(mosquitto, "n1", will=WILL).cut()'),
    Break("fact", f"{LAB}facts_wills.py::test_is_the_will_said_when_another_takes_the_client_id_over", f"{FACTS}wills.py", 'will=WILL) as old, Bare(mosquitto, "n1"):', 'will=WILL) as old, Bare(mosquitto, "n2"):'),
    Break("fact", f"{LAB}facts_wills.py::test_is_a_delayed_will_said_if_the_client_is_back_in_time", f"{FACTS}wills.py", 'with Bare(mosquitto, "n1", expiry_s=60, clean=False):', 'with Bare(mosquitto, "n3", expiry_s=60, clean=False):'),
    Break("fact", f"{LAB}facts_wills.py::test_are_wills_said_by_a_broker_that_is_killed",
          f"{FACTS}wills.py", "        mosquitto.kill()\n        mosquitto.start()\n        with Bare(mosquitto, \"ear\", \"a/#\") as ear, Bare(mosquitto, \"mouth\") as mouth:", "        with Bare(mosquitto, \"ear\", \"a/#\") as ear, Bare(mosquitto, \"mouth\") as mouth:\n            Bare(mosquitto, \"n1\", will=WILL).cut()"),
    Break("fact", f"{LAB}facts_wills.py::test_does_what_a_client_said_just_before_it_was_killed_still_arrive",
          f"{FACTS}wills.py", '            killed.client.publish("a/last", b"word", 1)', '            mosquitto.freeze()\n            killed.client.publish("a/last", b"word", 1)\n            mosquitto.kill()'),
)  # fmt: skip


def source(one: Break) -> str:
    """The file as it is; "" if the break cannot be made in it any more."""
    text = (ROOT / one.file).read_text("utf-8")
    return text if text.count(one.old) == 1 else ""


def judged(one: Break) -> tuple[Break, str]:
    """How the test failed; "" if it did not, "stale" if the break cannot be made."""
    text = source(one)
    if not text:
        return one, "stale"
    with tempfile.TemporaryDirectory(prefix="keng-break-") as folder:
        copy = Path(folder)
        mine = one.file.split("/")[0]
        for name in (*PACKAGES, *BESIDE):
            if name == mine:
                shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                (copy / name).symlink_to(ROOT / name)
        (copy / one.file).write_text(text.replace(one.old, one.new), "utf-8")
        return one, _failure(copy, one)


def _failure(copy: Path, one: Break) -> str:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=line", "-p", "no:cacheprovider", "-W", "ignore"]
    environment = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "1000"}
    if one.soak:
        environment["KENG_SOAK"] = "1"
    with subprocess.Popen(
        [*command, f"tests/{one.test}"],
        cwd=copy,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as run:
        try:
            said = run.communicate(timeout=WITHIN_S)[0]
        except subprocess.TimeoutExpired:
            run.kill()
            return "(it hung)"
    if run.returncode == 0:
        return "" if re.search(r"\d+ passed", said) else f"(no test ran: {said.splitlines()[-1]})"
    found = re.search(r"^(?:FAILED|ERROR) \S+(?: - (.*))?", said, re.MULTILINE)
    why = (found[1] or "") if found else ""
    if run.returncode != 1 or found is None:
        return f"(pytest ended with {run.returncode}: {said.strip().splitlines()[-1:]})"
    return why.split("\n")[0][:90] or "it failed"


def _cell(text: str) -> str:
    line = " ⏎ ".join(part.strip() for part in text.strip("\n").splitlines()) or "(nothing)"
    return "`" + line.replace("|", "\\|").replace("`", "'")[:110] + "`"


def row(one: Break) -> str:
    """What stands in the table of a break, but for how it failed."""
    return f"| {one.row} | `{one.test}` | `{one.file}` | {_cell(one.old)} | {_cell(one.new)} | "


def write(seen: dict[Break, str]) -> None:
    """BREAKS.md: what was seen now, and of the others what stands there already."""
    known = TABLE.read_text("utf-8").splitlines() if TABLE.exists() else []
    rows: list[str] = []
    for one in BREAKS:
        if is_seen(seen.get(one, "")):
            rows.append(f"{row(one)}{seen[one].replace('|', '/')} |")
        else:
            rows += [line for line in known if line.startswith(row(one))]
    TABLE.write_text(HEAD + "\n".join(rows) + "\n", "utf-8")


def is_seen(how: str) -> bool:
    """Whether a test failed as it should."""
    return bool(how) and how != "stale" and not how.startswith("(")


def main() -> int:
    """Run them; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--only", default="", help="breaks whose test or file holds this word, or whose row is it")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--write", action="store_true", help="put what was seen into BREAKS.md")
    options = parser.parse_args()
    chosen = [one for one in BREAKS if options.only in one.test or options.only in one.file or options.only == one.row]
    seen: dict[Break, str] = {}
    with ThreadPoolExecutor(options.jobs) as pool:
        for one, how in pool.map(judged, chosen):
            seen[one] = how
            print(f"{one.row:5} {one.test}\n      {how or 'NOT NOTICED'}", flush=True)
    unseen = [one for one, how in seen.items() if not is_seen(how)]
    stale = [one for one, how in seen.items() if how == "stale"]
    print(f"{len(chosen)} breaks, {len(unseen)} not noticed, {len(stale)} cannot be made")
    if options.write:
        write(seen)
    return 2 if stale else 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main())
