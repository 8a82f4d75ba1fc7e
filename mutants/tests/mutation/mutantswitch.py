"""Where a function of a core has mutants, this stands in for it: it calls the original, or the one that is chosen.

mutmut's generated modules import it in place of mutmut's own (which asks the environment at each call, ten times as
slow). What must hold: with nothing chosen the program does what it always does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

MutantDict = dict[str, Callable[..., Any]]
ORIGINAL = "_mutmut_orig"


class Switch:
    """Which mutant lives, and which functions were called."""

    chosen: tuple[str, str] = ("", "")
    """(module, mutant); no module: the originals."""
    called: set[str]
    """Functions with mutants that were called, as mutmut names them: module.function."""


Switch.called = set()


def wrap_in_trampoline(mutants: MutantDict) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """mutmut's decorator of a function that has mutants; `mutants` is filled after it."""

    def stand_in(function: Callable[..., Any]) -> Callable[..., Any]:
        module = function.__module__
        owner, _, name = function.__qualname__.rpartition(".")
        mangled = f"{module}.xǁ{owner}ǁ{name}" if owner else f"{module}.x_{name}"

        @wraps(function)
        def call(*args: Any, **keywords: Any) -> Any:
            Switch.called.add(mangled)
            where, which = Switch.chosen
            chosen = mutants.get(which) if where == module else None
            return (chosen or mutants[ORIGINAL])(*args, **keywords)

        return call

    return stand_in
