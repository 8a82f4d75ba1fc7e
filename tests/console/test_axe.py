"""Is every page, in both languages, at a desk and on a phone, free of what axe calls serious or critical?

What must hold: a new page is named in PAGES, as a chief sees it, who sees all of them. axe-core is vendored in
fakes/axe (Deque Systems, Mozilla Public License 2.0, unaltered): nothing is fetched while a test runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fakes.browser import Page, judged
from fakes.consoletown import ConsoleTown

PAGES = (
    "/truc-ban", "/man-hinh", "/di-dong", "/ban-do", "/thiet-bi", "/thiet-bi/thon-3", "/lich-keng", "/lich-keng/them",
    "/so-vu-viec", "/so-vu-viec/CASE", "/bao-cao", "/dien-tap", "/dien-tap/DRILL", "/tai-khoan", "/tai-khoan/moi",
    "/tai-khoan/nguoi/an", "/toi", "/toi/mat-khau", "/toi/pin", "/toi/hai-lop", "/nhat-ky", "/chung-chi", "/khong-co",
    "/quan-tri/", "/quan-tri/people/officer/", "/quan-tri/people/officer/1/change/", "/quan-tri/register/incident/",
)  # fmt: skip


@pytest.mark.parametrize(("lang", "size"), [("vi", "desk"), ("en", "phone")])
def test_axe_finds_nothing_serious(town: ConsoleTown, open_page: Callable[..., Page], lang: str, size: str) -> None:
    town.lab.quiet()
    drill = town.lab.ask("alarm", kind="fire", hamlets=["thon-3"], drill=True)["target"]
    case = town.lab.press("thon-3")
    town.lab.received(case)
    found: dict[str, Any] = {}
    guest = open_page(town.console, size=size, path="/dang-nhap", lang=lang)
    found["/dang-nhap"] = judged(guest)
    page = open_page(town.console, "chi", size=size, lang=lang)
    for path in PAGES:
        page.goto(town.console.url + path.replace("CASE", case).replace("DRILL", drill))
        found[path] = judged(page)
    page.goto(f"{town.console.url}/truc-ban")
    for fold in page.locator("details summary").all():
        fold.click()
    page.click("#alarm-open")
    found["the alarm's dialog"] = judged(page)
    town.lab.quiet()
    assert not {path: faults for path, faults in found.items() if faults}
