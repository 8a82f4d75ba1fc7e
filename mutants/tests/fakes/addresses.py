"""Every address of the console, as Django's resolver knows it: pattern, name, and who may ask."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from fakes.communerun import ROOT

SCRIPT = """
import json, sys
from pathlib import Path
from broker.console.run import prepare
prepare(Path(sys.argv[1]))
from django.urls import get_resolver
def walk(patterns, before=""):
    for one in patterns:
        here = before + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from walk(one.url_patterns, here)
        else:
            view = one.callback
            yield [one.name or here, here, getattr(view, "right", None), not getattr(view, "login_required", True)]
print(json.dumps(list(walk(get_resolver().url_patterns))))
"""
HOLES = {"int": ("1", "0", "99999999999999999999"), "uuid": ("0193a1de-0000-7000-8000-000000000001",)}
OTHERS = ("an", "khong-co", "x" * 300, "a.b", "2026-13-45", "thon-1")


@dataclass(frozen=True)
class Address:
    """One."""

    name: str
    pattern: str
    right: str | None
    """What `needs` asks for."""
    open: bool
    """To whoever has not signed in."""

    @property
    def whole(self) -> bool:
        """Without a hole."""
        return "<" not in self.pattern

    def filled(self, dice: random.Random) -> str:
        """With something in its holes."""

        def fill(found: re.Match[str]) -> str:
            return dice.choice(HOLES.get(found[1] or "str", OTHERS))

        return "/" + re.sub(r"<(?:(\w+):)?\w+>", fill, self.pattern.lstrip("^").rstrip("$"))


def addresses_of(settings: Path) -> list[Address]:
    """All of them; a console.yaml is needed to ask."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(settings)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [Address(*one) for one in json.loads(done.stdout)]
