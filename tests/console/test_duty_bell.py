"""The officer's own bell in a real Chromium, by its own rule for sound: blocked, allowed, latched, softer for a drill."""

from collections.abc import Callable

from fakes.browser import Page
from fakes.dutydesk import Desk, card
from fakes.waiting import eventually
from playwright.sync_api import expect

TOLD_S = 10.0  # the bar: said in red by then
SOFT = 0.4  # of full scale: a drill's; a real bell goes above it


def loudest(page: Page, within_s: float = 1.5) -> float:
    """The highest level that goes to the loudspeaker in the next while."""
    level: float = page.evaluate(
        """async (ms) => {
            let most = 0;
            for (const end = performance.now() + ms; performance.now() < end;) {
                most = Math.max(most, keng.sound.level);
                await new Promise((done) => setTimeout(done, 20));
            }
            return most;
        }""",
        within_s * 1_000,
    )
    return level


def untouched(desk: Desk, open_page: Callable[..., Page]) -> Page:
    """The duty page in a tab that nobody has clicked in: Chromium lets it play nothing."""
    page = open_page(desk.console, "an").context.new_page()
    page.goto(f"{desk.console.url}/truc-ban")
    return page


def test_sound_that_is_blocked_is_said_in_red_and_a_click_anywhere_allows_it(
    desk: Desk, open_page: Callable[..., Page]
) -> None:
    page = untouched(desk, open_page)
    assert page.evaluate("keng.sound.state") == "blocked"
    banner = page.locator("#alarms-off")
    expect(banner).to_contain_text("CHUÔNG BỊ CHẶN", timeout=TOLD_S * 1_000)
    alert = desk.alarm()
    expect(banner).to_contain_text("CHUÔNG KHÔNG KÊU ĐƯỢC", timeout=TOLD_S * 1_000)
    assert page.evaluate("[keng.sound.state, keng.sound.mode, keng.sound.level]") == ["blocked", "real", 0]
    page.locator("h1").click()
    expect(page.locator("#sound")).to_have_attribute("data-state", "on")
    expect(banner).to_be_hidden()
    assert loudest(page) > SOFT
    assert card(page, alert).count() == 1


def test_the_bell_is_latched_until_the_case_is_taken_and_a_new_case_rings_again_though_it_was_switched_off(
    desk: Desk, open_page: Callable[..., Page]
) -> None:
    page = open_page(desk.console, "an")
    page.locator("h1").click()
    first = desk.alarm()
    expect(card(page, first)).to_be_visible()
    # Silencing the gongs is not taking the case: it rings on.
    assert desk.lab.ask("clear", target=first)["ok"]
    assert loudest(page) > SOFT
    page.click("#sound")
    expect(page.locator("#sound")).to_have_attribute("data-state", "off")
    expect(page.locator("#alarms-off")).to_contain_text("CHUÔNG KHÔNG KÊU ĐƯỢC")
    eventually(lambda: loudest(page, 0.3) == 0)
    second = desk.alarm(kind="fire")
    expect(page.locator("#sound")).to_have_attribute("data-state", "on")
    assert loudest(page) > SOFT
    for case in (first, second):
        card(page, case).get_by_role("button", name="Nhận").click()
        expect(card(page, case).locator(".state")).to_contain_text("an")
    assert page.evaluate("keng.sound.ringing") is False
    eventually(lambda: loudest(page, 0.3) == 0)


def test_a_drill_rings_softly_and_never_over_a_real_case(desk: Desk, open_page: Callable[..., Page]) -> None:
    page = open_page(desk.console, "an")
    page.locator("h1").click()
    drill = desk.alarm(drill=True)
    expect(card(page, drill)).to_contain_text("DIỄN TẬP")
    assert page.evaluate("keng.sound.mode") == "drill"
    assert 0 < loudest(page, 6.5) <= SOFT
    real = desk.alarm(kind="fire")
    expect(card(page, real)).to_be_visible()
    assert page.evaluate("keng.sound.mode") == "real"
    assert loudest(page) > SOFT
    expect(page.locator("[data-loud] > li").first).to_have_attribute("data-key", real)
