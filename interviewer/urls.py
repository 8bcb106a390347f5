"""Addresses of one participant's interview."""

from django.urls import path

from interviewer import views

app_name = "interviewer"
urlpatterns = [
    path("i/<str:token>/", views.participate, name="participate"),
    path("i/<str:token>/rate", views.rate, name="rate"),
    path("i/<str:token>/thanks", views.thanks, name="thanks"),
]
