"""A table of boxes (CSV, as a spreadsheet saves it) read into wishes. Pure, apart from reading the file.

    hop,thon,ten thon,nut,loa,micro,the,tru so,cho treo            # or, in English:
    node,hamlet,hamlet name,kinds,card,microphone,layout,post,place
    thon-1,thon-1,,security fire,Device,,plain,,Nhà văn hóa thôn 1

What must hold: every fault of the whole table is found at once, each with its line and column as the spreadsheet counts
them; commas, semicolons (a Vietnamese Excel) and tabs part cells alike, a byte order mark is no fault, accents and case
in the first line do not matter. It does not know the commune: whether a box may be enrolled is wish.py's to say.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from broker.enrolment.boxes import DRAWN, NO_CARD, ButtonFault, buttons_of, card_of
from broker.enrolment.enrol import ManyFaults
from broker.enrolment.wish import LAYOUTS, Layout, Wish
from broker.errors import BrokerError

T = TypeVar("T")
MAX_ROWS = 200
"""Boxes of a commune and to spare."""
MAX_BYTES = 256 * 1024
MAX_SHOWN = 40
"""Faults; more help nobody."""
MAX_TEXT = 80
"""Characters of a hamlet's name or of a place."""
NAMES = {
    "node": ("node", "hop", "ma hop"),
    "hamlet": ("hamlet", "thon", "ma thon"),
    "hamlet_name": ("hamlet name", "hamlet_name", "ten thon"),
    "kinds": ("kinds", "nut", "cac nut", "loai"),
    "card": ("card", "loa", "card loa"),
    "microphone": ("microphone", "micro"),
    "layout": ("layout", "the", "the nho"),
    "post": ("post", "tru so"),
    "place": ("place", "cho treo", "noi treo", "vi tri"),
}
"""What a column may be called."""
YES, NO = ("x", "yes", "co", "1", "true"), ("", "no", "khong", "0", "false")


class SheetFault(BrokerError, ValueError):
    """A table that cannot be used; nothing was made."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table, read."""

    file: Path
    """Where it was."""
    columns: dict[str, int]
    """Which field stands in which column, from 0."""
    wishes: tuple[Wish, ...]
    """In order."""
    lines: tuple[int, ...]
    """Of the file, from 1, for each wish."""

    def told(self, many: ManyFaults) -> SheetFault:
        """What the commune has against some of them, each with its place."""
        places = [(self.lines[number], self.columns.get(fault.field, 0)) for number, fault in many.refused]
        return _fault(
            self.file, [(*at, fault.vi, fault.en) for at, (_, fault) in zip(places, many.refused, strict=True)]
        )


