"""The pages on which a guide's translations are ordered, read beside their source, put right and approved."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from surveys.admin.trial_pages import TrialPages
from surveys.authorship import Standing, content, content_fields
from surveys.languages import direction, name, own_name
from surveys.models import Survey, SurveyText, Wording
from surveys.planning import approval, jobs
from surveys.planning.translation import LINES, todo
from surveys.planning.words import Words, everything

LABELS = {
    Standing.OWN: "A person's wording",
    Standing.UNAPPROVED: "Made by a language model, not approved",
    Standing.OUTDATED: "Out of date: what it was translated from has changed",
    Standing.APPROVED: "Approved",
}


class TranslationPages(TrialPages):
    def get_urls(self) -> list[URLPattern]:
        def page(address: str, view: Any, name: str) -> Any:
            return path(f"<int:pk>/{address}", self.admin_site.admin_view(view), name=f"surveys_survey_{name}")

        return [
            page("translations/", self.translations, "translations"),
            page("translations/begin", require_POST(self.translate), "translate"),
            page("translations/progress", self.translation_progress, "translation_progress"),
            page("translations/<str:language>/", self.translation, "translation"),
            *super().get_urls(),
        ]

    def translations(self, request: HttpRequest, pk: int) -> HttpResponse:
        survey = self._survey(request, pk)
        rows = progress(survey)
        context = self._context(request, survey, f"Translations of {survey}") | {
            "rows": rows,
            "source": name(survey.languages[0]),
            "missing": any(row["todo"] for row in rows),
            "has_change_permission": self.has_change_permission(request, survey),
        }
        return TemplateResponse(request, "admin/surveys/survey/translations.html", context)

    def translation_progress(self, request: HttpRequest, pk: int) -> JsonResponse:
        return JsonResponse({"rows": progress(self._survey(request, pk))})

    def translate(self, request: HttpRequest, pk: int) -> HttpResponse:
        survey = self._survey(request, pk, change=True)
        jobs.hand_over(survey, [code for code in survey.languages[1:] if todo(survey, code)])
        return redirect("admin:surveys_survey_translations", survey.pk)

    def translation(self, request: HttpRequest, pk: int, language: str) -> HttpResponse:
        survey = self._survey(request, pk, change=True)
        if language not in survey.languages[1:]:
            raise Http404("The survey is not translated into this language.")
        problems = self._save(request, survey, language) if request.method == "POST" else {}
        if request.method == "POST" and not problems:
            return redirect(f"{request.path}#{request.POST.get('approve', '')}")
        for sentence in problems.values():
            messages.error(request, sentence)
        source, every = survey.languages[0], [words for words in everything(survey) if words.source(survey)]
        unsaved = {words.id: _unsaved(request, survey, words, language) for words in every if words.id in problems}
        context = self._context(request, survey, f"{name(language)}: translation of {survey}") | {
            "units": [_unit(survey, words, language, unsaved.get(words.id)) for words in every],
            "language": {"code": language, "name": name(language), "own": own_name(language), "direction": direction(language)},
            "source": {"code": source, "name": name(source), "direction": direction(source)},
        }
        return TemplateResponse(request, "admin/surveys/survey/translation.html", context)

    def _save(self, request: HttpRequest, survey: Survey, language: str) -> dict[str, str]:
        """Every change is a person's wording; then what was asked to be approved is, as it was seen. What went wrong, by the wording's id."""
        by: User = request.user  # type: ignore[assignment]  # admin_view lets no anonymous user in
        asked, problems, done = request.POST.get("approve"), dict[str, str](), Counter[str]()
        for words in everything(survey):
            if not words.source(survey) or f"{words.id}.seen" not in request.POST:
                continue
            said, row = _posted(request, words), words.rows.get(language)
            changed = said != (content(row) if row else {})
            approves = row is not None and (asked == words.id or (asked == "all" and words.standing(language) in approval.WAITING))
            if (changed or approves) and not _is_as_seen(request, survey, words, language):
                problems[words.id] = f"“{words.key}” was changed by someone else meanwhile: look at it once more."
            elif changed:
                try:
                    approval.write(survey, words, language, said, by=by)
                    done["reworded"] += 1
                except ValidationError as error:
                    problems[words.id] = f"“{words.key}”: " + " ".join(f"{field}: {' '.join(found)}" for field, found in error.message_dict.items())
            elif approves:
                approval.approve(survey, words, language, by=by)
                done["approved"] += 1
        if done:
            sentence = f"{name(language)}: " + ", ".join(f"{n} {what}" for what, n in sorted(done.items())) + "."
            self.log_change(request, survey, sentence)
            messages.success(request, sentence)
        return problems

    def _context(self, request: HttpRequest, survey: Survey, title: str) -> dict[str, Any]:
        return self.admin_site.each_context(request) | {"title": title, "survey": survey, "opts": self.opts}


def _is_as_seen(request: HttpRequest, survey: Survey, words: Words, language: str) -> bool:
    return request.POST.get(f"{words.id}.seen") == approval.seen(survey, words, language)


def _unsaved(request: HttpRequest, survey: Survey, words: Words, language: str) -> dict[str, str] | None:
    """What was sent and could not be saved, to be put right; None where someone else's words stand there now."""
    return _posted(request, words) if _is_as_seen(request, survey, words, language) else None


