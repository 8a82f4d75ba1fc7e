"""Where asks come in: who may ask what, once for each id, written down, and told.

Rule 1. A repeated ask is answered again, not done again, over restarts too; another ask under a used id is refused.
Rule 2. What was done is told out of the register, like every promise; what was refused at the desk is told at once.
Rule 3. A watcher looks; an officer acts. However much somebody looks, they can act.
Rule 4. A console acts for the officer whom it names, who alone then stands in the rows; nobody else may name one, and
no officer's haste hinders another's acts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import blake2s
from typing import Any

import msgspec
from msgspec import structs

from broker.core.acts import Acts, Done
from broker.core.answers import Answers
from broker.core.errands import Errands
from broker.core.ledger import Ledger
from broker.core.looks import Looks
from broker.core.lookup import Unclear
from broker.core.mutes import Mutes
from broker.core.rate import Flooded, Rate
from broker.core.reasons import ask_refused
from broker.core.records import MAX_ASKS, AskRow, Entry
from broker.core.retiring import Retiring
from broker.core.rollout import Rollout
from broker.core.setup import CommuneSetup, Role
from broker.core.turn import Turn, printable, said
from wire.asks import (
    AskAlarm,
    AskAudit,
    AskChime,
    AskCodeBook,
    AskComment,
    AskMute,
    AskPage,
    AskRetire,
    AskTarget,
    AskUnmute,
    AskUpdate,
    AskWiden,
    Told,
)
from wire.codec import decode, encode
from wire.errors import Refused
from wire.topics import Topics
from wire.words import Token

ACTS_PER_MINUTE = 120  # of one user: a program that acts twice a second is broken
AUDITS_PER_MINUTE = (
    60  # of one kind of deed: a flood of failed logins keeps no other deed and no act from being written
)
AUDITS_IN_ALL = 240  # of one console in a minute, whatever they are called
CONSOLE_ACTS_PER_MINUTE = 600  # of one console: five officers in such a hurry, however many names it gives
LOOKS_PER_MINUTE = 600  # of one user: each page of a long answer is one, and a screen may ask every few seconds

DIGEST_BYTES = 16  # no user's asks meet by chance

_FORMS: dict[str, type[Any]] = {
    "alarm": AskAlarm,
    "widen": AskWiden,
    "clear": AskTarget,
    "acknowledge": AskTarget,
    "comment": AskComment,
    "close": AskTarget,
    "chime": AskChime,
    "mute": AskMute,
    "unmute": AskUnmute,
    "retire": AskRetire,
    "audit": AskAudit,
    "codebook": AskCodeBook,
    "update": AskUpdate,
    "incidents": AskPage,
    "status": AskPage,
}
AUDIT = "audit"
CONSOLE_ALONE = frozenset({AUDIT, "retire"})  # whoever has an officer's password on the wire has shown no PIN
LOOKING = frozenset({"incidents", "status"})


class _Head(msgspec.Struct):
    """What can be told even of an ask that is wrong."""

    id: Token


class Desk:
    """Takes asks."""

    def __init__(
        self,
        setup: CommuneSetup,
        topics: Topics,
        acts: Acts,
        errands: Errands,
        mutes: Mutes,
        retiring: Retiring,
        rollout: Rollout,
        looks: Looks,
        answers: Answers,
        ledger: Ledger,
        past: Iterable[AskRow],
    ) -> None:
        self._setup = setup
        self._topics = topics
        self._looks = looks
        self._answers = answers
        self._ledger = ledger
        self._asked = {(row.user, row.id): row for row in past}
        self._act_rate = Rate(ACTS_PER_MINUTE)
        self._console_rate = Rate(CONSOLE_ACTS_PER_MINUTE)
        self._look_rate = Rate(LOOKS_PER_MINUTE)
        self._audit_rate = Rate(AUDITS_PER_MINUTE)
        self._audits_rate = Rate(AUDITS_IN_ALL)
        self._acts: dict[str, Callable[[Turn, str, Any], Done]] = {
            "alarm": acts.alarm,
            "widen": acts.widen,
            "clear": acts.clear,
            "acknowledge": acts.acknowledge,
            "comment": acts.comment,
            "close": acts.close,
            "chime": errands.chime,
            "mute": mutes.mute,
            "unmute": mutes.unmute,
            "retire": retiring.ask,
            "audit": errands.audit,
            "codebook": errands.codebook,
            "update": rollout.ask,
        }

    def ask(self, turn: Turn, user: str, verb: str, payload: bytes) -> None:
        """Do it and tell. Refused and Flooded are told as well, then raised to be counted."""
        try:
            ask = decode(payload, _FORMS[verb])
            role = self._role(user, verb)
            officer = _officer(user, role, ask)
            self._count(turn, user, officer, verb, ask)
        except (Refused, Flooded) as error:
            self.refuse(turn, user, payload, error)
            raise
        if verb in LOOKING:
            look = self._looks.incidents if verb == "incidents" else self._looks.status
            try:
                told = Told(id=ask.id, ok=True, result=look(turn, ask, all_of_it=role != "watch"))
            except Unclear as unclear:
                told = Told(id=ask.id, ok=False, why=printable(str(unclear)))
            turn.tell(self._topics.told(user), told)
            return
        known = self._asked.get((user, ask.id))
        if known is not None:
            self._again(turn, known, verb, ask)
            return
        self._act(turn, user, officer, verb, ask)

    def _count(self, turn: Turn, user: str, officer: str, verb: str, ask: Any) -> None:
        if verb in LOOKING:
            if not self._look_rate.allows(turn.now_ms, user):
                raise Flooded(f"{user}: more than {LOOKS_PER_MINUTE} looks a minute")
            return
        if verb == AUDIT:
            of_a_kind = self._audit_rate.allows(turn.now_ms, f"{user} {ask.what}")
            if not of_a_kind or not self._audits_rate.allows(turn.now_ms, user):
                raise Flooded(f"{user}: more than {AUDITS_PER_MINUTE} deeds of a kind, or {AUDITS_IN_ALL}, a minute")
            return
        if not self._act_rate.allows(turn.now_ms, f"{user} {officer}"):
            raise Flooded(f"{officer}: more than {ACTS_PER_MINUTE} acts a minute")
        if not self._console_rate.allows(turn.now_ms, user):
            raise Flooded(f"{user}: more than {CONSOLE_ACTS_PER_MINUTE} acts a minute")

    def _again(self, turn: Turn, known: AskRow, verb: str, ask: Any) -> None:
        if verb == known.verb and known.digest in (None, _digest(ask)):
            self._answers.told_again(turn, known)
            return
        why = said("Mã lệnh này đã dùng cho lệnh khác, hãy gửi lại với mã mới", "this id was used for another ask")
        turn.tell(self._topics.told(known.user), Told(id=ask.id, ok=False, why=why))

    def _act(self, turn: Turn, user: str, officer: str, verb: str, ask: Any) -> None:
        try:
            done = self._acts[verb](turn, officer, ask)
        except Unclear as unclear:
            done = Done(False, printable(str(unclear)))
        row = AskRow(
            user=user,
            id=ask.id,
            verb=verb,
            ok=done.ok,
            why=done.why,
            target=done.target,
            at_ms=turn.wall_ms,
            digest=_digest(ask),
        )
        self._asked[user, ask.id] = row
        if len(self._asked) > MAX_ASKS:
            del self._asked[next(iter(self._asked))]
        self._ledger.note(Entry(what="asked", subject=done.target or ask.id, by=officer, at_ms=turn.wall_ms, ask=row))

    def _role(self, user: str, verb: str) -> Role:
        role = self._setup.role_of(user)
        if role is None or (role == "watch" and verb not in LOOKING) or (role != "console" and verb in CONSOLE_ALONE):
            raise Refused("role", f"{user} may not ask for {verb}")
        return role

    def refuse(self, turn: Turn, user: str, payload: bytes, error: Refused | Flooded) -> None:
        """Tell why an ask is not done, under its id if it has one."""
        try:
            id_ = decode(payload, _Head).id
        except Refused:
            id_ = ""
        reason, detail = (error.reason, error.detail) if isinstance(error, Refused) else ("flood", str(error))
        why = said(ask_refused(reason, detail), str(error))
        turn.tell(self._topics.told(user), Told(id=id_, ok=False, why=printable(why)))


def _officer(user: str, role: Role, ask: Any) -> str:
    """Who acts. Refused(behalf)."""
    behalf: str | None = getattr(ask, "behalf", None)
    if behalf is None:
        return user
    if role != "console":
        raise Refused("behalf", f"{user} is no console and may not ask for {behalf}")
    return behalf


def _digest(ask: Any) -> str:
    """The same for an ask for nobody else as before there was such a thing: it may have been asked before an update."""
    fields = {name: value for name, value in structs.asdict(ask).items() if (name, value) != ("behalf", None)}
    return blake2s(encode(fields), digest_size=DIGEST_BYTES).hexdigest()
