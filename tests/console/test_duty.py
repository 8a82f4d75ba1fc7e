"""The duty page: a press is seen, taken and ended; two officers at once; typing stays; a double tap is one act."""

import json
import time
from collections.abc import Callable

from fakes.browser import Page
from fakes.dutydesk import Desk, card
from fakes.waiting import eventually
from playwright.sync_api import expect

LAMP_S = 1.0  # the bar: a lamp follows an acknowledgement
TREMBLE_MS = 500  # duty.js: a second tap before that is the first one's
STOP_S = 2.0  # the bar: who has not stopped is named


def test_a_press_is_seen_taken_and_the_lamp_follows_within_a_second(desk: Desk, open_page: Callable[..., Page]) -> None:
    page = open_page(desk.console, "an")
    alert = desk.lab.press("thon-3")
    shown = card(page, alert)
    expect(shown).to_contain_text("Cháy")
    expect(shown).to_contain_text("Thôn 3")
    expect(page).to_have_title("(1) Trực ban · Xã Cộng Lạc")
    assert (page.get_attribute("link[rel=icon]", "href") or "").startswith("data:image/png")
    shown.get_by_role("button", name="Nhận").click()
    began_s = time.monotonic()
    desk.lab.nodes["thon-3"].see(lambda glance: glance["alert"] == "acknowledged")
    assert time.monotonic() - began_s <= LAMP_S
    expect(shown).to_contain_text("Đã có người nhận: an")
    expect(page).to_have_title("Trực ban · Xã Cộng Lạc")
    assert (page.get_attribute("link[rel=icon]", "href") or "").endswith("gong.svg")
    row = desk.lab.incident(alert)
    assert row is not None
    assert row["acknowledged_by"] == "an"


def test_two_officers_who_tap_at_once_are_both_done_and_see_the_same(
    desk: Desk, open_page: Callable[..., Page]
) -> None:
    one, other = open_page(desk.console, "an"), open_page(desk.console, "binh", size="phone", path="/di-dong")
    case = desk.alarm()
    for page in (one, other):
        card(page, case).get_by_role("button", name="Nhận").wait_for()
    # At one moment, so that neither hears of the other's act before their own is on its way.
    moment_ms = time.time() * 1_000 + 700
    for page in (one, other):
        page.evaluate(
            """(at) => {
                const form = document.querySelector('[data-loud] form[hx-post$="/nhan"]');
                setTimeout(() => form.requestSubmit(), at - Date.now());
            }""",
            moment_ms,
        )
    for page in (one, other):
        expect(page.locator("#said")).to_contain_text("Đã nhận.")
        expect(card(page, case).locator(".state")).to_contain_text("Đã có người nhận")
    texts = {card(page, case).locator(".state").inner_text() for page in (one, other)}
    assert len(texts) == 1, texts
    journal = [row for row in desk.lab.commune.journal("acknowledged") if row["subject"] == case]
    assert {row["by"] for row in journal} <= {"an", "binh"}


def test_a_double_tap_is_one_act_and_the_same_act_again_later_is_another(
    desk: Desk, open_page: Callable[..., Page]
) -> None:
    page = open_page(desk.console, "an")
    page.click("#alarm-open")
    page.check("#alarm-form [name=hamlets][value=thon-5]")
    page.select_option("#a-kind", "theft")
    page.check("#alarm-form [name=drill][value='']")
    before = len(desk.lab.commune.incidents())
    # Two submissions in one turn of the page: what a trembling finger, or a retry after a cut, would send.
    page.evaluate(
        """() => {
            const form = document.getElementById("alarm-form");
            const again = form.cloneNode(true);
            form.after(again);
            again.elements.kind.value = form.elements.kind.value;
            htmx.process(again);
            form.requestSubmit();
            again.requestSubmit();
        }"""
    )
    expect(page.locator("#said")).to_contain_text("Đã ra lệnh đánh kẻng.")
    eventually(lambda: len(desk.lab.commune.incidents()) > before)
    expect(page.locator("[data-loud] > li")).to_have_count(1)
    assert len(desk.lab.commune.incidents()) == before + 1
    [case] = [row["id"] for row in desk.lab.commune.incidents() if row["state"] == "open"]
    stop = card(page, case).get_by_role("button", name="Tắt kẻng")
    stop.click()
    expect(stop).to_have_count(0)
    assert desk.lab.ask("widen", target=case, hamlets=["thon-5"])["ok"]
    page.wait_for_timeout(2_100)  # beyond which the same tap is meant anew
    stop.click()
    expect(stop).to_have_count(0)


