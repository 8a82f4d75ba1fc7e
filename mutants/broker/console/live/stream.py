"""text/event-stream of the parts a page shows: state, not events, so that a cut loses nothing and doubles nothing.

    event: part    data: {"name": "cases", "order": ["0193…", …], "items": {"0193…": "<li …>"}}
    event: beat    data: {"at": 1764000000000, "linked": true, "register": ""}
    event: ended   data: {"why": "session"}

A new connection gets every item of its parts; after that only items that changed, with the whole order each time. A
beat every
BEAT_S says that we live; a page that has heard none for three of them says so in red. A session that ended ends the
stream.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponseBadRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation

from broker.console.live.now import hub
from broker.console.live.parts import PARTS, Viewer, rendered
from broker.console.people.doors import needs
from broker.console.people.seats import stands

BEAT_S = 2.0
SESSION_EVERY = 2  # beats between two looks whether the session still stands
MAX_PARTS = 8


@needs("look")
async def stream(request: HttpRequest) -> HttpResponseBase:
    """GET /dong?parts=cases,nodes."""
    names = [name for name in request.GET.get("parts", "").split(",") if name]
    if len(names) > MAX_PARTS or any(name not in PARTS for name in names):
        return HttpResponseBadRequest("no such part")
    user = await request.auser()
    # Asked now: what streams is made when the middleware that chose the language is done.
    viewer = Viewer(getattr(user, "role", ""), translation.get_language() or "vi")
    response = StreamingHttpResponse(_events(request, names, viewer), content_type="text/event-stream; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


async def _events(request: HttpRequest, names: list[str], viewer: Viewer) -> AsyncIterator[bytes]:
    live = hub()
    sent: dict[str, dict[str, str]] = {name: {} for name in names}
    first = True
    board = live.board
    beats, beat_ms = 0, 0
    yield b"retry: 1000\n\n"
    while True:
        for name in names:
            now = rendered(name, board, viewer)
            if first or now != sent[name] or list(now) != list(sent[name]):
                new = {key: html for key, html in now.items() if sent[name].get(key) != html}
                yield _event("part", {"name": name, "order": list(now), "items": new})
                sent[name] = now
        if first or live.wall_ms() - beat_ms >= BEAT_S * 1000:
            first = False
            beat_ms = live.wall_ms()
            fault = board.register_fault or ("unwritten" if board.unwritten else "")
            yield _event("beat", {"at": beat_ms, "linked": board.linked, "register": fault})
            beats += 1
            if beats % SESSION_EVERY == 0 and not await _stands(request, viewer):
                yield _event("ended", {"why": "session"})
                return
        board = await live.changed(board, BEAT_S)


@sync_to_async
def _stands(request: HttpRequest, viewer: Viewer) -> bool:
    """Whether the session is there, and its officer still who they were."""
    return stands(request.session.session_key, viewer.role)


def _event(name: str, data: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def first_paint(names: Iterable[str], request: HttpRequest) -> dict[str, list[tuple[str, str]]]:
    """What the stream would say first, for the page itself: it is whole before any script runs."""
    viewer = Viewer(getattr(request.user, "role", ""), translation.get_language() or "vi")
    board = hub().board
    return {name: list(rendered(name, board, viewer).items()) for name in names}
