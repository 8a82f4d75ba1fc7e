"""The addresses of the room."""

from __future__ import annotations

from django.urls import path

from broker.console.live.stream import stream

urlpatterns = [path("dong", stream, name="stream")]
