"""A box updates itself under a real systemd: to a good version, back from a bad one, and back after a power cut.

The updater and the outlet are the real ones, with their units; the node is a stub that says how it is each second.
Not real: the judge's times are made short in the version that runs; the order is a file, as the node would write it.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.bootmachine import Ground, Machine
from fakes.namespace import NotPermitted
from fakes.releases import KEY
from fakes.waiting import eventually

from wire.release import MANIFEST, SIGNATURE, signed

ASKED = os.environ.get("KENG_BOOTS", "").split()
pytestmark = [
    pytest.mark.soak,
    pytest.mark.timeout(0),
    pytest.mark.skipif("bookworm" not in ASKED, reason="boots a whole Debian 12, for two minutes: make boots"),
    pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="lends the box its libraries: Debian 12's Python 3.11"),
]

ROOT = Path(__file__).parents[2]
SITE = Path(sysconfig.get_path("purelib"))
LIBRARIES = ("msgspec", "nacl", "cffi", "_cffi_backend*.so", "yaml", "_yaml", "paho", "pycparser", "tzdata", "rich",
             "pygments", "markdown_it", "mdurl")  # fmt: skip
UNITS = ("keng-node.service", "keng-fetch.service", "keng-update.service", "keng-update.path", "keng-update.timer",
         "keng-update-boot.service", "keng-node-restart.path", "keng-node-restart.service",
         "keng-releases.service")  # fmt: skip
SHORT = "s/STEADY_S = 120.0/STEADY_S = 10.0/; s/START_S = 90.0/START_S = 15.0/"
WITHIN_S = 120.0
STUB = """#!/usr/bin/python3
import json, os, socket, sys, time
version, bad = {version!r}, {bad!r}
if sys.argv[1] == "doctor":
    sys.exit(0)
if bad:
    sys.exit(1)
to = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
to.sendto(b"READY=1", os.environ["NOTIFY_SOCKET"])
file = os.environ["RUNTIME_DIRECTORY"] + "/health.json"
while True:
    word = {{"version": version, "run": str(os.getpid()), "at_s": time.monotonic(), "heard": True}}
    open(file + ".new", "w").write(json.dumps(word))
    os.chmod(file + ".new", 0o644)
    os.replace(file + ".new", file)
    to.sendto(b"WATCHDOG=1", os.environ["NOTIFY_SOCKET"])
    time.sleep(1)  # a node says so each ten
