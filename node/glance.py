"""What a person in front of the box would see and hear, folded from items and effects. Pure; for the demo and tests."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, structs

from node.core.effects import AlertLamp, Effect, LinkLamp, Publish, Show, Sound
from node.core.items import Began, Disk, Finished, Item, MicrophoneHealth, PanelHealth, SpeakerHealth
from wire.codec import decode
from wire.envelope import LinkDown, LinkUp
from wire.errors import Refused
from wire.messages import Status


class Glance(Struct, frozen=True):
    """One look at the box."""

    alert: AlertLamp = "dark"
    """The alert lamp's look."""
    link: LinkLamp = "unheard"
    """The link lamp's look."""
    codes: tuple[int, ...] = ()
    """Faults that it counts out, by number."""
    gong: str | None = None
    """The pattern that is heard now."""
    linked: bool = False
    """Whether the broker has accepted the node."""
    refused: dict[str, int] = {}
    """Messages refused, by reason, as the last status said."""
    unsent: int = 0
    """Alerts that the register has not said it received, as the last status said."""
    clock: str = "unsure"
    """As the last status said."""
    speaker: str = "unknown"
    """ok, or what is wrong with the sound device."""
    microphone: str | None = None
    """ok, or what is wrong with it, or with what it heard; none: none is fitted, or it has not said."""
    panel: str = "unknown"
    """ok, or what is wrong with the pins."""
    disk: str = "unknown"
    """ok, full, read_only, failed: the journal's."""


class Looker:
    """Keeps the glance up to date."""

    def __init__(self) -> None:
        self.glance = Glance()
        """How it looks now."""
        self._patterns: dict[str, str] = {}
        self._heard: str | None = None

    def saw(self, item: Item, effects: Sequence[Effect]) -> Glance:
        """One step; how it looks after it."""
        for effect in effects:
            self._effect(effect)
        match item:
            case Began():
                self._heard = item.ref
                self._look(gong=self._patterns.get(item.ref))
            case Finished():
                self._patterns.pop(item.ref, None)
                if self._heard == item.ref:
                    self._look(gong=None)
            case LinkUp() | LinkDown():
                self._look(linked=isinstance(item, LinkUp))
            case PanelHealth():
                self._look(panel="ok" if item.ok else item.why)
            case MicrophoneHealth():
                self._look(microphone="ok" if item.ok else item.why)
            case SpeakerHealth():
                self._look(speaker="ok" if item.ok else item.why)
            case Disk():
                self._look(disk=item.state)
            case _:
                pass
        return self.glance

    def _effect(self, effect: Effect) -> None:
        match effect:
            case Sound():
                self._patterns[effect.ref] = effect.pattern
            case Show():
                self._look(alert=effect.alert, link=effect.link, codes=effect.codes)
            case Publish() if effect.topic.endswith("/status"):
                self._status(effect.payload)
            case _:
                pass

    def _status(self, payload: bytes) -> None:
        try:
            status = decode(payload, Status)
        except Refused:
            return
        self._look(refused=status.refused, unsent=status.unsent, clock=status.clock)

    def _look(self, **changes: object) -> None:
        self.glance = structs.replace(self.glance, **changes)
