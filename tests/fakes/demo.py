"""Demos, started as a newcomer starts them, and what may be asked of one that runs.

What must hold: a demo ends with the test process, whatever becomes of it.
"""

import io
import json
import os
import secrets
import signal
import subprocess
import time
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from fakes.onsets import RATE_HZ, Recording, read_wav
from fakes.waiting import eventually

from broker.cli import main

ROOT = Path(__file__).parents[2]
WITHIN_S = 90.0
"""For what takes a second, on a machine under load; what must be quick is asserted, not waited for."""
SECOND_NS = 1_000_000_000
STILL_NS = SECOND_NS // 4
"""A recording is as long as what was played: whatever still rings is heard within that."""
AUDIBLE = 300
"""Of 32,768: above any ringing out, below any blow."""


@dataclass(frozen=True)
class Said:
    """What a command did."""

    code: int
    out: str
    err: str


@dataclass
class RunningDemo:
    """One demo, and its ears, eyes and fingers."""

    process: "subprocess.Popen[str]"
    ready: dict[str, Any]
    err: Path

    @property
    def port(self) -> int:
        """Of its MQTT."""
        return self.ready["mqtt"]["port"]

    @property
    def home(self) -> Path:
        """Its folder."""
        return Path(self.ready["home"])

    @property
    def nodes(self) -> list[str]:
        """Ids, in order."""
        return [node["node"] for node in self.ready["nodes"]]

    def publish(self, topic: str, payload: object, *more: str) -> int:
        """mosquitto_pub below the commune's root; bytes as they are, else as JSON; its exit code."""
        raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        command = ["mosquitto_pub", "-V", "mqttv5", "-p", str(self.port), "-q", "1", "-s", *more]
        command += ["-t", f"keng/1/cong-lac/{topic}"]
        return subprocess.run(command, input=raw, stderr=subprocess.DEVNULL, timeout=WITHIN_S, check=False).returncode

    def status(self, node: str) -> dict[str, Any]:
        """The node's retained status, once there is one: a broker that is new has none yet."""
        return eventually(lambda: self.statuses(node, 1), WITHIN_S, f"no status of {node}")[node]

    def statuses(self, node: str = "+", count: int = 5) -> dict[str, dict[str, Any]]:
        """The retained statuses, by node; not all of them where a broker is new, or away."""
        topic = f"keng/1/cong-lac/up/{node}/status"
        command = ["mosquitto_sub", "-V", "mqttv5", "-p", str(self.port), "-t", topic, "-C", str(count), "-W", "3"]
        done = subprocess.run(command, capture_output=True, timeout=WITHIN_S, check=False)
        told = [json.loads(line) for line in done.stdout.splitlines()]
        return {one["node"]: one for one in told}

    def sounding(self) -> list[str]:
        """Nodes that say they sound."""
        return [node for node, told in self.statuses().items() if told.get("sounding")]

    def hushed(self) -> bool:
        """All nodes say that they sound nothing: a node of which nothing is known may sound."""
        told = self.statuses().values()
        return len(told) == len(self.nodes) and not any(one.get("sounding") for one in told)

    def online(self) -> list[str]:
        """Nodes that say they are here."""
        return [node for node, told in self.statuses().items() if told.get("online")]

    def keng(self, *arguments: object) -> Said:
        """A command about this demo, in this process: half a second quicker than in its own."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main([*map(str, arguments), "--home", str(self.home)])
        return Said(code, out.getvalue(), err.getvalue())

    def asked(self, *arguments: object) -> Any:
        """What a `--json` command says."""
        return json.loads(self.keng(*arguments, "--json").out)

    def heard(self, node: str, since_ns: int = 0) -> int | None:
        """When a node was first heard after `since_ns`, monotonic ns; none: it is silent since."""
        recording = self.recording(node)
        if recording is None or recording.zero_ns is None:
            return None
        first = max(0, (since_ns - recording.zero_ns) * RATE_HZ // SECOND_NS)
        loud = np.flatnonzero(np.abs(recording.pcm[first:].astype(np.int32)) > AUDIBLE)
        return None if not len(loud) else recording.zero_ns + int(first + loud[0]) * SECOND_NS // RATE_HZ

    def recording(self, node: str) -> Recording | None:
        """All that was heard at a node; none before its first sound."""
        [wav] = [Path(one["wav"]) for one in self.ready["nodes"] if one["node"] == node]
        return read_wav(wav) if wav.exists() else None

    def all_heard(self, since_ns: int) -> dict[str, int]:
        """When each node was first heard after `since_ns`, once all were."""

        def first() -> dict[str, int]:
            found = {node: at for node in self.nodes if (at := self.heard(node, since_ns)) is not None}
            return found if len(found) == len(self.nodes) else {}

        return eventually(first, WITHIN_S, "not every gong sounded")

    def silent(self, since_ns: int) -> bool:
        """Whether nothing was heard anywhere since."""
        return not any(self.heard(node, since_ns) for node in self.nodes)

    def hush(self) -> None:
        """Everything cleared and closed; all quiet."""
        self.publish("ask/duty/close", {"id": secrets.token_hex(4), "target": "all", "outcome": "báo nhầm"})
        self.publish("ask/duty/clear", {"id": secrets.token_hex(4), "target": "all"})
        eventually(self.hushed, WITHIN_S, "it is not all quiet")
        eventually(lambda: self.silent(time.monotonic_ns() - STILL_NS), WITHIN_S, "something still rings")

    def end(self, sign: signal.Signals = signal.SIGTERM) -> float:
        """Ask it to end; seconds that it took."""
        started_s = time.monotonic()
        self.process.send_signal(sign)
        self.process.wait(15)
        return time.monotonic() - started_s


def launch(home: Path, *arguments: str, console: bool = False) -> "subprocess.Popen[str]":
    """deploy/demo.sh --headless, its stderr into home/err."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "err").open("w") as err:
        return subprocess.Popen(
            [
                "setpriv",
                "--pdeathsig",
                "TERM",
                "--",
                "bash",
                str(ROOT / "deploy" / "demo.sh"),
                "--headless",
                *(() if console else ("--no-console",)),
                *arguments,
            ],
            stdout=subprocess.PIPE,
            stderr=err,
            text=True,
            cwd=home,
            env={**os.environ, "XDG_RUNTIME_DIR": str(home)},
        )


def start(home: Path, *arguments: str, console: bool = False) -> RunningDemo:
    """A demo that is ready."""
    process = launch(home, "--sound", "wav", *arguments, console=console)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, (home / "err").read_text()
    return RunningDemo(process, json.loads(line), home / "err")
