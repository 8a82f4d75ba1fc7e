"""Bàn thử: what the boxes show, and the contacts that a finger closes."""

from __future__ import annotations

import json
import socket
import threading
from pathlib import Path

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from broker.console.duty.asks import Outcome, answer
from broker.console.live.now import hub
from broker.console.people.doors import needs
from broker.console.tryout.boxes import Box, Boxes
from broker.console.words import kinds

ANSWER_S = 2.0
MAX_LINE_BYTES = 64 * 1024
_lock = threading.Lock()
_boxes: Boxes | None = None


class TouchForm(forms.Form):
    """A contact, closed or let go."""

    contact = forms.RegexField(r"^[a-z-]{1,32}$")
    closed = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda value: value == "1")


@require_GET
@needs("look")
def bench(request: HttpRequest) -> HttpResponse:
    """The page."""
    controls = _controls()
    board = hub().board
    hamlets = {node.id: board.hamlets.get(node.hamlet, node.hamlet) for node in board.nodes}
    boxes = [(node, hamlets.get(node, node)) for node in controls]
    return render(request, "tryout/bench.html", {"boxes": boxes, "kinds": kinds()})


@require_GET
@needs("look")
def seen(request: HttpRequest) -> HttpResponse:
    """What each box shows now."""
    controls = _controls()
    global _boxes
    with _lock:
        if _boxes is None:
            _boxes = Boxes(controls)
    return JsonResponse({node: _shown(box) for node, box in _boxes.now().items()})


@require_POST
@needs("look")
def touch(request: HttpRequest, node: str) -> HttpResponse:
    """A finger on a button of the demo's, down or up."""
    control = _controls().get(node)
    if control is None:
        raise Http404
    form = TouchForm(request.POST)
    if not form.is_valid():
        return answer(request, Outcome(False, _("Không có nút này.")))
    wish = {"contact": form.cleaned_data["contact"], "closed": form.cleaned_data["closed"]}
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(ANSWER_S)
            line.connect(str(control))
            line.sendall(json.dumps(wish).encode() + b"\n")
            said = json.loads(line.makefile("rb").readline(MAX_LINE_BYTES) or b"{}")
    except (OSError, ValueError):
        return answer(request, Outcome(False, _("Hộp kẻng này không chạy.")))
    if not said.get("ok"):
        return answer(request, Outcome(False, _("Không có nút này.")))
    return HttpResponse(status=204)


def _controls() -> dict[str, Path]:
    controls = dict(settings.CONSOLE.controls)
    if not controls:
        raise Http404
    return controls


def _shown(box: Box) -> dict[str, object]:
    return {"alive": box.alive, "alert": box.alert, "link": box.link, "gong": box.gong, "linked": box.linked}
