"""Nhật ký and muting: who did what is told, and a line that was altered is found."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing

from fakes.browser import Page
from fakes.consolerun import ConsoleRun
from fakes.consoletown import ConsoleTown
from fakes.lab import Lab
from fakes.visitor import Visitor
from playwright.sync_api import expect

from broker.register.store import FILE


def test_deeds_are_told_by_name_and_an_altered_line_is_found(
    start_lab: Callable[..., Lab], start_console: Callable[..., ConsoleRun], open_page: Callable[..., Page]
) -> None:
    lab = start_lab("thon-3")
    console = start_console(lab)
    page = open_page(console, "dung", path="/thiet-bi/thon-3")
    page.get_by_text("Tạm im trục trặc của kẻng này").click()
    page.fill("#m-why", "Đang thay loa")
    page.get_by_role("button", name="Tạm im", exact=True).click()
    expect(page.locator("#said")).to_contain_text("Đã tạm im")
    page.reload()
    expect(page.get_by_text("Đang thay loa")).to_be_visible()
    chief = open_page(console, "chi", path="/nhat-ky")
    row = chief.get_by_role("row", name="dung tạm im Thôn 3")
    expect(row).to_contain_text("Lý do: Đang thay loa")
    came = chief.get_by_role("row", name="dung đăng nhập từ máy 127.0.0.1").first
    expect(came).to_be_visible()
    assert not re.search(r"signed_in|address|[{}]", chief.get_by_role("table").inner_text()), "a program's words"
    came.get_by_text("nguyên văn").click()
    expect(came.locator("pre")).to_contain_text('"what": "signed_in"')
    chief.get_by_role("button", name="Kiểm cả sổ ngay").click()
    expect(chief.locator("#said")).to_contain_text("Sổ nguyên vẹn")
    with closing(sqlite3.connect(lab.commune.register / FILE)) as register, register:
        register.execute("DROP TRIGGER register_journal_no_update")
        register.execute("UPDATE register_journal SET by = 'em' WHERE what = 'muted'")
    chief.get_by_role("button", name="Kiểm cả sổ ngay").click()
    expect(chief.locator("#said")).to_contain_text("SỔ ĐÃ BỊ SỬA")


def test_an_officer_reads_no_trail(town: ConsoleTown) -> None:
    assert Visitor(town.console).sign_in("an").get("/nhat-ky").status == 403
