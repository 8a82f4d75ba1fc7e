"""Speakers to hold in hand: each real one and the fake, behind one face."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.paced import missing
from fakes.speaker_rig import ChildRig, FakeRig, Rig, child_rig


def _rig(kind: str, folder: Path) -> Iterator[Rig]:
    lacking = missing()
    if lacking and kind != "fake":
        pytest.skip(f"the paced card needs {lacking}")
    rig: Rig = FakeRig() if kind == "fake" else child_rig(kind, folder)
    yield rig
    rig.close()


@pytest.fixture(params=["fake", "alsa", "aplay", "wavfile"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """Any speaker."""
    yield from _rig(request.param, tmp_path)


@pytest.fixture(params=["fake", "alsa", "aplay"])
def device_rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """A speaker whose device can be busy or vanish."""
    yield from _rig(request.param, tmp_path)


@pytest.fixture(params=["alsa", "aplay", "wavfile"])
def heard_rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ChildRig]:
    """A speaker whose very samples were recorded."""
    for rig in _rig(request.param, tmp_path):
        assert isinstance(rig, ChildRig)
        yield rig
