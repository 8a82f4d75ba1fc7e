"""Pages over much: nothing is left out of a count, and no link leads to an empty page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from fakes.communerun import CODEBOOK
from fakes.consolerun import ConsoleRun
from fakes.entries import NOON_MS, opened, sounded, uuid
from fakes.visitor import Visitor

from broker.core.records import Entry
from broker.register.store import SqliteRegister
from patterns.yamlfile import read_yaml

DRILLS = 1_203
"""More than one statement's ids; with the two below."""
EVERYWHERE, ELSEWHERE = 5_001, 5_002
PROOFS = 300
PAGE = 100  # broker/console/trail/views.py


def deed(number: int) -> Entry:
    """An officer silenced something."""
    return Entry(what="cleared", subject=uuid(number), by="an", at_ms=NOON_MS)


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory, blank_console: Path) -> Iterator[ConsoleRun]:
    """Beside a register, and a service that does not run."""
    home = tmp_path_factory.mktemp("many")
    register = SqliteRegister(home)
    fields = dict(read_yaml(CODEBOOK).value)
    register.append([Entry(what="codebook", subject="1", by=None, at_ms=NOON_MS, body=fields)])
    register.append([sounded("curfew/2026-11-01", f"n{number}") for number in range(PROOFS)])
    register.append([opened(number, drill=True) for number in range(DRILLS)])
    register.append(
        [
            opened(EVERYWHERE, hamlet=None, node=None, by="binh", hamlets=("all",), note="Cháy ĐỐNG RƠM nhà bà Ừng"),
            opened(ELSEWHERE, hamlet="thon-2"),
        ]
    )
    register.append([deed(number) for number in range(PAGE)])
    register.append([Entry(what="cleared", subject=uuid(1), by="chi", at_ms=NOON_MS)] * (PAGE + 1))
    register.close()
    one = ConsoleRun(home / "console", blank_console, home, 1)
    try:
        yield one.start()
    finally:
        one.end()


def test_a_report_counts_every_drill(console: ConsoleRun) -> None:
    lines = Visitor(console).sign_in("an").get("/bao-cao/tep.csv?year=2027&half=year").text.splitlines()
    assert f"Số lần diễn tập,{DRILLS}" in lines


def test_a_hamlet_s_cases_are_those_of_the_whole_commune_too(console: ConsoleRun) -> None:
    text = Visitor(console).sign_in("an").get("/so-vu-viec?hamlet=thon-1&drill=no").text
    assert uuid(EVERYWHERE) in text and uuid(ELSEWHERE) not in text


@pytest.mark.parametrize("words", ["ĐỐNG rơm", "dong rom", "ừng", "BA UNG"])
def test_a_note_is_found_whatever_the_case_and_the_diacritics(console: ConsoleRun, words: str) -> None:
    text = Visitor(console).sign_in("an").get(f"/so-vu-viec?{urlencode({'text': words})}").text
    assert uuid(EVERYWHERE) in text and uuid(ELSEWHERE) not in text


@pytest.mark.parametrize(("who", "pages"), [("an", [PAGE]), ("chi", [PAGE, 1]), ("", [PAGE, PAGE, 1]), ("ai-do", [0])])
def test_the_trail_leads_to_older_deeds_and_to_no_empty_page(console: ConsoleRun, who: str, pages: list[int]) -> None:
    visitor = Visitor(console).sign_in("chi")
    seen, where = [], f"/nhat-ky?who={who}"
    while where:
        text = visitor.get(where).text
        seen.append(len(re.findall(r"<tr><td>\d", text)))
        older = re.search(r'rel="next" href="([^"]+)"', text)
        where = f"/nhat-ky{older[1].replace('&amp;', '&')}" if older else ""
        assert len(seen) <= len(pages), seen
    assert seen == pages
