"""The commune's service: settings, register, Mosquitto and core wired to the loop. Only this module knows them all.

    run(Path("/etc/keng/commune.yaml"))     # what `keng run` and the unit do; returns an exit code

What must hold: it is up without a broker and without a writable register (both are troubles, not ends); SIGTERM ends it
in order; nothing it started outlives it. SIGHUP reads the code book's file again.
"""

from __future__ import annotations

import logging
import os
import secrets
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast

from broker.aside import Aside
from broker.core.commune import Commune
from broker.core.effects import Listen
from broker.core.items import CodeBookGiven, Stop
from broker.core.records import Snapshot
from broker.core.setup import CommuneSetup
from broker.errors import EXIT_FAULT, KeyFault, MosquittoError, RegisterFault, RegisterFull
from broker.heart import Heart
from broker.inbox import Inbox
from broker.loop import Clock, Loop, Point
from broker.mosquitto.embedded import EmbeddedMosquitto
from broker.register.store import SqliteRegister
from broker.restarting import Restarting
from broker.sdnotify import Notifier
from broker.settings import SETTINGS_FILE, CommuneSettings, load_settings
from broker.trace import Trace
from broker.upkeep import Upkeep
from patterns.codebook import load_codebook
from patterns.errors import CodeBookError, KengError
from patterns.yamlfile import read_yaml
from wire.envelope import LinkDown, LinkUp
from wire.errors import LinkFault
from wire.link import AFRESH, Link, LinkItem, LinkSettings
from wire.signature import Signer
from wire.topics import Topics, Up
from wire.version import program_version

_log = logging.getLogger(__name__)

EXIT_LATER = 75
"""EX_TEMPFAIL of sysexits.h: a disk or a port may be free soon; systemd tries again after its RestartSec."""
WORDS: tuple[Up, ...] = ("hello", "alert", "silent", "sounded", "status")
PASSING = (RegisterFault, RegisterFull, MosquittoError)


