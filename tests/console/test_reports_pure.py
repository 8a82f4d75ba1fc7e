"""The figures of a report, and that no form of it can run anything."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from fakes.entries import NOON_MS
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from broker.console.reports.figures import Drill, Group, Moment, Night, available, figures, spread
from broker.console.reports.paper import FOLDER, PLAIN, FontFault, as_pdf, shown
from broker.console.reports.period import Period, current, half_of, years
from broker.console.reports.sheets import DANGEROUS, as_csv, as_xlsx, harmless
from broker.console.reports.tables import Table, tables

pytestmark = pytest.mark.pure

HALF = half_of(2026, "2")
MS = st.integers(0, 10**7)
GROUPS = st.lists(
    st.builds(
        Group,
        kind=st.sampled_from(["fire", "theft"]),
        hamlet=st.sampled_from(["thon-1", ""]),
        outcome=st.sampled_from(["cháy", "báo nhầm", ""]),
        count=st.integers(1, 50),
    ),
    max_size=30,
)
MOMENTS = st.lists(
    st.builds(Moment, month=st.sampled_from(HALF.months), hour=st.integers(0, 23), count=st.integers(1, 50)),
    max_size=30,
)


@given(GROUPS, MOMENTS)
def test_every_incident_is_counted_once_in_each_column(groups, moments):
    found = figures(HALF, groups, moments, (), (), (), {})
    total = sum(group.count for group in groups)
    columns = (found.by_kind, found.by_outcome, found.by_hamlet)
    assert {found.total, *(sum(one.values()) for one in columns)} == {total}
    assert sum(found.by_hour) == sum(found.by_month.values()) == sum(moment.count for moment in moments)
    assert found.false <= total
    assert list(found.by_month) == HALF.months


@given(st.lists(MS, min_size=1))
def test_a_median_and_a_ninetieth_are_values_that_were_there(durations):
    found = spread(durations)
    assert found.n == len(durations)
    assert {found.median, found.p90} <= set(durations)
    assert found.median <= found.p90  # type: ignore[operator]  # of one or more


def test_what_nothing_supports_is_none_and_a_clock_that_jumped_back_is_nought():
    assert (spread(()).median, spread(()).p90) == (None, None)
    assert spread([-5]).median == 0


@given(
    st.integers(0, 1000),
    st.integers(0, 1000),
    st.lists(st.tuples(st.integers(0, 1200), st.one_of(st.none(), st.integers(0, 1200)))),
)
def test_availability_counts_each_silent_moment_once(first, length, silences):
    until = first + length
    found = available(first, until, silences)
    if length == 0:
        assert found is None
        return
    silent = sum(
        any(since <= at < (until if over is None else over) for since, over in silences) for at in range(first, until)
    )
    assert found == pytest.approx(1 - silent / length)


def test_a_night_is_whole_if_nobody_missed_it():
    nights = [Night("curfew/1", ("a", "b"), ()), Night("curfew/2", ("a",), ("b",))]
    found = figures(HALF, (), (), (), (), nights, {})
    assert (found.nights, found.whole_nights, found.missed) == (2, 1, {"b": 1})


def test_halves_and_years_are_those_of_the_calendar():
    assert half_of(2026, "1") == Period(date(2026, 1, 1), date(2026, 6, 30))
    assert HALF.months[0] == "2026-07" and len(HALF.months) == 6
    assert current(date(2026, 6, 30)) == (2026, "1")
    assert current(date(2026, 7, 1)) == (2026, "2")
    assert years(date(2026, 1, 1), date(2024, 5, 1)) == [2026, 2025, 2024]
    assert years(date(2026, 1, 1), date(1970, 1, 1))[-1] == 2020


@given(st.text(min_size=1))
def test_no_cell_begins_as_a_formula_does(text):
    cell = harmless(text)
    assert isinstance(cell, str)
    assert not cell.lstrip().startswith(DANGEROUS)
    assert cell.endswith(text)


EVIL = '=HYPERLINK("http://x")'
EVIL_TABLE = Table("t", ("Bảng", "Table"), (("Tên", "Name"), ("Số", "Count")), ((EVIL, 3), ("Thôn Đồi", 5)), bars=True)


def test_a_csv_has_its_diacritics_and_no_formula():
    body = as_csv("Sơ kết", [EVIL_TABLE], "vi")
    assert body.startswith(b"\xef\xbb\xbf")
    cells = [cell for row in csv.reader(io.StringIO(body.decode("utf-8-sig"))) for cell in row]
    assert "Thôn Đồi" in cells
    assert f"'{EVIL}" in cells


def test_an_xlsx_has_texts_and_numbers_and_no_formula():
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx("=Sơ kết", [EVIL_TABLE], "vi")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert EVIL in [cell.value for cell in cells]
    assert 5 in [cell.value for cell in cells]


@pytest.mark.skipif(not (FOLDER / PLAIN).exists(), reason="no DejaVu fonts here; deploy/lib.sh installs them")
def test_a_pdf_has_the_letters_of_vietnamese():
    reader = PdfReader(io.BytesIO(as_pdf("Sơ kết tiếng kẻng", "01/07/2026", [EVIL_TABLE], "vi")))
    text = "".join(page.extract_text() for page in reader.pages)
    assert "Sơ kết tiếng kẻng" in text
    assert "Thôn Đồi" in text


def test_a_fraction_has_a_comma_in_vietnamese_and_a_point_in_english():
    assert [shown(4.5, en) for en in (False, True)] == ["4,5", "4.5"]
    assert [shown(cell, False) for cell in (None, 12, "1.5 V")] == ["–", "12", "1.5 V"]


def test_without_a_font_a_person_is_told_what_to_install(tmp_path):
    with pytest.raises(FontFault, match="fonts-dejavu-core"):
        as_pdf("x", "y", [EVIL_TABLE], "vi", tmp_path)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_table_has_as_many_cells_as_heads(lang):
    group = Group("fire", "thon-1", "cháy", 3)
    for table in tables(
        figures(HALF, [group], [Moment("2026-07", 22, 3)], [1000], [2000], (), {"thon-1": 0.5}),
        {"thon-1": "Thôn 1"},
        lang,
    ):
        assert all(len(row) == len(table.columns) for row in table.rows)


def test_a_drill_is_told_by_its_hour_and_its_kind_on_paper_too():
    drill = Drill("0193a1de", "fire", NOON_MS, 3, 1_500)
    found = tables(figures(HALF, [], [], [], [], [], {"thon-1": 1.0}, [drill]), {"thon-1": "Thôn 1"}, "vi")
    rows = {table.key: table.rows for table in found}
    assert rows["drills"] == (("15/01/2027 15:00", "Cháy", 3, 1.5),)
    assert rows["gongs"] == (("Thôn 1", 100.0),)
    text = PdfReader(io.BytesIO(as_pdf("x", "y", found, "vi"))).pages[-1].extract_text()
    assert "15/01/2027 15:00" in text and "Có người nhận sau (giây)" in text
