"""Addresses of the researcher's pages, below /findings/."""

from django.urls import path

from analysis import views
from analysis.answering import views as answering
from analysis.backlog import views as backlog
from analysis.care import views as care
from analysis.comparing import views as comparing
from analysis.exporting import views as exporting
from analysis.prevalence import views as prevalence
from analysis.privacy import review_views
from analysis.privacy import views as privacy
from analysis.quality import views as quality
from analysis.reliability import views as reliability
from analysis.scorecard import views as scorecard
from analysis.stability import views as stability
from analysis.suppression.viewing import of_people

# Unless a page keeps small counts back itself, it is for those who may see them.
app_name = "analysis"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:slug>/", views.overview, name="findings"),
    path("<slug:slug>/quotes/", of_people(views.quotes), name="quotes"),
    path("<slug:slug>/interviews/<int:number>/", of_people(views.interview), name="transcript"),
    path("<slug:slug>/interviews/<int:number>/care", of_people(care.decide), name="decide"),
    path("<slug:slug>/interviews/<int:number>/mask", of_people(privacy.add), name="mask"),
    path("<slug:slug>/interviews/<int:number>/lift", of_people(privacy.lift), name="lift"),
    path("<slug:slug>/interviews/<int:number>/original", of_people(privacy.original), name="original"),
    path("<slug:slug>/review/", of_people(review_views.quotes), name="review"),
    path("<slug:slug>/review/<int:number>", of_people(review_views.decide), name="approve"),
    path("<slug:slug>/care/", of_people(care.care), name="care"),
    path("<slug:slug>/runs/", of_people(backlog.runs), name="runs"),
    path("<slug:slug>/runs/plan", of_people(backlog.plan), name="plan_run"),
    path("<slug:slug>/runs/<int:number>", of_people(backlog.move), name="move_run"),
    path("<slug:slug>/quality/", of_people(quality.quality), name="quality"),
    path("<slug:slug>/quality/answers/", of_people(quality.answers), name="quality_answers"),
    path("<slug:slug>/interviewer/", of_people(scorecard.interviewer), name="interviewer"),
    path("<slug:slug>/interviewer/interviews/", of_people(scorecard.worst), name="interviewer_worst"),
    path("<slug:slug>/agreement/", of_people(reliability.agreement), name="agreement"),
    path("<slug:slug>/agreement/units/", of_people(reliability.units), name="agreement_units"),
    path("<slug:slug>/stability/", of_people(stability.stability), name="stability"),
    path("<slug:slug>/stability/begin", of_people(stability.begin), name="stability_begin"),
    path("<slug:slug>/corrected/", of_people(prevalence.corrected), name="corrected"),
    path("<slug:slug>/answers/", of_people(answering.inquiries), name="inquiries"),
    path("<slug:slug>/answers/ask", of_people(answering.ask), name="ask"),
    path("<slug:slug>/answers/begin", of_people(answering.begin), name="begin_answers"),
    path("<slug:slug>/answers/<int:key>/", of_people(answering.inquiry), name="inquiry"),
    path("<slug:slug>/answers/<int:key>/ask", of_people(answering.ask), name="ask_anew"),
    path("<slug:slug>/answers/<int:key>/<int:number>/", of_people(answering.inquiry), name="answer"),
    path("<slug:slug>/answers/<int:key>/<int:number>/interviews/", of_people(answering.readings), name="readings"),
    path("<slug:slug>/answers/<int:key>/<int:number>/progress", of_people(answering.progress), name="answer_progress"),
    path("<slug:slug>/answers/<int:key>/<int:number>/steer", of_people(answering.steer), name="steer_answer"),
    path("<slug:slug>/answers/<int:key>/<int:number>/wording", of_people(answering.word), name="word_answer"),
    path("<slug:slug>/compare/", comparing.comparison, name="compare"),
    path("<slug:slug>/exports/", views.exports, name="exports"),
    path("<slug:slug>/exports/files/begin", exporting.begin, name="export_begin"),
    path("<slug:slug>/exports/files/progress", exporting.progress, name="export_progress"),
    path("<slug:slug>/exports/files/<int:job>", exporting.download, name="export_file"),
    path("<slug:slug>/exports/files/<int:job>/manifest.json", exporting.manifest, name="export_manifest"),
    path("<slug:slug>/exports/files/<int:job>/delete", exporting.delete, name="export_delete"),
    path("<slug:slug>/exports/<slug:table>.csv", views.export_table, name="export_table"),
    path("<slug:slug>/exports/<slug:table>.dictionary.csv", views.export_dictionary, name="export_dictionary"),
]
