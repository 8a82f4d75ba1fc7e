"""deploy/layout.sh: a read-only card with a data partition, the plain layout, the way back; on disks of their own."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.disks import MIB

DEPLOY = Path(__file__).parents[2] / "deploy"
SCRIPT = DEPLOY / "layout.sh"
GENERATOR = Path("/usr/lib/systemd/system-generators/systemd-fstab-generator")
CONTAINER = bool(os.statvfs("/sys").f_flag & os.ST_RDONLY)
FSTAB = """\
proc            /proc           proc    defaults          0       0
PARTUUID=7351b90c-01  /boot/firmware  vfat    defaults          0       2
PARTUUID=7351b90c-02  /               ext4    defaults,noatime  0       1
"""  # of Raspberry Pi OS, Bookworm and Trixie
SBIN = "/usr/sbin:/sbin"
TIMERS = ("apt-daily.timer", "apt-daily-upgrade.timer", "man-db.timer")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk of a test's own")


def run(*words: object) -> "subprocess.CompletedProcess[str]":
    path = f"{os.environ.get('PATH', '')}:{SBIN}"
    return subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "PATH": path},
    )  # fmt: skip


def layout(root: Path, *words: object) -> str:
    done = run("bash", SCRIPT, "--root", root, *words)
    assert done.returncode == 0, done.stderr
    return done.stderr


def snapshot(root: Path) -> dict[str, str]:
    found = {}
    for path in sorted(root.rglob("*")):
        name = str(path.relative_to(root))
        found[name] = f"-> {path.readlink()}" if path.is_symlink() else path.read_text() if path.is_file() else "/"
    return found


@pytest.fixture
def system(tmp_path: Path) -> Path:
    """The folders of a Raspberry Pi OS that matter here."""
    root = tmp_path / "root"
    (root / "etc/keng").mkdir(parents=True)
    (root / "etc/systemd/system").mkdir(parents=True)
    (root / "usr/local/lib").mkdir(parents=True)
    for folder in ("var/lib/keng-node", "var/cache/keng-node", "var/lib/keng-update"):
        (root / folder).mkdir(parents=True)
    (root / "etc/fstab").write_text(FSTAB)
    (root / "etc/keng/node.yaml").write_text("node: thon-1\nlayout: plain\n")
    return root


def test_read_only_and_back_leaves_the_system_as_it_came(system: Path) -> None:
    before = snapshot(system)
    layout(system, "readonly")
    once = snapshot(system)
    assert "layout: readonly" in once["etc/keng/node.yaml"]
    assert once["etc/systemd/system/apt-daily.timer"] == "-> /dev/null"
    layout(system, "readonly")
    assert snapshot(system) == once, "run twice, it changes nothing"
    layout(system, "off")
    assert snapshot(system) == before


def test_from_one_layout_to_the_other_and_again(system: Path) -> None:
    layout(system, "plain")
    plain = snapshot(system)
    assert plain["etc/fstab"] == FSTAB
    assert "Storage=volatile" in plain["etc/systemd/journald.conf.d/60-keng.conf"]
    for timer in TIMERS:
        hours = re.findall(r"OnCalendar=.* (\d\d):", plain[f"etc/systemd/system/{timer}.d/60-keng.conf"])
        assert hours == ["09"], "in the morning, never at the hour of the curfew"
    layout(system, "readonly")
    layout(system, "plain")
    assert snapshot(system) == plain


def test_a_table_that_a_person_changed_is_kept_aside(system: Path) -> None:
    layout(system, "readonly")
    with (system / "etc/fstab").open("a") as file:
        file.write("LABEL=photos /srv ext4 defaults 0 2\n")
    assert "sửa tay" in layout(system, "off")
    assert (system / "etc/fstab").read_text() == FSTAB
    assert "photos" in (system / "etc/fstab.keng-readonly").read_text()


@pytest.mark.skipif(not GENERATOR.exists(), reason="systemd's fstab generator is not installed")
@pytest.mark.skipif(CONTAINER, reason="/sys is read-only: systemd takes this for a container, and mounts no disk")
def test_systemd_mounts_the_root_read_only_and_starts_without_a_data_partition(system: Path, tmp_path: Path) -> None:
    layout(system, "readonly")
    out = tmp_path / "units"
    out.mkdir()
    environment = {**os.environ, "SYSTEMD_FSTAB": str(system / "etc/fstab"), "SYSTEMD_PROC_CMDLINE": "root=/dev/x"}
    subprocess.run([GENERATOR, out, out, out], env=environment, check=True, capture_output=True)
    options = {path.name: re.findall(r"^Options=(.*)$", path.read_text(), re.M) for path in out.glob("*.mount")}
    assert options["-.mount"] == ["ro,noatime"]
    assert options["boot-firmware.mount"][0].split(",")[0] == "ro"
    [data] = options["var-lib-keng\\x2dnode.mount"]
    assert {"errors=remount-ro", "noatime", "nofail"} <= set(data.split(","))
    assert not (out / "local-fs.target.requires" / "var-lib-keng\\x2dnode.mount").is_symlink(), "it would halt the boot"
    for bind in ("var-cache-keng\\x2dnode.mount", "var-lib-keng\\x2dupdate.mount"):
        assert {"bind", "nofail"} <= set(options[bind][0].split(","))
        assert "RequiresMountsFor=/var/lib/keng-node" in (out / bind).read_text()
    unit = (out / "var-lib-keng\\x2dnode.mount").read_text()
    assert "After=keng-readonly.service" in unit and "fsck" not in unit


# -- disks


needs_sfdisk = pytest.mark.skipif(not shutil.which("sfdisk", path=SBIN), reason="sfdisk is not installed")


def card_of(folder: Path, mib: int, table: str) -> Path:
    """A card's image, with sfdisk's `table` of partitions."""
    card = folder / "card.img"
    with card.open("wb") as file:
        file.truncate(mib * MIB)
    words = [str(shutil.which("sfdisk", path=SBIN)), "--quiet", card]
    subprocess.run(words, input=table, text=True, check=True, stdout=subprocess.DEVNULL)
    return card


@needs_sfdisk
def test_a_card_that_was_just_written_gets_a_data_partition_at_its_end(tmp_path: Path) -> None:
    card = card_of(tmp_path, 700, "label: dos\nstart=4MiB, size=64MiB, type=c\nstart=68MiB, size=128MiB, type=83\n")
    said = run("bash", SCRIPT, "card", card)
    assert said.returncode == 0, said.stderr
    first, second, third = re.findall(r"start= *(\d+), size= *(\d+)", run("sfdisk", "--dump", card).stdout)
    assert (first, second) == (("8192", "131072"), ("139264", "262144")), "what was there is as it was"
    assert int(third[0]) % 8192 == 0 and int(third[1]) == 256 * 2048
    assert int(third[0]) + int(third[1]) <= 700 * 2048
    part = tmp_path / "part.img"
    with card.open("rb") as whole, part.open("wb") as file:
        whole.seek(int(third[0]) * 512)
        shutil.copyfileobj(whole, file)
    assert "keng-data" in run("blkid", "-p", part).stdout
    assert run("e2fsck", "-fn", part).returncode == 0
    table_now = run("sfdisk", "--dump", card).stdout
    assert "third partition already" in run("bash", SCRIPT, "card", card).stderr
    assert run("sfdisk", "--dump", card).stdout == table_now
    with card.open("r+b") as file:  # as it is where the power goes between the partition and its file system
        file.seek(int(third[0]) * 512)
        file.write(bytes(MIB))
    assert run("bash", SCRIPT, "card", card).returncode == 0
    assert run("sfdisk", "--dump", card).stdout == table_now
    assert "keng-data" in run("blkid", "-p", "-O", int(third[0]) * 512, card).stdout


def test_a_table_whose_writing_was_cut_off_is_made_of_the_systems_own(system: Path) -> None:
    (system / "etc/fstab.keng-before.keng-new").write_text("proc")  # half of it
    (system / "etc/fstab.keng-new").write_text("PART")
    layout(system, "readonly")
    assert (system / "etc/fstab.keng-before").read_text() == FSTAB
    layout(system, "off")
    assert (system / "etc/fstab").read_text() == FSTAB


@needs_sfdisk
def test_a_card_without_room_is_refused_with_three_ways_out(tmp_path: Path) -> None:
    card = card_of(tmp_path, 100, "label: dos\nstart=4MiB, size=90MiB, type=83\n")
    done = run("bash", SCRIPT, "card", card)
    assert done.returncode == 1 and "(3) dùng cách thường" in done.stderr


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """A root file system on a card of its own, mounted read-only, as a box finds it when it starts."""
    card, place = tmp_path / "card.img", tmp_path / "root"
    with card.open("wb") as file:
        file.truncate(24 * MIB)
    assert run("mkfs.ext4", "-q", card).returncode == 0
    place.mkdir()
    if (done := run("mount", "-o", "loop", card, place)).returncode:
        pytest.skip(f"no loop device here: {done.stderr.strip()}")
    try:
        for folder in ("etc", "var/lib/keng-node", "home", "root", "run", "proc", "sys", "dev", "bin", "lib", "lib64"):
            (place / folder).mkdir(parents=True)
        (place / "root").chmod(0o700)
        (place / "etc/hostname").write_text("thon-1\n")
        assert run("mount", "-o", "remount,ro", place).returncode == 0
        yield place
    finally:
        run("umount", "-R", "-l", place)


def written(place: Path) -> int:
    """Sectors, by the kernel's count, of the card below the mount."""
    device = run("findmnt", "-n", "-o", "SOURCE", "--mountpoint", place).stdout.split()[0]
    run("sync", "-f", place)
    return int(Path("/sys/block", Path(device).name, "stat").read_text().split()[6])


