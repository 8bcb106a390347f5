"""Addresses of the interviewer app."""

from django.urls import URLPattern

app_name = "interviewer"
urlpatterns: list[URLPattern] = []
