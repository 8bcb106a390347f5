"""The units behind a figure: what each coder gave, and the participant's words it was given for."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Q

from analysis.codebook import Dimension
from analysis.evidence import Words, foreign, words_in
from analysis.links import turn_url
from analysis.models import Translation
from analysis.privacy.masked import plain, shown_of
from analysis.reliability.comparing import Unit
from analysis.sampling.records import HumanCoding
from analysis.wording import country
from interviewer.models import Turn
from surveys.languages import name
from surveys.models import Survey

PER_PAGE = 25


@dataclass(frozen=True)
class Said:
    text: str
    words: Words
    translation: str
    untranslated: bool
    url: str


@dataclass(frozen=True)
class GivenBy:
    coder: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    interview: int
    url: str
    country: str
    language: str
    given: tuple[GivenBy, ...]
    said: tuple[Said, ...]


def open_for(user_id: int, dimension: str) -> set[int]:
    """Interviews that this person has still to code in the dimension: they are not shown what others gave."""
    mine = HumanCoding.objects.filter(coder=user_id, dimension=dimension, adjudicates=False).exclude(status=HumanCoding.Status.DONE)
    return set(mine.values_list("unit__interview_id", flat=True))


def page_of(units: Iterable[Unit], code: str, *, every: bool, page: str | None) -> "Page[Unit]":
    return Paginator([unit for unit in units if every or unit.differs(code)], PER_PAGE).get_page(page)


def entries(survey: Survey, dimension: Dimension, units: Sequence[Unit]) -> tuple[Entry, ...]:
    """Three queries."""
    said = _said(survey, dimension, [unit.interview for unit in units])
    return tuple(
        Entry(
            interview=unit.interview,
            url=turn_url(survey, unit.interview),
            country=country(unit.country),
            language=name(unit.language),
            given=tuple(
                GivenBy(coder, tuple(dimension.label(key) for key in dimension.code_keys if key in codes)) for coder, codes in unit.given.items()
            ),
            said=tuple(said[unit.interview]),
        )
        for unit in units
    )


def _said(survey: Survey, dimension: Dimension, interviews: list[int]) -> dict[int, list[Said]]:
    """The answers to the dimension's questions; where turns belong to no question, all that was said."""
    wanted = Q(question_key__in=[*dimension.questions, ""]) if dimension.questions else Q()
    turns = Turn.objects.filter(wanted, interview__in=interviews, role=Turn.Role.PARTICIPANT).exclude(text="")
    rows = list(turns.select_related("language", "interview").order_by("interview_id", "number"))
    translated = dict(Translation.objects.filter(turn__in=rows, language=survey.analysis_language).values_list("turn_id", "text"))
    shown = shown_of(rows)
    found: dict[int, list[Said]] = defaultdict(list)
    for turn in rows:
        words, translation = words_in(turn, turn.interview.language), plain(translated.get(turn.pk, ""))
        untranslated = not translation and foreign(words.language, survey.analysis_language)
        found[turn.interview_id].append(Said(shown[turn.pk].text, words, translation, untranslated, turn_url(survey, turn.interview_id, turn.number)))
    return found
