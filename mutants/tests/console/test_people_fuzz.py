"""Every form and every address of the console, once, with rubbish: never a page that broke, never a traceback.

The addresses are read from Django's resolver and the forms from the pages themselves, so a room that is added is fuzzed
without a line here. Bounded in requests; longer under KENG_SOAK=1.
"""

import http.client
import os
import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from fakes.addresses import Address, addresses_of
from fakes.consolerun import PEOPLE, PIN, ConsoleRun
from fakes.visitor import Visitor

pytestmark = pytest.mark.soak
SOAK = bool(os.environ.get("KENG_SOAK"))
ROUNDS = 40 if SOAK else 1
"""For each form and each address."""
FORBIDDEN = {500, 501, 502}
OPEN_STREAMS = {"stream"}
COMMON = ("act", "ask", "hamlets", "id", "kind", "name", "note", "outcome", "pin", "seat", "target", "text")
"""Fields that forms of the house have."""
BIG = b"z" * 300_000
NASTY = (
    *("", " ", "0", "-1", "99999999999999999999", "1e309", "NaN", "null", "true", "[]", "{}", "a" * 5_000, "\x00"),
    *("\ud7ff\U0010ffff", "' OR 1=1 --", "<script>alert(1)</script>", "../../etc/passwd", "%s%n", "{{ 7*7 }}"),
    *(
        "{% load x %}",
        "\r\nX-Injected: 1",
        "2026-13-45",
        "25:99",
        "０１２３",
        "ả̉̉̉",
        "=cmd|' /C calc'!A0",
        "all",
        "an",
        "chi",
    ),
)


@dataclass(frozen=True)
class Form:
    """As it stands in a page."""

    page: str
    action: str
    fields: tuple[str, ...]


