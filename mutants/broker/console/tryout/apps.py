"""The try-out as a Django app."""

from django.apps import AppConfig


class TryoutConfig(AppConfig):
    """`broker.console.tryout` in INSTALLED_APPS."""

    name = "broker.console.tryout"
    label = "tryout"
    verbose_name = "Bàn thử"
