"""A table of boxes: what it means, and where each fault is, as the spreadsheet counts."""

from pathlib import Path

import pytest

from broker.enrolment.enrol import EnrolFault, ManyFaults
from broker.enrolment.sheet import MAX_ROWS, SheetFault, read_sheet
from broker.enrolment.wish import Wish

HEAD = "hộp,thôn,tên thôn,nút,loa,micrô,thẻ,trụ sở,chỗ treo"
BASE = Wish("")


def read(tmp_path: Path, text: str | bytes, base: Wish = BASE):
    """A table with this text."""
    file = tmp_path / "bang.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_sheet(file, base)


def told(tmp_path: Path, text: str | bytes) -> str:
    """What is said of it in Vietnamese."""
    with pytest.raises(SheetFault) as fault:
        read(tmp_path, text)
    return fault.value.vi


def test_each_row_is_a_wish(tmp_path: Path):
    rows = "thon-1,thon-1,,security fire,Device,Mic,readonly,,Nhà văn hóa\n\ntru-so,thon-1,,,,,,x,"
    sheet = read(tmp_path, f"{HEAD}\n{rows}\n")
    one, post = sheet.wishes
    assert (one.node, one.hamlet, one.layout, one.place) == ("thon-1", "thon-1", "readonly", "Nhà văn hóa")
    assert [button.kind for button in one.buttons] == ["security", "fire"]
    assert (one.device, one.microphone, one.post) == ("plughw:CARD=Device", "plughw:CARD=Mic", False)
    assert (post.post, post.buttons, post.device, sheet.lines) == (True, BASE.buttons, "default", (2, 4))


@pytest.mark.parametrize("parted", [",", ";", "\t"])
def test_what_parts_the_cells_is_seen_and_english_words_do_too(tmp_path: Path, parted: str):
    text = "Node,HAMLET,Hamlet name,kinds\r\na,thon-1,Thôn Một,theft+fire\r\n".replace(",", parted)
    (wish,) = read(tmp_path, b"\xef\xbb\xbf" + text.encode()).wishes
    assert (wish.node, wish.hamlet_name, [one.kind for one in wish.buttons]) == ("a", "Thôn Một", ["theft", "fire"])


def test_what_holds_for_all_holds_for_each(tmp_path: Path):
    base = Wish("", device="plughw:CARD=A", layout="readonly", ssh_key="ssh-ed25519 AAAA")
    one, two = read(tmp_path, "node,hamlet,card\na,t,\nb,t,B\n", base).wishes
    assert (one.device, two.device, one.layout, two.ssh_key) == (
        "plughw:CARD=A", "plughw:CARD=B", "readonly", "ssh-ed25519 AAAA",
    )  # fmt: skip


def test_every_fault_is_told_at_once_with_line_and_column(tmp_path: Path):
    rows = "a,thon-1,,war,,,,,\nb,thon-1,,,,,paper,,\na,thon-1,,,,,,perhaps,"
    said = told(tmp_path, f"{HEAD}\n{rows}\n")
    assert "bang.csv, dòng 2, cột D:" in said and "“war”" in said
    assert "bang.csv, dòng 3, cột G:" in said and "readonly" in said
    assert "bang.csv, dòng 4, cột A: hộp a đã có ở dòng 2" in said
    assert "bang.csv, dòng 4, cột H:" in said
    assert "Chưa ghi danh hộp nào" in said


def test_a_quoted_line_break_does_not_shift_the_lines_that_are_told(tmp_path: Path):
    said = told(tmp_path, 'node,hamlet,place\na,t,"x\ny"\nb,t,"' + "z" * 100 + '"\n')
    assert "dòng 3, cột C" in said and "dòng 4, cột C" in said, "a row is where it ends, as the file counts"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "cột node"),
        ("hamlet\nt\n", "cột node (hop)"),
        ("node\na\n", "cột hamlet (thon)"),
        ("node,hamlet,colour\na,t,red\n", "dòng 1, cột C: không có cột “colour”"),
        ("node,hamlet,hộp\na,t,b\n", "cột node ghi hai lần"),
        ("node,hamlet\n", "không có hộp nào"),
        ("node,hamlet\na,t,more\n", "nhiều ô hơn"),
        (b"node,hamlet\n\xff,t\n", "không phải CSV UTF-8"),
        ("node,hamlet\n" + "".join(f"n{number},t\n" for number in range(MAX_ROWS + 1)), f"nhiều nhất {MAX_ROWS}"),
    ],
)
def test_what_is_no_table_is_told(tmp_path: Path, text: str | bytes, part: str):
    assert part in told(tmp_path, text)


def test_what_the_commune_has_against_a_row_is_told_at_its_cell(tmp_path: Path):
    sheet = read(tmp_path, "place,node,hamlet\nx,a,t\ny,b,u\n")
    said = sheet.told(ManyFaults([(1, EnrolFault("Chưa có thôn u.", "no hamlet u", "hamlet"))])).vi
    assert "dòng 3, cột C: Chưa có thôn u." in said


def test_a_missing_file_is_a_sentence(tmp_path: Path):
    with pytest.raises(SheetFault, match="không đọc được"):
        read_sheet(tmp_path / "none.csv", BASE)
