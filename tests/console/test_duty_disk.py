"""Fault 20 on the duty page: the commune's disk is full; new alerts show, ring, and say they are not written down."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fakes.browser import Page
from fakes.consolerun import ConsoleRun
from fakes.disks import FILLER, NotPermitted, fill, small_disk
from fakes.dutydesk import card
from fakes.lab import Lab
from playwright.sync_api import expect

DISK_MIB = 6
USERS = "users: {console: console}\n"
"""As on a machine that is installed: of silent alerts those are told who are listed."""


def test_with_the_communes_disk_full_new_alerts_show_ring_and_say_that_they_are_not_written_down(
    start_lab: Callable[..., Lab],
    start_console: Callable[..., ConsoleRun],
    open_page: Callable[..., Page],
    tmp_path: Path,
) -> None:
    try:
        with small_disk(tmp_path / "disk", mib=DISK_MIB) as disk:
            lab = start_lab("thon-3", register=disk / "home", start=False)
            with lab.commune.settings.open("a") as settings:
                settings.write(USERS)
            lab.start()
            page = open_page(start_console(lab), "an", by_form=True)  # a click, or no bell may ring
            fill(disk)
            alert = lab.press()
            shown = card(page, alert)
            expect(shown).to_contain_text("CHƯA GHI SỔ")
            expect(shown).to_contain_text("Thôn 3")
            expect(page.locator("#alarms-off")).to_contain_text("SỔ KHÔNG GHI ĐƯỢC")
            assert page.evaluate("keng.sound.mode") == "real"
            lab.press(contact="quiet")
            expect(page.locator("[data-loud] > .silent")).to_contain_text("CHƯA GHI SỔ")
            (disk / FILLER).unlink()
            expect(shown).not_to_contain_text("CHƯA GHI SỔ")
            expect(page.locator("[data-loud] > li")).to_have_count(2)
            expect(page.locator("#alarms-off")).to_be_hidden()
            lab.commune.end()
    except NotPermitted as why:
        pytest.skip(f"no small disk here: {why}")
