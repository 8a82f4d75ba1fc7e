"""Python's libraries for another system: wheels of PyPI, held to the hashes of deploy/requirements; and the one that a
32-bit Pi can get nowhere (msgspec: neither PyPI nor Debian has it) built here from its source.

What must hold: a library comes in the version of deploy/requirements, or the bundle is not made.
"""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

from deploy.bundle.debs import HEADERS, Apt, unpack
from deploy.bundle.targets import Target

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ROOT / "deploy/requirements"
BUILD_ONLY = {"hatchling", "packaging", "pathspec", "pluggy", "setuptools", "tomlkit", "trove-classifiers"}
"""What makes wheels; a box is given wheels."""
RENDER = {"numpy", "pydub", "audioop-lts"}
"""What renders patterns: on boxes with memory for it."""
OF_DEBIAN = {"pynacl", "cffi", "pycparser", "pyyaml"}
"""On 32 bits."""
PINS = "lgpio"
LGPIO_PYTHONS = ("3.11",)
"""PyPI's wheels of it; later ones use the python3-lgpio that Raspberry Pi OS has."""
COMPILER = "arm-linux-gnueabihf-gcc"
COMPILER_PACKAGE = "gcc-arm-linux-gnueabihf"
MODULE = "msgspec"


def locked(lock: Path) -> dict[str, str]:
    """Name and its lines with version and hashes."""
    found: dict[str, str] = {}
    for block in re.split(r"\n(?=[A-Za-z])", lock.read_text("utf-8")):
        if not block.startswith("#"):
            found[re.split(r"[=<> \[]", block, maxsplit=1)[0].lower()] = block
    return found


def fetch(target: Target, to: Path, work: Path) -> None:
    """Wheels for it into `to`/wheels/…: `any`, TARGET and TARGET-render."""
    blocks = {**locked(LOCKS / "pi-render.txt"), **locked(LOCKS / "render.txt")}
    wanted = set(blocks) - BUILD_ONLY - {PINS}
    if target.small:
        wanted -= OF_DEBIAN | RENDER | {MODULE}
    here = work / f"wheels-{target.name}"
    _download(target, [blocks[name] for name in sorted(wanted)], here)
    if target.python in LGPIO_PYTHONS and target.arch != "amd64":
        _download(target, [blocks[PINS]], here)
    if target.small:
        build(target, blocks[MODULE], here, work)
    for wheel in sorted(here.glob("*.whl")):
        name = wheel.name.split("-")[0].lower().replace("_", "-")
        place = f"{target.name}-render" if name in RENDER else "any" if wheel.stem.endswith("-any") else target.name
        _put(wheel, to / "wheels" / place)


def tools(to: Path, python: Path) -> str:
    """pip, and the program itself as a wheel made by `python`; its version."""
    place = to / "wheels/any"
    place.mkdir(parents=True, exist_ok=True)
    _pip(
        "download",
        "--no-deps",
        "--only-binary",
        ":all:",
        "--require-hashes",
        "-r",
        Path(__file__).with_name("pip.txt"),
        "-d",
        place,
    )
    _run(python, "-m", "pip", "wheel", "--quiet", "--no-deps", "--disable-pip-version-check", "-w", place, ROOT)
    (own,) = place.glob("keng-*.whl")
    return own.name.split("-")[1]


def need_compiler() -> None:
    """OSError, whose words say what to do, where there is none for 32 bits."""
    if shutil.which(COMPILER) is None:
        raise OSError(
            f"Thiếu trình dịch cho máy 32-bit. Hãy cài: sudo apt install {COMPILER_PACKAGE}, hoặc --targets "
            f"bookworm-arm64,trixie-arm64\nThe 32-bit compiler is missing: sudo apt install {COMPILER_PACKAGE}, or "
            "leave 32-bit systems out by --targets"
        )


