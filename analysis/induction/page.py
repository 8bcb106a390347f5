"""What the pages of induction show: where a round stands, its candidates with their evidence, and its curves of saturation."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q

from analysis import wording
from analysis.background.records import Piece, Status
from analysis.codebook import Code
from analysis.evidence import Words, words_in
from analysis.induction.advice import FEWEST, advise
from analysis.induction.records import Candidate, Proposal, ProposalQuote, Round, RoundInterview
from analysis.induction.saturation import Chao2, Incidence, Point, chao2, curve
from analysis.links import turn_url
from analysis.privacy.masked import shown_of
from analysis.privacy.masking import Shown
from surveys.models import Survey

MOST_QUOTES = 4
WIDTH, HEIGHT = 600, 200
TOLD = (1, 2, 3, 5, 10, 15, 20, 30, 40, 60, 80, 100, 150, 200, 300, 500, 1000)
TAKEN = ("proposed", "accepted")


@dataclass(frozen=True)
class Progress:
    status: str
    label: str
    reason: str
    done: int
    failed: int
    total: int
    uncompared: int

    @property
    def going_on(self) -> bool:
        return self.status in (Status.WAITING, Status.RUNNING)

    @property
    def percent(self) -> int:
        return round(100 * (self.done + self.failed) / self.total) if self.total else 100


@dataclass(frozen=True)
class QuoteView:
    text: str
    words: Words
    about: str
    url: str


@dataclass(frozen=True)
class CandidateView:
    row: Candidate
    parent: str
    existing: str
    interviews: int
    countries: str
    quotes: tuple[QuoteView, ...]
    merged: tuple[str, ...]


@dataclass(frozen=True)
class Saturation:
    """A curve as a picture and a table. line, band: for SVG, in a frame of WIDTH by HEIGHT. estimate: None below the fewest interviews."""

    place: str
    interviews: int
    codes: int
    estimate: Chao2 | None
    advice: str
    line: str
    band: str
    rows: tuple[Point, ...]
    top: int


def progress(round_: Round) -> Progress:
    counts = Counter(round_.pieces.values_list("status", flat=True))
    uncompared = Proposal.objects.filter(piece__round=round_, candidate=None).count()
    done, failed = counts[Piece.Status.DONE], counts[Piece.Status.FAILED]
    return Progress(round_.status, round_.get_status_display(), round_.reason, done, failed, counts.total(), uncompared)


def candidates(survey: Survey, round_: Round) -> tuple[CandidateView, ...]:
    """Held by most interviews first; what is refused or merged last."""
    rows = list(Candidate.objects.filter(round=round_).select_related("parent", "merged_into", "edited_by"))
    home = {row.pk: row.merged_into_id or row.pk for row in rows}
    held: dict[int, list[Proposal]] = defaultdict(list)
    proposals = _proposals(round_)
    shown = shown_of({quote.turn for each in proposals for quote in each.quotes.all()})
    for proposal in proposals:
        if proposal.candidate_id is not None:
            held[home[proposal.candidate_id]].append(proposal)
    labels = {code.key: code.label for code in _present_codes(round_)}
    merged = {row.pk: tuple(each.label for each in rows if each.merged_into_id == row.pk) for row in rows}
    views = [_view(survey, row, held[row.pk], labels, merged[row.pk], shown) for row in rows]
    return tuple(sorted(views, key=lambda view: (view.row.status not in TAKEN, -view.interviews, view.row.label)))


def _present_codes(round_: Round) -> tuple[Code, ...]:
    document = round_.codebook.document if round_.codebook else None
    dimension = next((each for each in document.dimensions if each.key == round_.dimension), None) if document else None
    return dimension.codes if dimension else ()


def _proposals(round_: Round) -> list[Proposal]:
    quotes = Prefetch("quotes", ProposalQuote.objects.select_related("turn__language"))
    found = Proposal.objects.filter(piece__round=round_, piece__interview__set_aside=None).order_by("piece", "pk")
    return list(found.select_related("piece__interview__participant").prefetch_related(quotes))


def _view(
    survey: Survey, row: Candidate, held: Sequence[Proposal], labels: Mapping[str, str], merged: tuple[str, ...], shown: Mapping[int, Shown]
) -> CandidateView:
    by_interview = {each.piece.interview_id: each.piece.interview for each in held}
    countries = Counter(interview.participant.country for interview in by_interview.values())
    return CandidateView(
        row=row,
        parent=row.parent.label if row.parent else "",
        existing=labels.get(row.existing, row.existing),
        interviews=len(by_interview),
        countries=", ".join(f"{wording.country(country)} {n}" for country, n in sorted(countries.items(), key=lambda item: (-item[1], item[0]))),
        quotes=tuple(_quotes(survey, held, shown)),
        merged=merged,
    )


def _quotes(survey: Survey, held: Sequence[Proposal], shown: Mapping[int, Shown]) -> list[QuoteView]:
    """One of each interview first, from as many countries as there are."""
    seen: Counter[str] = Counter()
    ranked = []
    for proposal in held:
        for at, quote in enumerate(proposal.quotes.all()):
            country = proposal.piece.interview.participant.country
            seen[country] += 1
            ranked.append((at, seen[country], proposal.piece.interview, quote))
    ranked.sort(key=lambda each: each[:2])
    views = []
    for _, _, interview, quote in ranked[:MOST_QUOTES]:
        words = words_in(quote.turn, quote.turn.held_in or interview.language)
        about = f"{wording.country(interview.participant.country)} · {words.name}"
        views.append(QuoteView(shown[quote.turn_id].part(quote.start, quote.end), words, about, turn_url(survey, interview.pk, quote.turn.number)))
    return views


def saturation(round_: Round) -> tuple[Saturation, ...]:
    """Of all interviews read, then of each country with enough of them. A refused code is no code; a merged one is what it was merged into."""
    units = _units(round_)
    groups: dict[str, list[frozenset[int]]] = defaultdict(list)
    for country, codes in units:
        groups[country].append(codes)
    found = [_saturation("", [codes for _, codes in units], round_.seed)] if units else []
    for country, codes_of in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        if len(groups) > 1 and len(codes_of) >= FEWEST:
            found.append(_saturation(wording.country(country), codes_of, round_.seed))
    return tuple(found)


def _units(round_: Round) -> list[tuple[str, frozenset[int]]]:
    """Country and codes of each interview read, in an order that does not depend on how they are numbered."""
    home = dict(
        Candidate.objects.filter(round=round_).exclude(Q(status="refused") | Q(merged_into__status="refused")).values_list("pk", "merged_into")
    )
    codes: dict[int, set[int]] = defaultdict(set)
    for piece, candidate in Proposal.objects.filter(piece__round=round_).values_list("piece", "candidate"):
        if candidate in home:
            codes[piece].add(home[candidate] or candidate)
    pieces = RoundInterview.objects.filter(round=round_, status=Piece.Status.DONE, interview__set_aside=None)
    rows = [(country, frozenset(codes[pk])) for pk, country in pieces.values_list("pk", "interview__participant__country")]
    return sorted(rows, key=lambda row: (row[0], sorted(row[1])))


def _saturation(place: str, interviews: Sequence[frozenset[int]], seed: int) -> Saturation:
    found, points = Incidence.of(interviews), curve(interviews, seed=seed)
    top = max(1, found.seen)
    return Saturation(
        place=place,
        interviews=found.units,
        codes=found.seen,
        estimate=chao2(found) if found.units >= FEWEST else None,
        advice=advise(found, place),
        line=_path([(point.t, point.mean) for point in points], found.units, top),
        band=_path([(p.t, p.high) for p in points] + [(p.t, p.low) for p in reversed(points)], found.units, top),
        rows=tuple(point for point in points if point.t in TOLD or point.t == found.units),
        top=top,
    )


def _path(points: Sequence[tuple[int, float]], last: int, top: int) -> str:
    return " ".join(f"{t / last * WIDTH:.1f},{HEIGHT - codes / top * HEIGHT:.1f}" for t, codes in points)
