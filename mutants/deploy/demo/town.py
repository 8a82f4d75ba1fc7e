"""The whole demo: started in order, kept alive, ended in order. No screen."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from broker.cli import demos
from broker.cli.demos import Demo, DemoNode
from deploy.demo import ports, sound, written
from deploy.demo.children import Children, Program
from deploy.demo.home import ROOT, DemoFault, Hamlet, Home, leave, make_home
from deploy.demo.options import FIRST_PORT, Options
from deploy.demo.ready import Roll
from patterns.builtin import builtins
from patterns.prepare import prepare
from patterns.score import Score
from patterns.voice import DEFAULT_VOICE
from wire.link import Link, LinkSettings

BROKER, SERVICE = "mosquitto", "keng-run"
BROKER_S = 5.0
"""It takes 12 ms to listen; this is for a machine under load."""
READY_S = 60.0
"""Two seconds on a PC; a small Pi that starts seven processes for the first time takes longer."""
TAIL_LINES = 6
"""Of a log, in a sentence."""

Say = Callable[[str, str], None]
"""A sentence in Vietnamese and in English."""


@dataclass(slots=True)
class Town:
    """What runs. `end` it."""

    home: Home
    """Its folder."""
    port: int
    """Of its MQTT broker."""
    on_device: int
    """So many hamlets, from the first, sound on the machine's loudspeaker."""
    children: Children
    """Its processes."""
    announced: list[Path]
    """Files by which `keng` finds it."""
    offset_ms: int | None = None
    """What the commune's clock is ahead of this machine's; one for all lives of the service. None: not started."""

    @property
    def now(self) -> datetime:
        """The commune's time."""
        return datetime.now(ZoneInfo(self.home.book.zone)) + timedelta(milliseconds=self.offset_ms or 0)

    @property
    def commune(self) -> str:
        """Slug."""
        return self.home.book.commune

    def wav(self, hamlet: Hamlet) -> str | None:
        """Where a hamlet's sound goes, if that is a file."""
        position = self.home.hamlets.index(hamlet)
        return None if position < self.on_device else str(self.home.wav(hamlet))

    def announce(self) -> None:
        """Let `keng` find it."""
        self.announced = demos.announce(
            Demo(
                pid=os.getpid(),
                born=demos.born(os.getpid()) or 0,
                home=str(self.home.folder),
                commune=self.commune,
                host=ports.HOST,
                port=self.port,
                nodes=tuple(
                    DemoNode(
                        node=hamlet.node,
                        hamlet=hamlet.hamlet,
                        name=hamlet.name,
                        wav=self.wav(hamlet),
                        control=str(self.home.control(hamlet)),
                        trace=str(self.home.trace(hamlet)),
                    )
                    for hamlet in self.home.hamlets
                ),
            )
        )

    def end(self) -> None:
        """End everything that was started, take away what is not to be kept."""
        for file in self.announced:
            file.unlink(missing_ok=True)
        self.children.end()
        leave(self.home)


def build(options: Options, say: Say) -> Town:
    """Start a town; it is ready when `await_ready` returns. KengError."""
    port = ports.choose(options.port)
    home = make_home(options.home)
    say(
        f"Thư mục: {home.folder}" + ("" if options.home else " (hết thì xóa; muốn giữ: --home DIR)"),
        f"Folder: {home.folder}" + ("" if options.home else " (gone at the end; to keep it: --home DIR)"),
    )
    children = Children(lambda name, vi, en: say(f"{name}: {vi}", f"{name}: {en}"))
    try:
        on_device, vi, en = sound.on_device(options.sound, len(home.hamlets))
        say(vi, en)
        _render(home, say)
        town = Town(home, _start_broker(children, home, port, options.port), on_device, children, [])
        if options.port is None and town.port != FIRST_PORT:
            say(
                f"Cổng {FIRST_PORT} đang bận, dùng cổng {town.port}.",
                f"Port {FIRST_PORT} is busy; using {town.port}.",
            )
    except BaseException:
        children.end()
        leave(home)
        raise
    return town


def await_ready(town: Town, options: Options, stopped: Callable[[], bool]) -> bool:
    """Start service and nodes; True once all nodes are linked and welcomed, False if `stopped`. DemoFault."""
    roll = Roll(town.commune, [hamlet.node for hamlet in town.home.hamlets])
    link = Link(LinkSettings(ports.HOST, town.port, f"demo-{os.getpid()}"), roll.topics, roll.take)
    link.open()
    try:
        roll.listening(BROKER_S)
        _start_service(town, options)
        for position, hamlet in enumerate(town.home.hamlets):
            device = sound.DEVICE if position < town.on_device else None
            settings = written.write_node(town.home, hamlet, town.port, device)
            town.children.start(
                Program(
                    hamlet.node,
                    (program("keng-node"), "run", "--settings", str(settings)),
                    town.home.log(hamlet.node),
                    rank=0,
                    environment=child_environment(),
                )
            )
        until_s = time.monotonic() + READY_S
        while not roll.complete.wait(0.1):
            if stopped():
                return False
            if time.monotonic() > until_s:
                raise _not_ready(town, roll.missing())
    finally:
        link.close()
    town.announce()
    return True


