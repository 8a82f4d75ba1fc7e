"""An officer's act as an ask to the commune in that officer's name, and its answer as a sentence.

What must hold: the form's own id is the ask's, so that a form that is sent twice (a double tap, a retry) is done once;
what the
commune refuses, or does not answer, is said to the officer in their language, and never as if it were done.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from msgspec import Struct

from broker.console.live.hub import NoAnswer
from broker.console.live.now import hub
from broker.console.words import said
from wire.topics import Verb


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an act."""

    ok: bool
    """Whether the commune says it is done."""
    text: str
    """For the officer."""
    target: str = ""
    """What it made or changed."""


def act(verb: Verb, message: Struct, done: str) -> Outcome:
    """Ask, wait, and say what became of it; `done` is what is said if it is."""
    try:
        told = hub().ask(verb, message)
    except NoAnswer:
        if not hub().board.linked:
            return Outcome(False, _("Mất nối MQTT: lệnh chưa gửi được. Hãy gọi điện cho các thôn."))
        return Outcome(False, _("Dịch vụ của xã chưa trả lời. Hãy xem lệnh đã có hiệu lực chưa rồi mới ra lệnh lại."))
    why = said(told.why)
    return Outcome(told.ok, why if not told.ok else f"{done} {why}".strip(), told.target or "")


def answer(request: HttpRequest, outcome: Outcome) -> HttpResponse:
    """The outcome as a line for the page's status; 409 if it was refused."""
    return render(request, "console/said.html", {"outcome": outcome}, status=200 if outcome.ok else 409)