def run(
    settings_file: Path | None = None,
    *,
    embedded_broker: bool = False,
    clock_offset_ms: int = 0,
    on_ready: Callable[[Service], None] = lambda _: None,
) -> int:
    """Serve until SIGTERM or SIGINT; an exit code. What a person must mend is said on stderr, in both languages."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    try:
        settings = load_settings(settings_file or SETTINGS_FILE)
        with Service(settings, embedded_broker=embedded_broker, clock_offset_ms=clock_offset_ms) as service:
            service.serve(on_ready)
    except (KengError, LinkFault) as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_LATER if isinstance(error, PASSING) else EXIT_FAULT
    return 0


class Service:
    """One commune's service. Enter it to open what it needs (KengError, LinkFault), then `serve`."""

    def __init__(
        self,
        settings: CommuneSettings,
        *,
        embedded_broker: bool = False,
        clock_offset_ms: int = 0,
        cut: Callable[[Point], None] = lambda _: None,
    ) -> None:
        """`clock_offset_ms`: for the demo. `cut`: for tests; no setting reaches it."""
        self.settings = settings
        self.inbox = Inbox()
        self.linked = threading.Event()
        """Set once Mosquitto has let the service in."""
        self._embedded = embedded_broker
        self._clock = Clock(clock_offset_ms)
        self._cut = cut
        self._notifier = Notifier(os.environ)
        self._restarting = Restarting(settings.mqtt.restart, _log.warning)
        self._opened = ExitStack()
        self._aside = Aside(lambda deliver: Link(self._link_settings("-aside"), [], deliver), self.inbox.put)
        self.mosquitto: EmbeddedMosquitto | None = None
        """The embedded broker, if there is one."""

    def __enter__(self) -> Service:
        with ExitStack() as stack:
            settings = self.settings
            self._register = SqliteRegister(settings.home)
            stack.callback(self._register.close)
            self._snapshot = self._register.restore()
            self._signer = read_signer(settings.key_file)
            self._setup = self._read_setup()
            self._trace = Trace(settings.home / "trace.jsonl")
            stack.callback(self._trace.close)
            if self._embedded:
                self.mosquitto = EmbeddedMosquitto(settings.home / "mosquitto", settings.embedded_port, _log.error)
                stack.callback(self.mosquitto.stop)
                self.mosquitto.start()
            self._link = Link(self._link_settings(), self._subscriptions(), self._deliver)
            stack.callback(self._aside.close)
            self._opened = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of Mosquitto."""
        where = self._link_settings()
        return where.host, where.port

    def serve(self, on_ready: Callable[[Service], None] = lambda _: None) -> None:
        """Until `stop`. Signals are taken if this is the main thread."""
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: self.stop())
            signal.signal(signal.SIGHUP, lambda *_: self.reread())
        heart = Heart(self._register, self._notifier, _log.error, self._link.moving.stuck)
        upkeep = Upkeep(self.settings.home, self.inbox.put, self._clock.wall_ms)

        def beat(now_ms: int) -> None:
            heart.beat(now_ms)
            upkeep.beat(now_ms)

        loop = Loop(
            Commune(self._setup, self._snapshot),
            self.inbox,
            self._register,
            self._link,
            signer=self._signer,
            trace=self._trace,
            clock=self._clock,
            beat=beat,
            restart_broker=self._restart_broker,
            listen=self._listen,
            retire=self._retire,
            cut=self._cut,
        )
        self._trace.started(self._clock.now_ms(), self._clock.wall_ms(), self._setup, self._snapshot)
        self._snapshot = Snapshot()
        self._link.open()
        try:
            self._notifier.say("READY=1", "STATUS=Chưa nối được Mosquitto / not linked yet")
            on_ready(self)
            loop.run()
        finally:
            self._notifier.say("STOPPING=1")
            self._link.close()

    def stop(self) -> None:
        """End it in order; from any thread, or a signal."""
        self.inbox.put(Stop())

    def reread(self) -> None:
        """Give the code book's file to the core again; a wrong one is told, and the old one stays in use."""
        try:
            fields = read_codebook(self.settings.codebook)
        except CodeBookError as error:
            _log.error("%s", error)
            return
        if fields is not None:
            self.inbox.put(CodeBookGiven(fields))

    def _listen(self, effect: Listen) -> None:
        """On the loop's thread: must return at once."""
        self._link.listen(self._subscriptions(effect.others))
        self._aside.listen(self._ups(effect.aside))

    def _restart_broker(self) -> None:
        """On the loop's thread: must return at once."""
        if self.mosquitto is not None:
            self.mosquitto.restart()
        else:
            self._restarting.restart()

    def _retire(self, node: str) -> None:
        """On the loop's thread: leave its name where root looks (keng-retire.path). What cannot be left is a trouble
        that stays open."""
        folder = self.settings.retire_folder
        assert folder is not None  # noqa: S101 - the core was told so
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            (folder / node).touch()
        except OSError as error:
            _log.error("Không để lại được lời nhờ thu hồi %s (%s). / Cannot ask root to retire it.", node, error)

    def _deliver(self, item: LinkItem) -> None:
        """On the link's thread."""
        if isinstance(item, LinkUp):
            self.linked.set()
            _log.info("Đã nối với Mosquitto. / Linked with Mosquitto.")
            self._notifier.say("STATUS=Đã nối với Mosquitto / linked")
        elif isinstance(item, LinkDown):
            self.linked.clear()
            if item.why == AFRESH:
                _log.warning("Nối lại Mosquitto để lọc hộp gửi dồn dập. / Linking anew, to leave a flooding box out.")
            else:
                _log.warning("Mất Mosquitto: %s. / No link with Mosquitto.", item.why)
            self._notifier.say(f"STATUS=Mất Mosquitto / no link: {item.why}")
        self.inbox.put(item)

    def _read_setup(self) -> CommuneSetup:
        settings = self.settings
        try:
            fields = read_codebook(settings.codebook)
        except CodeBookError as error:
            if self._snapshot.codebook is None:
                raise
            # A slip in a file must not end a service that has a code book which was good.
            _log.error("%s", error)
            fields = None
        return CommuneSetup(
            commune=settings.commune,
            run=secrets.token_hex(8),
            seed=secrets.token_bytes(32),
            codebook=fields,
            users=dict(settings.users),
            # A Mosquitto of our own asks for no passwords: without a list of users nobody could be told from another.
            open_network=settings.open_network or (self._embedded and not settings.users),
            commune_key=None if self._signer is None else self._signer.public,
            version=program_version(),
            beacon=True,
            retires=settings.retire_folder is not None and not self._embedded,
            restarts_broker=self._embedded or bool(settings.mqtt.restart),
        )

    def _link_settings(self, more: str = "") -> LinkSettings:
        mqtt = self.settings.mqtt
        # Unguessable, so that nobody with another password can take the service's connection over.
        client_id = f"service-{self._setup.run}{more}"
        if self.mosquitto is not None:
            return LinkSettings("127.0.0.1", self.mosquitto.port, client_id)
        return LinkSettings(mqtt.host, mqtt.port, client_id, mqtt.password_file, mqtt.user, mqtt.ca_file)

    def _subscriptions(self, nodes: Sequence[str] | None = None) -> list[str]:
        """To hear these nodes; None: everybody."""
        topics = Topics(self.settings.commune)
        # A status by a filter of its own, so that a kept one is told from a live one (wire/link.py).
        ups = [topics.every("up", word) for word in WORDS] if nodes is None else self._ups(nodes)
        # Orders too (our own do not come back): somebody else's are a trouble.
        return [*ups, topics.every("ask"), f"{topics.root}/all/+", f"{topics.root}/down/+/+", topics.beacon]

    def _ups(self, nodes: Sequence[str]) -> list[str]:
        return [Topics(self.settings.commune).up(node, word) for word in WORDS for node in nodes]


def read_signer(key_file: Path | None) -> Signer | None:
    """The commune's key, if it has one. KeyFault."""
    if key_file is None:
        return None
    try:
        return Signer.from_file(key_file)
    except (OSError, ValueError) as error:
        raise KeyFault(
            f"Không đọc được khóa của xã {key_file} ({error}). Hãy kiểm tra quyền đọc, hoặc tạo khóa: keng keys new",
            f"Cannot read the commune's key {key_file} ({error}). Check who may read it, or make one: keng keys new",
        ) from error


def read_codebook(path: Path | None) -> dict[str, Any] | None:
    """The fields of a code book's file that passed every check. CodeBookError."""
    if path is None:
        return None
    load_codebook(path)
    return cast(dict[str, Any], read_yaml(path).value)
