"""What an officer does on the duty page: sound for all in two acts, sound wider, silent alerts; and who may not."""

import re
import time
from collections.abc import Callable
from typing import Any

from fakes.browser import Page
from fakes.consolerun import PIN
from fakes.dutydesk import Desk, card
from playwright.sync_api import APIResponse, expect

from wire.words import Instant

EVERY = ["thon-1", "thon-2", "thon-3", "thon-4", "thon-5"]


def send(page: Page, address: str, fields: dict[str, Any]) -> APIResponse:
    """A form of the page's, sent as htmx sends it."""
    token = page.evaluate("JSON.parse(document.body.getAttribute('hx-headers'))['X-CSRFToken']")
    body = "&".join(
        f"{name}={value}" for name, given in fields.items() for value in (given if isinstance(given, list) else [given])
    )
    headers = {"X-CSRFToken": token, "HX-Request": "true", "Content-Type": "application/x-www-form-urlencoded"}
    url = page.evaluate("location.origin") + address
    return page.request.post(url, data=body, headers=headers, max_redirects=0)


def count(desk: Desk) -> int:
    return len(desk.lab.commune.incidents())


def test_a_real_alarm_for_all_is_done_by_a_second_act_with_the_pin_and_not_before(
    desk: Desk, open_page: Callable[..., Page]
) -> None:
    page = open_page(desk.console, "an", size="phone")
    before = count(desk)
    page.click("#alarm-open")
    page.check("#alarm-form [name=everywhere]")
    page.select_option("#a-kind", "fire")
    page.check("#alarm-form [name=drill][value='']")
    page.fill("#a-text", "Cháy chợ")
    page.click("#alarm-form button.alarm")
    sure = page.locator("#alarm-sure")
    expect(sure).to_contain_text("Báo động THẬT cho CẢ XÃ?")
    expect(sure).to_contain_text("5 kẻng kêu cùng lúc ở mọi thôn: Thôn 1, Thôn 2, Thôn 3, Thôn 4, Thôn 5")
    page.fill("#a-pin", "000000")
    sure.get_by_role("button", name="ĐÁNH CẢ XÃ – THẬT").click()
    expect(sure.locator("#sure-said")).to_contain_text("Mã PIN không đúng")
    assert count(desk) == before
    page.fill("#a-pin", PIN)
    sure.get_by_role("button", name="ĐÁNH CẢ XÃ – THẬT").click()
    expect(page.locator("#said")).to_contain_text("Đã ra lệnh đánh kẻng.")
    expect(page.locator("#alarm-dialog")).to_be_hidden()
    for node in desk.lab.nodes.values():
        node.see(lambda glance: glance["gong"] == "alarm")
    row = desk.lab.commune.incidents()[-1]
    assert (row["by"], row["kind"], row["text"], row["hamlets"]) == ("an", "fire", "Cháy chợ", '["all"]')
    assert count(desk) == before + 1


def test_every_hamlet_one_by_one_is_the_whole_commune_and_a_drill_for_all_needs_one_act(
    desk: Desk, open_page: Callable[..., Page]
) -> None:
    page = open_page(desk.console, "an")
    before = count(desk)
    asked = send(page, "/truc-ban/danh", {"ask": "aaaaaaaa01", "kind": "fire", "hamlets": EVERY})
    assert "Báo động THẬT cho CẢ XÃ?" in asked.text()
    unsure = send(page, "/truc-ban/danh", {"ask": "aaaaaaaa02", "kind": "fire", "everywhere": "on", "sure": "on"})
    assert unsure.status == 409
    nowhere = send(page, "/truc-ban/danh", {"ask": "aaaaaaaa03", "kind": "fire"})
    assert (nowhere.status, "Hãy chọn thôn, hoặc cả xã." in nowhere.text()) == (409, True)
    assert count(desk) == before
    drill = send(page, "/truc-ban/danh", {"ask": "aaaaaaaa04", "kind": "fire", "everywhere": "on", "drill": "on"})
    assert drill.status == 200, drill.text()
    assert count(desk) == before + 1


