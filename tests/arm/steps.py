"""What is done inside the emulated Debians, and how what it left is read. Pure but for the reading of files.

A room begins as a card comes from the shop: the bundle is installed for good, twice, and the doctor looks. Then a
broker, a compiler and test tools are laid over it, and the program that the bundle installed runs the house's own
tests: there is no other `node`, `wire`, `patterns` or `broker` there.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as Xml
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arm.room import Step

PROGRAM = "/opt/keng"
HOUSE = "/srv/house"
TOOLS = "/srv/tools"
PYTHON = f"{PROGRAM}/current/program/bin/python"
SLOW = "8"
"""An emulated processor is slower by so much: what tests wait for may take so much longer (fakes/waiting.py)."""
ALTERNATIVES = [f"/usr/lib/arm-linux-gnueabihf/{name}" for name in ("blas", "lapack")]
"""Where Debian's NumPy of 32 bits finds its libraries by a link that its packages make when they are configured."""
PER_TEST_S = "900"
INSTALL = ["bash", "/srv/keng-bundle/install.sh", "/srv/thon-1", "--no-start"]

LEFT_OUT: dict[str, str] = {}
"""Tests that mean nothing here, and why; each is a file or an id below tests/."""

CANNOT = (
    ("pins (GPIO): lgpio on a real header", "no /dev/gpiochip here; gpiozero's mock pins stand for it"),
    ("a real DAC, USB sound card, microphone", "no /dev/snd; Debian's libasound plays on a card that is compiled here"),
    ("figures: from a press to the first sample", "an emulated processor is several times slower, and not evenly"),
    ("tests that hold milliseconds (armed clips, loops without a hole)", "the same; the default suite holds them"),
    ("the rest of what is pure; updates, layouts", "no processor has a part in it, and its searches take hours here"),
    ("memory and load of a Pi", "qemu's own memory is counted with the program's"),
    ("systemd: units, watchdogs, hardening, boot", "a chroot has no PID 1 of its own; units are booted on x86-64"),
    ("a Pi's kernel: RTC, under-voltage, watchdog, overlay root", "the kernel is this machine's"),
    ("a Pi Zero and a Pi 1 (ARMv6)", "Debian's armhf is ARMv7; they are not supported"),
)  # fmt: skip
"""What no emulation shows; it is seen on a Pi alone."""


def installed() -> list[Step]:
    """On a Debian with nothing but Python."""
    return [
        Step("machine", ["sh", "-c", "uname -m; dpkg --print-architecture; python3 -VV; cat /etc/debian_version"], 60),
        Step("install", INSTALL, 2_400),
    ]


def seen() -> list[Step]:
    """Whether it is installed well."""
    doctor = [f"{PROGRAM}/bin/keng-node", "doctor", "--settings", "/srv/desk/node.yaml", "--lang", "en"]
    return [
        Step("install again", INSTALL, 900),
        Step("doctor", doctor, 300),
        Step("imports", [PYTHON, "-P", "/srv/desk/loaded.py"], 300),
    ]


def tested_by(arch: str, tests: list[list[str]], over: str) -> list[Step]:
    """With a broker and a compiler, which `over` has; `tests`: [name, pytest's words…] each."""
    steps = [Step("tools", ["/sbin/ldconfig", *ALTERNATIVES], 120, over=over)]
    if arch == "arm64":
        steps.append(Step("patterns", [PYTHON, "-P", "/srv/desk/rendered.py", "/srv/keng-bundle/patterns"], 1_200))
    # What tests of a node share (fakes/nodes.py) is on the shelf already: on 32 bits nothing could render it.
    steps.append(Step("shelf", ["cp", "-r", "/srv/keng-bundle/patterns", "/tmp/keng-patterns-0"], 60))
    for name, *words in tests:
        command = [PYTHON, "-m", "pytest", "-v", "--tb=short", "-p", "no:cacheprovider", f"--timeout={PER_TEST_S}"]
        command += ["-n", "2", "--dist", "worksteal"]
        command += [f"--junitxml=/srv/out/{name}.xml", *words, *left_out()]
        steps.append(
            Step(name, command, 3_600, {"PYTHONPATH": TOOLS, "KENG_EXAMPLES": "short", "KENG_SLOW": SLOW}, HOUSE)
        )
    return steps  # fmt: skip


def left_out() -> list[str]:
    """pytest's words for them."""
    return [f"--{'deselect' if '::' in test else 'ignore'}=tests/{test}" for test in LEFT_OUT]


@dataclass(frozen=True, slots=True)
class Tested:
    """What pytest's JUnit file says."""

    passed: int
    failed: list[str]
    skipped: dict[str, int]
    """Reason, and how many for it."""


def tested(file: Path) -> Tested:
    """Reads it. A file that is not there: nothing was tested."""
    passed, failed, skipped = 0, list[str](), dict[str, int]()
    if not file.exists():
        return Tested(0, ["pytest did not come to its end"], {})
    for case in Xml.parse(file).getroot().iter("testcase"):
        name = f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}"
        if case.find("failure") is not None or case.find("error") is not None:
            failed.append(name)
        elif (why := case.find("skipped")) is not None:
            reason = re.sub(r"\s+", " ", why.get("message", "")).strip()
            skipped[reason] = skipped.get(reason, 0) + 1
        else:
            passed += 1
    return Tested(passed, failed, skipped)


def row(ran: dict[str, Any], out: Path) -> dict[str, Any]:
    """One line of the table: what a step came to, in words and in figures."""
    name, code = ran["name"], ran["code"]
    found: dict[str, Any] = {"step": name, "code": code, "took_s": round(ran["took_s"]), "cpu_s": round(ran["cpu_s"])}
    said = (out / f"{name}.log").read_text("utf-8", "replace") if (out / f"{name}.log").exists() else ""
    if (file := out / f"{name}.xml").exists() or "-m pytest" in ran.get("words", ""):
        one = tested(file)
        found |= {"passed": one.passed, "failed": one.failed, "skipped": one.skipped}
        words = f"{one.passed:,} passed, {len(one.failed)} failed, {sum(one.skipped.values())} skipped"
    elif name == "doctor":
        signs = [line[:1] for line in said.splitlines()]
        words = f"{signs.count('✓')} ✓, {signs.count('!')} !, {signs.count('✗')} ✗"
    elif name == "machine" and code == 0:
        words = ", ".join(said.split("\n")[:4])
    elif name in ("patterns", "imports") and said.startswith("{"):
        words = ", ".join(f"{key} {value}" for key, value in json.loads(said.splitlines()[0]).items())
    else:
        words = "ok"
    if code:
        words = f"exit code {code}" if words == "ok" else f"{words}; exit code {code}"
    return found | {"result": words}
