"""Every address of the console. Each room has its own list; addresses are Vietnamese without diacritics."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from broker.console import pages
from broker.console.inspection import site as inspection

urlpatterns = [
    path("", pages.home, name="home"),
    path("ngon-ngu", login_not_required(set_language), name="set_language"),
    path("static/<path:name>", pages.static_file, name="static_file"),
    path("", include("broker.console.people.urls")),
    path("", include("broker.console.live.urls")),
    path("", include("broker.console.duty.urls")),
    path("", include("broker.console.devices.urls")),
    path("", include("broker.console.cases.urls")),
    path("", include("broker.console.reports.urls")),
    path("", include("broker.console.chimes.urls")),
    path("", include("broker.console.drills.urls")),
    path("", include("broker.console.trail.urls")),
    path("", include("broker.console.tryout.urls")),
]
urlpatterns.append(path("quan-tri/", inspection.made().urls))
handler400 = "broker.console.pages.bad"
handler403 = "broker.console.pages.forbidden"
handler404 = "broker.console.pages.not_found"
handler500 = "broker.console.pages.broken"
