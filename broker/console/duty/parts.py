"""What is live on the duty page: the open cases, the last that ended, and the troubles."""

from __future__ import annotations

from broker.console.live.board import Board
from broker.console.live.parts import Items, Viewer, part

MAX_CASES = 100  # of open ones: nobody looks at more, and a flood must not choke a screen


@part("cases", "duty/case.html")
def cases(board: Board, viewer: Viewer) -> Items:
    """Open, loudest first."""
    seen = [case for case in board.cases if viewer.silent or not case.incident.silent]
    for case in seen[:MAX_CASES]:
        yield case.incident.id, {"case": case, "hamlets": board.hamlets}


@part("ended", "duty/ended.html")
def ended(board: Board, viewer: Viewer) -> Items:
    """The last that were closed."""
    for row in board.ended:
        if viewer.silent or not row.silent:
            yield row.id, {"row": row, "hamlets": board.hamlets}


@part("troubles", "duty/trouble.html")
def troubles(board: Board, viewer: Viewer) -> Items:
    """Of the system itself; apart from the cases."""
    for one in board.troubles:
        yield f"{one.kind}-{one.about}", {"trouble": one}