class _Forms(HTMLParser):
    """Forms, htmx's too, with the names of their fields."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.links: set[str] = set()
        self._page, self._action, self._names = page, "", None

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag == "a" and (said.get("href") or "").startswith("/"):
            self.links.add(said["href"].split("#")[0])
        if tag == "form":
            self._action = said.get("hx-post") or said.get("action") or self._page
            self._names = set()
        elif self._names is not None and said.get("name"):
            self._names.add(said["name"])

    def handle_endtag(self, tag):
        if tag == "form" and self._names is not None:
            self.found.append(Form(self._page, self._action, tuple(sorted(self._names))))
            self._names = None


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory, blank_console, blank_register) -> Iterator[ConsoleRun]:
    """Beside a register with its tables, without a service: what is asked is not answered, which is a page as well."""
    home = tmp_path_factory.mktemp("fuzz")
    (home / "register").mkdir()
    for file in blank_register.parent.glob("*"):
        if file.is_file():
            (home / "register" / file.name).write_bytes(file.read_bytes())
    run = ConsoleRun(home / "console", blank_console, home / "register", 1)
    yield run.start()
    run.end()


@pytest.fixture(scope="module")
def addresses(console) -> list[Address]:
    """All of them; of the inspection, whose pages are all made alike, but a few."""
    every = addresses_of(console.settings)
    return [one for one in every if not one.pattern.startswith("quan-tri/") or "officer" in one.pattern]


def value(dice: random.Random, name: str) -> str:
    """Something for a field: rubbish, or now and then what fits."""
    fitting = {"pin": PIN, "ask": f"{dice.getrandbits(64):016x}", "role": "watch", "act": "sessions", "kind": "fire"}
    return fitting[name] if name in fitting and dice.random() < 0.5 else dice.choice(NASTY)


def looked(visitor: Visitor, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> int:
    """The status; a stream is left after its head."""
    line = http.client.HTTPConnection("127.0.0.1", visitor.console.port, timeout=20)
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    with closing(line):
        line.request(method, path, body, {"Cookie": cookies, **headers})
        answer = line.getresponse()
        status = answer.status
        assert "X-Injected" not in answer.headers
        if not answer.headers.get("Content-Type", "").startswith("text/event-stream"):
            answer.read()
        return status


def test_no_address_breaks_whatever_method_query_or_hole(console, addresses):
    """Every role, and nobody; every method; with and without rubbish behind the question mark."""
    dice = random.Random(40)
    broken = []
    visitors = [Visitor(console), *(Visitor(console).sign_in(who) for who in PEOPLE)]
    for _ in range(ROUNDS):
        for one in addresses:
            if one.name == "logout":
                continue  # it would sign the visitors out
            path = one.filled(dice)
            query = urlencode(
                [
                    (dice.choice(["q", "page", "parts", "tu", "den", "loai", "next"]), dice.choice(NASTY))
                    for _ in range(2)
                ]
            )
            method = dice.choice(["GET", "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
            for who in dice.sample(visitors, 2):
                status = looked(who, f"{path}?{query}" if dice.random() < 0.7 else path, method)
                if status in FORBIDDEN:
                    broken.append((one.name, method, path, query, status))
    assert not broken
    assert "Traceback" not in console.log, console.log


def test_every_form_takes_rubbish_and_says_so(console, addresses):
    """Each form that a chief or an officer finds on a page that can be opened without a hole, and one link further."""
    dice = random.Random(41)
    forms: dict[tuple[str, tuple[str, ...]], tuple[Visitor, Form]] = {}
    for who in ("chi", "an"):
        visitor = Visitor(console).sign_in(who)
        pages = {one.filled(dice) for one in addresses if one.whole and one.name not in OPEN_STREAMS}
        pages -= {"/dang-xuat"}
        for page in sorted(pages):
            reply = visitor.get(page)
            if "text/html" not in reply.headers.get("Content-Type", ""):
                continue
            parsed = _Forms(page)
            parsed.feed(reply.text)
            further = [link for link in sorted(parsed.links) if link.split("?")[0] not in pages][:2]
            for link in further:
                more = _Forms(link)
                more.feed(visitor.get(link).text)
                parsed.found += more.found
            for form in parsed.found:
                forms.setdefault((form.action, form.fields), (visitor, form))
    actions = {action for action, _ in forms}
    assert {"/truc-ban/danh", "/toi/mat-khau", "/tai-khoan/moi"} <= actions, sorted(actions)
    for one in addresses:  # those whose form stands on no page just now: no case is open
        path = one.filled(dice)
        if path not in actions and one.name not in OPEN_STREAMS:
            forms[path, COMMON] = (visitor, Form(path, path, COMMON))
    broken = []
    for _ in range(ROUNDS):
        for visitor, form in forms.values():
            if form.action == "/dang-xuat":
                continue
            for fields in _rubbish(dice, form.fields):
                status = visitor.post(form.action, **fields).status
                if status in FORBIDDEN:
                    broken.append((form, fields, status))
    assert not broken
    assert "Traceback" not in console.log, console.log


def _rubbish(dice: random.Random, names: tuple[str, ...]) -> Iterator[dict[str, str]]:
    mine = [name for name in names if name != "csrfmiddlewaretoken"]
    yield {}
    yield {name: value(dice, name) for name in mine}
    yield {dice.choice([*mine, "x"]): "y" * 100_000}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"a": ' * 10_000),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=a; filename=b\r\n\r\n" + BIG),
        ("multipart/form-data", b"no boundary"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(2_000))),
        ("application/x-www-form-urlencoded; charset=utf-7", b"a=%ff%fe&csrfmiddlewaretoken=+ADw-"),
        ("text/plain", b"\xff" * 400_000),
    ],
)  # fmt: skip
def test_a_body_of_another_kind_or_size_breaks_nothing(console, kind, body):
    visitor = Visitor(console).sign_in("an")
    csrf = visitor.cookies["keng-csrf"]
    for path in ("/dang-nhap", "/toi/pin", "/truc-ban/danh", "/ngon-ngu"):
        headers = {"Content-Type": kind, "X-CSRFToken": csrf}
        assert looked(visitor, path, "POST", body, **headers) in {200, 302, 400, 403, 409, 413}, path
    assert "Traceback" not in console.log, console.log


def test_no_form_does_anything_without_its_token(console, addresses):
    """POST to every address, as a chief, without the token: refused, or not for POST at all."""
    visitor = Visitor(console).sign_in("chi")
    dice = random.Random(42)
    open_ = []
    for one in addresses:
        status = looked(
            visitor, one.filled(dice), "POST", b"a=1", **{"Content-Type": "application/x-www-form-urlencoded"}
        )
        if status not in {403, 404, 405}:
            open_.append((one.name, status))
    assert not open_
