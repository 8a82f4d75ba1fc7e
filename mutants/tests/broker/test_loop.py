"""The loop does what the core asks, in its order, and tells it the truth about the disk."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from fakes.entries import opened
from fakes.register import Shelf

from broker.core.effects import Append, Effect, Erase, Listen, Order, Recall, RestartBroker, Tell
from broker.core.items import Committed, Item, NotCommitted, Recalled, Stop, Tick
from broker.errors import RegisterFault
from broker.inbox import Inbox
from broker.loop import Clock, Loop, Point
from broker.trace import Step, Trace, read_line
from wire.envelope import Arrived, LinkUp, Publication
from wire.signature import Signer, Verifier

PRESS = Arrived("keng/1/c/up/n1/alert", b"{}")


class Script:
    """A core that does what it was told to, and remembers its items."""

    def __init__(self, answers: dict[type, list[Effect]], deadline_ms: int = 2**62) -> None:
        self.answers = answers
        self.items: list[Item] = []
        self.deadline_ms = deadline_ms
        self.raises: type | None = None

    def step(self, now_ms: int, wall_ms: int, item: Item) -> list[Effect]:
        self.items.append(item)
        if type(item) is self.raises:
            raise RuntimeError("a mistake of ours")
        return self.answers.get(type(item), [])


class Wire:
    """A link that remembers."""

    def __init__(self) -> None:
        self.said: list[Publication] = []

    def publish(self, publication: Publication) -> bool:
        self.said.append(publication)
        return True


def loop_of(core: Script, shelf: Shelf, wire: Wire, **more: Any) -> tuple[Loop, Inbox]:
    inbox = Inbox()
    return Loop(core, inbox, shelf, wire, **more), inbox


def test_effects_are_done_in_the_cores_order_and_promises_come_after_the_disk() -> None:
    done: list[str] = []

    class Noted(Shelf):
        def append(self, entries: Sequence[Any]) -> int:
            done.append("disk")
            return super().append(entries)

    class Heard(Wire):
        def publish(self, publication: Publication) -> bool:
            done.append(publication.topic)
            return super().publish(publication)

    core = Script(
        {
            Arrived: [Order("alarm", b"1"), Append(7, (opened(1),)), Order("other", b"2")],
            Committed: [Tell("received", b"3")],
        }
    )
    shelf = Noted()
    loop, _ = loop_of(core, shelf, Heard())
    loop.take(PRESS)
    assert done == ["alarm", "disk", "other", "received"]
    assert core.items == [PRESS, Committed(7, shelf.head)]


def test_a_failed_append_is_told_as_such_and_nothing_is_promised() -> None:
    shelf, wire = Shelf(), Wire()
    shelf.fill_disk()
    core = Script({Arrived: [Append(7, (opened(1),))], Committed: [Tell("received", b"3")]})
    loop, _ = loop_of(core, shelf, wire)
    loop.take(PRESS)
    assert core.items == [PRESS, NotCommitted(7, "The disk is full.")]
    assert wire.said == []


def test_two_appends_of_one_step_are_told_in_their_order() -> None:
    core = Script({Arrived: [Append(1, (opened(1),)), Append(2, (opened(2),))]})
    loop, _ = loop_of(core, Shelf(), Wire())
    loop.take(PRESS)
    assert [getattr(item, "token", None) for item in core.items] == [None, 1, 2]
    assert [item.head.seq for item in core.items if isinstance(item, Committed) and item.head] == [1, 2]


def test_what_the_chain_has_for_a_line_is_told_at_once() -> None:
    shelf = Shelf()
    shelf.append([opened(1)])
    core = Script({Arrived: [Recall(1), Recall(2)]})
    loop, _ = loop_of(core, shelf, Wire())
    loop.take(PRESS)
    assert core.items == [PRESS, Recalled(1, shelf.hash_at(1)), Recalled(2, None)]


def test_a_chain_that_cannot_be_read_ends_nothing_and_accuses_nobody() -> None:
    class Broken(Shelf):
        def hash_at(self, seq: int) -> str | None:
            raise RegisterFault("Không đọc được.", "It cannot be read.")

    core = Script({Arrived: [Recall(1)]})
    loop, _ = loop_of(core, Broken(), Wire())
    loop.take(PRESS)
    assert core.items == [PRESS]


def test_an_erased_message_is_empty_and_retained() -> None:
    wire = Wire()
    loop, _ = loop_of(Script({Arrived: [Erase("keng/1/c/all/alarms")]}), Shelf(), wire)
    loop.take(PRESS)
    assert wire.said == [Publication("keng/1/c/all/alarms", b"", retain=True)]


def test_orders_and_answers_are_signed_where_there_is_a_key_and_nowhere_retained() -> None:
    wire, signer = Wire(), Signer(bytes(32))
    loop, _ = loop_of(Script({Arrived: [Order("a", b"1"), Tell("b", b"2")]}), Shelf(), wire, signer=signer)
    loop.take(PRESS)
    check = Verifier(signer.public)
    assert [check.fits(one.topic, one.payload, one.sig or "") for one in wire.said] == [True, True]
    assert not any(one.retain for one in wire.said)


def test_without_a_key_nothing_is_signed() -> None:
    wire = Wire()
    loop, _ = loop_of(Script({Arrived: [Order("a", b"1")]}), Shelf(), wire)
    loop.take(PRESS)
    assert [one.sig for one in wire.said] == [None]


def test_it_begins_with_a_step_and_ends_with_what_stop_asks_for() -> None:
    wire = Wire()
    core = Script({Stop: [Order("last", b""), Append(1, (opened(1),))]})
    shelf = Shelf()
    loop, inbox = loop_of(core, shelf, wire)
    inbox.put(LinkUp())
    inbox.put(Stop())
    inbox.put(LinkUp())
    loop.run()
    assert core.items == [Tick(), LinkUp(), Stop(), Committed(1, shelf.head)]
    assert [one.topic for one in wire.said] == ["last"]


def test_a_full_inbox_does_not_keep_the_core_from_its_deadline() -> None:
    core = Script({}, deadline_ms=0)
    loop, inbox = loop_of(core, Shelf(), Wire())
    for item in (LinkUp(), LinkUp(), Stop()):
        inbox.put(item)
    loop.run()
    # And it is told that something waits: what has not come may be just that.
    assert core.items == [Tick(), Tick(idle=False), LinkUp(), Tick(idle=False), LinkUp(), Stop()]


def test_a_broker_that_hangs_is_left_to_whoever_can_restart_it_and_the_loop_goes_on() -> None:
    restarts: list[str] = []
    wire = Wire()
    core = Script({Arrived: [RestartBroker("hangs"), Tell("a", b"1")]})
    loop, _ = loop_of(core, Shelf(), wire, restart_broker=lambda: restarts.append("now"))
    loop.take(PRESS)
    assert restarts == ["now"]
    assert [one.topic for one in wire.said] == ["a"]


def test_whom_to_hear_is_told_to_the_link_in_its_turn() -> None:
    heard: list[object] = []
    core = Script({Arrived: [Listen(("n1",), ("n2",)), Listen(None, ())]})
    loop, _ = loop_of(core, Shelf(), Wire(), listen=heard.append)
    loop.take(PRESS)
    assert heard == [Listen(("n1",), ("n2",)), Listen(None, ())]


def test_a_stranger_who_finds_a_mistake_of_ours_does_not_end_the_service() -> None:
    core = Script({})
    core.raises = Arrived
    loop, inbox = loop_of(core, Shelf(), Wire())
    inbox.put(PRESS)
    inbox.put(Stop())
    loop.run()
    assert core.items == [Tick(), PRESS, Stop()]


def test_a_mistake_of_ours_that_no_stranger_caused_is_not_hidden() -> None:
    core = Script({})
    core.raises = LinkUp
    loop, _ = loop_of(core, Shelf(), Wire())
    with pytest.raises(RuntimeError, match="mistake"):
        loop.take(LinkUp())


def test_every_round_beats_and_every_step_is_traced(tmp_path: Path) -> None:
    beats: list[int] = []
    trace = Trace(tmp_path / "trace.jsonl")
    core = Script({Arrived: [Append(7, (opened(1),)), Tell("b", b"2")]})
    shelf = Shelf()
    loop, inbox = loop_of(core, shelf, Wire(), trace=trace, beat=beats.append)
    inbox.put(PRESS)
    inbox.put(Stop())
    loop.run()
    trace.close()
    lines = [read_line(line) for line in (tmp_path / "trace.jsonl").read_bytes().splitlines()]
    assert [line.item for line in lines if isinstance(line, Step)] == [
        Tick(),
        PRESS,
        Committed(7, shelf.head),
        Stop(),
    ]
    assert [list(line.effects) for line in lines if isinstance(line, Step)][1] == core.answers[Arrived]
    assert len(beats) == 2


def test_the_points_at_which_a_test_may_cut_come_in_order() -> None:
    points: list[Point] = []
    core = Script({Arrived: [Append(7, (opened(1),))], Committed: [Tell("b", b"2")]})
    loop, _ = loop_of(core, Shelf(), Wire(), cut=points.append)
    loop.take(PRESS)
    assert points == ["taken", "written", "committed", "said"]


def test_the_demos_clock_is_the_machines_and_an_offset() -> None:
    assert abs(Clock(3_600_000).wall_ms() - Clock().wall_ms() - 3_600_000) < 1000
