"""The cache: found by content, written in one step, and never trusted when damaged."""

import gc
import os
import subprocess
import sys
import wave

import pytest

from patterns.builtin import builtins
from patterns.cache import TEMPORARY, find, key, store
from patterns.clip import Clip
from patterns.score import parse_score
from patterns.voice import DEFAULT_VOICE, Bar, Recording

ALARM = builtins()["alarm"]
PCM = b"".join(n.to_bytes(2, "little") for n in range(1000))


def stored(tmp_path):
    return store(tmp_path, ALARM, DEFAULT_VOICE, PCM, 400, 1000, (0, 300, 400, 700))


def test_what_is_stored_is_found(tmp_path) -> None:
    stored(tmp_path)
    clip = find(tmp_path, ALARM, DEFAULT_VOICE)
    assert clip == Clip("alarm", 48_000, memoryview(PCM), 1000, 400, 1000, (0, 300, 400, 700))


def test_its_wav_is_one_that_anyone_can_read(tmp_path) -> None:
    with wave.open(str(stored(tmp_path))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate(), file.getnframes()) == (
            1,
            2,
            48_000,
            1000,
        )
        assert file.readframes(1000) == PCM


def test_a_clip_outlives_its_file_and_its_finder(tmp_path) -> None:
    path = stored(tmp_path)
    clip = find(tmp_path, ALARM, DEFAULT_VOICE)
    path.unlink()
    gc.collect()
    assert clip is not None
    assert bytes(clip.pcm) == PCM


def test_the_key_knows_strokes_and_voice_but_no_names() -> None:
    assert key(ALARM, DEFAULT_VOICE) == key(ALARM.named("other"), Bar())
    assert key(ALARM, DEFAULT_VOICE) != key(ALARM, Bar(ring_s=3.3))
    assert key(ALARM, DEFAULT_VOICE) != key(builtins()["drill"], DEFAULT_VOICE)
    assert key(ALARM, Recording("a", "1")) == key(ALARM, Recording("b", "1")) != key(ALARM, Recording("a", "2"))
    soft, loop_later = parse_score([{"gain": 0.5}, "stroke"]), parse_score(["stroke", {"rest": 2}])
    plain = parse_score(["stroke"])
    assert key(plain, DEFAULT_VOICE) != key(soft, DEFAULT_VOICE)
    assert key(plain, DEFAULT_VOICE) == key(loop_later, DEFAULT_VOICE)  # a rest at the very end is not heard


def test_a_clip_bears_the_name_that_was_asked_for(tmp_path) -> None:
    stored(tmp_path)
    clip = find(tmp_path, ALARM.named("cong-lac/x"), DEFAULT_VOICE)
    assert clip is not None
    assert clip.name == "cong-lac/x"


def test_what_is_missing_is_none(tmp_path) -> None:
    assert find(tmp_path, ALARM, DEFAULT_VOICE) is None
    assert find(tmp_path / "nowhere", ALARM, DEFAULT_VOICE) is None
    (tmp_path / "file").write_text("")
    assert find(tmp_path / "file", ALARM, DEFAULT_VOICE) is None


def test_any_damaged_byte_of_the_wav_makes_it_missing(tmp_path) -> None:
    path = stored(tmp_path)
    whole = path.read_bytes()
    for position in [*range(44), 44, 1000, len(whole) - 1]:
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
        assert find(tmp_path, ALARM, DEFAULT_VOICE) is None, position
    for damaged in (b"", whole[:30], whole[:-1], whole + b"\0", whole[:-2]):
        path.write_bytes(damaged)
        assert find(tmp_path, ALARM, DEFAULT_VOICE) is None
    path.write_bytes(whole)
    assert find(tmp_path, ALARM, DEFAULT_VOICE) is not None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"loop_start":400', b'"loop_start":1000'),
        (b'"loop_start":400', b'"loop_start":-1'),
        (b'"loop_start":400', b'"loop_start":null'),
        (b'"loop_end":1000', b'"loop_end":999'),
        (b'"loop_end":1000', b'"loop_end":null'),
        (b'"rate":48000', b'"rate":44100'),
        (b"[0,300,", b"[0,401,"),
        (b"[0,300,", b"[5,300,"),
        (b"400,700]", b"400,1000]"),
        (b"[0,300,400,700]", b"[]"),
        (b'"frames":1000', b'"frames":"x"'),
        (b'"score":"', b'"score":"f'),
        (b'"sha256":"', b'"sha256":"f'),
        (b"}", b""),
        (b"{", b'{"later":' + b"[" * 100_000 + b"]" * 100_000 + b","),
        (b'"score":"', b'"score":"\xff'),
    ],
)
def test_a_sidecar_that_contradicts_itself_makes_it_missing(tmp_path, old: bytes, new: bytes) -> None:
    sidecar = stored(tmp_path).with_suffix(".json")
    whole = sidecar.read_bytes()
    assert old in whole
    sidecar.write_bytes(whole.replace(old, new))
    assert find(tmp_path, ALARM, DEFAULT_VOICE) is None


def test_without_its_sidecar_a_wav_is_missing(tmp_path) -> None:
    stored(tmp_path).with_suffix(".json").unlink()
    assert find(tmp_path, ALARM, DEFAULT_VOICE) is None


def test_storing_again_heals_a_damaged_entry(tmp_path) -> None:
    stored(tmp_path).write_bytes(b"")
    stored(tmp_path)
    assert find(tmp_path, ALARM, DEFAULT_VOICE) is not None
    assert not list(tmp_path.glob(f"{TEMPORARY}*"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_an_oserror(tmp_path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OSError):
        stored(tmp_path)


def test_a_node_that_finds_clips_imports_neither_numpy_nor_pydub(tmp_path) -> None:
    code = (
        "import sys; import patterns.cache, patterns.clip, patterns.codebook, patterns.score, patterns.voice;"
        "import patterns.builtin;"
        "from patterns.book import message_size; patterns.builtin.builtins();"
        "print([m for m in ('numpy', 'pydub', 'asyncio') if m in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"
