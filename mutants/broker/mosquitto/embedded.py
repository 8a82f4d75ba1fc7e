"""A private Mosquitto as a child of ours: for the demo, and for `keng run --embedded-broker`.

What must hold: it listens on loopback alone; it never outlives us, however we end; if it dies it comes back, and
somebody is told (that it hangs, others must see: `restart`); what it writes to disk is bounded. The kernel ties its
life to its keeper thread, which is its parent.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from broker.boundedlog import BoundedLog
from broker.errors import MosquittoError
from broker.mosquitto.configuration import DemoBroker, demo_conf

HOST = "127.0.0.1"
SYSTEM_PATH = "/usr/sbin:/usr/local/sbin"
"""Where Debian keeps it, and only root's PATH looks."""
START_S = 10.0
"""It takes 12 ms; a Pi that is just booting may need seconds."""
ANSWER_S = 1.0
"""For one CONNECT on loopback."""
LOOK_S = 0.02
STOP_S = 3.0
FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 10.0
STEADY_S = 30.0
"""A run that held this long starts the back-off afresh."""
LOG_BYTES = 256 * 1024
"""Of each of two files: weeks of warnings."""
CONNECT = b"\x10\x0d\x00\x04MQTT\x05\x02\x00\x05\x00\x00\x00"
"""MQTT 5, 3.1: clean start, keepalive 5 s, no client id."""
DISCONNECT = b"\xe0\x00"


class EmbeddedMosquitto:
    """One child, kept running from `start` to `stop`. `trouble` hears what a person should know, on another thread."""

    def __init__(
        self,
        home: Path,
        port: int | None = None,
        trouble: Callable[[str], None] = lambda _: None,
        program: str | None = None,
    ) -> None:
        """`home`: its private directory, made here. `port`: none for a free one. MosquittoError."""
        self._home = home
        self._trouble = trouble
        self.port = free_port() if port is None else port
        """Where it listens."""
        self._program = program or find_mosquitto(f"{os.environ.get('PATH', '')}:{SYSTEM_PATH}")
        self._stopping = threading.Event()
        self._ran = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._log = BoundedLog(home / "mosquitto.log", LOG_BYTES)
        self._keeper = threading.Thread(target=self._keep, name="mosquitto", daemon=True)

    @property
    def pid(self) -> int | None:
        """Of the child, while there is one."""
        child = self._child
        return None if child is None else child.pid

    def start(self) -> None:
        """Returns when it answers. MosquittoError: port in use, directory not writable, or it ends at once."""
        if not is_free(self.port):
            raise _port_in_use(self.port)
        try:
            self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._home.chmod(0o700)
            conf = demo_conf(DemoBroker(self.port), user="root" if os.geteuid() == 0 else None)
            (self._home / "mosquitto.conf").write_text(conf)
            self._log.open()
        except OSError as error:
            raise MosquittoError(
                f"Không ghi được vào {self._home} ({error.strerror}). Hãy kiểm tra quyền ghi và chỗ trống.",
                f"Cannot write in {self._home} ({error.strerror}). Check who may write there and the free space.",
            ) from error
        self._keeper.start()
        end_s = time.monotonic() + START_S
        while not self._answers():
            if not self._keeper.is_alive() or time.monotonic() > end_s:
                self.stop()
                raise self._did_not_start()
            time.sleep(LOOK_S)
        self._ran.set()

    def restart(self) -> None:
        """It hangs: kill -9, and its keeper starts it again. Returns at once."""
        child = self._child
        if child is not None and child.poll() is None:
            child.kill()

    def stop(self) -> None:
        """End it, and wait until it has ended."""
        self._stopping.set()
        self._end(self._child)
        if self._keeper.ident is not None:
            self._keeper.join(STOP_S * 2)

    def _answers(self) -> bool:
        """Whether the child, and not a stranger on its port, lets us in."""
        child = self._child
        return child is not None and child.poll() is None and answers(self.port)

    def _keep(self) -> None:
        wait_s = FIRST_WAIT_S
        while not self._stopping.is_set():
            began_s = time.monotonic()
            code = self._run_once()
            if self._stopping.is_set():
                return
            if not self._ran.is_set():
                return  # it never did: `start` says so
            held_s = time.monotonic() - began_s
            wait_s = FIRST_WAIT_S if held_s >= STEADY_S else min(wait_s * 2, LONGEST_WAIT_S)
            self._trouble(
                f"Mosquitto dừng bất ngờ (mã {code}), sẽ chạy lại sau {wait_s:.1f} giây. Xem {self._log.path}. / "
                f"Mosquitto ended unexpectedly (code {code}); it starts again in {wait_s:.1f} s. See {self._log.path}."
            )
            self._stopping.wait(wait_s)

    def _run_once(self) -> int:
        """Start it, keep what it says, and return its exit code when it has ended."""
        command = [*_dies_with_its_parent(), self._program, "-c", str(self._home / "mosquitto.conf")]
        try:
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)  # noqa: S603 - ours
        except OSError as error:
            self._log.write(f"{error}\n".encode())
            return error.errno or 1
        self._child = child
        if self._stopping.is_set():  # `stop` may have looked just before there was a child
            child.kill()
        assert child.stderr is not None  # noqa: S101 - a pipe was asked for
        with child.stderr as lines:
            for line in lines:
                self._log.write(line)
        return child.wait()

    @staticmethod
    def _end(child: subprocess.Popen[bytes] | None) -> None:
        if child is None or child.poll() is not None:
            return
        child.terminate()
        end_s = time.monotonic() + STOP_S
        while child.poll() is None:
            if time.monotonic() > end_s:
                child.kill()
                return
            time.sleep(LOOK_S)

    def _did_not_start(self) -> MosquittoError:
        if not is_free(self.port):
            return _port_in_use(self.port)
        last = self._log.last_line()
        return MosquittoError(
            f"Mosquitto không chạy được: {last}. Xem {self._log.path}.",
            f"Mosquitto does not run: {last}. See {self._log.path}.",
        )


def find_mosquitto(path: str) -> str:
    """The program, in the folders of `path`. MosquittoError."""
    found = shutil.which("mosquitto", path=path)
    if found is None:
        raise MosquittoError(
            "Chưa cài Mosquitto. Hãy cài: sudo apt install mosquitto mosquitto-clients",
            "Mosquitto is not installed. Install it: sudo apt install mosquitto mosquitto-clients",
        )
    return found


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether nobody listens on it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Whether an MQTT 5 broker without passwords lets us in."""
    try:
        with socket.create_connection((HOST, port), timeout=ANSWER_S) as sock:
            sock.sendall(CONNECT)
            reply = sock.recv(5)
            sock.sendall(DISCONNECT)
    except OSError:
        return False
    return len(reply) >= 4 and reply[0] == 0x20 and reply[3] == 0


def _dies_with_its_parent() -> list[str]:
    """setpriv asks the kernel (PR_SET_PDEATHSIG) before it becomes Mosquitto; a fork of ours could not safely do it."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []


def _port_in_use(port: int) -> MosquittoError:
    return MosquittoError(
        f"Cổng {port} đang có chương trình khác dùng. Hãy chọn cổng khác, hoặc dừng chương trình kia "
        f"(xem bằng: ss -ltnp 'sport = :{port}').",
        f"Port {port} is in use by another program. Choose another port, or stop that program "
        f"(see it with: ss -ltnp 'sport = :{port}').",
    )
