"""Who looks on while the loop works: systemd (readiness), the log, and several watchers as one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from node.core.effects import Effect, Show, Write
from node.core.items import Began, Disk, Fault, Finished, Heard, Item, MicrophoneHealth, PanelHealth, SpeakerHealth
from node.core.records import OwnAlert
from node.loop import Watcher
from node.sdnotify import Notifier
from wire.blinks import BY_CODE
from wire.envelope import Denied, LinkDown, LinkUp

_log = logging.getLogger(__name__)


class Readiness:
    """Says READY once panel and speaker have told how they are, whatever they told."""

    def __init__(self, notifier: Notifier, node: str, ready: Callable[[], None]) -> None:
        self._notifier = notifier
        self._node = node
        self._ready = ready
        self._told: dict[type, bool] = {}
        self._codes: tuple[int, ...] = ()
        self._done = False

    def saw(self, item: Item, effects: Sequence[Effect]) -> None:
        """One step was made."""
        codes = next((effect.codes for effect in reversed(effects) if isinstance(effect, Show)), self._codes)
        if isinstance(item, PanelHealth | SpeakerHealth):
            self._told[type(item)] = item.ok
        elif codes == self._codes:
            return
        self._codes = codes
        troubles = [word for kind, word in _WORDS.items() if self._told.get(kind) is False]
        troubles += [f"đèn chớp {code}: {BY_CODE[code].vi}" for code in codes]
        status = f"STATUS={self._node}: " + (", ".join(troubles) if troubles else "sẵn sàng, nút và loa hoạt động")
        if len(self._told) < len(_WORDS):
            return
        if not self._done:
            self._done = True
            self._notifier.say("READY=1", status)
            self._ready()
        else:
            self._notifier.say(status)


_WORDS: dict[type, str] = {PanelHealth: "nút bấm hoặc đèn hỏng", SpeakerHealth: "loa hỏng"}


class Diary:
    """Writes the log: what an installer wants to read the next morning, and nothing that comes every second."""

    def __init__(self) -> None:
        self._down = ""

    def saw(self, item: Item, effects: Sequence[Effect]) -> None:
        """One step was made."""
        match item:
            case LinkUp():
                self._down = ""
                _log.info("linked to the broker")
            case LinkDown() if item.why != self._down:
                self._down = item.why
                _log.warning("no link: %s", item.why)
            case Denied():
                _log.warning("the broker refused what was said on %s: %s", item.topic, item.why)
            case PanelHealth() | SpeakerHealth() | MicrophoneHealth():
                level = logging.INFO if item.ok else logging.ERROR
                _log.log(level, "%s: %s", type(item).__name__, "ok" if item.ok else item.why)
            case Disk():
                _log.log(logging.INFO if item.state == "ok" else logging.ERROR, "journal: %s %s", item.state, item.why)
            case Fault():
                _log.log(logging.ERROR if item.why else logging.INFO, "%s: %s", item.part, item.why or "ok")
            case Began() | Finished() | Heard():
                _log.info("%r", item)
            case _:
                pass
        for effect in effects:
            if isinstance(effect, Write) and isinstance(effect.record, OwnAlert):
                alert = effect.record
                _log.info("alert %s %s: %s, pressed %d times", alert.id, alert.kind, alert.state, alert.count)


class Watchers:
    """Several watchers as one."""

    def __init__(self, watchers: Sequence[Watcher]) -> None:
        self._watchers = watchers

    def saw(self, item: Item, effects: Sequence[Effect]) -> None:
        """One step was made; a watcher that fails is not heard of by the others."""
        for watcher in self._watchers:
            try:
                watcher.saw(item, effects)
            except Exception:
                _log.exception("a watcher failed")
