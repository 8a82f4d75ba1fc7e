"""Fault 24, and the officer's own bell, in a real Chromium by its own rule for sound.

The page says in red when it is not to be trusted: sound blocked, stream cut or stalled, session over, page asleep.
After that nothing is missing and nothing doubled, and what was allowed to sound still is.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fakes.browser import Browser, Page, asleep
from fakes.dutydesk import Desk, Door, card, sign_in_here
from fakes.proxy import Cable
from fakes.waiting import eventually
from playwright.sync_api import expect

TOLD_S = 10.0  # the bar: said in red by then
BACK_S = 5.0  # the bar: every open case on every console, from when the console serves
STILL_MS = 900
SLEPT_S = 7.0  # longer than what live.js takes for sleep (SLEPT_MS)
SOFT = 0.4  # of full scale: a drill's; a real bell goes above it


RECORD = """() => {
    window.most = 0;
    window.told = [];
    setInterval(() => { window.most = Math.max(window.most, keng.sound.level); }, 20);
    document.addEventListener("keng:told", () => window.told.push(...keng.reasons));
    // When the banner said what, by the clock that the test has, too: what it takes to ask the page is not the page's.
    const banner = document.getElementById("alarms-off");
    window.red = [];
    const note = () => window.red.push([Date.now(), banner.hidden ? "" : banner.textContent]);
    const all = { attributes: true, childList: true, characterData: true, subtree: true };
    new MutationObserver(note).observe(banner, all);
}"""


def listening(page: Page) -> Page:
    """Clicked once, so that it may sound; what it sounds and says is recorded from now on."""
    page.locator("h1").first.click()
    page.evaluate(RECORD)
    return page


def rings(page: Page, above: float = SOFT) -> None:
    """So loud a sound goes to the loudspeaker from now on."""
    page.evaluate("window.most = 0")
    page.wait_for_function("(above) => window.most > above", arg=above)


def is_still(page: Page) -> bool:
    """Whether nothing goes to it for a while longer than the rest between two threes."""
    page.evaluate("window.most = 0")
    page.wait_for_timeout(STILL_MS)
    return page.evaluate("window.most") == 0


def is_red(page: Page, words: str, since_s: float) -> None:
    """The banner says so, soon enough after `since_s`, by the wall."""
    expect(page.locator("#alarms-off")).to_contain_text(words)
    said_ms = page.evaluate("(words) => window.red.find(([, text]) => text.includes(words))[0]", words)
    assert said_ms / 1_000 - since_s <= TOLD_S


def is_calm(page: Page, since_s: float) -> None:
    """Nothing is red any more, soon enough after `since_s`, by the wall."""
    expect(page.locator("#alarms-off")).to_be_hidden()
    calm_ms = page.evaluate("window.red.findLast(([, text]) => text) ? window.red.at(-1)[0] : 0")
    assert calm_ms / 1_000 - since_s <= TOLD_S


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
    listening(page)
    expect(page.locator("#sound")).to_have_attribute("data-state", "on")
    expect(banner).to_be_hidden()
    rings(page)
    assert card(page, alert).count() == 1


def test_the_bell_is_latched_until_the_case_is_taken_and_a_new_case_rings_again_though_it_was_switched_off(
    desk: Desk, open_page: Callable[..., Page]
) -> None:
    page = listening(open_page(desk.console, "an"))
    first = desk.alarm()
    expect(card(page, first)).to_be_visible()
    # Silencing the gongs is not taking the case: it rings on.
    assert desk.lab.ask("clear", target=first)["ok"]
    rings(page)
    page.click("#sound")
    expect(page.locator("#sound")).to_have_attribute("data-state", "off")
    expect(page.locator("#alarms-off")).to_contain_text("CHUÔNG KHÔNG KÊU ĐƯỢC")
    eventually(lambda: is_still(page))
    second = desk.alarm(kind="fire")
    expect(page.locator("#sound")).to_have_attribute("data-state", "on")
    rings(page)
    for case in (first, second):
        card(page, case).get_by_role("button", name="Nhận").click()
        expect(card(page, case).locator(".state")).to_contain_text("an")
    assert page.evaluate("keng.sound.ringing") is False
    eventually(lambda: is_still(page))


def test_a_drill_rings_softly_and_never_over_a_real_case(desk: Desk, open_page: Callable[..., Page]) -> None:
    page = listening(open_page(desk.console, "an"))
    drill = desk.alarm(drill=True)
    expect(card(page, drill)).to_contain_text("DIỄN TẬP")
    assert page.evaluate("keng.sound.mode") == "drill"
    eventually(lambda: page.evaluate("window.most"))
    assert page.evaluate("window.most") <= SOFT
    real = desk.alarm(kind="fire")
    expect(card(page, real)).to_be_visible()
    assert page.evaluate("keng.sound.mode") == "real"
    rings(page)
    expect(page.locator("[data-loud] > li").first).to_have_attribute("data-key", real)


@contextmanager
def cable_to(desk: Desk) -> Iterator[Cable]:
    cable = Cable(desk.console.port)
    try:
        yield cable
    finally:
        cable.close()


def test_a_stalled_stream_an_ended_session_and_a_page_asleep_are_said_in_red_and_nothing_is_missed_or_doubled(
    desk: Desk, open_page: Callable[..., Page], laptop: Browser
) -> None:
    with cable_to(desk) as cable:
        stalled = listening(open_page(Door(f"http://127.0.0.1:{cable.port}"), "binh"))  # type: ignore[arg-type]  # an address is all it needs
        ended = listening(open_page(desk.console, "an"))
        sleeper = listening(open_page(desk.console, "an", on=laptop))
        first = desk.alarm()
        for page in (stalled, ended, sleeper):
            expect(card(page, first)).to_be_visible()
        with asleep(laptop):
            began_s = time.time()
            cable.stall(up=False)  # what is sent arrives, and nobody hears of it
            ended_s = time.time()
            desk.end_session(ended)
            card(stalled, first).get_by_role("button", name="Nhận").click()
            second = desk.alarm(kind="fire")
            is_red(ended, "PHIÊN ĐÃ HẾT", ended_s)
            is_red(stalled, "MẤT NỐI", began_s)
            eventually(lambda: time.time() - began_s > SLEPT_S)
        expect(stalled).to_have_title("⚠ (1) Trực ban · Xã Cộng Lạc")
        expect(stalled.locator("#said")).to_contain_text("MÁY CHỦ KHÔNG TRẢ LỜI")
        woken_s = time.time()
        cable.mend()
        is_calm(stalled, woken_s)
        sign_in_here(ended, "an", "sai mật khẩu")
        expect(ended.locator("#signin [role=alert]")).to_be_visible()
        sign_in_here(ended, "an")
        for page in (stalled, ended, sleeper):
            expect(page.locator("#alarms-off")).to_be_hidden()
            for case in (first, second):
                expect(card(page, case)).to_have_count(1)
            expect(page.locator("[data-loud] > li")).to_have_count(2)
            assert page.evaluate("[keng.sound.state, keng.sound.mode]") == ["on", "real"], "the bell was lost"
        rings(ended)
        assert "cut" in sleeper.evaluate("window.told"), "it slept, and never said so"
        is_calm(sleeper, woken_s)
        # What had no answer was done, and once.
        expect(card(stalled, first).locator(".state")).to_contain_text("binh")
        assert [row["by"] for row in desk.lab.commune.journal("acknowledged") if row["subject"] == first] == ["binh"]
        # Signed in anew, in place: the next act is taken, with the new session's token.
        card(ended, second).get_by_role("button", name="Nhận").click()
        expect(card(stalled, second).locator(".state")).to_contain_text("an")


def test_after_a_restart_of_anything_every_open_case_is_back_and_rings_within_five_seconds(
    desk: Desk, open_page: Callable[..., Page]
) -> None:
    pages = [listening(open_page(desk.console, "an")), listening(open_page(desk.console, "binh", path="/man-hinh"))]
    first = desk.alarm()
    desk.lab.commune.kill()
    gone_s = time.time()
    desk.lab.broker.kill()
    is_red(pages[0], "MẤT MQTT", gone_s)
    killed_s = time.time()
    desk.console.kill()
    is_red(pages[0], "MẤT NỐI", killed_s)
    desk.lab.broker.start()
    desk.lab.commune.start()
    second = desk.alarm(kind="fire")
    desk.console.start()
    served_s = time.monotonic()
    for page in pages:
        expect(page.locator("#alarms-off")).to_be_hidden()
        for case in (first, second):
            expect(card(page, case)).to_have_count(1)
        expect(page.locator("[data-loud] > li")).to_have_count(2)
    assert time.monotonic() - served_s <= BACK_S
    for page in pages:
        assert page.evaluate("keng.sound.mode") == "real"
        rings(page)
