"""The addresses of the room."""

from __future__ import annotations

from django.urls import path

from broker.console.duty import views

urlpatterns = [
    path("truc-ban", views.duty, name="duty"),
    path("truc-ban/nhan", views.acknowledge, name="acknowledge"),
    path("truc-ban/tat", views.clear, name="clear"),
    path("truc-ban/dong", views.close, name="close"),
    path("truc-ban/danh", views.alarm, name="alarm"),
]
