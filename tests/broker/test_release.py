"""A folder is offered only if it is what a release key says, and is laid out whole."""

from pathlib import Path

import pytest
from fakes.releases import KEY, OTHER, a_release

from broker.release import KEEP, ReleaseUnfit, check, lay_out, release_keys, sign
from wire.release import MANIFEST, SIGNATURE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_release(tmp_path / "keng-bundle")


def test_a_whole_folder_of_a_release_key_is_fit(folder: Path) -> None:
    manifest, digest = check(folder, (KEY.public,))
    assert manifest.version == "0.2.0" and len(digest) == 64


@pytest.mark.parametrize("key", [(OTHER.public,), ()])
def test_one_that_no_known_key_vouches_for_is_not(folder: Path, key: tuple[str, ...]) -> None:
    with pytest.raises(ReleaseUnfit, match=r"khóa phát hành|chữ ký phát hành"):
        check(folder, key)


@pytest.mark.parametrize("harm", ["changed", "gone", "longer"])
def test_a_file_that_is_damaged_is_named(folder: Path, harm: str) -> None:
    file = folder / "install.sh"
    raw = file.read_bytes()
    file.unlink()
    if harm != "gone":
        file.write_bytes(raw.replace(b"0", b"1") if harm == "changed" else raw * 2)
    with pytest.raises(ReleaseUnfit, match=r"install\.sh"):
        check(folder, (KEY.public,))


def test_a_folder_that_is_none_says_which_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ReleaseUnfit, match=MANIFEST):
        check(tmp_path, (KEY.public,))


def test_a_key_signs_what_is_whole_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    import base64

    key = tmp_path / "release.key"
    key.write_bytes(base64.b64encode(b"o" * 32))
    assert sign(folder, key).version == "0.2.0"
    assert check(folder, (OTHER.public,))
    (folder / "install.sh").write_text("exit 1\n")
    with pytest.raises(ReleaseUnfit):
        sign(folder, key)
    assert not (folder / SIGNATURE).exists()


def test_a_file_that_is_no_key_signs_nothing(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("not a key")
    with pytest.raises(ReleaseUnfit, match="không phải khóa"):
        sign(folder, tmp_path / "x")


def test_what_is_laid_out_is_whole_and_the_last_two_stay(tmp_path: Path) -> None:
    outlet = tmp_path / "outlet"
    for version in ("0.2.0", "0.9.0", "0.10.0"):
        folder = a_release(tmp_path / version, version)
        manifest, _ = check(folder, (KEY.public,))
        lay_out(folder, manifest, outlet)
        lay_out(folder, manifest, outlet)
    assert sorted(path.name for path in outlet.iterdir()) == ["0.10.0", "0.9.0"] and KEEP == 2
    assert check(outlet / "0.10.0", (KEY.public,))
    assert not (outlet / "0.10.0/install.sh").stat().st_mode & 0o022


def test_the_communes_own_release_keys_count_alone(tmp_path: Path) -> None:
    own = tmp_path / "release.pub"
    own.write_text(f"{KEY.public}\n")
    assert release_keys(own) == (KEY.public,)
    with pytest.raises(ReleaseUnfit, match="none"):
        release_keys(tmp_path / "none")


def test_this_copy_of_the_program_trusts_no_release_key_until_somebody_is_trusted() -> None:
    import wire

    assert release_keys(Path(wire.__file__).with_name("release.pub")) == (), "on purpose: deploy/UPDATES.md"


def test_what_is_offered_stays_though_two_newer_ones_are_out(tmp_path: Path) -> None:
    for version in ("0.9.0", "0.9.5", "0.8.0"):
        folder = a_release(tmp_path / version, version)
        lay_out(folder, check(folder, (KEY.public,))[0], tmp_path / "outlet")
    assert sorted(path.name for path in (tmp_path / "outlet").iterdir()) == ["0.8.0", "0.9.5"]
