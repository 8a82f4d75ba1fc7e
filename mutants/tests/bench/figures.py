"""What a bench says: one line a figure, median and p99, against a peer of the same run and the goal."""

from __future__ import annotations

import json
import statistics
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One measured thing."""

    name: str
    """What was measured."""
    unit: str
    """ms, MB, %, /s."""
    median: float
    """Of all samples."""
    p99: float
    """Of all samples."""
    samples: int
    """How many."""
    peer: str = ""
    """What it is held against, in the same run."""
    peer_median: float | None = None
    """The peer's."""
    peer_p99: float | None = None
    """The peer's."""
    goal: str = ""
    """What we set ourselves, in words."""
    met: bool | None = None
    """Whether it is; none where there is no goal."""


def summary(samples: list[float]) -> tuple[float, float]:
    """Median and 99th percentile (nearest rank)."""
    ordered = sorted(samples)
    rank = max(0, -(-99 * len(ordered) // 100) - 1)
    return statistics.median(ordered), ordered[rank]


def figure(name: str, unit: str, samples: list[float], **more: object) -> Figure:
    """A figure from samples."""
    median, p99 = summary(samples)
    return Figure(name, unit, round(median, 2), round(p99, 2), len(samples), **more)  # type: ignore[arg-type] # by name


def table(figures: list[Figure]) -> str:
    """Markdown, for the README."""
    head = "| what | unit | n | median | p99 | peer | its median | its p99 | goal | |\n" + "|---" * 10 + "|"
    rows = [
        f"| {one.name} | {one.unit} | {one.samples} | {one.median:g} | {one.p99:g} | {one.peer or '–'} "
        f"| {_or_dash(one.peer_median)} | {_or_dash(one.peer_p99)} | {one.goal or '–'} | {_mark(one.met)} |"
        for one in figures
    ]
    return "\n".join([head, *rows])


def save(figures: list[Figure], path: Path) -> None:
    """The same for programs."""
    path.write_text(json.dumps([asdict(one) for one in figures], ensure_ascii=False, indent=1))


def _or_dash(number: float | None) -> str:
    return "–" if number is None else f"{number:g}"


def _mark(met: bool | None) -> str:
    return "" if met is None else "met" if met else "**missed**"