def _posted(request: HttpRequest, words: Words) -> dict[str, str]:
    """What the form says of one wording, as `content` has it."""
    fields = content_fields(SurveyText if isinstance(words.parent, Survey) else Wording)
    said = {field: request.POST.get(f"{words.id}.{field}", "").replace("\r\n", "\n").strip() for field in fields}
    return {field: text for field, text in said.items() if text}


def progress(survey: Survey) -> list[dict[str, Any]]:
    """For each language but the first: how many wordings it has of all, how many wait for approval, and what its translation is doing."""
    every = [words for words in everything(survey) if words.source(survey)]
    known = {job.language: job for job in jobs.TranslationJob.objects.filter(survey=survey)}
    return [_language(survey, code, every, known.get(code)) for code in survey.languages[1:]]


def _language(survey: Survey, code: str, every: list[Words], job: jobs.TranslationJob | None) -> dict[str, Any]:
    standings = [words.standing(code) for words in every]
    going_on = job is not None and job.going_on
    state = job.get_status_display() if job and (going_on or job.status == jobs.Status.FAILED) else ""
    return {
        "code": code,
        "name": name(code),
        "own": own_name(code),
        "worded": f"{sum(each is not None for each in standings)} of {len(every)}",
        "waiting": sum(each in approval.WAITING for each in standings),
        "todo": len(todo(survey, code)),
        "state": f"{state}: {job.reason}" if state and job and job.reason else state,
        "going_on": going_on,
    }


def _unit(survey: Survey, words: Words, language: str, posted: dict[str, str] | None) -> dict[str, Any]:
    """posted: what was sent and could not be saved."""
    source, row, standing = words.source(survey), words.rows.get(language), words.standing(language)
    original, said = content(source) if source else {}, content(row) if row else {}
    said = said if posted is None else posted
    return {
        "id": words.id,
        "name": "Texts" if words.parent == survey else words.key,
        "learn": getattr(words.parent, "learn", ""),
        "row": row,
        "label": LABELS[standing] if standing else "Not worded yet",
        "waiting": standing in approval.WAITING,
        "seen": approval.seen(survey, words, language),
        "fields": [
            {
                "name": field,
                "label": str(source._meta.get_field(field).verbose_name).capitalize() if source else field,  # type: ignore[union-attr]
                "hint": "one a line" if field in LINES else "",
                "source": original.get(field, ""),
                "text": said.get(field, ""),
                "rows": max(1, *(text.count("\n") + len(text) // 60 + 1 for text in (original.get(field, ""), said.get(field, "")))),
            }
            for field in content_fields(type(source))  # type: ignore[arg-type]
            if original.get(field) or said.get(field)
        ],
    }
