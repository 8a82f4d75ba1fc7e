"""How long each step of a boot took, kept beside the tests that boot: tests/boots/boots.json, and .md for people."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

Rows = dict[str, dict[str, float | list[float]]]
"""By step and Debian: seconds and load."""
WHERE = Path(__file__).parents[1] / "boots/boots"
HEAD = """# Real boots: seconds for each step

Written by `make boots`. Two shared x86-64 cores that do other work as well; packages from a local cache,
except where a first run must fetch them. Debian 12 is bookworm, 13 trixie. In brackets: this machine's load as the step
ended (two is busy), where it was noted.
"""


def note(step: str, release: str, seconds: float) -> None:
    """One figure; the others stay until their step has run again."""
    with (WHERE.parent / "conftest.py").open() as held:  # two releases may boot at once
        fcntl.flock(held, fcntl.LOCK_EX)
        _note(WHERE.with_suffix(".json"), step, release, seconds)


def _note(kept: Path, step: str, release: str, seconds: float) -> None:
    rows: Rows = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    rows.setdefault(step, {})[release] = [round(seconds, 1), round(os.getloadavg()[0])]
    kept.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", "utf-8")
    WHERE.with_suffix(".md").write_text(HEAD + "\n" + as_table(rows) + "\n", "utf-8")


@contextmanager
def timed(step: str, release: str) -> Iterator[None]:
    """What is done meanwhile is one figure, if it succeeds."""
    began_s = time.monotonic()
    yield
    note(step, release, time.monotonic() - began_s)


def as_table(rows: Rows) -> str:
    """Steps down, Debians across."""
    names = sorted({name for row in rows.values() for name in row})
    lines = [f"| step | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
    lines += [f"| {step} | {' | '.join(shown(row.get(name)) for name in names)} |" for step, row in rows.items()]
    return "\n".join(lines)


def shown(figure: float | list[float] | None) -> str:
    """One cell."""
    if isinstance(figure, list):
        return f"{figure[0]:,.1f} ({figure[1]:.0f})"
    return "" if figure is None else f"{figure:,.1f}"
