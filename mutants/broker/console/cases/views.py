"""The register's pages: the list, one case, a remark."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from broker.console.cases.forms import CommentForm, SearchForm
from broker.console.cases.search import found, page
from broker.console.cases.story import lines
from broker.console.duty.asks import Outcome, act, answer
from broker.console.live.now import hub
from broker.console.people.doors import needs, officer_of
from broker.console.words import here
from broker.register.models import Incident, JournalEntry
from wire.asks import AskComment

MAX_LINES = 2_000  # of one case: two hundred gongs, ten times each


@require_GET
@needs("look")
def cases(request: HttpRequest) -> HttpResponse:
    """Sổ vụ việc."""
    board = hub().board
    form = SearchForm(request.GET, dict(board.hamlets))
    rows: list[Incident] = []
    more = None
    if form.is_valid():
        before = request.GET.get("before", "")
        where = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
        rows, more = page(found(form.wanted, silent=officer_of(request).may("silent")), where)
    kept = {name: value for name, value in request.GET.items() if name != "before" and value}
    older = f"?{urlencode({**kept, 'before': more})}" if more else ""
    return render(request, "cases/cases.html", {"form": form, "rows": rows, "older": older, "hamlets": board.hamlets})


@require_GET
@needs("look")
def case(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 - the address's own word
    """One case, from the press to its end."""
    row = _case(request, id)
    names = hub().board.hamlets
    entries = JournalEntry.objects.filter(subject=row.id).order_by("seq")[:MAX_LINES]
    told = lines(
        {name: getattr(row, name) for name in ("pressed_at_ms", "node", "clock")},
        list(entries.values("seq", "what", "by", "at_ms", "body", "rows")),
        names,
    )
    timeline = [{"line": line, "text": here(line.text), "after_ms": line.at_ms - told[0].at_ms} for line in told]
    can_act = officer_of(request).may("act")
    return render(request, "cases/case.html", {"row": row, "timeline": timeline, "hamlets": names, "can_act": can_act})


@require_POST
@needs("act")
def comment(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 - the address's own word
    """Write a remark."""
    row = _case(request, id)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return answer(request, Outcome(False, _("Hãy viết ghi chú, nhiều nhất 2000 chữ.")))
    said = form.cleaned_data
    ask = AskComment(id=said["ask"], target=row.id, note=said["note"], behalf=officer_of(request).username)
    return answer(request, act("comment", ask, _("Đã ghi.")))


def _case(request: HttpRequest, id: str) -> Incident:  # noqa: A002 - the address's own word
    """The case; 404 also for a silent one that the asker may not know of."""
    row = Incident.objects.filter(pk=id).first()
    if row is None or (row.silent and not officer_of(request).may("silent")):
        raise Http404
    return row
