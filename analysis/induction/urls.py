"""Addresses of the pages of induction, below /induction/."""

from django.urls import path

from analysis.induction import views
from analysis.suppression.viewing import of_people

app_name = "induction"
urlpatterns = [
    path("<slug:slug>/", of_people(views.rounds), name="rounds"),
    path("<slug:slug>/<int:number>/", of_people(views.of_round), name="round"),
    path("<slug:slug>/<int:number>/progress", of_people(views.progress), name="progress"),
    path("<slug:slug>/<int:number>/steer", of_people(views.steer), name="steer"),
    path("<slug:slug>/<int:number>/codebook", of_people(views.make_draft), name="make_draft"),
    path("<slug:slug>/<int:number>/codebook.yaml", of_people(views.as_yaml), name="yaml"),
    path("<slug:slug>/<int:number>/codes/<int:candidate>", of_people(views.decide), name="decide"),
]
