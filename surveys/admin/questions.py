"""A question's page: what it asks, in each language. The list of questions is on the survey's page."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect

from surveys.admin.forms import QuestionForm
from surveys.admin.inlines import PrefillingAdmin, WordingInline, section_asked_for
from surveys.languages import name
from surveys.models import Question, Survey


class QuestionAdmin(PrefillingAdmin):
    form = QuestionForm
    inlines = (WordingInline,)
    list_display = ("key", "survey", "section", "kind", "languages")
    list_filter = ("section__survey", "kind")
    search_fields = ("key", "wordings__text")
    fieldsets = (
        (None, {"fields": ("section", "position", "key", "kind", "learn", "probe_budget", "minutes")}),
        ("Answers to choose from, and limits", {"fields": ("options", ("minimum", "maximum"))}),
        ("When it is asked", {"fields": ("ask_if",), "classes": ("collapse",)}),
    )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False  # questions are reached from their survey

    @admin.display(ordering="section__survey")
    def survey(self, question: Question) -> str:
        return question.section.survey.title

    def languages(self, question: Question) -> str:
        return ", ".join(name(wording.language) for wording in question.wordings.all())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        return super().get_queryset(request).select_related("section__survey").prefetch_related("wordings")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None) -> HttpResponse:
        section = section_asked_for(request)
        if section is None:
            messages.info(request, "Open a survey to add a question to one of its sections.")
            return redirect("admin:surveys_survey_changelist")
        return super().add_view(request, form_url, {"survey": section.survey} | (extra_context or {}))

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None) -> HttpResponse:
        question = self.get_object(request, object_id)
        context = {"survey": question.section.survey} if question else {}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        question = self.get_object(request, object_id)
        response = super().delete_view(request, object_id, extra_context)
        deleted = question is not None and response.status_code == 302
        return self._to_survey(question) if deleted and question else response

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        section = section_asked_for(request)
        return {"section": section, "position": section.questions.count() + 1} if section else {}

    def formfield_for_foreignkey(self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "section" and (survey := self._survey(request)):
            kwargs["queryset"] = survey.sections.all()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def response_post_save_add(self, request: HttpRequest, obj: Question) -> HttpResponseRedirect:
        return self._to_survey(obj)

    def response_post_save_change(self, request: HttpRequest, obj: Question) -> HttpResponseRedirect:
        return self._to_survey(obj)

    def _to_survey(self, question: Question) -> HttpResponseRedirect:
        return redirect("admin:surveys_survey_change", question.section.survey_id)

    def _survey(self, request: HttpRequest) -> Survey | None:
        object_id = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
        question: Question | None = self.get_object(request, object_id) if object_id else None
        if question is not None:
            return question.section.survey
        section = section_asked_for(request)
        return section.survey if section else None
