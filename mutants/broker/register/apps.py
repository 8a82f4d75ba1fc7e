"""The register as a Django app. Imported by Django alone."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """`broker.register` in INSTALLED_APPS."""

    name = "broker.register"
    label = "register"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Sổ trực"
