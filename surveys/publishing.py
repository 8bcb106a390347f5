"""From the draft a researcher edits to a guide that never changes, and from a guide back into the draft."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from pydantic import ValidationError as GuideValidationError

from surveys import guide_yaml
from surveys.completeness import in_whole_languages, missing, unfilled
from surveys.guide import Guide, Texts
from surveys.guide import Question as GuideQuestion
from surveys.guide import Wording as GuideWording
from surveys.languages import name
from surveys.models import GuideVersion, ProfileQuestion, Question, Section, Survey, SurveyText, Wording
from surveys.planning import approval

TEXT_FIELDS = ("title", "introduction", "consent", "opening", "closing", "support")


class DraftProblems(ValueError):
    """The draft is no whole guide, or a guide does not fit into a draft. `problems` are sentences for a researcher."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def draft(survey: Survey, *, in_part: bool = False) -> Guide:
    """The draft rows as a guide; in part, in the languages that are whole. Raises DraftProblems."""
    document = in_whole_languages(_document(survey)) if in_part else _document(survey)
    if problems := missing(document):
        raise DraftProblems(problems)
    try:
        return Guide.model_validate(document)
    except GuideValidationError as error:
        raise DraftProblems(guide_yaml.sentences(error)) from error


def problems(survey: Survey) -> list[str]:
    """What keeps the draft from being published; empty when it can be."""
    try:
        draft(survey)
    except DraftProblems as found:
        return [*found.problems, *_waiting(survey)]
    return _waiting(survey)


def _waiting(survey: Survey) -> list[str]:
    """What a person has still to fill in or to approve; the draft can be read, loaded and previewed without."""
    return [*unfilled(_document(survey)), *approval.problems(survey)]


def publish(survey: Survey, *, by: User | None = None) -> GuideVersion:
    """Freezes the draft as the next version; returns the current one where nothing has changed. Raises DraftProblems."""
    with transaction.atomic():
        locked = Survey.objects.select_for_update().get(pk=survey.pk)  # two who publish at once take turns
        guide = draft(locked)
        if waiting := _waiting(locked):
            raise DraftProblems(waiting)
        digest, current = sha256(guide), locked.current_version
        if current is not None and current.sha256 == digest:
            return current
        number = current.number + 1 if current else 1
        made = {"content": guide.model_dump(mode="json"), "sha256": digest, "translations": approval.record(locked)}
        return GuideVersion.objects.create(survey=locked, number=number, published_by=by, **made)


def sha256(guide: Guide) -> str:
    """Hex digest of the guide as canonical JSON: keys sorted, no spaces, UTF-8."""
    canonical = json.dumps(guide.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def status_problem(survey: Survey, status: str) -> str | None:
    """Why the survey may not take this status, or None."""
    takes_interviews = status in (Survey.Status.PILOT, Survey.Status.OPEN)
    if takes_interviews and not (survey.pk and survey.versions.exists()):
        return f"The survey cannot be set to “{Survey.Status(status).label}” before its guide is published."
    return None


def load(guide: Guide, *, slug: str, survey: Survey | None = None) -> Survey:
    """Writes the guide into the draft of the survey with this slug, or of the one given, replacing what was there. Published versions stay.

    A hypothesis, probe or option is one line in the draft: line breaks inside it become spaces. Raises DraftProblems.
    """
    _check_lines(guide)
    with transaction.atomic():
        known = models.Q(pk=survey.pk) if survey else models.Q(slug=slug)
        target = Survey.objects.select_for_update().filter(known).first() or Survey()
        target.slug, target.title, target.goal = slug, guide.title, guide.goal
        target.hypotheses = _as_lines(guide.hypotheses)
        target.order, target.arms = guide.order.value, [arm.model_dump(mode="json", exclude_defaults=True) for arm in guide.arms]
        target.most_minutes, target.most_probes = guide.limits.minutes, guide.limits.probes
        target.screening = [question.model_dump(mode="json", exclude_defaults=True) for question in guide.screening]
        target.pass_if = [condition.model_dump(mode="json", exclude_defaults=True) for condition in guide.pass_if]
        target.languages, target.analysis_language = list(guide.languages), guide.analysis_language
        _clean("The survey", target)
        target.save()
        records = approval.kept(target)  # a file says nothing of who worded it: what stays as it was keeps its record
        target.texts.all().delete()
        target.profile_questions.all().delete()
        target.sections.all().delete()
        _load_texts(guide, target)
        _load_sections(guide, target)
        approval.give_back(target, records)
    return target


# --- Rows to a document ---------------------------------------------------------------------------------------------


def _document(survey: Survey) -> dict[str, Any]:
    sections = survey.sections.prefetch_related("questions__wordings")
    texts = {
        text.language: {field: _text(getattr(text, field)) for field in TEXT_FIELDS} | {"sentences": text.sentences}
        for text in survey.texts.order_by("pk")
    }
    return {
        "title": survey.title,
        "goal": _text(survey.goal),
        "hypotheses": _lines(survey.hypotheses),
        "languages": survey.languages,
        "analysis_language": survey.analysis_language,
        "texts": texts,
        "order": survey.order,
        "arms": survey.arms,
        "limits": {"minutes": survey.most_minutes, "probes": survey.most_probes},
        "screening": survey.screening,
        "pass_if": survey.pass_if,
        "profile": [{"field": asked.field, "required": asked.required} for asked in survey.profile_questions.all()],
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "order": section.order,
                "questions": [_question(question) for question in sorted(section.questions.all(), key=lambda row: (row.position, row.pk))],
            }
            for section in sections
        ],
    }


