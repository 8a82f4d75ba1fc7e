"""A network namespace of its own whose loopback loses packets: real TCP, really retransmitting.

    with Namespace() as place:                  # NotPermitted, with a sentence, where the machine does not allow it
        place.lose(0.25)                        # of the packets to and from every port but DNS's none is spared
        lab.broker.inside = node.inside = place.inside

What must hold: nothing outside it is touched, and it ends with the process that holds it, whatever becomes of us.
Delay has no part here: kernels without netem have no way to delay; fakes.proxy delays instead.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from types import TracebackType

from fakes.waiting import eventually

PATH = "/usr/sbin:/sbin:/usr/bin:/bin"


class NotPermitted(Exception):
    """This machine makes no namespaces for us, or cannot lose packets in them."""


class Namespace:
    """Enter it to have it."""

    def __enter__(self) -> Namespace:
        tools = {name: shutil.which(name, path=PATH) for name in ("unshare", "nsenter", "ip", "nft", "setpriv")}
        lacking = [name for name, path in tools.items() if path is None]
        if lacking:
            raise NotPermitted(f"{', '.join(lacking)} not found (sudo apt install util-linux iproute2 nftables)")
        as_root = os.geteuid() == 0
        mine = [] if as_root else ["--user", "--map-root-user"]
        # It dies with us: the thread that starts it must outlive it, which a test's own does.
        command = ["setpriv", "--pdeathsig", "KILL", "--", "unshare", *mine, "--net", "sleep", "infinity"]
        self._holder = subprocess.Popen(command, stderr=subprocess.PIPE, env={**os.environ, "PATH": PATH})
        user = [] if as_root else ["--user", "--preserve-credentials"]
        self.inside = ["nsenter", "--target", str(self._holder.pid), *user, "--net", "--"]
        """Words before a command that is to run in it."""
        try:
            eventually(self._is_there, why="no namespace")
            self._run("ip", "link", "set", "lo", "up")
            self._run("nft", "add", "table", "inet", "lab")
            self._run("nft", "add", "chain", "inet", "lab", "in", "{ type filter hook input priority 0; }")
        except (AssertionError, OSError) as error:
            self._end()
            raise NotPermitted(str(error)) from error
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._end()

    @property
    def pid(self) -> int:
        """Of the process that holds it."""
        return self._holder.pid

    def lose(self, part: float) -> None:
        """Of all packets, drop so many, at random; 0 for none."""
        self._run("nft", "flush", "chain", "inet", "lab", "in")
        if part:
            choice = ["numgen", "random", "mod", "1000", "<", str(round(part * 1000))]
            self._run("nft", "add", "rule", "inet", "lab", "in", *choice, "counter", "drop")

    def lost(self) -> int:
        """Packets dropped by the present rule."""
        words = self._run("nft", "list", "chain", "inet", "lab", "in").split()
        return int(words[words.index("packets") + 1]) if "packets" in words else 0

    def _is_there(self) -> bool:
        if self._holder.poll() is not None:
            assert self._holder.stderr is not None
            raise OSError(self._holder.stderr.read().decode().strip() or "unshare ended")
        theirs, ours = (os.readlink(f"/proc/{who}/ns/net") for who in (self._holder.pid, "self"))
        return theirs != ours

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            [*self.inside, *command],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
            env={**os.environ, "PATH": PATH},
        )
        if done.returncode:
            raise OSError(f"{' '.join(command)}: {done.stderr.strip()}")
        return done.stdout

    def _end(self) -> None:
        self._holder.kill()
        self._holder.wait(5)
        assert self._holder.stderr is not None
        self._holder.stderr.close()
