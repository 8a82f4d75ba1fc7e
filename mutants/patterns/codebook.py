"""The two doors to a code book: a file that a person wrote, and a message from the commune.

What must always hold: a CodeBook that comes through here has passed every check; what does not pass is a CodeBookError
that tells every fault with its place, and nothing else is raised.

Does not know: what is checked (bookcheck.py, bookmessage.py). The types are book.py's, and named here for whoever uses
a code book.
"""

from __future__ import annotations

from pathlib import Path

from patterns.book import (
    DEFAULT_ALARM_S,
    DEFAULT_CANCEL_S,
    DEFAULT_KIND,
    KINDS,
    CodeBook,
    Escalation,
    Hamlet,
    Node,
)
from patterns.bookcheck import read_book
from patterns.bookmessage import read_message
from patterns.errors import CodeBookError, PatternsError
from patterns.fields import Faults, plain
from patterns.yamlfile import read_yaml

__all__ = [
    "DEFAULT_ALARM_S",
    "DEFAULT_CANCEL_S",
    "DEFAULT_KIND",
    "KINDS",
    "CodeBook",
    "Escalation",
    "Hamlet",
    "Node",
    "codebook_from_message",
    "load_codebook",
]


def load_codebook(path: Path) -> CodeBook:
    """Read `codebook.yaml`. Raises CodeBookError with all faults, each with file, line and field."""
    try:
        faults = Faults(read_yaml(path))
    except PatternsError as error:
        raise CodeBookError(error.vi, error.en, error.faults) from error
    return read_book(faults)


def codebook_from_message(message: object) -> CodeBook:
    """What a node makes of a CodeBook message, with the same checks. Raises CodeBookError, and nothing else."""
    return read_message(Faults(plain(message), unknown_allowed=True))
