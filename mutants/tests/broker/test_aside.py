"""Flooders are heard by a connection of their own: a little of each flood, and all that comes after it."""

from collections.abc import Callable

import pytest

from broker.aside import PER_S, REST_S, Aside
from broker.core.items import Flooding
from wire.envelope import Arrived, LinkItem, LinkUp

pytestmark = pytest.mark.pure

WORD = Arrived("keng/1/cong-lac/up/loa/alert", b"x")


class Line:
    """A link that does nothing, and remembers."""

    def __init__(self, deliver: Callable[[LinkItem], None]) -> None:
        self.deliver = deliver
        self.done: list[object] = []

    def open(self) -> None:
        self.done.append("open")

    def listen(self, subscriptions: object) -> None:
        self.done.append(subscriptions)

    def again(self) -> None:
        self.done.append("again")

    def close(self, last: None = None) -> None:
        self.done.append("close")


class Rig:
    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.put: list[object] = []
        self.now_s = 0.0
        self.rested_s: list[float] = []
        self.aside = Aside(self._make, self.put.append, lambda: self.now_s, self.rested_s.append)

    def _make(self, deliver: Callable[[LinkItem], None]) -> Line:
        self.lines.append(Line(deliver))
        return self.lines[-1]

    def hear(self, words: int, every_s: float) -> None:
        for _ in range(words):
            self.lines[0].deliver(WORD)
            self.now_s += every_s


def test_there_is_no_connection_before_somebody_floods() -> None:
    rig = Rig()
    rig.aside.close()
    assert rig.lines == []


def test_one_connection_serves_whoever_floods() -> None:
    rig = Rig()
    rig.aside.listen(["a"])
    rig.aside.listen(["b"])
    rig.aside.close()
    assert [line.done for line in rig.lines] == [["open", ["a"], ["b"], "close"]]


def test_its_ups_and_downs_are_not_the_services() -> None:
    rig = Rig()
    rig.aside.listen(["a"])
    rig.lines[0].deliver(LinkUp())
    assert rig.put == []


def test_who_speaks_as_a_box_speaks_is_heard_wholly() -> None:
    rig = Rig()
    rig.aside.listen(["a"])
    rig.hear(10 * PER_S, 1.01 / PER_S * 1.01)
    assert rig.put == [WORD] * (10 * PER_S)
    assert rig.rested_s == []


def test_of_a_flood_so_much_is_heard_a_second_the_rest_is_dropped_and_it_is_told() -> None:
    rig = Rig()
    rig.aside.listen(["a"])
    rig.hear(2 * PER_S, 0.000_01)
    assert rig.put == ([WORD] * PER_S + [Flooding("loa")]) * 2
    assert rig.rested_s == [REST_S] * 2
    assert rig.lines[0].done[2:] == ["again"] * 2
