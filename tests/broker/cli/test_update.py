"""`keng release` and `keng update`: what is wrong, where, and what to do."""

import json
import socket
from pathlib import Path

import pytest
from fakes.releases import KEY, OTHER, a_release
from fakes.waiting import eventually

from wire.release import MANIFEST, SIGNATURE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_release(tmp_path / "keng-bundle")


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    (file := tmp_path / "keys.pub").write_text(f"{KEY.public}  # của nơi phát hành\n")
    return file


@pytest.fixture
def offer(asked, folder, keys, tmp_path):
    """`offer(…)`: the folder, to an outlet of its own."""
    return lambda *more: asked("update", "offer", folder, "--keys", keys, "--outlet", tmp_path / "outlet", *more)


@pytest.fixture(autouse=True)
def nothing_offered(request):
    asked = request.getfixturevalue("asked") if "asked" in request.fixturenames else None
    yield
    if asked is not None:
        asked("update", "stop")


def speaks_up(commune, node: str, version: str = "0.1.0") -> None:
    fields = {"node": node, "hamlet": node, "online": True, "clock": "synced", "panel": "ok", "disk": "ok",
              "speaker": "ok", "version": version}  # fmt: skip
    assert commune.publish(f"keng/1/cong-lac/up/{node}/status", json.dumps(fields)) == 0


# without a commune


@pytest.mark.parametrize(
    "words",
    [
        ("release",), ("update",), ("release", "sign"), ("release", "sign", "x"), ("release", "verify"),
        ("update", "offer"), ("update", "offer", "x", "--first"), ("update", "offer", "x", "--first", "Thôn 3"),
        ("update", "offer", "x", "--outlet-port", "0"), ("update", "offer", "x", "--outlet-port", "cổng"),
        ("update", "serve"), ("update", "now"), ("update", "stop", "x"),
    ],
)  # fmt: skip
def test_what_is_typed_wrong_is_2_and_says_how_in_both_tongues(keng, words) -> None:
    said = keng(*words)
    assert said.code == 2 and not said.err.isascii() and said.out == ""
    assert "--help" in said.err or words[-1] in said.err


def test_a_key_signs_and_its_public_half_verifies(keng, folder, tmp_path) -> None:
    (folder / SIGNATURE).unlink()
    public = keng("keys", "new", tmp_path / "release.key", "--json").json["public"]
    said = keng("release", "sign", folder, "--key", tmp_path / "release.key", "--json")
    assert said.code == 0 and (said.json["version"], said.json["targets"]) == ("0.2.0", ["trixie-arm64"])
    (tmp_path / "pub").write_text(public)
    said = keng("release", "verify", folder, "--keys", tmp_path / "pub")
    assert (said.code, said.out.strip()) == (0, "Bản 0.2.0 nguyên vẹn, chữ ký phát hành đúng.")
    assert "is whole" in keng("--lang", "en", "release", "verify", folder, "--keys", tmp_path / "pub").out


@pytest.mark.parametrize(
    ("fault", "where", "act"),
    [
        ("no key here", "keng-bundle", "/etc/keng/release.pub"),
        ("no such keys", "none.pub", "keng keys new"),
        ("keys that are none", "keys.pub", "keng keys new"),
        ("keys in another alphabet", "keys.pub", "keng keys new"),
        ("another key", "keng-bundle", "đừng dùng"),
        ("unsigned", "keng-bundle", "keng release sign"),
        ("no folder", "keng-bundle", "keng-bundle không"),
        ("a file is gone", "install.sh", "chép lại"),
        ("a file is altered", "install.sh", "chép lại"),
        ("rubbish", "keng-bundle", "đừng dùng"),
    ],
)
@pytest.mark.parametrize("verb", [("release", "verify"), ("update", "offer")])
def test_what_is_wrong_with_a_folder_is_1_with_the_place_and_what_to_do(
    keng, folder: Path, keys: Path, verb, fault, where, act
) -> None:
    more = ["--keys", str(keys)]
    match fault:
        case "no key here":
            more = []  # release.pub is empty on purpose
            if Path("/etc/keng/release.pub").exists():
                pytest.skip("this machine trusts a release key")
        case "no such keys":
            more = ["--keys", str(keys.with_name("none.pub"))]
        case "keys that are none":
            keys.write_text("khóa\n")
        case "keys in another alphabet":
            keys.write_bytes(b"\xff\xfe\x00")
        case "another key":
            keys.write_text(OTHER.public)
        case "unsigned":
            (folder / SIGNATURE).unlink()
        case "no folder":
            folder.rename(folder.with_name("elsewhere"))
        case "a file is gone":
            (folder / "install.sh").unlink()
        case "a file is altered":
            (folder / "install.sh").write_bytes(b"exit 1\n")
        case _:
            (folder / MANIFEST).write_bytes(b"\xff" * 100)
    said = keng(*verb, folder, *more)
    assert said.code == 1 and where in said.err and act in said.err, said.err
    assert len(said.err.strip().splitlines()) == 2, "one sentence in each tongue"
    told = keng(*verb, folder, *more, "--json")
    assert told.code == 1 and told.json["ok"] is False and where in told.json["vi"]


