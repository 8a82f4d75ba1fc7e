"""A broker on virtual time: what a Mosquitto configured as ours does. Pure; its chances come from the town's dice.

What is modelled, each a fact that architecture.md has measured, or that the protocol says:
1. A PUBACK is no promise: `accept` says it before anything is forwarded, and a crash in between loses what was
   acknowledged (`puback_then_crash`; `lost` counts). Nothing is on a disk.
2. No queue outlives a session: what is said to the absent is gone, and the publisher is told "Success" all the same.
3. Of more than MAX_INFLIGHT + MAX_QUEUED publications for one slow client the newest is dropped without a word.
4. A restart forgets retained messages; it says no wills.
5. A will is said at once when a program dies (its kernel resets the connection), BROKER_SEES_MS after a machine does
   or a cable.
6. A client id is one session: a newcomer takes it over, the will of the old one is said, and it is told so.
7. noLocal: nobody hears itself.
Not modelled: access lists and sizes (a stranger may say anything anywhere, which is worse), expiry (nothing of ours has
any), QoS 2. tests/street/test_model.py holds the model to these; tests on a real Mosquitto hold that to the facts.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from fakes.townlink import Link
from fakes.towntime import Agenda

from wire.envelope import Publication


class Broker:
    """One Mosquitto."""

    def __init__(self, agenda: Agenda, rng: random.Random) -> None:
        self.agenda = agenda
        self.rng = rng
        self.up = True
        self.retained: dict[str, Publication] = {}
        self.taps: list[Callable[[str, Publication], None]] = []
        """Who hears everything that is published, with the name of who said it: officers, witnesses."""
        self.acknowledged = 0
        """PUBACKs said."""
        self.lost = 0
        """Publications that were acknowledged and that nobody will ever hear."""
        self._doomed_word: str | None = None
        self._sessions: dict[str, Link] = {}
        self._routes: dict[str, list[Link]] = {}

    def puback_then_crash(self, word: str) -> None:
        """The next publication on a topic that ends with `word` is acknowledged, and dies with the broker."""
        self._doomed_word = word

    def crash(self) -> None:
        """kill -9: connections and everything kept are gone, wills are not said."""
        self.up = False
        self.retained.clear()
        for link in list(self._sessions.values()):
            self.forget(link)
            link.reset()

    def start(self) -> None:
        """It listens again; everybody comes back by their own back-off."""
        self.up, self._doomed_word = True, None

    def enter(self, link: Link) -> None:
        """A new session, in place of an older one of the same client id."""
        old = self._sessions.get(link.name)
        if old is not None:
            self.lose(old, old.generation)
            if old is not link:
                old.taken_over()
        self._sessions[link.name] = link
        self._routes.clear()
        for topic, kept in self.retained.items():
            if any(matches(one, topic) for one in link.filters):
                link.down(kept, retained=True)

    def lose(self, link: Link, generation: int) -> None:
        """A session ends without a word: its will is said."""
        if self._sessions.get(link.name) is not link or link.generation != generation:
            return
        self.forget(link)
        if link.last_will is not None:
            self.publish(link.name, link.last_will)

    def forget(self, link: Link) -> None:
        """A session ends."""
        if self._sessions.get(link.name) is link:
            del self._sessions[link.name]
            self._routes.clear()

    def holds(self, link: Link) -> bool:
        """Whether it has a session."""
        return self._sessions.get(link.name) is link

    def accept(self, who: str, said: Publication) -> None:
        """A client's PUBLISH: PUBACK first, then the rest."""
        if not self.up:
            return
        self.acknowledged += 1
        if self._doomed_word is not None and said.topic.endswith(f"/{self._doomed_word}"):
            self._doomed_word = None
            self.lost += 1
            self.crash()
            return
        self.publish(who, said)

    def publish(self, who: str, said: Publication) -> None:
        """To everybody who listens; `who` does not hear itself."""
        if not self.up:
            return
        if said.retain:
            if said.payload:
                self.retained[said.topic] = said
            else:
                self.retained.pop(said.topic, None)
        for tap in self.taps:
            tap(who, said)
        routes = self._routes.get(said.topic)
        if routes is None:
            routes = [link for link in self._sessions.values() if any(matches(one, said.topic) for one in link.filters)]
            self._routes[said.topic] = routes
        # wire/link.py: retain as published, but for a status, which is then known to be kept or live.
        retained = said.retain and not said.topic.endswith("/status")
        for link in routes:
            if link.name != who:
                link.down(said, retained=retained)


def matches(pattern: str, topic: str) -> bool:
    """Whether an MQTT filter fits a topic."""
    if "+" not in pattern and "#" not in pattern:
        return pattern == topic
    wanted, have = pattern.split("/"), topic.split("/")
    for number, part in enumerate(wanted):
        if part == "#":
            return True
        if number >= len(have) or part not in ("+", have[number]):
            return False
    return len(wanted) == len(have)
