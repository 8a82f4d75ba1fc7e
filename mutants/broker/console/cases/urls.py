"""The addresses of the room."""

from __future__ import annotations

from django.urls import path

from broker.console.cases import views

urlpatterns = [
    path("so-vu-viec", views.cases, name="cases"),
    path("so-vu-viec/<str:id>", views.case, name="case"),
    path("so-vu-viec/<str:id>/ghi-chu", views.comment, name="case_comment"),
]
