"""What holds for every address and page, whichever room it is of; and how the pages of accounts look in a browser."""

import random
import re
from collections.abc import Callable, Iterator

import pytest
from fakes.addresses import Address, addresses_of
from fakes.browser import Page
from fakes.consolerun import PIN, ConsoleRun
from fakes.visitor import Visitor
from playwright.sync_api import expect

OPEN = {"login", "login_code", "trust", "trust_file", "static_file", "set_language"}
"""To whoever has not signed in, on purpose."""
BARE = {"wall", "street"}
"""A screen on the wall and a telephone in the street show nothing that is not wanted there."""
INSPECTION = "quan-tri/"
OF_ONES_OWN = {"home", "logout", "own", "own_password", "own_pin", "own_factor", "own_factor_qr", "end_own"}
"""For whoever has signed in, whatever their role."""


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory, blank_console) -> Iterator[ConsoleRun]:
    """One for all of this module."""
    home = tmp_path_factory.mktemp("pages")
    run = ConsoleRun(home / "console", blank_console, home, 1)
    yield run.start()
    run.end()


@pytest.fixture(scope="module")
def addresses(console) -> list[Address]:
    """All of them."""
    return addresses_of(console.settings)


def test_every_view_asks_for_a_right_or_is_open_on_purpose(addresses):
    assert {one.name for one in addresses if one.open} == OPEN
    assert {one.name for one in addresses if not one.open and one.right is None} == OF_ONES_OWN
    assert len(addresses) > 20


def test_without_a_session_only_these_addresses_answer(console, addresses):
    stranger, dice = Visitor(console), random.Random(7)
    for one in addresses:
        if one.open or not one.whole:
            continue
        reply = stranger.get(one.filled(dice))
        assert reply.status == 302, one
        assert reply.to.startswith("/dang-nhap?next="), one
        live = stranger.get(one.filled(dice), HX_Request="true")
        assert (live.status, "<form" in live.text) == (401, False), "a live page is told, and given no form to swap in"


def test_the_way_out_is_on_every_page(console, addresses):
    chief, dice, seen = Visitor(console).sign_in("chi"), random.Random(8), 0
    for one in addresses:
        if not one.whole or one.open or one.name in {"stream", "logout"} or one.pattern.startswith(INSPECTION):
            continue
        reply = chief.get(one.filled(dice))
        if reply.status == 200 and "<html" in reply.text and "DOCTYPE" in reply.text.upper():
            seen += 1
            assert ('action="/dang-xuat"' in reply.text) == (one.name not in BARE), one
    assert seen >= 5


def test_a_password_manager_finds_its_fields_and_nothing_shows_what_is_typed(console):
    visitor = Visitor(console)
    pages = {"/dang-nhap": {"password": "current-password"}}
    pages["/toi/mat-khau"] = {"current": "current-password", "new": "new-password", "again": "new-password"}
    pages["/toi/pin"] = {"current": "current-password", "pin": "off", "again": "off"}
    for page, fields in pages.items():
        if page == "/toi/mat-khau":
            visitor.sign_in("an")
        text = visitor.get(page).text
        assert "onpaste" not in text
        for name, kind in fields.items():
            [field] = re.findall(rf'<input[^>]*name="{name}"[^>]*>', text)
            assert 'type="password"' in field, (page, name)
            assert f'autocomplete="{kind}"' in field, (page, name)


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_a_chief_makes_an_account_and_switches_one_off_in_a_browser(
    console: ConsoleRun, open_page: Callable[..., Page], size: str
):
    page = open_page(console, "chi", size=size, path="/tai-khoan", by_form=True)
    page.get_by_role("link", name="Lập tài khoản mới").click()
    name = f"moi-{size}"
    page.get_by_label("Họ và tên").fill("Trần Thị Mới")
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Vai trò").select_option("officer")
    page.get_by_label("Mã PIN của bạn").fill(PIN)
    page.get_by_role("button", name="Lập tài khoản").click()
    expect(page.locator(".once code")).to_have_text(re.compile(r"^[A-Z2-9]{4}(-[A-Z2-9]{4}){3}$"))
    page.get_by_role("link", name="Xong").click()
    page.get_by_role("link", name="Trần Thị Mới").first.click()
    page.get_by_label("Mã PIN của bạn").fill(PIN)
    page.get_by_role("button", name="Tắt tài khoản").click()
    expect(page.get_by_role("status")).to_contain_text("Đã làm xong")
    expect(page.locator("main")).to_contain_text("đã tắt")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, "nothing is wider than the screen"
