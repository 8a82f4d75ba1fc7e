"""A release is what its key says, for this machine, and newer than what is there."""

import msgspec
import pytest

from wire.errors import ReleaseFault
from wire.release import (
    MAX_FILE_BYTES,
    MAX_FILES,
    MAX_KEYS,
    MAX_MANIFEST_BYTES,
    for_target,
    keys_of,
    newer,
    opened,
    signed,
)
from wire.signature import Signer

pytestmark = pytest.mark.pure

KEY, OTHER = Signer(b"r" * 32), Signer(b"o" * 32)
FILES = (
    "install.sh",
    "deploy/lib.sh",
    "wheels/any/keng-0.2.0-py3-none-any.whl",
    "wheels/trixie-arm64/msgspec-0.19.0-cp313-cp313-manylinux_2_17_aarch64.manylinux2014_aarch64.whl",
    "wheels/bookworm-arm64/msgspec-0.19.0-cp311-cp311-manylinux_2_17_aarch64.manylinux2014_aarch64.whl",
    "wheels/trixie-arm64-render/numpy-2.3.5-cp313-cp313-manylinux_2_27_aarch64.manylinux_2_28_aarch64.whl",
    "debs/trixie-arm64/libasound2t64_1%3a1.2.14-1+b1~x_arm64.deb",
)


def a_manifest(*paths: str, version: str = "0.2.0", **more: object) -> bytes:
    files = {path: {"sha256": "0" * 64, "bytes": 1} for path in paths or FILES}
    targets = {"trixie-arm64": {"python": "3.13"}, "bookworm-arm64": {"python": "3.11"}}
    fields = {"format": 1, "program": "keng", "version": version, "build": "b", "targets": targets, "files": files}
    return msgspec.json.encode(fields | more)


def why(manifest: bytes, signature: str, *keys: str) -> str:
    with pytest.raises(ReleaseFault) as caught:
        opened(manifest, signature, keys)
    return caught.value.why


def test_a_manifest_that_a_release_key_vouches_for_is_read() -> None:
    raw = a_manifest()
    assert opened(raw, signed(raw, KEY), (OTHER.public, KEY.public)).version == "0.2.0"


def test_without_a_release_key_nothing_is_read() -> None:
    raw = a_manifest()
    assert why(raw, signed(raw, KEY)) == "key"


@pytest.mark.parametrize("signature", ["", "AAAA", "not base64", "é"])
def test_garbage_vouches_for_nothing(signature: str) -> None:
    assert why(a_manifest(), signature, KEY.public) == "signature"


def test_another_key_or_another_manifest_does_not_fit() -> None:
    raw = a_manifest()
    assert why(raw, signed(raw, OTHER), KEY.public) == "signature"
    assert why(a_manifest(version="0.3.0"), signed(raw, KEY), KEY.public) == "signature"


def test_an_order_of_the_same_key_is_no_release() -> None:
    raw = a_manifest()
    assert why(raw, KEY.sign("keng/1/cong-lac/all/alarms", raw), KEY.public) == "signature"


@pytest.mark.parametrize(
    "path", ["../keng", "/etc/passwd", "a/../b", ".hidden", "a//b", "a/.ssh", "a\n", "", "a/" * 7 + "b"]
)
def test_no_path_leads_out_of_the_folder(path: str) -> None:
    raw = a_manifest(path)
    assert why(raw, signed(raw, KEY), KEY.public) == "manifest"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}",
        b"[" * 100_000,
        a_manifest(format=2),
        a_manifest(files={}),
        a_manifest(targets={"../x": {}}),
        a_manifest("a", "A"),
        b" " * (MAX_MANIFEST_BYTES + 1),
        a_manifest(version="1.0-rc1"),
        a_manifest(version="1234567.0"),
        a_manifest(files={"a": {"sha256": "0" * 64, "bytes": MAX_FILE_BYTES + 1}}),
        a_manifest(files={"a": {"sha256": "0" * 64, "bytes": -1}}),
        a_manifest(files={"a": {"sha256": "0" * 63, "bytes": 1}}),
        a_manifest(*(f"f{number}" for number in range(MAX_FILES + 1))),
    ],
)
def test_what_is_vouched_for_and_not_understood_is_refused(raw: bytes) -> None:
    assert why(raw, signed(raw, KEY), KEY.public) == "manifest"


