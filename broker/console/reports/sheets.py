"""The report as CSV and XLSX. Pure but for the libraries.

What must hold: no cell is ever a formula, whatever a hamlet or a person is called; a spreadsheet opens
the CSV with its diacritics.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from broker.console.reports.tables import Cell, Table

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""How a formula begins, to one spreadsheet or another."""
BOM = "\ufeff"
"""Without it Excel reads UTF-8 as something else."""
MAX_SHEET_NAME = 31


def harmless(cell: Cell) -> Cell:
    """A text that looks like a formula, as a text."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip().startswith(DANGEROUS) else cell


def as_csv(title: str, tables: Sequence[Table], lang: str) -> bytes:
    """All tables, one below the other."""
    en = lang == "en"
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n").writerow
    write([harmless(title)])
    for table in tables:
        write([])
        write([harmless(table.title[en])])
        write([harmless(column[en]) for column in table.columns])
        for row in table.rows:
            write(["" if cell is None else harmless(cell) for cell in row])
    return (BOM + out.getvalue()).encode()


def as_xlsx(title: str, tables: Sequence[Table], lang: str) -> bytes:
    """A sheet for each table, with a chart where it has one."""
    import xlsxwriter  # some megabytes: only in child.py's process

    en = lang == "en"
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True})
        for table in tables:
            sheet = book.add_worksheet(_sheet_name(table.title[en]))
            sheet.set_column(0, 0, 44)
            sheet.set_column(1, len(table.columns), 22)
            sheet.write_string(0, 0, title, bold)
            for column, head in enumerate(table.columns):
                sheet.write_string(2, column, head[en], bold)
            for line, row in enumerate(table.rows, 3):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(line, column, cell)
                    elif cell is not None:
                        sheet.write_number(line, column, cell)
            if table.bars and table.rows:
                last = len(table.rows) + 2
                name = sheet.get_name()
                chart = book.add_chart({"type": "bar"})
                assert chart is not None  # noqa: S101 - there are bars
                chart.add_series({"categories": [name, 3, 0, last, 0], "values": [name, 3, 1, last, 1]})
                chart.set_legend({"none": True})
                chart.set_y_axis({"reverse": True})
                sheet.insert_chart(2, 3, chart)
    return out.getvalue()


def _sheet_name(title: str) -> str:
    return "".join(letter for letter in title if letter not in "[]:*?/\\'")[:MAX_SHEET_NAME]
