"""The chimes as a Django app."""

from django.apps import AppConfig


class ChimesConfig(AppConfig):
    """`broker.console.chimes` in INSTALLED_APPS."""

    name = "broker.console.chimes"
    label = "chimes"
    verbose_name = "Lịch kẻng"
