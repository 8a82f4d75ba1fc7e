"""Draws what the documents show of the code: lives from their tables, priorities; and what the last soaks came to.

`make readme` writes them anew.

python tests/readme.py           fills DOCUMENTS between their <!-- drawn: NAME --> marks
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
DOCUMENTS = ("README.md", "DESIGN.md", "FIGURES.md", "deploy/BOX.md")
MARK = re.compile(r"(<!-- drawn: ([a-z-]+) -->\n).*?(<!-- end -->)", re.S)


def incident() -> str:
    """The incident's life, from broker.core.incident.LIFE."""
    from broker.core.incident import ENDED, LIFE

    return _states("open", sorted(ENDED), [(a, b, action) for (a, action), b in LIFE.items() if a != b])


def alert() -> str:
    """An alert's life on its node, from node.core.alerts.LIFE."""
    from node.core.alerts import LIFE

    return _states("sending", ["closed"], [(a, b, answer) for (a, answer), b in LIFE.items()])


def _states(first: str, last: list[str], edges: list[tuple[str, str, str]]) -> str:
    joined: dict[tuple[str, str], list[str]] = {}
    for a, b, word in edges:
        joined.setdefault((a, b), []).append(word)
    lines = [f"    [*] --> {first}"]
    lines += [f"    {a} --> {b}: {', '.join(words)}" for (a, b), words in joined.items()]
    lines += [f"    {state} --> [*]" for state in last]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])


def priorities() -> str:
    """Who takes over from whom, from node.core.cause.Priority."""
    from node.core.cause import Priority

    words = {"ALARM": "real alarm", "DRILL": "drill", "CHIME": "chime", "TEST": "test", "WORDS": "the box's own words"}
    return "    " + " > ".join(words[one.name] for one in sorted(Priority, reverse=True))


def blinks() -> str:
    """What the link lamp counts out, from wire.blinks."""
    from wire.blinks import BLINKS

    heads = ("số / number", "chớp / flashes", "hộp nói / the box says aloud", "means", "việc cần làm / what to do")
    rows = [heads, ("---",) * 5]
    rows += [(str(one.code), one.flashes, one.vi, one.en, f"{one.do_vi} / {one.do_en}") for one in BLINKS]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def soaks() -> str:
    """What the last long runs came to, from what they wrote beside their tests."""
    street, cuts, forged = (_kept(where) for where in ("street", "cuts", "attacker"))
    year, seeds = street["year"], street["seeds"]
    alarms = f"alerts lost {year['alerts lost']}, doubled {year['alerts doubled']}; stale alarms {year['stale alarms']}"
    chimes = f"chimes missed {year['chimes missed']}, doubled {year['chimes doubled']}"
    rows = [
        ("what ran", "how much", "what broke", "figures"),
        ("---", "---", "---", "---"),
        (
            f"a year of {year['hamlets']} hamlets, virtual time",
            f"{year['nights']:,} nights, {year['alerts pressed']:,} alerts, {year['chimes due']:,} chimes due",
            f"{alarms}; {chimes}", _link("street"),
        ),
        ("seeds of two nights", f"{seeds['seeds']:,}", f"{len(seeds['broken'])}", _link("street")),
        ("power cuts: register, journal, keys", f"{_sum(cuts, 'cuts'):,}", f"lost {_sum(cuts, 'lost')}", _link("cuts")),
        (
            "forgeries of genuine messages", f"{_sum(forged, 'forgeries'):,}",
            f"{_sum(forged, 'broken')} of {_sum(forged, 'evenings')} evenings", _link("attacker"),
        ),
    ]  # fmt: skip
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


BOOTS = (
    "first boot, until systemd has nothing more to start",
    "install-commune.sh, packages and all",
    "card: power on → the first stroke is heard",
    "node.sh, packages and all",
    "node.sh's end → the box is linked",
    "keng alarm → heard",
    "kill -9 of keng-node → ready again",
    "keng-node hangs → ready again",
    "mosquitto hangs → ready again",
    "both off and on again → the open alarm sounds",
)


def boots() -> str:
    """How long the steps of tests/boots took that a newcomer asks about."""
    from fakes.boottable import Rows, shown

    kept: Rows = json.loads((ROOT / "tests/boots/boots.json").read_text("utf-8"))
    rows = [("step", "Debian 12, s", "Debian 13, s"), ("---", "---", "---")]
    rows += [(step, *(shown(kept.get(step, {}).get(name)) for name in ("bookworm", "trixie"))) for step in BOOTS]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def arm() -> str:
    """What the last `make arm` came to, a line for each Debian and processor."""
    from arm.report import summed

    rows = [
        ("Debian, processor", "bundle installed", "doctor", "tests there"),
        ("---",) * 4,
        *summed(_kept("arm", "arm")["rows"]),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _kept(where: str, name: str = "soak") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "tests" / where / f"{name}.json").read_text("utf-8"))
    return found


def _link(where: str) -> str:
    return f"[tests/{where}/soak.md](tests/{where}/soak.md)"


def _sum(rows: dict[str, Any], figure: str) -> int:
    return sum(row[figure] for row in rows.values())


DRAWN: dict[str, Callable[[], str]] = {
    "incident": incident, "alert": alert, "priorities": priorities, "blinks": blinks, "soaks": soaks, "arm": arm,
    "boots": boots,
}  # fmt: skip


def filled(text: str) -> str:
    """A document with everything drawn anew. KeyError for a mark that nothing draws."""
    return MARK.sub(lambda found: f"{found[1]}{DRAWN[found[2]]()}\n{found[3]}", text)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    for document in DOCUMENTS:
        (ROOT / document).write_text(filled((ROOT / document).read_text("utf-8")), "utf-8")
