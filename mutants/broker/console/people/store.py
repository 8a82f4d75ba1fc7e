"""Django's session store over our table. It knows the models by name only: they know it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DBStore

BEGAN = "began"
ADDRESS = "address"
AGENT = "agent"
"""What of a session's data is seen from outside (models.Seat)."""


def now_ms() -> int:
    """This machine's wall clock, by which Django's sessions end."""
    return int(datetime.now(UTC).timestamp() * 1000)


class SessionStore(DBStore):
    """SESSION_ENGINE's."""

    @classmethod
    def get_model_class(cls) -> Any:
        """Ours."""
        return apps.get_model("people", "Seat")

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row, with what is to be seen of it from outside."""
        seat = super().create_model_instance(data)
        who = data.get(SESSION_KEY)
        seat.officer_id = int(who) if who is not None else None  # type: ignore[attr-defined]  # it is a Seat
        seat.began_ms = int(data.get(BEGAN, 0))  # type: ignore[attr-defined]  # it is a Seat
        seat.address = str(data.get(ADDRESS, ""))  # type: ignore[attr-defined]  # it is a Seat
        seat.agent = str(data.get(AGENT, ""))  # type: ignore[attr-defined]  # it is a Seat
        seat.seen_ms = now_ms()  # type: ignore[attr-defined]  # it is a Seat
        return seat
