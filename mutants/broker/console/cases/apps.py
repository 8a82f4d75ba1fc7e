"""The cases as a Django app."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """`broker.console.cases` in INSTALLED_APPS."""

    name = "broker.console.cases"
    label = "cases"
    verbose_name = "Sổ vụ việc"
