"""How many interviews speak for and against, of those asked, overall and by country; and the quotes that an answer is written from."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from analysis import wording
from analysis.aggregates import Share
from analysis.answering.records import Answer, Reading, ReadingQuote, Side, Stance
from analysis.background.records import Piece
from analysis.material import digest
from analysis.privacy.masked import shown_of

MOST = 24  # quotes of each side
Reach = Reading.Reach


@dataclass(frozen=True)
class Row:
    """One country's readings, or everyone's (country None). asked: those reached and read, of whom shares are."""

    country: str | None
    stances: Counter[str]
    not_reached: int
    not_asked: int

    @property
    def asked(self) -> int:
        return self.stances.total()

    def share(self, stance: str) -> Share:
        return Share(stance, self.stances[stance], self.asked, self.country)

    @property
    def sentence(self) -> str:
        """As the model is given it."""
        place = "Everywhere" if self.country is None else wording.country(self.country)
        if not self.asked:
            return f"{place}: asked of 0."
        told = "; ".join(f"{stance.value} {wording.describe(self.share(stance))}" for stance in Stance)
        return f"{place}: asked of {self.asked}: {told}; not reached {self.not_reached}; not asked {self.not_asked}."


def rows(answer: Answer) -> tuple[Row, ...]:
    """Everyone first, then countries, most interviews first. Those set aside or not read are not among them."""
    stances: dict[str, Counter[str]] = defaultdict(Counter)
    reach: dict[str, Counter[str]] = defaultdict(Counter)
    done = answer.pieces.filter(status=Piece.Status.DONE, interview__set_aside=None)
    for country, reached, stance in done.values_list("interview__participant__country", "reach", "stance"):
        reach[country][reached] += 1
        if stance:
            stances[country][stance] += 1
    order = sorted(reach, key=lambda country: (-stances[country].total(), country))
    every = Row(None, sum(stances.values(), Counter()), _sum(reach.values(), Reach.NOT_REACHED), _sum(reach.values(), Reach.NOT_ASKED))
    return every, *(Row(each, stances[each], reach[each][Reach.NOT_REACHED], reach[each][Reach.NOT_ASKED]) for each in order)


def _sum(counts: Iterable[Counter[str]], key: str) -> int:
    return sum(each[key] for each in counts)


@dataclass(frozen=True)
class Told:
    """A quote with what an order by content needs. key: its own row."""

    key: int
    side: str
    country: str
    language: str
    text: str
    canonical: str


def quotes_of(answer: Answer) -> list[Told]:
    found = ReadingQuote.objects.filter(reading__answer=answer, reading__interview__set_aside=None)
    rows = list(found.select_related("turn", "reading__interview__participant"))
    shown = shown_of({row.turn for row in rows})
    return [
        Told(
            key=row.pk,
            side=row.side,
            country=row.reading.interview.participant.country,
            language=row.turn.held_in or row.reading.interview.language,
            text=shown[row.turn_id].part(row.start, row.end),
            canonical=digest([row.side, row.reading.interview.participant.country, row.turn.number, row.turn.text, row.start, row.end]),
        )
        for row in rows
    ]


def chosen(quotes: Collection[Told], most: int = MOST) -> dict[str, Told]:
    """F1, F2, … and A1, A2, …: of each side as many as an answer is written from, countries by turns, in an order that follows from content."""
    named: dict[str, Told] = {}
    for side, letter in ((Side.FOR, "F"), (Side.AGAINST, "A")):
        by_country: dict[str, list[Told]] = defaultdict(list)
        for quote in sorted((each for each in quotes if each.side == side), key=lambda each: each.canonical):
            by_country[quote.country].append(quote)
        in_turn = [each for rank in zip_longest(*(by_country[key] for key in sorted(by_country))) for each in rank if each]
        named |= {f"{letter}{at}": quote for at, quote in enumerate(in_turn[:most], start=1)}
    return named


def counts_of(found: Sequence[Row]) -> dict[str, str]:
    return {f"N{at}": row.sentence for at, row in enumerate(found, start=1)}
