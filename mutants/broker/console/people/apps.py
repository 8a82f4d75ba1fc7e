"""People as a Django app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """`broker.console.people` in INSTALLED_APPS."""

    name = "broker.console.people"
    label = "people"
    verbose_name = "Tài khoản"
