"""Diễn tập: plan, run, score."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from broker.console.cases.search import ZONE
from broker.console.drills.forms import PlanForm, RunForm
from broker.console.drills.models import Plan
from broker.console.drills.score import Score, score
from broker.console.duty.asks import act
from broker.console.live.now import hub
from broker.console.people.doors import needs, officer_of
from broker.register.models import Alarm, Incident, JournalEntry
from wire.asks import AskAlarm
from wire.words import EVERYWHERE

OPEN_ASKS = "drill_asks"
"""In the session: the ask of a plan that nobody answered, so that a second try is the same act and no second drill."""
SHOWN = 50
"""Of the drills that were, the latest."""


@require_http_methods(["GET", "POST"])
@needs("look")
def drills(request: HttpRequest) -> HttpResponse:
    """What is planned, and what was."""
    officer = officer_of(request)
    board = hub().board
    posted = request.method == "POST"
    if posted and not officer.may("act"):
        raise PermissionDenied
    form = PlanForm(request.POST if posted else None, dict(board.hamlets), initial={"day": _today()})
    if posted and form.is_valid():
        said = form.cleaned_data
        Plan.objects.create(
            day=said["day"],
            kind=said["kind"],
            hamlets=said["hamlets"] or list(EVERYWHERE),
            text=said["text"],
            by=officer.username,
        )
        messages.success(request, _("Đã ghi kế hoạch diễn tập."))
        return redirect("drills")
    past = Incident.objects.filter(drill=True).order_by("-opened_seq")
    if not officer.may("silent"):
        past = past.filter(silent=False)
    open_asks = request.session.get(OPEN_ASKS, {})
    context = {
        "form": form,
        "plans": [{"row": one, "ask": open_asks.get(str(one.pk), "")} for one in Plan.objects.filter(incident="")],
        "past": [{"row": row, "score": points} for row, points in scored(list(past[:SHOWN]))],
        "hamlets": board.hamlets,
        "can_act": officer.may("act"),
    }
    return render(request, "drills/drills.html", context)


@require_POST
@needs("act")
def run(request: HttpRequest, number: int) -> HttpResponse:
    """Begin a planned drill: the gongs sound it as a drill, never as anything else."""
    plan = Plan.objects.filter(pk=number, incident="").first()
    form = RunForm(request.POST)
    if plan is None or not form.is_valid():
        raise Http404
    ask = AskAlarm(
        id=form.cleaned_data["ask"],
        kind=plan.kind,  # type: ignore[arg-type]  # one of the form's
        hamlets=tuple(plan.hamlets),
        drill=True,
        text=plan.text or None,
        behalf=officer_of(request).username,
    )
    outcome = act("alarm", ask, _("Đã bắt đầu diễn tập."))
    request.session[OPEN_ASKS] = {} if outcome.answered else {str(plan.pk): ask.id}
    if outcome.ok:
        plan.incident = outcome.target
        plan.save()
        messages.success(request, outcome.text)
        return redirect("drill", id=outcome.target)
    messages.error(request, outcome.text)
    return redirect("drills")


@require_POST
@needs("act")
def drop(request: HttpRequest, number: int) -> HttpResponse:
    """Take a plan back."""
    dropped, _rows = Plan.objects.filter(pk=number, incident="").delete()
    if dropped:
        messages.success(request, _("Đã bỏ kế hoạch."))
    else:
        messages.error(request, _("Kế hoạch này không còn: đã bắt đầu, hoặc đã bỏ."))
    return redirect("drills")


@require_GET
@needs("look")
def drill(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 - the address's own word
    """One drill's score."""
    row = Incident.objects.filter(pk=id, drill=True).first()
    if row is None or (row.silent and not officer_of(request).may("silent")):
        raise Http404
    [(row, points)] = scored([row])
    running = Alarm.objects.filter(pk=row.id, active=True).exists()
    context = {"row": row, "score": points, "running": running, "hamlets": hub().board.hamlets}
    return render(request, "drills/drill.html", context)


def scored(rows: Sequence[Incident]) -> list[tuple[Incident, Score]]:
    """By the register, and the gongs that the code book has today; two questions, however many rows."""
    ids = [row.id for row in rows]
    alarms = {alarm.id: alarm for alarm in Alarm.objects.filter(pk__in=ids)}
    lines = JournalEntry.objects.filter(subject__in=ids, what="sounded").order_by("seq")
    proofs: dict[str, list[tuple[str, Any]]] = {id_: [] for id_ in ids}
    for about, node, body in lines.values_list("subject", "by", "body"):
        proofs[about].append((node or "", body))
    nodes = {node.id: node.hamlet for node in hub().board.nodes if node.ours}
    return [(row, _score(row, alarms.get(row.id), nodes, proofs[row.id])) for row in rows]


def _score(row: Incident, alarm: Alarm | None, nodes: dict[str, str], proofs: list[tuple[str, Any]]) -> Score:
    hamlets: Any = alarm.hamlets if alarm else row.hamlets or [row.hamlet]
    times = row.opened_at_ms, row.pressed_at_ms, row.acknowledged_at_ms
    return score(*times, tuple(hamlets), nodes, proofs)


def _today() -> Any:
    return datetime.fromtimestamp(hub().wall_ms() / 1000, UTC).astimezone(ZONE).date()
