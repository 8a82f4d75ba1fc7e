"""Lịch kẻng: the calendar, the chimes of the draft, its versions; and putting a draft into use."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import F, Func, IntegerField, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from broker.console.cases.search import ZONE
from broker.console.chimes import plan
from broker.console.chimes.forms import DAYS, ChimeForm, PushForm
from broker.console.chimes.labels import worded
from broker.console.chimes.models import Draft
from broker.console.chimes.sound import wav_of
from broker.console.duty.asks import act
from broker.console.live.now import hub
from broker.console.people import pin
from broker.console.people.doors import needs, officer_of
from broker.console.words import here
from broker.register.models import CodeBook as Version
from patterns.builtin import builtins
from patterns.chimes import WEEKDAYS
from patterns.codebook import CodeBook
from patterns.errors import CodeBookError, PatternsError
from patterns.packed import carried, check_ask
from patterns.score import Score
from wire.asks import AskCodeBook

SEEN_S = 2.0
"""The register is read again some times a second: whoever put a book into use must not be shown the old one."""
PUSHED = "codebook_ask"
"""In the session: the ask of the last that was put into use, or tried."""
MOST_SEQ = 2**63
"""Of SQLite."""
VERSIONS = 50
"""Of the list: years."""


@require_GET
@needs("look")
def chimes(request: HttpRequest) -> HttpResponse:
    """The next weeks, what sounds, and what is being changed."""
    current = dict(hub().board.codebook)
    draft = Draft.objects.first()
    shown = draft.fields if draft else current
    faults = plan.faults_of(shown) if shown else []
    book = plan.checked(shown) if shown and not faults else None
    context = {
        "current": current,
        "draft": draft,
        "book": book,
        "faults": [here(fault) for fault in faults],
        "weeks": _weeks(book),
        "days": [here(DAYS[day]) for day in WEEKDAYS],
        "today": _today(),
        "patterns": _patterns(book),
        "changes": _worded(current, plan.to_push(draft.fields, current)) if draft else [],
        "versions": list(_versions()[:VERSIONS]),
        "can_change": officer_of(request).may("codebook"),
        "hamlets": hub().board.hamlets,
    }
    return render(request, "chimes/chimes.html", context)


@require_GET
@needs("look")
def what(request: HttpRequest, seq: int) -> HttpResponse:
    """What a version changed, for its line's fold."""
    row = Version.objects.filter(pk=seq).first() if seq < MOST_SEQ else None
    if row is None:
        raise Http404
    older = Version.objects.filter(pk__lt=seq).order_by("-seq").first()
    changes = [] if older is None else _worded(older.fields, row.fields)
    return render(request, "chimes/what.html", {"first": older is None, "changes": changes})


@require_http_methods(["GET", "POST"])
@needs("codebook")
def change(request: HttpRequest, name: str = "") -> HttpResponse:
    """A chime of the draft, or a new one."""
    fields = _draft_fields()
    book = plan.checked(fields)
    kept = next((one for one in book.chimes if one.name == name), None)
    if name and kept is None:
        raise Http404
    choices = [(score["name"], f"{score['title']} ({score['name']})") for score in _patterns(book) if score["chime"]]
    form = ChimeForm(
        request.POST or None, choices, dict(hub().board.hamlets), initial=plan.fields_of(kept) if kept else None
    )
    if request.method == "POST" and form.is_valid():
        new = plan.with_chime(fields, name or str(form.chime["name"]), form.chime)
        faults = plan.faults_of(new)
        if not faults:
            _keep(request, new)
            messages.success(request, _("Đã ghi vào bản nháp. Chưa có hiệu lực cho đến khi áp dụng."))
            return redirect("chimes")
        for fault in faults:
            form.add_error(None, here(fault))
    return render(request, "chimes/change.html", {"form": form, "name": name})


@require_POST
@needs("codebook")
def strike(request: HttpRequest, name: str) -> HttpResponse:
    """Take a chime out of the draft."""
    _keep(request, plan.without_chime(_draft_fields(), name))
    messages.success(request, _("Đã bỏ khỏi bản nháp."))
    return redirect("chimes")


@require_POST
@needs("codebook")
def back(request: HttpRequest, seq: int) -> HttpResponse:
    """Make a draft of an older version's rules."""
    row = Version.objects.filter(pk=seq).first()
    if row is None:
        raise Http404
    _keep(request, plan.gone_back(dict(hub().board.codebook), row.fields))
    messages.success(request, _("Bản nháp nay theo bản cũ; kẻng, thôn và khóa vẫn là của hôm nay."))
    return redirect("chimes")


@require_POST
@needs("codebook")
def drop(request: HttpRequest) -> HttpResponse:
    """Forget the draft."""
    Draft.objects.all().delete()
    messages.success(request, _("Đã bỏ bản nháp."))
    return redirect("chimes")


