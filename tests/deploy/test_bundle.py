"""The bundle: what its list holds it to, and what the first start of a card does with it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.bundle import __main__ as making
from deploy.bundle import manifest
from deploy.bundle.mirror import debian_in
from deploy.bundle.targets import USUAL, target_of
from deploy.bundle.wheels import BUILD_ONLY, LOCKS, OF_DEBIAN, RENDER, locked

ROOT = Path(__file__).parents[2]
SOURCED = '. "$0/deploy/lib.sh"; . "$0/deploy/offline.sh"'


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """Its scripts, and no library."""
    (made := tmp_path / "bootfs/keng-bundle").mkdir(parents=True)
    making.scripts(made)
    for name in ("wheels/any", "debs/trixie-arm64"):
        (made / name).mkdir(parents=True)
    manifest.write(made, "0.1.0", {"trixie-arm64": {"python": "3.13"}})
    return made


def checked(bundle: Path) -> "subprocess.CompletedProcess[str]":
    """install.sh --check."""
    return subprocess.run(["bash", bundle / "install.sh", "--check"], capture_output=True, text=True, check=False)


def test_a_whole_bundle_is_whole_and_checking_it_writes_nothing(bundle):
    before = sorted(bundle.rglob("*"))
    assert checked(bundle).returncode == 0
    assert sorted(bundle.rglob("*")) == before


def test_it_has_every_script_that_it_calls_and_the_nodes_unit(bundle):
    for name in ("install.sh", "first-boot.sh", "deploy/node.sh", "deploy/lib.sh", "deploy/offline.sh"):
        assert (bundle / name).exists()
    assert (bundle / "systemd/keng-node.service").exists() and (bundle / "systemd/keng-first-boot.service").exists()
    assert not list(bundle.glob("systemd/keng-commune*")), "a box is no commune"


def test_what_its_scripts_name_is_in_it(bundle):
    """All but what the checkout alone does: a venv of its own, and pip with the lock."""
    named = {
        (script.name, name)
        for script in bundle.rglob("*.sh")
        for name in re.findall(r'\$ROOT/((?:deploy|systemd)/[\w./-]+)"', script.read_text())
    }
    assert len(named) > 4
    assert not [(script, name) for script, name in named if not (bundle / name).exists()]


@pytest.mark.parametrize("harm", ["one bit", "gone", "longer"])
def test_a_file_that_is_not_as_it_was_is_named_and_nothing_is_installed(bundle, harm):
    victim = bundle / "deploy/node.sh"
    if harm == "gone":
        victim.unlink()
    else:
        data = bytearray(victim.read_bytes())
        data[100] ^= 1
        victim.write_bytes(bytes(data) + (b"#" if harm == "longer" else b""))
    for words in (["--check"], ["nowhere"]):
        done = subprocess.run(["bash", bundle / "install.sh", *words], capture_output=True, text=True, check=False)
        assert done.returncode == 1 and "deploy/node.sh" in done.stderr and "nothing was installed" in done.stderr


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 2}', '{"format": 1, "files": {"a": 1}}'])
def test_a_list_that_is_none_is_told(bundle, text):
    (bundle / manifest.FILE).write_text(text)
    assert checked(bundle).returncode == 1
    assert manifest.read(bundle) is None


def test_a_list_that_was_changed_by_hand_is_none(bundle):
    listed = json.loads((bundle / manifest.FILE).read_text())
    listed["files"]["../../etc/passwd"] = {"sha256": "0" * 64, "bytes": 1}
    (bundle / manifest.FILE).write_text(json.dumps(listed))
    assert manifest.read(bundle) is None
    listed["build"] = manifest.build_of(listed["files"])
    (bundle / manifest.FILE).write_text(json.dumps(listed))
    assert any("etc/passwd" in vi for vi, _ in manifest.faults(bundle)), "no path leads out of it"


@pytest.mark.parametrize("words", [[], ["--help"], ["--frob"]], ids=["nothing", "help", "a word that nobody knows"])
def test_what_it_says_names_its_own_entry_which_checks_it_first(bundle, words):
    done = subprocess.run(["bash", bundle / "install.sh", *words], capture_output=True, text=True, check=False)
    assert "keng-bundle/install.sh" in done.stderr and "node.sh" not in done.stderr


def test_a_system_that_it_is_not_for_is_told_before_anything_is_installed(bundle):
    said = subprocess.run(
        ["bash", "-c", f"{SOURCED}; bundle_target() {{ echo sid-mips; }}; need_bundle_system", bundle],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.returncode == 1
    assert "sid-mips" in said.stderr and "trixie-arm64" in said.stderr


def in_trixie(bundle: Path, lines: str) -> "subprocess.CompletedProcess[str]":
    """These shell lines where the bundle is for this system, which lacks no program."""
    here = "bundle_target() { echo trixie-arm64; }; missing_packages() { :; }"
    command = ["bash", "-euc", f"{SOURCED}; {here}; {lines}", bundle]
    return subprocess.run(command, capture_output=True, text=True, check=False)


DPKG = """
dpkg-query() { while read -r name status; do
    case $* in *" $name") printf %s "$status" ;; *Package*) echo "$name $status" ;; esac
