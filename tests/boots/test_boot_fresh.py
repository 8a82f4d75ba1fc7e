"""README's two commands on a Debian that has nothing: as root, and as somebody with sudo.

`bash tests/run.sh` takes a small part by default; KENG_BOOTS_WHOLE=1 runs the whole suite in there, which takes long.
"""

import json
import os
from collections.abc import Iterator

import pytest
from fakes.boothands import carry
from fakes.bootimage import WANTED, place
from fakes.bootmachine import Ground, Machine
from fakes.boottable import timed
from fakes.waiting import eventually

pytestmark = [pytest.mark.soak, pytest.mark.timeout(0)]

READY_WITHIN_S = 900.0
SMALL = "tests/wire tests/patterns tests/broker/core tests/deploy/test_demo.py -q"
SLOW = "KENG_SLOW=4"  # a machine that boots others is a busy one
WHO = ("root", "newcomer")


@pytest.fixture(scope="module", params=[(release, who) for release in WANTED for who in WHO], ids="-".join)
def bare(request: pytest.FixtureRequest, ground: Ground) -> Iterator[tuple[Machine, str]]:
    """A Debian with nothing but a copy of this house, and who sits at it."""
    release, who = request.param
    machine = ground.machine(f"bare-{who}", release)
    machine.boot()
    if who != "root":
        machine.run("apt-get update -qq && apt-get install -y -qq --no-install-recommends sudo")
        machine.run(
            f"useradd --create-home --shell /bin/bash {who} && echo '{who} ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers"
        )
        machine.run("rm -rf /var/lib/apt/lists/*")
    carry(machine, who)
    yield machine, who
    machine.end()


def test_the_demo_is_up_by_one_command_answers_and_ends(bare: tuple[Machine, str]) -> None:
    machine, who = bare
    said = machine.disk / machine.home_of(who)[1:] / "said"
    start = "cd keng && (setsid bash deploy/demo.sh --headless >~/said 2>~/told & echo $! >~/pid)"
    with timed(f"deploy/demo.sh --headless on a bare Debian, as {who}", machine.release):
        machine.run(start, user=who)
        eventually(lambda: said.exists() and "\n" in said.read_text(), READY_WITHIN_S, "the demo is never ready")
    ready = json.loads(said.read_text().splitlines()[0])
    assert ready["ready"] is True and len(ready["nodes"]) == 5
    machine.run("cd keng && .venv/bin/keng press thon-3 --kind fire", user=who)
    seen = eventually(lambda: json.loads(incidents(machine, who))["incidents"], 30, "nobody knows of the press")
    assert seen[0]["node"] == "thon-3"
    machine.run("kill -TERM $(cat ~/pid)", user=who)
    eventually(lambda: machine.run("kill -0 $(cat ~/pid)", user=who, check=False).returncode, 30, "it does not end")


def incidents(machine: Machine, who: str) -> str:
    return machine.run("cd keng && .venv/bin/keng incidents --json", user=who).stdout


def test_the_suite_runs_by_one_command(bare: tuple[Machine, str]) -> None:
    machine, who = bare
    part = "" if os.environ.get("KENG_BOOTS_WHOLE") else SMALL
    machine.run("rm -rf ~/keng/.venv", user=who)
    with timed(f"tests/run.sh {'with a small part' if part else 'whole'} on a bare Debian, as {who}", machine.release):
        command = f"cd keng && {SLOW} bash tests/run.sh {part}"
        done = machine.run(command, user=who, check=False, within_s=7_200)
        (log := place() / f"fresh-{machine.release}-{who}.log").write_text(done.stdout + done.stderr)
        assert done.returncode == 0, f"the whole of it: {log}\n{done.stdout[-6000:]}"
    assert " passed" in done.stdout.splitlines()[-1]
