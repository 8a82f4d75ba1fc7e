"""This node's own alerts: from a press to the register's word that it is over.

Rule 1. An alert is sent again and again until the register has it; PUBACK means nothing.
Rule 2. Pressing again while it sounds is insistence: the same alert, counted up. It never cancels.
Rule 3. What the register said only goes forward: received, acknowledged, closed.
The one danger: an age that is told too small makes a stale press sound elsewhere. After a reboot it is never small.
"""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import structs

from node.core.effects import AlertLamp
from node.core.records import Memory, OwnAlert, OwnState
from wire.messages import Alert, Answer, Cancel
from wire.words import MAX_WALL_MS, AnswerState, Instant

RESEND_MS = (
    1_000,
    2_000,
    2_000,
    4_000,
)  # then every RESEND_LATER_MS: the first loss costs a second, a dead service little
RESEND_LATER_MS = 5_000
INSIST_COPIES = 3  # an insistence has no answer of its own: it is sent this often
STALE_AGE_MS = 31_000  # older than anything fresh (30 s): what an alert from before a reboot is at least

LIFE: dict[tuple[OwnState, AnswerState], OwnState] = {
    ("sending", "received"): "received",
    ("sending", "acknowledged"): "acknowledged",
    ("sending", "closed"): "closed",
    ("sending", "false_alarm"): "closed",
    ("received", "acknowledged"): "acknowledged",
    ("received", "closed"): "closed",
    ("received", "false_alarm"): "closed",
    ("acknowledged", "closed"): "closed",
    ("acknowledged", "false_alarm"): "closed",
}
"""What an answer makes of an alert; what is not here changes nothing. The design page is drawn from this."""


@dataclass(slots=True)
class _Sending:
    next_ms: int = 0
    tries: int = 0
    copies: int = 0


