"""What stands behind a number: the people counted, and the words they were counted for."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from analysis import wording
from analysis.aggregates import EVERYONE, facts_of
from analysis.codebook import CodebookDocument
from analysis.highlight import Excerpt, excerpt
from analysis.links import turn_url
from analysis.models import Fact, Quote, Translation
from analysis.privacy.masked import plain, shown_of
from analysis.privacy.masking import Shown
from interviewer.models import Turn
from surveys.languages import direction, name
from surveys.models import Survey

PER_PAGE = 25
UNDETERMINED = "und"


@dataclass(frozen=True)
class Words:
    """A text's language, for the page that shows it."""

    language: str
    name: str
    dir: str


@dataclass(frozen=True)
class QuoteView:
    excerpt: Excerpt
    words: Words
    translation: str
    untranslated: bool
    url: str


@dataclass(frozen=True)
class CodeView:
    label: str
    coder: str
    is_person: bool
    confidence: str
    quotes: tuple[QuoteView, ...]


@dataclass(frozen=True)
class PersonView:
    interview: int
    url: str
    country: str
    language: str
    codes: tuple[CodeView, ...]


def words_in(turn: Turn, declared: str) -> Words:
    """The language detected in a turn, or the interview's where it could not be told."""
    detected = getattr(turn, "language", None)  # a turn that was not looked at has none
    code = detected.language if detected and detected.language != UNDETERMINED else declared
    return Words(code, name(code), direction(code))


def foreign(language: str, analysis_language: str) -> bool:
    return language.split("-")[0] != analysis_language.split("-")[0]


def people(
    survey: Survey, *, dimension: str, code: str, country: str | None, origins: Collection[str], page: str | None, base: str = EVERYONE
) -> "Page[int]":
    """The interviews counted: with the code, or with any code of the dimension where `code` is empty; of one country or of all."""
    facts = _facts(survey, dimension, code, origins, base)
    if country is not None:
        facts = facts.filter(country=country)
    interviews = facts.order_by("interview_id").values_list("interview_id", flat=True).distinct()
    return Paginator(interviews, PER_PAGE).get_page(page)


def countries(survey: Survey, *, dimension: str, code: str, origins: Collection[str], base: str = EVERYONE) -> list[str]:
    return sorted(_facts(survey, dimension, code, origins, base).order_by().values_list("country", flat=True).distinct(), key=wording.country)


def _facts(survey: Survey, dimension: str, code: str, origins: Collection[str], base: str) -> QuerySet[Fact]:
    facts = facts_of(survey, origins, base).filter(dimension=dimension)
    return facts.filter(code=code) if code else facts


def entries(survey: Survey, document: CodebookDocument, interviews: Iterable[int], *, dimension: str, code: str) -> tuple[PersonView, ...]:
    """What is known of each of these interviews in the dimension, with its quotes, in four queries however many there are."""
    facts = Fact.objects.filter(interview__in=list(interviews), dimension=dimension).select_related("coding__coder__user", "interview")
    facts = facts.filter(code=code) if code else facts
    by_interview: dict[int, list[Fact]] = defaultdict(list)
    for fact in facts.order_by("interview_id", "code"):
        by_interview[fact.interview_id].append(fact)
    quotes = _quotes([fact.coding_id for group in by_interview.values() for fact in group])
    translations = _translations(survey, quotes)
    shown = shown_of({quote.turn for group in quotes.values() for quote in group})
    label = document.dimension(dimension).label
    return tuple(
        PersonView(
            interview=interview,
            url=turn_url(survey, interview),
            country=wording.country(group[0].country),
            language=name(group[0].language),
            codes=tuple(_code(survey, label(fact.code), fact, quotes[fact.coding_id], translations, shown) for fact in group),
        )
        for interview, group in by_interview.items()
    )


def _quotes(codings: list[int]) -> dict[int, list[Quote]]:
    found: dict[int, list[Quote]] = defaultdict(list)
    for quote in Quote.objects.filter(coding__in=codings).select_related("turn__language").order_by("turn__number", "start"):
        found[quote.coding_id].append(quote)
    return found


def _translations(survey: Survey, quotes: dict[int, list[Quote]]) -> dict[int, str]:
    turns = {quote.turn_id for group in quotes.values() for quote in group}
    return dict(Translation.objects.filter(turn__in=turns, language=survey.analysis_language).values_list("turn_id", "text"))


def _code(survey: Survey, label: str, fact: Fact, quotes: list[Quote], translations: dict[int, str], shown: dict[int, Shown]) -> CodeView:
    coding = fact.coding
    return CodeView(
        label=label,
        coder=str(coding.coder),
        is_person=coding.coder.user_id is not None,
        confidence="" if coding.confidence is None else f"{coding.confidence:.2f}",
        quotes=tuple(_quote(survey, quote, fact.interview.language, translations, shown[quote.turn_id]) for quote in quotes),
    )


def _quote(survey: Survey, quote: Quote, declared: str, translations: dict[int, str], shown: Shown) -> QuoteView:
    words = words_in(quote.turn, declared)
    translation = plain(translations.get(quote.turn_id, ""))
    return QuoteView(
        excerpt=excerpt(shown.text, *shown.to_shown(quote.start, quote.end)),
        words=words,
        translation=translation,
        untranslated=not translation and foreign(words.language, survey.analysis_language),
        url=turn_url(survey, quote.turn.interview_id, quote.turn.number),
    )
