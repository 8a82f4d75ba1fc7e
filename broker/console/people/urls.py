"""The addresses of the room."""

from __future__ import annotations

from django.urls import path

from broker.console.people.views import ComeIn, GoOut

urlpatterns = [
    path("dang-nhap", ComeIn.as_view(), name="login"),
    path("dang-xuat", GoOut.as_view(), name="logout"),
]
