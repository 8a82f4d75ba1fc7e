"""The node's side of the updater: what may be installed, how the node is, what became of it. Files, and nothing else.

What must hold: the permission is there only while the core gives it and this process lives: the folder is systemd's
for this service, and goes with it. Without such a folder (the demo, a checkout) there is no updater, and nothing is
written.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from node.core.effects import Effect, Permit
from node.core.items import Began, Disk, Fault, Finished, Item, MicrophoneHealth, PanelHealth, SpeakerHealth, UpdateTold
from node.update.files import FETCHED, HEALTH, PERMIT, STATE, TOLD, Health, Permitted, read, write
from wire.envelope import Arrived, LinkDown
from wire.reports import Updating

REPORT_MS = 10_000
_log = logging.getLogger(__name__)
STATED = "/alarms"
TOLD_BY = (FETCHED / TOLD, STATE / TOLD)


class Updater:
    """Speaks to the updater. On the loop's thread; a file that cannot be written costs an update, and no more."""

    def __init__(
        self,
        folder: Path | None,
        hosts: tuple[str, ...],
        version: str,
        run: str,
        tell: Callable[[UpdateTold], None],
        told_by: Sequence[Path] = TOLD_BY,
    ) -> None:
        """`folder`: this service's own below /run; none: there is no updater. `hosts`: the commune's addresses.

        `told_by`: where fetcher and installer speak.
        """
        self._folder, self._hosts, self._version, self._run = folder, hosts, version, run
        self._tell = tell
        self._told_by = told_by
        self._wrong: dict[str, bool] = {}
        self._sounds: set[str] = set()
        self._told: Updating | None = None
        self._hears = self._heard = False

    def permit(self, effect: Permit) -> None:
        """Give the permission, or take it back."""
        if self._folder is None:
            return
        if effect.offer is None or effect.release is None:
            (self._folder / PERMIT).unlink(missing_ok=True)
            return
        permitted = Permitted(offer=effect.offer, release=effect.release, hosts=self._hosts)
        write(self._folder / PERMIT, permitted, sync=False)

    def saw(self, item: Item, effects: Sequence[Effect]) -> None:
        """One step was made."""
        match item:
            case PanelHealth() | SpeakerHealth() | MicrophoneHealth():
                self._wrong[type(item).__name__] = not item.ok
            case Disk():
                self._wrong["Disk"] = item.state != "ok"
            case Fault():
                self._wrong[item.part] = bool(item.why)
            case Began():
                self._sounds.add(item.ref)
            case Finished():
                self._sounds.discard(item.ref)
            case Arrived():
                self._hears = self._hears or item.topic.endswith(STATED)
            case LinkDown():
                self._heard, self._hears = False, False
            case _:
                pass

    def report(self, now_ms: int) -> None:
        """Say how the node is, and hear what the updater says."""
        if self._folder is None:
            return
        # The commune states the set every ten seconds: more often than this is asked in the long run, not each time.
        heard, self._heard, self._hears = self._heard or self._hears, self._hears, False
        wrong = tuple(sorted(name for name, bad in self._wrong.items() if bad))
        health = Health(
            version=self._version, run=self._run, at_s=now_ms / 1000, heard=heard, wrong=wrong,
            sounding=bool(self._sounds),
        )  # fmt: skip
        try:
            write(self._folder / HEALTH, health, sync=False)
        except OSError as error:
            _log.warning("the updater is not told how the node is: %s", error)
        told = self._newest()
        if told != self._told:
            self._told = told
            self._tell(UpdateTold(told))

    def _newest(self) -> Updating | None:
        """Of each offer the fetcher speaks first; of the same offer, and by a clock that may be wrong, the newest."""
        found: list[tuple[float, Updating]] = []
        for path in self._told_by:
            told = read(path, Updating)
            with suppress(OSError):  # taken away meanwhile
                if told is not None:
                    found.append((path.stat().st_mtime, told))
        if len({told.offer for _, told in found}) > 1:
            return found[0][1]
        return max(found, key=lambda one: one[0])[1] if found else None
