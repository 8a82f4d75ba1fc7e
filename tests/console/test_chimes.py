"""Lịch kẻng: a chime drafted, heard, put into use with the PIN, and an older version brought back."""

from collections.abc import Callable

from fakes.browser import Page
from fakes.consolerun import PIN
from fakes.consoletown import ConsoleTown
from fakes.visitor import Visitor
from fakes.waiting import eventually
from playwright.sync_api import expect


def versions(town: ConsoleTown) -> list[tuple[int, str | None]]:
    """Of the register, in order."""
    rows = town.lab.commune.rows(
        "SELECT json_extract(fields, '$.version') AS v, by FROM register_codebook ORDER BY seq"
    )
    return [(row["v"], row["by"]) for row in rows]


def test_a_chime_is_drafted_put_into_use_with_the_pin_and_taken_back(
    town: ConsoleTown, open_page: Callable[..., Page]
) -> None:
    page = open_page(town.console, "dung", path="/lich-keng")
    before = versions(town)
    page.get_by_role("link", name="Thêm hiệu lệnh").click()
    page.fill("#id_name", "gio-hoc")
    page.fill("#id_at", "19:00")
    page.select_option("#id_pattern", "study")
    page.get_by_label("thứ hai").check()
    page.get_by_role("button", name="Ghi vào bản nháp").click()
    expect(page.locator(".draft")).to_contain_text("Hiệu lệnh gio-hoc")
    assert versions(town) == before
    page.fill("#p-pin", "000000")
    page.get_by_role("button", name="Áp dụng cho cả xã").click()
    expect(page.locator(".said.error")).to_contain_text("PIN")
    assert versions(town) == before
    page.fill("#p-pin", PIN)
    page.get_by_role("button", name="Áp dụng cho cả xã").click()
    expect(page.locator(".said.success")).to_be_visible()
    assert versions(town) == [*before, (before[-1][0] + 1, "dung")]
    for node in town.lab.nodes.values():
        eventually(lambda node=node: "gio-hoc" in (node.home / "state" / "codebook.json").read_text())
    page.goto(f"{town.console.url}/lich-keng")
    expect(page.locator(".calendar")).to_contain_text("19:00 gio-hoc")
    newest = page.get_by_role("row", name="đang dùng dung")
    newest.get_by_text("xem").click()
    expect(newest).to_contain_text("Hiệu lệnh gio-hoc")
    expect(newest).to_contain_text("giờ: 19:00, ngày: thứ hai, bản kẻng: study, nơi: cả xã")
    page.get_by_role("button", name="Lấy làm bản nháp").first.click()
    page.fill("#p-pin", PIN)
    page.get_by_role("button", name="Áp dụng cho cả xã").click()
    expect(page.locator(".said.success")).to_be_visible()
    expect(page.locator(".calendar")).not_to_contain_text("gio-hoc")


def test_a_second_tap_on_what_is_put_into_use_puts_nothing_more_into_use(town: ConsoleTown) -> None:
    visitor, before = Visitor(town.console).sign_in("dung"), len(versions(town))
    fields = {"name": "gio-hop", "at": "18:00", "days": "mon", "pattern": "study", "everywhere": "on"}
    assert visitor.post("/lich-keng/them", **fields).status == 302
    taps = [visitor.post("/lich-keng/ap-dung", ask="00c0ffee", pin=PIN) for _ in range(2)]
    assert {tap.to for tap in taps} == {"/lich-keng"}
    said = visitor.get("/lich-keng").text
    assert "đang có hiệu lực; các kẻng đang nhận" in said and 'class="said error"' not in said
    assert len(versions(town)) == before + 1


def test_a_pattern_is_heard_as_it_will_sound(town: ConsoleTown, open_page: Callable[..., Page]) -> None:
    page = open_page(town.console, "em", path="/lich-keng")
    answer = page.request.get(f"{town.console.url}/lich-keng/tieng/cong-lac/curfew.wav")
    assert answer.status == 200
    assert answer.body()[:4] == b"RIFF"
    assert page.request.get(f"{town.console.url}/lich-keng/tieng/nope.wav").status == 404


def test_only_who_may_changes_the_code_book(town: ConsoleTown, open_page: Callable[..., Page]) -> None:
    page = open_page(town.console, "an", path="/lich-keng")
    expect(page.get_by_role("link", name="Thêm hiệu lệnh")).to_have_count(0)
    assert page.request.get(f"{town.console.url}/lich-keng/them").status == 403