def read_sheet(file: Path, base: Wish) -> Sheet:
    """Read it; `base`: what holds for all, such as the Wi-Fi. SheetFault with every fault."""
    try:
        with file.open("rb") as opened:
            text = opened.read(MAX_BYTES + 1).decode("utf-8-sig")
    except OSError as error:
        raise SheetFault(f"{file}: không đọc được ({error.strerror}).", f"{file}: cannot be read ({error}).") from error
    except UnicodeDecodeError as error:
        raise SheetFault(
            f"{file}: không phải CSV UTF-8. Trong Excel: Lưu thành, chọn “CSV UTF-8”.",
            f'{file}: no CSV in UTF-8. In Excel: Save as, "CSV UTF-8".',
        ) from error
    first = text.partition("\n")[0]
    parted = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=parted)
    try:
        rows = [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise _fault(file, [(reader.line_num, 0, f"không phải CSV ({error}).", f"no CSV ({error}).")]) from error
    return _Reader(file, base).read(rows, len(text) > MAX_BYTES)


class _Reader:
    """Goes through the table once and notes every fault."""

    def __init__(self, file: Path, base: Wish) -> None:
        self._file, self._base = file, base
        self._faults: list[tuple[int, int, str, str]] = []
        self._columns: dict[str, int] = {}
        self._line, self._cells = 0, [""]

    def read(self, rows: Sequence[tuple[int, list[str]]], too_long: bool) -> Sheet:
        full = [(line, cells) for line, cells in rows[1:] if any(cell.strip() for cell in cells)]
        self._line = 1
        self._head(rows[0][1] if rows else [])
        if too_long or len(full) > MAX_ROWS:
            self._note("", f"nhiều nhất {MAX_ROWS} hộp trong một bảng.", f"at most {MAX_ROWS} boxes in one table.")
        elif rows and not full and not self._faults:
            self._note("", "không có hộp nào dưới dòng đầu.", "there is no box below the first line.")
        wishes: list[Wish] = []
        where: dict[str, int] = {}
        for line, cells in [] if self._faults else full[:MAX_ROWS]:
            self._line, self._cells = line, cells
            wish = self._wish()
            if wish.node in where:
                first = where[wish.node]
                self._note("node", f"hộp {wish.node} đã có ở dòng {first}.", f"{wish.node} is in line {first} already.")
            where.setdefault(wish.node, self._line)
            wishes.append(wish)
        if self._faults:
            raise _fault(self._file, self._faults)
        return Sheet(self._file, self._columns, tuple(wishes), tuple(line for line, _ in full))

    def _head(self, cells: list[str]) -> None:
        for number, cell in enumerate(cells):
            word = _plain(cell)
            field = next((field for field, names in NAMES.items() if word in names), None)
            if field is None and word:
                self._faults.append(
                    (1, number, f"không có cột “{cell.strip()}”.", f'no such column: "{cell.strip()}".')
                )
            elif field in self._columns:
                self._faults.append((1, number, f"cột {field} ghi hai lần.", f"column {field} twice."))
            elif field is not None:
                self._columns[field] = number
        for field in ("node", "hamlet"):
            if field not in self._columns:
                vi = f"dòng đầu phải có cột {field} ({NAMES[field][1]}). Các cột: {', '.join(NAMES)}."
                self._faults.append(
                    (1, 0, vi, f"the first line must name a column {field}. Columns: {', '.join(NAMES)}.")
                )

    def _wish(self) -> Wish:
        if len(self._cells) > max(self._columns.values()) + 1 and any(
            map(str.strip, self._cells[len(self._columns) :])
        ):
            self._note("", "nhiều ô hơn dòng đầu; ô có dấu phẩy phải đặt trong ngoặc kép.", "more cells than columns.")
        kinds = ",".join(self._cell("kinds").replace("+", " ").replace(",", " ").split())
        base = self._base
        return Wish(
            node=self._cell("node"),
            hamlet=self._cell("hamlet"),
            hamlet_name=self._text("hamlet_name") or None,
            post=self._flag("post"),
            buttons=self._made("kinds", lambda: buttons_of(kinds), DRAWN) if kinds else base.buttons,
            device=self._card("card") or base.device,
            microphone=self._card("microphone") or base.microphone,
            layout=self._layout(),
            ssh_key=base.ssh_key,
            wifi=base.wifi,
            place=self._text("place"),
        )

    def _cell(self, field: str) -> str:
        number = self._columns.get(field, len(self._cells))
        return self._cells[number].strip() if number < len(self._cells) else ""

    def _text(self, field: str) -> str:
        text = self._cell(field)
        if len(text) > MAX_TEXT or not text.isprintable():
            self._note(field, f"dài quá {MAX_TEXT} chữ hoặc có chữ lạ.", f"over {MAX_TEXT} characters, or odd ones.")
        return text

    def _card(self, field: str) -> str:
        name = self._cell(field)
        return self._made(field, lambda: card_of(name), NO_CARD) if name else ""

    def _flag(self, field: str) -> bool:
        word = _plain(self._cell(field))
        if word not in (*YES, *NO):
            self._note(field, f"“{word}”: hãy ghi x hoặc để trống.", f'"{word}": write x, or leave it empty.')
        return word in YES

    def _layout(self) -> Layout:
        word = _plain(self._cell("layout"))
        if word and word not in LAYOUTS:
            self._note("layout", f"“{word}”: hãy ghi plain hoặc readonly.", f'"{word}": write plain or readonly.')
        return "readonly" if word == "readonly" else "plain" if word == "plain" else self._base.layout

    def _made(self, field: str, make: Callable[[], T], instead: T) -> T:
        try:
            return make()
        except ButtonFault as fault:
            self._note(field, fault.vi, fault.en)
            return instead

    def _note(self, field: str, vi: str, en: str) -> None:
        self._faults.append((self._line, self._columns.get(field, 0), vi, en))


def _fault(file: Path, faults: Sequence[tuple[int, int, str, str]]) -> SheetFault:
    shown, rest = sorted(faults)[:MAX_SHOWN], len(faults) - MAX_SHOWN
    vi = [f"{file.name}, dòng {line}, cột {_letter(column)}: {text}" for line, column, text, _ in shown]
    en = [f"{file.name}, line {line}, column {_letter(column)}: {text}" for line, column, _, text in shown]
    if rest > 0:
        vi.append(f"… và {rest} lỗi nữa.")
        en.append(f"… and {rest} more.")
    vi.append("Chưa ghi danh hộp nào. Hãy sửa bảng rồi chạy lại.")
    en.append("Nobody was enrolled. Correct the table, then run this again.")
    return SheetFault("\n".join(vi), "\n".join(en))


def _letter(column: int) -> str:
    return chr(ord("A") + column) if column < 26 else str(column + 1)


def _plain(text: str) -> str:
    """Without accents and case."""
    parts = unicodedata.normalize("NFD", text.strip().lower().replace("đ", "d"))
    return "".join(sign for sign in parts if not unicodedata.combining(sign))
