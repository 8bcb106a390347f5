"""Which quotes may leave the system, and in which words: decided by a person, the newest decision on a span holds."""

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import OuterRef, QuerySet, Subquery

from analysis.aggregates import counted_origins
from analysis.models import Quote
from analysis.privacy.masked import names_in, plain, shown_of
from analysis.privacy.records import QuoteApproval
from interviewer.models import Turn
from surveys.models import Survey

Span = tuple[int, int, int]  # turn, start, end
Status = QuoteApproval.Status
LONGEST = 5000


class Refused(ValueError):
    """What was asked for cannot be done; the text says why."""


@dataclass(frozen=True)
class Approved:
    """A quote that may be shown to anyone. text: as approved, masked. codes: (dimension, code) that it is counted evidence of."""

    turn: int
    interview: int
    start: int
    end: int
    text: str
    is_reworded: bool
    country: str
    language: str
    codes: tuple[tuple[str, str], ...]


def newest(turns: Collection[int] | QuerySet[Turn]) -> dict[Span, QuoteApproval]:
    """The decision that holds, by span."""
    found: dict[Span, QuoteApproval] = {}
    for each in QuoteApproval.objects.filter(turn__in=turns).order_by("id"):
        found[(each.turn_id, each.start, each.end)] = each
    return found


def approved_quotes(survey: Survey, origins: Collection[str] | None = None) -> tuple[Approved, ...]:
    """All that anything public may read: no quote leaves by another way. Words that were struck or set aside are not among them."""
    last = QuoteApproval.objects.filter(turn=OuterRef("turn"), start=OuterRef("start"), end=OuterRef("end")).order_by("-id").values("pk")[:1]
    rows = (
        QuoteApproval.objects.filter(survey=survey, turn__strike=None, turn__interview__set_aside=None)
        .filter(turn__interview__participant__origin__in=counted_origins(survey) if origins is None else origins)
        .filter(pk=Subquery(last), status=Status.APPROVED)
        .select_related("turn__interview__participant")
        .order_by("turn__interview_id", "turn__number", "start")
    )
    return _approved(list(rows))


def _approved(rows: list[QuoteApproval]) -> tuple[Approved, ...]:
    turns = {row.turn for row in rows}
    shown, told = shown_of(turns), names_in({turn.interview_id for turn in turns})
    codes: dict[Span, list[tuple[str, str]]] = {}
    counted = Quote.objects.filter(turn__in=turns, coding__facts__isnull=False).order_by("coding__dimension", "coding__code")
    for turn, start, end, dimension, code in counted.values_list("turn", "start", "end", "coding__dimension", "coding__code"):
        codes.setdefault((turn, start, end), []).append((dimension, code))
    return tuple(
        Approved(
            turn=row.turn_id,
            interview=row.turn.interview_id,
            start=row.start,
            end=row.end,
            text=plain(row.wording, told[row.turn.interview_id]) or shown[row.turn_id].part(row.start, row.end),
            is_reworded=bool(row.wording),
            country=row.turn.interview.participant.country,
            language=row.turn.interview.language,
            codes=tuple(dict.fromkeys(codes.get((row.turn_id, row.start, row.end), ()))),
        )
        for row in rows
    )


def decide(quote: Quote, status: Status, *, wording: str, reason: str, by: User) -> QuoteApproval:
    """Raises Refused."""
    wording, reason = wording.strip(), reason.strip()
    if status is Status.REFUSED and not reason:
        raise Refused("Say why it is refused.")
    if len(wording) > LONGEST:
        raise Refused("The wording is too long.")
    turn = quote.turn
    words = shown_of([turn])[turn.pk].part(quote.start, quote.end)
    return QuoteApproval.objects.create(
        survey_id=turn.interview.participant.survey_id,
        turn=turn,
        start=quote.start,
        end=quote.end,
        status=status,
        wording="" if wording == words else wording,
        reason=reason[:500],
        by=by,
        by_name=by.get_username(),
    )


def propose(quote: Quote, wording: str, model: str) -> QuoteApproval:
    """A model's wording, for a person to decide on. Until they do, the quote does not leave."""
    return QuoteApproval.objects.create(
        survey_id=quote.turn.interview.participant.survey_id,
        turn=quote.turn,
        start=quote.start,
        end=quote.end,
        status=Status.PROPOSED,
        wording=wording[:LONGEST],
        by_name=model[:150],
    )
