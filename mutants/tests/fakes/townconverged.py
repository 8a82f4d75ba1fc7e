"""What must hold in a town once everything has worked for a while. Pure."""

from __future__ import annotations

from fakes.town import Town

from broker.core.incident import ENDED
from node.core.records import MAX_ALERTS


def converged(town: Town) -> None:
    """What must hold once everything has worked for a while; AssertionError."""
    witness, shelf = town.witness, town.service.shelf
    assert witness is not None
    # What a second service has answered is in its register; that it was a mistake, it has shown.
    elsewhere = {} if town.rival is None else town.rival.shelf.incidents
    incidents = shelf.incidents
    for ghost in witness.alerts.values():
        rows = [id_ for id_ in (ghost.id, shelf._joined.get(ghost.id)) if id_ in incidents]
        if ghost.claimed and len(rows) != 1 and ghost.id not in elsewhere:
            witness.broken("what a journal claimed is in the register exactly once", ghost=ghost, rows=rows)
        row = incidents.get(ghost.id)
        if (
            row is not None
            and ghost.id not in elsewhere
            and ghost.taken_back
            and not (row.cancelled or row.state in ENDED)
        ):
            witness.broken("what was taken back is known to be", ghost=ghost, row=row)
    openings = [one.subject for one in shelf.journal if one.what == "alert"]
    if len(openings) != len(set(openings)):
        witness.broken("one alert, one incident", openings=openings)
    _states_agree(town)
    open_ = {(one.kind, one.about) for one in town.service.core.troubles}
    never = ("node_silent", "register", "still_sounding", "not_sounding", "disk")
    bad = {(kind, about) for kind, about in open_ if kind in never}
    if bad:
        witness.broken("troubles go away", troubles=bad)
    if town.service.core.unwritten:
        witness.broken("everything is written down", entries=town.service.core.unwritten)


def _states_agree(town: Town) -> None:
    witness, shelf = town.witness, town.service.shelf
    assert witness is not None
    elsewhere = {} if town.rival is None else town.rival.shelf.incidents
    incidents = shelf.incidents
    want = {"open": "received", "acknowledged": "acknowledged"}
    for node in town.nodes.values():
        mine = {alert.id: alert for alert in node.core._parts.alerts.all()}
        for alert in mine.values():
            if alert.id in elsewhere:
                continue
            row = incidents.get(shelf._joined.get(alert.id, alert.id))
            state = None if row is None else want.get(row.state, "closed")
            if alert.state != state:
                witness.broken("node and register agree", node=node.name, alert=alert, row=row)
        if len(mine) < MAX_ALERTS:
            for ghost in witness.alerts.values():
                row = incidents.get(ghost.id)
                lost = ghost.node == node.name and ghost.claimed and ghost.id not in {*mine, *elsewhere}
                if lost and (row is None or row.state not in ENDED):
                    witness.broken("what is not over is on its node", ghost=ghost, row=row)
        loud = {alert.state for alert in mine.values() if not alert.silent}
        lamp = next((one for one in ("sending", "received", "acknowledged") if one in loud), "dark")
        link = "trouble" if node.damaged else "steady"
        if node.lamps.alert != lamp or node.lamps.link != link:
            witness.broken("the lamps agree", node=node.name, lamps=node.lamps, lamp=lamp)
