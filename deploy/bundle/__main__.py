"""Makes the bundle: `bash deploy/bundle.sh [DIR] [--targets trixie-arm64,…]`. Needs internet; the boxes then do not.

What must hold: DIR is whole or as it was before; each step is told with its number, time and size.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from deploy.bundle import debs, manifest, wheels
from deploy.bundle.targets import USUAL, Target, target_of

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = (
    "lib.sh",
    "node.sh",
    "offline.sh",
    "versions.sh",
    "layout.sh",
    "card/readonly-root",
    "BUNDLE.md",
    "node.yaml",
    "bundle/manifest.py",
)
"""Of deploy/, where they are there."""
ENTRIES = ("install.sh", "first-boot.sh")
"""deploy/bundle/NAME becomes NAME."""
OF_COMMUNE = tuple(
    f"keng-{name}"
    for name in ("commune", "broker", "console", "certificate", "backup", "firewall", "releases", "mosquitto")
)
"""Units that no box has."""
MB = 1e6


def make(to: Path, targets: list[Target], python: Path, say: Callable[[str, str], None]) -> dict[str, object]:
    """The whole; what is in it. OSError, subprocess.CalledProcessError."""
    to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".keng-bundle-", dir=to.parent) as name:
        new, work = Path(name) / "new", Path(name) / "work"
        new.mkdir()
        work.mkdir()
        say("chương trình và các lệnh cài", "the program and its scripts")
        scripts(new)
        version = wheels.tools(new, python)
        say("âm thanh kẻng", "the gong's patterns")
        patterns(new, python)
        for target in targets:
            say(
                f"{target.name}: thư viện Python {target.python}",
                f"{target.name}: libraries for Python {target.python}",
            )
            wheels.fetch(target, new, work)
            say(f"{target.name}: gói Debian", f"{target.name}: Debian packages")
            wanted = (*debs.WANTED, debs.SOUND[target.suite], *(debs.SMALL if target.small else ()))
            debs.Apt(target, work).fetch(wanted, new / "debs" / target.name)
        say("mã kiểm tra", "checksums")
        made = manifest.write(new, version, {target.name: {"python": target.python} for target in targets})
        for path in new.rglob("*"):
            path.chmod(0o755 if path.is_dir() or path.suffix == ".sh" else 0o644)
        new.chmod(0o755)
        old = Path(name) / "old"
        if to.exists():
            to.rename(old)
        new.rename(to)
    return made


def scripts(to: Path) -> None:
    """What runs on the box, and its units."""
    for name in ENTRIES:
        shutil.copyfile(ROOT / "deploy/bundle" / name, to / name)
    for name in SCRIPTS:
        if (ROOT / "deploy" / name).exists():
            (to / "deploy" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / "deploy" / name, to / "deploy" / name)
    (to / "systemd").mkdir()
    for path in (ROOT / "systemd").iterdir():
        if not path.name.startswith(OF_COMMUNE):
            shutil.copyfile(path, to / "systemd" / path.name)


def patterns(to: Path, python: Path) -> None:
    """Every built-in pattern, rendered."""
    (to / "patterns").mkdir()
    command: list[str | Path] = [python, "-P", "-m", "patterns.prepare", "builtins", to / "patterns"]
    subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own words


def main() -> int:
    """The command; its exit code."""
    parser = argparse.ArgumentParser(
        prog="bash deploy/bundle.sh", description="Tạo bộ cài cho hộp kẻng. / Make the boxes' bundle."
    )
    parser.add_argument(
        "folder", type=Path, nargs="?", default=Path("keng-bundle"), metavar="DIR", help="(keng-bundle)"
    )
    parser.add_argument("--targets", default=",".join(USUAL), metavar="LIST", help=f"({','.join(USUAL)})")
    parser.add_argument("--python", type=Path, default=Path(sys.executable), help=argparse.SUPPRESS)
    args = parser.parse_args()
    try:
        targets = [target_of(name) for name in args.targets.split(",")]
    except ValueError as error:
        print(
            f"--targets: không có hệ nào tên “{error}”. / No such system: {error}. Ví dụ / example: trixie-arm64",
            file=sys.stderr,
        )
        return 2
    to = args.folder.absolute()
    if to.exists() and manifest.read(to) is None and any(to.iterdir()):
        print(
            f"{to}: đã có và không phải bộ cài; không ghi đè. / It exists and is no bundle; not overwritten.",
            file=sys.stderr,
        )
        return 1
    began, steps, number = time.monotonic(), 3 + 2 * len(targets), 0

    def say(vi: str, en: str) -> None:
        nonlocal number
        number += 1
        print(f"[{number}/{steps}] {time.monotonic() - began:4.0f} s  {vi} / {en}…", file=sys.stderr, flush=True)

    try:
        if any(target.small for target in targets):
            wheels.need_compiler()
        made = make(to, targets, args.python, say)
    except (OSError, subprocess.CalledProcessError) as error:
        why = getattr(error, "stderr", None) or error
        print(f"Không tạo được bộ cài, {to} vẫn như cũ: {why}\nNo bundle was made, {to} is as it was.", file=sys.stderr)
        return 1
    total = sum(path.stat().st_size for path in to.rglob("*") if path.is_file())
    size = f"{total / MB:.0f} MB"
    print(
        f"Xong: {to}, {size}, bản {made['version']} ({str(made['build'])[:12]}). Chép thư mục này vào USB, thẻ nhớ.\n"
        f"Done: {to}, {size}, version {made['version']} ({str(made['build'])[:12]}). Copy it to a stick or card.",
        file=sys.stderr,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