def test_what_is_typed_survives_live_updates_with_focus_and_caret_and_closes_the_case(
    desk: Desk, open_page: Callable[..., Page]
) -> None:
    page = open_page(desk.console, "an")
    alert = desk.lab.press("thon-3")
    shown = card(page, alert)
    shown.get_by_text("Đóng vụ", exact=True).click()
    shown.locator("select[name=outcome]").select_option("cháy")
    note = shown.locator("textarea[name=note]").first
    note.press_sequentially("Cháy bếp, ")
    assert desk.lab.ask("acknowledge", target=alert, user="second")["ok"]
    expect(shown).to_contain_text("Đã có người nhận: second")
    other = desk.alarm()  # goes above it in the list
    expect(card(page, other)).to_be_visible()
    assert desk.lab.ask("comment", target=alert, user="second", note="xe chữa cháy đang đến")["ok"]
    expect(shown.locator(".remarks")).to_contain_text("second: xe chữa cháy đang đến")
    page.keyboard.type("đã dập tắt")
    expect(note).to_have_value("Cháy bếp, đã dập tắt")
    expect(page.locator("[data-loud] > li").first).to_have_attribute("data-key", other)
    shown.get_by_role("button", name="Đóng vụ, tắt kẻng").click()
    expect(card(page, alert)).to_have_count(0)
    expect(page.locator(f'.ended [data-key="{alert}"]')).to_contain_text("Cháy, Thôn 3 – Cháy, an")
    row = desk.lab.incident(alert)
    assert row is not None
    assert (row["state"], row["outcome"], row["note"]) == ("closed", "cháy", "Cháy bếp, đã dập tắt")


def test_who_has_not_stopped_is_named_within_two_seconds_of_the_order(
    desk: Desk, open_page: Callable[..., Page]
) -> None:
    page = open_page(desk.console, "an")
    alert = desk.lab.press("thon-3")
    stuck = desk.lab.nodes["thon-3"]
    stuck.see(lambda glance: glance["gong"])
    eventually(lambda: "thon-3" in _sounding(page, alert) or "Thôn 3" in _sounding(page, alert))
    stuck.freeze()
    card(page, alert).get_by_role("button", name="Tắt kẻng").click()
    expect(page.locator("#said")).to_contain_text("Đã ra lệnh tắt.")
    expect(card(page, alert).locator(".still")).to_contain_text("CHƯA TẮT: Thôn 3", timeout=STOP_S * 1_000)
    assert desk.lab.ask("close", target=alert, outcome="báo nhầm")["ok"]
    expect(page.locator(".unended")).to_contain_text("Thôn 3", timeout=STOP_S * 1_000)
    page.locator(".unended").get_by_role("button", name="Tắt lại").click()
    expect(page.locator("#said")).to_contain_text("Đã ra lệnh tắt. Không có gì đang kêu")
    stuck.thaw()
    expect(page.locator(".unended li")).to_have_count(0)


def test_what_comes_live_is_in_the_language_of_the_page(desk: Desk, open_page: Callable[..., Page]) -> None:
    page = open_page(desk.console, "an", lang="en")
    case = desk.alarm(kind="fire")
    expect(card(page, case)).to_contain_text("Fire")
    expect(card(page, case).get_by_role("button", name="Take", exact=True)).to_be_visible()


def test_the_wall_has_no_controls_and_shows_clock_link_last_chime_and_cases(
    desk: Desk, open_page: Callable[..., Page]
) -> None:
    wall = open_page(desk.console, "em", size="wall", path="/man-hinh")
    assert wall.locator("form, a:not(.skip)").count() == 0
    assert wall.locator("button").count() == 1, "the bell's alone"
    expect(wall.locator("#wall-link")).to_have_text("Đã nối")
    before = wall.locator("#wall-clock").inner_text()
    expect(wall.locator("#wall-clock")).not_to_have_text(before)
    assert desk.lab.ask("chime", pattern="curfew", hamlets=["thon-3"])["ok"]
    expect(wall.locator('[data-part="chime"]')).to_contain_text("Thôn 3")
    case = desk.alarm(kind="fire")
    expect(card(wall, case)).to_contain_text("Cháy")
    assert card(wall, case).bounding_box()["height"] > 150  # type: ignore[index]  # it is visible


def test_the_phone_in_the_street_has_two_big_buttons_and_nothing_else_and_they_work(
    desk: Desk, open_page: Callable[..., Page]
) -> None:
    phone = open_page(desk.console, "an", size="phone", path="/di-dong")
    alert = desk.lab.press("thon-3")
    buttons = card(phone, alert).get_by_role("button")
    expect(buttons).to_have_text(["Nhận", "Tắt kẻng"])
    for button in buttons.all():
        box = button.bounding_box()
        assert box is not None and box["width"] > 250 and box["height"] >= 88, box
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    buttons.first.tap()
    desk.lab.nodes["thon-3"].see(lambda glance: glance["alert"] == "acknowledged")
    expect(buttons).to_have_text(["Tắt kẻng"])
    # A tap that misses Nhận must not silence a real alarm: Tắt wants a second one, and no trembling finger is that.
    buttons.first.tap()
    buttons.first.tap()
    expect(buttons).to_have_text(["Bấm lần nữa để TẮT"])
    phone.wait_for_timeout(TREMBLE_MS)
    assert not desk.lab.commune.journal("cleared")[-1:] or desk.lab.commune.journal("cleared")[-1]["subject"] != alert
    buttons.first.tap()
    desk.lab.nodes["thon-3"].see(lambda glance: glance["gong"] is None)
    expect(card(phone, alert)).to_contain_text("Kẻng đã tắt.")


def _sounding(page: Page, case: str) -> str:
    return json.dumps(card(page, case).locator(".sounds").all_inner_texts(), ensure_ascii=False)
