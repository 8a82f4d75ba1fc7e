"""`field__plainly="nha ong at"`: contains it, whatever the case and the diacritics of either; SQLite alone, which knows
neither.

SQLite's LIKE, in C, throws out most rows: in its pattern each letter that a diacritic may stand on is any letter. What
is left is read by `plain`, in Python, which takes a hundred times as long.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Lookup, TextField

from broker.console.routing import REGISTER
from broker.core.outcome import plain

MARKED = frozenset("adeiouy")
"""Letters that Vietnamese sets marks on, and đ."""
FUNCTION = "keng_plain"


def pattern(bare: str) -> str:
    """For LIKE, of what is plain already; spaces may be many."""
    return "%" + "".join("_" if one in MARKED else "%" if one == " " else _escaped(one) for one in bare) + "%"


def _escaped(one: str) -> str:
    return "\\" + one if one in "%_\\" else one if one.isascii() else "_"


@TextField.register_lookup
class Plainly(Lookup):
    """See the module."""

    lookup_name = "plainly"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        """LIKE first: of two conditions SQLite takes the cheaper one, and this is written first."""
        field, values = self.process_lhs(compiler, connection)
        bare = plain(str(self.rhs))
        return (
            f"({field} LIKE %s ESCAPE '\\' AND instr({FUNCTION}({field}), %s) > 0)",
            (*values, pattern(bare), *values, bare),
        )


def teach(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Whoever opens the register: `plain` is a function of SQLite's, too."""
    if connection.alias == REGISTER:
        connection.connection.create_function(FUNCTION, 1, _plain, deterministic=True)


def _plain(text: str | None) -> str | None:
    return None if text is None else plain(text)
