"""Previews are played by whatever player is on the path, or refused with what to install."""

import os
from pathlib import Path

import pytest

from patterns.cache import wav_bytes
from patterns.preview import PreviewError, play

WAV = wav_bytes(bytes(960))


@pytest.fixture
def players(tmp_path):
    """A path of its own; write executable scripts there."""
    before = os.environ["PATH"]
    os.environ["PATH"] = str(tmp_path)
    yield tmp_path
    os.environ["PATH"] = before


def player(folder: Path, name: str, body: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{body}\n")
    (folder / name).chmod(0o755)


def test_without_a_player_it_says_what_to_install(players) -> None:
    with pytest.raises(PreviewError, match=r"Hãy[\s\S]*alsa-utils"):
        play(WAV)


def test_a_player_gets_the_whole_wav(players) -> None:
    player(players, "aplay", f'/bin/cp "$2" {players}/heard')
    play(WAV)
    assert (players / "heard").read_bytes() == WAV


def test_when_the_first_player_fails_the_next_is_tried(players) -> None:
    player(players, "paplay", "echo no server >&2; exit 1")
    player(players, "aplay", f'/bin/cp "$2" {players}/heard')
    play(WAV)
    assert (players / "heard").exists()


def test_when_all_fail_it_says_why(players) -> None:
    player(players, "aplay", "echo audio open error >&2; exit 1")
    with pytest.raises(PreviewError, match="aplay: audio open error"):
        play(WAV)
