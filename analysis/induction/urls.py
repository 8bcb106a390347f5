"""Addresses of the pages of induction, below /induction/."""

from django.urls import path

from analysis.induction import views

app_name = "induction"
urlpatterns = [
    path("<slug:slug>/", views.rounds, name="rounds"),
    path("<slug:slug>/<int:number>/", views.of_round, name="round"),
    path("<slug:slug>/<int:number>/progress", views.progress, name="progress"),
    path("<slug:slug>/<int:number>/steer", views.steer, name="steer"),
    path("<slug:slug>/<int:number>/codebook", views.make_draft, name="make_draft"),
    path("<slug:slug>/<int:number>/codebook.yaml", views.as_yaml, name="yaml"),
    path("<slug:slug>/<int:number>/codes/<int:candidate>", views.decide, name="decide"),
]
