"""Addresses of the coders' pages, below /coding/."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from analysis.by_hand import sample_views, views
from analysis.by_hand.access import in_english

app_name = "coding"
urlpatterns = [
    path("", views.index, name="index"),
    path("sign-in/", in_english(LoginView.as_view(template_name="coding/sign_in.html", next_page="coding:index")), name="login"),
    path("sign-out/", LogoutView.as_view(next_page="coding:login"), name="logout"),
    path("<slug:slug>/", views.overview, name="overview"),
    path("<slug:slug>/draw/", sample_views.new_sample, name="draw"),
    path("<slug:slug>/samples/<int:sample>/", sample_views.sample_page, name="sample"),
    path("<slug:slug>/samples/<int:sample>/assign", sample_views.assign, name="assign"),
    path("<slug:slug>/samples/<int:sample>/extend", sample_views.extend, name="extend"),
    path("<slug:slug>/samples/<int:sample>/hand-on", sample_views.hand_on, name="hand_on"),
    path("<slug:slug>/samples/<int:sample>/discard", sample_views.discard, name="discard"),
    path("<slug:slug>/samples/<int:sample>/go-on/", views.go_on, name="go_on"),
    path("<slug:slug>/samples/<int:sample>/decide/", views.decide, name="decide"),
    path("<slug:slug>/answers/<int:number>/", views.unit, name="unit"),
    path("<slug:slug>/answers/<int:number>/save", views.save, name="save"),
    path("<slug:slug>/answers/<int:number>/finish", views.finish, name="finish"),
    path("<slug:slug>/answers/<int:number>/skip", views.skip, name="skip"),
    path("<slug:slug>/answers/<int:number>/undo", views.undo, name="undo"),
    path("<slug:slug>/answers/<int:number>/change", views.change, name="change"),
]
