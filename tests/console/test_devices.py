"""Thiết bị and Bản đồ: each gong as it is, live, on a list and on a map that asks nobody but this machine."""

import io
import json
import math
import re
from collections.abc import Callable, Iterator

import pytest
from fakes.browser import Page
from fakes.consolerun import PIN
from fakes.consoletown import ConsoleTown
from fakes.lab import C
from fakes.waiting import eventually
from PIL import Image
from playwright.sync_api import Request, expect
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import write

DEGREES = (106.0, 20.4, 106.4, 20.8)  # west, south, east, north of a district


def test_a_gong_s_card_and_its_marker_follow_a_press(town: ConsoleTown, open_page: Callable[..., Page]) -> None:
    page = open_page(town.console, "an", path="/ban-do")
    card = page.locator('[data-part="gongs"] > [data-key="thon-3"]')
    mark = page.locator(".mark", has_text="Thôn 3")
    expect(card).to_have_attribute("data-lamp", "well")
    alert = town.lab.press("thon-3")
    expect(card).to_contain_text("Báo động, chưa ai nhận", ignore_case=True)
    expect(mark).to_have_class(re.compile(r"\bpressed\b"))
    town.lab.received(alert)
    town.lab.quiet()
    expect(card).to_have_attribute("data-lamp", "well")


def test_a_gong_that_was_never_heard_says_so(town: ConsoleTown, open_page: Callable[..., Page]) -> None:
    page = open_page(town.console, "em", path="/thiet-bi")
    expect(page.locator('[data-key="thon-5"]')).to_have_attribute("data-lamp", re.compile("away|unknown"))


def test_the_map_asks_nobody_but_this_machine(town: ConsoleTown, open_page: Callable[..., Page]) -> None:
    page = open_page(town.console, "an", size="phone")
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    page.goto(f"{town.console.url}/ban-do")
    expect(page.locator("#map[data-ready]")).to_be_visible()
    expect(page.locator(".mark")).to_have_count(5)
    assert asked
    assert [url for url in asked if not url.startswith((town.console.url, "data:", "blob:"))] == []


@pytest.fixture
def tiles(town: ConsoleTown) -> Iterator[str]:
    """A small ground of tiles around a commune, all of one colour, as a person puts it there; the colour."""
    colour, picture = (31, 95, 174), io.BytesIO()
    Image.new("RGB", (256, 256), colour).save(picture, "PNG")
    file, (west, south, east, north) = town.console.home / "ground.pmtiles", DEGREES
    with write(file) as book:
        for zoom in range(4, 13):
            side = 2**zoom
            columns = range(int((west + 180) / 360 * side), int((east + 180) / 360 * side) + 1)
            rows = range(_row(north, side), _row(south, side) + 1)
            for number in sorted(zxy_to_tileid(zoom, column, row) for column in columns for row in rows):
                book.write_tile(number, picture.getvalue())
        bounds = dict(
            zip(
                ("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7"),
                (int(1e7 * one) for one in DEGREES),
                strict=True,
            )
        )
        middle = {"center_zoom": 10, "center_lon_e7": int(1.062e9), "center_lat_e7": int(2.06e8)}
        head = {"tile_type": TileType.PNG, "tile_compression": Compression.NONE, **bounds, **middle}
        book.finalize(head, {"name": "nền thử"})
    yield f"rgb{colour}"
    file.unlink()


