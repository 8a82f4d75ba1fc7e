"""The sheet of paper: every wire with its place on the header, and nothing that is secret."""

import io
from dataclasses import replace

import pytest
from fpdf import FPDF
from pypdf import PdfReader

from broker.enrolment.boxes import DRAWN, TAKEN, Button, buttons_of
from broker.enrolment.labels import HEADER, FontFault, Label, fit, labels, rows_of
from wire.blinks import BLINKS

BOX = Label(
    "thon-1", "Thôn Đồng Thượng", "Xã Cộng Lạc", "cong-lac", "Nhà văn hóa", "keng-thon-1",
    buttons_of("security,fire,theft:silent"), "plughw:CARD=Device", None,
)  # fmt: skip


def pages(*boxes: Label) -> list[str]:
    """The words of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(labels(boxes))).pages]


def test_each_box_has_a_page_of_its_own_on_a4():
    two = [BOX, Label("cho", "Thôn 2", "Xã Cộng Lạc", "cong-lac", "", "keng-cho", DRAWN, "default", None)]
    reader = PdfReader(io.BytesIO(labels(two)))
    assert [(round(page.mediabox.width), round(page.mediabox.height)) for page in reader.pages] == [(595, 842)] * 2
    assert "thon-1" in reader.pages[0].extract_text() and "cho" in reader.pages[1].extract_text()


def test_it_says_where_the_box_belongs_and_what_hangs_on_which_pin():
    (text,) = pages(BOX)
    for part in ("Thôn Đồng Thượng", "Xã Cộng Lạc", "Nhà văn hóa", "keng-thon-1", "plughw:CARD=Device"):
        assert part in text
    for pin, what, _ in rows_of(BOX):
        assert f"GPIO {pin}" in text and f"chân số {HEADER[pin]}" in text and what in text
    assert "Nút báo ngầm: trộm cướp" in text


def test_it_says_what_the_link_lamp_counts_out_and_on_a_page_of_its_own_where_there_are_many_buttons():
    (text,) = pages(BOX)
    assert all(blink.vi in text for blink in BLINKS)
    many = tuple(Button(f"b{pin}", pin, "fire", False, None) for pin in range(7, 17))
    drawn, counted = pages(replace(BOX, buttons=many))
    assert "GPIO 6" in drawn and BLINKS[0].vi not in drawn
    assert all(blink.vi in counted for blink in BLINKS)


def test_every_part_of_the_drawing_has_its_row():
    assert {pin for pin, _, _ in rows_of(BOX)} == {one.pin for one in BOX.buttons} | TAKEN.keys()


def test_the_header_is_the_one_of_a_pi():
    """GPIO 0, 1 and 12 places of power and ground are the rest of forty."""
    assert len(set(HEADER.values())) == 26
    power = {1, 2, 4, 6, 9, 14, 17, 20, 25, 30, 34, 39}
    assert set(HEADER.values()) | power | {27, 28} == set(range(1, 41))
    assert (HEADER[17], HEADER[27], HEADER[22], HEADER[23], HEADER[5], HEADER[25]) == (11, 13, 15, 16, 29, 22)


def test_without_a_font_it_says_what_to_install(tmp_path):
    with pytest.raises(FontFault, match="fonts-dejavu-core"):
        labels([BOX], tmp_path)


def test_a_line_that_is_too_long_for_the_paper_gets_smaller_letters():
    page = FPDF()
    page.set_font("helvetica", size=8)
    for text, room_mm in (("day chung", 90), ("m" * 60, 90)):
        page.set_font_size(8)
        fit(page, text, room_mm)
        assert page.get_string_width(text) <= room_mm + 0.01
    assert page.font_size_pt < 8
