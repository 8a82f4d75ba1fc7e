"""A register that is not as one hopes: no code book, gongs that no book knows, texts that would like to be code.

What must hold: every page stands, says what is true, and shows a text as a text.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.addresses import addresses_of
from fakes.consolerun import ConsoleRun
from fakes.entries import acknowledged, chime, node, opened, sounding, trouble, uuid
from fakes.visitor import Visitor

from broker.core.records import Entry
from broker.register.store import FILE, SqliteRegister

TEXT = "<script>alert(1)</script>'\"&\u202egnah \u0000Tiếng kẻng ơi " + "dài" * 90
SHOWN = "&lt;script&gt;alert(1)&lt;/script&gt;"
MINUTE_MS = 60_000


def ordered(id_: str, due_at_ms: int) -> Entry:
    """A chime of the commune."""
    body = {"pattern": "curfew", "hamlets": ["all"], "due_at_ms": due_at_ms}
    return Entry(what="chime", subject=id_, by=None, at_ms=due_at_ms - MINUTE_MS, body=body)


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory, blank_console: Path) -> Iterator[ConsoleRun]:
    """Beside a register without a code book, and a service that does not run."""
    home = tmp_path_factory.mktemp("odd")
    now_ms = time.time_ns() // 1_000_000
    register = SqliteRegister(home)
    register.append(
        [
            node("n1"),
            trouble("n1", why=TEXT.replace("\u0000", "")),
            ordered("curfew/2026-11-01", now_ms - 60 * MINUTE_MS),
            ordered("curfew/2026-11-02", now_ms - MINUTE_MS),
            ordered("curfew/2026-11-03", now_ms + MINUTE_MS),
            opened(1, text=TEXT.replace("\u0000", ""), hamlet="khong-ai-biet"),
            acknowledged(1),
            opened(2, hamlet=None, node=None, by="an", hamlets=("all",)),
            sounding(2, hamlets=("all",)),
            opened(3, hamlet=None, node=None, by="an", hamlets=("khong-con", "thon-1")),
            chime(4, now_ms),
        ]
    )
    register.close()
    one = ConsoleRun(home / "console", blank_console, home, 1)
    try:
        yield one.start()
    finally:
        one.end()


def all_pages(console: ConsoleRun, visitor: Visitor) -> dict[str, tuple[int, str]]:
    """Status and text of each address without a hole."""
    asked = [one for one in addresses_of(console.settings) if one.whole and one.name not in ("stream", "logout")]
    return {one.pattern: (said.status, said.text) for one in asked for said in [visitor.get(f"/{one.pattern}")]}


@pytest.mark.parametrize("who", ["chi", "dung", "em"])
def test_without_a_code_book_every_page_stands(console: ConsoleRun, who: str) -> None:
    said = all_pages(console, Visitor(console).sign_in(who))
    assert not {path: status for path, (status, _) in said.items() if status >= 500}


def test_a_text_is_shown_as_a_text(console: ConsoleRun) -> None:
    visitor = Visitor(console).sign_in("chi")
    said = {path: text for path, (_, text) in all_pages(console, visitor).items()}
    said |= {path: visitor.get(path).text for path in (f"/so-vu-viec/{uuid(1)}", "/thiet-bi/n1")}
    assert SHOWN in said["truc-ban"] and SHOWN in said["thiet-bi"] and SHOWN in said["/thiet-bi/n1"]
    assert not {path for path, text in said.items() if "<script>alert" in text}


def test_a_chime_whose_proof_may_still_come_is_not_said_to_be_missed(console: ConsoleRun) -> None:
    text = Visitor(console).sign_in("an").get("/thiet-bi/n1").text
    told = dict(zip(("04", "03", "02", "01"), text.split('<th scope="row">curfew/2026-11-')[1:], strict=True))
    assert "KHÔNG KÊU" in told["01"]
    assert "còn chờ" in told["02"] and "KHÔNG KÊU" not in told["02"]
    assert "còn chờ" in told["03"] and "KHÔNG KÊU" not in told["03"]


def test_days_at_the_end_of_the_calendar_break_nothing(console: ConsoleRun) -> None:
    visitor = Visitor(console).sign_in("an")
    for query in ("until=9999-12-31", "since=9999-12-31", "since=0001-01-01", "until=0001-01-01"):
        assert visitor.get(f"/so-vu-viec?{query}").status == 200, query


def test_a_register_that_goes_and_comes_back_is_told_of_and_followed(console: ConsoleRun) -> None:
    visitor = Visitor(console).sign_in("an")
    register = console.home.parent / FILE
    away = register.with_name("away")
    register.rename(away)
    try:
        said = all_pages(console, visitor)
        assert not {path: status for path, (status, _) in said.items() if status == 500}
        assert said["truc-ban"][0] == 200
        assert said["so-vu-viec"][0] == 503 and "Sổ không đọc được" in said["so-vu-viec"][1]
    finally:
        register.unlink(missing_ok=True)
        away.rename(register)
    assert visitor.get(f"/so-vu-viec/{uuid(1)}").status == 200


def test_a_plan_that_is_gone_is_not_said_to_be_taken_back(console: ConsoleRun) -> None:
    visitor = Visitor(console).sign_in("an")
    assert visitor.post("/dien-tap/9999/bo").status == 302
    text = visitor.get("/dien-tap").text
    assert "Đã bỏ kế hoạch" not in text and "không còn" in text


def test_a_watcher_who_sends_a_plan_is_refused(console: ConsoleRun) -> None:
    assert Visitor(console).sign_in("em").post("/dien-tap", day="2027-01-01", kind="fire").status == 403
