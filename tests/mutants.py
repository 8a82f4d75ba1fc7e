"""Breaks the cores on purpose, one line at a time, and sees that a test notices.

    python tests/mutants.py [--only WORD] [--jobs N]

For each mutant the package it is in is copied and patched, and the tests named for it run against the copy. The table
says which test killed each. Exit code 1 if one survives; 2 if one is stale (its text is not found exactly once).
"""

# ruff: noqa: E501 - a mutant is a row of a table
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
WITHIN_S = 240
"""A mutant that makes the tests hang is dead too."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault that we might have made."""

    file: str
    """From the root."""
    old: str
    """What stands there, once."""
    new: str
    """What stands there instead."""
    promise: str
    """What is broken by it."""
    tests: str
    """Files or folders below tests/, separated by blanks."""


CORE = "node/core"


def node(module: str, old: str, new: str, promise: str, tests: str) -> Mutant:
    """A mutant of the node's core; `tests` are names of its test modules."""
    files = " ".join(f"{CORE}/test_{name}.py" for name in tests.split())
    return Mutant(f"{CORE}/{module}.py", old, new, promise, files)


def commune(module: str, old: str, new: str, promise: str, tests: str) -> Mutant:
    """A mutant of the commune's core; `tests` are names of its test modules."""
    files = " ".join(f"broker/core/test_{name}.py" for name in tests.split())
    return Mutant(f"broker/core/{module}.py", old, new, promise, files)


def desk(module: str, old: str, new: str, promise: str) -> Mutant:
    """A mutant of the console's picture of now."""
    return Mutant(f"broker/console/{module}", old, new, promise, "console/test_board.py")


JOINED = "joined/test_promises.py joined/test_found.py joined/test_machine.py"


def joined(file: str, old: str, new: str, promise: str) -> Mutant:
    """A mutant of either core that the joined cores must notice."""
    return Mutant(file, old, new, promise, JOINED)


def cut(file: str, old: str, new: str, promise: str) -> Mutant:
    """A mutant of what keeps things on a disk, that the power cuts must notice."""
    rooms = {"broker/register": "register", "node": "node", "patterns": "node"}
    tests = next((name for room, name in rooms.items() if file.startswith(room)), "enrolment")
    return Mutant(file, old, new, promise, f"cuts/test_{tests}.py")


STREET = "street/test_aimed.py street/test_first_nights.py street/test_more_nights.py"


def street(file: str, old: str, new: str, promise: str) -> Mutant:
    """A mutant that the simulated street alone must notice: a row of the table of faults, by its number."""
    return Mutant(file, old, new, promise, STREET)


def ear(module: str, old: str, new: str, promise: str) -> Mutant:
    """A mutant of the pure parts of a node's ear."""
    return Mutant(f"node/ear/{module}.py", old, new, promise, f"node/ear/test_{module}.py node/ear/test_ear.py")


def people(module: str, old: str, new: str, promise: str, tests: str) -> Mutant:
    """A mutant of who may come in to the console."""
    return Mutant(f"broker/console/people/{module}.py", old, new, promise, f"console/test_people_{tests}.py")


