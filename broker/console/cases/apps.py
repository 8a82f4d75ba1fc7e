"""The cases as a Django app."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class CasesConfig(AppConfig):
    """`broker.console.cases` in INSTALLED_APPS."""

    name = "broker.console.cases"
    label = "cases"
    verbose_name = "Sổ vụ việc"

    def ready(self) -> None:
        """Search knows neither case nor diacritics."""
        from broker.console.cases.plainly import teach

        connection_created.connect(teach)
