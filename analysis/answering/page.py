"""What the pages of answers show: each question with its newest answer, the counts behind it, the quotes for and against."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.urls import reverse

from analysis import wording
from analysis.answering import beginning, counting
from analysis.answering.records import Answer, Inquiry, Reading, ReadingQuote, Side, Stance
from analysis.background.records import Piece
from analysis.evidence import Words, words_in
from analysis.induction.page import Progress
from analysis.links import UNSTATED_PARAMETER, turn_url
from analysis.privacy.masked import shown_of
from analysis.privacy.masking import Shown
from surveys.models import Survey

PER_PAGE, MOST_QUOTES = 50, 12
NAMES: Mapping[str, Mapping[str, str]] = {
    Inquiry.Kind.HYPOTHESIS: {"for": "Supports it", "against": "Contradicts it", "mixed": "Both", "silent": "Silent"},
    Inquiry.Kind.QUESTION: {"for": "Answers it", "against": "Denies what it assumes", "mixed": "Both", "silent": "Silent"},
}


@dataclass(frozen=True)
class Cell:
    n: int
    share: str
    interval: str
    url: str


@dataclass(frozen=True)
class RowView:
    name: str
    asked: int
    url: str
    cells: tuple[Cell, ...]
    left: str


@dataclass(frozen=True)
class QuoteView:
    ref: str
    text: str
    words: Words
    about: str
    url: str


@dataclass(frozen=True)
class SentenceView:
    text: str
    cites: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class AnswerView:
    row: Answer
    progress: Progress
    stale: tuple[str, ...]
    answer: tuple[SentenceView, ...]
    counter: tuple[SentenceView, ...]
    columns: tuple[str, ...]
    counts: tuple[RowView, ...]
    quotes_for: tuple[QuoteView, ...]
    quotes_against: tuple[QuoteView, ...]
    dropped: int
    silent_on_counter: bool

    @property
    def parts(self) -> tuple[tuple[str, tuple[SentenceView, ...]], ...]:
        return ("What the interviews show", self.answer), ("What speaks against it, or limits it", self.counter)

    @property
    def sides(self) -> tuple[tuple[str, str, tuple[QuoteView, ...]], ...]:
        return ("Quotes for it", "for", self.quotes_for), ("Quotes against it", "against", self.quotes_against)

    @property
    def draft(self) -> str:
        return self.row.wording or " ".join(each.text for each in (*self.answer, *self.counter))


@dataclass(frozen=True)
class ReadingView:
    interview: int
    url: str
    about: str
    stance: str
    quotes: tuple[QuoteView, ...]


def progress(answer: Answer) -> Progress:
    counts = Counter(answer.pieces.values_list("status", flat=True))
    done, failed = counts[Piece.Status.DONE], counts[Piece.Status.FAILED]
    return Progress(answer.status, answer.get_status_display(), answer.reason, done, failed, counts.total(), 0)


def view(survey: Survey, answer: Answer) -> AnswerView:
    rows = counting.rows(answer)
    quotes = ReadingQuote.objects.filter(reading__answer=answer, reading__interview__set_aside=None)
    cited = list(quotes.exclude(ref="").select_related("turn__language", "reading__interview__participant"))
    shown = shown_of({each.turn for each in cited})
    views = {each.ref: _quote(survey, each, shown) for each in cited}
    links = {f"N{at}": readings_url(survey, answer, country=row.country) for at, row in enumerate(rows, start=1)}
    links |= {ref: each.url for ref, each in views.items()}
    sentences = {part: tuple(_sentence(each, links) for each in answer.sentences if each["part"] == part) for part in ("answer", "counter")}
    by_side = {
        side: _by_number([each for each in views.values() if each.ref[0] == letter]) for side, letter in ((Side.FOR, "F"), (Side.AGAINST, "A"))
    }
    return AnswerView(
        row=answer,
        progress=progress(answer),
        stale=beginning.stale(survey, answer),
        answer=sentences["answer"],
        counter=sentences["counter"],
        columns=tuple(NAMES[answer.asked["kind"]].values()),
        counts=tuple(_row(survey, answer, row) for row in rows),
        quotes_for=by_side[Side.FOR][:MOST_QUOTES],
        quotes_against=by_side[Side.AGAINST][:MOST_QUOTES],
        dropped=sum(answer.pieces.values_list("dropped", flat=True)),
        silent_on_counter=bool(by_side[Side.AGAINST]) and not sentences["counter"],
    )


def _by_number(quotes: list[QuoteView]) -> tuple[QuoteView, ...]:
    return tuple(sorted(quotes, key=lambda each: int(each.ref[1:])))


def _sentence(sentence: Mapping[str, Any], links: Mapping[str, str]) -> SentenceView:
    return SentenceView(sentence["text"], tuple((ref, links[ref]) for ref in sentence["cites"] if ref in links))


def _row(survey: Survey, answer: Answer, row: counting.Row) -> RowView:
    cells = []
    for stance in Stance:
        share = row.share(stance)
        url = readings_url(survey, answer, stance=stance.value, country=row.country)
        cells.append(Cell(share.k, wording.percent(share.share, share.n), wording.interval(share), url))
    left = ", ".join(f"{n} {name}" for n, name in ((row.not_reached, "not reached"), (row.not_asked, "not asked")) if n)
    name = "Everywhere" if row.country is None else wording.country(row.country)
    return RowView(name, row.asked, readings_url(survey, answer, country=row.country), tuple(cells), left)


def readings_url(survey: Survey, answer: Answer, *, stance: str = "", country: str | None = None) -> str:
    asked = ({"stance": stance} if stance else {}) | ({} if country is None else {"country": country or UNSTATED_PARAMETER})
    address = reverse("analysis:readings", args=[survey.slug, answer.inquiry_id, answer.number])
    return f"{address}?{urlencode(asked)}" if asked else address


def readings(survey: Survey, answer: Answer, *, stance: str, country: str | None, page: str | None) -> tuple["Page[Any]", tuple[ReadingView, ...]]:
    """Those that were asked and read, and speak so where a stance is named."""
    found = answer.pieces.filter(status=Piece.Status.DONE, interview__set_aside=None).exclude(stance="")
    if stance:
        found = found.filter(stance=stance)
    if country is not None:
        found = found.filter(interview__participant__country=country)
    rows = found.select_related("interview__participant").prefetch_related("quotes__turn__language", "quotes__reading__interview__participant")
    of_page = Paginator(rows.order_by("interview"), PER_PAGE).get_page(page)
    shown = shown_of({quote.turn for row in of_page.object_list for quote in row.quotes.all()})
    return of_page, tuple(_reading(survey, answer, row, shown) for row in of_page.object_list)


def _reading(survey: Survey, answer: Answer, row: Reading, shown: Mapping[int, Shown]) -> ReadingView:
    return ReadingView(
        interview=row.interview_id,
        url=turn_url(survey, row.interview_id),
        about=wording.country(row.interview.participant.country),
        stance=NAMES[answer.asked["kind"]][row.stance],
        quotes=tuple(_quote(survey, each, shown) for each in row.quotes.all()),
    )


def _quote(survey: Survey, quote: ReadingQuote, shown: Mapping[int, Shown]) -> QuoteView:
    interview = quote.reading.interview
    words = words_in(quote.turn, quote.turn.held_in or interview.language)
    about = f"{wording.country(interview.participant.country)} · {words.name}"
    return QuoteView(quote.ref, shown[quote.turn_id].part(quote.start, quote.end), words, about, turn_url(survey, interview.pk, quote.turn.number))
