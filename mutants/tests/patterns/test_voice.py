"""Voices: a bar's few numbers, or a recording."""

from pathlib import Path

import pytest

from patterns.builtin import DATA
from patterns.errors import VoiceError
from patterns.voice import DEFAULT_VOICE, MAX_RECORDING_BYTES, Bar, Recording, identity, load_voice


def voice_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "voice.yaml"
    path.write_text(text)
    return path


@pytest.mark.parametrize("path", sorted((DATA / "voices").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_ready_made_voices_are_right(path: Path) -> None:
    assert isinstance(load_voice(path), Bar)


def test_the_rail_is_the_default() -> None:
    assert load_voice(DATA / "voices" / "rail.yaml") == DEFAULT_VOICE


def test_what_is_left_out_has_its_default(tmp_path) -> None:
    assert load_voice(voice_file(tmp_path, "bar: {fundamental_hz: 300}")) == Bar(fundamental_hz=300)


def test_a_recording_is_known_by_its_bytes_not_its_place(tmp_path) -> None:
    (tmp_path / "a.wav").write_bytes(b"one")
    (tmp_path / "b.wav").write_bytes(b"one")
    (tmp_path / "c.wav").write_bytes(b"two")
    voices = [load_voice(voice_file(tmp_path, f"recording: {name}.wav")) for name in "abc"]
    assert isinstance(voices[0], Recording)
    assert identity(voices[0]) == identity(voices[1]) != identity(voices[2])


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("{}", "voice.yaml"),
        ("bar: {}\nrecording: x", "voice.yaml"),
        ("recording: nothing.wav", "recording"),
        ('recording: "a\\0b"', "recording"),
        ("bar: {fundamental_hz: 10, ring_s: 99}", "bar.fundamental_hz"),
        ("bar: {fundamental_hz: 10, ring_s: 99}", "bar.ring_s"),
        ("bar: {levels: [1, 2, 3]}", "bar.levels"),
        ("bar: {levels: [0, 0, 0, 0]}", "bar.levels"),
        ("bar: {pitch: 3}", "bar.pitch"),
        ("bar: [", "voice.yaml"),
    ],
)
def test_a_wrong_voice_is_refused_with_its_field(tmp_path, text: str, field: str) -> None:
    with pytest.raises(VoiceError) as caught:
        load_voice(voice_file(tmp_path, text))
    assert field in caught.value.vi
    assert field in caught.value.en


def test_a_recording_as_large_as_a_concert_is_refused(tmp_path) -> None:
    with (tmp_path / "a.wav").open("wb") as file:
        file.truncate(MAX_RECORDING_BYTES + 1)
    with pytest.raises(VoiceError, match="20 MB"):
        load_voice(voice_file(tmp_path, "recording: a.wav"))
