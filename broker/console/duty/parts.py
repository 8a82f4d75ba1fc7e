"""What is live on the duty page, the wall and the phone: cases, what has not stopped, what ended, troubles, chimes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from broker.console.duty.gongs import named
from broker.console.live.board import Board, Case
from broker.console.live.parts import Items, Viewer, part
from broker.console.words import kinds, outcomes

MAX_CASES = 100  # of open ones: nobody looks at more, and a flood must not choke a screen
MAX_HUGE = 12  # of them on a wall: three rows


def _seen(board: Board, viewer: Viewer, most: int = MAX_CASES) -> Iterable[Case]:
    return [case for case in board.cases if viewer.silent or not case.incident.silent][:most]


def _card(board: Board, case: Case) -> Mapping[str, Any]:
    """What a card shows; nothing that changes without being shown, so that it is sent when it changes alone."""
    gongs = {name: named(board, getattr(case, name)) for name in ("sounding", "mute", "still")}
    own = {"row": case.incident, "alarm": case.alarm, "written": case.written, "remarks": case.remarks}
    return {**own, **gongs, "hamlets": board.hamlets}


@part("cases", "duty/case.html")
def cases(board: Board, viewer: Viewer) -> Items:
    """Open, loudest first, with all that can be done about them."""
    choices = {"kinds": kinds(), "outcomes": outcomes()} if viewer.acts else {}
    for case in _seen(board, viewer):
        yield case.incident.id, {**_card(board, case), **choices}


@part("wall", "duty/wall_case.html")
def wall(board: Board, viewer: Viewer) -> Items:
    """The same, huge, to be looked at from across the room."""
    for case in _seen(board, viewer, MAX_HUGE):
        yield case.incident.id, _card(board, case)


@part("street", "duty/street_case.html")
def street(board: Board, viewer: Viewer) -> Items:
    """The same for a thumb: take it, silence it."""
    for case in _seen(board, viewer):
        yield case.incident.id, _card(board, case)


@part("unended", "duty/unended.html")
def unended(board: Board, viewer: Viewer) -> Items:
    """What ended and still sounds somewhere."""
    for row in board.ended:
        if row.id in board.unended and (viewer.silent or not row.silent):
            yield row.id, {"row": row, "still": named(board, board.unended[row.id]), "hamlets": board.hamlets}


@part("ended", "duty/ended.html")
def ended(board: Board, viewer: Viewer) -> Items:
    """The last that were closed."""
    for row in board.ended:
        if viewer.silent or not row.silent:
            yield row.id, {"row": row, "hamlets": board.hamlets}


@part("troubles", "duty/trouble.html")
def troubles(board: Board, viewer: Viewer) -> Items:
    """Of the system itself; apart from the cases. Those that raise nobody come last, and say so."""
    if board.forged is not None:
        yield "forged", {"forged": board.forged}
    muted = {id(one): board.mute_of(one) for one in board.troubles}
    for one in sorted(board.troubles, key=lambda one: muted[id(one)] is not None):
        yield f"{one.kind}-{one.about}", {"trouble": one, "mute": muted[id(one)]}


@part("chime", "duty/chime.html")
def chime(board: Board, viewer: Viewer) -> Items:
    """The last chime, and who sounded it."""
    if board.chime is not None:
        yield "last", {"chime": board.chime, "hamlets": board.hamlets}


@part("voices", "duty/voice.html")
def voices(board: Board, viewer: Viewer) -> Items:
    """Boxes that were newly hung up and have sounded."""
    for one in board.spoken:
        yield f"{one.node}-{one.at_ms}", {"one": one, "hamlet": board.hamlets.get(one.hamlet, one.hamlet)}


@part("links", "duty/link.html")
def links(board: Board, viewer: Viewer) -> Items:
    """How many gongs speak."""
    lost = [node.id for node in board.nodes if not node.online]
    yield "gongs", {"all": len(board.nodes), "lost": named(board, lost), "linked": board.linked}
