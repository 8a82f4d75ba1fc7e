"""The addresses of the room. A pattern's name may have a slash in it."""

from __future__ import annotations

from django.urls import path

from broker.console.chimes import views

urlpatterns = [
    path("lich-keng", views.chimes, name="chimes"),
    path("lich-keng/ban/<int:seq>", views.what, name="chime_what"),
    path("lich-keng/them", views.change, name="chime_new"),
    path("lich-keng/sua/<slug:name>", views.change, name="chime_change"),
    path("lich-keng/bo/<slug:name>", views.strike, name="chime_strike"),
    path("lich-keng/ban-cu/<int:seq>", views.back, name="chime_back"),
    path("lich-keng/bo-nhap", views.drop, name="chime_drop"),
    path("lich-keng/ap-dung", views.push, name="chime_push"),
    path("lich-keng/tieng/<path:name>.wav", views.heard, name="chime_heard"),
]
