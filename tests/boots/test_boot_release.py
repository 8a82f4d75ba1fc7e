"""A release goes the whole way: made by deploy/bundle.sh, signed (keng release sign), offered (keng update offer),
fetched over the commune's own HTTPS, installed beside what runs, tried with the real node under the real systemd.

A good one is kept; one whose node dies at its start is led back, and the gong sounds; one during whose trial the
commune's power goes is no bad one. The releases are this checkout under other versions.
Not real: the code book's zone is one in which it is noon now (nothing is updated in the evening); pins and card are
Town's; in the last test the judge's times are short.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes.boothands import ROOT, carry, unpack
from fakes.bootimage import WANTED
from fakes.bootmachine import Ground
from fakes.boottable import timed
from fakes.boottown import BOX, SAID, Town
from fakes.waiting import eventually

pytestmark = [pytest.mark.soak, pytest.mark.timeout(0)]

WITHIN_S = 900.0
LEAST_S = 10.0
"""Between looks: each is a process in there."""
DIES = '    raise RuntimeError("this release dies at its start")\n'
SHORT = "s/TRIAL_S = 600.0/TRIAL_S = 40.0/; s/OLD_S = .*/OLD_S = 30.0/"
KENG = [str(Path(sys.executable).with_name("keng"))]


def a_bundle(folder: Path, target: str, version: str, *, bad: bool = False) -> Path:
    """This checkout as that version, by what deploy/bundle.sh runs."""
    house, bundle = folder / f"house-{version}", folder / f"keng-bundle-{version}"
    unpack(house)
    project, run = house / "pyproject.toml", house / "node/run.py"
    text = project.read_text("utf-8")
    assert '\nversion = "0.1.0"\n' in text
    project.write_text(text.replace('\nversion = "0.1.0"\n', f'\nversion = "{version}"\n'), "utf-8")
    if bad:
        first = "    lock = hold(settings.state_dir)\n"
        assert first in run.read_text("utf-8")
        run.write_text(run.read_text("utf-8").replace(first, DIES + first), "utf-8")
    words = [sys.executable, "-m", "deploy.bundle", str(bundle), "--targets", target]
    done = subprocess.run(words, cwd=house, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no bundle could be made (internet?): {done.stderr[-300:]}")
    shutil.rmtree(house)
    return bundle


class Released(Town):
    """A commune, and a box that was installed from a bundle; both trust one release key."""

    def __init__(self, ground: Ground, release: str, folder: Path) -> None:
        self.release, self.folder, self.target = release, folder, f"{release}-amd64"
        self.lasted = {}
        self.key = folder / "release.key"
        made = subprocess.run([*KENG, "keys", "new", self.key, "--json"], capture_output=True, text=True, check=True)
        self.public = json.loads(made.stdout)["public"]
        bundle = Path(os.environ.get("KENG_BUNDLE") or folder / "keng-bundle")
        if not bundle.exists():
            words = ["bash", str(ROOT / "deploy/bundle.sh"), str(bundle), "--targets", self.target]
            done = subprocess.run(words, capture_output=True, text=True, check=False)
            if done.returncode:
                pytest.skip(f"no bundle could be made (internet?): {done.stderr[-300:]}")
        self.commune, self.box = ground.machine("commune", release), ground.machine(BOX, release)
        self._found()
        self._install(bundle)
        self.until_linked()

    def _found(self) -> None:
        commune = self.commune
        commune.boot()
        carry(commune)
        commune.run("apt-get update -qq")
        commune.run(f"cd keng && bash deploy/install-commune.sh {SAID} --address {commune.address}")
        ahead = 12 - time.gmtime().tm_hour
        noon = f"Etc/GMT{-ahead:+d}"  # whose signs are the other way round
        commune.run(f"sed -i 's|^zone: .*|zone: {noon}|; s/^version: 1 .*/version: 2/' /etc/keng/codebook.yaml")
        commune.run("keng codebook push /etc/keng/codebook.yaml")
        commune.run(f"keng enrol {BOX} --hamlet {BOX}")
        (commune.disk / "etc/keng/release.pub").write_text(f"{self.public}\n")

    def _install(self, bundle: Path) -> None:
        box = self.box
        box.boot()
        self._by_stick()
        shutil.copytree(bundle, box.disk / "root/keng-bundle")
        box.run("apt-get -qq update && apt-get install -y -qq --no-install-recommends python3 >/dev/null")
        (box.disk / "etc/keng").mkdir(exist_ok=True)
        (box.disk / "etc/keng/release.pub").write_text(f"{self.public}\n")
        with timed("a box from its bundle, by versions", self.release):
            box.run(f"bash keng-bundle/install.sh ~/{BOX}")

    def offer(self, version: str, *, bad: bool = False) -> None:
        """Made, signed, carried to the commune's machine, offered by what UPDATES.md tells to type."""
        bundle = a_bundle(self.folder, self.target, version, bad=bad)
        subprocess.run([*KENG, "release", "sign", bundle, "--key", self.key], check=True, capture_output=True)
        shutil.copytree(bundle, self.commune.disk / "root" / bundle.name)
        shutil.rmtree(bundle)
        self.commune.run(f"keng update offer {bundle.name}")

    def update(self) -> dict[str, Any]:
        """What `keng update status` tells of the offer."""
        told: dict[str, Any] = json.loads(self.commune.run("keng update status --json").stdout)
        return told

    def box_says(self) -> str:
        """As the commune has it: which version runs, and how far the update is."""
        done = self.commune.run("keng update status --json", check=False)
        rows = json.loads(done.stdout)["nodes"] if done.returncode == 0 else []
        return next((f"{row.get('version')}: {row.get('update')}" for row in rows if row["node"] == BOX), "")

    def installer_says(self) -> str:
        """Its last word, at the box."""
        file = self.box.disk / "var/lib/keng-update/told.json"
        word = json.loads(file.read_text()) if file.exists() else {}
        return f"{word.get('version')} {word.get('state')} {word.get('why')}".strip()

    def current(self) -> str:
        """Which version the box starts."""
        return os.readlink(self.box.disk / "opt/keng/current")

    def sounds_alarms(self) -> bool:
        """An alarm of an officer's is heard at the box."""
        began_ns = time.monotonic_ns()
        self.asked(f"alarm --kind fire --hamlet {BOX}")
        eventually(lambda: self.heard_since(began_ns), 60, "it does not sound")
        self.hush()
        return True


