"""The duty desk: from the end of the hold to the card on an officer's screen, while twenty consoles are open.

One is a real Chromium, whose card counts when its frame is drawn; nineteen others, and one more, read the same stream
as their browsers would. The peer is a bare MQTT subscriber of the same presses: what the network alone takes.
"""

from __future__ import annotations

import json
import shutil
import socket
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.cookiejar import CookieJar
from pathlib import Path

from bench.figures import Figure, figure, summary
from bench.rig import TOPICS, bench_node, service
from bench.weight import rss_mb
from fakes.browser import ARGS, CHROMIUM
from fakes.consolerun import PASSWORD, ConsoleRun, make_blank
from fakes.mosquitto import Mosquitto
from fakes.paced import PacedCard
from fakes.swarm import LightClient, Swarm
from fakes.waiting import eventually
from playwright.sync_api import Page, sync_playwright

PRESSES = 100
EVERY_S = 1.1  # of one node at most sixty presses a minute are written down
HOLD_S = 0.3
READERS = 20
SHOWN_MS = 500
MOST_MB = 120
WATCH = """() => {
    window.drawn = [];
    const list = document.querySelector('[data-part="cases"]');
    const seen = new Set();
    new MutationObserver(() => {
        for (const one of list.children) {
            if (seen.has(one.dataset.key)) continue;
            seen.add(one.dataset.key);
            const now = () => window.drawn.push(performance.timeOrigin + performance.now());
            requestAnimationFrame(() => setTimeout(now));
        }
    }).observe(list, { childList: true });
}"""


def run(broker: Mosquitto, home: Path, say: Callable[[str], None]) -> list[Figure]:
    """All figures of this file."""
    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if program is None:
        say("no Chromium here: nothing is measured")
        return []
    for name in ("card", "blank"):
        (home / name).mkdir()
    card = PacedCard(home / "card")
    with service(home / "service", broker.port):
        console = ConsoleRun(home / "console", make_blank(home / "blank"), home / "service" / "home", broker.port)
        node = bench_node(home / "thon-1", broker.port, card)
        try:
            node.see(lambda glance: glance["linked"])
            console.start()
            with readers(console) as heard, page_of(program, console) as page:
                say(f"{PRESSES} presses, {READERS} consoles")
                shown, bare = _presses(broker, home / "thon-1", page)
                weight = [rss_mb(console.pid)]
                assert min(heard) >= PRESSES, f"a reader heard {min(heard)} of {PRESSES}"
        finally:
            node.stop()
            console.end()
    median, p99 = summary(bare)
    return [
        figure(
            f"end of hold → on an officer's screen, {READERS} consoles open",
            "ms",
            shown,
            peer="bare MQTT subscriber",
            peer_median=round(median, 2),
            peer_p99=round(p99, 2),
            goal=f"p99 ≤ {SHOWN_MS} ms",
            met=summary(shown)[1] <= SHOWN_MS,
        ),
        figure(f"console: RSS with {READERS} open", "MB", weight, goal=f"≤ {MOST_MB} MB", met=weight[0] <= MOST_MB),
    ]


def _presses(broker: Mosquitto, home: Path, page: Page) -> tuple[list[float], list[float]]:
    """Milliseconds from the end of each hold: until its card was drawn, until a bare subscriber had the alert."""
    arrived: list[float] = []

    def heard(_: LightClient, topic: str, payload: bytes, at_ns: int) -> None:
        if not json.loads(payload).get("cancelled"):
            arrived.append(time.time() * 1e3 - (time.monotonic_ns() - at_ns) / 1e6)

    swarm = Swarm(broker.host, broker.port, heard)
    swarm.join("bare", [TOPICS.every("up", "alert")])
    swarm.settle()
    page.evaluate(WATCH)
    held: list[float] = []
    with socket.socket(socket.AF_UNIX) as control:
        control.connect(str(home / "control.sock"))
        lines = control.makefile("r")
        for number in range(PRESSES):
            began_s = time.monotonic()
            held.append(time.time() * 1e3 + HOLD_S * 1e3)
            control.sendall(json.dumps({"press": {"name": "held", "hold_s": HOLD_S}}).encode() + b"\n")
            assert swarm.run(lambda number=number: len(arrived) > number, 5.0), "a press was not heard"  # type: ignore[misc]  # a default binds it
            page.wait_for_function("(count) => window.drawn.length >= count", arg=number + 1, timeout=5_000)
            _until(lines, "released")
            control.sendall(b'{"cancel": true}\n')
            _until(lines, "released")
            swarm.run(lambda: False, max(0.0, began_s + EVERY_S - time.monotonic()))
    swarm.close()
    drawn: list[float] = page.evaluate("window.drawn")
    return [at - hold for at, hold in zip(drawn, held, strict=True)], [
        at - hold for at, hold in zip(arrived, held, strict=False)
    ]


def _until(lines: object, word: str) -> None:
    for line in lines:  # type: ignore[attr-defined]  # a text file
        if word in json.loads(line):
            return


@contextmanager
def page_of(program: str, console: ConsoleRun) -> Iterator[Page]:
    """The duty page of an officer."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGS))
        page = browser.new_page()
        page.goto(f"{console.url}/dang-nhap")
        page.fill("#id_username", "an")
        page.fill("#id_password", PASSWORD)
        page.click("main button.primary")
        page.wait_for_selector('[data-part="cases"]', state="attached")
        try:
            yield page
        finally:
            browser.close()


@contextmanager
def readers(console: ConsoleRun) -> Iterator[list[int]]:
    """READERS open streams of an officer's; how many times each heard of cases."""
    cookie = _sign_in(console)
    heard = [0] * READERS
    connections = [HTTPConnection("127.0.0.1", console.port, timeout=30) for _ in range(READERS)]

    def read(number: int) -> None:
        connection = connections[number]
        connection.request("GET", "/dong?parts=cases,unended,ended,troubles", headers={"Cookie": cookie})
        answer = connection.getresponse()
        try:
            while line := answer.readline():
                heard[number] += line.startswith(b"data:") and b'"cases"' in line
        except (OSError, ValueError, AttributeError):
            return  # closed at the end

    threads = [threading.Thread(target=read, args=(number,), daemon=True) for number in range(READERS)]
    for thread in threads:
        thread.start()
    eventually(lambda: min(heard) > 0, 30, "a stream does not open")
    try:
        yield heard
    finally:
        for connection in connections:
            if connection.sock is not None:
                connection.sock.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join(5)


def _sign_in(console: ConsoleRun) -> str:
    """An officer's cookies."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    text = opener.open(f"{console.url}/dang-nhap", timeout=10).read().decode()
    token = text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    fields = {"username": "binh", "password": PASSWORD, "csrfmiddlewaretoken": token}
    opener.open(f"{console.url}/dang-nhap", urllib.parse.urlencode(fields).encode(), timeout=10).close()
    return "; ".join(f"{one.name}={one.value}" for one in jar)
