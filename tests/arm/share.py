"""What goes into a room from outside: the bundle, a box's folder, the house's tests, their tools.

What must hold: of the house go the tests and what they read, and none of node/, wire/, patterns/, broker/: there the
bundle's program alone is imported. Test tools lie in a folder of their own: the venv stays as the bundle made it.
Wheels come from PyPI, for that processor and Python, by this machine's own pip: nothing is built.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from arm.image import SUITES, cache

ROOT = Path(__file__).parents[2]
PLATFORMS = {
    "arm64": [f"manylinux_2_{minor}_aarch64" for minor in range(36, 16, -1)] + ["manylinux2014_aarch64"],
    "armhf": [f"manylinux_2_{minor}_armv7l" for minor in range(36, 16, -1)] + ["manylinux2014_armv7l"],
}
"""What wheels of Debian 12's glibc and older call it."""
TEST_TOOLS = ("pytest", "pytest-timeout", "pytest-xdist", "hypothesis")
"""NumPy and pydub are in the bundle, for 64 bits; on 32 nothing that needs them is run."""
READ_BY_TESTS = ("pyproject.toml", "systemd", "deploy", "wire/asyncapi.yaml", "README.md", "Makefile")
"""Beside tests/: what tests read as files."""
NODE = """\
node: thon-1
hamlet: thon-1
commune: cong-lac
broker: {host: 127.0.0.1, port: 8883, password_file: password, ca_file: ca.crt}
keys: {own: node.key, commune: "COMMUNE"}
panel:
  factory: mock
  buttons: [{name: security, pin: 17}, {name: fire, pin: 27, kind: fire}]
  lamps: {alert: 5, link: 6}
speaker: {adapter: alsa, device: "null"}
state_dir: /var/lib/keng-node
cache_dir: /var/cache/keng-node
"""


def box(folder: Path) -> None:
    """A box as `keng enrol` leaves it, with pins and a card that every machine has."""
    from broker.mosquitto.accounts import new_password
    from wire.signature import Signer

    folder.mkdir(parents=True)
    for name, text in {"password": new_password(), "node.key": new_key()}.items():
        (folder / name).write_text(text + "\n")
        (folder / name).chmod(0o600)
    (folder / "node.yaml").write_text(NODE.replace("COMMUNE", Signer.from_file(folder / "node.key").public))
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    words += ["-keyout", os.devnull, "-out", str(folder / "ca.crt"), "-days", "30", "-subj", "/CN=CA of a room"]
    subprocess.run(words, check=True, capture_output=True)
    said = {"format": 1, "node": "thon-1", "hamlet": "thon-1", "commune": "cong-lac", "layout": "plain",
            "hostname": "keng-thon-1", "zone": "Asia/Ho_Chi_Minh"}  # fmt: skip
    (folder / "box.json").write_text(json.dumps(said) + "\n")


def new_key() -> str:
    """A private key as a node's file has it."""
    import base64
    import secrets

    from wire.signature import KEY_BYTES

    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def bundle(archs: list[str], suites: list[str]) -> Path:
    """The offline bundle of this very checkout, by deploy/bundle.sh; kept until either changes."""
    targets = ",".join(f"{suite}-{arch}" for suite in suites for arch in archs)
    place = cache() / f"bundle-{hashlib.sha256(f'{checkout_sum()} {targets}'.encode()).hexdigest()[:10]}"
    if not (place / "manifest.json").exists():
        for older in place.parent.glob("bundle-*"):
            shutil.rmtree(older)
        sys.stderr.write(f"… the bundle for {targets}\n")
        subprocess.run(["bash", "deploy/bundle.sh", str(place), "--targets", targets], cwd=ROOT, check=True)
    return place


def checkout_sum() -> str:
    """Changes with all that a bundle holds."""
    one = hashlib.sha256()
    for path in sorted(path for name in ("node", "broker", "patterns", "wire", "deploy", "systemd", "pyproject.toml")
                       for path in (files(ROOT / name))):  # fmt: skip
        one.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return one.hexdigest()


def files(place: Path) -> list[Path]:
    """A file, or all below a folder that a person wrote."""
    if place.is_file():
        return [place]
    return [path for path in place.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def tools(suite: str, arch: str) -> Path:
    """A folder to put on PYTHONPATH, kept: test tools for that processor and Python."""
    named = hashlib.sha256(" ".join(TEST_TOOLS).encode()).hexdigest()[:10]
    place = cache() / f"tools-{SUITES[suite]}-{arch}-{named}"
    if place.exists():
        return place
    draft = place.with_name(f"{place.name}.{os.getpid()}")
    words = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", str(draft)]
    words += [word for name in PLATFORMS[arch] for word in ("--platform", name)]
    if SUITES[suite] != platform.python_version()[:4]:
        words.append("--no-compile")  # this Python's byte code is of no use to that one
    words += ["--only-binary", ":all:", "--implementation", "cp", "--python-version", SUITES[suite]]
    sys.stderr.write(f"… test tools for Python {SUITES[suite]} on {arch}\n")
    try:
        subprocess.run([*words, *TEST_TOOLS], check=True)
        draft.rename(place)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return place


def house(folder: Path) -> None:
    """The tests, and what they read."""
    folder.mkdir(parents=True)
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "tests", *READ_BY_TESTS],
                            cwd=ROOT, check=True, capture_output=True, text=True)  # fmt: skip
    for name in listed.stdout.split("\n"):
        source, target = ROOT / name, folder / name
        if name and source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)


def desk(folder: Path) -> None:
    """What is run inside beside the tests: this folder's scripts that say "Inside:", and settings for the doctor."""
    folder.mkdir(parents=True)
    for name in ("rendered.py", "loaded.py"):
        shutil.copy2(Path(__file__).with_name(name), folder / name)
    box(folder / "box")
    for path in (folder / "box").iterdir():
        path.rename(folder / path.name)
