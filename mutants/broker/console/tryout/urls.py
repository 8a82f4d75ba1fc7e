"""The addresses of the room."""

from __future__ import annotations

from django.urls import path

from broker.console.tryout import views

urlpatterns = [
    path("ban-thu", views.bench, name="tryout"),
    path("ban-thu/hop", views.seen, name="tryout_seen"),
    path("ban-thu/<slug:node>", views.touch, name="tryout_touch"),
]
