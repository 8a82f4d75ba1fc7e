"""The report: as a page, and as a file to hand in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from broker.console.cases.search import ZONE
from broker.console.live.now import hub
from broker.console.people import notes
from broker.console.people.doors import needs, officer_of
from broker.console.reports.child import FileFault, made
from broker.console.reports.forms import PeriodForm
from broker.console.reports.period import Period, current, half_of, years
from broker.console.reports.query import oldest_ms, report
from broker.console.reports.sheets import as_csv
from broker.console.reports.tables import Table, tables
from broker.console.words import here

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


@dataclass(frozen=True, slots=True)
class Report:
    """One, ready to be shown."""

    title: str
    """With the commune's name."""
    below: str
    """The days, and when it was made."""
    period: Period
    """Which days."""
    tables: list[Table]
    """Its figures."""


@require_GET
@needs("look")
def reports(request: HttpRequest) -> HttpResponse:
    """Báo cáo."""
    form = _form(request)
    made = _made(request, form) if form.is_valid() else None
    first = oldest_ms()
    listed = years(_today(), None if first is None else datetime.fromtimestamp(first / 1000, ZONE).date())
    context = {"form": form, "report": made, "years": listed, "query": request.GET.urlencode()}
    return render(request, "reports/reports.html", {**context, "can_export": officer_of(request).may("export")})


@require_GET
@needs("export")
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The same as a file."""
    form = _form(request)
    if kind not in KINDS or not form.is_valid():
        raise Http404
    one = _made(request, form)
    lang = get_language() or "vi"
    try:
        if kind == "csv":
            body = as_csv(f"{one.title}, {one.below}", one.tables, lang)
        else:
            body = made(kind, lang, one.title, one.below, one.tables)
    except FileFault as error:
        return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
    response = HttpResponse(body, content_type=KINDS[kind])
    name = f"so-ket-{settings.CONSOLE.commune}-{one.period.first}-{one.period.last}.{kind}"
    notes.note(officer_of(request).username, "exported", name)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _form(request: HttpRequest) -> PeriodForm:
    year, half = current(_today())
    return PeriodForm({"year": request.GET.get("year", year), "half": request.GET.get("half", half)})


def _made(request: HttpRequest, form: PeriodForm) -> Report:
    live = hub()
    period = half_of(form.cleaned_data["year"], form.cleaned_data["half"])
    found = report(period, live.wall_ms(), live.board.seq, silent=officer_of(request).may("silent"))
    title = f"{here(('Sơ kết tiếng kẻng an ninh', 'Report on the security gong'))}, {settings.CONSOLE.name}"
    below = f"{period.first:%d/%m/%Y} – {period.last:%d/%m/%Y}"
    return Report(title, below, period, tables(found, live.board.hamlets, get_language() or "vi"))


def _today() -> date:
    return datetime.fromtimestamp(hub().wall_ms() / 1000, UTC).astimezone(ZONE).date()
