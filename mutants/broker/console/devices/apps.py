"""The devices as a Django app."""

from django.apps import AppConfig


class DevicesConfig(AppConfig):
    """`broker.console.devices` in INSTALLED_APPS."""

    name = "broker.console.devices"
    label = "devices"
    verbose_name = "Thiết bị"

    def ready(self) -> None:
        """Its parts are known from the start."""
        from broker.console.devices import parts  # noqa: F401 - registers them