@pytest.mark.parametrize(
    ("raw", "detail"),
    [
        (b" " * (MAX_MANIFEST_BYTES + 1), f"{MAX_MANIFEST_BYTES + 1} bytes"),
        (b" " * MAX_MANIFEST_BYTES, "Input data was truncated"),
        (b"[1", "Expected `object`, got `array`"),
        (a_manifest("a", "A"), "a path twice"),
    ],
)
def test_whoever_looks_closer_reads_what_was_not_understood(raw: bytes, detail: str) -> None:
    with pytest.raises(ReleaseFault) as caught:
        opened(raw, signed(raw, KEY), (KEY.public,))
    assert caught.value.detail == detail


@pytest.mark.parametrize(
    ("version", "than", "above"),
    [
        ("0.2.0", "0.1.9", True),
        ("0.10", "0.9", True),
        ("1", "1.0.0", False),
        ("0.2.0", "0.2.0", False),
        ("0.1.9", "0.2.0", False),
        ("0.0.1", "unknown", True),
        ("unknown", "0.0.1", False),
        ("0.0.0", "0", False),
    ],
)
def test_versions_are_compared_by_their_numbers(version: str, than: str, above: bool) -> None:
    assert newer(version, than) is above


def test_what_is_just_within_its_bounds_is_read() -> None:
    raw = a_manifest()
    raw += b" " * (MAX_MANIFEST_BYTES - len(raw))
    assert opened(raw, signed(raw, KEY), (KEY.public,)).version == "0.2.0"
    assert len(keys_of(f"{KEY.public}\n" * MAX_KEYS)) == MAX_KEYS


def test_a_wheel_in_a_folder_below_its_targets_is_that_targets() -> None:
    raw = a_manifest("wheels/any/more/x.whl", "wheels/trixie-armhf/any/y.whl")
    assert tuple(for_target(opened(raw, signed(raw, KEY), (KEY.public,)), "trixie-arm64")) == ("wheels/any/more/x.whl",)


def test_a_machine_takes_its_own_wheels_and_no_packages_of_the_system() -> None:
    raw = a_manifest()
    manifest = opened(raw, signed(raw, KEY), (KEY.public,))
    assert tuple(for_target(manifest, "trixie-arm64")) == (*FILES[:4], FILES[5])
    assert tuple(for_target(manifest, "trixie-arm64", render=False)) == FILES[:4]
    assert tuple(for_target(manifest, "bookworm-arm64")) == (*FILES[:3], FILES[4])


@pytest.mark.parametrize("target", ["trixie-amd64", "trixie-armhf", "any"])
def test_a_machine_that_it_was_not_made_for_is_told_so(target: str) -> None:
    raw = a_manifest()
    with pytest.raises(ReleaseFault) as caught:
        for_target(opened(raw, signed(raw, KEY), (KEY.public,)), target)
    assert (caught.value.why, caught.value.detail) == ("machine", f"{target}; bookworm-arm64, trixie-arm64")


def test_release_keys_are_read_one_a_line() -> None:
    assert keys_of(f"# ours\n\n{KEY.public}  # 2026\n{OTHER.public}\n") == (KEY.public, OTHER.public)
    assert keys_of(f"{KEY.public}\n" * MAX_KEYS) == (KEY.public,) * MAX_KEYS


@pytest.mark.parametrize(
    ("text", "detail"),
    [("AAAA\n", "base64"), ("nonsense\n", "base64"), (f"{KEY.public}\n" * (MAX_KEYS + 1), "more than 8")],
)
def test_a_file_of_keys_with_a_fault_in_it_is_refused(text: str, detail: str) -> None:
    with pytest.raises(ReleaseFault) as caught:
        keys_of(text)
    assert caught.value.why == "key" and detail in caught.value.detail
