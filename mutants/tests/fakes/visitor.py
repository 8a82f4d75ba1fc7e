"""Somebody at the console without a browser: HTTP, cookies, forms; from an address of one's own choosing.

    an = Visitor(console, "127.0.0.66").sign_in("an")      # 127.0.0.1 is the console's own machine, others are not
    reply = an.post("/toi/pin", current=PASSWORD, pin="204060", again="204060")

What must hold: it follows no redirect, so that a test sees each; a form bears the CSRF token of its own cookie, unless
the test says otherwise.
"""

from __future__ import annotations

import http.client
import re
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

import pyotp
from fakes.consolerun import PASSWORD, SEED, ConsoleRun

WITHIN_S = 20.0


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        """Of a page."""
        return self.body.decode("utf-8", "replace")

    @property
    def to(self) -> str:
        """Where it sends on to."""
        return self.headers.get("Location", "")

    @property
    def fault(self) -> str:
        """What the page says is wrong."""
        found = re.search(r'<p class="said error"[^>]*>(.*?)</p>', self.text, re.S)
        return found[1] if found else ""


class Visitor:
    """See the module."""

    def __init__(self, console: ConsoleRun, address: str = "127.0.0.1") -> None:
        self.console = console
        self.address = address
        self.tls = console.tls
        self.cookies: dict[str, str] = {}
        self.host = f"127.0.0.1:{console.port}"

    def ask(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Reply:
        """One request."""
        where, source = ("127.0.0.1", self.console.port), (self.address, 0)
        if self.tls is None:
            line = http.client.HTTPConnection(*where, timeout=WITHIN_S, source_address=source)
        else:
            line = http.client.HTTPSConnection(*where, timeout=WITHIN_S, source_address=source, context=self.tls)
        sent = {"Host": self.host, **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        with closing(line):
            line.request(method, path, body, sent)
            answer = line.getresponse()
            reply = Reply(answer.status, answer.headers, answer.read())
        for header in reply.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
                if not morsel.value:
                    del self.cookies[name]
        return reply

    def get(self, path: str, **headers: str) -> Reply:
        """GET."""
        return self.ask("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, path: str, /, **fields: str) -> Reply:
        """A form."""
        scheme = "http" if self.tls is None else "https"
        token = next((value for name, value in self.cookies.items() if name.endswith("-csrf")), "")
        if not token and "csrfmiddlewaretoken" not in fields:
            self.get("/dang-nhap")
            token = next((value for name, value in self.cookies.items() if name.endswith("-csrf")), "")
        body = urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"{scheme}://{self.host}/"}
        return self.ask("POST", path, body, kind)

    def password(self, who: str, password: str = PASSWORD, **fields: str) -> Reply:
        """The first step of signing in."""
        return self.post("/dang-nhap", username=who, password=password, **fields)

    def sign_in(self, who: str) -> Visitor:
        """Both steps."""
        reply = self.password(who)
        assert reply.status == 302, reply.text
        if urlsplit(reply.to).path == "/dang-nhap/ma":
            reply = self.post("/dang-nhap/ma", code=fresh_code(self.console, who))
            assert reply.status == 302, reply.text
        return self


def fresh_code(console: ConsoleRun, who: str) -> str:
    """A code of the second factor that is right now; a test does not wait for the next half minute."""
    console.sql("UPDATE people_officer SET factor_step = 0 WHERE username = ?", who)
    return pyotp.TOTP(SEED).now()