@pytest.mark.parametrize("fault", ["no key", "no key at all", "no folder"])
def test_what_cannot_be_signed_says_why_and_leaves_no_signature(keng, folder: Path, tmp_path: Path, fault: str) -> None:
    (key := tmp_path / "release.key").write_text("khóa" if fault == "no key" else "cnJy" * 11)
    (folder / SIGNATURE).unlink()
    if fault == "no key at all":
        key.unlink()
    if fault == "no folder":
        assert keng("keys", "new", tmp_path / "good.key").code == 0
        key, folder = tmp_path / "good.key", tmp_path / "nowhere"
    said = keng("release", "sign", folder, "--key", key)
    assert said.code == 1 and str(folder if fault == "no folder" else key) in said.err and not said.err.isascii()
    assert not (folder / SIGNATURE).exists()


def test_an_outlet_that_cannot_serve_says_what_to_look_at(keng, tmp_path: Path) -> None:
    said = keng("update", "serve", "--certificate", tmp_path / "no.crt", "--key", tmp_path / "no.key")
    assert said.code == 1 and "keng certificate" in said.err and "8445" in said.err


def test_where_there_is_no_commune_nothing_is_offered_and_3_says_so(keng, folder, keys, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    there = ("--host", "127.0.0.1", "--port", port, "--commune", "cong-lac")
    for words in (("offer", folder, "--keys", keys, "--outlet", tmp_path / "o"), ("status",), ("stop",)):
        said = keng("update", *words, *there)
        assert said.code == 3 and not said.err.isascii()


# with one


def test_where_nothing_was_offered_status_says_so_and_there_is_nothing_to_stop(asked) -> None:
    said = asked("update", "stop")
    assert said.code == 1 and "Không có bản cập nhật nào đang chào" in said.err


@pytest.mark.parametrize("first", ["thon-9", "x"])
def test_a_first_that_nobody_knows_is_refused_by_its_name(offer, first: str) -> None:
    said = offer("--first", first)
    assert said.code == 1 and f"Không có hộp kẻng {first}" in said.err


def test_where_no_box_is_well_it_is_said(offer) -> None:
    said = offer()
    assert said.code == 1 and "Không có hộp kẻng nào khỏe" in said.err


def test_it_goes_to_one_box_first_and_is_seen_and_stopped(asked, commune, offer, tmp_path: Path) -> None:
    speaks_up(commune, "thon-2")
    eventually(lambda: "0.1.0" in asked("update", "status").out)
    said = offer("--first", "thon-2")
    assert said.code == 0 and "hộp thon-2 thử trước" in said.out and "keng update status" in said.out
    assert (tmp_path / "outlet/0.2.0" / SIGNATURE).exists()
    shown = asked("update", "status")
    assert shown.code == 0 and "Bản 0.2.0" in shown.out and "Thử trước: thon-2" in shown.out
    assert "First: thon-2" in asked("--lang", "en", "update", "status").out
    told = asked("update", "status", "--json").json
    assert (told["update"]["first"], told["update"]["state"], told["update"]["held"]) == ("thon-2", "offered", "")
    said = asked("update", "stop")
    assert (said.code, said.out.strip()) == (0, "Đã dừng bản 0.2.0. Hộp nào đã có thì giữ nguyên.")
    assert "đã dừng" in asked("update", "status").out


def test_what_the_first_has_already_is_refused_with_its_version(commune, asked, offer) -> None:
    speaks_up(commune, "thon-3", "0.2.0")
    eventually(lambda: "0.2.0" in asked("update", "status").out)
    said = offer("--first", "thon-3")
    assert said.code == 1 and "thon-3" in said.err and "0.2.0" in said.err


def test_a_folder_that_takes_no_files_is_named(asked, folder, keys, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("no folder")
    said = asked("update", "offer", folder, "--keys", keys, "--outlet", tmp_path / "taken")
    assert said.code == 1 and "taken" in said.err


# what is laid out


def test_another_build_of_a_version_that_is_out_is_refused_with_what_to_do(offer, folder: Path, tmp_path: Path) -> None:
    offer("--first", "x")
    a_release(folder, more=b"another build")
    said = offer("--first", "x")
    assert said.code == 1 and "tăng version" in said.err and "outlet/0.2.0" in said.err
    assert not (tmp_path / "outlet/0.2.0/more").exists()
