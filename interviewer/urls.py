"""Addresses of one participant's interview and of their record."""

from django.urls import path

from interviewer import control_views, flag_views, monitor_views, over_http, views

app_name = "interviewer"
urlpatterns = [
    path("i/line/", over_http.line, name="line"),  # before the tokens: it looks like one
    path("i/<str:token>/", views.participate, name="participate"),
    path("i/<str:token>/language", views.change_language, name="language"),
    path("i/<str:token>/rate", views.rate, name="rate"),
    path("i/<str:token>/thanks", views.thanks, name="thanks"),
    path("i/<str:token>/record", control_views.record, name="record"),
    path("i/<str:token>/record.txt", control_views.record_as_text, name="record_as_text"),
    path("i/<str:token>/record.json", control_views.record_as_json, name="record_as_json"),
    path("i/<str:token>/strike/<int:number>", control_views.strike, name="strike"),
    path("i/<str:token>/flag/<int:number>", flag_views.flag, name="flag"),
    path("i/<str:token>/withdraw", control_views.withdraw, name="withdraw"),
    path("withdraw", control_views.withdraw_by_receipt, name="withdraw_by_receipt"),
    path("withdrawn", control_views.withdrawn, name="withdrawn"),
    path("fieldwork/<slug:slug>/", monitor_views.monitor, name="monitor"),
    path("fieldwork/<slug:slug>/probes/", monitor_views.probe_ledger, name="probes"),
    path("fieldwork/<slug:slug>/probes/<str:question>/<str:figure>/", monitor_views.counted_in_the_ledger, name="probes_counted"),
    path("fieldwork/<slug:slug>/collection", monitor_views.change_collection, name="collection"),
]
