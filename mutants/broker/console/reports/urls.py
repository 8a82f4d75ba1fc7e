"""The addresses of the room."""

from __future__ import annotations

from django.urls import path

from broker.console.reports import views

urlpatterns = [
    path("bao-cao", views.reports, name="reports"),
    path("bao-cao/tep.<str:kind>", views.export, name="report_file"),
]
