"""`make arm`: the node from its bundle in an emulated Debian of a Raspberry Pi's processor, and its tests there.

    python -m tests.arm                              Debian 12 and 13, on arm64 and armhf
    python -m tests.arm --suite trixie --arch arm64  one of them
    python -m tests.arm --tests -k press             with pytest's own words, in place of what is run otherwise
    python -m tests.arm --clean                      away with Debians, bundle and tools that are kept

Needs root, debootstrap and qemu-user-static (`make arm` installs them on Debian) and says plainly what is missing.
What must hold: nothing is left mounted, registered or running, however it ends; what is kept lies in $KENG_CACHE or
~/.cache/keng; no step sees a network. Exit codes: 0 all well; 1 something failed; 2 wrong words; 3 this machine cannot.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from arm import emulation, image, report, share, steps
from arm.room import Step

HERE = Path(__file__).parent
NARROW = [
    "pure", "-m", "pure", "tests/wire/test_codec.py", "tests/wire/test_clock.py", "tests/wire/test_signature.py",
    "tests/wire/test_messages.py", "tests/wire/test_uuid7.py", "tests/node/test_journal.py",
]  # fmt: skip
"""Where 32 bits, or a 32-bit time, could make a difference."""
PURE = [
    *NARROW, "tests/node/core/test_stage.py", "tests/node/speaker",
    "tests/patterns/test_score.py", "tests/node/ear/test_tones.py", "tests/node/ear/test_blows.py",
    "tests/node/ear/test_count.py",
]  # fmt: skip
"""A choice of what is pure: where numbers, bytes, time and samples are made. The default suite runs all of it on both
Pythons; no processor has a part in the rest, and its long searches take hours here."""
LINK, SOUND = "tests/wire/test_link.py", "tests/node/speaker/test_contract.py"
REAL = [
    "real", "-m", "not pure", "tests/node/test_run.py", "tests/node/test_machine.py", "tests/node/test_doctor.py",
    "tests/node/test_keys.py", "tests/node/test_journal.py::test_kill_9_again_and_again_and_what_was_claimed_is_there",
    "tests/node/speaker/test_alsa.py", f"{SOUND}::test_stop_is_silence[alsa]", "tests/node/ear/test_alsa.py",
    f"{SOUND}::test_a_new_sound_takes_over_at_once[alsa]", f"{SOUND}::test_it_counts_the_blows_that_were_heard[alsa]",
    f"{SOUND}::test_a_device_that_vanishes_and_returns_sounds_on_where_it_would_be[alsa]",
    f"{LINK}::test_it_is_up_when_the_broker_has_accepted_the_subscriptions",
    f"{LINK}::test_it_comes_back_after_kill_9_no_sooner_and_no_later_than_the_back_off_says",
    f"{LINK}::test_the_last_will_is_said_when_the_process_is_killed",
    f"{LINK}::test_the_signature_travels_from_another_implementation_to_us",
    f"{LINK}::test_tls_with_the_communes_own_authority_carries_everything",
    f"{LINK}::test_tls_with_another_authority_is_refused",
    "tests/wire/test_link_hosts.py", "tests/wire/test_signed_link.py",
]  # fmt: skip
"""With Mosquitto, libasound and a card, processes, files: some seconds each. Without updates, units and layouts: those
are shell and systemd."""
SMALL_REAL = [
    "real", "-m", "not pure", "tests/node/speaker/test_alsa.py", "tests/node/test_machine.py",
    "tests/node/test_keys.py", f"{LINK}::test_it_is_up_when_the_broker_has_accepted_the_subscriptions",
    f"{LINK}::test_tls_with_the_communes_own_authority_carries_everything", "tests/wire/test_signed_link.py",
]  # fmt: skip
"""Of that what calls C: the card, the clock, the key, TLS."""
TESTS: dict[str, list[list[str]]] = {
    "bookworm arm64": [PURE, REAL], "trixie arm64": [PURE, REAL],
    "bookworm armhf": [NARROW, SMALL_REAL], "trixie armhf": [NARROW, SMALL_REAL],
}  # fmt: skip
"""What is run where: a name, and pytest's words."""
OUT = HERE / "arm"
Rows = dict[str, dict[str, Any]]