done <"$state"; }
dpkg-deb() { basename "$2" | cut -d_ -f1; }
dpkg() { case $1 in --print-architecture) echo arm64 ;; --install) shift; echo "installed: ${*##*/}" >&3
    sed -i 's/ half-configured$/ installed/' "$state" ;; esac; }
exec 3>&1
"""


def test_a_package_that_was_left_half_installed_is_installed_by_the_next_run(bundle, tmp_path):
    """Its programs are there, and are found: the first run's failure would be nobody's."""
    for name in ("alsa-utils", "libasound2t64"):
        (bundle / f"debs/trixie-arm64/{name}_1_arm64.deb").touch()
    (bundle / "wheels/trixie-arm64").mkdir()
    state = tmp_path / "state"
    state.write_text("alsa-utils half-configured\nlibasound2t64 installed\nsomebody-elses unpacked\n")
    for said in ("installed: alsa-utils_1_arm64.deb\n", ""):
        done = in_trixie(bundle, f"state={state}; {DPKG} need_bundle_system")
        assert (done.returncode, done.stdout) == (0, said), done.stderr


def test_what_dpkg_could_not_finish_is_no_success(bundle, tmp_path):
    (bundle / "debs/trixie-arm64/alsa-utils_1_arm64.deb").touch()
    (bundle / "wheels/trixie-arm64").mkdir()
    (state := tmp_path / "state").write_text("alsa-utils half-installed\n")
    done = in_trixie(bundle, f"state={state}; {DPKG} need_bundle_system")
    assert done.returncode == 1 and "still missing: alsa-utils" in done.stderr


def test_on_32_bits_the_program_alone_says_which_packages_it_needs_and_makes_nothing(bundle, tmp_path):
    (bundle / "wheels/trixie-armhf").mkdir()
    small = "bundle_target() { echo trixie-armhf; }; dpkg() { echo armhf; }; system_python() { false; }"
    done = in_trixie(bundle, f"{small}; need_bundle_program {tmp_path}/program")
    assert done.returncode == 1 and not (tmp_path / "program").exists()
    assert "python3-nacl python3-yaml" in done.stderr and "debs/trixie-armhf" in done.stderr


@pytest.mark.parametrize("there", ["versions/0.1.0/program/pyvenv.cfg", "photos/one.jpg"], ids=["a box", "a home"])
def test_the_program_alone_is_made_over_nothing_that_is_not_its_own(bundle, tmp_path, there):
    """`venv --clear` clears the whole folder: of a box, all its versions."""
    (bundle / "wheels/trixie-arm64").mkdir()
    (kept := tmp_path / "there" / there).parent.mkdir(parents=True)
    kept.touch()
    (tmp_path / "there/bin").symlink_to("current/program/bin")
    done = in_trixie(bundle, f"dpkg() {{ echo arm64; }}; need_bundle_program {tmp_path}/there")
    assert done.returncode == 1 and kept.exists()
    assert there.split("/")[0] in done.stderr


@pytest.mark.parametrize(
    "left", [[], ["bin/", "lib/", "include/"], ["pyvenv.cfg", "bin/", "share/", ".installed-node"]]
)
def test_what_a_power_cut_left_of_the_program_is_its_own(bundle, tmp_path, left):
    for name in left:
        (path := tmp_path / "program" / name).parent.mkdir(parents=True, exist_ok=True)
        path.mkdir() if name.endswith("/") else path.touch()
    done = in_trixie(bundle, f"not_of_a_venv {tmp_path}/program")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_every_library_of_the_lock_comes_from_somewhere_on_every_pi():
    names = set(locked(LOCKS / "render.txt"))
    assert {"msgspec", "pynacl", "pyyaml", "paho-mqtt", "gpiozero", "tzdata"} <= names
    assert names >= BUILD_ONLY | RENDER - {"audioop-lts"} and names >= OF_DEBIAN
    assert {target_of(name).python for name in USUAL} == {"3.11", "3.13"}
    assert {target_of(name).arch for name in USUAL} == {"arm64", "armhf"}


def test_a_system_that_nobody_knows_is_told():
    for name in ("trixie", "sid-arm64", "trixie-mips"):
        with pytest.raises(ValueError, match=name):
            target_of(name)


def test_a_folder_that_is_no_bundle_is_not_overwritten(tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos/one.jpg").write_bytes(b"x")
    done = subprocess.run(
        [sys.executable, "-m", "deploy.bundle", tmp_path / "photos"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1 and "không ghi đè" in done.stderr
    assert (tmp_path / "photos/one.jpg").exists()


def test_a_missing_compiler_is_told_before_minutes_are_spent(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "deploy.bundle", tmp_path / "new", "--targets", "trixie-arm64,trixie-armhf"],
        cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "PATH": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 1 and "apt install gcc-arm-linux-gnueabihf" in done.stderr
    assert "[1/" not in done.stderr and not list(tmp_path.iterdir())


class Card:
    """A boot partition with a bundle whose install.sh is another."""

    def __init__(self, bundle: Path) -> None:
        self.boot, self.root = bundle.parent, bundle.parent.parent / "root"
        self.bundle = bundle
        (self.boot / "thon-1").mkdir()
        for name in ("password", "node.key", "node.yaml"):
            (self.boot / "thon-1" / name).write_text("x")

    def installs(self, code: int) -> None:
        """What install.sh shall come to."""
        (self.bundle / "install.sh").write_text(f'echo "installing $1"; exit {code}\n')

    def first_boot(self, *words: str, path: Path | None = None) -> "subprocess.CompletedProcess[str]":
        """The script, below a folder; `path`: with these programs before the system's."""
        where = {**os.environ, "KENG_BOOT": str(self.boot), "KENG_ROOT": str(self.root)}
        where["PATH"] = f"{path}:{os.environ['PATH']}" if path else os.environ["PATH"]
        command = ["bash", self.bundle / "first-boot.sh", *words]
        return subprocess.run(command, env=where, capture_output=True, text=True, check=False)

    @property
    def waits(self) -> bool:
        """Whether it will be done again at the next start."""
        return (self.root / "etc/systemd/system/multi-user.target.wants/keng-first-boot.service").exists()