def _row(latitude: float, side: int) -> int:
    return int((1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * side)


def test_a_ground_of_tiles_is_seen_and_gongs_that_nobody_has_put_stand_on_it(
    town: ConsoleTown, open_page: Callable[..., Page], tiles: str
) -> None:
    page = open_page(town.console, "an", path="/ban-do")
    expect(page.locator("#map[data-ready]")).to_be_visible()
    expect(page.locator("#map .leaflet-tile-loaded").first).to_be_visible()

    def colour() -> str:
        seen = Image.open(io.BytesIO(page.locator("#map").screenshot())).convert("RGB")
        return f"rgb{max(seen.getcolors(seen.width * seen.height) or [(0, ())])[1]}"

    eventually(lambda: colour() == tiles, why="the ground is not what most of the map shows")  # tiles fade in
    inside = page.locator("#map").bounding_box()
    gong = page.locator(".mark", has_text="Thôn 3").bounding_box()
    assert inside is not None and gong is not None
    assert inside["x"] <= gong["x"] <= inside["x"] + inside["width"], (inside, gong)
    assert inside["y"] <= gong["y"] <= inside["y"] + inside["height"], (inside, gong)


def test_retiring_a_gong_wants_a_reason_a_tick_and_the_pin_and_is_for_who_mends(
    town: ConsoleTown, open_page: Callable[..., Page]
) -> None:
    page, said = open_page(town.console, "dung", path="/thiet-bi/thon-1"), "#said"
    page.get_by_text("Thu hồi kẻng này").click()
    button = page.get_by_role("button", name="THU HỒI")
    button.click()
    assert page.locator("#r-why:invalid").count() == 1, "without a reason nothing is sent"
    page.fill("#r-why", "Bị mất trộm")
    page.fill("#r-pin", "111111")
    page.check("#r-sure")
    button.click()
    expect(page.locator(said)).to_contain_text("Mã PIN không đúng")
    page.fill("#r-pin", PIN)
    button.click()
    # This machine has no hands of root's: it says what a person has to run.
    expect(page.locator(said)).to_contain_text("sudo keng retire thon-1")
    assert town.lab.commune.journal("retiring") == []
    officer = open_page(town.console, "an", path="/thiet-bi/thon-1")
    expect(officer.get_by_role("heading", level=1)).to_contain_text("Thôn 1")
    expect(officer.get_by_text("Thu hồi kẻng này")).to_have_count(0)


def test_a_technician_sounds_one_stroke_and_sees_it_proved(town: ConsoleTown, open_page: Callable[..., Page]) -> None:
    page = open_page(town.console, "dung", path="/thiet-bi/thon-3")
    node = town.lab.nodes["thon-3"]
    page.get_by_role("button", name="Đánh thử một tiếng").click()
    expect(page.locator("#said")).to_contain_text("Đã ra lệnh đánh thử")
    node.see(lambda glance: glance["gong"] is not None)
    node.see(lambda glance: glance["gong"] is None)
    table = page.get_by_role("table").first

    def proved() -> bool:  # the gong's word is on its way, and then in the register
        page.reload()
        return "Đánh xong" in table.inner_text()

    eventually(proved)


def test_an_officer_cannot_move_a_gong_and_a_technician_can(town: ConsoleTown, open_page: Callable[..., Page]) -> None:
    for who, status in (("an", 403), ("dung", 200)):
        page = open_page(town.console, who, path="/ban-do")
        token = page.evaluate("JSON.parse(document.body.getAttribute('hx-headers'))['X-CSRFToken']")
        answer = page.request.post(
            f"{town.console.url}/thiet-bi/thon-1/vi-tri", form={"x": "12.5", "y": "900"}, headers={"X-CSRFToken": token}
        )
        assert answer.status == status
    places = page.request.get(f"{town.console.url}/ban-do/vi-tri").json()
    assert next(gong["at"] for gong in places["gongs"] if gong["node"] == "thon-1") == [12.5, 900]


def first_sounding(town: ConsoleTown, node: str, **changes: object) -> None:
    """A box that was newly hung up proves its stroke."""
    proof = {"id": "first/x", "pattern": "test", "started_at": None, "late_ms": 0, "duration_ms": 900, "strokes": 1}
    said = json.dumps({**proof, "strokes_heard": None, "ended": "finished", "first": True, **changes})
    assert town.lab.broker.publish(f"{C}/up/{node}/sounded", said) == 0


def test_a_hamlet_whose_new_gong_has_raised_its_voice_is_named_while_the_officer_looks_on(
    town: ConsoleTown, open_page: Callable[..., Page]
) -> None:
    page = open_page(town.console, "em", path="/thiet-bi")
    news = page.locator('[data-part="voices"] > li')
    expect(news).to_have_count(0)
    first_sounding(town, "thon-4", strokes_heard=0)  # played, but its own microphone did not hear it
    first_sounding(town, "thon-2")
    first_sounding(town, "thon-2", duration_ms=901)  # said again: the box did not know that it was heard
    expect(news).to_have_count(1)
    expect(news).to_contain_text("Thôn 2 đã lên tiếng")
    for path in ("/truc-ban", "/man-hinh"):
        page.goto(f"{town.console.url}{path}")
        expect(news).to_have_count(1)
        expect(news).to_contain_text("Thôn 2 đã lên tiếng")


def test_a_gong_on_battery_shows_what_is_left_and_for_how_long(
    town: ConsoleTown, open_page: Callable[..., Page]
) -> None:
    status = {"node": "thon-4", "hamlet": "thon-4", "online": True, "clock": "synced", "speaker": "ok", "panel": "ok"}
    supply = {"supply": "mains_lost", "mains": False, "battery_pct": 64, "battery_h": 40.4, "disk": "ok"}
    page = open_page(town.console, "em", path="/thiet-bi")
    card = page.locator('[data-part="gongs"] > [data-key="thon-4"]')
    assert town.lab.broker.publish(f"{C}/up/thon-4/status", json.dumps(status | supply)) == 0
    expect(card).to_contain_text(re.compile(r"mất điện lưới, chạy ắc quy · ắc quy 64 %, còn khoảng 40 giờ", re.I))
    expect(card).to_contain_text("đang chạy bằng ắc quy (còn 64 %, khoảng 40 giờ)")
