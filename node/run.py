"""A node, put together: the only module that knows every shell.

The order matters. What can sound comes first (pins, speaker, journal, the alarm's clip), then the core, then the link;
whatever else is slow (rendering, the rest of the clips) happens beside the loop. A broker, a card or a key that is not
there: the node runs, and says so.
"""

from __future__ import annotations

import logging
import os
import secrets
import signal
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from node.apart import readings
from node.board import wiring
from node.control import Control
from node.core.items import Fault, PatternsReady, Stop
from node.core.node import Node
from node.core.setup import Setup
from node.errors import ControlFault
from node.hands import Hands
from node.inbox import Inbox
from node.journal import FileJournal
from node.keep import CODEBOOK, JOURNAL, BookFile, hold, partition, scratch, stored_codebook
from node.keys import Keys
from node.lamp import Lamps
from node.line import RETRY_MS, Line
from node.loop import Chore, Loop, Watcher, now_ms
from node.machine import boot_id
from node.panel import Bell, Sampler
from node.peers import LOOK_MS, Peers
from node.pins import GpioBoard
from node.preparing import Preparing
from node.sdnotify import FEED_EVERY_MS, Notifier, Progress
from node.settings import Settings
from node.shelf import Shelf, scores_of
from node.trace import Trace
from node.updater import REPORT_MS, Updater
from node.voicebox import build_speaker
from node.watching import Diary, Readiness, Watchers
from node.words import WordShelf
from patterns.errors import VoiceError
from patterns.score import Score
from patterns.voice import DEFAULT_VOICE, Voice, load_voice
from wire.link import LinkSettings
from wire.version import program_version

_log = logging.getLogger(__name__)

HOST_FILE = "host"
"""In the state: the name or address of the commune's machine that last let us in."""
MACHINE_MS = 10_000
"""Between looks at clock, heat and power."""
BOOK_MS = 10_000
"""Between tries at a code book that could not be stored: each makes a file, on a disk that is in need."""
MEND_MS = 1_000
"""Between tries at a disk that failed; with a healthy one it costs a look (statvfs), and no write."""


def run_node(settings: Settings, on_ready: Callable[[], None] = lambda: None) -> None:
    """Run until SIGTERM or SIGINT; call it on the main thread. Raises AlreadyRunning, NoAlsa."""
    lock = hold(settings.state_dir)
    inbox = Inbox()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: inbox.put(Stop()))
    node = _Node(settings, inbox, on_ready)
    try:
        node.loop.run()
    finally:
        node.close()
        if lock >= 0:
            os.close(lock)


