"""The pytest plugin that judges mutants: all tests run once on the originals, then some of them on each mutant.

    KENG_MUTANTS='{"modules": ["node.core.alerts"], "budget_s": 4.0, "told": "told.json"}' pytest -p judge …

Rule 1. Collected once; each mutant is judged in a fork of its own, so that none leaves anything behind.
Rule 2. A function's mutants are judged by the tests that called it: its module's own first, then the quickest, as many
as fit the budget. So the score is a lower bound. What killed one of its mutants is asked first of the next.
Rule 3. A mutant is dead if a test fails, or takes much longer than it should; what kills the process is a failure.
The one danger: a test that fails on the originals, or in a fork, would kill every mutant. Then nothing is judged.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import sys
import time
from collections import defaultdict
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from mutantswitch import Switch

ASKED = json.loads(os.environ["KENG_MUTANTS"])
MEMORY = 3 << 30  # a mutant that fills the memory is dead; the machine need not be
PATIENCE = 8  # times what a test took on the originals, in its own processor time; a slow machine slows both
LEAST_S = 1.0
NOT_TOLD = 255

Timed = tuple[float, pytest.Item]


def pytest_runtestloop(session: pytest.Session) -> bool:
    """In place of pytest's own."""
    import node

    assert Path(str(node.__file__)).is_relative_to(Path.cwd()), "these are not the mutants"
    reached = on_the_originals(session)
    gc.collect()
    gc.freeze()
    told: dict[str, str] = {}
    fitting: dict[str, list[Timed]] = {}
    for module, mutants in ASKED["mutants"].items():
        for mutant in mutants:
            function = f"{module}.{mutant.rpartition('__mutmut_')[0]}"
            if function not in fitting:
                fitting[function] = chosen(module, reached.get(function, []))
                if judged(module, "", fitting[function]) not in ("lives", "no test"):
                    pytest.exit(f"fails in a fork without any mutant: a test of {function}", 3)
            told[f"{module}.{mutant}"] = judged(module, mutant, fitting[function])
        dead = sum(told[f"{module}.{mutant}"] in ("killed", "timeout") for mutant in mutants)
        print(f"{module}: {dead} of {len(mutants)}", file=sys.stderr, flush=True)
        Path(ASKED["told"]).write_text(json.dumps(told), "utf-8")
    return True


def on_the_originals(session: pytest.Session) -> dict[str, list[Timed]]:
    """Which tests call which function, and the processor time of each."""
    reached: dict[str, list[Timed]] = defaultdict(list)
    for item in session.items:
        Switch.called = set()
        began_s = time.process_time()
        reports = runtestprotocol(item, log=False, nextitem=None)
        took_s = time.process_time() - began_s
        if any(report.failed for report in reports):
            pytest.exit(f"fails without any mutant: {item.nodeid}\n{reports[-2].longrepr}", 3)
        for function in Switch.called:
            reached[function].append((took_s, item))
    return reached


def chosen(module: str, tests: list[Timed]) -> list[Timed]:
    """As many as fit the budget; at least one."""
    core, _, name = module.rpartition(".")
    own = f"tests/{core.replace('.', '/')}/test_{name}.py::"
    left_s, fit = ASKED["budget_s"], []
    ordered = sorted(tests, key=lambda test: (not test[1].nodeid.startswith(own), test[0]))
    for took_s, item in ordered:
        if took_s <= left_s:
            left_s -= took_s
            fit.append((took_s, item))
    # The quickest fails first; its own ones stay in front.
    return fit or ordered[:1]


def judged(module: str, mutant: str, tests: list[Timed]) -> str:
    """In a fork: killed, timeout, lives; or no test. The one that killed it comes to the front."""
    if not tests:
        return "no test"
    child = os.fork()
    if child == 0:
        try:
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            signal.signal(signal.SIGPROF, signal.SIG_DFL)
            Switch.chosen = (module, mutant)
            os._exit(next((min(at + 1, NOT_TOLD) for at, test in enumerate(tests) if fails(*test)), 0))
        finally:
            os._exit(NOT_TOLD)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and 0 < os.WEXITSTATUS(status) < NOT_TOLD:
        tests.insert(0, tests.pop(os.WEXITSTATUS(status) - 1))
    if os.WIFSIGNALED(status):
        return "timeout" if os.WTERMSIG(status) == signal.SIGPROF else "killed"
    return "killed" if os.WEXITSTATUS(status) else "lives"


def fails(took_s: float, item: pytest.Item) -> bool:
    """Whether the test notices the mutant that is chosen."""
    signal.setitimer(signal.ITIMER_PROF, max(LEAST_S, PATIENCE * took_s))
    return any(report.failed for report in runtestprotocol(item, log=False, nextitem=None))
