"""The acts of the duty page. Each answers with one line that htmx puts into the page; the stream shows the rest.

Rule 1. What would sound a real alarm in the whole commune is done only after a second act: the officer has been shown
what will happen, and has entered their PIN.
Rule 2. A form that is wrong says what to do about it, and nothing is asked of the commune.
"""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from broker.console.duty import pins
from broker.console.duty.asks import Outcome, act, answer
from broker.console.duty.forms import ActForm, AlarmForm, CloseForm, CommentForm, WidenForm
from broker.console.duty.gongs import reach
from broker.console.live.board import Board
from broker.console.live.now import hub
from broker.console.people.doors import needs, officer_of
from wire.asks import AskAlarm, AskComment, AskTarget, AskWiden
from wire.words import EVERYWHERE

ALARM_S = 180  # of a code book that does not say how long an alarm sounds


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
def comment(request: HttpRequest) -> HttpResponse:
    """Write about it."""
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _wrong(request, form)
    said = form.cleaned_data
    ask = AskComment(id=said["ask"], target=said["target"], note=said["note"], behalf=officer_of(request).username)
    return answer(request, act("comment", ask, _("Đã ghi vào sổ.")))


@require_POST
@needs("act")
def alarm(request: HttpRequest) -> HttpResponse:
    """Sound."""
    board = hub().board
    form = AlarmForm(request.POST, dict(board.hamlets))
    if not form.is_valid():
        return _wrong(request, form)
    said = form.cleaned_data
    if said["everywhere"] and not said["drill"] and (first := _not_sure(request, form, board)):
        return first
    ask = AskAlarm(
        id=said["ask"],
        kind=said["kind"],
        hamlets=said["where"],
        drill=said["drill"],
        text=said["text"] or None,
        behalf=officer_of(request).username,
    )
    return _sounded(answer(request, act("alarm", ask, _("Đã ra lệnh đánh kẻng."))))


@require_POST
@needs("act")
def widen(request: HttpRequest) -> HttpResponse:
    """Let more hamlets sound for it."""
    board = hub().board
    form = WidenForm(request.POST, dict(board.hamlets))
    if not form.is_valid():
        return _wrong(request, form)
    said = form.cleaned_data
    case = next((one for one in board.cases if one.incident.id == said["target"]), None)
    drill = case is not None and case.incident.drill
    if said["everywhere"] and not drill and (first := _not_sure(request, form, board)):
        return first
    ask = AskWiden(
        id=said["ask"],
        target=said["target"],
        hamlets=said["where"],
        loud=said["loud"],
        behalf=officer_of(request).username,
    )
    response = answer(request, act("widen", ask, _("Đã ra lệnh cho kêu thêm.")))
    return _sounded(response) if said["sure"] else response


def _not_sure(request: HttpRequest, form: AlarmForm | WidenForm, board: Board) -> HttpResponse | None:
    """The second act, or why it does not do; none: it is done."""
    said = form.cleaned_data
    if said["sure"]:
        fault = pins.fault(officer_of(request), said["pin"])
        return answer(request, Outcome(False, fault)) if fault else None
    case = next((one.incident for one in board.cases if one.incident.id == said.get("target")), None)
    again = {"everywhere": "on", **{name: said[name] for name in ("kind", "text", "target") if said.get(name)}}
    again |= {"loud": "on"} if said.get("loud") else {}
    context = {
        "address": reverse("alarm" if isinstance(form, AlarmForm) else "widen"),
        "said": {"kind": form["kind"].value() if case is None else case.kind, "text": said.get("text")},
        "gongs": reach(board, EVERYWHERE),
        "names": ", ".join(board.hamlets.values()),
        "life_s": board.codebook.get("alarm_s") or ALARM_S,
        "hidden": list(again.items()),
    }
    response = render(request, "duty/sure.html", context)
    response.headers["HX-Retarget"] = "#alarm-sure"
    response.headers["HX-Trigger-After-Swap"] = "keng:sure"
    return response


def _sounded(response: HttpResponse) -> HttpResponse:
    """What was done is told beside the cases, and the dialog is over."""
    if response.status_code == 200:
        response.headers["HX-Retarget"] = "#said"
        response.headers["HX-Trigger-After-Swap"] = "keng:sounded"
    return response


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
