"""A real Chromium, and pages in it: logged in as somebody, on a desk or a phone; its complaints fail the test.

    page = open_page(console, "an")                       # the duty page, as officer an
    page = open_page(console, "an", size="phone", path="/di-dong")

What must hold: a script's error and a breach of the content policy end the test; a network that the test itself cut
does not.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fakes.consolerun import PASSWORD, ConsoleRun
from fakes.visitor import Visitor, fresh_code
from fakes.waiting import freeze
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGS = (
    "--no-sandbox",  # the tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SIZES = {"desk": (1280, 900), "phone": (390, 844), "wall": (1920, 1080)}
LATE_MS = 30_000
expect.set_options(timeout=LATE_MS)
OWN_FAULTS = (
    "net::ERR_",
    "Failed to load resource",
    "the server responded with a status of",
    "Response Status Error Code 4",
    "htmx:sendError",
    "htmx:timeout",
    "htmx:afterRequest",
)
"""What Chromium, or htmx, says of a network or a refusal that the test wanted."""


AXE = Path(__file__).parent / "axe" / "axe.min.js"
RUN_AXE = """async () => (await axe.run(document, {resultTypes: ["violations"], preload: false, iframes: false}))
    .violations.filter(one => ["serious", "critical"].includes(one.impact))
    .map(one => one.id + ": " + one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(" | "))"""


def judged(page: Page) -> list[str]:
    """What axe finds that is serious or critical."""
    page.evaluate(AXE.read_text("utf-8"))
    faults: list[str] = page.evaluate(RUN_AXE)
    return faults


@contextmanager
def asleep(laptop: Browser) -> Iterator[None]:
    """A laptop whose lid is shut: its pages' processes stand, timers, workers and all.

    How it could be unrealistic: the network goes on below them, and what came meanwhile is there when they wake.
    """
    found = laptop.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    pages = [one["id"] for one in found if one["type"] == "renderer"]
    for pid in pages:
        freeze(pid)
    try:
        yield
    finally:
        for pid in pages:
            os.kill(pid, signal.SIGCONT)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of this process."""
    program = _program()
    if program is None:
        pytest.skip("there is no Chromium here; tests/run.sh installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGS))
        yield browser
        browser.close()


@pytest.fixture
def laptop(chromium: Browser) -> Iterator[Browser]:
    """Another browser, which can be put asleep without the others."""
    browser = chromium.browser_type.launch(executable_path=_program(), args=list(ARGS))
    yield browser
    browser.close()


def _program() -> str | None:
    return next((found for name in CHROMIUM if (found := shutil.which(name))), None)


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """`open_page(console, who=None, size="desk", path="/", lang="vi", on=None)`: each in a context of its own.

    Signed in beforehand, by HTTP; `by_form`: in the page itself, as a person does it.
    """
    complaints: list[str] = []
    contexts = []

    def listen(page: Page) -> None:
        def said(message: ConsoleMessage) -> None:
            if message.type == "error" and not any(own in message.text for own in OWN_FAULTS):
                complaints.append(message.text)

        page.on("console", said)
        page.on("pageerror", lambda error: complaints.append(str(error)))

    def make(
        console: ConsoleRun,
        who: str | None = None,
        size: str = "desk",
        path: str = "/",
        lang: str = "vi",
        on: Browser | None = None,
        *,
        by_form: bool = False,
    ) -> Page:
        phone: dict[str, Any] = {"is_mobile": True, "has_touch": True} if size == "phone" else {}
        width, height = SIZES[size]
        context = (on or chromium).new_context(viewport={"width": width, "height": height}, locale="vi-VN", **phone)
        context.set_default_timeout(LATE_MS)
        contexts.append(context)
        context.add_cookies([{"name": "keng-language", "value": lang, "url": console.url}])
        page = context.new_page()
        listen(page)
        if who is not None and isinstance(console, ConsoleRun) and not by_form:
            signed = Visitor(console).sign_in(who).cookies
            context.add_cookies([{"name": name, "value": value, "url": console.url} for name, value in signed.items()])
            page.goto(f"{console.url}{path}")
            return page
        if who is not None:
            page.goto(f"{console.url}/dang-nhap")
            page.fill("#id_username", who)
            page.fill("#id_password", PASSWORD)
            page.click("main button.primary")
            page.wait_for_url(lambda url: not url.endswith("/dang-nhap"))
            if page.url.endswith("/dang-nhap/ma"):
                page.fill("#id_code", fresh_code(console, who))
                page.click("main button.primary")
            page.wait_for_url(lambda url: "dang-nhap" not in url)
        if who is None or path != "/":
            page.goto(f"{console.url}{path}")
        return page

    yield make
    for context in contexts:
        context.close()
    assert not complaints, complaints[:5]
