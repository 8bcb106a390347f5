"""The page of quality labels: asked of how many, answered how, by question, country and language; each number opens what it counts."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.urls import reverse

from analysis import wording
from analysis.aggregates import Share
from analysis.links import UNSTATED_PARAMETER, turn_url
from analysis.privacy.masked import shown_of
from analysis.privacy.masking import Shown
from analysis.quality.labels import MEANINGS, OVERALL_MEANINGS, PUT, Label, Overall
from analysis.quality.records import AnswerQuality, InterviewQuality, Placed
from surveys.languages import name
from surveys.models import Survey

PER_PAGE = 50
BY = {"country": "Country", "language": "Language"}


@dataclass(frozen=True)
class Cell:
    n: int
    url: str


@dataclass(frozen=True)
class Row:
    """asked: people it was put to and who could answer. share: of those, with a substantive answer."""

    name: str
    cells: tuple[Cell, ...]
    asked: int
    share: str
    interval: str
    url: str


@dataclass(frozen=True)
class OverallRow:
    label: str
    meaning: str
    n: int
    share: str
    interval: str
    url: str


@dataclass(frozen=True)
class QualityPage:
    labels: tuple[tuple[str, str], ...]
    questions: tuple[Row, ...]
    groups: tuple[Row, ...]
    question: str
    by: str
    by_title: str
    choices: tuple[tuple[str, str, bool], ...]
    overall: tuple[OverallRow, ...]
    labelled: int
    coders: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Wanted:
    """Whose answers to open: all of a survey's that fit what is not empty; country None is any, '' is not stated."""

    question: str = ""
    label: str = ""
    country: str | None = None
    language: str = ""
    overall: str = ""


@dataclass(frozen=True)
class AnswerRow:
    interview: int
    url: str
    about: str
    question: str = ""
    label: str = ""
    quote: str = ""
    reason: str = ""
    coder: str = ""


def counted(survey: Survey, origins: Collection[str]) -> QuerySet[AnswerQuality]:
    """Without the interviews that a person has set aside."""
    return AnswerQuality.objects.filter(survey=survey, origin__in=origins, interview__set_aside=None)


def interviews(survey: Survey, origins: Collection[str]) -> QuerySet[InterviewQuality]:
    return InterviewQuality.objects.filter(survey=survey, origin__in=origins, interview__set_aside=None)


def read(survey: Survey, origins: Collection[str], *, question: str, by: str) -> QualityPage:
    """An unknown question is the first; an unknown `by` is the country."""
    by = by if by in BY else "country"
    found = counted(survey, origins)
    table = _by_question(found)
    keys = _in_order(survey, table)
    question = question if question in table else next(iter(keys), "")
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for group, label, n in found.filter(question=question).order_by().values_list(by, "label").annotate(n=Count("pk")):
        groups[group][label] = n
    largest = sorted(groups, key=lambda group: (group == "", -groups[group].total(), group))
    page_url = reverse("analysis:quality", args=[survey.slug])
    return QualityPage(
        labels=tuple((label.value.replace("_", " "), MEANINGS[label]) for label in Label),
        questions=tuple(_question(survey, key, table[key], by) for key in keys),
        groups=tuple(_group(survey, by, group, groups[group], question) for group in largest),
        question=question,
        by=by,
        by_title=BY[by],
        choices=tuple((title, f"{page_url}?{urlencode({'question': question, 'by': each})}#groups", each == by) for each, title in BY.items()),
        overall=_overall(survey, origins),
        labelled=interviews(survey, origins).count(),
        coders=tuple(_coders(found)),
    )


def asked_of(survey: Survey, origins: Collection[str]) -> tuple[Row, ...]:
    """For each question how many it was put to, and how many of them answered substantively."""
    table = _by_question(counted(survey, origins))
    return tuple(_question(survey, key, table[key], "country") for key in _in_order(survey, table))


def _by_question(found: QuerySet[AnswerQuality]) -> dict[str, Counter[str]]:
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for key, label, n in found.order_by().values_list("question", "label").annotate(n=Count("pk")):
        table[key][label] = n
    return table


def _question(survey: Survey, key: str, labels: Mapping[str, int], by: str) -> Row:
    url = f"{reverse('analysis:quality', args=[survey.slug])}?{urlencode({'question': key, 'by': by})}#groups"
    return _row(survey, key, labels, url, question=key)


