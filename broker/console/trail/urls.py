"""The addresses of the room."""

from __future__ import annotations

from django.urls import path

from broker.console.trail import views

urlpatterns = [
    path("nhat-ky", views.trail, name="audit"),
    path("nhat-ky/dong/<int:seq>", views.raw, name="audit_raw"),
    path("nhat-ky/kiem", views.check, name="audit_check"),
]
