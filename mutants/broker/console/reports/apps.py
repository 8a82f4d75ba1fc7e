"""The reports as a Django app."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """`broker.console.reports` in INSTALLED_APPS."""

    name = "broker.console.reports"
    label = "reports"
    verbose_name = "Báo cáo"
