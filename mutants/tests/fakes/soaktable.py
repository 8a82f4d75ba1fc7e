"""What soaks came to, kept beside the tests that ran: a table for people, and the same as JSON.

    note(Path(__file__).with_name("soak"), "# Power cuts: …", "register", cuts=5_000, lost=0)

One row for each name; a row stays until its test has run again, so that each soak may be run by itself. What must hold:
a run that was made shorter than a soak is never noted (the caller's care).
"""

from __future__ import annotations

import json
from pathlib import Path

Figure = int | float | str


def note(where: Path, head: str, name: str, **figures: Figure) -> None:
    """Put this row into `where`.json and `where`.md; names of figures are shown with blanks in place of `_`."""
    kept = where.with_suffix(".json")
    rows: dict[str, dict[str, Figure]] = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    rows[name] = figures
    kept.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", "utf-8")
    where.with_suffix(".md").write_text(as_table(head, rows), "utf-8")


def as_table(head: str, rows: dict[str, dict[str, Figure]]) -> str:
    """Markdown, with a last row that adds up what can be added."""
    columns = list(dict.fromkeys(column for figures in rows.values() for column in figures))
    totals = {one: _total([figures.get(one, 0) for figures in rows.values()]) for one in columns}
    lines = [head, "", _row("", [one.replace("_", " ") for one in columns]), _row("---", ["---"] * len(columns), "")]
    lines += [_row(name, [_shown(figures.get(one, "")) for one in columns]) for name, figures in rows.items()]
    return "\n".join([*lines, _row("**all**", [_shown(totals[one]) for one in columns])]) + "\n"


def _row(name: str, cells: list[str], blank: str = " ") -> str:
    return f"|{blank}" + f"{blank}|{blank}".join([name, *cells]) + f"{blank}|"


def _total(values: list[Figure]) -> Figure:
    return "" if any(isinstance(value, str) for value in values) else sum(v for v in values if not isinstance(v, str))


def _shown(value: Figure) -> str:
    return value if isinstance(value, str) else f"{value:,}"
