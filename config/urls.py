"""Where each address leads."""

from django.contrib import admin
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path

from config import health

urlpatterns = [
    path("admin/", admin.site.urls),
    path("favicon.ico", lambda request: redirect(static("icon.svg"))),
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("coding/", include("analysis.by_hand.urls")),
    path("findings/", include("analysis.urls")),
    path("induction/", include("analysis.induction.urls")),
    path("", include("interviewer.urls")),
    path("", include("surveys.urls")),
]
