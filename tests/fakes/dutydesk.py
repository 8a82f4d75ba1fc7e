"""A whole post for several files' tests: a lab of two gongs, a console beside it, and what an officer does on its page.

    def test_something(desk, open_page):
        page = open_page(desk.console, "an")
        alert = desk.lab.press("thon-3")
        card(page, alert)...

What must hold: each test begins with nothing open and everything running, whatever the one before it did.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from fakes.consolerun import PASSWORD, ConsoleRun, beside
from fakes.kept import kept
from fakes.lab import Lab, opened
from playwright.sync_api import Locator, Page

SESSION = "keng"
"""The cookie's name where there is no TLS."""


@dataclass
class Desk:
    """See the module."""

    lab: Lab
    console: ConsoleRun

    def end_session(self, page: Page) -> None:
        """The session of that page is gone from the database."""
        [key] = [one["value"] for one in page.context.cookies() if one["name"] == SESSION]
        with closing(sqlite3.connect(self.console.home / "console.sqlite3", timeout=30)) as db:
            assert db.execute("DELETE FROM people_seat WHERE session_key = ?", (key,)).rowcount == 1
            db.commit()

    def alarm(self, hamlet: str = "thon-5", kind: str = "theft", *, drill: bool = False) -> str:
        """Somebody else's officer sounds; the incident."""
        target: str = self.lab.ask("alarm", kind=kind, hamlets=[hamlet], drill=drill)["target"]
        return target


@dataclass(frozen=True)
class Door:
    """Another address of the same console: through a cable."""

    url: str


def card(page: Page, case: str) -> Locator:
    """A case on whatever list is the loud one."""
    return page.locator(f'[data-loud] > [data-key="{case}"]')


def sign_in_here(page: Page, who: str, password: str = PASSWORD) -> None:
    """By the dialog that the page itself has opened."""
    page.fill("#signin #in-id_username", who)
    page.fill("#signin #in-id_password", password)
    page.click("#signin button.primary")


@contextmanager
def _made(home: Path, blank_register: Path, blank_console: Path) -> Iterator[Desk]:
    with opened(home / "lab", blank_register, "thon-3", "thon-4") as lab:
        lab.start()
        with beside(home / "console", blank_console, lab) as console:
            yield Desk(lab, console)


@pytest.fixture
def post(tmp_path_factory: pytest.TempPathFactory, blank_register: Path, blank_console: Path) -> Desk:
    """That of several files (fakes/kept.py); tests take `desk`."""
    made: Desk = kept("post", lambda: _made(tmp_path_factory.mktemp("post"), blank_register, blank_console))
    return made


@pytest.fixture
def desk(post: Desk) -> Iterator[Desk]:
    """Quiet at its beginning."""
    yield post
    post.lab.heal()
    post.lab.settle()
    post.lab.quiet()
