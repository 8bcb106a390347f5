"""Addresses of the pages before an interview."""

from django.urls import path

from surveys import outcome_views, views
from surveys.invitations import views as invitations

app_name = "surveys"
urlpatterns = [
    path("", views.home, name="home"),
    path("accessibility", views.accessibility, name="accessibility"),
    path("s/<slug:slug>/", views.landing, name="landing"),
    path("s/<slug:slug>/preview/<int:pk>/", views.preview, name="preview"),
    path("s/<slug:slug>/consent", views.consent, name="consent"),
    path("i/<str:token>/outcome", outcome_views.outcome, name="outcome"),
    path("i/<str:token>/back", outcome_views.back, name="back"),
    path("s/<slug:slug>/declined", views.declined, name="declined"),
    path("s/<slug:slug>/p/<str:token>/", invitations.personal, name="personal"),
    path("s/<slug:slug>/p/<str:token>/declined", invitations.declined, name="personal_declined"),
    path("s/<slug:slug>/p/<str:token>/stop", invitations.stop, name="stop"),
]
