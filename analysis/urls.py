"""Addresses of the researcher's pages, below /findings/."""

from django.urls import path

from analysis import views
from analysis.answering import views as answering
from analysis.backlog import views as backlog
from analysis.care import views as care
from analysis.prevalence import views as prevalence
from analysis.privacy import review_views
from analysis.privacy import views as privacy
from analysis.quality import views as quality
from analysis.reliability import views as reliability
from analysis.scorecard import views as scorecard
from analysis.stability import views as stability

app_name = "analysis"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:slug>/", views.overview, name="findings"),
    path("<slug:slug>/quotes/", views.quotes, name="quotes"),
    path("<slug:slug>/interviews/<int:number>/", views.interview, name="transcript"),
    path("<slug:slug>/interviews/<int:number>/care", care.decide, name="decide"),
    path("<slug:slug>/interviews/<int:number>/mask", privacy.add, name="mask"),
    path("<slug:slug>/interviews/<int:number>/lift", privacy.lift, name="lift"),
    path("<slug:slug>/interviews/<int:number>/original", privacy.original, name="original"),
    path("<slug:slug>/review/", review_views.quotes, name="review"),
    path("<slug:slug>/review/<int:number>", review_views.decide, name="approve"),
    path("<slug:slug>/care/", care.care, name="care"),
    path("<slug:slug>/runs/", backlog.runs, name="runs"),
    path("<slug:slug>/runs/plan", backlog.plan, name="plan_run"),
    path("<slug:slug>/runs/<int:number>", backlog.move, name="move_run"),
    path("<slug:slug>/quality/", quality.quality, name="quality"),
    path("<slug:slug>/quality/answers/", quality.answers, name="quality_answers"),
    path("<slug:slug>/interviewer/", scorecard.interviewer, name="interviewer"),
    path("<slug:slug>/interviewer/interviews/", scorecard.worst, name="interviewer_worst"),
    path("<slug:slug>/agreement/", reliability.agreement, name="agreement"),
    path("<slug:slug>/agreement/units/", reliability.units, name="agreement_units"),
    path("<slug:slug>/stability/", stability.stability, name="stability"),
    path("<slug:slug>/stability/begin", stability.begin, name="stability_begin"),
    path("<slug:slug>/corrected/", prevalence.corrected, name="corrected"),
    path("<slug:slug>/answers/", answering.inquiries, name="inquiries"),
    path("<slug:slug>/answers/ask", answering.ask, name="ask"),
    path("<slug:slug>/answers/begin", answering.begin, name="begin_answers"),
    path("<slug:slug>/answers/<int:key>/", answering.inquiry, name="inquiry"),
    path("<slug:slug>/answers/<int:key>/ask", answering.ask, name="ask_anew"),
    path("<slug:slug>/answers/<int:key>/<int:number>/", answering.inquiry, name="answer"),
    path("<slug:slug>/answers/<int:key>/<int:number>/interviews/", answering.readings, name="readings"),
    path("<slug:slug>/answers/<int:key>/<int:number>/progress", answering.progress, name="answer_progress"),
    path("<slug:slug>/answers/<int:key>/<int:number>/steer", answering.steer, name="steer_answer"),
    path("<slug:slug>/answers/<int:key>/<int:number>/wording", answering.word, name="word_answer"),
    path("<slug:slug>/exports/", views.exports, name="exports"),
    path("<slug:slug>/exports/<slug:table>.csv", views.export_table, name="export_table"),
    path("<slug:slug>/exports/<slug:table>.dictionary.csv", views.export_dictionary, name="export_dictionary"),
]
