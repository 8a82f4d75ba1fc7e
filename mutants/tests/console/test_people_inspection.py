"""/quan-tri: a chief looks into the tables, and nobody touches anything there."""

import re
from collections.abc import Callable, Iterator

import pytest
from fakes.addresses import addresses_of
from fakes.browser import Page
from fakes.consolerun import PASSWORD, PEOPLE, ConsoleRun
from fakes.visitor import Visitor
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory, blank_console, blank_register) -> Iterator[ConsoleRun]:
    """Beside a register with its tables."""
    home = tmp_path_factory.mktemp("inspection")
    run = ConsoleRun(home / "console", blank_console, blank_register.parent, 1)
    yield run.start()
    run.end()
    assert "Traceback" not in run.log, run.log


def places(visitor: Visitor) -> list[str]:
    """What the first page leads to."""
    text = visitor.get("/quan-tri/").text
    return sorted(set(re.findall(r'href="(/quan-tri/[^"?]+)', text)))


def test_only_a_chief_looks_and_only_behind_the_second_factor(console):
    chief = Visitor(console).sign_in("chi")
    seen = [*places(chief), "/quan-tri/", "/quan-tri/people/officer/1/change/"]
    assert len(seen) > 10
    for path in seen:
        assert chief.get(path).status == 200, path
        assert Visitor(console).get(path).to.startswith("/dang-nhap?next="), path
    for name in (name for name, role in PEOPLE.items() if role != "chief"):
        other = Visitor(console).sign_in(name)
        for path in seen:
            assert other.get(path).status == 403, (name, path)
    for path in ("login", "logout", "password_change", "people/officer/add", "people/officer/1/delete"):
        assert chief.get(f"/quan-tri/{path}/").status == 404, "there is no second way in, and none around accounts.py"
    half = Visitor(console)
    half.password("chi")
    assert half.get("/quan-tri/").to.startswith("/dang-nhap")
    [(factor,)] = console.sql("SELECT factor FROM people_officer WHERE username = 'binh'")
    console.sql("UPDATE people_officer SET role = 'chief' WHERE username = 'binh'")
    try:
        bare = Visitor(console)
        bare.password("binh")
        assert {bare.get(path).to for path in seen} == {"/toi/hai-lop"}, "a chief without a second factor"
    finally:
        console.sql("UPDATE people_officer SET role = 'officer', factor = ? WHERE username = 'binh'", factor)


def test_nothing_can_be_added_changed_or_deleted(console):
    chief = Visitor(console).sign_in("chi")
    for one in addresses_of(console.settings):
        if one.pattern.startswith("quan-tri/"):
            path = "/" + re.sub(r"<[^>]+>|\^.*", "1", one.pattern)
            assert chief.post(path, role="chief", action="delete_selected", post="yes").status in {404, 405}, path
    for path in places(chief):
        assert not re.search(r'name="_save"|deletelink|addlink', chief.get(path).text), path


def test_no_secret_stands_there_hashed_sealed_or_plain(console):
    chief = Visitor(console).sign_in("chi")
    secrets = {
        value for row in console.sql("SELECT password, pin, factor FROM people_officer") for value in row if value
    }
    keys = {row[0] for row in console.sql("SELECT session_key FROM people_seat")}
    numbers = [row[0] for row in console.sql("SELECT id FROM people_officer")]
    pages = [*places(chief), *(f"/quan-tri/people/officer/{number}/change/" for number in numbers)]
    for path in pages:
        text = chief.get(path).text
        assert not [one for one in secrets | keys if one in text], path
        assert "argon2" not in text
    assert PASSWORD not in "".join(chief.get(path).text for path in pages)


def test_it_lives_with_the_content_policy(console: ConsoleRun, open_page: Callable[..., Page]):
    page = open_page(console, "chi", path="/quan-tri/people/officer/")
    expect(page.locator("#result_list tbody tr")).to_have_count(len(PEOPLE))
    page.locator("#result_list tbody tr a").first.click()
    expect(page.locator("#content")).to_contain_text(
        "Username" if page.locator("html").get_attribute("lang") == "en" else "Tên đăng nhập"
    )
    assert page.locator("#content input[type=submit]").count() == 0
