"""Runs a core again over what happened, and says where it would do something else now.

    python -m node.replay trace.jsonl [--quiet]          also: make replay FILE=trace.jsonl

Prints what happened as a person would tell it, and ends with 0 (the same effects at every step), 1 (the first
difference, both sides), or 2 (nothing to compare: the start of the run is gone, or this is no trace).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from node.core.effects import Effect, KeepCodeBook, Nudge, Permit, Publish, Show, Silence, Sound, Write
from node.core.items import Contacts, Item, Machine, PatternsReady, SystemClock, Tick
from node.core.node import Node
from node.errors import TraceFault
from node.trace import Line, Started, Step, older, read_trace
from wire.envelope import Arrived

SHOWN_BYTES = 120
"""Of a payload, in the timeline."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the core would do something else now."""

    line: int
    """Of the trace."""
    step: Step
    """As it was."""
    now: tuple[Effect, ...]
    """What the core asks for now."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of it."""

    runs: int
    """Starts of the program in the trace."""
    steps: int
    """Steps compared."""
    skipped: int
    """Steps before the first start that is still in the trace."""
    difference: Difference | None
    """The first."""


def replay(lines: Iterator[tuple[int, Line]]) -> Replayed:
    """Step a new core through each run. Raises TraceFault."""
    core: Node | None = None
    runs = steps = skipped = 0
    for number, line in lines:
        if isinstance(line, Started):
            core = Node(line.setup, line.at_ms)
            runs += 1
        elif core is None:
            skipped += 1
        else:
            steps += 1
            now = tuple(core.step(line.at_ms, line.item))
            if now != line.effects:
                return Replayed(runs, steps, skipped, Difference(number, line, now))
    return Replayed(runs, steps, skipped, None)


def lines_of(path: Path) -> Iterator[tuple[int, Line]]:
    """A trace and, before it, its older half if there is one. Raises TraceFault."""
    if older(path).exists():
        yield from read_trace(older(path))
    yield from read_trace(path)


def timeline(lines: Iterator[tuple[int, Line]]) -> Iterator[str]:
    """What happened, in words: seconds since the start of each run; what comes all the time only when it changes."""
    began_ms = 0
    closed: tuple[str, ...] = ("",)
    for _, line in lines:
        if isinstance(line, Started):
            began_ms = line.at_ms
            yield f"── {line.setup.node} ({line.setup.hamlet}), run {line.setup.run}, version {line.setup.version}"
            continue
        item = line.item
        changed = not isinstance(item, Contacts) or item.closed != closed
        if isinstance(item, Contacts):
            closed = item.closed
        told = _item(item) if changed else None
        effects = [_effect(effect) for effect in line.effects]
        if told is not None or effects:
            at = f"{(line.at_ms - began_ms) / 1000:10.3f} s  "
            yield at + (told or type(item).__name__)
            yield from (" " * 14 + "→ " + effect for effect in effects)


def _item(item: Item) -> str | None:
    match item:
        case Tick() | SystemClock() | Machine():
            return None
        case Contacts():
            return f"contacts closed: {', '.join(item.closed) or 'none'}"
        case PatternsReady():
            return f"{len(item.names)} patterns ready"
        case Arrived():
            kept = " (retained)" if item.retained else ""
            return f"arrived {item.topic}{kept} {_short(item.payload)}"
        case _:
            return f"{item}"


def _effect(effect: Effect) -> str:
    match effect:
        case Sound():
            due = "" if effect.at_ms is None else f" at {effect.at_ms} ms"
            return f"SOUND {effect.pattern}{due} ({effect.ref})"
        case Silence():
            return f"SILENCE ({effect.ref})"
        case Write():
            return f"write {effect.record}"
        case Publish():
            return f"publish {effect.topic} {_short(effect.payload)}"
        case Show():
            return f"lamps: alert {effect.alert}, link {effect.link}"
        case KeepCodeBook():
            return "keep the code book"
        case Nudge():
            return "nudge the link"
        case Permit():
            return f"permit {effect.release}"


def _short(payload: bytes) -> str:
    text = payload.decode("utf-8", "replace")
    return text if len(text) <= SHOWN_BYTES else text[:SHOWN_BYTES] + "…"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m node.replay", description="Chạy lại dấu vết của hộp kẻng. / Replay a node's trace."
    )
    parser.add_argument("trace", type=Path, metavar="FILE")
    parser.add_argument("--quiet", action="store_true", help="không in diễn biến / no timeline")
    args = parser.parse_args(arguments)
    try:
        if not args.quiet:
            for line in timeline(lines_of(args.trace)):
                sys.stdout.write(line + "\n")
        replayed = replay(lines_of(args.trace))
    except TraceFault as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    return _verdict(replayed)


def _verdict(replayed: Replayed) -> int:
    out = sys.stdout.write
    if replayed.difference is not None:
        difference = replayed.difference
        then, now = (msgspec.json.encode(side).decode() for side in (difference.step.effects, difference.now))
        out(f"Khác ở dòng {difference.line}. / Differs at line {difference.line}: {difference.step.item}\n")
        out(f"  then: {then}\n  now:  {now}\n")
        return 1
    if not replayed.steps:
        out("Không có gì để so: phần đầu của dấu vết không còn. / Nothing to compare: the start of the run is gone.\n")
        return 2
    out(
        f"Giống hệt: {replayed.steps} bước trong {replayed.runs} lần chạy. / "
        f"The same: {replayed.steps} steps in {replayed.runs} runs, {replayed.skipped} before the first start.\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
