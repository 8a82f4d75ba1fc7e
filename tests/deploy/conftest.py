"""Demos for tests: one for a file, or as many as wanted."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes.demo import RunningDemo, start

StartDemo = Callable[..., RunningDemo]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    """One demo for a file's tests, at noon: at 22:00 a curfew would sound where a test hears nothing."""
    one = start(tmp_path_factory.mktemp("demo"), "--at", "12:00")
    yield one
    one.end()


@pytest.fixture
def start_demo(tmp_path: Path) -> Iterator[StartDemo]:
    """As many as wanted; ended with the test."""
    started: list[RunningDemo] = []

    def begin(*arguments: str, console: bool = False) -> RunningDemo:
        one = start(tmp_path / f"demo{len(started)}", *arguments, console=console)
        started.append(one)
        return one

    yield begin
    for one in started:
        if one.process.poll() is None:
            one.end()
