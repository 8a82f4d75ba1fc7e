"""Báo cáo: what is handed in after six months, as a page and as files, and only by whom it may be."""

import io
from collections.abc import Callable

import openpyxl
from fakes.browser import Page
from fakes.consoletown import ConsoleTown
from fakes.waiting import eventually
from playwright.sync_api import expect
from pypdf import PdfReader


def test_the_page_and_each_file_count_the_same(town: ConsoleTown, open_page: Callable[..., Page]) -> None:
    page = open_page(town.console, "an", path="/bao-cao")
    rows = page.locator("section", has_text="Tóm tắt").locator("tbody tr")

    def counted(what: str) -> int:
        return int(rows.filter(has_text=what).locator("td").last.inner_text())

    def shown(drills: int) -> bool:  # the register is read again some times a second
        page.reload()
        return counted("Số lần diễn tập") == drills

    drills = len([row for row in town.lab.commune.incidents() if row["drill"]])
    eventually(lambda: shown(drills), why="what happened before is not counted")
    before = {what: counted(what) for what in ("Số vụ thật", "Báo nhầm")}
    for outcome in ("cháy", "báo nhầm"):
        id_ = town.lab.ask("alarm", kind="fire", hamlets=["thon-4"])["target"]
        assert town.lab.ask("close", target=id_, outcome=outcome)["ok"]
    drill = town.lab.ask("alarm", kind="fire", hamlets=["thon-4"], drill=True)["target"]
    assert town.lab.ask("close", target=drill, outcome="cháy")["ok"]

    eventually(lambda: shown(drills + 1), why="what happened last is not counted")
    real = before["Số vụ thật"] + 2
    assert (counted("Số vụ thật"), counted("Báo nhầm")) == (real, before["Báo nhầm"] + 1)
    base = f"{town.console.url}/bao-cao/tep"
    book = openpyxl.load_workbook(io.BytesIO(page.request.get(f"{base}.xlsx").body()))
    assert {row[0].value: row[1].value for row in book["Tóm tắt"].iter_rows(min_row=4)}["Số vụ thật"] == real
    assert f"Số vụ thật,{real}" in page.request.get(f"{base}.csv").text()
    pdf = PdfReader(io.BytesIO(page.request.get(f"{base}.pdf").body()))
    assert "Số vụ thật" in pdf.pages[0].extract_text()


def test_a_watcher_reads_and_takes_nothing_home(town: ConsoleTown, open_page: Callable[..., Page]) -> None:
    page = open_page(town.console, "em", path="/bao-cao?year=2026&half=year")
    expect(page.get_by_role("heading", name="Tóm tắt")).to_be_visible()
    expect(page.get_by_role("link", name="XLSX")).to_have_count(0)
    assert page.request.get(f"{town.console.url}/bao-cao/tep.csv").status == 403


def test_odd_periods_are_told_and_nothing_breaks(town: ConsoleTown, open_page: Callable[..., Page]) -> None:
    page = open_page(town.console, "an")
    for query in ("year=abc", "year=999999", "half=9", "year=&half="):
        assert page.request.get(f"{town.console.url}/bao-cao?{query}").status == 200
        assert page.request.get(f"{town.console.url}/bao-cao/tep.pdf?{query}").status == 404
    assert page.request.get(f"{town.console.url}/bao-cao/tep.exe").status == 404
