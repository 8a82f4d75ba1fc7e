"""What every test may use: the folder itself on the path, so that `from fakes.… import …` works everywhere."""

import gc
import os
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from fakes.kept import end_unwanted, scope_of  # noqa: E402 - found by the path above
from fakes.waiting import SLOWER  # noqa: E402 - found by the path above

pytest_plugins = ["fakes.mosquitto", "fakes.paced"]

# A loaded machine is slow; that is no fault of the code under test. The default run tries the same examples each time,
# so that a change is judged by what it changed; `make soak` looks for new ones.
settings.register_profile("keng", deadline=None, derandomize=True)
settings.register_profile("soak", deadline=None)
# A second Python runs the same promises with fewer examples: what it may break is the language, not the logic.
settings.register_profile("short", deadline=None, derandomize=True, max_examples=15)
# A mutant is asked whether it lives, not for its smallest example.
settings.register_profile(
    "mutate", deadline=None, derandomize=True, max_examples=5, database=None, phases=[Phase.explicit, Phase.generate]
)
settings.load_profile(os.environ.get("KENG_EXAMPLES", "soak" if os.environ.get("KENG_SOAK") else "keng"))

LEFT_OPEN = 60
"""Files that a file's tests may leave to the next: rigs of a session, threads that end later."""
OPEN_FILES = Path("/proc/self/fd")


@pytest.fixture(autouse=True, scope="module")
def no_files_left_open() -> Iterator[None]:
    """From its 1,024th open file on a process is deaf: paho waits by select(). Each file answers for its own tests."""
    if not OPEN_FILES.exists():
        yield
        return
    before = len(os.listdir(OPEN_FILES))
    yield
    if len(os.listdir(OPEN_FILES)) - before > LEFT_OPEN:
        gc.collect()  # with many tests loaded it comes seldom, and files wait for it that are in nobody's hands
        left = len(os.listdir(OPEN_FILES)) - before
        assert left <= LEFT_OPEN, f"{left} files are left open by these tests"


SLOW_FIRST = ("console", "joined", "lab", "attacker", "deploy", "cuts", "street")
"""Rooms whose tests mostly wait: begun first, so that none of them is alone at the end. Then come the other files that
have processes, links or devices; at the end those that only reckon, of which none is long."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In each room the order stays, but for files that share a rig. A slow machine has so much longer for each test."""
    if SLOWER != 1 and config.getoption("timeout") is None:
        for item in items:
            own = item.get_closest_marker("timeout")
            within_s = float(own.args[0]) if own else float(config.getini("timeout"))
            item.add_marker(pytest.mark.timeout(within_s * SLOWER), append=False)
    rooms = {name: number for number, name in enumerate(SLOW_FIRST)}
    waiting = {item.path for item in items if item.get_closest_marker("pure") is None}

    def rank(item: pytest.Item) -> tuple[int, str]:
        room, scope = item.path.relative_to(HERE).parts[0], _scope(item)
        other = len(rooms) + (item.path not in waiting)
        return rooms.get(room, other), scope if "/" not in scope else "~"  # long ones first

    items.sort(key=rank)


def _scope(item: pytest.Item) -> str:
    return scope_of(f"tests/{item.path.relative_to(HERE).as_posix()}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> Generator[None, Any, Any]:
    """A rig that several files share ends with the last that wants it."""
    try:
        return (yield)
    finally:
        end_unwanted("" if nextitem is None else _scope(nextitem))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A worker gets a file, or the files that share a rig, in the order above: xdist would begin with the shortest
    tests, for there are most of them in a file, and the slow ones would be alone at the end."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Together(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return scope_of(nodeid.partition("::")[0])

    config.option.loadscopereorder = False
    return Together(config, log)