def test_an_officer_has_more_hamlets_sound_and_for_all_of_them_says_so_twice(
    desk: Desk, open_page: Callable[..., Page]
) -> None:
    page = open_page(desk.console, "an")
    alert = desk.lab.press("thon-3")
    shown = card(page, alert)
    shown.get_by_text("Kêu thêm", exact=True).click()
    shown.locator(".folds [name=hamlets][value=thon-4]").check()
    shown.get_by_role("button", name="Cho kêu", exact=True).click()
    expect(page.locator("#said")).to_contain_text("Đã ra lệnh cho kêu thêm.")
    desk.lab.nodes["thon-4"].see(lambda glance: glance["gong"] == "alarm")
    expect(shown.locator(".sounds")).to_contain_text("Thôn 4")
    shown.get_by_text("Kêu thêm", exact=True).click()
    shown.locator(".folds [name=everywhere]").check()
    shown.get_by_role("button", name="Cho kêu", exact=True).click()
    expect(page.locator("#alarm-sure")).to_contain_text("Loại: Cháy.")
    page.fill("#a-pin", PIN)
    page.locator("#alarm-sure").get_by_role("button", name="ĐÁNH CẢ XÃ – THẬT").click()
    expect(shown.locator(".sounds")).to_contain_text("Cả xã")
    expect(shown.locator(".mute")).to_contain_text("CHƯA KÊU: Thôn 1 (mất liên lạc)")


def test_a_silent_alert_is_shown_as_one_to_officers_alone_and_taking_it_is_silent_on_the_spot(
    desk: Desk, open_page: Callable[..., Page]
) -> None:
    officer, watcher = open_page(desk.console, "an"), open_page(desk.console, "em", path="/man-hinh")
    node = desk.lab.nodes["thon-4"]
    mark = len(node.glances)
    node.press(name="quiet")
    shown = officer.locator("[data-loud] > .silent")
    expect(shown).to_contain_text("BÁO NGẦM")
    expect(shown).to_contain_text("Bấm Nhận cũng không gây tiếng động nào tại chỗ")
    shown.get_by_role("button", name="Nhận").click()
    expect(shown.locator(".state")).to_contain_text("an")
    case = shown.get_attribute("data-key")
    aloud = send(officer, "/truc-ban/keu-them", {"ask": "bbbbbbbb01", "target": case, "hamlets": "thon-4"})
    assert aloud.status == 409, "a silent alert was sounded without a word that it shall be loud"
    assert "ngầm" in aloud.text()
    assert not [glance for glance in node.glances[mark:] if glance["gong"]]
    loud = desk.alarm()
    expect(card(watcher, loud)).to_be_visible()
    expect(watcher.locator("[data-loud] > li")).to_have_count(1)
    assert "Trộm cướp Thôn 4" not in watcher.content()


def test_who_may_only_look_can_do_nothing_and_what_is_wrong_is_said_and_not_done(
    desk: Desk, open_page: Callable[..., Page]
) -> None:
    case = desk.alarm()
    for who in ("em", "dung"):
        page = open_page(desk.console, who)
        assert card(page, case).locator("button").count() == 0
        for address in ("nhan", "tat", "dong", "ghi-chu", "danh", "keu-them"):
            assert send(page, f"/truc-ban/{address}", {"ask": "cccccccc01", "target": case}).status == 403
    officer = open_page(desk.console, "an")
    unended = send(officer, "/truc-ban/dong", {"ask": "cccccccc02", "target": case})
    assert (unended.status, "Hãy chọn kết quả" in unended.text()) == (409, True)
    empty = send(officer, "/truc-ban/ghi-chu", {"ask": "cccccccc03", "target": case, "note": ""})
    assert empty.status == 409
    assert send(officer, "/truc-ban/ghi-chu", {"ask": "cccccccc04", "target": case, "note": "đã gọi"}).status == 200
    expect(card(officer, case).locator(".remarks")).to_contain_text("an: đã gọi")
    row = desk.lab.incident(case)
    assert row is not None
    assert row["state"] == "open"


def test_a_muted_trouble_stays_on_the_page_says_until_when_and_by_whom_and_comes_last(
    desk: Desk, open_page: Callable[..., Page]
) -> None:
    page = open_page(desk.console, "an")
    lines = page.locator("[data-part=troubles] > li")
    mine = page.locator('[data-part=troubles] > [data-key="node_silent-thon-1"]')
    expect(mine).to_contain_text("Kẻng im")
    expect(mine.locator(".tag")).to_have_count(0)
    until = Instant(time.time_ns() // 1_000_000 + 3_600_000)
    assert desk.lab.ask("mute", node="thon-1", kind="node_silent", until=str(until), why="Chờ thay")["ok"]
    expect(mine.locator(".tag")).to_have_text(re.compile(r"^tạm im đến \d\d/\d\d/\d{4} \d\d:\d\d:\d\d, duty$"))
    expect(mine).to_have_class("muted")
    expect(mine).to_contain_text("Kẻng im")
    expect(lines.last).to_have_attribute("data-key", "node_silent-thon-1")
    assert desk.lab.ask("unmute", node="thon-1")["ok"]
    expect(mine.locator(".tag")).to_have_count(0)
