"""Nhật ký: what people did, a page at a time, and whether the journal is whole."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from broker.console.cases.story import when
from broker.console.duty.asks import Outcome, answer
from broker.console.live.now import hub
from broker.console.people.doors import needs
from broker.console.trail.deeds import DEEDS, case_of, told
from broker.console.words import here
from broker.errors import RegisterError
from broker.register.audit import verify
from broker.register.models import Chain, JournalEntry
from broker.register.store import FILE

PAGE = 100
MOST_SEQ = 2**63  # of SQLite


@require_GET
@needs("people")
def trail(request: HttpRequest) -> HttpResponse:
    """The page."""
    before_text = request.GET.get("before", "")
    valid = before_text.isascii() and before_text.isdigit() and len(before_text) < 19
    before = int(before_text) if valid else hub().board.seq + 1
    who = request.GET.get("who", "")[:32]
    lines = JournalEntry.objects.filter(seq__lt=before, what__in=DEEDS).order_by("-seq")
    # SQLite takes the index of deeds if the same words stand here as there (register/models.py).
    of_one = lines.filter(by=who).extra(where=["NOT (what = 'sounded')"])
    lines = of_one if who else lines.exclude(by=None)
    names = hub().board.hamlets
    rows: list[dict[str, Any]] = []
    more = False
    for line in lines.values("seq", "what", "subject", "by", "at_ms", "body", "rows").iterator(PAGE):
        pair = told(line["what"], line["by"], line["subject"], line["body"], line["rows"], names)
        if pair is None:
            continue  # another line says it already
        if more := len(rows) == PAGE:
            break  # there is something to show on the next page
        case = case_of(line["what"], line["subject"], line["body"])
        rows.append({"seq": line["seq"], "at_ms": when(line), "text": here(pair), "case": case})
    head = Chain.objects.order_by("-seq").first()
    context = {"rows": rows, "who": who, "older": rows[-1]["seq"] if more else None, "head": head}
    return render(request, "trail/trail.html", {**context, "hash": bytes(head.hash).hex()[:16] if head else ""})


@require_GET
@needs("people")
def raw(_request: HttpRequest, seq: int) -> HttpResponse:
    """One line as it was written down, for whoever has to prove it."""
    line = JournalEntry.objects.filter(pk=seq).values().first() if seq < MOST_SEQ else None
    if line is None:
        raise Http404
    text = json.dumps(line, ensure_ascii=False, indent=1)
    return HttpResponse(escape(text), content_type="text/html; charset=utf-8")


@require_POST
@needs("people")
def check(request: HttpRequest) -> HttpResponse:
    """Walk the whole chain."""
    try:
        verdict = verify(settings.CONSOLE.register / FILE)
    except (RegisterError, OSError, sqlite3.Error) as error:
        return answer(request, Outcome(False, str(error)))
    if verdict.wrong is None:
        text = _("Sổ nguyên vẹn: %(lines)d dòng, dòng cuối %(seq)d.") % {"lines": verdict.lines, "seq": verdict.head[0]}
        return answer(request, Outcome(True, text))
    text = _("SỔ ĐÃ BỊ SỬA ở dòng %(seq)d. Chép lại sổ ngay và chạy trên máy của xã: keng audit verify.")
    return answer(request, Outcome(False, text % {"seq": verdict.wrong.seq}))