def _start_broker(children: Children, home: Home, port: int, asked: int | None) -> int:
    """Start Mosquitto on `port`, or on the next one if somebody was quicker; where it listens."""
    program = mosquitto()
    until_s = time.monotonic() + BROKER_S
    while True:
        written.write_broker(home, port)
        log = home.log(BROKER)
        before = log.stat().st_size if log.exists() else 0
        command = (program, "-c", str(home.folder / "mosquitto.conf"))
        wish = written.restart_wish(home)
        children.start(Program(BROKER, command, log, rank=2, environment=child_environment(), wish=wish))
        while time.monotonic() < until_s:
            if children.state(BROKER) == "runs" and ports.listens(port):
                time.sleep(0.05)  # a broker that lost the race for its port is dead by then, and another one answers
                if children.state(BROKER) == "runs":
                    return port
            if children.state(BROKER) != "runs":
                break
            time.sleep(0.01)  # nothing tells when a process listens
        children.kill(BROKER)
        if b"in use" not in log.read_bytes()[before:] or time.monotonic() > until_s:
            raise DemoFault(f"Mosquitto không chạy được: {_tail(log)}", f"Mosquitto does not start: {_tail(log)}")
        if asked is not None:
            raise ports.busy(asked)
        port = ports.choose(None, after=port)


def mosquitto() -> str:
    """Mosquitto's path. DemoFault."""
    found = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise DemoFault(
            "Chưa có Mosquitto. Hãy cài: sudo apt install mosquitto mosquitto-clients",
            "Mosquitto is not installed: sudo apt install mosquitto mosquitto-clients",
        )
    return found


def _start_service(town: Town, options: Options) -> None:
    settings = written.write_commune(town.home, town.port)
    town.offset_ms = 0 if options.at_s is None else offset_ms(town.home.book.zone, options.at_s)
    clock = () if options.at_s is None else ("--clock-offset-ms", str(town.offset_ms))
    town.children.start(
        Program(
            SERVICE,
            (program("keng"), "run", "--settings", str(settings), *clock),
            town.home.log(SERVICE),
            rank=1,
            environment=child_environment(),
        )
    )


def offset_ms(zone: str, at_s: int) -> int:
    """What to add to this machine's time so that it is second `at_s` of the day in the commune's zone."""
    now = datetime.now(ZoneInfo(zone))
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return round((midnight + timedelta(seconds=at_s) - now) / timedelta(milliseconds=1))


def _render(home: Home, say: Say) -> None:
    """Sounds into the cache, so that no node has to wait; a line for each that was missing. KengError, DemoFault."""

    def progress(number: int, total: int, score: Score, took_s: float | None) -> None:
        if took_s is not None:
            say(f"  [{number}/{total}] {score.name} – {score.title_vi or score.name}", "")

    try:
        prepare([*home.book.needed(), *builtins().values()], DEFAULT_VOICE, home.cache, progress)
    except OSError as error:
        raise DemoFault(
            f"{home.cache}: không ghi được tiếng kẻng ({error.strerror}).",
            f"{home.cache}: the sounds cannot be written ({error.strerror}).",
        ) from error


def program(name: str) -> str:
    """One of ours, beside this Python."""
    return str(Path(sys.executable).parent / name)


def child_environment() -> dict[str, str]:
    """What every child gets: ours, without what would send it elsewhere."""
    kept = {
        name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME", "NOTIFY_SOCKET")
    }
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def _not_ready(town: Town, missing: list[str]) -> DemoFault:
    names = ", ".join(missing)
    for name in (SERVICE, *missing):
        if tail := _tail(town.home.log(name)):
            return DemoFault(
                f"Sau {READY_S:.0f} giây vẫn thiếu: {names}. {name} nói: {tail}",
                f"Still missing after {READY_S:.0f} s: {names}. {name} says: {tail}",
            )
    return DemoFault(f"Sau {READY_S:.0f} giây vẫn thiếu: {names}.", f"Still missing after {READY_S:.0f} s: {names}.")


def _tail(log: Path) -> str:
    try:
        lines = log.read_text("utf-8", "replace").strip().splitlines()
    except OSError:
        return ""
    return " | ".join(lines[-TAIL_LINES:])
