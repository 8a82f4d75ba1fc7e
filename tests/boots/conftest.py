"""Real Debians, booted: minutes, root, and packages from a mirror. So `make boots` alone runs these."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes.bootimage import ASKED, WANTED
from fakes.bootmachine import Ground
from fakes.boottown import Town
from fakes.namespace import NotPermitted

ROOT = Path(__file__).parents[2]


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


@pytest.fixture(scope="session")
def bundle_for(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The bundle for a release's boxes, of this processor: made (some minutes, internet), or KENG_BUNDLE's."""
    made: dict[str, Path] = {}

    def bundle(release: str) -> Path:
        if given := os.environ.get("KENG_BUNDLE"):
            return Path(given)
        if release not in made:
            folder = tmp_path_factory.mktemp(release) / "keng-bundle"
            words = ["bash", ROOT / "deploy/bundle.sh", folder, "--targets", f"{release}-amd64"]
            done = subprocess.run(words, capture_output=True, text=True, check=False)
            if done.returncode:
                pytest.skip(f"no bundle could be made (internet?): {done.stderr[-300:]}")
            made[release] = folder
        return made[release]

    return bundle


@pytest.fixture(scope="module", params=WANTED)
def town(request: pytest.FixtureRequest, ground: Ground) -> Iterator[Town]:
    """A commune and a hamlet, installed by the README's words on two bare machines."""
    one = Town(ground, request.param)
    yield one
    one.end()