def build(target: Target, block: str, to: Path, work: Path) -> Path:
    """msgspec for a 32-bit Pi: one file of C, with Debian 12's library and the target's own Python headers."""
    need_compiler()
    sources = work / "source"
    sources.mkdir(parents=True, exist_ok=True)
    _pip(
        "download", "--no-deps", "--no-binary", ":all:", "--require-hashes", "-r", _listed([block], work), "-d", sources
    )
    (archive,) = sources.glob(f"{MODULE}-*.tar.gz")
    version = archive.name.removesuffix(".tar.gz").split("-")[1]
    tree = _sources(archive, f"{MODULE}-{version}/src/{MODULE}/", sources / MODULE)
    system = _system(target, work)
    module = work / f"_core-{target.name}.so"
    include = system / "usr/include"
    _run(
        COMPILER, f"--sysroot={system}", "-shared", "-fPIC", "-O2", "-DNDEBUG", f"-I{include}/python{target.python}",
        f"-I{include}", f"-I{include}/arm-linux-gnueabihf", tree / "_core.c", "-o", module, "-lm",
    )  # fmt: skip
    return _wheel(target, version, tree, module, to)


def _sources(archive: Path, below: str, to: Path) -> Path:
    """The files of one folder of it."""
    to.mkdir(exist_ok=True)
    with tarfile.open(archive) as opened:
        for member in opened:
            name = member.name.removeprefix(below)
            file = opened.extractfile(member) if member.isfile() and name != member.name and "/" not in name else None
            if file is not None:
                (to / name).write_bytes(file.read())
    return to


def _system(target: Target, work: Path) -> Path:
    root = work / f"system-{target.name}"
    oldest = Apt(Target("bookworm", target.arch), work)
    unpack(oldest.exactly(HEADERS, root / "debs-c"), root)
    own = oldest if target.suite == "bookworm" else Apt(target, work)
    unpack(own.exactly((f"libpython{target.python}-dev",), root / "debs-python"), root)
    return root


def _wheel(target: Target, version: str, tree: Path, module: Path, to: Path) -> Path:
    short = target.python.replace(".", "")
    tag = f"cp{short}-cp{short}-linux_armv7l"
    info = f"{MODULE}-{version}.dist-info"
    files = {
        f"{MODULE}/{path.name}": path.read_bytes()
        for path in sorted(tree.iterdir())
        if path.suffix in (".py", ".pyi", ".typed")
    }
    files[f"{MODULE}/_core.cpython-{short}-arm-linux-gnueabihf.so"] = module.read_bytes()
    files[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: {MODULE}\nVersion: {version}\n".encode()
    files[f"{info}/WHEEL"] = f"Wheel-Version: 1.0\nGenerator: keng\nRoot-Is-Purelib: false\nTag: {tag}\n".encode()
    lines = [f"{name},sha256={_short(data)},{len(data)}" for name, data in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*lines, f"{info}/RECORD,,", ""]).encode()
    wheel = to / f"{MODULE}-{version}-{tag}.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in files.items():
            opened.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return wheel


def _short(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def _download(target: Target, blocks: list[str], to: Path) -> None:
    to.mkdir(parents=True, exist_ok=True)
    listed = _listed([re.sub(r" ;[^\\\n]*", "", block) for block in _fitting(target, blocks)], to)
    _pip(
        "download", "--no-deps", "--only-binary", ":all:", "--require-hashes", *target.pip, "-r", listed, "-d", to,
    )  # fmt: skip


def _fitting(target: Target, blocks: list[str]) -> list[str]:
    """Without what the lock has for another Python: pip would look at the markers of its own."""
    newer = target.python != "3.11"
    return [block for block in blocks if newer or "python_full_version >= '3.13'" not in block]


def _listed(blocks: list[str], work: Path) -> Path:
    work.mkdir(parents=True, exist_ok=True)
    path = work / "wanted.txt"
    path.write_text("\n".join(block.strip() for block in blocks) + "\n", "utf-8")
    return path


def _put(wheel: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(wheel, folder / wheel.name)


def _pip(*words: object) -> None:
    _run(sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *words)


def _run(*words: object) -> None:
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        raise OSError(f"{words[0]}: {(done.stderr or done.stdout).strip()[-2000:]}")
