"""A release is what its key says, for this machine, and newer than what is there."""

import msgspec
import pytest

from wire.errors import ReleaseFault
from wire.release import MAX_MANIFEST_BYTES, File, Manifest, for_machine, keys_of, newer, opened, signed
from wire.signature import Signer

pytestmark = pytest.mark.pure

KEY, OTHER = Signer(b"r" * 32), Signer(b"o" * 32)
WHEELS = (
    "wheels/keng-0.2.0-py3-none-any.whl",
    "wheels/msgspec-0.19.0-cp311-cp311-manylinux_2_17_aarch64.manylinux2014_aarch64.whl",
    "wheels/msgspec-0.19.0-cp313-cp313-manylinux_2_17_aarch64.manylinux2014_aarch64.whl",
    "wheels/msgspec-0.19.0-cp311-cp311-linux_armv7l.whl",
    "wheels/PyNaCl-1.5.0-cp36-abi3-manylinux_2_17_aarch64.whl",
    "wheels/pynacl-1.5.0-cp311-cp311-linux_armv7l.whl",
)


def a_manifest(*paths: str, version: str = "0.2.0") -> bytes:
    files = tuple(File(path=path, size=1, sha256="0" * 64) for path in paths or ("install.sh", *WHEELS))
    return msgspec.json.encode(Manifest(version=version, files=files))


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
    raw = msgspec.json.encode({"format": 1, "version": "1", "files": [{"path": path, "size": 1, "sha256": "0" * 64}]})
    assert why(raw, signed(raw, KEY), KEY.public) == "manifest"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}",
        b"[" * 100_000,
        b'{"format":2,"version":"1","files":[]}',
        a_manifest("a", "A"),
        b" " * (MAX_MANIFEST_BYTES + 1),
        msgspec.json.encode({"version": "1.0-rc1", "files": [{"path": "a", "size": 1, "sha256": "0" * 64}]}),
    ],
)
def test_what_is_vouched_for_and_not_understood_is_refused(raw: bytes) -> None:
    assert why(raw, signed(raw, KEY), KEY.public) == "manifest"


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


@pytest.mark.parametrize(
    ("python", "machine", "wheels"),
    [((3, 11), "aarch64", [0, 1, 4]), ((3, 13), "aarch64", [0, 2, 4]), ((3, 11), "armv7l", [0, 3, 5])],
)
def test_a_machine_takes_its_own_wheels_and_all_else(python: tuple[int, int], machine: str, wheels: list[int]) -> None:
    raw = a_manifest()
    manifest = opened(raw, signed(raw, KEY), (KEY.public,))
    chosen = [file.path for file in for_machine(manifest, python, machine)]
    assert chosen == ["install.sh", *(WHEELS[n] for n in wheels)]


@pytest.mark.parametrize(("python", "machine"), [((3, 11), "x86_64"), ((3, 13), "armv7l"), ((3, 12), "aarch64")])
def test_a_machine_that_it_was_not_made_for_is_told_so(python: tuple[int, int], machine: str) -> None:
    raw = a_manifest()
    with pytest.raises(ReleaseFault) as caught:
        for_machine(opened(raw, signed(raw, KEY), (KEY.public,)), python, machine)
    assert caught.value.why == "machine" and machine in caught.value.detail


def test_release_keys_are_read_one_a_line() -> None:
    assert keys_of(f"# ours\n\n{KEY.public}  # 2026\n{OTHER.public}\n") == (KEY.public, OTHER.public)


@pytest.mark.parametrize("text", ["AAAA\n", "nonsense\n", f"{KEY.public}\n" * 9])
def test_a_file_of_keys_with_a_fault_in_it_is_refused(text: str) -> None:
    with pytest.raises(ReleaseFault) as caught:
        keys_of(text)
    assert caught.value.why == "key"
