"""How much of the pure cores their tests hold fast: each function is changed in every way that mutmut knows.

    python tests/mutation/score.py                        both cores, and tests/MUTATION.md anew
    python tests/mutation/score.py node.core.al broker    modules whose names start so; their page goes to the terminal
    python tests/mutation/score.py node.core.al tests/node/core/test_alerts.py    … judged by these tests alone
    python tests/mutation/score.py --write node.core.al                           … and their part of the page anew
    python tests/mutation/score.py --write wire.hosts tests/wire/test_hosts.py    a module elsewhere, with its tests

mutmut makes the mutants; judge.py judges them, all in one process that forks, a hundredth of a second each. Not
mutated are decorated functions (properties) and what stands outside functions (constants, tables): tests/mutants.py
breaks those.
Each row of the page names the commit that its module was measured on: the whole takes hours, what was touched minutes.
Why a survivor is harmless stands in reasons.yaml by a key that is made of the change itself, so that no reason outlives
the code it speaks of. Exit code 1 below LEAST_PERCENT, or where a survivor has no reason.
"""

from __future__ import annotations

import ast
import difflib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
TREE = ROOT / ".mutants"  # a folder `mutants` would be taken for the module tests/mutants.py
PAGE = ROOT / "tests" / "MUTATION.md"
REASONS = Path(__file__).parent / "reasons.yaml"
CORES = ("node/core", "broker/core")
TESTS = ("tests/node/core", "tests/broker/core", "tests/joined/test_promises.py", "tests/joined/test_found.py")
LEAST_PERCENT = 90.0
BUDGET_S = 4.0  # of tests for one mutant: hours would find little more
THEIRS = "from mutmut.mutation.trampoline import"
OURS = "from mutantswitch import"
OLDER = ", older text"
NOBODY = "**Nobody has said yet why these are harmless.**"
HEAD = """\
# What the tests of the cores hold fast

`make mutate` writes this page: every function of the pure cores, changed in every way that mutmut knows, one change at
a time, judged by the cores' own tests; below the table, each change that no test noticed and why it is harmless
([reasons.yaml](mutation/reasons.yaml)).

The whole takes hours, so each row says when its module was last measured, and of which text (`git hash-object`);
`make mutate ARGS="--write node.core.alerts"` measures one anew. **Older text** says that the module has changed since.
Tests that came afterwards are in no row. `earlier`: 2026-11-25, before rows said of which text; the
module is as it was.

| module | mutants | killed | alive | score | measured |
|---|---:|---:|---:|---:|---|
"""


@dataclass(frozen=True, slots=True)
class Change:
    """What a mutant does."""

    function: str
    """Where, as people write it."""
    was: str
    """The lines that went."""
    now: str
    """The lines that came."""

    @property
    def key(self) -> str:
        """Says the change, wherever in the file it stands."""
        said = "\0".join((self.was, self.now))
        return f"{self.function} {hashlib.sha256(said.encode()).hexdigest()[:8]}"


def made(only: tuple[str, ...]) -> dict[str, list[str]]:
    """A copy of the house with the mutants of these modules in it; their names, by module."""
    from mutmut.mutation.file_mutation import mutate_file_contents

    shutil.rmtree(TREE, ignore_errors=True)
    for name in ("wire", "patterns", "node", "broker", "tests", "deploy"):
        shutil.copytree(ROOT / name, TREE / name, ignore=shutil.ignore_patterns("__pycache__", ".hypothesis"))
    shutil.copy(ROOT / "pyproject.toml", TREE)
    mutants: dict[str, list[str]] = {}
    cores = [path for core in CORES for path in sorted((TREE / core).glob("*.py"))]
    beside = [TREE / f"{name.replace('.', '/')}.py" for name in only]
    for path in [*cores, *(path for path in beside if path.exists() and path not in cores)]:
        module = ".".join(path.relative_to(TREE).with_suffix("").parts)
        if not only or module.startswith(only):
            mutated = mutate_file_contents(str(path.relative_to(TREE)), path.read_text("utf-8"))
            if mutated.mutant_names:
                assert THEIRS in mutated.code
                path.write_text(mutated.code.replace(THEIRS, OURS), "utf-8")
                mutants[module] = list(mutated.mutant_names)
    return mutants


