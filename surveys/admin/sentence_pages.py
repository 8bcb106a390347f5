"""The page on which a researcher words the program's own sentences for one survey and language."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from surveys import sentences
from surveys.admin.guide_pages import GuidePages
from surveys.languages import direction, name
from surveys.models import Survey, SurveyText


class SentencesForm(forms.Form):
    """One box a sentence; an empty box means the program's own."""

    def __init__(self, own: dict[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, english in sentences.standard().items():
            box = forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField", "dir": "auto", "aria-label": english})
            self.fields[key] = forms.CharField(required=False, initial=own.get(key, ""), widget=box)

    def clean(self) -> dict[str, str]:
        cleaned = super().clean() or self.cleaned_data
        for key, text in _worded(cleaned).items():
            for problem in sentences.problems({key: text}):
                self.add_error(key, problem[0].upper() + problem[1:])
        return cleaned

    @property
    def own(self) -> dict[str, str]:
        return _worded(self.cleaned_data)


def _worded(values: dict[str, str]) -> dict[str, str]:
    return {key: text.replace("\r\n", "\n") for key, text in values.items() if text}


class SentencePages(GuidePages):
    """Adds to a survey's pages one a language for the program's sentences."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.sentences)
        return [path("<int:pk>/sentences/<str:language>/", view, name="surveys_survey_sentences"), *super().get_urls()]

    def sentences(self, request: HttpRequest, pk: int, language: str) -> HttpResponse:
        survey = self._survey(request, pk, change=True)
        texts = survey.texts.filter(language=language).first()
        if texts is None:
            raise Http404("The survey has no texts in this language yet.")
        form = SentencesForm(texts.sentences, request.POST or None)
        if request.method == "POST" and form.is_valid():
            SurveyText.objects.filter(pk=texts.pk).update(sentences=form.own)
            self.log_change(request, survey, f"Worded the program's sentences in {name(language)}.")
            messages.success(request, "Saved in the draft. Publish it to have new interviews follow it.")
            return redirect("admin:surveys_survey_change", survey.pk)
        translated = sentences.translated(language)
        context = self.admin_site.each_context(request) | {
            "title": f"Sentences in {name(language)}",
            "survey": survey,
            "opts": self.opts,
            "form": form,
            "rows": [(key, english, translated[key], form[key]) for key, english in sentences.standard().items()],
            "language": language,
            "direction": direction(language),
            "language_name": name(language),
            "machine_made": sentences.machine_made(language),
        }
        return TemplateResponse(request, "admin/surveys/survey/sentences.html", context, status=400 if form.errors else 200)


def worded(survey: Survey) -> Iterator[dict[str, Any]]:
    """For each language that has texts: how many of the program's sentences the survey words itself, and who made the others."""
    for texts in sorted(survey.texts.all(), key=lambda row: name(row.language)):
        yield {
            "code": texts.language,
            "name": name(texts.language),
            "own": len(texts.sentences),
            "machine_made": sentences.machine_made(texts.language),
        }
