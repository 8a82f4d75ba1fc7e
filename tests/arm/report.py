"""What the last `make arm` came to: arm.json for the README's table, arm.md for people. Pure but for writing them.

A row for each Debian, processor and step; a room's rows stay until it has run again: one may be run by itself.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from arm.steps import CANNOT, LEFT_OUT

HEAD = """\
# The node on a Raspberry Pi's own processor

Written by `make arm`: Debian for that processor in a folder, run by qemu-user as the oldest Pi that has it (arm64: Pi 3
and Zero 2 W; armhf: Pi 2), without a network. On a bare one the bundle is installed for good, twice, and the doctor
looks. Then Debian's own Mosquitto, libasound and compiler are laid over it, and the program that the bundle installed
runs the house's tests. Seconds are an emulation's: they tell how long to wait, and nothing of a Pi.
"""


def note(where: Path, rows: dict[str, dict[str, Any]], about: str) -> None:
    """Put these rows in, and write both files anew; a row is named "Debian processor room/step"."""
    kept = where.with_suffix(".json")
    known: dict[str, Any] = json.loads(kept.read_text("utf-8")) if kept.exists() else {"rows": {}}
    ran = {name.rpartition("/")[0] for name in rows}
    old = {name: row for name, row in known["rows"].items() if name.rpartition("/")[0] not in ran}
    all_rows = dict(sorted((old | rows).items(), key=lambda one: one[0].rpartition("/")[0]))
    kept.write_text(json.dumps({"about": about, "rows": all_rows}, indent=1, ensure_ascii=False) + "\n", "utf-8")
    where.with_suffix(".md").write_text(as_page(all_rows, about), "utf-8")


def as_page(rows: dict[str, dict[str, Any]], about: str) -> str:
    """The whole page."""
    lines = [HEAD, about, "", "| where | step | result | s | of a processor, s |", "|---|---|---|---|---|"]
    for name, row in rows.items():
        where, _, step = name.rpartition("/")
        lines.append(f"| {where} | {step} | {row['result']} | {row['took_s']:,} | {_seconds(row)} |")
    skipped = sorted({(reason, row["step"]) for row in rows.values() for reason in row.get("skipped", ())})
    lines += ["", "## What cannot run there", "", "| what | why |", "|---|---|"]
    lines += [f"| {what} | {why} |" for what, why in CANNOT]
    if LEFT_OUT:
        lines += ["", "Tests that are left out:", "", "| test | why |", "|---|---|"]
        lines += [f"| `{test}` | {why} |" for test, why in LEFT_OUT.items()]
    if skipped:
        lines += ["", "Skipped by themselves, with their own sentences:", ""]
        lines += [f"- {reason}" for reason in dict.fromkeys(reason for reason, _ in skipped)]
    failed = [(name, test) for name, row in rows.items() for test in row.get("failed", ())]
    if failed:
        lines += ["", "## What failed", "", *(f"- {name.rpartition('/')[0]}: `{test}`" for name, test in failed)]
    return "\n".join(lines) + "\n"


def _seconds(row: dict[str, Any]) -> str:
    """Of a processor; a row from before it was counted has none."""
    return f"{row['cpu_s']:,}" if row.get("cpu_s") is not None else "–"


def summed(rows: dict[str, dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    """For the README: a line for each Debian and processor: installed, doctor, tests passed, what failed."""
    lines = []
    for where in dict.fromkeys(name.rpartition("/")[0] for name in rows):
        mine = {name.rpartition("/")[2]: row for name, row in rows.items() if name.startswith(f"{where}/")}
        tests = [row for row in mine.values() if "passed" in row]
        passed, failed = sum(row["passed"] for row in tests), sum(len(row["failed"]) for row in tests)
        skipped = sum(sum(row["skipped"].values()) for row in tests)
        words = f"{passed:,} passed, {failed} failed, {skipped} skipped" if tests else "–"
        lines.append((where, *(mine[one]["result"] if one in mine else "–" for one in ("install", "doctor")), words))
    return lines
