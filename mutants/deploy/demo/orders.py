"""What a person may type on the demo's screen, as plain values. Pure.

2 cháy 1,5 ngầm diễn-tập        press: hamlet, kind, seconds held, silent, drill, in any order after the hamlet
rút 2 | kẻng cháy [diễn-tập] | kẻng 1 3 cháy | tắt | nhận | đóng [kết quả] | giờ curfew
giết mosquitto | giết 3 | giết xã | chạy mosquitto …
(English: cancel, alarm, clear, take, close, chime, kill, start)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from broker.core.outcome import MISTAKE, outcome_of, plain
from broker.words import KINDS
from wire.words import Kind

DEFAULT_HOLD_S = 1.0
"""Above the 0.8 s that a button wants."""
MAX_HOLD_S = 60.0
"""Of the control socket."""


@dataclass(frozen=True, slots=True)
class Press:
    """A finger on a button."""

    place: int
    """Position of the hamlet, from 0."""
    kind: str = "security"
    """Which button."""
    hold_s: float = DEFAULT_HOLD_S
    """How long."""
    silent: bool = False
    """The silent one."""
    drill: bool = False
    """With the drill switch on."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """The cancel contact."""

    place: int
    """Position of the hamlet, from 0."""


@dataclass(frozen=True, slots=True)
class Sound:
    """An officer's alarm."""

    kind: str
    """What it is about."""
    places: tuple[int, ...]
    """Positions of hamlets; empty: everywhere."""
    drill: bool
    """An exercise."""


@dataclass(frozen=True, slots=True)
class Officer:
    """What an officer does to the latest incident, or to all alarms."""

    verb: str
    """clear, acknowledge, close, chime."""
    word: str = ""
    """Outcome or name of a chime."""


@dataclass(frozen=True, slots=True)
class Power:
    """Kill or start a process."""

    program: str
    """Its name among the children."""
    alive: bool
    """Whether it should live."""


@dataclass(frozen=True, slots=True)
class Misread:
    """Nothing of the above."""

    vi: str
    """Why."""
    en: str
    """Why."""


Order = Press | Cancel | Sound | Officer | Power | Misread

_VERBS: Mapping[str, str] = {
    "rut": "cancel", "cancel": "cancel", "keng": "alarm", "alarm": "alarm", "tat": "clear", "clear": "clear",
    "nhan": "acknowledge", "take": "acknowledge", "acknowledge": "acknowledge", "dong": "close", "close": "close",
    "gio": "chime", "chime": "chime", "giet": "kill", "kill": "kill", "chay": "start", "start": "start",
    "bam": "press", "press": "press",
}  # fmt: skip
_SILENT = {"ngam", "tham", "silent"}
_DRILL = {"dien-tap", "dientap", "drill"}
_BROKER = {"mosquitto", "mqtt", "broker"}
_SERVICE = {"xa", "keng-run", "service", "commune"}


def read_order(text: str, hamlets: Sequence[str], broker: str, service: str) -> Order:
    """What was typed. `hamlets`: ids by position; `broker`, `service`: names of those processes."""
    words = [word.replace(",", ".") for word in plain(text).replace("dien tap", "dien-tap").split()]
    if not words:
        return _misread("")
    verb = _VERBS.get(words[0])
    places = _places(words, hamlets)
    match verb:
        case None if _place(words[0], hamlets) is not None:
            return _press(words, hamlets)
        case "press" if len(words) > 1:
            return _press(words[1:], hamlets)
        case "cancel" if places:
            return Cancel(places[0])
        case "alarm":
            return Sound(_kind(words[1:]) or "security", tuple(places), bool(_DRILL & set(words)))
        case "clear" | "acknowledge":
            return Officer(verb)
        case "close":
            outcome = outcome_of(" ".join(text.split()[1:])) if len(words) > 1 else MISTAKE
            return _misread(text) if outcome is None else Officer("close", outcome)
        case "chime":
            return Officer("chime", words[1] if len(words) > 1 else "curfew")
        case "kill" | "start" if len(words) > 1:
            program = broker if words[1] in _BROKER else service if words[1] in _SERVICE else None
            program = program or (hamlets[places[0]] if places else None)
            return _misread(text) if program is None else Power(program, verb == "start")
        case _:
            return _misread(text)


def _press(words: Sequence[str], hamlets: Sequence[str]) -> Order:
    place = _place(words[0], hamlets)
    if place is None:
        return _misread(" ".join(words))
    kind, hold_s, rest = _kind(words[1:]) or "security", DEFAULT_HOLD_S, set(words[1:])
    for word in words[1:]:
        try:
            hold_s = float(word.removesuffix("s"))
        except ValueError:
            continue
    if not 0 <= hold_s <= MAX_HOLD_S:
        return _misread(" ".join(words))
    return Press(place, kind, hold_s, bool(_SILENT & rest), bool(_DRILL & rest))


def _kind(words: Sequence[str]) -> str | None:
    said = f" {' '.join(words)} "
    for kind in get_args(Kind):
        if f" {kind} " in said or f" {plain(KINDS[kind][0])} " in said:
            return str(kind)
    return None


def _places(words: Sequence[str], hamlets: Sequence[str]) -> list[int]:
    return [place for word in words[1:] if (place := _place(word, hamlets)) is not None]


def _place(word: str, hamlets: Sequence[str]) -> int | None:
    if word in hamlets:
        return list(hamlets).index(word)
    return int(word) - 1 if word.isascii() and word.isdigit() and 1 <= int(word) <= len(hamlets) else None


def _misread(text: str) -> Misread:
    return Misread(
        f"Không hiểu “{text}”. Ví dụ: 2 cháy 1,5 · rút 2 · kẻng cháy · tắt · nhận · đóng báo nhầm · giết mosquitto",
        f"“{text}” is not understood. For example: 2 fire 1.5 · cancel 2 · alarm fire · clear · take · kill mosquitto",
    )
