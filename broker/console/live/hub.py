"""One thread that keeps the board and speaks with the commune; views read the board and ask through it.

Rule 1. Only this thread changes anything; everybody else reads `board`, which is a whole, frozen value.
Rule 2. An ask that is not answered is said again under the same id, so a form that is sent twice is done once.
Rule 3. Nothing that goes wrong here ends the thread: it is told on the board, and tried again.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as LateError
from contextlib import suppress
from dataclasses import dataclass

from msgspec import Struct

from broker.console.live.board import Board, assemble
from broker.console.live.tail import Tail
from broker.console.live.wire import WireView
from broker.console.settings import ConsoleSettings
from wire.asks import Told
from wire.codec import decode, encode
from wire.envelope import Arrived, Denied, LinkDown, LinkItem, LinkUp, Publication
from wire.errors import Refused
from wire.link import Link, LinkSettings
from wire.topics import Topics, Verb

TURN_S = 0.05  # how often the register is looked at: a press is to be seen within half a second
AGAIN_S = 1.5  # the link may have been cut just then
ANSWER_S = 5.0  # an officer waits no longer
REFRESH_MS = 1_000  # time alone changes a board: a gong that should sound and does not say so
_log = logging.getLogger(__name__)


class NoAnswer(Exception):
    """The commune's service did not answer; what it was asked may have been done."""


@dataclass(slots=True)
class _Asked:
    publication: Publication
    told: list[Future[Told]]
    """Whoever waits: a form that was sent twice waits twice."""
    again_s: float


class Hub:
    """Keeps the board. Start it once in a process."""

    def __init__(self, settings: ConsoleSettings) -> None:
        """LinkFault if password or certificate cannot be read."""
        self._settings = settings
        self._topics = Topics(settings.commune)
        self._wire = WireView(self._topics)
        self._inbox: queue.SimpleQueue[LinkItem | tuple[str, Publication, Future[Told]] | None] = queue.SimpleQueue()
        self._asked: dict[str, _Asked] = {}
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._lock = threading.Lock()
        self._newer = threading.Condition()
        mqtt = settings.mqtt
        where = LinkSettings(
            mqtt.host, mqtt.port, f"console-{secrets.token_hex(4)}", mqtt.password_file, mqtt.user, mqtt.ca_file
        )
        self._link = Link(where, [*self._wire.filters, self._topics.told(mqtt.user)], self._inbox.put)
        self._thread = threading.Thread(target=self._run, name="hub", daemon=True)
        self.board = Board()
        """The newest."""
        self.turns = 0
        """Moves while the thread does, whatever came of a turn."""

    def open(self) -> None:
        """Start."""
        self._link.open()
        self._thread.start()

    def close(self) -> None:
        """End."""
        self._inbox.put(None)
        self._thread.join(2)
        self._link.close()

    def stuck(self) -> bool:
        """Whether the link's thread is caught."""
        return self._link.moving.stuck()

    def wall_ms(self) -> int:
        """Commune time, as far as this machine knows it."""
        return time.time_ns() // 1_000_000 + self._settings.clock_offset_ms

    def ask(self, verb: Verb, message: Struct, wait_s: float = ANSWER_S) -> Told:
        """Ask the commune, and wait; from any thread but the hub's. NoAnswer."""
        told: Future[Told] = Future()
        publication = Publication(self._topics.ask(self._settings.mqtt.user, verb), encode(message))
        self._inbox.put((getattr(message, "id", ""), publication, told))
        try:
            return told.result(wait_s)
        except LateError as error:
            told.cancel()
            raise NoAnswer("no link with MQTT" if not self.board.linked else "no answer") from error

    def until(self, seen: Callable[[Board], bool], wait_s: float) -> bool:
        """Wait until the board is so, or for so long; from any thread but the hub's."""
        with self._newer:
            return self._newer.wait_for(lambda: seen(self.board), wait_s)

    async def changed(self, since: Board, wait_s: float) -> Board:
        """The board, as soon as it is another than `since`; or as it is after `wait_s`."""
        mine = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._waiting.add(mine)
        try:
            if self.board is since:
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait_s):
                        await mine[1].wait()
            return self.board
        finally:
            with self._lock:
                self._waiting.discard(mine)

    def _run(self) -> None:
        tail = Tail(self._settings.register)
        while True:
            self.turns += 1
            try:
                if not self._turn(tail):
                    return
            except Exception:
                _log.exception("the board goes on after a fault of our own")
                time.sleep(TURN_S)  # a fault that comes back at once must not take the whole processor

    def _turn(self, tail: Tail) -> bool:
        """One look at everything; False: the end."""
        changed = False
        until_s = time.monotonic() + TURN_S
        while (left_s := until_s - time.monotonic()) > 0:
            try:
                item = self._inbox.get(timeout=left_s)
            except queue.Empty:
                break
            if item is None:
                return False
            changed = self._take(item) or changed
        if tail.look() or changed:
            changed = True
            self._wire.heed(tail.view)
        self._say_again()
        now_ms = self.wall_ms()
        if changed or abs(now_ms - self.board.at_ms) > REFRESH_MS:  # also when the clock was set back
            self._put(assemble(tail.view, self._wire, now_ms))
        return True

    def _put(self, board: Board) -> None:
        with self._newer:
            self.board = board
            self._newer.notify_all()
        with self._lock:
            for loop, event in self._waiting:
                with suppress(RuntimeError):  # a loop that was closed
                    loop.call_soon_threadsafe(event.set)

    def _take(self, item: LinkItem | tuple[str, Publication, Future[Told]]) -> bool:
        match item:
            case (id_, publication, told):
                asked = self._asked.get(id_)
                if asked is not None and asked.publication == publication:
                    asked.told.append(told)
                else:
                    self._asked[id_] = _Asked(publication, [told], 0.0)
                self._say_again()
            case LinkUp():
                self._wire.linked = True
                self._wire.vouched.afresh()
                return True
            case LinkDown():
                self._wire.linked = False
                return True
            case Denied():
                _log.warning("MQTT refuses %s: %s", item.topic, item.why)
            case Arrived() if item.topic == self._topics.told(self._settings.mqtt.user):
                return self._told(item)
            case Arrived():
                return self._wire.take(item, self.wall_ms())
        return False

    def _told(self, item: Arrived) -> bool:
        """Whether it changed the picture."""
        try:
            told = decode(item.payload, Told)
        except Refused:
            return False
        if item.retained:
            return False
        if not told.id:
            return self._wire.notice(told, self.wall_ms())
        asked = self._asked.pop(told.id, None)
        for waiting in asked.told if asked is not None else ():
            if waiting.set_running_or_notify_cancel():
                waiting.set_result(told)
        return False

    def _say_again(self) -> None:
        now_s = time.monotonic()
        for id_, asked in list(self._asked.items()):
            if all(waiting.cancelled() for waiting in asked.told):
                del self._asked[id_]
            elif now_s >= asked.again_s and self._link.publish(asked.publication):
                asked.again_s = now_s + AGAIN_S
