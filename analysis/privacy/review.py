"""The page of quotes to review: each with what may point to a person, a suggestion, and what was decided."""

from collections.abc import Collection
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from analysis import wording
from analysis.evidence import Words, foreign, words_in
from analysis.highlight import Excerpt, excerpt
from analysis.links import turn_url
from analysis.models import Fact, Quote, Translation
from analysis.privacy import approvals, crowd
from analysis.privacy.clues import Checked, check
from analysis.privacy.masked import plain, shown_of
from analysis.privacy.masking import Shown
from analysis.privacy.records import QuoteApproval
from surveys.languages import name
from surveys.models import Survey

PER_PAGE = 20
STATES = {"": "to be decided", "approved": "approved", "refused": "refused", "all": "all"}


@dataclass(frozen=True)
class Wanted:
    theme: str = ""  # dimension:code
    country: str = ""
    language: str = ""
    state: str = ""


@dataclass(frozen=True)
class Item:
    quote: int
    url: str
    excerpt: Excerpt
    words: Words
    translation: str
    themes: tuple[str, ...]
    profile: str
    checked: Checked
    decision: QuoteApproval | None
    wording: str


@dataclass(frozen=True)
class Review:
    page: "Page[int]"
    items: tuple[Item, ...]
    crowd: crowd.Crowd
    themes: tuple[tuple[str, str], ...]
    countries: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, str], ...]
    approved: int


def read(survey: Survey, origins: Collection[str], wanted: Wanted, page: str | None) -> Review:
    facts = Fact.objects.filter(survey=survey, origin__in=origins)
    shown = Paginator(_spans(facts, wanted), PER_PAGE).get_page(page)
    everyone = crowd.of(survey, origins)
    codebook = survey.codebooks.first()
    dimensions = codebook.document.dimensions if codebook else ()
    places = facts.order_by().values_list("country", flat=True).distinct()
    return Review(
        page=shown,
        items=_items(survey, list(shown.object_list), everyone),
        crowd=everyone,
        themes=tuple((f"{each.key}:{code.key}", f"{each.title}: {code.label}") for each in dimensions for code in each.codes if code.key != "none"),
        countries=tuple((code, wording.country(code)) for code in sorted(filter(None, places))),
        languages=tuple((code, name(code)) for code in sorted(facts.order_by().values_list("language", flat=True).distinct())),
        approved=len(approvals.approved_quotes(survey, origins)),
    )


def _spans(facts: "QuerySet[Fact]", wanted: Wanted) -> "QuerySet[Quote, int]":
    """One quote for each span that counted codings rest on."""
    dimension, _, code = wanted.theme.partition(":")
    exact = {"dimension": dimension, "code": code, "country": wanted.country, "language": wanted.language}
    counted = facts.filter(**{field: value for field, value in exact.items() if value})
    last = QuoteApproval.objects.filter(turn=OuterRef("turn"), start=OuterRef("start"), end=OuterRef("end")).order_by("-id").values("status")[:1]
    quotes = Quote.objects.filter(coding__in=counted.values("coding"), turn__interview__set_aside=None).annotate(decided=Subquery(last))
    if wanted.state in ("approved", "refused"):
        quotes = quotes.filter(decided=wanted.state)
    elif wanted.state != "all":
        quotes = quotes.filter(Q(decided=None) | Q(decided="proposed"))
    same = Quote.objects.filter(coding__in=counted.values("coding"), turn=OuterRef("turn"), start=OuterRef("start"), end=OuterRef("end"))
    return quotes.filter(~Exists(same.filter(pk__lt=OuterRef("pk")))).order_by("turn", "start", "end").values_list("pk", flat=True)


def _items(survey: Survey, ids: list[int], everyone: crowd.Crowd) -> tuple[Item, ...]:
    rows = Quote.objects.select_related("turn__language", "turn__interview__participant", "coding__codebook").in_bulk(ids)
    quotes = [rows[pk] for pk in ids if pk in rows]
    turns = {quote.turn for quote in quotes}
    shown, decided = shown_of(turns), approvals.newest({turn.pk for turn in turns})
    made = Translation.objects.filter(turn__in=turns, language=survey.analysis_language)
    translations = {turn: plain(text) for turn, text in made.values_list("turn_id", "text")}
    themes: dict[approvals.Span, list[str]] = {}
    for each in Quote.objects.filter(turn__in=turns, coding__facts__isnull=False).select_related("coding__codebook"):
        label = each.coding.codebook.document.dimension(each.coding.dimension).label(each.coding.code)
        themes.setdefault((each.turn_id, each.start, each.end), []).append(label)
    return tuple(_item(survey, each, shown[each.turn_id], translations.get(each.turn_id, ""), themes, everyone, decided) for each in quotes)


def _item(
    survey: Survey,
    quote: Quote,
    shown: Shown,
    translation: str,
    themes: dict[approvals.Span, list[str]],
    everyone: crowd.Crowd,
    decided: dict[approvals.Span, QuoteApproval],
) -> Item:
    interview, span = quote.turn.interview, (quote.turn_id, quote.start, quote.end)
    person = interview.participant
    country, words = wording.country(person.country), words_in(quote.turn, interview.language)
    said = shown.part(quote.start, quote.end)
    checked = check(
        said,
        country=country if person.country else "",
        k=everyone.k(person),
        people=everyone.people,
        context=translation if foreign(words.language, survey.analysis_language) else "",
    )
    decision = decided.get(span)
    return Item(
        quote=quote.pk,
        url=turn_url(survey, interview.pk, quote.turn.number),
        excerpt=excerpt(shown.text, *shown.to_shown(quote.start, quote.end)),
        words=words,
        translation=translation,
        themes=tuple(dict.fromkeys(themes.get(span, ()))),
        profile=" · ".join(filter(None, (country, person.age_band, plain(person.gender), plain(person.occupation)))),
        checked=checked,
        decision=decision,
        wording=plain(decision.wording) if decision and decision.wording else said,
    )
