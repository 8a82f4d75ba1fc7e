"""Which database a model lives in: the register's are the service's, to be read alone."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

REGISTER = "register"


class Routing:
    """Django's database router."""

    def db_for_read(self, model: type[Model], **_: Any) -> str:
        """The register's own models from the register."""
        return REGISTER if model._meta.app_label == REGISTER else "default"

    def db_for_write(self, model: type[Model], **_: Any) -> str:
        """PermissionError for the register: only the service writes it."""
        if model._meta.app_label == REGISTER:
            raise PermissionError("the console writes nothing into the register: ask the service")
        return "default"

    def allow_migrate(self, db: str, app_label: str, **_: Any) -> bool:
        """The service migrates the register, the console its own."""
        return db == "default" and app_label != REGISTER
