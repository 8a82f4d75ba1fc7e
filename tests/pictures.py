"""Takes the README's pictures of the duty desk: a demo is started, a few things happen in it, each page is looked at.

    python tests/pictures.py            # make pictures: writes deploy/pictures/desk-*.png

What must hold: what is shown is the real thing, in the state that a real press left it in.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from fakes.browser import ARGS, CHROMIUM
from fakes.consolerun import ConsoleRun, make_blank
from fakes.demo import RunningDemo, start
from fakes.visitor import Visitor
from PIL import Image
from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "deploy" / "pictures"
WIDE, HIGH = 1200, 860
PHONE = (390, 780)
PAGES = {
    "duty": "/truc-ban",
    "map": "/ban-do",
    "devices": "/thiet-bi",
    "chimes": "/lich-keng",
    "cases": "/so-vu-viec",
    "reports": "/bao-cao",
    "drills": "/dien-tap",
    "wall": "/man-hinh",
    "bench": "/ban-thu",
    "me": "/toi",
}
CHIEFS = {"people": "/tai-khoan", "trail": "/nhat-ky"}
"""What a chief alone sees: on a desk with a chief in it, over the same demo."""
SETTLE_MS = 1_500
COLOURS = 96


def happen(demo: RunningDemo) -> None:
    """A fire that is out, a drill, a theft that somebody took, and a fire that nobody has taken yet."""
    said = [
        ("press", "thon-4", "--kind", "fire"),
        ("close", "all", "--outcome", "cháy", "--note", "Cháy đống rơm, đã dập"),
        ("alarm", "--hamlet", "thon-1", "--kind", "fire", "--drill", "--text", "Diễn tập chữa cháy"),
        ("press", "thon-2", "--kind", "theft"),
        ("acknowledge", "all"),
        ("press", "thon-3", "--kind", "fire"),
    ]
    for words in said:
        subprocess.run([demo.ready["keng"], *words, "--home", str(demo.home)], check=False, stdout=subprocess.DEVNULL)


def sign_in(page: Page, desk: dict[str, str]) -> None:
    """As the officer of the demo."""
    page.goto(f"{desk['url']}dang-nhap")
    page.fill("#id_username", "truc-ban")
    page.fill("#id_password", desk["password"])
    page.click("main button.primary")
    page.wait_for_url(lambda url: "dang-nhap" not in url)


def small(png: bytes, to: Path) -> None:
    """A page has few colours: a palette of them takes a third of the bytes."""
    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS).save(to, optimize=True)


def take(page: Page, desk: str, pages: dict[str, str]) -> None:
    """A picture of each."""
    for name, path in pages.items():
        page.goto(desk + path)
        page.mouse.click(4, HIGH // 2)  # as a person at the post has long done: or no browser lets a bell ring
        page.wait_for_timeout(SETTLE_MS)
        small(page.screenshot(), FOLDER / f"desk-{name}.png")
        print(f"deploy/pictures/desk-{name}.png")


@contextmanager
def chiefs_desk(demo: RunningDemo, folder: Path) -> Iterator[ConsoleRun]:
    """A second duty desk over the demo's register, with the tests' people in it."""
    (folder / "blank").mkdir()
    desk = ConsoleRun(folder / "desk", make_blank(folder / "blank"), demo.home / "commune", demo.port)
    desk.start()
    try:
        yield desk
    finally:
        desk.end()


def main() -> None:
    """Take them all."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        demo = start(Path(folder), console=True)
        try:
            happen(demo)
            program = next(found for name in CHROMIUM for found in [f"/usr/bin/{name}"] if Path(found).exists())
            browser = playwright.chromium.launch(executable_path=program, args=list(ARGS))
            front = browser.new_page(viewport={"width": WIDE, "height": HIGH})
            take(front, demo.ready["console"]["url"].rstrip("/"), {"signin": "/dang-nhap"})
            for size, pages in (((WIDE, HIGH), PAGES), (PHONE, {"phone": "/di-dong"})):
                page = browser.new_page(viewport={"width": size[0], "height": size[1]})
                sign_in(page, demo.ready["console"])
                take(page, demo.ready["console"]["url"].rstrip("/"), pages)
            with chiefs_desk(demo, Path(folder)) as desk:
                context = browser.new_context(viewport={"width": WIDE, "height": HIGH}, locale="vi-VN")
                cookies = Visitor(desk).sign_in("chi").cookies
                context.add_cookies([{"name": one, "value": cookies[one], "url": desk.url} for one in cookies])
                take(context.new_page(), desk.url, CHIEFS)
            browser.close()
        finally:
            demo.end()


if __name__ == "__main__":
    main()