@require_POST
@needs("codebook")
def push(request: HttpRequest) -> HttpResponse:
    """Put the draft into use, with the PIN."""
    officer = officer_of(request)
    form = PushForm(request.POST)
    draft = Draft.objects.first()
    if draft is None and form.is_valid() and request.session.get(PUSHED) == form.cleaned_data["ask"]:
        messages.success(request, _("Bộ quy ước mới đang có hiệu lực; các kẻng đang nhận."))
        return redirect("chimes")  # a second tap on what is done
    if draft is None or not form.is_valid():
        messages.error(request, _("Không có bản nháp, hoặc thiếu mã PIN."))
        return redirect("chimes")
    if not pin.check(officer, form.cleaned_data["pin"]):
        messages.error(request, pin.refusal(officer))
        return redirect("chimes")
    current = dict(hub().board.codebook)
    fields = plan.to_push(draft.fields, current)
    if not plan.differences(current, fields):  # done by a try that nobody answered
        draft.delete()
        messages.success(request, _("Bộ quy ước mới đang có hiệu lực; các kẻng đang nhận."))
        return redirect("chimes")
    request.session[PUSHED] = form.cleaned_data["ask"]
    request.session.save()  # now: the second tap comes while the first waits for the service
    faults = plan.faults_of(fields)
    try:
        check_ask(fields, settings.CONSOLE.name)
    except CodeBookError as error:
        faults = [(error.vi, error.en)]
    if faults:
        messages.error(request, here(faults[0]))
        return redirect("chimes")
    ask = AskCodeBook(id=form.cleaned_data["ask"], codebook=carried(fields), behalf=officer.username)
    outcome = act("codebook", ask, _("Bộ quy ước mới đang có hiệu lực; các kẻng đang nhận."))
    if outcome.ok:
        Draft.objects.filter(id=draft.id, at=draft.at).delete()  # what somebody has changed meanwhile stays
        hub().until(lambda board: board.codebook.get("version") == fields["version"], SEEN_S)
        messages.success(request, outcome.text)
    else:
        messages.error(request, outcome.text)
    return redirect("chimes")


@require_GET
@needs("look")
def heard(request: HttpRequest, name: str) -> HttpResponse:
    """A pattern as a WAV: head and one pass of its loop."""
    fields = dict(hub().board.codebook)
    draft = Draft.objects.first()
    score = _score(plan.checked(draft.fields if draft else fields) if fields else None, name)
    if score is None:
        raise Http404
    try:
        body = wav_of(score, settings.CONSOLE.home / "sounds")
    except (PatternsError, OSError) as error:
        return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
    response = HttpResponse(body, content_type="audio/wav")
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _worded(older: dict[str, Any], newer: dict[str, Any]) -> list[tuple[str, str, str]]:
    return worded(plan.differences(older, newer), get_language() == "en")


def _versions() -> Any:
    """What the list shows of each; the whole of fifty books is some megabytes."""
    chimes = Func(F("fields"), Value("$.chimes"), function="json_array_length", output_field=IntegerField())
    counted = Version.objects.order_by("-seq").annotate(version=F("fields__version"), chimes=chimes)
    return counted.values("seq", "by", "at_ms", "version", "chimes")


def _draft_fields() -> dict[str, Any]:
    draft = Draft.objects.first()
    fields = draft.fields if draft else dict(hub().board.codebook)
    if not fields:
        raise Http404
    return dict(fields)


def _keep(request: HttpRequest, fields: dict[str, Any]) -> None:
    Draft.objects.update_or_create(id=1, defaults={"fields": fields, "by": officer_of(request).username})


def _today() -> Any:
    return datetime.fromtimestamp(hub().wall_ms() / 1000, UTC).astimezone(ZONE).date()


def _weeks(book: CodeBook | None) -> list[list[plan.Day]]:
    if book is None:
        return []
    days = plan.calendar(book, _today())
    return [days[start : start + 7] for start in range(0, len(days), 7)]


def _score(book: CodeBook | None, name: str) -> Score | None:
    return builtins().get(name) if book is None else book.resolve(name) or builtins().get(name)


def _patterns(book: CodeBook | None) -> list[dict[str, Any]]:
    """Those of the book first, then what is built in."""
    own = {} if book is None else dict(book.patterns)
    found = []
    for name in [*own, *(name for name in builtins() if name not in own)]:
        score = _score(book, name)
        if score is None:
            continue
        line = score.timeline()
        hits = [*line.head, *line.loop]
        shown_ms = max(line.length_ms, 1)
        bars = [
            {"x": f"{100 * at_ms / shown_ms:.2f}", "high": f"{36 * hit.gain:.1f}", "y": f"{40 - 36 * hit.gain:.1f}"}
            for hit, at_ms in zip(hits, line.onsets_ms(), strict=True)
        ]
        loop_x = None if line.loop_ms is None else f"{100 * line.head_ms / shown_ms:.2f}"
        found.append(
            {
                "name": name,
                "title": here((score.title_vi or name, score.title_en or name)),
                "bars": bars,
                "loop_x": loop_x,
                "length_s": round(line.length_ms / 1000, 1),
                "strokes": len(hits),
                "use": score.use,
                "chime": score.use not in {"alarm", "drill"} and line.loop_ms is None,
                "own": name in own,
            }
        )
    return found
