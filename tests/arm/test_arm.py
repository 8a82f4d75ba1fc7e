"""`make arm`'s own logic: what it needs, what it tells the kernel, how it reads what its steps left."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from arm import emulation, image, report, room, share, steps

pytestmark = pytest.mark.pure

DEBIANS_ENTRY = """enabled
interpreter /usr/libexec/qemu-binfmt/aarch64-binfmt-P
flags: POCF
offset 0
magic 7f454c460201010000000000000000000200b700
mask ffffffffffffff00fffffffffffffffffeffffff
"""


def binfmt(folder: Path, entry: str | None) -> Path:
    (folder / "register").touch()
    (folder / "status").write_text("enabled\n")
    (folder / "jar").write_text("enabled\ninterpreter /usr/bin/jexec\nflags: \noffset 0\nmagic 504b0304\n")
    if entry is not None:
        (folder / "qemu-aarch64").write_text(entry)
    return folder


def test_the_entry_is_the_one_that_debian_writes(tmp_path: Path) -> None:
    assert emulation.understands("arm64", binfmt(tmp_path, DEBIANS_ENTRY))
    assert emulation.PROCESSORS["arm64"].mask.hex() in DEBIANS_ENTRY
    assert emulation.entry_of("arm64", "/usr/bin/qemu-aarch64-static") == (
        r":keng-arm64:M::\x7f\x45\x4c\x46\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00"
        r":\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:/usr/bin/qemu-aarch64-static:F"
    )


@pytest.mark.parametrize(
    "entry", [None, DEBIANS_ENTRY.replace("enabled", "disabled"), DEBIANS_ENTRY.replace("POCF", "POC"),
              DEBIANS_ENTRY.replace("b700", "2800")],
    ids=["none", "switched off", "of no use in a chroot", "another processor's"],
)  # fmt: skip
def test_no_other_entry_will_do(tmp_path: Path, entry: str | None) -> None:
    assert not emulation.understands("arm64", binfmt(tmp_path, entry))


def test_a_machine_that_has_everything_lacks_nothing(tmp_path: Path) -> None:
    assert emulation.lacking(["arm64"], lambda name: f"/usr/bin/{name}", 0, binfmt(tmp_path, None)) == []


def test_each_thing_that_is_missing_is_a_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    said = emulation.lacking(["arm64", "armhf"], lambda _: None, 1000, tmp_path / "nothing")
    assert len(said) == 1 + len(emulation.PROGRAMS) + 2 * 2
    assert all("sudo" in one for one in said)
    assert any("qemu-arm-static" in one and "apt install qemu-user-static" in one for one in said)


def test_another_recipe_is_another_debian(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KENG_MIRROR", "http://somewhere")  # apt is not asked
    names = {
        image.named(suite, arch, kind)
        for suite in image.SUITES
        for arch in ("arm64", "armhf")
        for kind in ("bare", "tools")
    }
    assert len(names) == 8
    assert all(name.endswith(".tar") for name in names)


def test_what_is_kept_lies_outside_the_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KENG_CACHE", "/somewhere")
    assert image.cache() == Path("/somewhere/arm")
    monkeypatch.delenv("KENG_CACHE")
    assert not image.cache().is_relative_to(share.ROOT)


def test_no_package_of_ours_goes_in_with_the_tests() -> None:
    """Or it is not the bundle's program that is tested."""
    packages = {"node", "wire", "patterns", "broker"}
    assert not [name for name in share.READ_BY_TESTS if name in packages or name.endswith(".py")]


def test_a_step_sees_the_room_and_its_own_environment_alone(tmp_path: Path) -> None:
    says = 'echo "$(pwd) $KENG_SLOW $HOME ${KENG_SOAK-none} $1"'
    step = room.Step("one", ["sh", "-c", says, "sh", "a b"], 10, {"KENG_SLOW": "8"}, "/tmp")
    words = room.words_of(step, tmp_path)
    assert words[:2] == ["chroot", str(tmp_path)]
    environment = {"KENG_SOAK": "1", "HOME": "/home/somebody"}
    said = subprocess.run(words[2:], capture_output=True, text=True, check=True, env=environment)
    assert said.stdout == "/tmp 8 /root none a b\n"


