"""The duty page: a press is seen, taken and ended; two officers at once; nothing is lost or doubled over a restart."""

import time
from collections.abc import Callable

from fakes.browser import Page
from fakes.consolerun import ConsoleRun
from fakes.lab import Lab
from playwright.sync_api import expect

LAMP_S = 1.0  # the bar: a lamp follows an acknowledgement


def test_a_press_is_seen_taken_and_the_lamp_follows_within_a_second(
    start_lab: Callable[..., Lab], start_console: Callable[..., ConsoleRun], open_page: Callable[..., Page]
) -> None:
    lab = start_lab("thon-3")
    page = open_page(start_console(lab), "an")
    alert = lab.press()
    card = page.locator(f'[data-key="{alert}"]')
    expect(card).to_contain_text("Cháy")
    expect(card).to_contain_text("Thôn 3")
    card.get_by_role("button", name="Nhận").click()
    began_s = time.monotonic()
    lab.node.see(lambda glance: glance["alert"] == "acknowledged", 10)
    assert time.monotonic() - began_s <= LAMP_S
    expect(card).to_contain_text("Đã có người nhận: an")
    row = lab.incident(alert)
    assert row is not None
    assert row["acknowledged_by"] == "an"


def test_of_two_officers_the_first_has_it_and_both_see_the_same(
    start_lab: Callable[..., Lab], start_console: Callable[..., ConsoleRun], open_page: Callable[..., Page]
) -> None:
    lab = start_lab("thon-3")
    console = start_console(lab)
    one, other = open_page(console, "an"), open_page(console, "binh", size="phone")
    alert = lab.press()
    for page in (one, other):
        expect(page.locator(f'[data-key="{alert}"]')).to_be_visible()
    one.locator(f'[data-key="{alert}"]').get_by_role("button", name="Nhận").click()
    for page in (one, other):
        expect(page.locator(f'[data-key="{alert}"]')).to_contain_text("Đã có người nhận: an")


def test_after_a_restart_of_the_console_nothing_is_missing_and_nothing_is_doubled(
    start_lab: Callable[..., Lab], start_console: Callable[..., ConsoleRun], open_page: Callable[..., Page]
) -> None:
    lab = start_lab("thon-3")
    console = start_console(lab)
    page = open_page(console, "an")
    first = lab.ask("alarm", kind="theft", hamlets=["thon-4"])["target"]
    expect(page.locator(f'[data-key="{first}"]')).to_have_count(1)
    console.kill()
    second = lab.ask("alarm", kind="fire", hamlets=["thon-5"])["target"]
    expect(page.locator("#alarms-off")).to_contain_text("MẤT NỐI")
    console.start()
    expect(page.locator("#alarms-off")).not_to_contain_text("MẤT NỐI")
    for case in (first, second):
        expect(page.locator(f'.cases [data-key="{case}"]')).to_have_count(1)
    expect(page.locator(".cases > li")).to_have_count(2)
