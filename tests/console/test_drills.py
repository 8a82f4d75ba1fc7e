"""Diễn tập: planned, begun from the plan, heard as a drill, and scored by the gongs' own proofs."""

from collections.abc import Callable

from fakes.browser import Page
from fakes.consoletown import ConsoleTown
from fakes.waiting import eventually
from playwright.sync_api import expect


def test_a_planned_drill_sounds_as_a_drill_and_is_scored(town: ConsoleTown, open_page: Callable[..., Page]) -> None:
    page = open_page(town.console, "an", path="/dien-tap")
    page.get_by_label("Thôn 1").check()
    page.get_by_label("Thôn 2").check()
    page.fill("#id_text", "Diễn tập chữa cháy")
    page.get_by_role("button", name="Ghi kế hoạch").click()
    page.get_by_role("button", name="Bắt đầu ngay").click()
    page.wait_for_url(lambda url: "/dien-tap/" in url)
    town.lab.nodes["thon-1"].see(lambda glance: glance["gong"] == "drill")
    drill = page.url.rpartition("/")[2]
    row = town.lab.incident(drill)
    assert row is not None
    assert (row["drill"], row["by"], row["text"]) == (1, "an", "Diễn tập chữa cháy")
    assert town.lab.ask("acknowledge", target=drill)["ok"]
    town.lab.quiet()
    facts = page.locator(".facts")

    def proved() -> bool:  # a gong's proof follows when it is silent, and this page is no live one
        page.reload()
        return "1/2" in facts.inner_text()

    eventually(proved, why="the gong that sounded did not prove it")
    expect(page.locator(".said.error")).to_contain_text("Thôn 2")
    expect(page.locator("tr", has_text="thon-1")).not_to_contain_text("chưa chứng tỏ")


def test_a_watcher_plans_nothing(town: ConsoleTown, open_page: Callable[..., Page]) -> None:
    page = open_page(town.console, "em", path="/dien-tap")
    expect(page.get_by_role("button", name="Ghi kế hoạch")).to_have_count(0)
    for path in ("1/bat-dau", "1/bo"):
        assert page.request.post(f"{town.console.url}/dien-tap/{path}").status == 403


def test_a_drill_that_nobody_answered_for_is_begun_once_when_it_is_tried_again(
    town: ConsoleTown, open_page: Callable[..., Page]
) -> None:
    town.lab.quiet()
    before = len(town.lab.commune.incidents())
    page = open_page(town.console, "an", path="/dien-tap")
    page.select_option("#id_kind", "fire")
    page.get_by_label("Thôn 3").check()
    page.get_by_role("button", name="Ghi kế hoạch").click()
    town.lab.commune.freeze()
    try:
        page.get_by_role("button", name="Bắt đầu ngay").click()
        expect(page.locator(".said.error")).to_contain_text("chưa trả lời")
    finally:
        town.lab.commune.thaw()
    page.get_by_role("button", name="Bắt đầu ngay").click()
    expect(page.get_by_role("link", name="Diễn biến từng giây")).to_be_visible()
    assert len(town.lab.commune.incidents()) == before + 1
    town.lab.quiet()
