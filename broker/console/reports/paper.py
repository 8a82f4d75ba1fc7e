"""The report as PDF, with the diacritics of Vietnamese and a bar beside each count."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from broker.console.reports.tables import Cell, Table
from patterns.errors import KengError

FOLDER = Path("/usr/share/fonts/truetype/dejavu")
PLAIN, BOLD = "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"
WIDE_MM, LINE_MM, BAR_MM, BAR_AT_MM = 180, 6.5, 60, 130


class FontFault(KengError, OSError):
    """There is no font with Vietnamese letters."""


def as_pdf(title: str, below: str, tables: Sequence[Table], lang: str, fonts: Path = FOLDER) -> bytes:
    """A4. FontFault."""
    if not (fonts / PLAIN).is_file() or not (fonts / BOLD).is_file():
        raise FontFault(
            "Thiếu phông chữ cho bản PDF. Hãy cài: sudo apt install fonts-dejavu-core",
            "The font of the PDF is missing: sudo apt install fonts-dejavu-core",
        )
    en = lang == "en"
    page = FPDF(format="A4")
    page.set_title(title)
    page.set_lang("en" if en else "vi")
    page.add_font("keng", "", fonts / PLAIN)
    page.add_font("keng", "B", fonts / BOLD)
    page.set_margins(15, 15, 15)
    page.set_auto_page_break(True, 18)
    page.add_page()
    _line(page, title, 16, bold=True)
    _line(page, below, 10)
    for table in tables:
        if table.rows:
            _table(page, table, en)
    return bytes(page.output())


def _table(page: FPDF, table: Table, en: bool) -> None:
    if page.will_page_break(4 * LINE_MM):
        page.add_page()
    page.ln(4)
    _line(page, table.title[en], 12, bold=True)
    most = max((row[1] for row in table.rows if isinstance(row[1], int | float)), default=0) if table.bars else 0
    count = len(table.columns)
    widths: list[float] = [95, 30] if count == 2 else [WIDE_MM / count] * count
    page.set_font("keng", "B", 9)
    for head, width in zip(table.columns, widths, strict=True):
        page.cell(width, LINE_MM, head[en], border="B")
    page.ln()
    page.set_font("keng", "", 9)
    for row in table.rows:
        if page.will_page_break(LINE_MM):
            page.add_page()
        for cell, width in zip(row, widths, strict=True):
            page.cell(width, LINE_MM, shown(cell, en))
        if most and isinstance(row[1], int | float):
            page.set_fill_color(31, 95, 174)
            page.rect(15 + BAR_AT_MM - 5, page.get_y() + 1.5, max(0.1, BAR_MM * row[1] / most), LINE_MM - 3, "F")
        page.ln()


def _line(page: FPDF, text: str, size: int, *, bold: bool = False) -> None:
    page.set_font("keng", "B" if bold else "", size)
    page.multi_cell(WIDE_MM, size * 0.55, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def shown(cell: Cell, en: bool) -> str:
    """A cell for a reader: a dash for none, fractions as the language writes them."""
    if isinstance(cell, float) and not en:
        return str(cell).replace(".", ",")
    return "–" if cell is None else str(cell)
