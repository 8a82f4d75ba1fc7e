"""`make arm`: the node from its bundle in an emulated Debian of a Raspberry Pi's processor, and its tests there.

    python -m tests.arm                              Debian 12 and 13 on arm64; on armhf the bundle and the doctor alone
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
TESTS: dict[str, list[list[str]]] = {
    "arm64": [
        ["pure", "-m", "pure", "tests/wire", "tests/patterns", "tests/node"],
        ["real", "-m", "not pure", "tests/wire", "tests/node"],
    ],
    "armhf": [],
}
"""What is run on each processor: a name, and pytest's words."""
OUT = HERE / "arm"


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
    began, rows = time.monotonic(), dict[str, dict[str, Any]]()
    kept = args.keep or Path(tempfile.mkdtemp(prefix="keng-arm-"))
    with ExitStack() as held:
        for arch in args.arch:
            held.enter_context(emulation.understood(arch))
        bundle = args.bundle or share.bundle(args.arch, args.suite)
        for suite in args.suite:
            for arch in args.arch:
                rows |= one(suite, arch, bundle, kept, args)
    took_s = round(time.monotonic() - began)
    say(f"{took_s} s; what each step said: {kept}")
    for name, row in rows.items():
        say(f"{name:32} {row['took_s']:6} s  {row['result']}")
    if args.tests is None:
        about = f"Last run: {took_s // 60} min {took_s % 60} s"
        report.note(OUT, rows, f"{about} on {os.cpu_count()} processors of {platform.machine()}.")
    return int(any(row["code"] for row in rows.values()))


def one(suite: str, arch: str, bundle: Path, kept: Path, args: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """Both rooms of one Debian on one processor; their rows."""
    rows: dict[str, dict[str, Any]] = {}
    if args.tests is None and args.room != "tools":
        rows |= room(suite, arch, "bare", bundle, steps.bare(arch), kept)
    tests = TESTS[arch] if args.tests is None else [["tests", *args.tests]]
    if tests and args.room != "bare":
        rows |= room(suite, arch, "tools", bundle, steps.tools(arch, tests), kept)
    return rows


def room(suite: str, arch: str, kind: str, bundle: Path, wanted: list[Step], kept: Path) -> dict[str, dict[str, Any]]:
    """One room, from furnishing to what its steps came to."""
    tar = image.image(suite, arch, kind)
    out = kept / f"{suite}-{arch}-{kind}"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="keng-arm-") as folder:
        shared, place = Path(folder) / "share", Path(folder) / "room"
        place.mkdir()
        shutil.copytree(bundle, shared / "keng-bundle")
        share.box(shared / "thon-1")
        share.desk(shared / "desk")
        if kind == "tools":
            share.house(shared / "house")
            shutil.copytree(share.tools(suite, arch), shared / "tools")
        places = {"image": tar, "share": shared, "place": place, "out": out}
        plan = {"title": f"{suite} {arch} {kind}", "steps": [asdict(step) for step in wanted]}
        plan |= {name: str(path) for name, path in places.items()}
        (Path(folder) / "plan.json").write_text(json.dumps(plan))
        command = image.apart("--net", "--ipc", "--uts", "--mount-proc")
        command += [sys.executable, "-m", "arm.room", f"{folder}/plan.json"]
        environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, env=environment)
    done = json.loads((out / "steps.json").read_text())
    return {f"{suite} {arch}/{ran['name']}": steps.row(ran, out) for ran in done}


def asked() -> argparse.Namespace:
    """The words after the verb."""
    parser = argparse.ArgumentParser(prog="make arm", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--suite", action="append", choices=tuple(image.SUITES))
    parser.add_argument("--arch", action="append", choices=tuple(emulation.PROCESSORS))
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where to put what each step said")
    parser.add_argument("--bundle", type=Path, metavar="FOLDER", help="one that is there already, not made anew")
    parser.add_argument("--room", choices=("bare", "tools"), help="one of the two rooms alone")
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
