"""What install.sh leaves on a box is what the updater means by versions."""

import json
import subprocess
from pathlib import Path

import pytest

from node.update.layout import Layout, version_of
from node.update.trusted import release_keys, target
from wire.errors import ReleaseFault

DEPLOY = Path(__file__).parents[2] / "deploy"


def placed(bundle: Path, root: Path, version: str = "0.2.0", build: str = "b") -> str:
    """Place a version, with a program that is made of nothing; the venv's path."""
    (bundle / "wheels/any").mkdir(parents=True, exist_ok=True)
    (bundle / "wheels/trixie-armhf").mkdir(exist_ok=True)
    (bundle / "deploy/bundle").mkdir(parents=True, exist_ok=True)
    (bundle / "deploy/bundle/manifest.py").write_text(
        "import json, sys\nprint(json.load(open(sys.argv[1] + '/manifest.json'))[sys.argv[3]])"
    )
    (bundle / "manifest.json").write_text(json.dumps({"version": version, "build": build}))
    script = f"""
        set -euo pipefail
        . {DEPLOY}/lib.sh
        . {DEPLOY}/versions.sh
        ROOT={bundle}
        need_bundle_program() {{
            [ "$(cat "$1/.installed-node" 2>/dev/null)" != {build} ] || return 0
            mkdir -p "$1/bin" && printf '%s' {build} | tee "$1/bin/keng-node" >"$1/.installed-node"
        }}
        sync() {{ :; }}  # of the whole machine, with all that others write on it
        bundle_target() {{ echo bookworm-arm64; }}
        place_version {root}
        clear_flat {root}
        echo "$placed"
    """
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_box_that_was_just_installed_runs_its_version_and_has_it_for_good(tmp_path: Path) -> None:
    root = tmp_path / "opt"
    venv = placed(tmp_path / "bundle", root)
    layout = Layout(root)
    assert layout.current == layout.good == "0.2.0"
    assert venv == str(layout.folder("0.2.0") / "program")
    assert (root / "bin/keng-node").read_text() == "b"
    assert not (layout.folder("0.2.0") / "bundle/wheels/trixie-armhf").exists(), "another machine's"


def test_a_newer_one_by_hand_is_beside_it_and_the_same_one_again_changes_nothing(tmp_path: Path) -> None:
    root = tmp_path / "opt"
    placed(tmp_path / "one", root)
    placed(tmp_path / "two", root, "0.3.0", "c")
    layout = Layout(root)
    assert (layout.current, layout.good, layout.whole("0.2.0")) == ("0.3.0", "0.3.0", True)
    before = (layout.folder("0.3.0") / "program/bin/keng-node").stat().st_mtime_ns
    placed(tmp_path / "two", root, "0.3.0", "c")
    assert (layout.folder("0.3.0") / "program/bin/keng-node").stat().st_mtime_ns == before
    assert (root / "bin/keng-node").read_text() == "c"


def test_another_build_of_the_same_version_lies_beside_it_and_the_one_that_ran_is_not_touched(tmp_path: Path) -> None:
    root = tmp_path / "opt"
    ran = Path(placed(tmp_path / "one", root))
    before = sorted((path, path.stat().st_mtime_ns) for path in ran.parent.rglob("*"))
    for _ in range(2):
        assert placed(tmp_path / "two", root, build="0123456789") == f"{root}/versions/0.2.0+01234567/program"
        assert Layout(root).current == Layout(root).good == "0.2.0+01234567"
        assert (root / "bin/keng-node").read_text() == "0123456789"
        assert sorted((path, path.stat().st_mtime_ns) for path in ran.parent.rglob("*")) == before
    placed(tmp_path / "one", root)  # and back
    assert Layout(root).current == "0.2.0" and (root / "bin/keng-node").read_text() == "b"


def test_builds_by_hand_do_not_fill_the_card(tmp_path: Path) -> None:
    root = tmp_path / "opt"
    for build in ("aaaaaaaaa", "bbbbbbbbb", "ccccccccc", "ddddddddd"):
        placed(tmp_path / build, root, build=build)
    assert len(list((root / "versions").iterdir())) == 2 and Layout(root).current == "0.2.0+dddddddd"


def test_another_build_counts_as_its_version(tmp_path: Path) -> None:
    layout = Layout(tmp_path, flush=lambda: None)
    for name in ("0.2.0", "0.2.0+ffffffff", "0.1.9+00000000"):
        layout.begin(name)
        layout.complete(name)
    assert version_of(layout.newest_whole() or "") == "0.2.0" and version_of("0.2.0+ffffffff") == "0.2.0"
    for name in ("0.10.0+aaaaaaaa",):
        layout.begin(name)
        layout.complete(name)
    assert layout.newest_whole() == "0.10.0+aaaaaaaa"


def test_a_program_that_a_power_cut_left_half_on_the_disk_is_not_believed_for_its_stamp(tmp_path: Path) -> None:
    root = tmp_path / "opt"
    venv = Path(placed(tmp_path / "bundle", root))
    (venv / "bin/keng-node").write_text("")  # its name was on the disk, and not yet what is in it
    (venv.parent / ".complete").unlink()  # which comes after the sync
    placed(tmp_path / "bundle", root)
    assert (root / "bin/keng-node").read_text() == "b"


def test_a_box_from_before_there_were_versions_is_led_over(tmp_path: Path) -> None:
    root = tmp_path / "opt"
    for name in ("bin", "lib/python3.11", "include"):
        (root / name).mkdir(parents=True)
    (root / "bin/keng-node").write_text("old")
    (root / "pyvenv.cfg").write_text("")
    (root / ".installed-node").write_text("")
    placed(tmp_path / "bundle", root)
    assert sorted(path.name for path in root.iterdir()) == ["bin", "current", "good", "versions"]
    assert (root / "bin/keng-node").read_text() == "b"


def test_a_machines_target_is_the_one_that_the_bundle_has(tmp_path: Path) -> None:
    os_release = tmp_path / "os-release"
    os_release.write_text('PRETTY_NAME="Debian"\nVERSION_CODENAME=trixie\n')
    assert target(os_release).startswith("trixie-")
    os_release.write_text("ID=other\n")
    with pytest.raises(ReleaseFault):
        target(os_release)


def test_a_file_of_release_keys_that_is_no_good_is_told(tmp_path: Path) -> None:
    assert release_keys(tmp_path / "none") == ()
    (tmp_path / "own").write_text("nonsense\n")
    with pytest.raises(ReleaseFault):
        release_keys(tmp_path / "own")
    with pytest.raises(ReleaseFault):
        release_keys(tmp_path)
