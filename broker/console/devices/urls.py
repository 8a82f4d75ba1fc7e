"""The addresses of the room."""

from __future__ import annotations

from django.urls import path

from broker.console.devices import views

urlpatterns = [
    path("thiet-bi", views.devices, name="devices"),
    path("thiet-bi/<slug:node>", views.device, name="device"),
    path("thiet-bi/<slug:node>/thu", views.test, name="device_test"),
    path("thiet-bi/<slug:node>/vi-tri", views.put, name="device_put"),
    path("thiet-bi/<slug:node>/tam-im", views.mute, name="device_mute"),
    path("thiet-bi/<slug:node>/thoi-im", views.unmute, name="device_unmute"),
    path("thiet-bi/<slug:node>/thu-hoi", views.retire, name="device_retire"),
    path("ban-do", views.on_map, name="map"),
    path("ban-do/vi-tri", views.places, name="map_places"),
    path("ban-do/nen", views.ground, name="map_ground"),
]
