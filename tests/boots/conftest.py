"""Real Debians, booted: minutes, root, and packages from a mirror. So `make boots` alone runs these."""

from collections.abc import Iterator

import pytest
from fakes.bootimage import ASKED, WANTED
from fakes.bootmachine import Ground
from fakes.boottown import Town
from fakes.namespace import NotPermitted


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not ASKED:
        for item in items:
            if "tests/boots/test_boot" in item.path.as_posix():
                item.add_marker(pytest.mark.skip(reason="boots whole Debians, for minutes: make boots"))


@pytest.fixture(scope="session")
def ground() -> Iterator[Ground]:
    """Where machines stand; skips, with a sentence, where none can."""
    try:
        with Ground() as one:
            yield one
    except NotPermitted as why:
        pytest.skip(str(why))


@pytest.fixture(scope="module", params=WANTED)
def town(request: pytest.FixtureRequest, ground: Ground) -> Iterator[Town]:
    """A commune and a hamlet, installed by the README's words on two bare machines."""
    one = Town(ground, request.param)
    yield one
    one.end()
