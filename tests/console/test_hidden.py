"""Silent alerts are nobody's business but the officers': no page, list, count or file tells a watcher or a technician.

What must hold: every address without a hole is asked, so a new page is asked as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fakes.addresses import addresses_of
from fakes.consolerun import ConsoleRun
from fakes.entries import NOON_MS, acknowledged, closed, incident, opened, uuid
from fakes.visitor import Visitor

from broker.core.records import Entry
from broker.register.store import SqliteRegister

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
OPEN, DRILL, ENDED, LOUD = 7001, 7002, 7003, 7004
DRILL_MS = NOON_MS - 37 * 60_000
DRILL_AT = f"{datetime.fromtimestamp(DRILL_MS / 1000, ZONE):%d/%m/%Y %H:%M}"
"""As a report tells of it: by its time and kind."""
WORD = "Quay-hang-vang"


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory, blank_console: Path) -> Iterator[ConsoleRun]:
    """Beside a register with three silent alerts, and a service that does not run."""
    home = tmp_path_factory.mktemp("hidden")
    register = SqliteRegister(home)
    silent = {"silent": True, "text": WORD, "hamlet": WORD.lower()}
    over = incident(ENDED, state="closed", closed_by="duty", closed_at_ms=NOON_MS, outcome="cháy", note=WORD, **silent)
    register.append(
        [
            opened(OPEN, **silent),
            opened(DRILL, DRILL_MS, drill=True, **silent),
            opened(ENDED, **silent),
            Entry(what="closed", subject=over.id, by="duty", at_ms=NOON_MS, incident=over),
            opened(LOUD),
            acknowledged(LOUD),
            closed(LOUD),
        ]
    )
    register.close()
    one = ConsoleRun(home / "console", blank_console, home, 1)
    try:
        yield one.start()
    finally:
        one.end()


def pages(console: ConsoleRun, who: str) -> dict[str, str]:
    """What every page says to somebody, and the live parts."""
    visitor = Visitor(console).sign_in(who)
    asked = [one for one in addresses_of(console.settings) if one.whole and one.name not in ("stream", "logout")]
    paths = ["/" + one.pattern.lstrip("/") for one in asked] + ["/bao-cao?year=2027&half=year", "/so-vu-viec?drill=yes"]
    paths += [f"/so-vu-viec?text={WORD}", "/so-vu-viec?state=open"]
    return {path: visitor.get(path).text for path in paths}


@pytest.mark.parametrize("who", ["em", "dung"])
def test_no_page_tells_of_a_silent_alert(console: ConsoleRun, who: str) -> None:
    secret = [uuid(OPEN), uuid(DRILL), uuid(ENDED)]
    said = pages(console, who)
    assert not {path for path, text in said.items() for one in [*secret, DRILL_AT] if one in text}
    assert {path for path, text in said.items() if WORD.lower() in text.lower()} <= {f"/so-vu-viec?text={WORD}"}
    assert WORD.lower() not in said[f"/so-vu-viec?text={WORD}"].lower().replace(f'value="{WORD.lower()}"', "")
    visitor = Visitor(console).sign_in(who)
    assert {visitor.get(f"/so-vu-viec/{one}").status for one in secret} == {404}
    assert visitor.get(f"/dien-tap/{uuid(DRILL)}").status == 404


def test_an_officer_is_told_of_each(console: ConsoleRun) -> None:
    said = pages(console, "an")
    assert uuid(OPEN) in said["/truc-ban"] and WORD in said["/truc-ban"]
    assert DRILL_AT in said["/bao-cao?year=2027&half=year"] and uuid(DRILL) in said["/dien-tap"]
    assert uuid(ENDED) in said["/so-vu-viec"]


def test_a_case_that_one_may_not_know_of_answers_like_one_that_is_not(console: ConsoleRun) -> None:
    visitor = Visitor(console).sign_in("em")
    hidden, none = (visitor.get(f"/so-vu-viec/{one}") for one in (uuid(OPEN), uuid(9999)))
    assert (hidden.status, len(hidden.text)) == (none.status, len(none.text))


def test_a_report_counts_by_month_and_by_hour_what_it_counts_by_kind(console: ConsoleRun) -> None:
    lines = Visitor(console).sign_in("an").get("/bao-cao/tep.csv?year=2027&half=year").text.splitlines()
    told = dict(line.rsplit(",", 1) for line in reversed(lines) if "," in line)
    at = datetime.fromtimestamp(NOON_MS / 1000, ZONE)
    assert told["Số vụ thật"] == told[f"{at:%m/%Y}"] == told[f"{at:%H}:00"] == "3"