def main() -> int:
    """The verb."""
    args = asked()
    if args.clean:
        image.clean()
        return 0
    missing = emulation.lacking(args.arch)
    for line in missing:
        say(line)
    if missing:
        return 3
    try:
        return all_of(args)
    except (OSError, subprocess.CalledProcessError) as error:
        say(f"this machine cannot: {error}")
        return 3


def all_of(args: argparse.Namespace) -> int:
    """Each room that was asked for, and the table; 1 if a step failed."""
    subprocess.run(image.apart("--net", "--mount-proc", "true"), check=True)  # a container may refuse it: said at once
    began, rows = time.monotonic(), Rows()
    kept = args.keep or Path(tempfile.mkdtemp(prefix="keng-arm-"))
    with ExitStack() as held:
        for arch in args.arch:
            held.enter_context(emulation.understood(arch))
        bundle = args.bundle or share.bundle(args.arch, args.suite)
        for suite in args.suite:
            for arch in args.arch:
                tests = TESTS[f"{suite} {arch}"] if args.tests is None else [["tests", *args.tests]]
                over = str(image.layer(suite, arch))
                wanted = steps.installed() + ([] if args.tests else steps.seen()) + steps.tested_by(arch, tests, over)
                found = room(suite, arch, bundle, wanted, kept)
                rows |= found
                if args.tests is None:
                    report.note(OUT, found, f"On {os.cpu_count()} processors of {platform.machine()}.")
    took_s = round(time.monotonic() - began)
    say(f"{took_s} s; what each step said: {kept}")
    for name, row in rows.items():
        say(f"{name:36} {row['took_s']:6} s  {row['result']}")
    return int(any(row["code"] for row in rows.values()))


def room(suite: str, arch: str, bundle: Path, wanted: list[Step], kept: Path) -> Rows:
    """One room, from furnishing to what its steps came to."""
    tar = image.image(suite, arch)
    out = kept / f"{suite}-{arch}"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="keng-arm-") as folder:
        shared, place = Path(folder) / "share", Path(folder) / "room"
        place.mkdir()
        shutil.copytree(bundle, shared / "keng-bundle")
        share.box(shared / "thon-1")
        share.desk(shared / "desk")
        share.house(shared / "house")
        shutil.copytree(share.tools(suite, arch), shared / "tools")
        places = {"image": tar, "share": shared, "place": place, "out": out}
        plan = {"title": f"{suite} {arch}", "steps": [asdict(step) for step in wanted]}
        plan |= {name: str(path) for name, path in places.items()}
        (Path(folder) / "plan.json").write_text(json.dumps(plan))
        command = image.apart("--net", "--ipc", "--uts", "--mount-proc")
        command += [sys.executable, "-m", "arm.room", f"{folder}/plan.json"]
        environment = {**os.environ, **emulation.environment(arch), "PYTHONPATH": str(HERE.parent)}
        (out / "steps.json").write_text("[]")
        code = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, env=environment).returncode
    done = json.loads((out / "steps.json").read_text())
    if code:
        done.append({"name": "room", "code": code, "took_s": 0.0, "cpu_s": 0.0})
    return {f"{suite} {arch}/{ran['name']}": steps.row(ran, out) for ran in done}


def asked() -> argparse.Namespace:
    """The words after the verb."""
    parser = argparse.ArgumentParser(prog="make arm", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--suite", action="append", choices=tuple(image.SUITES))
    parser.add_argument("--arch", action="append", choices=tuple(emulation.PROCESSORS))
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where to put what each step said")
    parser.add_argument("--bundle", type=Path, metavar="FOLDER", help="one that is there already, not made anew")
    parser.add_argument("--clean", action="store_true", help="delete what is kept")
    parser.add_argument("--tests", nargs=argparse.REMAINDER, help="pytest's words, to the end of the line")
    args = parser.parse_args()
    args.suite = args.suite or list(image.SUITES)
    args.arch = args.arch or list(emulation.PROCESSORS)
    return args


def say(words: str) -> None:
    sys.stderr.write(words + "\n")


if __name__ == "__main__":
    sys.exit(main())
