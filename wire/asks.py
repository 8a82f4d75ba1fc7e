"""What others ask, and what they are told: a program or an officer asks, only the commune orders.

`incidents`, `status` and `codebook` are additions to the first contract: without them a client with the right
credentials could act, but neither look nor teach.
"""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from wire.release import Release
from wire.words import (
    LINE_PATTERN,
    HamletNames,
    Instant,
    Kind,
    LeaseS,
    PatternName,
    Prose,
    Slug,
    Text,
    Token,
    Word,
    check_hamlets,
    check_tree,
)

AskId = Token
MAX_DETAILS = 16  # what was changed of an account, before and after
DEED_PATTERN = r"^[a-z][a-z0-9_]{0,39}$(?!\n)"
Deed = Annotated[str, Meta(pattern=DEED_PATTERN)]


class AskAlarm(Struct, frozen=True, kw_only=True):
    """Please sound."""

    id: AskId
    """The asker's own; repeated, it is answered again, not done again."""
    kind: Kind
    """What it is about."""
    hamlets: HamletNames
    """Where: ["all"] or hamlet ids."""
    pattern: PatternName | None = None
    """What to play; none: the code book's choice for the kind, `drill` for a drill."""
    drill: bool = False
    """An exercise."""
    lease_s: LeaseS | None = None
    """Seconds it may sound; none: the code book's `alarm_s`."""
    text: Text | None = None
    """A line for a person."""
    behalf: Slug | None = None
    """The officer for whom a console asks, by login name; nobody else may say it."""

    def __post_init__(self) -> None:
        check_hamlets(self.hamlets)


class AskTarget(Struct, frozen=True, kw_only=True):
    """Please clear, acknowledge or close."""

    id: AskId
    """The asker's own."""
    target: Token
    """An incident's or alarm's id, or "all"."""
    outcome: Word | None = None
    """How it ended, in the words of the half-year report; closing needs it."""
    note: Prose | None = None
    """What the officer writes down."""
    behalf: Slug | None = None
    """The officer for whom a console asks, by login name; nobody else may say it."""


class AskWiden(Struct, frozen=True, kw_only=True):
    """Please let more hamlets sound for an incident that is not over."""

    id: AskId
    """The asker's own."""
    target: Token
    """An incident's id."""
    hamlets: HamletNames
    """Where else: ["all"] or hamlet ids. If it sounds no more, here alone it starts again."""
    loud: bool = False
    """A silent alert is to sound aloud: without this it never does."""
    behalf: Slug | None = None
    """The officer for whom a console asks, by login name; nobody else may say it."""

    def __post_init__(self) -> None:
        check_hamlets(self.hamlets)


class AskComment(Struct, frozen=True, kw_only=True):
    """Please write this down about an incident, also when it is over."""

    id: AskId
    """The asker's own."""
    target: Token
    """An incident's id."""
    note: Annotated[Prose, Meta(min_length=1)]
    """What the officer writes down."""
    behalf: Slug | None = None
    """The officer for whom a console asks, by login name; nobody else may say it."""


class AskMute(Struct, frozen=True, kw_only=True):
    """Please raise nobody by a node's troubles for a while; they are written down and shown all the same."""

    id: AskId
    """The asker's own."""
    node: Slug
    """Whose."""
    kind: Word | None = None
    """Which trouble; none: every one of its."""
    until: Instant
    """By the commune's clock; at most thirty days from now."""
    why: Annotated[Text, Meta(min_length=1)]
    """The reason, for whoever sees it muted."""
    behalf: Slug | None = None
    """The officer for whom a console asks, by login name; nobody else may say it."""


class AskUnmute(Struct, frozen=True, kw_only=True):
    """Please raise people by a node's troubles again."""

    id: AskId
    """The asker's own."""
    node: Slug
    """Whose."""
    kind: Word | None = None
    """Which one; none: all that are muted."""
    behalf: Slug | None = None
    """The officer for whom a console asks, by login name; nobody else may say it."""


class AskRetire(Struct, frozen=True, kw_only=True):
    """Please dismiss a node for good. The console alone may ask, once an officer has shown again who they are."""

    id: AskId
    """The asker's own."""
    node: Slug
    """Whose password and key shall be worth nothing."""
    why: Annotated[Text, Meta(min_length=1)]
    """The reason, for whoever asks why it is gone."""
    behalf: Slug
    """The officer, by login name: nobody is dismissed in nobody's name."""


class AskAudit(Struct, frozen=True, kw_only=True):
    """Please write down what was done at the console itself: who came in, whose account changed, what was taken out."""

    id: AskId
    """The asker's own."""
    what: Deed
    """The deed, as a word of the console's: login, login_refused, account_changed, export…"""
    about: Annotated[Word, Meta(min_length=1)]
    """Whom or what it concerns: an account, a draft, a report."""
    detail: Annotated[dict[Deed, Text], Meta(max_length=MAX_DETAILS)] = {}
    """What else there is to say."""
    behalf: Slug | None = None
    """The officer for whom a console asks, by login name; nobody else may say it."""


class AskUpdate(Struct, frozen=True, kw_only=True):
    """Please offer the nodes a release of the program, one node first; or stop offering."""

    id: AskId
    """The asker's own."""
    release: Release | None = None
    """Which, already laid out for them; none: stop."""
    first: Slug | None = None
    """The node that tries it before all others; none: the commune's choice."""
    behalf: Slug | None = None
    """The officer for whom a console asks, by login name; nobody else may say it."""


class AskChime(Struct, frozen=True, kw_only=True):
    """Please chime, now."""

    id: AskId
    """The asker's own."""
    pattern: PatternName
    """A chime of the code book by name, or a pattern."""
    hamlets: HamletNames | None = None
    """Where; none: where the code book's chime sounds, else everywhere."""
    behalf: Slug | None = None
    """The officer for whom a console asks, by login name; nobody else may say it."""

    def __post_init__(self) -> None:
        if self.hamlets is not None:
            check_hamlets(self.hamlets)


class AskPage(Struct, frozen=True, kw_only=True):
    """Please tell: incidents, status. An addition to the first contract, so that every client can ask."""

    id: AskId
    """The asker's own."""
    page: Annotated[int, Meta(ge=0, le=100_000)] = 0
    """Which page of a long answer; each fits one message."""
    open_only: bool = False
    """Incidents that are not closed."""
    before: Token | None = None
    """Only incidents opened before this one: an id, or its beginning or end."""


class AskCodeBook(Struct, frozen=True, kw_only=True):
    """Please take this code book. The room `patterns` reads what is inside."""

    id: AskId
    """The asker's own."""
    codebook: dict[str, Any]
    """The fields of the file."""
    behalf: Slug | None = None
    """The officer for whom a console asks, by login name; nobody else may say it."""

    def __post_init__(self) -> None:
        check_tree(self.codebook)


class Told(Struct, frozen=True, kw_only=True):
    """What became of an ask."""

    id: Annotated[str, Meta(max_length=64, pattern=LINE_PATTERN)]
    """The ask's; empty if it bore none that could be read, or if nobody asked: an officer is told of a silent alert."""
    ok: bool
    """Whether it was done."""
    why: Prose = ""
    """If not: why, and what to do; Vietnamese first."""
    target: Token | None = None
    """The incident or alarm that it made or changed."""
    result: Any = None
    """What was asked for: a page of incidents, a status."""

    def __post_init__(self) -> None:
        check_tree(self.result)
