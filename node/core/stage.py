"""What sounds now, and what became of it.

Rule 1. The stage is a level: at every step the highest cause that somebody vouches for sounds; the rest is silent.
Rule 2. A pre-empted alarm comes back when it is the highest again; a pre-empted chime does not.
Rule 3. Every cause ends in one proof, once its last sound has ended and, where there is a microphone, was heard; but
one that nobody else may know of in none.
Rule 4. What its lease has ended does not begin again for what a lease is rounded up by: a gong that falls silent and
sounds once more for a second says something that nobody meant.
The one danger: a speaker or an ear that never reports. A proof is then given without it, after REPORT_WITHIN_MS.
"""

from __future__ import annotations

from node.core.cause import Cause, Priority, Proof, Voucher
from node.core.effects import Effect, Silence, Sound
from node.core.items import Began, Finished, Heard
from wire.words import EndedHow

RETRY_MS = 1_000  # a sound that failed is tried again: the speaker itself retries its device four times a second
SHORTEST_MS = 100  # a sounding shorter than one stroke is as good as failed: core and speaker must not chase each other
REPORT_WITHIN_MS = 1_500  # the bar: a sounding is proved within 2 s of its end
MAX_CAUSES = 128  # a set has at most 64 entries; the rest are presses and neighbours
ROUNDED_MS = 2_000  # leases are whole seconds, rounded up; an alert's way, and a clock proved over a slow link, add one
MAX_LAPSED = 128  # as many as may sound
UNTOLD = ("down", "box")  # a post's own set may name silent alerts; the box's own words are for those in front of it
STATED = ("all", "down")  # the commune's own word
ONCE = (Priority.WORDS, Priority.TEST, Priority.CHIME)  # played once; what takes over from them is not waited out