MUTANTS = (
    ear("tones", "found.append(hz)\n", "found.append(hz + 200)\n", "the ear listens to the gong's own tones"),
    ear("blows", "missed = now - last * self._turning[tone] / self._weight[tone]", "missed = now", "what rings is foreseen"),
    ear("blows", "self._first > RISE * max(self._past)", "True", "steady noise is no opening blow"),
    ear("blows", "power > RISE * max(self._past)", "power > max(self._past)", "noise is hardly ever a blow"),
    ear("count", "2 * heard > listened", "heard > 0", "what others strike is not ours"),
    ear("count", "self._early_ms = max(EARLY_MS, DRIFT_MS - delay_ms)", "pass", "two clocks may drift for ten minutes"),
    ear("count", "strongest[: len(strokes) * CANDIDATES // 2]", "strongest", "rain is not our gong"),
    ear("count", " at_ms + DELAY_MS)]", " at_ms + 5 * DELAY_MS)]", "another hamlet's gong is not ours"),
    ear("count", "max(0, len(missed) - 1)", "len(missed)", "a single stroke was listened to"),
    ear("count", "if missed and rang else 0", "if missed else 0", "what was not heard is not made up"),
    ear("count", "self._ahead >= self.from_ms - EARLY_MS", "True", "only what was played is awaited"),
    ear("ear", '"deaf" if one.deaf else ', "", "a muted microphone is told from a dead loudspeaker"),
    ear("ear", "tally.listened > 0 and not self.deaf", "tally.listened > 0", "a deaf one counts nothing"),
    ear("ear", "                self._end(one, self._stream, math.inf)\n", "                pass\n", "what was not listened to is not unheard"),
    ear("ear", "if now_ns < at_ns + OVERDUE_NS}", "}", "nobody is listened to without need"),
    ear("ear", "or any(at_ns - LEAD_NS <= now_ns for at_ns in self._due.values())", "", "the first stroke of a chime is heard"),
    ear("ear", "trouble or self._judged or", "trouble or", "an unheard gong is told"),
    ear("ear", "elif now_ns - stream.moved_ns > STALL_NS:", "elif False:", "a stuck microphone is in trouble"),
    node("stage", "if self._listens and item.strokes > 0:", "if False:", "the proof tells what was heard", "stage report"),
    node("stage", " and cause not in self._unheard.values():", ":", "the proof waits for the ear", "stage report"),
    Mutant("broker/core/chimerows.py", " and strokes_heard != 0", "", "what was not heard has not sounded", "broker/core/test_proofs.py"),
    commune("nodefaults", '== "unheard":', '== "never":', "an unheard gong is a trouble", "nodefaults supervision"),
    node("inbound", " and not parts.stage.spent(alarm.id, until_ms)", "", "what its lease ended does not begin again for a second", "inbound"),
    node("stage", "until_ms < ended_ms + ROUNDED_MS", "True", "what its lease ended begins again if it goes on", "inbound"),
    node("stage", "        self._lapsed.pop(new.id, None)\n", "", "a lease that is over is forgotten once it goes on", "inbound stage"),
    node("stage", "        while len(self._lapsed) > MAX_LAPSED:\n            del self._lapsed[next(iter(self._lapsed))]\n", "", "what is remembered is bounded", "stage"),
    node("contacts", "OPEN_WEIGHT = 3", "OPEN_WEIGHT = 1", "noise is no press", "debounce"),
    node("contacts", "TRUST_MS = 36", "TRUST_MS = 58", "60 ms are never lost", "contacts debounce"),
    node("contacts", "TRUST_MS = 36", "TRUST_MS = 4", "noise is no press", "debounce"),
    node("contacts", "LONGEST_STEP_MS = 6", "LONGEST_STEP_MS = 60", "a stall invents nothing", "contacts debounce"),
    node("contacts", "if gap_ms > BLIND_MS and last[1]:", "if False:", "a long gap starts the hold again", "contacts"),
    node("contacts", "            if name in self.spent:", "            if False:", "one press a closing", "contacts"),
    node("parts", "Box(setup.contacts, setup.memory.spent)", "Box(setup.contacts)", "one press a closing, over a restart", "presses"),
    node("contacts", "level.closed and level.began_ms <= began_ms for", "level.closed for", "a press before the drill switch is real", "contacts presses"),
    node("contacts", "level.closed and level.began_ms <= began_ms for", "level.began_ms <= began_ms for", "a drill switch must be believed", "contacts"),
    node("contacts", "level.began_ms <= began_ms for", "level.began_ms < began_ms for", "switch and button in one reading are an exercise", "contacts"),
    node("contacts", "self._is_drill(level.began_ms))", "self._is_drill(level.since_ms))", "a stall makes no exercise", "contacts"),
    node("contacts", "self._sum_ms = TRUST_MS if closed else 0", "self._sum_ms = 0", "a bounce is no opening after a restart", "contacts"),
    node("records", "            *([SpentContacts(self.spent)] if self.spent else []),\n", "", "a compacted journal is the same", "records"),
    node("contacts", "if closed_for_ms > (", "if held_ms > (", "a stuck button stays a trouble", "contacts"),
    node("orders", "order.counter <= self.counter", "order.counter < self.counter", "no order twice", "orders"),
    node("orders", "if arrived.retained:\n            raise Refused(\"retained\", arrived.topic)\n        if self._verifier",
         "if self._verifier", "nothing retained is obeyed", "orders"),
    node("orders", "-AHEAD_MS <= age_ms", "-(10**15) <= age_ms", "nothing from the future", "orders"),
    node("orders", "<= FRESH_MS:", "<= 10 * FRESH_MS:", "nothing stale", "orders"),
    node("orders", "            _check(self._verifier, arrived)\n", "            pass\n", "unsigned orders are refused", "orders"),
    node("orders", "        _check(verifier, arrived)\n", "", "unsigned alerts are refused", "orders"),
    node("orders", "self.counter = max(self.counter, counter)", "self.counter = counter", "counters only rise", "orders"),
    node("stage", "cause.priority in ONCE and cause is not highest", "False", "a pre-empted chime does not come back", "stage"),
    node("stage", "highest.retry_ms else highest", "False else highest", "a failed sound is retried after a second", "stage"),
    node("stage", "wanted.priority >= Priority.ALARM", "wanted.priority >= Priority.DRILL", "a drill is never an alarm", "stage"),
    node("stage", "if {\"all\", \"down\"} & cause.until_ms.keys() or", "if cause.until_ms or", "all-clear silences", "stage"),
    node("stage", "if known is not None and voucher in STATED and", "if False and", "what is stated anew is obeyed", "inbound"),
    node("stage", "if new.priority < known.priority and known.until_ms.keys() - {voucher}:", "if False:",
         "a set makes no drill of a press", "inbound"),
    node("stage", "            self._played_once = [id_ for id_ in self._played_once if id_ != new.id]\n", "",
         "a test that is stated anew is not over", "inbound"),
    node("parts", " or known.use == \"alarm\")", ")", "a drill never sounds as a real alarm", "inbound"),
    node("stage", "cause.prove_by_ms <= now_ms]", "False]", "a proof comes in any case", "stage"),
    node("stage", "if cause in self._over and cause not in self._refs.values()", "if cause in self._over", "one proof, after the end", "stage"),
    node("stage", "if cause.ends_ms <= now_ms]", "if cause.ends_ms <= now_ms - 9_000]", "a lease ends", "stage"),
    node("cause", "return (self.priority, self.began_ms, self.id)", "return (self.priority, -self.began_ms, self.id)",
         "the newest sounds", "stage"),
    node("chimes", "if chime.id in self._done or", "if", "once per id, ever, by order", "chimes"),
    node("chimes", "and due.id not in self._done", "", "once per id, ever, by book", "chimes"),
    node("chimes", "<= chime.due_wall_ms + chime.grace_ms:", "<= chime.due_wall_ms + 60 * chime.grace_ms:", "never late", "chimes"),
    node("chimes", "elif chime.id not in self._told:", "else:", "a late chime is told once", "chimes"),
    node("chimes", "abs(drift_ms) < JUMP_MS and", "", "a clock's step is seen", "chimes"),
    node("chimes", "ARM_MS = 1_500", "ARM_MS = -1_500", "on the second", "chimes"),
    node("node", "effects.append(parts.remember(ChimeDone(chime.id, chime.witness)))", "pass", "written before it sounds", "chimes"),
    node("alerts", '("sending", "received"): "received",', '("sending", "received"): "received", ("acknowledged", "received"): "received",', "states only go forward", "alerts"),
    node("alerts", 'if alert.cancelled and state == "received" and self._tries(alert.id) < INSIST_COPIES:', "if False:", "a crossing answer is no receipt", "alerts"),
    node("alerts", " and self._tries(alert.id) < INSIST_COPIES", "", "a cancelling is not said for ever", "alerts"),
    node("alerts", "        if alert.cancelled:\n            # A person", "        if False:\n            # A person",
         "a cancelling is not swallowed", "alerts"),
    node("alerts", "            sending.next_ms, sending.tries = now_ms, 0\n\n    def to_send",
         "            pass\n\n    def to_send", "a new link sends at once", "alerts"),
    node("alerts", "return max(STALE_AGE_MS, by_wall_ms)", "return max(0, by_wall_ms)", "never young after a reboot", "alerts"),
    node("alerts", "if not alert.silent}", "}", "a silent press shows nothing", "presses"),
    node("alerts", "_unsent(alert) and not alert.silent)", "_unsent(alert))", "a silent press is counted nowhere", "presses"),
    node("presses", "return [*sounds, write,", "return [write, *sounds,", "Sound before Write", "presses"),
    node("presses", "    if not alert.silent:\n        parts.stage.vouch", "    if True:\n        parts.stage.vouch",
         "a silent press makes no sound", "presses"),
    node("presses", "<= parts.cancel_ms()", "<= 100 * parts.cancel_ms()", "cancelled only within the window", "presses"),
    node("presses", "return _cancel(parts, now_ms)", "return []", "the cancel contact cancels", "presses"),
    node("presses", "alert.boot != parts.setup.boot or alert.silent or alert.quiet or", "alert.silent or",
         "a reboot or an all-clear is not resumed", "presses"),
    node("presses", "last_ms=now_ms", "last_ms=None", "an insistence outlasts a restart", "presses"),
    node("inbound", "if own is not None and (own.silent or own.cancelled):", "if False:", "a cancelled press stays quiet", "inbound"),
    node("inbound", "return id not in self._parts.memory.over", "return True", "what is closed stays silent", "inbound"),
    node("inbound", "- age_ms\n", "\n", "a lease counts from when it was issued", "inbound"),
    node("inbound", "or cause.origin != said.node", "", "nobody takes back another's alert", "inbound"),
    node("inbound", "known.origin in (None, alert.node) and", "", "nobody insists on another's alert", "inbound"),
    node("inbound", "        self._check_home(alert)\n", "", "nobody speaks for another hamlet", "inbound"),
    node("inbound", "        self._check_fresh(now_ms, alert)\n", "", "no age told anew", "inbound"),
    node("inbound", "alert.id in parts.memory.heard or", "", "a replay does not sound", "inbound"),
    node("inbound", "since_ms > FRESH_ALERT_MS or", "", "a stale alert does not sound", "inbound"),
    node("inbound", "alert.count > 1 and alert.last_age_ms is not None", "False", "an insistence sounds where the press was missed", "inbound"),
    node("inbound", " + alert.age_ms - _last_age_ms(alert))", " + alert.age_ms)", "a replayed insistence is stale", "inbound"),
    node("alerts", "alert.last_ms is None or alert.boot != self._boot", "alert.last_ms is None", "never young after a reboot", "presses"),
    node("inbound", "if said.node != who:", "if False:", "nobody speaks in another's name", "inbound"),
    node("inbound", "self.wants_hello = True", "pass", "an order that cannot be judged asks for the time", "inbound"),
    node("inbound", "waiting.until_ms <= now_ms]", "False]", "an order waits five seconds", "inbound"),
    node("inbound", ">= MAX_FROM_ONE:", ">= 10_000:", "a flood costs few writes", "inbound"),
    node("parts", "self.gate.obeyed(counter)", "pass", "no order twice", "inbound"),
    node("parts", "if self.linked else []", "", "no copy is said in vain", "alerts"),
    node("parts", "return DRILL if alarm.drill and (known is None or known.use == \"alarm\") else alarm.pattern", "return alarm.pattern", "a drill is a drill", "inbound"),
    node("records", "max(self.counter, record.counter)", "record.counter", "the counter never falls", "records"),
    node("records", "alert.state == \"sending\")", "alert.state != \"sending\")", "an unsent alert is kept", "records"),
    node("records", "            *(HeardAlert(over, over=True) for over in self.over),\n", "", "a compacted journal is the same", "records"),
    node("firstboot", "not NIGHT_TO <= self.hour < NIGHT_FROM", "False", "nobody who sleeps hears the stroke", "fledgling firstboot"),
    node("firstboot", "NIGHT_FROM, NIGHT_TO = 21, 6", "NIGHT_FROM, NIGHT_TO = 22, 6", "it is night from nine", "fledgling firstboot"),
    node("firstboot", "self._waits = self._waits or facts.night", "pass", "a box hung up at night waits in the morning, too", "fledgling firstboot"),
    node("firstboot", "return [Strike()] if self._may(facts) else []", "return [Strike()]", "a disk that refuses keeps the stroke back", "fledgling firstboot"),
    node("firstboot", "return [self._became(struck=True)]", "return [Strike()]", "the stroke is written down first", "fledgling firstboot"),
    node("firstboot", "            or self._past.struck\n", "", "the stroke sounds once, over reboots", "fledgling firstboot"),
    node("firstboot", "            or self._sounded\n", "", "whoever pressed test hears no second stroke", "fledgling firstboot"),
    node("firstboot", " and facts.quiet and facts.ready", " and facts.ready", "never over an alarm", "fledgling firstboot"),
    node("firstboot", "facts.chime_in_ms is None or facts.chime_in_ms > BEFORE_CHIME_MS", "True", "never just before a chime", "fledgling firstboot"),
    node("firstboot", "self._past.steps <= HOUR_STEPS", "True", "the first hour ends", "fledgling firstboot"),
    node("firstboot", 'and ended != "failed" and heard != 0', 'and ended != "failed"', "unheard is not sounded", "fledgling firstboot"),
    node("firstboot", "not self._past.told and strokes", "strokes", "the mark goes when the commune surely knows", "fledgling firstboot"),
    node("firstboot", "if facts.night or not facts.quiet or", "if not facts.quiet or", "nothing is said at night", "fledgling firstboot"),
    node("firstboot", "if facts.night or not facts.quiet or", "if facts.night or", "nothing is said over a gong", "fledgling firstboot"),
    node("firstboot", "facts.hour is not None or self._first_run", "True", "by an unknown time in the very first run alone", "fledgling firstboot"),
    node("firstboot", "self._said.get(code, 0) < TIMES", "True", "each is said some times and no more", "fledgling firstboot"),
    node("firstboot", "now_ms - since_ms >= STOOD_MS", "True", "what is mended in time is not said", "fledgling firstboot"),
    node("firstboot", "self._to_ask = left[1:]", "self._to_ask = left", "each fault is told once to who asks", "fledgling firstboot"),
    node("beginning", '"box", now_ms + LAST_MS', '"calendar", now_ms + LAST_MS', "words are told to nobody else", "firstboot"),
    node("beginning", 'disk=condition.disk == "ok"', "disk=True", "a stroke that is not safely written does not sound", "firstboot"),
    node("cause", "WORDS = -1", "WORDS = 3", "words give way to everything", "firstboot"),
    node("codes", "down is not None and down.shut)", "False)", "a box that is not let in says so", "codes"),
    node("codes", "not (down.shut or down.unproved)", "True", "a wrong password is not a missing network", "codes"),
    node("codes", "or parts.box.shown)", "or parts.box.stuck)", "a silent button counts nothing", "codes report"),
    node("codes", "or unheard)", ")", "a gong that is not heard is a speaker's fault", "codes"),
    node("codes", "not heard(parts, now_ms) and parts.linked and parts.gate.mistrusted", "False", "another commune's key is told", "codes"),
    node("codes", "(unsure and now_ms - condition.started_ms >= CLOCK_MS)", "unsure", "a box may ask for the time first", "codes"),
    node("orders", "            self.mistrusted = False\n", "", "one right signature is enough", "codes"),
    node("parts", "and node.key != own", "and False", "a key that the code book does not know is told", "codes"),
    node("node", "self._parts.linked, self._parts.down = True, None", "self._parts.linked = True", "a link that is there has no fault", "codes"),
    commune("voices", "if known is not None and 0 <= turn.wall_ms - known.at_ms < SAME_MS:", "if False:", "once is enough", "voices"),
    commune("voices", "or not proves(sounded.ended, sounded.strokes_heard)", "", "unheard is no voice", "voices"),
    Mutant("node/sampling.py", " and self._opens >= OPENS", "", "a stall at a finger's end loses no later press", "node/test_sampling.py"),
    Mutant("node/shelf.py", "if own is None and not alarm and name in self._wanted:", "if False:", "a chime due in the first moment is found", "node/test_shelf.py"),
    Mutant("node/update/trial.py", "self._sounds = health.sounding", "self._sounds = False", "no alarm is cut by a roll-back", "node/update/test_trial.py"),
    Mutant("node/updater.py", "sounding=bool(self._sounds)", "sounding=False", "the updater knows that a gong sounds", "node/test_updater.py"),
    Mutant("node/settingsfields.py", "if _is_host(one)][:MAX_TOLD]", "if _is_host(one)][:0]", "a card may tell a new address", "node/test_settings.py"),
    Mutant("node/madeanew.py", "struck=True", "struck=False", "a new partition makes no new box", "node/test_madeanew.py"),
    Mutant("node/core/codes.py", "WEAK = (\"low\", \"battery_low\")", "WEAK = (\"low\",)", "a battery that is nearly empty has a number", "node/core/test_codes.py"),
    Mutant("node/lamp.py", "[LONG_MS] * (code // LONG)", "[SHORT_MS] * (code // LONG)", "a long flash counts five", "node/test_lamp.py"),
    Mutant("node/lamp.py", "codes = show.codes if look in _COUNTS else ()", "codes = show.codes", "the alert lamp counts nothing", "node/test_lamp.py"),
    Mutant("node/saying.py", "if wall_ms is not None and night(wall_ms, zone or DEFAULT_ZONE):", "if False:", "the doctor is silent at night", "node/test_saying.py"),
    node("condition", "now_ms - parts.heard_ms < HEARD_WITHIN_MS", "True", "steady only while heard", "report"),
    node("report", "return _lasting(told) != _lasting(now)", "return told != now", "a status is told when it matters", "node report"),
    node("report", "or parts.box.shown or", "or parts.box.stuck or", "a silent button shows on no lamp", "report"),
    node("contacts", "(SILENT_STUCK_MS if setup.silent else STUCK_MS)", "STUCK_MS", "a silent button does not give itself away", "report"),
    node("report", "sounding(now_ms, public=True)", "sounding(now_ms)", "a silent alert is named in no status", "report"),
    node("stage", "        if not cause.public:\n            return\n", "", "a silent alert is named in no proof", "report"),
    node("node", "if now_ms - said_ms < PROOF_SURE_MS]", "if False]", "a proof is not lost in a dying link", "node"),
    node("contacts", "if closed_for_ms > DRILL_LEFT_MS else []", "if False else []", "a drill switch left on is told", "report"),
    node("node", "                parts.heard_ms = None\n", "", "a new link proves nothing", "report"),
    node("node", "self._deadline_ms = now_ms\n        self._status_ms", "self._deadline_ms = now_ms + FOREVER_MS\n        self._status_ms",
         "a new core is stepped at once", "node"),
    node("node", "HeardAlert(test, over=True)", "HeardAlert(test)", "a test sounds once", "inbound"),
    node("node", "now_ms = max(now_ms, self._now_ms)", "pass", "time never goes back", "node"),
    commune("intake", "_nature(other) == mine and", "", "a fire is not lost in a flood of tests", "intake"),
    commune("intake", '{drill}") or first', '{drill}")', "the first of a kind opens its own row", "intake"),
    commune("desk", "verb == known.verb and ", "", "an id stands for one ask", "desk"),
    commune("desk", " and known.digest in (None, _digest(ask))", "", "an id stands for one ask", "desk"),
    commune("desk", "self._look_rate.allows", "self._act_rate.allows", "who looks much can act", "desk"),
    commune("acts", "if row.silent and not ask.loud:", "if False:", "a silent alert is never turned loud unless that is said", "widening"),
    commune("acts", "    if row.cancelled:", "    if False:", "what was taken back is not promised to sound", "widening"),
    commune("acts", "            drill=row.drill,\n            silent=False,\n            hamlets=hamlets,", "            drill=False,\n            silent=False,\n            hamlets=hamlets,", "a drill stays a drill", "widening"),
    commune("acts", "alarm = self._alarms.insist(turn, row.id) or alarm", "pass", "what is widened gets a whole life", "widening"),
    commune("alarms", "        self._silenced.pop(alarm.id, None)\n        before", "        before", "what started again is not said to be over", "widening"),
    commune("escalation", "row is not None and alarm.by == row.node", "row is not None", "what an officer started again has been seen", "widening"),
    commune("statement", " if one.alarm.id != alarm.id", "", "a set has room for what it holds already", "widening"),
    commune("mutes", "not turn.wall_ms < row.until_ms <= latest_ms", "not turn.wall_ms < row.until_ms", "no mute is endless", "mutes"),
    commune("mutes", "not turn.wall_ms < row.until_ms <= latest_ms", "not row.until_ms <= latest_ms", "a mute ends", "mutes"),
    commune("mutes", "        if trouble.kind not in MUTABLE:\n            return None\n", "", "what is wrong with the commune is not muted", "mutes"),
    commune("mutes", ' or self._rows.get((trouble.about, ALL_KINDS))', "", "a whole node can be muted", "mutes"),
    commune("desk", "frozenset({AUDIT, \"retire\"})", "frozenset({AUDIT})", "the console alone has a node retired", "retiring"),
    commune("commune", "                self._retiring.written(turn, entry.subject)\n", "                pass\n", "who was dismissed goes", "retiring"),
    commune("retiring", "        left = any(one.kind == \"retiring\" for one in troubles.all)\n", "        left = False\n", "over a restart, too", "retiring"),
    commune("retiring", "            self._again_ms = turn.now_ms + AGAIN_MS\n", "            self._again_ms = None\n", "root is told again", "retiring"),
    commune("retiring", "            self._troubles.mend(turn, \"retiring\", node)\n", "            pass\n", "who is out is no trouble", "retiring"),
    commune("retiring", "        if not self._able:\n", "        if False:\n", "a machine that cannot says so", "retiring"),
    commune("commune", "            self._mutes.deadline_ms,\n", "", "a mute ends at its time", "mutes"),
    commune("desk", ' or (role != "console" and verb == AUDIT)', "", "nobody but a console writes deeds down", "audits"),
    commune("desk", 'f"{user} {ask.what}"', "user", "failed logins keep no other deed from being written", "audits"),
    commune("desk", " or not self._audits_rate.allows(turn.now_ms, user)", "", "deeds of ever other names are bounded", "audits"),
    commune("witnesses", "            if theirs != ours:", "            if ours is not None and theirs != ours:", "lines that are gone are told", "witnesses"),
    commune("witnesses", "if self._lowest is not None and seq > self._lowest:", "if False:", "the lowest wrong line is named", "witnesses"),
    commune("witnesses", '            self._troubles.hold(turn, "altered", ABOUT, self._why)\n            return\n', "            return\n", "what is wrong stays told", "witnesses"),
    commune("commune", "        self._witnesses.head = item.head\n", "", "a chime takes the newest head out", "witnesses"),
    commune("schedule", "            witness=UNSET if head is None else head,\n", "", "a chime takes the head out", "witnesses"),
    node("node", "ChimeDone(chime.id, chime.witness)", "ChimeDone(chime.id)", "a gong that sounds a chime is a witness", "chimes"),
    node("records", "if witness is None or self.witnesses[-1:] == (witness,):", "if witness is None:", "a head that has not moved is witnessed once", "records"),
    node("records", "            *(Witnessed(witness) for witness in self.witnesses),\n", "", "witnesses outlive a journal that is written anew", "records"),
    Mutant("broker/register/store.py", "links(self._last, [add", "links(self._last_link(), [add", "what is done to the file does not enter into the chain", "broker/register/test_audit.py"),
    Mutant("broker/register/store.py", "        self._last = made[-1]\n", "", "each line binds those before it", "broker/register/test_contract.py"),
    Mutant("broker/register/chain.py", '        return b"-"', '        return b"0:"', "nobody and an empty name differ", "broker/register/test_chain.py"),
    Mutant("broker/register/chain.py", 'return b"%d:%b" % (len(raw), raw)', "return raw", "no two lines look alike", "broker/register/test_chain.py"),
    Mutant("broker/register/audit.py", "        if seq > last[0] + 1:", "        if False:", "lines that were cut off leave a gap", "broker/register/test_audit.py"),
    Mutant("broker/register/audit.py", "            if one.node not in lowest:\n", "            if True:\n", "what was witnessed after proves nothing of before", "broker/register/test_audit.py"),
    Mutant("broker/register/audit.py", "if wrong is None and not names.issuperset(GUARDS):", "if False:", "guards that are gone are told", "broker/register/test_audit.py"),
    commune("desk", '    if role != "console":', "    if False:", "nobody but a console asks for another", "behalf"),
    commune("desk", "done = self._acts[verb](turn, officer, ask)", "done = self._acts[verb](turn, user, ask)", "the rows name the officer", "behalf"),
    commune("desk", 'allows(turn.now_ms, f"{user} {officer}")', "allows(turn.now_ms, user)", "no officer's haste hinders another", "behalf"),
    commune("desk", "        if not self._console_rate.allows(turn.now_ms, user):", "        if False:", "a console's names do not multiply its acts", "behalf"),
    commune("desk", 'if (name, value) != ("behalf", None)', "", "an ask is itself over an update", "behalf"),
    node("orders", "max(wall_ms, self.counter, self._welcomed)", "max(wall_ms, self.counter)", "a commune whose clock was ahead goes on", "orders"),
    node("orders", "self._welcomed) > LEAP_MS", "self._welcomed) > 10**16", "no slip of the hand uses the numbers up", "orders"),
    commune("counter", "        if counter > max(self._last, wall_ms) + AHEAD_MS:", "        if False:", "no slip of the hand uses the numbers up", "counter"),
    commune("supervision", ", owes=owes)", ")", "who does not sound is named", "heeding"),
    commune("supervision", "            self._heeding.lost(view.id)\n", "            pass\n", "one that is back has its time", "heeding"),
    commune("inbound", "        if (node, sounded) in self._known:\n            return\n", "", "a proof said again is one", "proofs"),
    commune("heeding", "not score.endless and ", "", "one that fell silent is named", "heeding"),
    commune("heeding", " and not alarm.silent", "", "a silent alert is asked of nobody", "heeding"),
    commune("alarms", "        live.reached_ms = turn.now_ms\n", "", "time counts from the widening", "heeding"),
    commune("troubles", "not self._rows.allows(turn.now_ms, about)", "False", "a trouble fills no register", "troubles"),
    commune("troubles", "*self._owed_at_ms.values()", "*()", "the register follows", "troubles"),
    commune("supervision", "or not self._row_rate.allows(", "or self._row_rate is None and (", "a node fills no register", "supervision"),
    commune("supervision", "            found = {}\n", "            pass\n", "invented names hide no gong", "supervision"),
    commune("supervision", "self._heard_ms(view) >= STRANGER_MS", "self._heard_ms(view) >= 10**12", "a stranger is forgotten", "supervision"),
    commune("inbound", "            turn.erase(arrived.topic)\n        self._desk", "            pass\n        self._desk", "nothing kept stays in the broker", "desk"),
    commune("lookup", " or id_.lower().endswith(text)", "", "the end is enough", "lookup"),
    # A flood of one box.
    commune("hush", "self._until_ms[node] = turn.now_ms + CALM_MS", "self._until_ms.setdefault(node, turn.now_ms + CALM_MS)", "a flooder is heard aside while it floods", "hush"),
    commune("hush", "        if not known:\n            self._say(turn)", "        self._say(turn)", "a flood changes the connections once", "hush"),
    commune("hush", "not self._others() <= self._listed", "False", "who is new is heard during a flood", "hush"),
    Mutant("broker/inbox.py", "self._left_out[sender] += self._waiting[sender] >= MAX_OF_ONE", "self._left_out[sender] += 1", "whom others crowd out is no flooder", "broker/test_inbox.py"),
    Mutant("broker/inbox.py", "                    self._left_out.pop(sender, None)\n", "", "who is read in time is no flooder", "broker/test_inbox.py"),
    # Several addresses, tables, cards.
    Mutant("wire/hosts.py", "        self._first, self._turn = self._names.index(self.now), 0\n", "        self._turn = 0\n", "the last good one first", "wire/test_hosts.py"),
    Mutant("wire/hosts.py", "        return self._turn == 0", "        return True", "each has its turn before anybody waits", "wire/test_hosts.py"),
    Mutant("wire/hosts.py", "self._on_disk != self.now and ", "", "a card is not written without need", "wire/test_hosts.py"),
    Mutant("broker/enrolment/bootfiles.py", "    lock_passwd: true", "    lock_passwd: false", "nobody logs in with a password", "broker/enrolment/test_bootfiles.py"),
    Mutant("broker/enrolment/bootfiles.py", "ssh = \"-d\" if", "ssh = \"\" if", "no SSH without a key", "broker/enrolment/test_bootfiles.py"),
    Mutant("broker/enrolment/safe.py", "        raise _elsewhere(folder)", "        pass", "an empty stick is not the safe's", "broker/enrolment/test_safe.py"),
    Mutant("broker/enrolment/safe.py", "    if public_half(first / BACKUP_KEY) != known:", "    if False:", "no keys of another commune are copied", "broker/enrolment/test_safe.py"),
    Mutant("broker/enrolment/restore.py", "    if manifest.home in (\"\", str(etc)):", "    if True:", "a backup goes where it came from", "broker/enrolment/test_backup.py"),
    Mutant("broker/enrolment/found.py", "        if not key.exists() and (founding.etc / INSTALLED).exists():", "        if False:", "a CA that boxes know is not made anew", "deploy/test_interrupted.py"),
    Mutant("broker/enrolment/sheet.py", "            if wish.node in where:", "            if False:", "a box twice in a table", "broker/enrolment/test_sheet.py"),
    Mutant("broker/enrolment/cards.py", "    if words not in line:", "    if True:", "words are added once", "broker/enrolment/test_cards.py"),
    Mutant("broker/enrolment/cards.py", "    if others:", "    if False:", "another box's card is left alone", "broker/enrolment/test_cards.py"),
    Mutant("wire/link.py", "        elif mid == self._last and not self._over:", "        else:", "up once, when all is granted", "wire/test_link.py"),
    # The broker's own health, and the dead man's switch.
    commune("beacon", "MISSES = 3", "MISSES = 9", "a broker that hangs is seen within 8 s", "beacon"),
    commune("beacon", "MISSES = 3", "MISSES = 2", "two misses are forgiven", "beacon"),
    commune("beacon", "EVERY_MS = 2_000", "EVERY_MS = 3_000", "a broker that hangs is seen within 8 s", "beacon"),
    commune("beacon", "if self._out and not idle:", "if False:", "what waits in our inbox is not missed", "beacon"),
    commune("beacon", "                self._hangs(turn)\n        self._number", "                pass\n        self._number", "a broker that hangs is restarted", "beacon"),
    commune("beacon", "self.misses + 1 if mute else 0", "0", "a broker that lets nobody in is restarted", "beacon"),
    commune("beacon", "self.misses + 1 if mute else 0", "self.misses + (not up)", "a broker that is not there is not restarted", "beacon"),
    commune("beacon", "        self._out.clear()\n", "", "a link that came back begins afresh", "beacon"),
    commune("beacon", "self._not_before_ms is None or turn.now_ms >= self._not_before_ms", "True", "restarts are bounded", "beacon"),
    commune("beacon", "min(self._rest_ms * 2, LONGEST_REST_MS)", "self._rest_ms", "each rest is longer", "beacon"),
    commune("beacon", "min(self._rest_ms * 2, LONGEST_REST_MS)", "self._rest_ms * 2", "it is tried again for ever", "beacon"),
    commune("beacon", "            self._rest_ms, self._not_before_ms = FIRST_REST_MS, None\n", "            pass\n", "a broker that held is restarted at once again", "beacon"),
    commune("beacon", 'if self._troubles.is_open("broker", ABOUT):', "if False:", "a new run goes on resting", "beacon"),
    commune("beacon", "if not self._mends or not rested:", "if not rested:", "without the means it is a trouble alone", "beacon"),
    commune("beacon", "        self._troubles.mend(turn, \"broker\", ABOUT)\n", "", "what is back is no trouble", "beacon"),
    commune("beacon", "if beacon.by != self._word:", "if False:", "two services are seen", "beacon"),
    commune("beacon", "if beacon.by == by and beacon.number > number:", "if True:", "our own last run is no second service", "beacon"),
    commune("beacon", "self.round_trip_ms, self.misses = turn.now_ms - said_ms, 0", "self.round_trip_ms, self.misses = 0, 0", "the round trip is told", "beacon"),
    commune("inbound", "                    fresh(arrived)\n                    self._watch", "                    self._watch", "a kept beacon proves nothing", "beacon"),
    commune("proofs", "self._expected[row.id] = Expected(row, by_ms, dict.fromkeys(row.nodes), deaf=until_ms < 0)", "pass", "a restart forgets no chime", "proofs"),
    commune("proofs", "dict.fromkeys(row.nodes), deaf=until_ms < 0", "deaf=until_ms < 0", "a restart forgets no proof", "proofs"),
    commune("proofs", "dict.fromkeys(row.nodes), deaf=until_ms < 0", "dict.fromkeys(row.nodes), deaf=False", "who could not hear says so", "proofs"),
    commune("proofs", "                self._summed[row.id] = row\n", "                pass\n", "a chime is summed up once", "proofs"),
    commune("proofs", "elif until_ms > -OLD_MS:", "else:", "an old chime is not asked about", "proofs"),
    commune("proofs", "        elif sounded.id not in self._summed:\n            return\n", "        else:\n            return\n", "a late proof ends the trouble", "proofs"),
    commune("proofs", "            self._troubles.hold(turn, \"chime_missed\", node, self._why(node, one))\n", "            pass\n", "who stayed away is raised", "proofs"),
    commune("proofs", "        self._ledger.note(Entry(what=\"proved\"", "        (Entry(what=\"proved\"", "the register knows who sounded", "proofs"),
    commune("proofs", "proved.get(node.hamlet, False) or slug", "slug", "one gong is enough for a hamlet", "proofs"),
    commune("proofs", "            one.deaf = True\n", "            pass\n", "who could not hear says so", "proofs"),
    commune("schedule", "if until_ms > -PROOF_MS:", "if linked and until_ms > -PROOF_MS:", "a chime is asked about without a link", "proofs"),
    commune("schedule", "moment(turn.wall_ms - PROOF_MS)", "moment(turn.wall_ms - GRACE_MS)", "a chime that was never ordered is asked about", "proofs"),
    commune("schedule", "until_ms >= -GRACE_MS:", "True:", "no chime is late", "schedule"),
    commune("schedule", "        if linked and not self._linked:\n            self.deadline_ms = None\n", "", "a chime waits for the link", "schedule"),
    commune("chimerows", 'ended != "failed" and', "", "a failed sound proves nothing", "proofs"),
    commune("nodefaults", "SILENT_MS if every_s is None else every_s * 1_000 + LATE_MS", "SILENT_MS", "a frozen node is shown within 10 s", "supervision"),
    commune("nodefaults", "SILENT_MS if every_s is None else every_s * 1_000 + LATE_MS", "9_000", "who speaks every 10 s is not silent", "supervision nodefaults"),
    commune("notices", ' if role != "watch"', "", "no watcher hears of a silent alert", "notices"),
    commune("notices", "        if not row.silent:\n            return\n", "", "only silent alerts are told apart", "notices"),
    # By the joined cores alone: what no single core can show.
    joined("broker/core/commune.py", "        self._answers.say(turn, safe)\n", "", "what is committed is answered"),
    joined("broker/core/answers.py", "if row.node is not None and not self._ledger.awaits_incident(row.id):", "if row.node is not None:",
           "received only while the row is committed"),
    joined("broker/core/intake.py", "        if row is None:\n            self._first(turn, alert, silent)\n            return\n",
           "        if True:\n            self._first(turn, alert, silent)\n            return\n", "one alert, one incident"),
    joined("broker/core/counter.py", "        self._last = reserved\n", "        self._last = 0\n", "numbers rise over restarts"),
    joined("broker/core/welcome.py", "        self._statement.soon(turn, len(self._supervision.nodes))\n", "", "the set is stated after each hello"),
    joined("broker/core/welcome.py", "        self._answers.node_is_back(turn, hello.node)\n", "", "an answer lost with the service is given again"),
    joined("broker/core/statement.py", "if not live.alarm.silent]\n        self._say(", "]\n        self._say(", "a silent press is in nothing that everybody hears"),
    joined("broker/core/alarms.py", "(silent or not hidden)", "True", "a silent end is in nothing that everybody hears"),
    joined("broker/core/escalation.py", 'row.state == "open" and', "", "nothing is escalated that a person has taken"),
    joined("broker/core/statement.py", "STATE_EVERY_MS = 10_000", "STATE_EVERY_MS = 15_000", "the set is stated every 10 s"),
    joined("broker/core/answers.py", "*self._cases.lately_over(MAX_REPEATED)", "*()", "an answer lost with our link is given again"),
    joined("broker/core/inbound.py", " and abs(turn.wall_ms - order.issued_at.ms) <= FRESH_MS", "", "a stale set does not put the commune off"),
    joined("broker/core/commune.py", "        self._alarms.recall(turn, self._snapshot.incidents, self._book.alarm_s)\n", "",
           "after clear nothing sounds, over a restart"),
    Mutant("broker/core/statement.py", "        if self._foreign_ms is not None and not self._alarms.all:\n            return  #", "        if False:\n            return  #",
           "a hello does not silence what a hand stated", "broker/core/test_commune.py"),
    Mutant("broker/core/statement.py", "self._said_ms if self._alarms.all else self._heard_ms", "self._heard_ms",
           "another's sets never put off an alarm", "broker/core/test_commune.py"),
    joined("broker/core/commune.py", "            self._ledger.flush(turn, urgent=True)\n", "", "once out of the set, out for ever"),
    joined("broker/core/ledger.py", "if not urgent and ", "if ", "once out of the set, out for ever"),
    joined("broker/core/answers.py", "number < ALWAYS_REPEATED or", "", "a node hears the end whatever the clock does"),
    joined("broker/core/inbound.py", "and order.counter > self._counter.last", "", "a replayed set does not put the commune off"),
    joined("broker/core/ledger.py", "self._retry_at_ms = turn.now_ms + self._retry_ms", "self._retry_at_ms = turn.now_ms + 10**9",
           "a freed disk is written"),
    joined("broker/core/nodefaults.py", "LATE_MS = 1_000  #", "LATE_MS = 90_000  #", "a silent node is a trouble"),
    joined("broker/core/inbound.py", "kept=arrived.retained", "kept=True", "a node that speaks is not silent"),
    joined("broker/core/acts.py", "        self._alarms.changed = True\n        quiet = said(", "        quiet = said(",
           "the set is stated after each clear"),
    joined("node/core/presses.py", "return [*sounds, write, *parts.say_due(now_ms), Nudge()]", "return [*sounds, *parts.say_due(now_ms), write, Nudge()]",
           "save, then send"),
    joined("node/core/presses.py", "return [*sounds, write,", "return [write, *sounds,", "the own gong sounds at once"),
    joined("node/core/alerts.py", "        for sending in self._sending.values():\n            sending.next_ms, sending.tries = now_ms, 0\n", "        self._sending.clear()\n",
           "what a journal claimed arrives"),
    joined("node/core/orders.py", "order.counter <= self.counter", "False", "no order twice"),
    joined("node/core/orders.py", "self._welcomed) > LEAP_MS", "self._welcomed) > 10**16", "no number silences a gong for good"),
    joined("node/core/parts.py", "        return [self.remember(CounterObeyed(self.gate.counter))]", "        return []", "no order twice, over a reboot"),
    joined("node/core/orders.py", "<= FRESH_MS:", "<= 10**15:", "nothing old sounds"),
    joined("node/core/inbound.py", " and not parts.stage.spent(alarm.id, until_ms)", "", "a gong that fell silent does not sound again for a second"),
    joined("node/core/stage.py", "if cause.ends_ms <= now_ms]", "if cause.ends_ms <= now_ms - 9_000]", "no gong sounds past its lease"),
    joined("node/core/inbound.py", "        over += [id_ for id_ in order.over if parts.stage.clear(id_, now_ms)]\n", "", "after clear nothing sounds"),
    joined("node/core/inbound.py", " or alert.id in self._over", "", "a copy after the all-clear sounds nowhere"),
    joined("node/core/node.py", "effects.append(parts.remember(ChimeDone(chime.id, chime.witness)))", "pass", "a chime sounds at most once"),
    joined("node/core/presses.py", "alert.boot != parts.setup.boot or alert.silent or alert.quiet or", "alert.boot != parts.setup.boot or alert.silent or",
           "an all-clear is remembered over a restart"),
    joined("node/core/presses.py", "    if not alert.silent:\n        parts.stage.vouch", "    if True:\n        parts.stage.vouch", "a silent press makes no sound"),
    joined("node/core/parts.py", '"silent" if alert.silent else "alert"', '"alert"', "a silent press is in no loud alert"),
    # By power cuts alone: what only a disk that lost its power can show.
    cut("broker/register/store.py", 'db.execute("PRAGMA synchronous = FULL")', 'db.execute("PRAGMA synchronous = NORMAL")', "received only after the sync"),
    cut("broker/register/store.py", "        os.fsync(log)\n", "        pass\n", "what is restored is on the disk"),
    cut("broker/register/migrate.py", ", transaction.atomic():", ":", "tables are there whole or not at all"),
    cut("broker/enrolment/files.py", "        sync_folder(path.parent)\n", "", "who was dismissed stays dismissed"),
    cut("broker/cli/keys.py", "        sync_folder(file.absolute().parent)\n", "", "a new key's name is safe"),
    cut("broker/mosquitto/ca.py", "            os.fsync(file.fileno())\n", "", "the commune's key is there whole"),
    cut("broker/mosquitto/ca.py", "        sync_folder(place.parent)\n", "", "the commune's key is there"),
    Mutant("node/core/supply.py", "(self._hot and heat >= COOL_C)", "False", "heat does not flicker", "node/core/test_supply.py"),
    Mutant("node/core/supply.py", "(self._empty and pct < BATTERY_WELL_PCT)", "False", "a low battery is told once", "node/core/test_supply.py"),
    Mutant("node/core/supply.py", "now_ms - self._doubt_ms >= MAINS_MS", "True", "a moved plug is no power cut", "node/core/test_supply.py"),
    Mutant("node/core/supply.py", "pct <= self._turn - FALL_PCT", "pct < self._turn", "a gauge's noise is no power cut", "node/core/test_supply.py"),
    Mutant("node/core/supply.py", "since_ms >= RATE_MS and gone >= RATE_PCT", "gone > 0", "hours are measured, not guessed", "node/core/test_supply.py"),
    Mutant("node/ups.py", "if raw > 0x7FFF:", "if False:", "no chip gives a charge of 256 %", "node/test_ups.py"),
    Mutant("node/core/orders.py", "        if self._forgetful:\n            raise", "        if False:\n            raise", "who forgot waits for a welcome", "node/core/test_orders.py"),
    Mutant("node/core/orders.py", "            self.obeyed(counter)\n", "            pass\n", "who forgot obeys nothing older than the welcome", "node/core/test_orders.py"),
    Mutant("node/core/chimes.py", "begun_wall_ms <= chime.due_wall_ms and ", "", "who forgot makes up for no chime", "node/core/test_chimes.py"),
    Mutant("node/journal.py", "(*reading.records, *ours)", "ours", "what a late partition held is kept", "node/test_partition.py"),
    Mutant("node/keep.py", "os.access(place, os.W_OK | os.X_OK)", "os.access(place, os.F_OK)", "lgpio is not sent to a dead card", "node/test_partition.py"),
    cut("node/journal.py", "            self._sync(self._file)\n", "            pass\n", "claimed only after the sync"),
    cut("node/journal.py", "            self._sync(file)\n            if self._unread", "            if self._unread", "a shorter journal is safe before it takes the place"),
    cut("node/journal.py", "        self._sync_folder()\n        self._unsaved.clear()", "        self._unsaved.clear()", "a shorter journal's name is safe"),
    cut("node/journal.py", "            self._settle(file)\n            self._sync_folder()\n", "            self._settle(file)\n", "a new journal's name is safe"),
    cut("node/journal.py", "            self._settle(file)\n            self._sync_folder()\n", "            self._sync_folder()\n", "what is read is on the disk"),
    cut("node/journalline.py", 'b"\\n%08x %s\\n"', 'b"%08x %s\\n"', "a bad byte costs one record"),
    cut("node/keep.py", "        os.fsync(file)\n", "        pass\n", "a code book is there whole"),
    cut("node/keep.py", "        os.fsync(folder)\n", "        pass\n", "a code book that was kept is there"),
    cut("patterns/cache.py", "            os.fsync(file.fileno())\n", "            pass\n", "a clip that was kept is there"),
    cut("patterns/cache.py", "        os.fsync(folder)\n", "        pass\n", "a clip's name is safe"),
    joined("node/core/cause.py", "    DRILL = 2\n", "    DRILL = 5\n", "nothing goes before a real alarm"),
    joined("node/core/presses.py", 'if alert.state != "sending" and not parts.linked:', "if False:", "an old all-clear silences no press"),
    # By the street: two nights by seed, faults that fall on a press or on the hour. The number is the row of the table of faults.
    street("node/core/presses.py", "        sounds = parts.stage.plan(now_ms)\n", "        sounds = []\n", "1: sound before all else"),
    street("node/core/presses.py", "    write = parts.keep(alert, now_ms, send=True)\n    return [*sounds, write, *parts.say_due(now_ms), Nudge()]",
           "    write = parts.keep(alert, now_ms, send=True)\n    return [*sounds, *parts.say_due(now_ms), write, Nudge()]", "2: save, then send"),
    street("node/core/alerts.py", "        for sending in self._sending.values():\n            sending.next_ms, sending.tries = now_ms, 0\n", "        self._sending.clear()\n",
           "2: what a journal claimed arrives"),
    street("node/core/alerts.py", "            sending.tries += 1\n", "            sending.next_ms = 10**15\n            sending.tries += 1\n", "3: PUBACK means nothing"),
    street("node/core/alerts.py", '("sending", "received"): "received",', '("sending", "received"): "acknowledged",', "4: acknowledged by a person"),
    street("broker/core/answers.py", "if row.node is not None and not self._ledger.awaits_incident(row.id):", "if row.node is not None:", "4: received, committed"),
    street("node/journalline.py", 'return b"\\n%08x %s\\n"', 'return b"%08x %s\\n"', "6: one bad byte, one record"),
    street("node/core/node.py", "effects.append(parts.remember(ChimeDone(chime.id, chime.witness)))", "pass", "7: at most once a night"),
    Mutant("node/core/contacts.py", "level.closed and level.began_ms <= began_ms for", "level.closed for", "26: no drill of a hand's press", "street/test_seen.py"),
    street("node/core/chimes.py", "        self._done = set(done)\n", "        self._done: set[str] = set()\n", "7: once, over a reboot"),
    street("node/core/chimes.py", "<= chime.due_wall_ms + chime.grace_ms:", "<= chime.due_wall_ms + 60 * chime.grace_ms:", "7: never later than its grace"),
    street("node/core/chimes.py", "ARM_MS = 1_500", "ARM_MS = -1_500", "7: on the second"),
    street("wire/clock.py", " if in_step else None", "", "8: no chime by an unsure clock"),
    street("node/core/alerts.py", "return max(STALE_AGE_MS, by_wall_ms)", "return max(0, by_wall_ms)", "8: never young after a reboot"),
    street("node/core/presses.py", "clock=parts.clock.state(now_ms),", 'clock="synced",', "8: an unsure clock says so"),
    street("broker/core/intake.py", '            state="open",\n            opened_at_ms=turn.wall_ms,\n            pressed_at_ms=max(0, turn.wall_ms - alert.age_ms),',
           '            state="open",\n            opened_at_ms=max(0, turn.wall_ms - alert.age_ms),\n            pressed_at_ms=max(0, turn.wall_ms - alert.age_ms),', "8: the commune stamps the time"),
    street("node/core/orders.py", "<= FRESH_MS:", "<= 10**15:", "10: nothing old sounds"),
    street("node/core/orders.py", "if arrived.retained:\n            raise Refused(\"retained\", arrived.topic)\n        if self._verifier", "if self._verifier", "10: nothing retained"),
    street("node/core/orders.py", "order.counter <= self.counter", "False", "11: no order twice"),
    street("node/core/orders.py", "            _check(self._verifier, arrived)\n            self.mistrusted", "            self.mistrusted", "11: nothing forged"),
    street("broker/core/intake.py", "        if row is None:\n            self._first(turn, alert, silent)\n            return\n",
           "        if True:\n            self._first(turn, alert, silent)\n            return\n", "12: one alert, one row"),
    street("broker/core/inbound.py", '        self._troubles.hold(turn, "foreign_service", place.word, why)\n', "        del why\n", "12: a second service is shown"),
    street("wire/codec.py", "    except (msgspec.DecodeError, RecursionError) as error:", "    except RecursionError as error:", "17: no payload ends a program"),
    street("node/core/contacts.py", "            if name in self.spent:", "            if False:", "21: a stuck button presses once"),
    street("broker/core/incident.py", "    if row.acknowledged_by is not None:\n", "    if False:\n", "22: of two officers the first wins"),
    street("broker/core/incident.py", '    ("acknowledged", "cancel"): "acknowledged",', '    ("acknowledged", "cancel"): "open",', "22: one order of states"),
    street("node/core/cause.py", "    DRILL = 2\n", "    DRILL = 5\n", "26: nothing goes before a real alarm"),
    street("node/core/parts.py", "return DRILL if alarm.drill and (known is None or known.use == \"alarm\") else alarm.pattern", "return alarm.pattern", "27: a drill of an unknown pattern is a drill"),
    street("node/core/parts.py", '"silent" if alert.silent else "alert"', '"alert"', "26: a silent press leaks nowhere"),
    desk("live/board.py", "if silent or not case.incident.silent]", "if True]", "a silent alert's waiting is told to nobody who may not know"),
    desk("live/board.py", "if node.ours and reaches(", "if reaches(", "a gong that is not the code book's is never missed"),
    desk("live/board.py", "        if ours or online:\n            yield", "        if True:\n            yield", "a retired gong is shown no more"),
    desk("live/vouched.py", "        if signed and fresh:\n", "        if fresh:\n", "what the commune did not sign is no case"),
    desk("live/vouched.py", "        if signed and fresh:\n", "        if signed:\n", "an old or repeated set is no case"),
    desk("live/wire.py", " or register.fault else next(", " else next(", "a register that cannot be read disowns nothing"),
    desk("live/board.py", "at_ms - alarm.since_ms > SOUND_MS", "at_ms - alarm.since_ms > 10 * SOUND_MS", "who does not sound is named soon"),
    desk("live/board.py", "if node.id not in saying and not _busy(node, alarm, alarms)", "if node.id not in saying", "a gong busy with a real alarm is not missed"),
    desk("live/board.py", "(alarm.drill or not other.drill)", "True", "a gong busy with a drill is missed"),
    desk("live/board.py", "return Case(row, True, still=saying)", "return Case(row, True)", "who has not stopped is named"),
    desk("live/board.py", "ended = {row.id: sounding for row in register.ended if (sounding := _saying(row.id, nodes))}", "ended: dict[str, tuple[str, ...]] = {}", "who sounds a closed case is named"),
    desk("live/board.py", "yield replace(_case(row, alarm, alarms, nodes, at_ms), written=False)", "yield _case(row, alarm, alarms, nodes, at_ms)", "20: what is not written down says so"),
    desk("live/unwritten.py", "if id_ in sounding or at_ms - alarm.since.ms < SHIFT_MS:", "if id_ in sounding:", "20: silencing is not closing, on a full disk either"),
    desk("live/unwritten.py", "return not said and at_ms", "return at_ms", "what the commune refused never shows"),
    desk("live/unwritten.py", "if id_ not in known and at_ms - silent.at_ms < SHIFT_MS:", "if False:", "20: a silent alert shows before it is written down"),
    desk("live/wire.py", "            return self.silent.pop(id_, None) is not None", "            return False", "a silent alert that was taken back is gone"),
    desk("live/wire.py", "                kept.pop(id_, None)", "                pass", "what is written down never comes back as unwritten"),
    street("broker/core/statement.py", "if not live.alarm.silent]\n        self._say(", "]\n        self._say(", "26: a silent alarm leaks nowhere"),
    people("slowing", "min(doubled, self._rule.most_s)", "doubled", "a wait has an end", "slowing"),
    people("slowing", "            if wait_s <= 0:\n", "            if wait_s <= 0 and key not in self._tallies:\n", "each try is counted", "slowing"),
    people("slowing", "                while len(self._tallies) > self._most:", "                while False:", "strangers cannot fill the memory", "slowing"),
    people("guard", "        if known:\n            return self._known.take", "        if False:\n            return self._known.take", "strangers keep no officer out", "codes"),
    people("guard", "        return max(self._account.take(name, now_s), self._address.take(network, now_s))", "        return self._address.take(network, now_s)", "an account is slow from every address", "codes"),
    people("guard", "        return max(self._account.take(name, now_s), self._address.take(network, now_s))", "        return self._account.take(name, now_s)", "an address is slow for every name", "codes"),
    people("guard", "(client == server and client != \"\")", "client == server", "nobody's address is not our own", "codes"),
    people("codes", "if right and step > last_step and", "if right and", "a code is taken once", "codes"),
    people("codes", "AROUND = (0, -1, 1)", "AROUND = (0, -1, 1, -2)", "a code is of its half minute", "codes"),
    people("codes", "    return int(number), letters", "    return int(number), rest", "a recovery code is read as it is written", "codes"),
    people("passwords", "    return len(pieces) <= MAX_PIECES and rest < MIN_REST", "    return text in known", "two well-known pieces are no password", "codes"),
    people("passwords", "MAX_PIECES = 2", "MAX_PIECES = 9", "a phrase is a password", "codes"),
    Mutant("broker/console/live/teller.py", "        except NoAnswer:\n            return self._away_s", "        except NoAnswer:\n            row.delete()\n            return self._away_s", "what is not confirmed stays", "console/test_people_journal.py"),
    Mutant("broker/enrolment/inuse.py", "file == used or ours > theirs:", "file == used or ours > 0:", "a box goes into the newest code book", "broker/enrolment/test_inuse.py"),
    Mutant("broker/enrolment/inuse.py", "    if ours == theirs:\n", "    if False:\n", "of two code books of one version a person chooses", "broker/enrolment/test_inuse.py"),
    Mutant("broker/enrolment/inuse.py", "if node not in boxes or", "if node in boxes or", "a box whose code book was refused comes along", "broker/enrolment/test_inuse.py"),
    Mutant("broker/enrolment/inuse.py", "or theirs.get(node):", "or True:", "a box whose code book was refused comes along", "broker/enrolment/test_inuse.py"),
    Mutant("broker/heart.py", "        if self._stuck():\n", "        if False:\n", "a link whose thread is caught feeds no watchdog", "broker/test_heart.py"),
    Mutant("broker/console/heart.py", "if turns == self._seen else", "if False else", "a board that stands still feeds no watchdog", "console/test_heart.py"),
    Mutant("broker/console/heart.py", 'if self._stuck() else ""', 'if False else ""', "a link whose thread is caught feeds no watchdog", "console/test_heart.py"),
    Mutant("broker/console/logs.py", "one if one.isprintable() else", "one if True else", "no line of the journal is forged", "console/test_people_logs.py"),
    Mutant("node/peers.py", "if self._said[node] < FLOOD:", "if self._said[node] >= 0:", "another box's flood leaves no gong deaf", "node/test_peers.py"),
    Mutant("node/peers.py", "                self._said.clear()\n            self._said[node] += 1", "                pass\n            self._said[node] += 1", "a box that says much in a day is no flooder", "node/test_peers.py"),
    Mutant("node/core/parts.py", "if flooders else [topics.every", "if False else [topics.every", "another box's flood leaves no gong deaf", "node/test_peers.py"),
    commune("troubles", "            self.mend(turn, kind, about)\n        else", "            pass\n        else", "a backup that is made ends the trouble", "commune"),
    commune("troubles", "            self.hold(turn, kind, about, why)", "            pass", "a backup that fails is a trouble", "commune"),
    commune("commune", 'settle(turn, "backup", SERVICE, item.why)', 'settle(turn, "backup", SERVICE, item.why or "once")', "a backup that is made ends the trouble", "commune"),
    commune("commune", 'settle(turn, "backup", SERVICE, item.why)', 'mend(turn, "backup", SERVICE)', "a backup that fails is a trouble", "commune"),
    Mutant("broker/upkeep.py", "    if age_ms > OLD_MS:", "    if False:", "a backup that nobody makes is told", "broker/test_upkeep.py"),
    Mutant("broker/upkeep.py", "if self._told != (why,):", "if why is not None:", "a backup that is made ends the trouble", "broker/test_upkeep.py"),
    Mutant("broker/enrolment/sealing.py", "    if tag != LAST:", "    if False:", "a sealed backup that was cut off is found", "broker/enrolment/test_sealing.py"),
    Mutant("broker/enrolment/archive.py", " != kept.sha256:", " is None:", "an altered backup is refused", "broker/enrolment/test_backup.py"),
    Mutant("broker/enrolment/archive.py", "    if missing:", "    if False:", "a backup that lacks a file is refused", "broker/enrolment/test_backup.py"),
    Mutant("broker/enrolment/restore.py", "    if now < made:", "    if False:", "a clock before the backup is refused", "broker/enrolment/test_backup.py"),
    Mutant("broker/enrolment/restore.py", "                place.rename(old)", "                shutil.copytree(place, old)", "what was there is moved aside", "broker/enrolment/test_backup.py"),
    Mutant("broker/enrolment/backup.py", " and one != newest", "", "tonight's backup is never thrown away", "broker/enrolment/test_backup.py"),
    Mutant("broker/enrolment/backup.py", "    if second.stat().st_dev == folder.stat().st_dev:", "    if False:", "a second place is another disk", "broker/enrolment/test_backup.py"),
    Mutant("broker/enrolment/backup.py", " and not (issuer and path == site.ca_file.parent / CA_KEY)", "", "the CA's key is in no backup", "broker/enrolment/test_backup.py"),
    Mutant("broker/enrolment/safe.py", "        if not kept:\n", "        if True:\n", "an older commune keeps its CA's key", "broker/enrolment/test_safe.py"),
    Mutant("broker/mosquitto/issuer.py", "        if not ca_key.exists():\n            raise\n", "", "a strange name takes the safe's key", "broker/enrolment/test_move.py"),
    Mutant("broker/enrolment/move.py", "    if public_of(ca_key) != public_of(site.ca_file):", "    if False:", "another commune's key is refused", "broker/enrolment/test_move.py"),
    Mutant("node/apart.py", "self._asking is not None and self._asking.is_alive()", "False", "a chip that hangs is not asked twice", "node/test_apart.py"),
    Mutant("node/update/fetch.py", "got <= most and answer.length", "False", "a link that ends is no forgery", "node/update/test_fetch.py"),
    Mutant("node/update/files.py", "os.O_NOFOLLOW | os.O_NONBLOCK", "os.O_NONBLOCK", "root follows no link of the fetcher's", "node/update/test_install.py"),
    Mutant("node/update/install.py", "    return True  # the links", "    return changed  # the links", "a version that is led back stops running", "node/update/test_install.py"),
    Mutant("node/core/beginning.py", "if parts.setup.damaged:", "if False:", "one stroke, whatever the journal has lost", "node/core/test_firstboot.py"),
    Mutant("broker/core/rollout.py", "*[*fresh, *again[after:], *again[:after]][:room]", "*fresh[:room], *again", "a few at a time, again, too", "broker/core/test_rollout.py"),
    Mutant("broker/core/rollout.py", "if state == \"busy\" or (state", "if state in (\"busy\", \"waiting\") or (state", "who waits for ever holds up nobody", "broker/core/test_rollout_held.py"),
    Mutant("broker/core/rollout.py", "for id_ in self._said.keys() & views.keys() - {offer.first}", "for id_ in views.keys() - {offer.first}", "a stolen box proves nothing", "broker/core/test_rollout_any.py"),
    Mutant("broker/core/rollout.py", "            self._there_ms = turn.now_ms\n        if turn", "            pass\n        if turn", "a first that comes and goes is not away", "broker/core/test_rollout_held.py"),
    Mutant("node/update/install.py", "if verdict == UNLINKED and not self._is_heard(version_of(old or \"\")):", "if False:", "the commune's power condemns no version", "node/update/test_install_faults.py"),
    Mutant("node/update/install.py", "            if layout.good != version:\n                self._lead_back()", "            if False:\n                self._lead_back()", "a full disk lets nothing unproved run on", "node/update/test_install_faults.py"),
    Mutant("node/update/trial.py", "        if self._well is not None:\n            return None  # the", "        if False:\n            return None  # the", "a commune that comes back late condemns nothing", "node/update/test_trial.py"),
    Mutant("node/update/fetch.py", "        part.unlink(missing_ok=True)  # half", "        # half", "the fetcher writes through no link", "node/update/test_fetch_faults.py"),
    Mutant("broker/release.py", "kept = [offered, *(name for name in kept if name != offered)]", "pass", "what is offered stays laid out", "broker/test_release.py"),
    commune("supervision", "_OF_A_CHIME.search(sounded.id)", '"/" in sounded.id', "the first stroke proves no chime", "supervision"),
    node("firstboot", "if deeds and isinstance(deeds[-1], Strike) else", "if False else", "a sentence waits for the stroke", "fledgling"),
    Mutant("broker/enrolment/cards.py", "source.is_relative_to(boot) or", "False and", "keys are not deleted to be copied", "broker/enrolment/test_cards.py"),
)  # fmt: skip