"""
INSTALL = """set -e
here="$(cd "$(dirname "$0")/.." && pwd)"
to="${@: -1}"
mkdir -p "$to/bin" "$to/lib/python3.11"
tar -C "$to/lib/python3.11" -xf "$here/site.tar"
cp -r "$here"/keng-*.dist-info "$to/lib/python3.11/site-packages/"
ln -s /usr/bin/python3 "$to/bin/python"
printf 'home = /usr/bin\\n' >"$to/pyvenv.cfg"
install -m 755 "$here/keng-node" "$to/bin/keng-node"
printf '#!%s/bin/python\\nimport sys\\nfrom broker.cli import main\\nsys.exit(main())\\n' "$to" >"$to/bin/keng"
chmod 755 "$to/bin/keng"
"""
AUTHORITY = """cd /etc/keng && exec >/dev/null 2>&1
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 3000 -subj /CN=ca
openssl req -newkey rsa:2048 -nodes -keyout console.key -out csr -subj /CN=xa
echo subjectAltName=IP:127.0.0.1 >names
openssl x509 -req -in csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 300 -extfile names -out console.crt
chmod 600 ./*.key && chown keng password"""
NODE = """node: thon-1
hamlet: thon-1
commune: cong-lac
broker: {host: 127.0.0.1, port: 8883, password_file: /etc/keng/password, ca_file: /etc/keng/ca.crt}
panel: {factory: mock, buttons: [{name: security, pin: 17}]}
speaker: {adapter: wav, wav: /tmp/gong.wav}
"""


def a_bundle(folder: Path, version: str, *, bad: bool = False) -> Path:
    """A signed release with this house's own updater in it."""
    site, info = folder / "site-packages", folder / f"keng-{version}.dist-info"
    (folder / "deploy").mkdir(parents=True)
    site.mkdir()
    for name in LIBRARIES:
        for path in SITE.glob(name):
            shutil.copytree(path, site / path.name) if path.is_dir() else shutil.copy(path, site)
    for room in ("node", "wire", "patterns", "broker"):
        shutil.copytree(ROOT / room, site / room, ignore=shutil.ignore_patterns("console", "data", "__pycache__"))
    words = ["tar", "--sort=name", "--mtime=@0", "-C", folder, "-cf", folder / "site.tar", "site-packages"]
    subprocess.run(words, check=True)
    shutil.rmtree(site)
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: keng\nVersion: {version}\n")
    (folder / "deploy/node.sh").write_text(INSTALL)
    (folder / "keng-node").write_text(STUB.format(version=version, bad=bad))
    files = {
        str(path.relative_to(folder)): {
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "bytes": path.stat().st_size,
        }
        for path in folder.rglob("*")
        if path.is_file()
    }
    manifest = {"format": 1, "version": version, "targets": {"bookworm-amd64": {}}, "files": files}
    (folder / MANIFEST).write_text(json.dumps(manifest))
    (folder / SIGNATURE).write_text(signed((folder / MANIFEST).read_bytes(), KEY))
    return folder


class Box:
    """A machine that is a box and its commune's outlet in one, with 0.1.0 on it."""

    def __init__(self, machine: Machine, folder: Path) -> None:
        self.machine, self.folder, self.disk = machine, folder, machine.disk
        machine.boot()
        machine.run("apt-get update -qq && apt-get install -y -qq --no-install-recommends python3 openssl")
        machine.run("useradd --system --user-group keng && for one in gpio audio i2c; do groupadd -f $one; done")
        etc, units, first = self.disk / "etc/keng", self.disk / "etc/systemd/system", "/opt/keng/versions/0.1.0"
        etc.mkdir()
        for name, text in (("release.pub", KEY.public), ("node.yaml", NODE), ("password", "x\n")):
            (etc / name).write_text(text)
        (script := self.disk / "root/authority").write_text(AUTHORITY)
        machine.run(f"bash /root/{script.name}")
        shutil.copytree(a_bundle(folder / "first", "0.1.0"), self.disk / first[1:] / "bundle")
        machine.run(f"bash {first}/bundle/deploy/node.sh {first}/program && touch {first}/.complete")
        machine.run("cd /opt/keng && for one in current good; do ln -s versions/0.1.0 $one; done")
        machine.run("ln -s current/program/bin /opt/keng/bin")
        for unit in UNITS:
            shutil.copy(ROOT / "systemd" / unit, units)
        (units / "keng-node.service.d").mkdir()
        (units / "keng-node.service.d/here.conf").write_text("[Service]\nDevicePolicy=auto\n")
        started = " ".join(unit for unit in UNITS if unit not in ("keng-fetch.service", "keng-update.service"))
        started = started.replace("keng-node-restart.service", "")
        machine.run(f"systemctl daemon-reload && systemctl enable -q {started}")
        machine.run("systemctl start keng-node keng-update.path keng-node-restart.path keng-releases")

    def permit(self, version: str, offer: str, *, bad: bool = False) -> None:
        """The commune lays a release out, and the node may install it."""
        bundle = a_bundle(self.folder / version, version, bad=bad)
        shutil.copytree(bundle, self.disk / "var/lib/keng-releases" / version)
        self.machine.run("chmod -R a+rX /var/lib/keng-releases")
        good = "/opt/keng/good/program/lib/python3.11/site-packages/node/update/trial.py"
        self.machine.run(f"sed -i '{SHORT}' {good}")
        digest = hashlib.sha256((bundle / MANIFEST).read_bytes()).hexdigest()
        release = {"version": version, "manifest": digest, "port": 8445}
        permitted = json.dumps({"offer": offer, "release": release, "hosts": ["127.0.0.1"]})
        write = f"printf '%s' '{permitted}' >/run/keng-node/p && mv /run/keng-node/p /run/keng-node/permit.json"
        eventually(lambda: self.machine.run(write, check=False).returncode == 0, 30)

    def told(self) -> str:
        """How far the updater is."""
        done = self.machine.run("cat /var/lib/keng-update/told.json", check=False)
        if not done.stdout:
            return ""
        word = json.loads(done.stdout)
        return f"{word['version']} {word['state']} {word['why']}".strip()

    def runs(self) -> str:
        """The version that says how it is now."""
        done = self.machine.run("cat /run/keng-node/health.json", check=False)
        return str(json.loads(done.stdout)["version"]) if done.stdout else ""


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    try:
        with Ground() as ground:
            yield Box(ground.machine("hop", "bookworm"), tmp_path_factory.mktemp("releases"))
    except NotPermitted as why:
        pytest.skip(str(why))


def test_a_good_version_is_fetched_tried_and_kept(box: Box) -> None:
    box.permit("0.2.0", "o1")
    eventually(lambda: box.told() == "0.2.0 done", WITHIN_S)
    assert box.runs() == "0.2.0"


def test_one_that_never_starts_is_led_back_and_the_old_one_runs(box: Box) -> None:
    box.permit("0.3.0", "o2", bad=True)
    eventually(lambda: box.told() == "0.3.0 rolled_back crash", WITHIN_S)
    eventually(lambda: box.runs() == "0.2.0", 30)


def test_after_a_power_cut_in_a_trial_the_box_starts_what_was_proved(box: Box) -> None:
    box.permit("0.4.0", "o3")
    eventually(lambda: box.told() == "0.4.0 trying" and box.runs() == "0.4.0", WITHIN_S)
    box.machine.power_cut()
    box.machine.boot()
    eventually(lambda: box.runs() == "0.2.0", 30)
    assert box.told() == "0.4.0 failed power"
