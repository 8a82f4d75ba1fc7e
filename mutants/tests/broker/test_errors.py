"""The tree at the head of errors.py is the tree."""

import inspect
import re

import pytest

from broker import errors
from patterns.errors import KengError

pytestmark = pytest.mark.pure
LEAVES = [one for _, one in inspect.getmembers(errors, inspect.isclass) if one.__module__ == errors.__name__]


def test_every_error_is_drawn_at_the_head() -> None:
    drawn = set(re.findall(r"\b[A-Z]\w+(?:Error|Fault|Full|Taken|Foreign|Newer)\b", errors.__doc__ or ""))
    assert {one.__name__ for one in LEAVES} == drawn - {"KengError", "ValueError", "OSError"}


@pytest.mark.parametrize("kind", LEAVES)
def test_every_error_speaks_both_languages_vietnamese_first(kind: type[KengError]) -> None:
    error = kind("Sổ đầy.", "Full.")
    assert (str(error), error.vi, error.en) == ("Sổ đầy.\nFull.", "Sổ đầy.", "Full.")


@pytest.mark.parametrize("kind", [one for one in LEAVES if one not in (errors.BrokerError, errors.RegisterError)])
def test_every_leaf_is_also_a_builtin(kind: type[KengError]) -> None:
    assert issubclass(kind, OSError | ValueError)
