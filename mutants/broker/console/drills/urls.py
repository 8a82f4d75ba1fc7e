"""The addresses of the room."""

from __future__ import annotations

from django.urls import path

from broker.console.drills import views

urlpatterns = [
    path("dien-tap", views.drills, name="drills"),
    path("dien-tap/<int:number>/bat-dau", views.run, name="drill_run"),
    path("dien-tap/<int:number>/bo", views.drop, name="drill_drop"),
    path("dien-tap/<str:id>", views.drill, name="drill"),
]
