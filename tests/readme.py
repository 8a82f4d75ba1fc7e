"""Draws what the README shows of the code: lives from their tables, priorities. `make readme` writes them anew.

python tests/readme.py           fills README.md between its <!-- drawn: NAME --> marks
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
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

    words = {"ALARM": "real alarm", "DRILL": "drill", "CHIME": "chime", "TEST": "test"}
    return "    " + " > ".join(words[one.name] for one in sorted(Priority, reverse=True))


DRAWN: dict[str, Callable[[], str]] = {"incident": incident, "alert": alert, "priorities": priorities}


def filled(text: str) -> str:
    """The README with everything drawn anew. KeyError for a mark that nothing draws."""
    return MARK.sub(lambda found: f"{found[1]}{DRAWN[found[2]]()}\n{found[3]}", text)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    README.write_text(filled(README.read_text("utf-8")), "utf-8")
