"""One emulated Debian in mounts, processes and a network of its own (lo alone); steps are run in it and timed.

    python -m tests.arm.room PLAN.json        started by __main__ in namespaces of its own; never by hand

PLAN: {"title", "image": TAR, "share": FOLDER, "place": an empty folder, "out": FOLDER, "steps": […]}; a step is a Step.
`share`'s content is copied to /srv. What must hold: there is a network for nobody (the namespace has lo and nothing
else, or the run is refused); all lies in memory and is gone with the last process; a step that does not end is ended,
and is a failure. Files that steps leave in /srv/out are copied to `out`; OUT/STEP.log is what it said, OUT/steps.json
what came of it.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from arm.emulation import QEMU_CPU

SIZE = "6G"
"""The most that it may take in memory."""
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8",
    "TERM": "dumb", "PYTHONDONTWRITEBYTECODE": "", "DEBIAN_FRONTEND": "noninteractive",
}  # fmt: skip
"""All that a step knows of the world, but for its own."""
TIMED_OUT = 124


@dataclass(frozen=True, slots=True)
class Step:
    """One command inside."""

    name: str
    words: list[str]
    limit_s: int = 300
    environment: dict[str, str] = field(default_factory=dict)
    folder: str = "/srv"
    over: str = ""
    """A tar that is laid over all before it."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it."""

    name: str
    code: int
    took_s: float
    cpu_s: float
    """Of all processors, by whatever it started and waited for: the same on a machine that does other work as well."""


def main(plan_file: str) -> int:
    """Furnish the room, run every step, keep what they left; 0 however they ended."""
    plan = json.loads(Path(plan_file).read_text())
    root, out = Path(plan["place"]) / "root", Path(plan["out"])
    furnish(Path(plan["image"]), Path(plan["share"]), Path(plan["place"]))
    only_loopback()
    done = []
    for words in plan["steps"]:
        step = Step(**words)
        sys.stderr.write(f"… {plan['title']}: {step.name}\n")
        done.append(run(step, root, out))
        shutil.copytree(root / "srv/out", out, dirs_exist_ok=True)
        last = done[-1]
        sys.stderr.write(f"  {'ok' if last.code == 0 else f'exit code {last.code}'}, {last.took_s:.0f} s\n")
        (out / "steps.json").write_text(json.dumps([asdict(one) for one in done], indent=1) + "\n")
    return 0


def furnish(image: Path, share: Path, place: Path) -> None:
    """Debian out of its tar into memory, with the devices and file systems that programs expect."""
    _call("mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "keng-arm", place)
    root = place / "root"
    root.mkdir()
    _call("tar", "-C", root, "--numeric-owner", "-xf", image)
    _call("mount", "-t", "proc", "proc", root / "proc")
    _call("mount", "-t", "sysfs", "-o", "ro", "sysfs", root / "sys")
    shutil.rmtree(root / "dev", ignore_errors=True)
    (root / "dev").mkdir(exist_ok=True)
    _call("mount", "-t", "tmpfs", "-o", "size=1G,mode=755", "keng-arm-dev", root / "dev")
    for name in DEVICES:
        (root / "dev" / name).touch()
        _call("mount", "--bind", f"/dev/{name}", root / "dev" / name)
    for name, to in {"fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2"}.items():
        (root / "dev" / name).symlink_to(to)
    for name in ("shm", "pts"):
        (root / "dev" / name).mkdir(mode=0o1777)
    (root / "dev/shm").chmod(0o1777)
    _call("mount", "-t", "devpts", "-o", "newinstance,ptmxmode=0666,mode=0620", "devpts", root / "dev/pts")
    (root / "dev/ptmx").symlink_to("pts/ptmx")
    (root / "etc/resolv.conf").unlink(missing_ok=True)
    (root / "etc/resolv.conf").write_text("# no network here\n")
    (root / "etc/hosts").write_text("127.0.0.1 localhost keng-arm\n::1 localhost\n")
    shutil.copytree(share, root / "srv", symlinks=True, dirs_exist_ok=True)
    (root / "srv/out").mkdir()


def only_loopback() -> None:
    """lo is up and alone, and there is no route; RuntimeError in a network that is somebody's."""
    there = sorted(line.split(":")[0].strip() for line in Path("/proc/net/dev").read_text().splitlines()[2:])
    real = [name for name in there if name not in ("lo", *TUNNELS)]
    if real:
        raise RuntimeError(f"this is no empty network: {', '.join(real)}")
    _call("ip", "link", "set", "lo", "up")


TUNNELS = ("tunl0", "gre0", "gretap0", "erspan0", "ip_vti0", "ip6_vti0", "sit0", "ip6tnl0", "ip6gre0")
"""What some kernels put, down, into each new network."""


def words_of(step: Step, root: Path) -> list[str]:
    """The command that runs it inside."""
    words = ["chroot", str(root), "/usr/bin/env", "-i"]
    given = {name: os.environ[name] for name in (QEMU_CPU,) if name in os.environ}
    words += [f"{name}={value}" for name, value in (ENVIRONMENT | given | step.environment).items()]
    return [*words, "/bin/sh", "-c", f'cd {step.folder} && exec "$@"', "sh", *step.words]


def run(step: Step, root: Path, out: Path, words: list[str] | None = None) -> Done:
    """One step, to its end or its limit; what it said is in `out`."""
    words = words or words_of(step, root)
    if step.over:
        # Debian's /lib is a link to usr/lib; a package says lib/.
        _call("tar", "-C", root, "--numeric-owner", "--keep-directory-symlink", "-xpf", step.over)
    began, spent_s = time.monotonic(), _spent_s()
    with (out / f"{step.name}.log").open("wb") as log:
        child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        try:
            code = child.wait(step.limit_s)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            code = TIMED_OUT
    return Done(step.name, code, time.monotonic() - began, _spent_s() - spent_s)


def _spent_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _call(*words: object) -> None:
    subprocess.run([str(word) for word in words], check=True, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
