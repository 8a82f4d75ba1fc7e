"""One's own second factor: a code on a telephone, with a QR code drawn on this machine, and recovery codes.

What must hold: the seed is shown only until its first right code is entered; recovery codes are shown once; both ask
for the password.
"""

from __future__ import annotations

import io

import segno
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from broker.console.people import codes, factors, notes
from broker.console.people.doors import officer_of
from broker.console.people.forms import FactorForm, faults_of
from broker.console.people.models import Officer, RecoveryCode
from broker.console.people.sealed import opened, seal
from broker.console.people.views.own import rebind, wrong_password

SEED = "seed"
SCALE = 6


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def own_factor(request: HttpRequest) -> HttpResponse:
    """Xác thực hai lớp: set it, or draw fresh recovery codes."""
    officer = officer_of(request)
    fault = ""
    if request.method == "POST":
        form = FactorForm(request.POST)
        fault = faults_of(form) if not form.is_valid() else wrong_password(officer, form.cleaned_data["current"])
        if not fault:
            fresh = _done(request, officer, form.cleaned_data["code"])
            if fresh:
                return render(request, "people/recovery.html", {"codes": fresh})
            fault = _("Mã không đúng, hoặc đã dùng rồi. Hãy đợi mã mới trên điện thoại.")
    left = RecoveryCode.objects.filter(officer=officer).count()
    seed = "" if officer.factor else codes.grouped(_seed(request), 4)
    return render(request, "people/factor.html", {"seed": seed, "left": left, "fault": fault})


@require_safe
def own_factor_qr(request: HttpRequest) -> HttpResponse:
    """The QR code of the seed that is being set."""
    officer = officer_of(request)
    if officer.factor or SEED not in request.session:
        raise Http404
    address = codes.address_of_seed(_seed(request), officer.username, settings.CONSOLE.name)
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        picture, kind="svg", scale=SCALE, dark="#000", light="#fff", svgclass=None, lineclass=None
    )
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml; charset=utf-8")


def _done(request: HttpRequest, officer: Officer, code: str) -> list[str]:
    """The fresh recovery codes; none: the code was wrong."""
    with transaction.atomic():
        if officer.factor:
            if factors.take(officer) or not factors.right_code(officer, code):
                return []
            return factors.renew_codes(officer)
        seed = _seed(request)
        if not factors.right_code(officer, code, seed):
            return []
        fresh = factors.put(officer, seed)
        request.session.pop(SEED, None)
        rebind(request, officer)
        notes.note(officer.username, "factor_set", officer.username)
    return fresh


def _seed(request: HttpRequest) -> str:
    """The seed that is being set: the same until it is."""
    kept = opened(request.session.get(SEED, ""))
    if kept is None:
        kept = codes.new_seed()
        request.session[SEED] = seal(kept)
    return kept
