"""The drills as a Django app."""

from django.apps import AppConfig


class DrillsConfig(AppConfig):
    """`broker.console.drills` in INSTALLED_APPS."""

    name = "broker.console.drills"
    label = "drills"
    verbose_name = "Diễn tập"
