"""Where each address leads."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("findings/", include("analysis.urls")),
    path("", include("interviewer.urls")),
    path("", include("surveys.urls")),
]
