"""The trail as a Django app."""

from django.apps import AppConfig


class TrailConfig(AppConfig):
    """`broker.console.trail` in INSTALLED_APPS."""

    name = "broker.console.trail"
    label = "trail"
    verbose_name = "Nhật ký"