@needs_root
def test_on_a_read_only_card_everything_may_be_written_and_nothing_reaches_the_card(root: Path) -> None:
    before = written(root)
    run("mount", "-t", "tmpfs", "tmpfs", root / "run")
    assert run("bash", DEPLOY / "card/readonly-root", root).returncode == 0
    assert run("bash", DEPLOY / "card/readonly-root", root).returncode == 0, "again, it changes nothing"
    (root / "etc/hostname").write_text("thon-2\n")
    (root / "var/log").mkdir()
    (root / "var/log/all").write_text("x" * 100_000)
    assert (root / "root").stat().st_mode & 0o777 == 0o700
    assert written(root) == before
    run("umount", "-R", "-l", root / "etc")
    assert (root / "etc/hostname").read_text() == "thon-1\n"


@needs_root
def test_a_box_that_cannot_be_protected_works_from_a_card_that_may_be_written(root: Path) -> None:
    assert (
        run("bash", DEPLOY / "card/readonly-root", root).returncode == 0
    )  # /run is on the card: no folder can be made
    (root / "etc/hostname").write_text("thon-2\n")
    assert not os.path.ismount(root / "var")


@needs_root
def test_a_command_may_write_for_good_and_then_the_card_is_read_only_again(root: Path) -> None:
    run("mount", "-o", "remount,rw", root)
    for file in ("/bin/sh", *re.findall(r"(/\S+)", run("ldd", "/bin/sh").stdout)):
        target = root / str(file).lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(Path(file).resolve(), target)
    run("mount", "-o", "remount,ro", root)
    run("mount", "-t", "tmpfs", "tmpfs", root / "run")
    assert run("bash", DEPLOY / "card/readonly-root", root).returncode == 0
    done = run("bash", SCRIPT, "--root", root, "with", "/bin/sh", "-c", "echo thon-3 >/etc/hostname; exit 7")
    assert done.returncode == 7, done.stderr
    under = root / "run/keng-root"
    assert (under / "etc/hostname").read_text() == "thon-3\n"
    cut = run("bash", SCRIPT, "--root", root, "with", "/bin/sh", "-c", "kill -TERM $PPID")
    assert cut.returncode == -15, "or nothing is shown here"
    assert os.statvfs(under).f_flag & os.ST_RDONLY
    assert not os.path.ismount(under / "proc")


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed")
@pytest.mark.parametrize("name", ["layout.sh", "card/readonly-root"])
def test_shellcheck_finds_nothing(name: str) -> None:
    done = subprocess.run(["shellcheck", "-x", DEPLOY / name], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
