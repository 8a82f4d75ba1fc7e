"""The others' accounts: a chief's pages. Every change asks for the chief's own PIN.

What must hold: nobody changes their own role or switches themselves off, so a chief is always left; a one-time password
is on one page, once, and in nobody's log.
"""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from broker.console.people import accounts, notes, pin, seats
from broker.console.people.doors import needs, officer_of
from broker.console.people.forms import ROLES, ChangeForm, NewOfficerForm, faults_of
from broker.console.people.models import Officer
from broker.console.people.shown import mark_of, shown
from broker.console.people.store import now_ms

MOST_OFFICERS = 500


@require_safe
@needs("people")
def people(request: HttpRequest) -> HttpResponse:
    """Tài khoản: everybody."""
    alive = Q(seats__seen_ms__gt=now_ms() - seats.IDLE_S * 1000)
    everybody = Officer.objects.annotate(standing=Count("seats", filter=alive)).order_by("-is_active", "username")
    return render(request, "people/people.html", {"everybody": everybody[:MOST_OFFICERS]})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("people")
def new_officer(request: HttpRequest) -> HttpResponse:
    """Lập tài khoản."""
    chief = officer_of(request)
    form = NewOfficerForm(request.POST or None)
    fault = ""
    if request.method == "POST":
        fault = faults_of(form) if not form.is_valid() else _pin_fault(chief, form.cleaned_data["pin"])
        if not fault:
            said = form.cleaned_data
            officer, password = accounts.make(chief.username, said["username"], said["full_name"], said["role"])
            return render(request, "people/once.html", {"who": officer, "password": password})
    return render(request, "people/new.html", {"form": form, "fault": fault, "roles": ROLES})


@require_safe
@needs("people")
def person(request: HttpRequest, name: str) -> HttpResponse:
    """One of them."""
    who = get_object_or_404(Officer, username=name)
    return _person(request, who)


@require_POST
@needs("people")
def change(request: HttpRequest, name: str) -> HttpResponse:
    """Do something with the account."""
    chief, who = officer_of(request), get_object_or_404(Officer, username=name)
    form = ChangeForm(request.POST)
    if not form.is_valid():
        return _person(request, who, faults_of(form))
    act, role = form.cleaned_data["act"], form.cleaned_data["role"]
    if who == chief and act != "sessions":
        return _person(request, who, _("Việc này với tài khoản của chính bạn phải do một chỉ huy khác làm."))
    fault = _pin_fault(chief, form.cleaned_data["pin"])
    if fault:
        return _person(request, who, fault)
    match act:
        case "password":
            password = accounts.give_password(chief.username, who)
            return render(request, "people/once.html", {"who": who, "password": password})
        case "role":
            accounts.change_role(chief.username, who, role or who.role)
        case "on" | "off":
            accounts.switch(chief.username, who, act == "on")
        case "factor":
            accounts.remove_factor(chief.username, who)
        case _:
            accounts.end_sessions(chief.username, who, but=request.session.session_key)
    messages.success(request, _("Đã làm xong."))
    return redirect("person", name=who.username)


@require_POST
@needs("people")
def end_session(request: HttpRequest, name: str) -> HttpResponse:
    """End one of their sessions."""
    who = get_object_or_404(Officer, username=name)
    for seat in seats.seats_of(who):
        if mark_of(seat) == request.POST.get("seat", ""):
            seat.delete()
            notes.note(officer_of(request).username, "sessions_ended", who.username)
            messages.success(request, _("Phiên đã kết thúc."))
    return redirect("person", name=who.username)


def _person(request: HttpRequest, who: Officer, fault: str = "") -> HttpResponse:
    context = {"who": who, "seats": shown(who, request.session.session_key), "roles": ROLES, "fault": fault}
    return render(request, "people/person.html", context)


def _pin_fault(chief: Officer, said: str) -> str:
    return "" if pin.check(chief, said) else pin.refusal(chief)