class OwnAlerts:
    """All of this node's alerts that are not closed."""

    def __init__(self, alerts: dict[str, OwnAlert], boot: str) -> None:
        self._alerts = dict(alerts)
        self._boot = boot
        self._sending = {id_: _Sending() for id_, alert in alerts.items() if _unsent(alert)}

    def get(self, id: str) -> OwnAlert | None:  # noqa: A002 - the contract's word
        """One of ours that is not closed."""
        return self._alerts.get(id)

    def all(self) -> list[OwnAlert]:
        """Oldest first."""
        return list(self._alerts.values())

    def unsent(self) -> int:
        """Loud alerts the register has not said it received. A silent one is counted nowhere that others look."""
        return sum(1 for alert in self._alerts.values() if _unsent(alert) and not alert.silent)

    def keep_only(self, memory: Memory) -> None:
        """Forget what the journal has forgotten: neither grows without bound."""
        for id_ in [id_ for id_ in self._alerts if id_ not in memory.alerts]:
            del self._alerts[id_]
            self._sending.pop(id_, None)

    def put(self, alert: OwnAlert, now_ms: int, *, send: bool) -> None:
        """Add or change one that is not closed; `send` when the commune must hear of it."""
        self._alerts[alert.id] = alert
        if send:
            sending = self._sending.setdefault(alert.id, _Sending())
            sending.next_ms, sending.tries = now_ms, 0
            sending.copies = 0 if _unsent(alert) else INSIST_COPIES

    def answered(self, answer: Answer) -> OwnAlert | None:
        """Take the commune's word; the alert as it became, none if that changes nothing."""
        alert = self._alerts.get(answer.id)
        if alert is None:
            return None
        state = LIFE.get((alert.state, answer.state))
        if state is None:
            return None
        if alert.cancelled and state == "received" and self._tries(alert.id) < INSIST_COPIES:
            return None  # it crossed with the cancelling; one that still comes after some copies is the answer to them
        changed = structs.replace(alert, state=state)
        if state == "closed":
            self._alerts.pop(alert.id)
            self._sending.pop(alert.id, None)
        else:
            self._alerts[alert.id] = changed
            self._settle(changed)
        return changed

    def _tries(self, id: str) -> int:  # noqa: A002 - the contract's word
        """How often it was sent since there is something new to be said of it, or a new link."""
        sending = self._sending.get(id)
        return 0 if sending is None else sending.tries

    def _settle(self, alert: OwnAlert) -> None:
        """It is answered. What has no answer of its own is still sent some times more."""
        sending = self._sending.get(alert.id)
        if sending is None or sending.copies:
            return
        if alert.cancelled:
            # A person took it, and that may have crossed with the cancelling: the commune must hear of both.
            sending.copies = INSIST_COPIES
        else:
            del self._sending[alert.id]

    def linked(self, now_ms: int) -> None:
        """A new link: everything unsent goes out now."""
        for sending in self._sending.values():
            sending.next_ms, sending.tries = now_ms, 0

    def to_send(self, now_ms: int) -> list[OwnAlert]:
        """What must be sent now; each is due again later, until it is answered."""
        due: list[OwnAlert] = []
        for id_, sending in list(self._sending.items()):
            if sending.next_ms > now_ms:
                continue
            due.append(self._alerts[id_])
            wait_ms = RESEND_MS[sending.tries] if sending.tries < len(RESEND_MS) else RESEND_LATER_MS
            sending.next_ms = now_ms + wait_ms
            sending.tries += 1
            if sending.copies:
                sending.copies -= 1
                if not sending.copies:
                    del self._sending[id_]
        return due

    @property
    def deadline_ms(self) -> int | None:
        """When something must be sent again."""
        return min((sending.next_ms for sending in self._sending.values()), default=None)

    def message(self, alert: OwnAlert, node: str, hamlet: str, now_ms: int, wall_ms: int | None) -> Alert | Cancel:
        """What is said of it now."""
        pressed_ms, clock = alert.pressed_wall_ms, alert.clock
        if wall_ms is not None and alert.clock == "unsure" and alert.boot == self._boot:
            # The time is known by now: so is the time of the press.
            pressed_ms, clock = wall_ms - (now_ms - alert.pressed_ms), "synced"
        age_ms = self._age_ms(alert, now_ms, wall_ms)
        pressed_at = Instant(min(max(0, pressed_ms), MAX_WALL_MS))
        if alert.cancelled:
            return Cancel(
                id=alert.id,
                node=node,
                cancelled=True,
                hamlet=hamlet,
                kind=alert.kind,
                drill=alert.drill,
                pressed_at=pressed_at,
                clock=clock,
                age_ms=age_ms,
                count=alert.count,
            )
        return Alert(
            id=alert.id,
            node=node,
            hamlet=hamlet,
            kind=alert.kind,
            drill=alert.drill,
            pressed_at=pressed_at,
            clock=clock,
            age_ms=age_ms,
            count=alert.count,
            last_age_ms=self._last_age_ms(alert, now_ms),
        )

    def _last_age_ms(self, alert: OwnAlert, now_ms: int) -> int | None:
        if alert.last_ms is None or alert.boot != self._boot:
            return None
        return max(0, now_ms - alert.last_ms)

    def _age_ms(self, alert: OwnAlert, now_ms: int, wall_ms: int | None) -> int:
        if alert.boot == self._boot:
            return max(0, now_ms - alert.pressed_ms)
        by_wall_ms = wall_ms - alert.pressed_wall_ms if wall_ms is not None and alert.clock == "synced" else now_ms
        return max(STALE_AGE_MS, by_wall_ms)

    def lamp(self) -> AlertLamp:
        """The one state that the lamp shows: what is least settled first. A silent alert shows nothing."""
        states = {alert.state for alert in self._alerts.values() if not alert.silent}
        for state in ("sending", "received", "acknowledged"):
            if state in states:
                return state
        return "dark"


def _unsent(alert: OwnAlert) -> bool:
    return alert.state == "sending"
