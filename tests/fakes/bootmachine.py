"""A machine with a real Debian and its real systemd, booted in namespaces of its own by systemd-nspawn; and its cable.

    with Ground() as ground:                     # NotPermitted, with a sentence, where this machine does not allow it
        commune = ground.machine("commune", "bookworm")
        commune.boot()
        commune.run("systemctl is-system-running")
        commune.power_cut(); commune.boot()      # the same disk again

What must hold: the image is never written (each machine has a layer of its own above it); no address of this machine's
own network is used or reachable, packages come through fakes.bootmirror; all ends with the process that made it.
What a power cut leaves unwritten on a real card is not shown here (the layer is the host's file system): tests/cuts is.
The kernel is the host's: no hardware watchdog, no clock of its own, no GPIO.
"""

from __future__ import annotations

import ctypes
import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from fakes.bootimage import image, place
from fakes.bootmirror import Mirror
from fakes.namespace import Namespace, NotPermitted
from fakes.waiting import eventually

BOOT_WITHIN_S = 120.0
RUN_WITHIN_S = 1_800.0
DISK = "4G"
"""Of a machine, at most: its part above the image."""
GATE = "10.77.0.1"
PORT = 3142
CLONE_NEWNS = 0x20000
CGROUPS = Path("/sys/fs/cgroup")
DIES_WITH_US = ["setpriv", "--pdeathsig", "KILL", "--", "unshare", "--pid", "--mount-proc", "--fork", "--kill-child"]
"""In a PID namespace around its own: what systemd-nspawn leaves behind when it is killed is a whole running Debian."""
RESTART = 133
"""What systemd-nspawn ends with when the machine in it wants to start anew."""
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
PIP_CONF = "/etc/keng-boots.crt"


class Ground:
    """The network between machines, and the way to the packages. Enter it to have it."""

    def __enter__(self) -> Ground:
        if os.geteuid() != 0:
            raise NotPermitted("root is needed to boot machines (sudo make boots)")
        lacking = [name for name in ("systemd-nspawn", "debootstrap") if not shutil.which(name)]
        if lacking:
            raise NotPermitted(f"{', '.join(lacking)} not found (sudo apt install systemd-container debootstrap)")
        _mounts_of_our_own()
        for left in place().glob("run-*"):  # by one that was killed; its mounts are gone with it
            if not Path(f"/proc/{left.name.split('-')[1]}").exists():
                shutil.rmtree(left, ignore_errors=True)
        for group in CGROUPS.glob("**/keng-boots-*"):
            if not Path(f"/proc/{group.name.split('-')[2]}").exists():
                _take_away(group)
        self._switch = Namespace()
        self._switch.__enter__()
        self._ip("link", "add", "switch", "type", "bridge")
        self._ip("address", "add", f"{GATE}/24", "dev", "switch")
        self._ip("link", "set", "switch", "up")
        inside = f"/proc/{self._switch.pid}/ns/net"
        self.mirror = Mirror(place() / "packages", inside, GATE, PORT)
        self.machines: list[Machine] = []
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        for machine in reversed(self.machines):
            machine.end()
        self.mirror.end()
        self._switch.__exit__()

    def machine(self, name: str, release: str) -> Machine:
        """A new one, off, with an empty disk above the image."""
        one = Machine(self, name, release, f"10.77.0.{10 + len(self.machines)}")
        self.machines.append(one)
        return one

    def wire(self, cable: Namespace, name: str, address: str) -> None:
        """A cable from the switch into the machine's namespace."""
        end = f"to-{name}"[:15]
        self._ip("link", "add", end, "type", "veth", "peer", "name", "eth0", "netns", str(cable.pid))
        self._ip("link", "set", end, "master", "switch", "up")
        for words in (["address", "add", f"{address}/24", "dev", "eth0"], ["link", "set", "eth0", "up"]):
            subprocess.run([*cable.inside, "ip", *words], check=True, capture_output=True)

    def _ip(self, *words: str) -> None:
        subprocess.run([*self._switch.inside, "ip", *words], check=True, capture_output=True)


