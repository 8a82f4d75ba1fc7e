"""The long street: a year of thirty hamlets, then as many seeds of two nights as time allows; a table of figures.

    python -m tests.street.soak                         both: some 10 minutes, and 20 more
    python -m tests.street.soak --nights 10 --minutes 1 shorter
    python -m tests.street.soak --nights 0 --seeds 2000 so many seeds, however long; the year's last figures stay
    python -m tests.street.soak --out /tmp/soak         where to: soak.md and soak.json

Ctrl-C while seeds are played keeps those that were. Exit code 1 if a promise was broken; then the shortest script that
shows it is printed and kept in the table.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from multiprocessing import Pool
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from fakes.townscript import Broken
from street.nights import SEEDS, survives
from street.plan import plan, play
from street.year import HAMLETS, NIGHTS, year

FIRST_SEED = SEEDS
"""Those before it are in the default suite."""
MOST_BROKEN = 5
"""Scripts that are looked for: each takes a minute."""
TOLD_EVERY_S = 10
EACH_TIME = 5
"""Seeds of each job between two looks at the clock."""
OUT = Path(__file__).parent / "soak"
BAR = 40


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nights", type=int, default=NIGHTS, help="of the year; 0: none")
    parser.add_argument("--minutes", type=float, default=20, help="for seeds")
    parser.add_argument("--seeds", type=int, default=0, help="so many, in place of minutes")
    parser.add_argument("--jobs", type=int, default=1, help="of seeds at a time")
    parser.add_argument("--first", type=int, default=FIRST_SEED, help="the first seed")
    parser.add_argument("--seed", type=int, default=1, help="of the year")
    parser.add_argument("--out", type=Path, default=OUT, help="without its ending")
    options = parser.parse_args()
    kept = options.out.with_suffix(".json")
    found: dict[str, Any] = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    if options.nights:
        found["year"] = a_year(options.nights, options.seed)
    if options.seeds or options.minutes:
        found["seeds"] = seeds(options.first, options.minutes, options.seeds, options.jobs)
    kept.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
    table = as_table(found)
    options.out.with_suffix(".md").write_text(table, "utf-8")
    print(table)
    broken = found.get("year", {}).get("promises broken") or found.get("seeds", {}).get("broken")
    return 1 if broken else 0


def a_year(nights: int, seed: int) -> dict[str, Any]:
    """The year, with its progress."""
    began_s = told_s = time.monotonic()

    def told(done: int, _: object) -> None:
        nonlocal told_s
        if time.monotonic() - told_s > TOLD_EVERY_S or done == nights:
            told_s = time.monotonic()
            left_s = (told_s - began_s) / done * (nights - done)
            say(f"night {done} of {nights}, {left_s / 60:.1f} min left")

    figures, events = year(nights, seed, told)
    took_s = time.monotonic() - began_s
    head = {"nights": nights, "hamlets": HAMLETS, "seed": seed}
    return head | figures | {"events": events, "events/s": round(events / took_s), "took, s": round(took_s)}


def seeds(first: int, minutes: float, count: int = 0, jobs: int = 1) -> dict[str, Any]:
    """`count` of them; 0: as many as there is time for."""
    began_s = told_s = time.monotonic()
    seed, events, broken = first, 0, {}
    try:
        with Pool(jobs, signal.signal, (signal.SIGINT, signal.SIG_IGN)) as pool:
            while seed - first < count if count else time.monotonic() - began_s < minutes * 60:
                some = range(seed, min(seed + EACH_TIME * jobs, first + count) if count else seed + EACH_TIME * jobs)
                for number, done, promise in pool.imap(one, some):
                    events += done
                    if promise:
                        broken[str(number)] = script_of(number, promise) if len(broken) < MOST_BROKEN else promise
                        say(f"seed {number}: {broken[str(number)]}")
                seed = some.stop
                if time.monotonic() - told_s > TOLD_EVERY_S:
                    told_s = time.monotonic()
                    passed = (told_s - began_s) / 60
                    left = passed / (seed - first) * (count - seed + first) if count else minutes - passed
                    say(f"{seed - first} seeds, {len(broken)} broken, {left:.1f} min left")
    except KeyboardInterrupt:
        say("interrupted: what was played until now is kept")
    took_s = time.monotonic() - began_s
    return {
        "first": first,
        "seeds": seed - first,
        "nights": 2 * (seed - first),
        "broken": broken,
        "events": events,
        "events/s": round(events / took_s),
        "took, s": round(took_s),
    }


def one(seed: int) -> tuple[int, int, str]:
    """A seed, its events, and the promise that it breaks, if it does."""
    try:
        return seed, play(plan(seed)).town.agenda.done, ""
    except Broken as fault:
        return seed, 0, fault.promise


def script_of(seed: int, promise: str) -> str:
    """The shortest script."""
    try:
        survives(plan(seed))
    except AssertionError as error:
        return str(error)
    return f"{promise} (once, and then not)"


def as_table(found: dict[str, Any]) -> str:
    """Markdown."""
    lines = [
        "# The street: what a long run came to",
        "",
        "Written by `python -m tests.street.soak` (`make soak`). Virtual time: latencies are those of the model's",
        "links (1 to 6 ms each way in fair weather, up to 1.5 s in a storm) and of the protocol, not of a processor.",
        "Most presses have a fault aimed at them: the upper percentiles are how long a cable or a machine was away.",
    ]
    for part, title in (("year", "A year"), ("seeds", "Two nights, seed by seed")):
        if part in found:
            lines += ["", f"## {title}", "", "| figure | value |", "|---|---|"]
            lines += [row for name, value in found[part].items() for row in rows(name, value)]
            lines += [
                line
                for name, value in found[part].items()
                if isinstance(value, dict) and "histogram" in value
                for line in histogram(name, value)
            ]
            lines += scripts(found[part].get("broken"))
    return "\n".join(lines) + "\n"


def rows(name: str, value: Any) -> list[str]:
    """Of the table."""
    if isinstance(value, dict) and "n" in value:
        said = ", ".join(f"{key} {one:,}" for key, one in value.items() if key != "histogram")
        return [f"| {name} | {said} |"]
    if isinstance(value, dict):
        said = str(len(value)) if name == "broken" else ", ".join(f"{key}: {one}" for key, one in value.items())
        return [f"| {name} | {said or 0} |"]
    return [f"| {name} | {value:,} |"]


def histogram(name: str, value: dict[str, Any]) -> list[str]:
    """Of a latency, in text."""
    counts = value["histogram"]
    most = max(counts.values())
    bars = [
        f"≤ {limit if int(limit) < 10**9 else '∞':>6} {count:6} {'█' * -(-BAR * count // most)}"
        for limit, count in counts.items()
        if count
    ]
    return ["", f"{name}:", "", "```", *bars, "```"]


def scripts(broken: dict[str, str] | None) -> list[str]:
    """What broke a promise."""
    return [line for seed, said in (broken or {}).items() for line in ("", f"Seed {seed}:", "", "```", said, "```")]


def say(line: str) -> None:
    """Progress, for a person."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
