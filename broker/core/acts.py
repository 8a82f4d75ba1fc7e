"""What an officer does about incidents and alarms: sound, widen, silence, take, comment, end.

Rule 1. Silencing is not closing: a cleared incident stays open. Closing silences.
Rule 2. Of two officers the first wins, and both are in the journal.
Rule 3. A drill never sounds like an alarm, nor an alarm like anything else.
Rule 4. Widening makes nothing else of an incident: a drill stays a drill, and a silent alert sounds aloud only where an
officer says so in so many words. What sounds goes on everywhere and gets a new life; what was over starts again only
where it is asked for now, since somebody may have had it silenced elsewhere with reason.
"""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct, structs

from broker.core import incident
from broker.core.alarms import AlarmSet
from broker.core.book import Book
from broker.core.cases import Cases
from broker.core.ledger import Ledger
from broker.core.lookup import ALL, meant
from broker.core.outcome import MISTAKE, OUTCOMES, outcome_of
from broker.core.records import Alarm, Entry, Incident, What
from broker.core.statement import Statement
from broker.core.turn import Turn, said
from wire.asks import AskAlarm, AskComment, AskTarget, AskWiden
from wire.uuid7 import Entropy, uuid7


class Done(Struct, frozen=True):
    """What became of an ask."""

    ok: bool
    """Whether it was done."""
    why: str = ""
    """If not: why, and what to do. If so: what else to know."""
    target: str | None = None
    """The incident or alarm that it made or changed, or "all"."""


