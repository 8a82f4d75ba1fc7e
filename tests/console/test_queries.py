"""No list asks the database more for more rows: each page over three of everything, and over thirty."""

import json
import os
import subprocess
import sys
from pathlib import Path

from fakes.communerun import ROOT

from broker.register.store import SqliteRegister

FEW, MANY = 3, 30
PAGES = (
    "/truc-ban", "/man-hinh", "/di-dong", "/thiet-bi", "/thiet-bi/n1", "/ban-do", "/ban-do/vi-tri", "/lich-keng",
    "/so-vu-viec", "/so-vu-viec/{case}", "/bao-cao?year=2027&half=year", "/dien-tap", "/dien-tap/{case}", "/nhat-ky",
    "/tai-khoan", "/tai-khoan/nguoi/p1", "/toi", "/quan-tri/", "/quan-tri/people/officer/",
)  # fmt: skip
SCRIPT = """
import json, sys
from pathlib import Path
from broker.console.run import prepare
prepare(Path(sys.argv[1]))
from django.conf import settings
from django.contrib.auth import login
from django.db import connections
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from fakes.communerun import CODEBOOK
from fakes.entries import NOON_MS, chime, closed, incident, mute, node, opened, sounded, trouble
from broker.console.devices.models import Place
from broker.console.drills.models import Plan
from broker.console.live.now import close, hub
from broker.console.people.models import Officer
from broker.console.people.store import BEGAN, SessionStore, now_ms
from broker.core.records import Alarm, Entry
from broker.register.store import SqliteRegister
from patterns.yamlfile import read_yaml

pages, steps = json.loads(sys.argv[2]), json.loads(sys.argv[3])
book = dict(read_yaml(CODEBOOK).value)
chief = Officer.objects.create(username="chi", full_name="Chi", role="chief", password="!", factor="x")

def seat():
    request = HttpRequest()
    request.session = SessionStore()
    login(request, chief, "django.contrib.auth.backends.ModelBackend")
    request.session[BEGAN] = now_ms()
    request.session.save()
    return request.session.session_key

def of_each(number, upto):
    row = incident(number, drill=True)
    fields = dict(kind="fire", pattern="x", drill=True, silent=False, hamlets=("all",), since_ms=NOON_MS, life_s=9)
    yield opened(number, drill=True)
    yield Entry(what="sounding", subject=row.id, by=None, at_ms=NOON_MS, alarm=Alarm(id=row.id, **fields))
    yield Entry(what="commented", subject=row.id, by="an", at_ms=NOON_MS, body={"note": "x"})
    yield Entry(what="audited", subject="an", by="an", at_ms=NOON_MS, body={"what": "signed_in", "detail": {}})
    name = f"n{number}"
    yield from (opened(100 + number), closed(200 + number), node(name), trouble(name), mute(name))
    night = chime(number + 1, NOON_MS)
    yield night
    for one in range(upto):
        yield from (sounded(row.id, f"n{one}"), sounded(night.subject, f"n{one}"))
    nodes = {f"n{one}": {"hamlet": "thon-1"} for one in range(upto)}
    fields = {**book, "version": number + 1, "nodes": nodes}
    yield Entry(what="codebook", subject=str(number + 1), by="chi", at_ms=NOON_MS, body=fields)

def grow(first, upto):
    for number in range(first, upto):
        Officer.objects.create(username=f"p{number}", full_name="Ai", role="officer", password="!")
        Plan.objects.create(day="2026-12-01", kind="fire", hamlets=["all"], by="an")
        Place.objects.create(node=f"n{number}", x=1, y=1, by="an")
    register = SqliteRegister(settings.CONSOLE.register)
    register.append([entry for number in range(first, upto) for entry in of_each(number, upto)])
    register.close()

seats = [seat(), seat(), seat()]
client = Client(HTTP_HOST="127.0.0.1")
client.cookies[settings.SESSION_COOKIE_NAME] = seats[0]
answers, first = [], 0
for upto in steps:
    grow(first, upto)
    assert hub().until(lambda board: len(board.nodes) == upto, 20)
    first, asked = upto, {}
    for page in pages:
        page = page.format(case=incident(1).id)
        own, theirs = (CaptureQueriesContext(connections[name]) for name in ("default", "register"))
        with own, theirs:
            answer = client.get(page)
        assert answer.status_code == 200, (page, answer.status_code, answer.content[:300])
        asked[page] = [query["sql"] for query in (*own.captured_queries, *theirs.captured_queries)]
    answers.append(asked)
close()
print(json.dumps(answers))
"""


def test_no_page_asks_more_of_its_databases_for_thirty_rows_than_for_three(tmp_path: Path) -> None:
    SqliteRegister(tmp_path).close()
    settings = tmp_path / "console.yaml"
    settings.write_text(f"commune: cong-lac\nname: Xã\nregister: {tmp_path}\nhome: {tmp_path}\nmqtt: {{port: 1}}\n")
    command = [sys.executable, "-c", SCRIPT, str(settings), json.dumps(PAGES), json.dumps([FEW, MANY])]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    few, many = json.loads(done.stdout)
    assert all(few.values()), "each page asks something"
    more = {page: (len(few[page]), len(many[page])) for page in few if len(few[page]) < len(many[page])}
    assert not more, [*more.items(), *(sql for page in more for sql in many[page][:12])]
