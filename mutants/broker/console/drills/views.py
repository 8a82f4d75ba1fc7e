"""Diễn tập: plan, run, score."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
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

SHOWN = 50
"""Of the drills that were, the latest."""


@require_http_methods(["GET", "POST"])
@needs("look")
def drills(request: HttpRequest) -> HttpResponse:
    """What is planned, and what was."""
    officer = officer_of(request)
    board = hub().board
    posted = request.method == "POST" and officer.may("act")
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
    context = {
        "form": form,
        "plans": list(Plan.objects.filter(incident="")),
        "past": [{"row": row, "score": scored(row)} for row in past[:SHOWN]],
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
    Plan.objects.filter(pk=number, incident="").delete()
    messages.success(request, _("Đã bỏ kế hoạch."))
    return redirect("drills")


@require_GET
@needs("look")
def drill(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 - the address's own word
    """One drill's score."""
    row = Incident.objects.filter(pk=id, drill=True).first()
    if row is None or (row.silent and not officer_of(request).may("silent")):
        raise Http404
    return render(request, "drills/drill.html", {"row": row, "score": scored(row), "hamlets": hub().board.hamlets})


def scored(row: Incident) -> Score:
    """By the register, and the gongs that the code book has today."""
    alarm = Alarm.objects.filter(pk=row.id).first()
    hamlets: Any = alarm.hamlets if alarm else row.hamlets or [row.hamlet]
    proofs = JournalEntry.objects.filter(subject=row.id, what="sounded").order_by("seq").values_list("by", "body")
    return score(
        row.opened_at_ms,
        row.pressed_at_ms,
        row.acknowledged_at_ms,
        tuple(hamlets),
        {node.id: node.hamlet for node in hub().board.nodes},
        [(node or "", body) for node, body in proofs],
    )


def _today() -> Any:
    return datetime.fromtimestamp(hub().wall_ms() / 1000, UTC).astimezone(ZONE).date()