class Machine:
    """One of them."""

    def __init__(self, ground: Ground, name: str, release: str, address: str) -> None:
        self.name, self.release, self.address = name, release, address
        below, self.made_s = image(release)
        """How long its image took; 0: it was there."""
        self._home = place() / f"run-{os.getpid()}-{name}"
        self._layers = {one: self._home / one for one in ("upper", "work", "disk")}
        self._home.mkdir(parents=True)
        # In memory: thousands of small files come and go, and nothing must be left of them.
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", self._home], check=True)
        for folder in self._layers.values():
            folder.mkdir(parents=True)
        layers = f"lowerdir={below},upperdir={self._layers['upper']},workdir={self._layers['work']}"
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o", layers, self.disk], check=True)
        self._cable = Namespace()
        self._cable.__enter__()
        ground.wire(self._cable, name, address)
        self._network = self._home / "network"  # by a name that holds wherever the machine is started from
        self._network.touch()
        subprocess.run(["mount", "--bind", f"/proc/{self._cable.pid}/ns/net", self._network], check=True)
        self._nspawn: subprocess.Popen[bytes] | None = None
        self._leader = 0
        self._prepare(ground.mirror.url)

    @property
    def disk(self) -> Path:
        """Its root, to be written while it is off, or by somebody who knows what they do."""
        return self._layers["disk"]

    def _prepare(self, proxy: str) -> None:
        """What stands for a network here, and spares this machine's disk: nothing that a person's machine has not."""
        etc = self.disk / "etc"
        (etc / "apt/apt.conf.d/99boots").write_text(f'Acquire::http::Proxy "{proxy}";\n')
        (etc / "dpkg/dpkg.cfg.d/boots").write_text("force-unsafe-io\n")
        (etc / "hostname").write_text(f"{self.name}\n")
        (etc / "hosts").write_text(f"127.0.0.1 localhost {self.name}\n")
        (etc / "machine-id").write_text("")
        if CERTIFICATES.exists():  # a network that looks into TLS has its own authority: pip is told of it
            shutil.copy(CERTIFICATES, self.disk / PIP_CONF[1:])
            (etc / "pip.conf").write_text(f"[global]\nproxy = {proxy}\ncert = {PIP_CONF}\nretries = 5\n")

    def boot(self, *words: str) -> float:
        """Switch it on; the seconds until systemd has started everything it wants."""
        began_s = time.monotonic()
        self.switch_on(*words)
        eventually(lambda: self._state() in ("running", "degraded"), BOOT_WITHIN_S, f"{self.name} is never up")
        return time.monotonic() - began_s

    def switch_on(self, *words: str) -> None:
        """Until its systemd is there; `words` are the kernel's command line, as far as systemd reads it."""
        pip = place() / "pip"
        pip.mkdir(exist_ok=True)
        groups = [CGROUPS / kind / f"keng-boots-{os.getpid()}-{self.name}" for kind in ("unified", "systemd", "")]
        mine = [one for one in groups if (one.parent / "cgroup.procs").exists()]
        for one in mine:
            one.mkdir(exist_ok=True)
        enter = "; ".join(f"echo $$ >{one}/cgroup.procs" for one in mine)
        words = [
            "systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit", f"--machine={self.name}",
            f"--directory={self.disk}", f"--network-namespace-path={self._network}",
            "--capability=CAP_NET_ADMIN",  # as a machine's own systemd has: its firewall
            f"--bind={pip}:/root/.cache/pip", "--console=pipe", "--kill-signal=SIGRTMIN+3", "--link-journal=no",
            *words,
        ]  # fmt: skip
        log = (self._home / "console.log").open("ab")
        with log:
            self._nspawn = subprocess.Popen(
                [*DIES_WITH_US, "bash", "-c", f"{enter}; exec {shlex.join(words)}"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"},
            )  # fmt: skip
        self._leader = eventually(self._init, BOOT_WITHIN_S, f"{self.name} does not boot: {self._home}/console.log")

    def until_it_restarts(self, within_s: float) -> None:
        """It asks for a restart by itself, and is off then, for whoever it is to switch it on again."""
        assert self._nspawn is not None
        ended = self._nspawn.poll
        eventually(lambda: ended() is not None, within_s, f"{self.name} does not restart: {self._home}/console.log")
        assert ended() == RESTART, f"it was to restart, and went off: {ended()}"
        self._nspawn, self._leader = None, 0

    def _init(self) -> int:
        """The process that is 1 in there."""
        assert self._nspawn is not None
        if self._nspawn.poll() is not None:
            raise AssertionError(f"systemd-nspawn ended: {(self._home / 'console.log').read_text()[-2000:]}")
        for pid in _below(self._nspawn.pid):
            numbers = _field(pid, "NSpid")
            if len(numbers) == len(_field(os.getpid(), "NSpid")) + 2 and numbers[-1] == "1":
                return pid
        return 0

    def _state(self) -> str:
        return self.run("systemctl is-system-running", check=False, within_s=30).stdout.strip()

    def run(
        self, script: str, *, given: str = "", user: str = "root", check: bool = True, within_s: float = RUN_WITHIN_S
    ) -> subprocess.CompletedProcess[str]:
        """What a person types there, as this user, in their home; `given` on its standard input."""
        home = self.home_of(user)
        plain = ["env", "-i", f"HOME={home}", f"USER={user}", f"LOGNAME={user}", "LANG=C.UTF-8", "TERM=dumb",
                 "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]  # fmt: skip
        become = [] if user == "root" else ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "--"]
        words = ["nsenter", "--target", str(self._leader), "--all", "--", *become, *plain, "bash", "-c",
                 f"cd && {script}"]  # fmt: skip
        done = subprocess.run(words, capture_output=True, text=True, timeout=within_s, check=False, input=given)
        if check and done.returncode:
            raise AssertionError(
                f"{self.name}: {script}\n= {done.returncode}\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
            )
        return done

    @staticmethod
    def home_of(user: str) -> str:
        """Their folder in there."""
        return "/root" if user == "root" else f"/home/{user}"

    def pid_of(self, unit: str) -> int:
        """Its main process, as it is numbered in there; 0: it does not run."""
        return int(self.run(f"systemctl show --property=MainPID --value {unit}").stdout)

    def seen_from_here(self, pid: int) -> int:
        """What this machine calls a process that is numbered so in there."""
        inside = os.readlink(f"/proc/{self._leader}/ns/pid")
        for path in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if os.readlink(path / "ns/pid") == inside and _field(int(path.name), "NSpid")[-1] == str(pid):
                    return int(path.name)
        raise AssertionError(f"{self.name}: no process {pid}")

    def restarts_of(self, unit: str) -> int:
        """How often systemd has brought it back."""
        return int(self.run(f"systemctl show --property=NRestarts --value {unit}").stdout)

    def power_cut(self) -> None:
        """Everything in it is gone at once."""
        if self._nspawn is None:
            return
        if self._leader and Path(f"/proc/{self._leader}").exists():
            os.kill(self._leader, 9)
        try:
            self._nspawn.wait(10)
        except subprocess.TimeoutExpired:
            self._nspawn.kill()
            self._nspawn.wait(10)
        self._nspawn, self._leader = None, 0

    def end(self) -> None:
        """Off, and its disk away."""
        self.power_cut()
        self._cable.__exit__()
        for mounted in (self._network, self.disk, self._home):
            subprocess.run(["umount", mounted], check=False, capture_output=True)
        shutil.rmtree(self._home, ignore_errors=True)
        for kind in ("unified", "systemd", ""):
            _take_away(CGROUPS / kind / f"keng-boots-{os.getpid()}-{self.name}")


def _mounts_of_our_own() -> None:
    """What this thread and its children mount ends with them."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNS):
        raise NotPermitted(f"no namespace for mounts: {os.strerror(ctypes.get_errno())}")
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)


def _below(pid: int) -> Iterator[int]:
    """Its children, and theirs."""
    with suppress(OSError):
        for child in map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
            yield child
            yield from _below(child)


def _field(pid: int, name: str) -> list[str]:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return line.split()[1:]
    return []


def _take_away(group: Path) -> None:
    """A cgroup and those below it, if nobody is in them."""
    for folder in sorted((one for one in group.rglob("*") if one.is_dir()), reverse=True):
        with suppress(OSError):
            folder.rmdir()
    with suppress(OSError):
        group.rmdir()