class Acts:
    """Carries out what an officer asks."""

    def __init__(
        self, book: Book, cases: Cases, alarms: AlarmSet, statement: Statement, ledger: Ledger, entropy: Entropy
    ) -> None:
        self._book = book
        self._cases = cases
        self._alarms = alarms
        self._statement = statement
        self._ledger = ledger
        self._entropy = entropy

    def alarm(self, turn: Turn, user: str, ask: AskAlarm) -> Done:
        """Sound."""
        if strange := self._strange(ask.hamlets):
            return strange
        pattern = ask.pattern or self._book.pattern_for(ask.kind, drill=ask.drill)
        wrong, note = self._pattern_fault(pattern, ask)
        if wrong:
            return Done(False, wrong)
        id_ = uuid7(turn.wall_ms, self._entropy.draw(10))
        row = Incident(
            id=id_,
            kind=ask.kind,
            hamlet=None,
            node=None,
            silent=False,
            drill=ask.drill,
            state="open",
            opened_at_ms=turn.wall_ms,
            pressed_at_ms=None,
            by=user,
            text=ask.text,
            hamlets=ask.hamlets,
        )
        alarm = Alarm(
            id=id_,
            kind=ask.kind,
            pattern=pattern,
            drill=ask.drill,
            silent=False,
            hamlets=ask.hamlets,
            since_ms=turn.wall_ms,
            life_s=ask.lease_s or self._book.alarm_s,
            by=user,
            text=ask.text,
        )
        if not self._statement.room_for(turn, alarm):
            return _no_room()
        self._alarms.start(turn, alarm)
        self._write(turn, "opened", user, row, alarm)
        return Done(True, note, id_)

    def widen(self, turn: Turn, user: str, ask: AskWiden) -> Done:
        """More hamlets sound for what is not over."""
        if strange := self._strange(ask.hamlets):
            return strange
        row = self._cases.all[self._meant(ask.target, self._cases.going)]
        if not incident.may(row, "widen"):
            return _over(row)
        if fault := _unfit(row, ask):
            return Done(False, fault, row.id)
        before = self._alarms.get(row.id)
        alarm = self._widened(turn, user, row, before, ask.hamlets)
        if not self._statement.room_for(turn, alarm):
            return _no_room()
        if before is None or before.silent:
            self._alarms.start(turn, alarm)
        else:
            self._alarms.reach(turn, row.id, ask.hamlets)
            alarm = self._alarms.insist(turn, row.id) or alarm
        body = {"hamlets": list(ask.hamlets), "again": before is None, "loud": row.silent}
        self._write(turn, "widened", user, incident.widened(row, ask.hamlets), alarm, body)
        known = before is not None and not before.silent and before.hamlets == alarm.hamlets
        why = said("Ở đó đang kêu rồi, nay kêu thêm một lượt", "it sounds there already, and now for longer")
        return Done(True, why if known else "", row.id)

    def comment(self, turn: Turn, user: str, ask: AskComment) -> Done:
        """Write it down; it changes nothing."""
        id_ = self._meant(ask.target, self._cases.going)
        self._ledger.note(Entry(what="commented", subject=id_, by=user, at_ms=turn.wall_ms, body={"note": ask.note}))
        return Done(True, "", id_)

    def clear(self, turn: Turn, user: str, ask: AskTarget) -> Done:
        """Silence. The set is stated again even if nothing sounded: somebody may have missed the last all-clear."""
        sounding = [alarm.id for alarm in self._alarms.all]
        ids = sounding if ask.target == ALL else [self._meant(ask.target, sounding)]
        ended = [row for id_ in ids if (row := self._alarms.end(turn, id_)) is not None]
        for row in ended:
            self._ledger.note(Entry(what="cleared", subject=row.id, by=user, at_ms=turn.wall_ms, alarm=row))
        self._alarms.changed = True
        quiet = said(
            "Không có gì đang kêu, xã đã nhắc lại lệnh tắt", "nothing was sounding; the all-clear was said again"
        )
        return Done(True, "" if ended else quiet, ALL if ask.target == ALL else ids[0])

    def acknowledge(self, turn: Turn, user: str, ask: AskTarget) -> Done:
        """Take."""
        rows, over = self._rows(ask, "acknowledge")
        for row in rows:
            self._write(turn, "acknowledged", user, incident.acknowledged(row, user, turn.wall_ms), None)
        return over or Done(True, "", _target(ask, rows))

    def close(self, turn: Turn, user: str, ask: AskTarget) -> Done:
        """End, with an outcome of the report's."""
        outcome = None if ask.outcome is None else outcome_of(ask.outcome)
        if outcome is None:
            return Done(False, said(f"Kết quả phải là: {', '.join(OUTCOMES)}", "outcome must be one of these"))
        mistake = outcome == MISTAKE
        rows, over = self._rows(ask, "mistake" if mistake else "close")
        for row in rows:
            ended = incident.closed(row, user, turn.wall_ms, outcome, ask.note, mistake=mistake)
            self._write(turn, "closed", user, ended, self._alarms.end(turn, row.id))
        return over or Done(True, "", _target(ask, rows))

    def _rows(self, ask: AskTarget, action: incident.Action) -> tuple[list[Incident], Done | None]:
        """The incidents in question, or why there are none."""
        if ask.target == ALL:
            rows = [row for row in self._cases.going.values() if incident.may(row, action)]
            why = said("Không có sự vụ nào đang mở", "no incident is open")
            return rows, None if rows else Done(False, why)
        row = self._cases.all[self._meant(ask.target, self._cases.going)]
        if incident.may(row, action):
            return [row], None
        return [], _over(row)

    def _widened(self, turn: Turn, user: str, row: Incident, before: Alarm | None, hamlets: tuple[str, ...]) -> Alarm:
        """What it will sound as."""
        if before is not None and not before.silent:
            return structs.replace(before, hamlets=incident.together(before.hamlets, hamlets))
        return Alarm(
            id=row.id,
            kind=row.kind,
            pattern=self._book.pattern_for(row.kind, drill=row.drill),
            drill=row.drill,
            silent=False,
            hamlets=hamlets,
            since_ms=turn.wall_ms,
            life_s=self._book.alarm_s,
            by=user,
            text=row.text,
        )

    def _strange(self, hamlets: tuple[str, ...]) -> Done | None:
        strange = self._book.strange(hamlets)
        if not strange:
            return None
        names = ", ".join(strange[:5])
        return Done(False, said(f"Không có thôn {names} trong bộ quy ước", "no such hamlet in the code book"))

    def _meant(self, target: str, likely: Collection[str]) -> str:
        """An incident, also by the id of an alert that joined it. Unclear."""
        row = self._cases.find(target)
        return meant(target, likely, self._cases.all) if row is None else row.id

    def _pattern_fault(self, name: str, ask: AskAlarm) -> tuple[str, str]:
        """Why it may not be played, and what else to know."""
        score = self._book.score(name)
        if score is None:
            return "", said(f"Không có bản kẻng {name}, kẻng sẽ tự chọn", f"no pattern {name}; gongs play their own")
        fit = {"drill"} if ask.drill else {"alarm", "test"} if ask.kind == "test" else {"alarm"}
        if score.use in fit:
            return "", ""
        vi = f"Bản kẻng {name} là {score.use}, không dùng được ở đây ({', '.join(sorted(fit))})"
        return said(vi, f"pattern {name} is for {score.use}"), ""

    def _write(
        self,
        turn: Turn,
        what: What,
        user: str,
        row: Incident,
        alarm: Alarm | None,
        body: dict[str, object] | None = None,
    ) -> None:
        self._cases.put(row)
        entry = Entry(
            what=what, subject=row.id, by=user, at_ms=turn.wall_ms, body=body or {}, incident=row, alarm=alarm
        )
        self._ledger.note(entry)


def _unfit(row: Incident, ask: AskWiden) -> str:
    """Why it may not sound elsewhere; empty if it may."""
    if row.silent and not ask.loud:
        return said(
            "Đây là báo ngầm, chỉ kêu ở trụ sở; nếu thật sự muốn đánh kẻng thì phải ghi rõ là kêu thành tiếng (loud)",
            "a silent alert sounds at the post alone; say loud to sound it",
        )
    if row.cancelled:
        return said(
            "Người bấm đã rút lại, kẻng sẽ không đánh lại vụ này; hãy báo động mới: keng alarm",
            "it was taken back, and gongs sound it no more; use keng alarm",
        )
    return ""


def _over(row: Incident) -> Done:
    why = said(f"Vụ này đã được {row.closed_by} đóng", f"the incident was ended by {row.closed_by}")
    return Done(False, why, row.id)


def _no_room() -> Done:
    return Done(False, said("Quá nhiều báo động cùng lúc, hãy tắt bớt", "too many alarms at once; clear some"))


def _target(ask: AskTarget, rows: list[Incident]) -> str:
    return ALL if ask.target == ALL else rows[0].id
