"""The sheet of paper for whoever climbs the ladder: one A4 page a box, with a label to cut out and its own wiring.

What must hold: nothing secret is on it; each pin stands there as GPIO and as its place on the header, for electricians
count pins. The code beside the label says commune and box, for a telephone at the place: keng:cong-lac/thon-1.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import segno
from fpdf import FPDF

from broker.enrolment.boxes import ALERT_PIN, CANCEL_PIN, LINK_PIN, RELAY_PIN, Button
from broker.errors import BrokerError
from broker.words import KINDS
from wire.blinks import BLINKS

FONTS = Path("/usr/share/fonts/truetype/dejavu")
PLAIN, BOLD = "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"
HEADER = {
    2: 3, 3: 5, 4: 7, 5: 29, 6: 31, 7: 26, 8: 24, 9: 21, 10: 19, 11: 23, 12: 32, 13: 33, 14: 8, 15: 10, 16: 36, 17: 11,
    18: 12, 19: 35, 20: 38, 21: 40, 22: 15, 23: 16, 24: 18, 25: 22, 26: 37, 27: 13,
}  # fmt: skip
"""Where a GPIO is on the 40-pin header, as on every Pi since 2014."""
GROUNDS = "6, 9, 14, 20, 25, 30, 34, 39"
LEFT, WIDE = 15, 180
LABEL_TOP, LABEL_HIGH, QR_MM = 30, 62, 46
STEP_MM = 5
DRAWN_TOP, ROW_MM = 118, 9.5
BLINKS_MM, LAST_MM = 30, 292


class FontFault(BrokerError, OSError):
    """There is no font with Vietnamese letters."""


@dataclass(frozen=True, slots=True)
class Label:
    """One box, as the paper knows it."""

    node: str
    """Slug."""
    hamlet: str
    """Its name."""
    commune: str
    """Its name."""
    commune_id: str
    """Slug."""
    place: str
    """Where it hangs; empty: to be written by hand."""
    hostname: str
    """On the network."""
    buttons: tuple[Button, ...]
    """As wired."""
    device: str
    """Sound card."""
    microphone: str | None
    """None: none."""


def labels(boxes: Sequence[Label], fonts: Path = FONTS) -> bytes:
    """The PDF, a page each. FontFault."""
    if not (fonts / PLAIN).is_file() or not (fonts / BOLD).is_file():
        raise FontFault(
            "Thiếu phông chữ cho bản PDF. Hãy cài: sudo apt install fonts-dejavu-core",
            "The font of the PDF is missing: sudo apt install fonts-dejavu-core",
        )
    page = FPDF(format="A4")
    page.set_title("Nhãn hộp kẻng")
    page.set_lang("vi")
    page.add_font("keng", "", fonts / PLAIN)
    page.add_font("keng", "B", fonts / BOLD)
    page.set_auto_page_break(False)
    for number, box in enumerate(boxes, 1):
        page.add_page()
        _text(page, LEFT, 15, f"Hộp kẻng {box.node}", 18, bold=True)
        _text(page, LEFT, 22, "Không có gì bí mật trên tờ này. / Nothing on this sheet is secret.", 9)
        _text(page, 180, 22, f"{number}/{len(boxes)}", 9)
        _label(page, box)
        _steps(page)
        _blinks(page, _wiring(page, box))
    return bytes(page.output())


def rows_of(box: Label) -> list[tuple[int, str, str]]:
    """Each wire: GPIO, what hangs on it, how."""
    rows = []
    for button in box.buttons:
        kind = KINDS[button.kind][0]
        what = f"Nút báo ngầm: {kind}" if button.silent else f"Nút: {kind}"
        hold = "" if button.hold_s is None else f", giữ {button.hold_s:g} giây".replace(".", ",")
        rows.append((button.pin, f"{what} ({button.name}{hold})", "nút thường mở, nối xuống GND"))
    rows += [
        (CANCEL_PIN, "Khóa rút lại", "nối xuống GND"),
        (ALERT_PIN, "Đèn báo động", "qua điện trở 330 Ω, xuống GND"),
        (LINK_PIN, "Đèn đường truyền", "qua điện trở 330 Ω, xuống GND"),
        (RELAY_PIN, "Rơ le tăng âm", "vào chân IN của rơ le; 5V, GND riêng"),
    ]
    return rows


def _label(page: FPDF, box: Label) -> None:
    page.set_draw_color(120, 120, 120)
    page.set_dash_pattern(2, 2)
    page.rect(LEFT, LABEL_TOP, WIDE, LABEL_HIGH)
    page.set_dash_pattern()
    code = io.BytesIO()
    segno.make(f"keng:{box.commune_id}/{box.node}", error="q", micro=False).save(code, kind="png", scale=8, border=4)
    code.seek(0)
    page.image(code, LEFT + WIDE - QR_MM - 6, LABEL_TOP + 6, QR_MM, QR_MM)
    _text(page, LEFT + 8, LABEL_TOP + 14, "KẺNG AN NINH", 13)
    _text(page, LEFT + 8, LABEL_TOP + 28, box.node, 26, bold=True)
    _text(page, LEFT + 8, LABEL_TOP + 38, f"{box.hamlet}, {box.commune}"[:58], 12)
    _text(page, LEFT + 8, LABEL_TOP + 47, f"Chỗ treo: {box.place[:52] or '…' * 22}", 10)
    _text(page, LEFT + 8, LABEL_TOP + 55, f"Tên trên mạng: {box.hostname}", 9)


def _steps(page: FPDF) -> None:
    lines = (
        "1. Cắt nhãn, dán ngoài hộp. Đấu dây theo bảng dưới, khi CHƯA cắm điện. Không bao giờ đưa 5 V vào chân GPIO.",
        "2. Cắm thẻ nhớ của đúng hộp này, cắm mạng, rồi cắm điện. Chờ khoảng 10 phút: kẻng tự đánh một tiếng là được.",
        "    Từ 21 giờ đến 6 giờ kẻng không tự đánh: nhờ trụ sở bấm “Đánh thử một tiếng” ở trang Thiết bị.",
        "3. Gọi xã rồi mới bấm thử: giữ nút 1 giây, kẻng kêu ngay; đèn nháy: đang gửi, sáng hẳn: có người nhận.",
    )
    for number, line in enumerate(lines):
        _text(page, LEFT, LABEL_TOP + LABEL_HIGH + 6.5 + STEP_MM * number, line, 8.6)


def _wiring(page: FPDF, box: Label) -> float:
    """Where it ends."""
    rows = rows_of(box)
    top, high = DRAWN_TOP, ROW_MM * (len(rows) + 3) + 6
    page.set_draw_color(29, 107, 53)
    page.set_fill_color(231, 243, 234)
    page.set_line_width(0.6)
    page.rect(LEFT, top, 62, high, "DF", round_corners=True, corner_radius=3)
    _text(page, LEFT + 4, top + 6, "Raspberry Pi", 11, bold=True)
    _text(page, LEFT + 4, top + 10.5, "số GPIO (BCM) và chân trên hàng 40 chân", 6.5)
    at = top + 10.0
    page.set_draw_color(34, 34, 51)
    for pin, what, how in rows:
        at += ROW_MM
        _text(page, LEFT + 4, at, f"GPIO {pin}", 10, bold=True)
        _text(page, LEFT + 30, at, f"chân số {HEADER[pin]}", 9)
        _wire(page, at)
        _text(page, 104, at, what[:50], 10, bold=True)
        _text(page, 104, at + 3.6, how, 7.5)
    for name, place, what in (
        ("GND", "chân 6, 9, 14…", f"Dây chung của nút, đèn. Các chân GND: {GROUNDS}"),
        ("USB / DAC", "", f"Card loa: {box.device}. Micrô: {box.microphone or 'không có'}"),
    ):
        at += ROW_MM
        _text(page, LEFT + 4, at, name, 10, bold=True)
        _text(page, LEFT + 30, at, place, 9)
        _wire(page, at)
        _text(page, 104, at, what[:66], 8)
    note = "Dây nút dài hơn 5 m: cáp xoắn đôi, thêm 1 kΩ nối tiếp, 2,2 kΩ lên 3,3 V và 100 nF xuống GND ở phía Pi."
    _text(page, LEFT, top + high + 7, note, 8)
    _text(page, LEFT, top + high + 12, "Hình đầy đủ, để in kèm: deploy/pictures/wiring.svg", 8)
    return top + high + 12


def _blinks(page: FPDF, at: float) -> None:
    """What the link lamp counts out; on a page of its own where a box has too many buttons."""
    if at + BLINKS_MM > LAST_MM:
        page.add_page()
        at = LABEL_TOP
    words = "Có lỗi thì đèn đường truyền tối 2 giây, chớp số lỗi, tối 2 giây (chớp dài – là 5, chớp ngắn • là 1):"
    _text(page, LEFT, at + 8, words, 8.6, bold=True)
    half = (len(BLINKS) + 1) // 2
    for number, blink in enumerate(BLINKS):
        x, y = LEFT + (number // half) * WIDE / 2, at + 13 + number % half * 4.5
        _text(page, x, y, str(blink.code), 8.6, bold=True)
        _text(page, x + 5, y, blink.flashes, 8.6, bold=True)
        _text(page, x + 22, y, blink.vi, 8)


def _wire(page: FPDF, at: float) -> None:
    page.set_line_width(0.4)
    page.line(LEFT + 62, at - 1.2, 102, at - 1.2)
    page.ellipse(101.4, at - 1.8, 1.2, 1.2, "D")


def _text(page: FPDF, x: float, y: float, text: str, size: float, *, bold: bool = False) -> None:
    page.set_font("keng", "B" if bold else "", size)
    fit(page, text, LEFT + WIDE - x)
    page.text(x, y, text)


def fit(page: FPDF, text: str, room_mm: float) -> None:
    """A smaller letter where a line would run over the margin, and off some printers' paper."""
    if (wide_mm := page.get_string_width(text)) > room_mm:
        page.set_font_size(page.font_size_pt * room_mm / wide_mm)
