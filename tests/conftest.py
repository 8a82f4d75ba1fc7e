"""What every test may use: the folder itself on the path, so that `from fakes.… import …` works everywhere."""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, settings

sys.path.insert(0, str(Path(__file__).parent))

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


SLOW_FIRST = ("lab", "attacker", "console", "deploy", "cuts", "street")
"""Rooms whose tests mostly wait: begun first, so that none of them is alone at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In each room the order stays."""
    here = Path(__file__).parent
    rooms = {name: number for number, name in enumerate(SLOW_FIRST)}
    items.sort(key=lambda item: rooms.get(item.path.relative_to(here).parts[0], len(rooms)))
