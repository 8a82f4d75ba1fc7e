"""The duty desk as a Django app."""

from django.apps import AppConfig


class DutyConfig(AppConfig):
    """`broker.console.duty` in INSTALLED_APPS."""

    name = "broker.console.duty"
    label = "duty"
    verbose_name = "Trực ban"

    def ready(self) -> None:
        """Its parts are known from the start."""
        from broker.console.duty import parts  # noqa: F401 - registers them
