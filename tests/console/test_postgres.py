"""What the console writes for itself, on PostgreSQL as on SQLite: plans of drills, the draft, places, sessions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.communerun import CODEBOOK
from fakes.consolerun import ConsoleRun
from fakes.entries import NOON_MS, node
from fakes.postgres import Postgres
from fakes.visitor import Visitor

from broker.core.records import Entry
from broker.register.store import SqliteRegister
from patterns.yamlfile import read_yaml


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def console(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, blank_console: Path
) -> Iterator[ConsoleRun]:
    """Beside a register with a code book and a gong, and a service that does not run."""
    home, more = tmp_path_factory.mktemp("both"), ""
    register = SqliteRegister(home)
    fields = dict(read_yaml(CODEBOOK).value)
    register.append([Entry(what="codebook", subject="1", by=None, at_ms=NOON_MS, body=fields), node("thon-1")])
    register.close()
    if request.param == "postgres":
        cluster: Postgres = request.getfixturevalue("postgres")
        more = cluster.copy(blank_console.parent / "secret").line
    run = ConsoleRun(home / "console", blank_console, home, 1, more=more)
    try:
        yield run.start()
        assert "Traceback" not in run.log, run.log
    finally:
        run.end()


def test_a_drill_is_planned_and_taken_back(console: ConsoleRun) -> None:
    an = Visitor(console).sign_in("an")
    assert an.post("/dien-tap", day="2027-01-01", kind="fire", hamlets="thon-1", text="Diễn tập Tết").status == 302
    text = an.get("/dien-tap").text
    [number] = re.findall(r"/dien-tap/(\d+)/bo\b", text)
    assert "Diễn tập Tết" in text
    assert an.post(f"/dien-tap/{number}/bo").status == 302
    assert "Diễn tập Tết" not in an.get("/dien-tap").text


def test_a_code_book_is_drafted_and_the_draft_is_dropped(console: ConsoleRun) -> None:
    dung = Visitor(console).sign_in("dung")
    assert dung.post("/lich-keng/them", name="gio-hop", at="18:00", days="mon", pattern="study").status == 302
    assert dung.post("/lich-keng/them", name="gio-tap", at="18:30", days="tue", pattern="study").status == 302
    text = dung.get("/lich-keng").text
    assert "Hiệu lệnh gio-hop" in text and "Hiệu lệnh gio-tap" in text
    assert dung.post("/lich-keng/bo-nhap").status == 302
    assert "chimes.gio-hop" not in dung.get("/lich-keng").text


def test_a_gong_is_put_somewhere_and_then_somewhere_else(console: ConsoleRun) -> None:
    dung = Visitor(console).sign_in("dung")
    for x in ("12.5", "13.25"):
        assert dung.post("/thiet-bi/thon-1/vi-tri", x=x, y="900").status == 200
        assert f'"at": [{x}, 900' in dung.get("/ban-do/vi-tri").text
