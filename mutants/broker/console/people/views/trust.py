"""/chung-chi: the commune's own certificate authority, and how a telephone or PC is told to trust it.

What must hold: it is open to whoever has not signed in yet, for without it the browser warns; it gives the certificate,
which is public, and never a key.
"""

from __future__ import annotations

import ssl
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from broker.console.certificate import fingerprint

MOST_BYTES = 64 * 1024


@login_not_required
@require_safe
def trust(request: HttpRequest) -> HttpResponse:
    """The page."""
    certificate = _certificate()
    print_ = "" if certificate is None else fingerprint(certificate)
    return render(request, "people/trust.html", {"there": certificate is not None, "fingerprint": print_})


@login_not_required
@require_safe
def trust_file(request: HttpRequest) -> HttpResponse:
    """ca.crt, as telephones want it: DER."""
    certificate = _certificate()
    if certificate is None:
        raise Http404
    response = HttpResponse(certificate, content_type="application/x-x509-ca-cert")
    response.headers["Content-Disposition"] = 'attachment; filename="keng-ca.crt"'
    return response


def _certificate() -> bytes | None:
    path: Path | None = settings.CONSOLE.listen.ca_file
    try:
        text = "" if path is None else path.read_text("ascii")
        return ssl.PEM_cert_to_DER_cert(text[:MOST_BYTES].strip()) if "PRIVATE" not in text and text else None
    except (OSError, ValueError):
        return None
