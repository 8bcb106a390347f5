"""Taking what a researcher accepted of a drafted guide over into the survey's draft rows."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from pydantic import BaseModel, Field, ValidationError

from surveys import guide, guide_yaml
from surveys.authorship import PERSON, authorship, content
from surveys.models import Question, Survey, SurveyText, Wording
from surveys.models import Section as SectionRow
from surveys.planning import sketch
from surveys.publishing import DraftProblems


class Accepted(BaseModel):
    """untouched: the keys of questions, or 'texts', that are as the model had them."""

    texts: sketch.Texts | None = None
    section: sketch.Section | None = None
    untouched: list[str] = []
    model: str = Field(default=PERSON, max_length=100)
    prompt: str = Field(default="", max_length=100)

    def made(self, key: str, by: User) -> dict[str, Any]:
        """Whose words these are: the researcher who changed them, or the model's, approved by who took them over."""
        if key not in self.untouched:
            return {"made_by": PERSON}
        return {"made_by": self.model, "prompt_version": self.prompt, "approved_by": by, "approved_at": timezone.now()}


@transaction.atomic
def accept(survey: Survey, accepted: Accepted, *, by: User) -> None:
    """Raises DraftProblems; then nothing is written."""
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    if accepted.texts:
        _accept_texts(locked, accepted.texts, accepted.made("texts", by))
    if accepted.section:
        _accept_section(locked, accepted.section, accepted, by)


def _accept_texts(survey: Survey, texts: sketch.Texts, made: dict[str, Any]) -> None:
    """Fields left empty leave what the survey has."""
    said = {field: text for field, text in texts.model_dump().items() if text}
    row = SurveyText.objects.filter(survey=survey, language=survey.languages[0]).first()
    before = content(row) if row else {}
    if not {"title", "consent"} <= (said | before).keys():
        raise DraftProblems(["Give a title and a consent text."])
    fields = said | (made if set(before) <= set(said) else {"made_by": PERSON})
    SurveyText.objects.update_or_create(survey=survey, language=survey.languages[0], defaults=_unwritten() | fields)


def _accept_section(survey: Survey, section: sketch.Section, accepted: Accepted, by: User) -> None:
    taken = set(Question.objects.filter(section__survey=survey).values_list("key", flat=True))
    problems = [] if sketch.KEY.fullmatch(section.key) else [f"“{section.key}” is not a key: use small letters, digits and _."]
    for question in section.questions:
        problems += _problems(question, taken, survey.languages[0])
        taken.add(question.key)
    if problems:
        raise DraftProblems(problems)
    place = {"title": section.title, "position": survey.sections.count() + 1}
    row, _ = SectionRow.objects.get_or_create(survey=survey, key=section.key, defaults=place)
    for position, question in enumerate(section.questions, start=row.questions.count() + 1):
        _write(row, question, position, survey.languages[0], accepted.made(question.key, by))


def _problems(question: sketch.Question, taken: set[str], language: str) -> list[str]:
    if question.key in taken:
        return [f"A question with the key “{question.key}” is in the guide already: change the key."]
    try:
        guide.Question.model_validate(_plain(question) | {"options": _values(question), "wordings": {language: _wording(question)}})
    except ValidationError as error:
        return [f"“{question.key}”: {sentence}" for sentence in guide_yaml.sentences(error)]
    return []


def _write(section: SectionRow, question: sketch.Question, position: int, language: str, made: dict[str, Any]) -> None:
    options, wording = "\n".join(_values(question)), _wording(question)
    row = Question.objects.create(section=section, position=position, options=options, **_plain(question))
    said = wording | {"probes": "\n".join(wording["probes"]), "options": "\n".join(wording["options"])}
    Wording.objects.create(question=row, language=language, **said, **made)


def _plain(question: sketch.Question) -> dict[str, Any]:
    budget = 2 if question.kind is guide.Kind.OPEN else 0
    return question.model_dump(mode="json", include={"key", "kind", "learn", "minimum", "maximum"}) | {"probe_budget": budget}


def _values(question: sketch.Question) -> list[str]:
    return [" ".join(option.value.split()) for option in question.options]


def _wording(question: sketch.Question) -> dict[str, Any]:
    lines = {"probes": question.probes, "options": [option.label for option in question.options]}
    joined = {field: [" ".join(line.split()) for line in each if line.strip()] for field, each in lines.items()}
    return question.model_dump(include={"text", "low", "high"}) | joined


def _unwritten() -> dict[str, Any]:
    return authorship(SurveyText())
