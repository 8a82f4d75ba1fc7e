"""Sổ vụ việc: found by what an officer remembers, told to the millisecond, and never to whom it must not be."""

from collections.abc import Callable

from fakes.browser import Page
from fakes.consoletown import ConsoleTown
from fakes.waiting import eventually
from playwright.sync_api import expect


def test_a_case_is_told_from_the_press_to_its_end_and_a_remark_is_added(
    town: ConsoleTown, open_page: Callable[..., Page]
) -> None:
    page = open_page(town.console, "an")
    alert = town.lab.press("thon-3")
    town.lab.received(alert)
    expect(page.locator(f'.cases [data-key="{alert}"]')).to_be_visible()
    eventually(lambda: [row for row in town.lab.commune.journal("audited") if row["subject"] == alert])
    assert town.lab.ask("acknowledge", target=alert)["ok"]
    assert town.lab.ask("close", target=alert, outcome="cháy", note="Cháy đống rơm")["ok"]
    page.goto(f"{town.console.url}/so-vu-viec/{alert}")
    timeline = page.locator(".timeline tbody tr")
    for text in (
        "Bấm nút ở Thôn 3",
        "Hiện trên màn hình của an",
        "Xã nhận báo động cháy từ Thôn 3",
        "duty đã nhận",
        "duty đóng: cháy. Cháy đống rơm",
    ):
        expect(timeline.filter(has_text=text)).to_have_count(1)
    expect(timeline.first).to_contain_text("Bấm nút")
    page.fill("#c-note", "Hai nhà bị ảnh hưởng")
    page.get_by_role("button", name="Ghi vào sổ").click()
    expect(timeline.filter(has_text="an ghi: Hai nhà bị ảnh hưởng")).to_have_count(1)


def test_a_case_is_found_by_words_without_diacritics_by_hamlet_and_by_day(
    town: ConsoleTown, open_page: Callable[..., Page]
) -> None:
    wanted = town.lab.ask("alarm", kind="disaster", hamlets=["thon-4"], text="Lũ về")["target"]
    assert town.lab.ask("close", target=wanted, outcome="thiên tai")["ok"]
    page = open_page(town.console, "em", path="/so-vu-viec")
    link = page.locator(f'a[href$="{wanted}"]')
    for query, there in (
        ("text=thien+tai", 1),
        ("text=L%C5%A9", 1),
        ("hamlet=thon-4", 1),
        ("hamlet=thon-2", 0),
        ("kind=fire", 0),
        ("until=2020-01-01", 0),
        ("drill=yes", 0),
    ):
        page.goto(f"{town.console.url}/so-vu-viec?{query}")
        expect(link).to_have_count(there)


def test_odd_filters_are_told_and_nothing_breaks(town: ConsoleTown, open_page: Callable[..., Page]) -> None:
    page = open_page(town.console, "em")
    for query in ("since=hôm+qua", "kind=x", "before=abc", "before=99999999999999999999999", "hamlet=%00"):
        assert page.request.get(f"{town.console.url}/so-vu-viec?{query}").status == 200
    for name in ("nope", "%00", "a" * 5000):
        assert page.request.get(f"{town.console.url}/so-vu-viec/{name}").status == 404