def _coders(found: QuerySet[AnswerQuality]) -> list[tuple[str, int]]:
    rows = found.order_by().values_list("coder__model", "coder__prompt_version").annotate(n=Count("interview", distinct=True))
    return sorted((f"{model} · {prompt}", n) for model, prompt, n in rows)


def _in_order(survey: Survey, known: Collection[str]) -> list[str]:
    """As the newest guide has them; those of older guides after."""
    version = survey.current_version
    newest = [question.key for question in version.guide.questions] if version and version.content else []
    return [key for key in newest if key in known] + sorted(key for key in known if key not in newest)


def _group(survey: Survey, by: str, group: str, labels: Mapping[str, int], question: str) -> Row:
    title = wording.country(group) if by == "country" else name(group)
    place = {"country": group or UNSTATED_PARAMETER} if by == "country" else {"language": group}
    return _row(survey, title, labels, answers_url(survey, question=question, **place), question=question, **place)


def _row(survey: Survey, title: str, labels: Mapping[str, int], url: str, **asked: str) -> Row:
    put = sum(labels.get(label.value, 0) for label in PUT)
    share = Share("substantive", labels.get(Label.SUBSTANTIVE.value, 0), put)
    return Row(
        name=title,
        cells=tuple(Cell(labels.get(label.value, 0), answers_url(survey, label=label.value, **asked)) for label in Label),
        asked=put,
        share=wording.percent(share.share, put),
        interval=wording.interval(share),
        url=url,
    )


def _overall(survey: Survey, origins: Collection[str]) -> tuple[OverallRow, ...]:
    found: dict[str, int] = dict(interviews(survey, origins).order_by().values_list("label").annotate(n=Count("pk")))
    n = sum(found.values())
    shares = {label: Share(label.value, found.get(label.value, 0), n) for label in Overall}
    return tuple(
        OverallRow(
            label.value.replace("_", " "),
            OVERALL_MEANINGS[label],
            share.k,
            wording.percent(share.share, n),
            wording.interval(share),
            answers_url(survey, overall=label.value),
        )
        for label, share in shares.items()
    )


def answers_url(survey: Survey, **asked: str) -> str:
    return f"{reverse('analysis:quality_answers', args=[survey.slug])}?{urlencode(asked)}"


def answers(survey: Survey, origins: Collection[str], wanted: Wanted, page: str | None) -> tuple["Page[Any]", tuple[AnswerRow, ...]]:
    """The answers with a label; where whole interviews are asked for, those."""
    if wanted.overall:
        whole = Paginator(interviews(survey, origins).filter(label=wanted.overall).order_by("interview"), PER_PAGE).get_page(page)
        return whole, tuple(_interview(survey, row) for row in whole.object_list)
    exact = {"question": wanted.question, "label": wanted.label, "language": wanted.language}
    found = counted(survey, origins).filter(**{field: value for field, value in exact.items() if value})
    if wanted.country is not None:
        found = found.filter(country=wanted.country)
    shown = Paginator(found.select_related("turn", "coder").order_by("interview", "pk"), PER_PAGE).get_page(page)
    rows = list(shown.object_list)
    words = shown_of({row.turn for row in rows if row.turn})
    return shown, tuple(_answer(survey, row, words) for row in rows)


def _interview(survey: Survey, row: InterviewQuality) -> AnswerRow:
    said = f"{row.substantive} of {row.put} open questions put have a substantive answer."
    return AnswerRow(row.interview_id, turn_url(survey, row.interview_id), _about(row), reason=said)


def _answer(survey: Survey, row: AnswerQuality, words: Mapping[int, Shown]) -> AnswerRow:
    return AnswerRow(
        interview=row.interview_id,
        url=turn_url(survey, row.interview_id, row.turn.number if row.turn else None),
        about=_about(row),
        question=row.question,
        label=row.get_label_display(),
        quote=words[row.turn_id].part(row.start, row.end) if row.turn_id and row.quote else "",
        reason=row.reason,
        coder=str(row.coder),
    )


def _about(row: Placed) -> str:
    return f"{wording.country(row.country)} · {name(row.language)}"