def judged(mutant: Mutant) -> tuple[Mutant, str]:
    """The test that killed it; empty if none did, "stale" in front if it cannot be made."""
    source = (ROOT / mutant.file).read_text("utf-8")
    if source.count(mutant.old) != 1:
        return mutant, f"stale: found {source.count(mutant.old)} times"
    with tempfile.TemporaryDirectory(prefix="keng-mutant-") as folder:
        copy = Path(folder)
        package = mutant.file.split("/")[0]
        for name in ("wire", "patterns", "node", "broker"):
            if name == package:
                shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                (copy / name).symlink_to(ROOT / name)
        (copy / "tests").symlink_to(ROOT / "tests")
        (copy / "pyproject.toml").symlink_to(ROOT / "pyproject.toml")
        (copy / mutant.file).write_text(source.replace(mutant.old, mutant.new), "utf-8")
        return mutant, _killer(copy, mutant.tests)


def _killer(copy: Path, tests: str) -> str:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "-p", "no:cacheprovider", "-W", "ignore"]
    environment = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1", "KENG_SHRINK": "0"}
    files = [f"tests/{name}" for name in tests.split()]
    try:
        run = subprocess.run(
            [*command, *files], cwd=copy, env=environment, capture_output=True, text=True, timeout=WITHIN_S, check=False
        )
    except subprocess.TimeoutExpired:
        return "(hung)"
    found = re.search(r"^(?:FAILED|ERROR) \S*?([\w/]+\.py(?:::\S+)?)", run.stdout, re.MULTILINE)
    if found:
        return found[1].removeprefix("tests/")
    return "" if run.returncode == 0 else f"(pytest ended with {run.returncode})"


def main() -> int:
    """Run them; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--only", default="", help="mutants whose file or promise holds this word")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    chosen = [mutant for mutant in MUTANTS if options.only in mutant.file or options.only in mutant.promise]
    survived = stale = 0
    with ThreadPoolExecutor(options.jobs) as pool:
        for mutant, killer in pool.map(judged, chosen):
            stale += killer.startswith("stale")
            survived += not killer
            print(f"{mutant.file:24} {mutant.promise:46} {killer or 'SURVIVED'}", flush=True)
    print(f"{len(chosen)} mutants, {survived} survived, {stale} stale")
    return 2 if stale else 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
