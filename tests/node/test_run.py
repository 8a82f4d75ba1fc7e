"""A whole node, as a process: from the finger to the sound, the wire, the lamp and the replay."""

import base64
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from fakes import paced
from fakes.mosquitto import Mosquitto
from fakes.nodes import ROOT, NodeProcess
from fakes.onsets import read_wav
from fakes.waiting import SLOWER, eventually

from patterns.builtin import DATA
from patterns.codebook import load_codebook

C = "keng/1/cong-lac"
StartNode = Callable[..., NodeProcess]
DEAD_PORT = 1  # nobody listens there


@contextmanager
def listening(mosquitto: Mosquitto, topic: str) -> Iterator["Heard"]:
    """What is said on a topic, as another MQTT client hears it."""
    command = ["mosquitto_sub", "-V", "mqttv5", "-h", mosquitto.host, "-p", str(mosquitto.port), "-q", "1", "-t", topic]
    with subprocess.Popen([*command, "-F", "%t %p"], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        os.set_blocking(child.stdout.fileno(), False)
        yield Heard(child.stdout)
        child.kill()


class Heard:
    """Reads what has come each time it is looked at."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._raw = b""
        self._said: list[tuple[str, dict[str, Any]]] = []

    def last(self, end: str) -> dict[str, Any] | None:
        """What was said last on a topic with this end."""
        self._raw += self._file.read() or b""
        *lines, self._raw = self._raw.split(b"\n")
        self._said += [(line.split(b" ", 1)[0].decode(), json.loads(line.split(b" ", 1)[1])) for line in lines]
        return next((said for topic, said in reversed(self._said) if topic.endswith(end)), None)


def answer(mosquitto: Mosquitto, alert_id: str, state: str) -> None:
    mosquitto.publish(f"{C}/down/thon-1/answer", json.dumps({"id": alert_id, "state": state, "by": "duty"}))


def replayed(node: NodeProcess) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "node.replay", str(node.home / "trace.jsonl")]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


def test_a_press_sounds_is_sent_is_answered_and_replays(mosquitto: Mosquitto, start_node: StartNode) -> None:
    with listening(mosquitto, f"{C}/#") as heard:
        node = start_node(mosquitto.port)
        node.see(lambda glance: glance["linked"])
        before_ns = time.monotonic_ns()
        node.press(kind="fire")
        assert node.see(lambda glance: glance["gong"])["alert"] == "sending"
        alert = eventually(lambda: heard.last("/alert"), why="no alert on the wire")
        assert (alert["kind"], alert["hamlet"], alert["count"]) == ("fire", "thon-1", 1)
        onsets = eventually(lambda: read_wav(node.home / "gong.wav").onsets_ns())
        assert 300 <= (onsets[0] - before_ns) / 1e6 <= 300 + 150 * SLOWER
        for state in ("received", "acknowledged"):
            answer(mosquitto, alert["id"], state)
            node.see(lambda glance, state=state: glance["alert"] == state)
        mosquitto.publish(f"{C}/down/thon-1/answer", json.dumps({"id": alert["id"], "state": "closed", "by": "duty"}))
        node.see(lambda glance: glance["alert"] == "dark")
        assert node.stop() == 0
        eventually(lambda: (heard.last("/status") or {})["online"] is False, why="its last word is not heard")
    again = replayed(node)
    assert again.returncode == 0, again.stdout
    assert "SOUND alarm" in again.stdout and "publish keng/1/cong-lac/up/thon-1/alert" in again.stdout
    assert oct((node.home / "trace.jsonl").stat().st_mode & 0o777) == "0o600"


def test_an_unanswered_alert_is_said_again(mosquitto: Mosquitto, start_node: StartNode) -> None:
    with listening(mosquitto, f"{C}/up/+/alert") as heard:
        start_node(mosquitto.port).press(kind="fire")
        first = eventually(lambda: heard.last("/alert"))
        again = eventually(lambda: (said := heard.last("/alert")) and said["age_ms"] > first["age_ms"] and said)
        assert again["id"] == first["id"]


@pytest.mark.skipif(bool(paced.missing()), reason=f"no paced card: {paced.missing()}")
def test_on_a_card_a_press_sounds_at_once_and_a_lost_card_is_told_and_comes_back(
    start_node: StartNode, tmp_path: Path
) -> None:
    card = paced.PacedCard(tmp_path)
    wav, alsa = "{adapter: wav, wav: gong.wav}", "{adapter: alsa, device: gong}"
    node = start_node(DEAD_PORT, change=lambda text: text.replace(wav, alsa), environment=card.environment)
    before_ns = time.monotonic_ns()
    node.press(kind="fire")
    first = eventually(lambda: next((one for one in card.happenings() if one.what == "on"), None))
    assert 300 <= (first.at_ns - before_ns) / 1e6 <= 300 + 150 * SLOWER
    card.unplug()
    node.see(lambda glance: glance["speaker"].startswith("gone") and glance["link"] == "trouble")
    card.plug_in()
    node.see(lambda glance: glance["speaker"] == "ok" and glance["gong"] == "alarm")


def test_replay_names_the_first_step_that_differs(start_node: StartNode) -> None:
    node = start_node(DEAD_PORT)
    node.press(kind="fire")
    node.stop()
    trace = node.home / "trace.jsonl"
    lines = trace.read_bytes().splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if b'"Sound"' in line)
    lines[at] = lines[at].replace(b'"pattern":"alarm"', b'"pattern":"other"')
    trace.write_bytes(b"".join(lines))
    again = replayed(node)
    assert again.returncode == 1
    assert f"line {at + 1}" in again.stdout
    trace.write_bytes(b"".join(lines[1:]))
    assert replayed(node).returncode == 2
    trace.write_bytes(b"garbage\n")
    assert (replayed(node).returncode, "line 1" in replayed(node).stderr) == (2, True)


def test_without_a_broker_it_sounds_and_after_kill_9_the_alert_is_still_sent(
    start_mosquitto: Callable[..., Mosquitto],
    start_node: StartNode,
) -> None:
    mosquitto = start_mosquitto()
    mosquitto.kill()
    node = start_node(mosquitto.port)
    node.press(kind="fire")
    node.see(lambda glance: glance["gong"] and glance["alert"] == "sending")
    node.kill()
    node.start()
    node.see(lambda glance: glance["alert"] == "sending" and glance["gong"])
    mosquitto.start()
    with listening(mosquitto, f"{C}/up/+/alert") as heard:
        alert = eventually(lambda: heard.last("/alert"), why="the alert never came")
        answer(mosquitto, alert["id"], "received")
        node.see(lambda glance: glance["alert"] == "received")
    ids = {json.loads(line)["id"] for line in re.findall(r'\{"type":"OwnAlert".*\}', _journal(node))}
    assert ids == {alert["id"]}


def _journal(node: NodeProcess) -> str:
    return (node.home / "state" / "journal").read_text()


def test_cancel_drill_and_silent_go_through_the_mock_pins(start_node: StartNode) -> None:
    node = start_node(DEAD_PORT)
    node.press(kind="theft", silent=True)
    eventually(lambda: '"silent":true' in _journal(node))
    assert all(glance["gong"] is None and glance["alert"] == "dark" for glance in node.glances)
    node.press(kind="fire", drill=True)
    node.see(lambda glance: glance["gong"] == "drill")
    node.press()
    node.see(lambda glance: glance["gong"] == "alarm")
    node.ask({"cancel": True}, until="released")
    node.see(lambda glance: glance["gong"] is None)
    assert '"drill":true' in _journal(node) and '"cancelled":true' in _journal(node)


def test_nonsense_on_the_control_socket_is_answered_and_harms_nobody(start_node: StartNode) -> None:
    node = start_node(DEAD_PORT)
    for wish in ({"press": {"kind": "war"}}, {"x": 1}, {"press": {"hold_s": 1e9}}, {"contact": "none", "closed": True}):
        refused = node.ask(wish)
        assert refused["ok"] is False and refused["vi"] != refused["en"]
    connection = node._connect()
    assert connection is not None
    with connection:
        connection.sendall(b"\xff\x00 not json\n[[[[\n" + b"x" * 10_000)
        assert b'"ok": false' in connection.recv(10_000)
    node.press(kind="fire")
    node.see(lambda glance: glance["gong"])


def test_a_second_node_on_the_same_state_is_refused_with_a_sentence(start_node: StartNode) -> None:
    node = start_node(DEAD_PORT)
    second = run_cli("run", node)
    assert second.returncode == 1
    assert "state_dir" in second.stderr and "Hãy tắt" in second.stderr
    assert "Hãy" not in run_cli("run", node, "--lang", "en").stderr


def run_cli(verb: str, node: NodeProcess, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "node.cli", verb, "--settings", str(node.settings), *more]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=30 * SLOWER)


def test_press_presses_from_another_terminal_and_says_why_it_cannot(start_node: StartNode) -> None:
    node = start_node(DEAD_PORT)
    assert run_cli("press", node, "--kind", "fire", "--hold", "0.5").returncode == 0
    node.see(lambda glance: glance["gong"])
    wrong = run_cli("press", node, "--kind", "medical")
    assert wrong.returncode == 1 and "Các nút" in wrong.stderr
    node.stop()
    assert run_cli("press", node).returncode == 1


def test_doctor_finds_what_is_wrong(start_node: StartNode, tmp_path: Path) -> None:
    node = start_node(DEAD_PORT)
    node.stop()
    fine = run_cli("doctor", node)
    assert fine.returncode == 0, fine.stdout
    assert "127.0.0.1:1" in fine.stdout and "! " in fine.stdout
    good = node.settings.read_text()
    wrongs = {
        "speaker: {adapter: alsa, device: nocard}": "nocard",
        "speaker: {adapter: wav, wav: gong.wav}\nkeys: {own: none.key}": "none.key",
        "speaker: {adapter: wav, wav: gong.wav}\nvoice: none.yaml": "none.yaml",
        "speaker: {adapter: wav, wav: gong.wav}\nsolenoid: {pin: 17}": "solenoid.pin",
    }
    for line, word in wrongs.items():
        node.settings.write_text(good.replace("speaker: {adapter: wav, wav: gong.wav}", line))
        found = run_cli("doctor", node, "--lang", "en")
        assert (found.returncode, word in found.stdout) == (1, True), found.stdout
    node.settings.write_text(good.replace("factory: mock", "factory: lgpio").replace("control: control.sock\n", ""))
    assert "panel.factory: mock" in run_cli("doctor", node).stdout
    node.settings.write_text(good.replace("state_dir: state", "state_dir: /proc/none"))
    assert run_cli("doctor", node).returncode == 1  # it would run all the same: a lost disk silences no gong


def test_systemd_is_told_ready_fed_by_progress_and_told_of_the_end(start_node: StartNode, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(30)
        node = start_node(DEAD_PORT)
        node.stop()
        node.start({"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "3000000"})
        told = iter(lambda: systemd.recv(1000).decode(), "")
        first = next(told)
        assert first.startswith("READY=1\nSTATUS=thon-1: ")
        lacks = "đèn chớp 2: Hộp kẻng chưa có mạng."
        before = [] if lacks in first else list(takewhile(lambda line: lacks not in line, told))
        after = list(takewhile(lambda line: line != "WATCHDOG=1", told))
        fed_or_told = [line for line in (*before, *after) if line == "WATCHDOG=1" or line.startswith("STATUS=")]
        assert fed_or_told == [*before, *after]
        os.kill(node.pid, signal.SIGTERM)
        assert next(line for line in told if line.startswith("STOPPING=1"))


def test_a_new_code_book_is_kept_rendered_and_played_after_a_restart(
    mosquitto: Mosquitto,
    start_node: StartNode,
    tmp_path: Path,
) -> None:
    cache = tmp_path / "cache"
    node = start_node(mosquitto.port, change=lambda text: re.sub("cache_dir: .*", f"cache_dir: {cache}", text))
    node.see(lambda glance: glance["linked"])
    node.press(kind="fire")  # nothing is rendered yet: the last resort sounds
    node.see(lambda glance: glance["gong"])
    assert eventually(lambda: read_wav(node.home / "gong.wav").onsets_ns())
    node.ask({"cancel": True}, until="released")

    def knows_the_time() -> bool:  # it may have asked anew since, and the answer to the question before is none
        welcome(mosquitto, node)
        return node.glances[-1]["clock"] == "synced"

    eventually(knows_the_time, why="it does not take the time")
    mosquitto.publish(f"{C}/all/codebook", codebook())
    eventually(lambda: (node.home / "state" / "codebook.json").exists(), why=node.log)
    eventually(lambda: '"cong-lac/alarm"' in "".join(ready(node)), 60, node.log)
    node.kill()
    node.start()
    node.press(kind="fire")
    node.see(lambda glance: glance["gong"] == "cong-lac/alarm")


def ready(node: NodeProcess) -> list[str]:
    """What the trace says of patterns that can be played."""
    return [line for line in (node.home / "trace.jsonl").read_text().splitlines() if '"PatternsReady"' in line]


def welcome(mosquitto: Mosquitto, node: NodeProcess) -> None:
    """Prove the time to a node, as the commune's service would."""
    hello = hellos(node)[0]
    now = _now()
    said = {"nonce": hello["nonce"], "now": now, "issued_at": now, "counter": 1}
    mosquitto.publish(f"{C}/down/thon-1/welcome", json.dumps(said))


def hellos(node: NodeProcess) -> list[dict[str, Any]]:
    """What the trace says the node said on `hello`, the newest first."""

    def found() -> list[dict[str, Any]]:
        steps = [json.loads(line) for line in (node.home / "trace.jsonl").read_text().splitlines()[1:]]
        effects = [effect for step in steps for effect in step["effects"] if effect.get("topic", "").endswith("/hello")]
        return [json.loads(base64.b64decode(effect["payload"])) for effect in effects][::-1]

    return eventually(found)


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()) + f".{time.time_ns() // 1_000_000 % 1000:03d}Z"


def codebook() -> str:
    book = load_codebook(DATA / "codebooks" / "cong-lac.yaml").to_message_fields()
    return json.dumps({**book, "by_kind": {"fire": "cong-lac/alarm"}, "issued_at": _now(), "counter": 2})
