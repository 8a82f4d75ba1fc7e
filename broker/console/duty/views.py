"""The duty page and its acts. Every act answers with one line that htmx puts into the page's status; the stream
shows the rest.
"""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from broker.console.duty.asks import Outcome, act, answer
from broker.console.duty.forms import ActForm, AlarmForm, CloseForm
from broker.console.live.now import hub
from broker.console.live.stream import first_paint
from broker.console.people.doors import needs, officer_of
from broker.console.words import kinds, outcomes
from wire.asks import AskAlarm, AskTarget

PARTS = ("cases", "ended", "troubles")


@require_GET
@needs("look")
def duty(request: HttpRequest) -> HttpResponse:
    """Trực ban."""
    board = hub().board
    context = {
        "items": first_paint(PARTS, request),
        "parts": ",".join(PARTS),
        "board": board,
        "kinds": kinds(),
        "outcomes": outcomes(),
        "can_act": officer_of(request).may("act"),
    }
    return render(request, "duty/duty.html", context)


@require_POST
@needs("act")
def acknowledge(request: HttpRequest) -> HttpResponse:
    """Take it."""
    form = ActForm(request.POST)
    if not form.is_valid():
        return _wrong(request, form)
    return answer(request, act("acknowledge", _target(request, form), _("Đã nhận.")))


@require_POST
@needs("act")
def clear(request: HttpRequest) -> HttpResponse:
    """Silence it; it stays open."""
    form = ActForm(request.POST)
    if not form.is_valid():
        return _wrong(request, form)
    return answer(request, act("clear", _target(request, form), _("Đã ra lệnh tắt.")))


@require_POST
@needs("act")
def close(request: HttpRequest) -> HttpResponse:
    """End it, with an outcome."""
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _wrong(request, form)
    return answer(request, act("close", _target(request, form), _("Đã đóng.")))


@require_POST
@needs("act")
def alarm(request: HttpRequest) -> HttpResponse:
    """Sound."""
    form = AlarmForm(request.POST, dict(hub().board.hamlets))
    if not form.is_valid():
        return _wrong(request, form)
    said = form.cleaned_data
    ask = AskAlarm(
        id=said["ask"],
        kind=said["kind"],
        hamlets=("all",) if said["everywhere"] else tuple(said["hamlets"]),
        drill=said["drill"],
        text=said["text"] or None,
        behalf=officer_of(request).username,
    )
    return answer(request, act("alarm", ask, _("Đã ra lệnh đánh kẻng.")))


def _target(request: HttpRequest, form: forms.Form) -> AskTarget:
    said = form.cleaned_data
    return AskTarget(
        id=said["ask"],
        target=said["target"],
        outcome=said.get("outcome"),
        note=said.get("note") or None,
        behalf=officer_of(request).username,
    )


def _wrong(request: HttpRequest, form: forms.Form) -> HttpResponse:
    faults = " ".join(str(fault) for faults in form.errors.values() for fault in faults)
    return answer(request, Outcome(False, faults))