def judged(mutants: dict[str, list[str]], tests: tuple[str, ...]) -> dict[str, str]:
    """What became of each, by these tests; by all that concern their cores, if none are named."""
    told = TREE / "told.json"
    asked = {"mutants": mutants, "budget_s": BUDGET_S, "told": str(told)}
    environment = {
        **os.environ, "KENG_EXAMPLES": "mutate", "KENG_MUTANTS": json.dumps(asked), "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": os.pathsep.join([str(TREE), str(TREE / "tests" / "mutation")]),
    }  # fmt: skip
    plugins = ["-p", "judge", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:faulthandler"]
    command = [sys.executable, "-m", "pytest", *plugins, "-q", "-s", "--no-header", "--timeout=0", "--tb=no"]
    # A mutant of one core is no matter for the other's tests.
    cores = {"/".join(module.split(".")[:2]) for module in mutants}
    concerned = [test for test in TESTS if "joined" in test or any(f"{core}/" in f"{test}/" for core in cores)]
    subprocess.run([*command, *(tests or concerned)], cwd=TREE, env=environment, check=True)
    return dict(json.loads(told.read_text("utf-8")))


def changes(module: str, mutants: list[str]) -> dict[str, Change]:
    """What each of a module's mutants does."""
    text = (TREE / (module.replace(".", "/") + ".py")).read_text("utf-8")
    lines = text.splitlines()
    bodies = {one.name: one for one in ast.walk(ast.parse(text)) if isinstance(one, ast.FunctionDef)}
    found = {}
    for mutant in mutants:
        name = mutant.rpartition("__mutmut_")[0]
        before, after = (
            [line.strip().replace(one.name, name, 1) for line in lines[one.lineno - 1 : one.end_lineno]]
            for one in (bodies[f"{name}__mutmut_orig"], bodies[mutant])
        )
        told = [*difflib.unified_diff(before, after, lineterm="", n=0)][2:]
        was, now = (" ".join(line[1:] for line in told if line.startswith(sign)) for sign in "-+")
        shown = name.removeprefix("xǁ").replace("ǁ", ".") if "ǁ" in name else name.removeprefix("x_")
        found[mutant] = Change(shown, was, now)
    return found


def reasons() -> dict[tuple[str, str], str]:
    """(module, key) → why it is harmless."""
    told = yaml.safe_load(REASONS.read_text("utf-8")) or {}
    return {
        (module, key): why
        for module, groups in told.items()
        for group in groups
        for why, keys in group.items()
        for key in keys
    }


@dataclass(frozen=True, slots=True)
class Row:
    """What is said of a module."""

    count: int
    dead: int
    measured: str
    """The day, and the module's text."""
    listed: str = ""
    """Its survivors."""

    def line(self, name: str) -> str:
        """Of the table."""
        percent = f"{100 * self.dead / max(1, self.count):.1f} %"
        return f"| {name} | {self.count} | {self.dead} | {self.count - self.dead} | {percent} | {self.measured} |"


def measured(mutants: dict[str, list[str]], told: dict[str, str]) -> tuple[dict[str, Row], int]:
    """A row each, by path; and how many survivors nobody has given a reason for."""
    known, today = reasons(), datetime.now(UTC).date()
    rows, unknown = {}, 0
    for module, ours in mutants.items():
        alive = [mutant for mutant in ours if told[f"{module}.{mutant}"] not in ("killed", "timeout")]
        by_why: dict[str, dict[str, Change]] = {}
        for change in changes(module, alive).values():
            by_why.setdefault(known.get((module, change.key), ""), {})[change.key] = change
        unknown += len(by_why.get("", {}))
        listed = ""
        for why, some in by_why.items():
            listed += f"\n{why or NOBODY}\n\n{''.join(shown(change) for change in some.values())}"
        path = module.replace(".", "/") + ".py"
        rows[path] = Row(len(ours), len(ours) - len(alive), f"{today} {text_of(path)}", listed)
    return rows, unknown


def text_of(path: str) -> str:
    """As git names a file's text."""
    text = (ROOT / path).read_bytes()
    return hashlib.sha1(b"blob %d\0%b" % (len(text), text), usedforsecurity=False).hexdigest()[:8]


def kept() -> dict[str, Row]:
    """What the page says of modules that are still there."""
    text = PAGE.read_text("utf-8")
    listed = dict(re.findall(r"^## (\S+)\n(.*?)(?=\n## |\Z)", text, re.MULTILINE | re.DOTALL))
    found = re.findall(r"^\| \[(.*?)\]\S* \| (\d+) \| (\d+) \|.*\| (.*?) \|$", text, re.MULTILINE)
    rows = {}
    for path, count, dead, measured in found:
        if (ROOT / path).exists():
            when = measured.removesuffix(OLDER)
            when += "" if when in ("earlier", f"{when[:11]}{text_of(path)}") else OLDER
            rows[path] = Row(int(count), int(dead), when, listed.get(path, ""))
    return rows


def core_files() -> list[str]:
    """Those in which anything is done."""
    found = [path for core in CORES for path in sorted((ROOT / core).glob("*.py"))]
    return [
        str(path.relative_to(ROOT)) for path in found if re.search(r"^(?: {4})?def ", path.read_text("utf-8"), re.M)
    ]


def page(rows: dict[str, Row]) -> tuple[str, float]:
    """The page, and the score in percent."""
    count, dead = (sum(getattr(row, what) for row in rows.values()) for what in ("count", "dead"))
    ordered = sorted(rows.items(), key=lambda row: (row[0].split("/")[0] != "node", row[0]))
    lines = [row.line(f"[{path}](../{path})") for path, row in ordered]
    parts = [f"\n## {path}\n{row.listed}" for path, row in ordered if row.listed]
    table = "\n".join([*lines, Row(count, dead, "").line("**together**")])
    missing = [path for path in core_files() if path not in rows] if len(rows) > len(CORES) else []
    parts.insert(0, f"\nNot measured yet: {', '.join(missing)}.\n" if missing else "")
    return f"{HEAD}{table}\n{''.join(parts)}", 100 * dead / max(1, count)


def shown(change: Change) -> str:
    """An entry of the list."""
    return f"- `{change.key}`\n  ```diff\n  - {change.was}\n  + {change.now}\n  ```\n"


def main(words: tuple[str, ...]) -> int:
    """As the module's head says."""
    tests = tuple(word for word in words if word.startswith("tests/"))
    only = tuple(word for word in words if word not in (*tests, "--write"))
    mutants = made(only)
    rows, unknown = measured(mutants, judged(mutants, tests))
    text, percent = page(rows)
    print(text if only else text.partition("\n## ")[0])
    if not words or "--write" in words:
        PAGE.write_text(page({**kept(), **rows} if only else rows)[0], "utf-8")
    return int(percent < LEAST_PERCENT or unknown > 0)


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:])))