@pytest.fixture
def card(bundle) -> Card:
    """A card whose first start has come so far."""
    one = Card(bundle)
    assert one.first_boot("--enable").returncode == 0
    assert one.waits
    return one


@pytest.mark.parametrize("code", [0, 3], ids=["well", "the doctor has something to mend"])
def test_once_installed_the_secrets_are_off_the_boot_partition_and_it_is_not_done_again(card, code):
    card.installs(code)
    done = card.first_boot()
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (card.boot / "thon-1").iterdir()) == ["node.yaml"]
    assert not card.waits
    assert "installing" in (card.boot / "keng-first-boot.log").read_text(), "a laptop can read what happened"


def test_what_fails_is_tried_again_with_everything_still_there(card):
    card.installs(1)
    assert card.first_boot().returncode == 1
    assert (card.boot / "thon-1/node.key").exists() and card.waits
    assert "sẽ thử lại" in (card.boot / "keng-first-boot.log").read_text()


@pytest.mark.parametrize("number", [0, 2])
def test_no_box_or_two_of_them_on_a_card_is_told(card, number):
    card.installs(0)
    (card.boot / "thon-1/node.key").unlink()
    for one in range(number):
        (card.boot / f"box-{one}").mkdir()
        (card.boot / f"box-{one}/node.key").write_text("x")
    assert card.first_boot().returncode == 1
    assert f"đang thấy {number}" in (card.boot / "keng-first-boot.log").read_text()


@pytest.mark.parametrize("left", ["password", "node.key"])
def test_a_power_cut_between_the_two_secrets_leaves_neither_on_the_boot_partition(card, left):
    card.installs(1)  # as node.sh does with a folder that lacks one of them
    (card.root / "etc/keng").mkdir(parents=True)
    for name in ("password", "node.key"):
        (card.root / "etc/keng" / name).write_text("x")
        if name != left:
            (card.boot / "thon-1" / name).unlink()
    assert card.first_boot().returncode == 0
    assert sorted(path.name for path in (card.boot / "thon-1").iterdir()) == ["node.yaml"]
    assert not card.waits


def test_the_secrets_are_surely_gone_before_it_is_done_for_ever(card, tmp_path):
    card.installs(0)
    (calls := tmp_path / "calls").mkdir()
    seen = tmp_path / "seen"
    (calls / "sync").write_text(f"#!/bin/sh\nls {card.boot}/thon-1 {card.root}/etc/systemd/system/*.wants >{seen}\n")
    (calls / "sync").chmod(0o755)
    assert card.first_boot(path=calls).returncode == 0
    words = seen.read_text().split()
    assert "password" not in words and "node.key" not in words and "keng-first-boot.service" in words


def test_a_power_cut_after_the_secrets_are_gone_leaves_an_installed_box(card):
    card.installs(1)
    (card.root / "etc/keng").mkdir(parents=True)
    (card.root / "etc/keng/node.key").write_text("x")
    (card.boot / "thon-1/node.key").unlink()
    assert card.first_boot().returncode == 0
    assert not card.waits


def test_debian_comes_from_where_this_machines_own_apt_gets_it():
    told = "http://a/raspbian/|Raspbian|Raspbian|main\nhttp://b/security/|Debian|Debian-Security|main\nhttp://c/debian/|Debian|Debian|main\n"
    assert debian_in(told) == "http://c/debian"
    assert debian_in("") is None
