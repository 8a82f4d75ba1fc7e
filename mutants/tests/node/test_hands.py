"""Effects are carried out in order, every one, whatever becomes of the others."""

from dataclasses import dataclass, field

import pytest
from fakes.journal import FakeDisk, FakeJournal
from fakes.speaker import FakeSpeaker

from node.core.effects import Effect, KeepCodeBook, Nudge, Publish, Show, Silence, Sound, Write
from node.core.items import Disk, Finished, Item
from node.core.records import CounterObeyed
from node.hands import Hands
from node.lastresort import last_resort
from node.voicebox import speaker_item
from patterns.clip import Clip
from wire.envelope import Publication

pytestmark = pytest.mark.pure


@dataclass
class World:
    """Every shell as the simplest thing that can stand for it; `done` is what happened, in order."""

    done: list[object] = field(default_factory=list)
    told: list[Item] = field(default_factory=list)
    disk: FakeDisk = field(default_factory=FakeDisk)
    clips: dict[str, Clip] = field(default_factory=dict)

    def publish(self, publication: Publication) -> bool:
        self.done.append(publication)
        return False

    def nudge(self) -> None:
        self.done.append("nudge")

    def get(self, name: str, *, alarm: bool) -> Clip | None:
        return self.clips.get(name) or (last_resort(name) if alarm else None)

    def show(self, show: Show) -> None:
        raise ZeroDivisionError

    def keep(self, payload: bytes) -> None:
        self.done.append(payload)

    def sign(self, topic: str, payload: bytes) -> str | None:
        return "sig" if topic.endswith("/alert") else None

    def hands(self) -> tuple[Hands, FakeSpeaker]:
        speaker = FakeSpeaker(lambda report: self.told.append(speaker_item(report)))
        journal = FakeJournal(self.disk, self.told.append)
        journal.open()
        return Hands(speaker, self, journal, self, self, self.keep, self.sign, self.told.append), speaker


def test_a_press_sounds_is_written_and_said_though_lamp_and_disk_fail() -> None:
    world = World()
    hands, speaker = world.hands()
    world.disk.state = "full"
    effects: list[Effect] = [
        Show("sending", "trouble"),
        Sound("r.1", "alarm", True),
        Write(CounterObeyed(7)),
        Publish("keng/1/c/up/n/alert", b"{}"),
        Publish("keng/1/c/up/n/status", b"{}", retain=True),
        KeepCodeBook(b"book"),
        Nudge(),
    ]
    hands.do(effects)
    speaker.advance(1_000)
    assert world.done == [
        Publication("keng/1/c/up/n/alert", b"{}", False, "sig"),
        Publication("keng/1/c/up/n/status", b"{}", True, None),
        b"book",
        "nudge",
    ]
    hands.do([Silence("r.1")])
    assert [heard.pattern for heard in speaker.heard] == ["alarm"]
    assert [item for item in world.told if isinstance(item, Disk)][-1].state == "full"
    assert [item.ref for item in world.told if isinstance(item, Finished)] == ["r.1"]


def test_a_pattern_that_is_not_ready_ends_as_failed_unless_it_is_an_alarm() -> None:
    world = World()
    hands, speaker = world.hands()
    hands.do([Sound("r.1", "curfew", False)])
    assert [(item.ref, item.how) for item in world.told if isinstance(item, Finished)] == [("r.1", "failed")]
    hands.do([Sound("r.2", "curfew", True)])
    speaker.advance(500)
    hands.do([Silence("r.2")])
    assert speaker.heard[0].ref == "r.2"