def _question(row: Question) -> dict[str, Any]:
    return {
        "key": row.key,
        "kind": row.kind,
        "learn": _text(row.learn),
        "probe_budget": row.probe_budget,
        "minutes": row.minutes,
        "options": _lines(row.options),
        "minimum": row.minimum,
        "maximum": row.maximum,
        "ask_if": row.ask_if,
        "wordings": {wording.language: _wording(wording) for wording in sorted(row.wordings.all(), key=lambda wording: wording.pk)},
    }


def _wording(row: Wording) -> dict[str, Any]:
    return {"text": _text(row.text), "probes": _lines(row.probes), "options": _lines(row.options), "low": row.low, "high": row.high}


def _text(value: str) -> str:
    return value.replace("\r\n", "\n")  # browsers send the lines of a text area so


def _lines(value: str) -> list[str]:
    return [line.strip() for line in value.replace("\r", "\n").split("\n") if line.strip()]


# --- A guide to rows ------------------------------------------------------------------------------------------------


def _as_lines(items: Iterable[str]) -> str:
    return "\n".join(" ".join(item.split()) for item in items)


def _check_lines(guide: Guide) -> None:
    lists: list[tuple[str, tuple[str, ...]]] = [("hypotheses", guide.hypotheses)]
    for question in guide.questions:
        lists.append((f"question '{question.key}', options", question.options))
        for code, wording in question.wordings.items():
            place = f"question '{question.key}' in {name(code)}"
            lists += [(f"{place}, probes", wording.probes), (f"{place}, options", wording.options)]
    if found := [f"An entry is empty: {place}." for place, items in lists if not all(item.split() for item in items)]:
        raise DraftProblems(found)


def _clean(place: str, row: models.Model) -> None:
    relations = [field.name for field in row._meta.fields if field.is_relation]
    try:
        row.clean_fields(exclude=relations)
    except ValidationError as error:
        raise DraftProblems([f"{place}, {field}: {text}" for field, texts in error.message_dict.items() for text in texts]) from error


def _load_texts(guide: Guide, survey: Survey) -> None:
    rows = [SurveyText(survey=survey, language=code, **_fields(texts)) for code, texts in _by_language(guide, guide.texts)]
    for row in rows:
        _clean(f"The text in {name(row.language)}", row)
    SurveyText.objects.bulk_create(rows)
    asked = enumerate(guide.profile, start=1)
    ProfileQuestion.objects.bulk_create(
        ProfileQuestion(survey=survey, field=each.field.value, required=each.required, position=position) for position, each in asked
    )


def _load_sections(guide: Guide, survey: Survey) -> None:
    for position, section in enumerate(guide.sections, start=1):
        row = Section(survey=survey, key=section.key, title=section.title, order=section.order.value, position=position)
        _clean(f"Section '{section.key}'", row)
        row.save()
        for place, question in enumerate(section.questions, start=1):
            _load_question(guide, question, row, place)


def _load_question(guide: Guide, question: GuideQuestion, section: Section, position: int) -> None:
    plain = question.model_dump(include={"key", "learn", "probe_budget", "minutes", "minimum", "maximum"})
    row = Question(section=section, position=position, kind=question.kind.value, options=_as_lines(question.options), **plain)
    row.ask_if = [condition.model_dump(mode="json", exclude_defaults=True) for condition in question.ask_if]
    _clean(f"Question '{question.key}'", row)
    row.save()
    wordings = [_wording_row(row, code, wording) for code, wording in _by_language(guide, question.wordings)]
    for wording in wordings:
        _clean(f"Question '{question.key}' in {name(wording.language)}", wording)
    Wording.objects.bulk_create(wordings)


def _wording_row(question: Question, code: str, wording: GuideWording) -> Wording:
    probes, options = _as_lines(wording.probes), _as_lines(wording.options)
    return Wording(question=question, language=code, text=wording.text, probes=probes, options=options, low=wording.low, high=wording.high)


def _fields(texts: Texts) -> dict[str, Any]:
    return {field: getattr(texts, field) for field in (*TEXT_FIELDS, "sentences")}


def _by_language(guide: Guide, said: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(code, said[code]) for code in guide_yaml.language_order(guide, said)]
