"""Where a link delivers to in a test: it keeps everything, in order, and a test waits for what it expects."""

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from fakes.waiting import PATIENCE_S

T = TypeVar("T")


class Collected:
    """Call it with items from any thread; `wait_for` the next of a kind."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._items: list[tuple[float, Any]] = []
        self._taken = 0

    def __call__(self, item: object) -> None:
        """What a link's `deliver` does."""
        with self._changed:
            self._items.append((time.monotonic(), item))
            self._changed.notify_all()

    def wait_for(self, kind: type[T], within_s: float = PATIENCE_S, where: Callable[[T], bool] = lambda _: True) -> T:
        """The next item of that kind that was not looked at before; what stood before it counts as looked at."""
        return self.wait_for_timed(kind, within_s, where)[1]

    def wait_for_timed(
        self, kind: type[T], within_s: float = PATIENCE_S, where: Callable[[T], bool] = lambda _: True
    ) -> tuple[float, T]:
        """The same with the monotonic second at which it came."""
        end_s = time.monotonic() + within_s
        with self._changed:
            while True:
                for index in range(self._taken, len(self._items)):
                    at_s, item = self._items[index]
                    if isinstance(item, kind) and where(item):
                        self._taken = index + 1
                        return at_s, item
                left_s = end_s - time.monotonic()
                assert left_s > 0, f"no {kind.__name__} within {within_s} s, only {self.unseen()}"
                self._changed.wait(left_s)

    def unseen(self) -> list[Any]:
        """What came after the last item that was waited for."""
        return [item for _, item in self._items[self._taken :]]

    def every(self, kind: type[T]) -> list[T]:
        """All of that kind since the beginning."""
        with self._changed:
            return [item for _, item in self._items if isinstance(item, kind)]