class Stage:
    """Causes in, Sound and Silence and proofs out."""

    def __init__(self, run: str, *, listens: bool = False) -> None:
        """`run` makes the refs of this program's run unique; `listens`: each Finished is followed by a Heard."""
        self._run = run
        self._listens = listens
        self._sounds = 0
        self._causes: dict[str, Cause] = {}
        self._playing: str | None = None
        self._refs: dict[str, Cause] = {}
        self._unheard: dict[str, Cause] = {}
        self._over: list[Cause] = []
        self._proofs: list[Proof] = []
        self._played_once: list[str] = []
        self._lapsed: dict[str, int] = {}

    def get(self, id: str) -> Cause | None:  # noqa: A002 - the contract's word
        """The cause with this id, while it lasts."""
        return self._causes.get(id)

    def vouched_by(self, voucher: Voucher) -> list[str]:
        """Ids of the causes that `voucher` has vouched for and not withdrawn."""
        return [cause.id for cause in self._causes.values() if voucher in cause.until_ms]

    def from_origin(self, node: str, priority: Priority) -> int:
        """How many causes of that priority `node` keeps up."""
        return sum(1 for cause in self._causes.values() if cause.origin == node and cause.priority is priority)

    def sounding(self, now_ms: int, *, public: bool = False) -> str | None:
        """Id of what sounds now; a chime that waits for its moment does not. `public`: of what others may know of."""
        cause = None if self._playing is None else self._refs[self._playing]
        if cause is None or (cause.due_ms or 0) > now_ms or (public and not cause.public):
            return None
        return cause.id

    @property
    def quiet(self) -> bool:
        """Whether nothing sounds, or waits to."""
        return not self._causes

    @property
    def playing(self) -> str | None:
        """Ref of the sound that the speaker has been given last and has not ended."""
        return self._playing

    @property
    def busy(self) -> bool:
        """Whether anything sounds, is to sound, or is not proved yet."""
        return bool(self._causes or self._over or self._unheard or self._proofs) or self._playing is not None

    @property
    def deadline_ms(self) -> int | None:
        """When it must be looked at again."""
        times = [time for cause in self._causes.values() for time in (cause.ends_ms, cause.retry_ms) if time]
        return min([*times, *(cause.prove_by_ms for cause in self._over)], default=None)

    def vouch(self, new: Cause, voucher: Voucher, until_ms: int) -> None:
        """`voucher` says that it shall sound until then. What kind of cause it is was settled by whoever came first.

        The commune may state it anew as another thing, but nothing lower than what others vouch for as well.
        """
        known = self._causes.get(new.id)
        if known is not None and voucher in STATED and _is_other(known, new, voucher):
            self._end(known, "pre_empted", new.began_ms, "stated anew")
            self._played_once = [id_ for id_ in self._played_once if id_ != new.id]
            new.until_ms, new.count, new.origin = dict(known.until_ms), known.count, known.origin
            new.public = known.public
        self._lapsed.pop(new.id, None)
        cause = self._causes.setdefault(new.id, new)
        cause.until_ms[voucher] = until_ms
        cause.public = cause.public or voucher not in UNTOLD
        while len(self._causes) > MAX_CAUSES:
            self._end(min(self._causes.values(), key=Cause.rank), "pre_empted", new.began_ms, "too many at once")

    def spent(self, id: str, until_ms: int) -> bool:  # noqa: A002 - the contract's word
        """Whether its lease has ended it here, and to sound until then is no more than that lease, rounded up."""
        ended_ms = self._lapsed.get(id)
        return ended_ms is not None and until_ms < ended_ms + ROUNDED_MS

    def withdraw(self, id: str, voucher: Voucher, now_ms: int) -> bool:  # noqa: A002 - the contract's word
        """`voucher` vouches no longer. Whether the cause ended by it: that is an all-clear."""
        cause = self._causes.get(id)
        if cause is None or cause.until_ms.pop(voucher, None) is None:
            return False
        # The commune knew of it and says that it is over: no press and no neighbour vouches against that.
        if {"all", "down"} & cause.until_ms.keys() or (voucher == "peer" and cause.until_ms):
            return False
        self._end(cause, "all_clear", now_ms)
        return True

    def clear(self, id: str, now_ms: int) -> bool:  # noqa: A002 - the contract's word
        """It is over, whoever vouches. Whether it was there."""
        cause = self._causes.get(id)
        if cause is not None:
            self._end(cause, "all_clear", now_ms)
        return cause is not None

    def began(self, item: Began) -> None:
        """The speaker sounds."""
        cause = self._refs.get(item.ref)
        if cause is not None and cause.first_ms is None:
            cause.first_ms = item.at_ms
            cause.late_ms = max(0, item.late_ms, 0 if cause.due_ms is None else item.at_ms - cause.due_ms)

    def finished(self, now_ms: int, item: Finished) -> None:
        """The speaker has ended a sound."""
        cause = self._refs.pop(item.ref, None)
        if cause is None:
            return
        cause.duration_ms += max(0, item.duration_ms)
        cause.strokes += max(0, item.strokes)
        cause.failure = item.why or cause.failure
        if self._listens and item.strokes > 0:
            self._unheard[item.ref] = cause
        if item.ref == self._playing:
            self._playing = None
            if cause.ended is None and cause.priority in ONCE:
                self._end(cause, "finished" if item.how == "finished" else "failed", now_ms)
            elif item.how != "finished" or item.duration_ms < SHORTEST_MS:
                cause.retry_ms = now_ms + RETRY_MS
        self._prove_if_told(cause)

    def heard(self, item: Heard) -> None:
        """The microphone has heard a sound that ended."""
        cause = self._unheard.pop(item.ref, None)
        if cause is None:
            return
        if item.strokes is not None:
            cause.heard = (cause.heard or 0) + item.strokes
        cause.level_db = item.level_db if item.level_db is not None else cause.level_db
        self._prove_if_told(cause)

    def plan(self, now_ms: int) -> list[Effect]:
        """End what nobody vouches for, then let the highest sound."""
        for cause in [cause for cause in self._causes.values() if cause.ends_ms <= now_ms]:
            self._lapsed[cause.id] = cause.ends_ms
            self._end(cause, "lease_over", now_ms)
        while len(self._lapsed) > MAX_LAPSED:
            del self._lapsed[next(iter(self._lapsed))]
        for cause in self._causes.values():
            cause.retry_ms = cause.retry_ms if cause.retry_ms > now_ms else 0
        highest = max(self._causes.values(), key=Cause.rank, default=None)
        if highest is not None:
            for cause in [cause for cause in self._causes.values() if cause.priority in ONCE and cause is not highest]:
                self._end(cause, "pre_empted", now_ms, highest.id)
        for cause in [cause for cause in self._over if cause.prove_by_ms <= now_ms]:
            self._over.remove(cause)
            self._prove(cause)
        # While the highest waits to be tried again there is silence: nothing lower may be taken for it.
        return self._play(None if highest is None or highest.retry_ms else highest, now_ms)

    def proofs(self) -> list[Proof]:
        """Proofs since the last call, in the order in which the causes ended."""
        proofs, self._proofs = self._proofs, []
        return proofs

    def played_once(self) -> list[str]:
        """Ids of tests that ended since the last call: a set that goes on stating them must not play them again."""
        ids, self._played_once = self._played_once, []
        return ids

    def _play(self, wanted: Cause | None, now_ms: int) -> list[Effect]:
        old = self._playing
        if wanted is None:
            self._playing = None
            return [] if old is None else [Silence(old)]
        if old is not None and self._refs[old] is wanted:
            return []
        self._sounds += 1
        self._playing = f"{self._run}.{self._sounds}"
        self._refs[self._playing] = wanted
        at_ms = wanted.due_ms if wanted.due_ms is not None and wanted.due_ms > now_ms else None
        return [Sound(self._playing, wanted.pattern, wanted.priority >= Priority.ALARM, at_ms)]

    def _end(self, cause: Cause, how: EndedHow, now_ms: int, why: str = "") -> None:
        del self._causes[cause.id]
        cause.ended = how
        cause.failure = why or cause.failure
        cause.prove_by_ms = now_ms + REPORT_WITHIN_MS
        if cause.priority is Priority.TEST and "/" not in cause.id:  # not a box's own first stroke: nobody states that
            self._played_once.append(cause.id)
        self._over.append(cause)
        self._prove_if_told(cause)

    def _prove_if_told(self, cause: Cause) -> None:
        """Nothing more will be told of a cause that is over."""
        if cause in self._over and cause not in self._refs.values() and cause not in self._unheard.values():
            self._over.remove(cause)
            self._prove(cause)

    def _prove(self, cause: Cause) -> None:
        for ref in [ref for ref, other in self._refs.items() if other is cause and ref != self._playing]:
            del self._refs[ref]
        for ref in [ref for ref, other in self._unheard.items() if other is cause]:
            del self._unheard[ref]
        if not cause.public:
            return
        self._proofs.append(
            Proof(
                cause.id,
                cause.pattern,
                cause.first_ms,
                cause.late_ms,
                cause.duration_ms,
                cause.strokes,
                cause.ended or "failed",
                cause.failure,
                cause.heard,
                cause.level_db,
            )
        )


def _is_other(known: Cause, new: Cause, voucher: Voucher) -> bool:
    if new.priority < known.priority and known.until_ms.keys() - {voucher}:
        return False
    return (known.pattern, known.priority) != (new.pattern, new.priority)