class _Node:
    """Every part, alive."""

    def __init__(self, settings: Settings, inbox: Inbox, on_ready: Callable[[], None]) -> None:
        self._settings = settings
        self._inbox = inbox
        self._notifier = Notifier(os.environ)
        bell = Bell()
        self._wiring = wiring(settings)
        work_dir = scratch(settings.state_dir, os.environ)
        self._board = GpioBoard(settings.panel.factory, self._wiring, bell.ring, work_dir)
        self._sampler = Sampler(self._board, inbox.put, bell)
        self._lamps = Lamps(self._board, tuple(name for name, out in self._wiring.outputs.items() if out.dims))
        self._sampler.opened.append(self._lamps.renew)
        self._sampler.open()
        self._speaker = build_speaker(settings, self._board, inbox.put, self._sampler.opened.append)
        look = partition if settings.layout == "readonly" else os.statvfs
        self._journal = FileJournal(settings.state_dir / JOURNAL, inbox.put, look=look)
        codebook = stored_codebook(settings.state_dir)
        self._keys = Keys(settings.keys.own, inbox.put)
        self._keys.open()
        setup = self._setup(codebook)
        self._shelf = Shelf(settings.cache_dir, _voice(settings.voice))
        scores = scores_of(codebook)
        self._shelf.fill(scores[:1])  # the alarm itself; the rest beside the loop
        started_ms = now_ms()
        self._core = Node(setup, started_ms)
        self._will = self._core.will()
        self._peers = Peers(
            inbox.put, lambda filters: self._line.listen(filters), self._core.subscriptions_but, time.monotonic
        )
        where = _link_settings(settings)
        self._line = Line(where, self._core.subscriptions, self._peers.deliver, lambda: self._will)
        self._preparing = Preparing(settings.cache_dir, settings.voice, self._rendered)
        self._book = BookFile(settings.state_dir, inbox.put, lambda: self._stock(self._scores, CODEBOOK))
        self._trace = None if settings.trace is None else Trace(settings.trace.file, settings.trace.max_bytes)
        if self._trace is not None:
            self._trace.started(started_ms, setup)
        self._control = self._open_control()
        folder = os.environ.get("RUNTIME_DIRECTORY")
        hosts = (settings.broker.host, *settings.broker.others)
        self._updater = Updater(Path(folder) if folder else None, hosts, setup.version, setup.run, inbox.put)
        hands = Hands(
            self._speaker,
            WordShelf(self._shelf),
            self._journal,
            self._line,
            self._lamps,
            self._keep_codebook,
            self._keys.sign,
            inbox.put,
            self._updater.permit,
        )
        watchers: list[Watcher] = [Readiness(self._notifier, settings.node, on_ready), Diary(), self._updater]
        watchers += [] if self._control is None else [self._control]
        self.loop = Loop(self._core, inbox, hands, self._chores(), self._trace, Watchers(watchers))
        self._progress = Progress(
            {"loop": self.loop.turns, "panel": self._sampler.turns, "speaker": self._speaker.progress}
        )
        self._line.open()
        self._stock(scores, CODEBOOK if codebook is not None else "builtins")

    def close(self) -> None:
        """Silence first, then goodbyes; every part is closed, whatever the others do."""
        self._notifier.say("STOPPING=1", f"STATUS={self._settings.node}: đang tắt")
        parts: list[Callable[[], None]] = [
            self._speaker.close,
            self._line.close,
            self._lamps.close,
            self._sampler.close,
        ]
        parts += [self._preparing.close, self._journal.close]
        parts += [] if self._control is None else [self._control.close]
        parts += [] if self._trace is None else [self._trace.close]
        for part in parts:
            try:
                part()
            except Exception:
                _log.exception("a part did not close")

    def _setup(self, codebook: bytes | None) -> Setup:
        settings, recall = self._settings, self._journal.open()
        return Setup(
            commune=settings.commune,
            node=settings.node,
            hamlet=settings.hamlet,
            contacts=tuple(one.contact for one in settings.panel.contacts),
            boot=boot_id(),
            run=secrets.token_hex(4),
            seed=secrets.token_bytes(32),
            memory=recall.memory,
            codebook=codebook,
            commune_key=settings.keys.commune,
            version=program_version(),
            listens=settings.microphone is not None,
            first_boot=settings.first_boot,
            own_key=self._keys.public,
            damaged=recall.damaged,
            forgetful=recall.lost,
        )

    def _chores(self) -> list[Chore]:
        chores = [
            *(Chore(MACHINE_MS, one.look) for one in readings(self._settings.ups, self._inbox.put)),
            Chore(MEND_MS, self._journal.mend),
            Chore(BOOK_MS, self._book.mend),
            Chore(RETRY_MS, self._reopen),
            Chore(LOOK_MS, self._peers.look),
            Chore(REPORT_MS, lambda: self._updater.report(now_ms())),
        ]
        if self._notifier.watchdog_ms is not None:
            # The first look is at a start of its own: nothing has had time to move.
            chores.append(Chore(FEED_EVERY_MS, self._feed, now_ms() + FEED_EVERY_MS))
        return chores

    def _reopen(self) -> None:
        self._line.open()
        self._keys.open()

    def _feed(self) -> None:
        stuck = self._progress.stuck()
        if self._line.stuck():
            stuck.append("link")
        if stuck:
            _log.error("no progress: %s; systemd is not told that all is well", ", ".join(stuck))
        else:
            self._notifier.say("WATCHDOG=1")

    def _open_control(self) -> Control | None:
        if self._settings.control is None:
            return None
        contacts = [one.contact for one in self._settings.panel.contacts]
        try:
            return Control(self._settings.control, contacts, self._board.touch)
        except ControlFault as fault:
            _log.error("%s", fault)
            return None

    def _keep_codebook(self, payload: bytes) -> None:
        """On the loop's thread; the disk takes milliseconds, and a code book comes once a year."""
        self._scores: Sequence[Score] = scores_of(payload)
        if not self._book.keep(payload):
            self._stock(self._scores, None)

    def _stock(self, scores: Sequence[Score], source: str | None) -> None:
        """Put what is rendered on the shelf, beside the loop; have rendered what is not, if its source is stored."""

        def stock() -> None:
            missing = self._shelf.fill(scores)
            self._inbox.put(PatternsReady(self._shelf.names()))
            if missing and source is not None:
                _log.info("to be rendered: %s", ", ".join(missing))
                self._preparing.want(source if source == "builtins" else str(self._settings.state_dir / source))

        self._scores = scores
        self._shelf.want(scores)
        threading.Thread(target=stock, name="stock", daemon=True).start()

    def _rendered(self, why: str) -> None:
        self._shelf.fill(self._scores)
        self._inbox.put(PatternsReady(self._shelf.names()))
        self._inbox.put(Fault("patterns", why))


def _voice(path: Path | None) -> Voice:
    """The hamlet's own voice; one that cannot be read must not silence the node."""
    if path is None:
        return DEFAULT_VOICE
    try:
        return load_voice(path)
    except VoiceError as error:
        _log.error("%s", error)
        return DEFAULT_VOICE


def _link_settings(settings: Settings) -> LinkSettings:
    broker = settings.broker
    return LinkSettings(
        host=broker.host,
        port=broker.port,
        client_id=settings.node,
        password_file=broker.password_file,
        ca_file=broker.ca_file,
        others=broker.others,
        kept=settings.state_dir / HOST_FILE if broker.others else None,
    )