def test_qemu_is_told_which_core_to_be_and_a_step_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or each call of a program of Debian 13 is signed in software: it takes five times as long."""
    foreign = "arm64" if not emulation.native("arm64") else "armhf"
    told = emulation.environment(foreign)
    assert told == {"QEMU_CPU": emulation.PROCESSORS[foreign].cpu}
    monkeypatch.setenv(*next(iter(told.items())))
    assert f"QEMU_CPU={told['QEMU_CPU']}" in room.words_of(room.Step("one", ["true"]), tmp_path)
    monkeypatch.delenv("QEMU_CPU")
    assert not [word for word in room.words_of(room.Step("one", ["true"]), tmp_path) if "QEMU" in word]


def test_what_is_laid_over_a_debian_leaves_its_links(tmp_path: Path) -> None:
    (root := tmp_path / "root").mkdir()
    (root / "usr/lib").mkdir(parents=True)
    (root / "lib").symlink_to("usr/lib")
    (files := tmp_path / "files/lib").mkdir(parents=True)
    (files / "ld.so").write_text("x")
    subprocess.run(["tar", "-C", files.parent, "-cf", tmp_path / "over.tar", "."], check=True)
    assert room.run(room.Step("tools", [], over=str(tmp_path / "over.tar")), root, tmp_path, words=["true"]).code == 0
    assert (root / "lib").is_symlink() and (root / "usr/lib/ld.so").exists()


def test_a_step_that_does_not_end_is_ended_and_counts_as_failed(tmp_path: Path) -> None:
    done = room.run(room.Step("forever", [], 1), tmp_path, tmp_path, words=[sys.executable, "-c", "while True: pass"])
    assert done.code == room.TIMED_OUT


JUNIT = """<?xml version="1.0"?><testsuites><testsuite>
<testcase classname="tests.node.test_a" name="test_1"/><testcase classname="tests.node.test_a" name="test_2"/>
<testcase classname="tests.node.test_b" name="test_3[x]"><failure message="no"/></testcase>
<testcase classname="tests.node.test_b" name="test_4"><skipped message="no  card
here"/></testcase></testsuite></testsuites>"""


def test_what_pytest_left_is_counted(tmp_path: Path) -> None:
    (tmp_path / "pure.xml").write_text(JUNIT)
    row = steps.row({"name": "pure", "code": 1, "took_s": 12.4, "cpu_s": 9.0}, tmp_path)
    assert row["result"] == "2 passed, 1 failed, 1 skipped; exit code 1"
    assert (row["failed"], row["skipped"]) == (["tests/node/test_b.py::test_3[x]"], {"no card here": 1})


def test_tests_that_did_not_come_to_their_end_have_not_passed(tmp_path: Path) -> None:
    assert steps.tested(tmp_path / "pure.xml").failed
    assert (
        steps.row({"name": "pure", "code": 124, "took_s": 1800.0, "cpu_s": 9.0}, tmp_path)["result"] == "exit code 124"
    )


def test_the_doctors_signs_are_counted(tmp_path: Path) -> None:
    (tmp_path / "doctor.log").write_text("✓ Settings\n✓ Pins\n! Clock\n✗ Card\n")
    row = steps.row({"name": "doctor", "code": 1, "took_s": 3.0, "cpu_s": 2.0}, tmp_path)
    assert row["result"] == "2 ✓, 1 !, 1 ✗; exit code 1"


def test_a_row_stays_until_its_room_has_run_again(tmp_path: Path) -> None:
    where = tmp_path / "arm"
    row = {"step": "install", "code": 0, "took_s": 60, "cpu_s": 30, "result": "ok"}
    report.note(
        where,
        {"bookworm arm64/install": row, "bookworm arm64/gone": row, "trixie arm64/install": row},
        "Last run: …",
    )
    report.note(where, {"bookworm arm64/install": row | {"took_s": 61}}, "Last run: …")
    kept = json.loads(where.with_suffix(".json").read_text())["rows"]
    assert {name: one["took_s"] for name, one in kept.items()} == {
        "bookworm arm64/install": 61,
        "trixie arm64/install": 60,
    }
    page = where.with_suffix(".md").read_text()
    assert "| bookworm arm64 | install | ok | 61 | 30 |" in page
    assert all(what in page for what, _ in steps.CANNOT)


def test_the_readme_has_a_line_for_each_debian() -> None:
    rows = {
        "trixie arm64/install": {"step": "install", "result": "ok"},
        "trixie arm64/doctor": {"step": "doctor", "result": "8 ✓, 1 !, 0 ✗"},
        "trixie arm64/pure": {
            "step": "pure",
            "result": "…",
            "passed": 1_700,
            "failed": [],
            "skipped": {"no card": 2},
        },
        "trixie armhf/install": {"step": "install", "result": "exit code 1"},
    }
    assert report.summed(rows) == [
        ("trixie arm64", "ok", "8 ✓, 1 !, 0 ✗", "1,700 passed, 0 failed, 2 skipped"),
        ("trixie armhf", "exit code 1", "–", "–"),
    ]
