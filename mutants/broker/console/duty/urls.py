"""The addresses of the room."""

from __future__ import annotations

from django.urls import path

from broker.console.duty import acts, views

urlpatterns = [
    path("truc-ban", views.duty, name="duty"),
    path("man-hinh", views.wall, name="wall"),
    path("di-dong", views.street, name="street"),
    path("truc-ban/nhan", acts.acknowledge, name="acknowledge"),
    path("truc-ban/tat", acts.clear, name="clear"),
    path("truc-ban/dong", acts.close, name="close"),
    path("truc-ban/ghi-chu", acts.comment, name="comment"),
    path("truc-ban/danh", acts.alarm, name="alarm"),
    path("truc-ban/keu-them", acts.widen, name="widen"),
]
