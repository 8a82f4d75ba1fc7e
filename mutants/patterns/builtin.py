"""The patterns that come with the project: data/*.yaml, by name (`alarm`) or by commune and name (`cong-lac/alarm`).

What must always hold: every one parses, strikes at 0 ms, and its use is what its name says; a test reads them all.
Does not know: which of them a commune has chosen (codebook.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from patterns.errors import ScoreError
from patterns.fields import Faults
from patterns.score import Score, read_score
from patterns.yamlfile import read_yaml

DATA = Path(__file__).parent / "data"
"""Where the built-in patterns, sample code books and voices are."""
ALARM = "alarm"
"""Sounds when nothing better is known."""
DRILL = "drill"
"""Sounds for every drill: never a real alarm's pattern."""
TEST = "test"
"""One stroke."""
ALL_CLEAR = "all-clear"
"""It is over."""


@cache
def builtins() -> Mapping[str, Score]:
    """Every built-in pattern by its name, the general ones first. Raises ScoreError if the installation is damaged."""
    found: dict[str, Score] = {}
    paths = sorted(DATA.glob("*.yaml"), key=lambda path: (path.stem != "common", path.stem))
    for path in paths:
        faults = Faults(read_yaml(path))
        parts = faults.top.record({"commune", "source", "patterns"}, {"patterns"})
        commune = parts["commune"].slug() if "commune" in parts else None
        members = parts["patterns"].members() if "patterns" in parts else {}
        for key, member in members.items():
            name = key if commune is None else f"{commune}/{key}"
            score = read_score(member, name)
            if score is not None:
                found[name] = score
        faults.raise_all(ScoreError)
    return MappingProxyType(found)
