"""The inspection as a Django app: its site is made when all models are there."""

from django.apps import AppConfig


class InspectionConfig(AppConfig):
    """`broker.console.inspection` in INSTALLED_APPS."""

    name = "broker.console.inspection"
    label = "inspection"
    verbose_name = "Quản trị"