@pytest.fixture(scope="module")
def town(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Released]:
    one = Released(ground, WANTED[0], tmp_path_factory.mktemp("releases"))
    yield one
    one.end()


def test_a_good_release_is_fetched_over_https_installed_beside_tried_and_kept(town: Released) -> None:
    assert town.current() == "versions/0.1.0"
    with timed("update: bundle, signature, offer, fetched, installed beside, tried, kept", town.release):
        town.offer("0.2.0")
        eventually(lambda: town.box_says() == "0.2.0: done", WITHIN_S, "it is never kept", every_s=LEAST_S)
    assert town.current() == "versions/0.2.0" == os.readlink(town.box.disk / "opt/keng/good")
    assert (town.box.disk / "opt/keng/versions/0.1.0/.complete").exists()
    assert (town.box.disk / "var/lib/keng-fetch/0.2.0/release.sig").exists()
    assert not (town.box.disk / "var/lib/keng-fetch/0.2.0/debs").exists(), "what this machine does not need"
    assert town.update()["update"]["state"] == "offered"
    assert town.sounds_alarms()


def test_one_whose_node_dies_at_its_start_is_led_back_and_the_gong_sounds(town: Released) -> None:
    with timed("update: a bad one, until the old one is heard again", town.release):
        town.offer("0.3.0", bad=True)
        eventually(lambda: town.box_says() == "0.2.0: rolled_back crash", WITHIN_S, "not led back", every_s=LEAST_S)
    assert town.current() == "versions/0.2.0" == os.readlink(town.box.disk / "opt/keng/good")
    assert (town.update()["update"]["state"], town.update()["update"]["broken"]) == ("broken", BOX)
    assert [row["about"] for row in town.status()["troubles"] if row["kind"] == "update"] == [BOX]
    assert town.sounds_alarms()


def test_the_communes_power_that_goes_in_a_trial_stops_nothing_for_ever(town: Released) -> None:
    trial = next((town.box.disk / "opt/keng/versions/0.2.0/program/lib").glob("*/site-packages/node/update/trial.py"))
    text = trial.read_text()
    town.box.run(f"sed -i '{SHORT}' /{trial.relative_to(town.box.disk)}")
    assert trial.read_text() != text
    town.offer("0.4.0")
    eventually(lambda: town.installer_says() == "0.4.0 trying", WITHIN_S, "it is never tried", every_s=1.0)
    town.commune.power_cut()
    eventually(lambda: town.installer_says() == "0.4.0 failed unlinked", WITHIN_S, "", every_s=LEAST_S)
    assert town.current() == "versions/0.2.0"
    town.commune.boot()
    eventually(lambda: town.box_says() == "0.2.0: failed unlinked", 120, "it is not told", every_s=LEAST_S)
    assert town.update()["update"]["state"] == "offered", "it goes on, by itself"
