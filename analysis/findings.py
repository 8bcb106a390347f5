"""What the findings page shows: the themes of each dimension ranked, and one dimension by country."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from math import ceil

from analysis import denominators, wording
from analysis.aggregates import EVERYONE, NOTHING, SUBSTANTIVE, UNSTATED, Counts, Share
from analysis.codebook import NONE, CodebookDocument, Dimension, Shape
from analysis.denominators import Reach
from analysis.links import Choice, people_url, theme_url
from analysis.maps.world import Scale, WorldMap, draw
from analysis.prevalence.page import Beside, beside
from analysis.suppression.hiding import POOLED
from surveys.models import Survey

People = Callable[[str, str], str]  # code and country → the address of the people behind the number; '' for who may not see them
SIDE_BY_SIDE = ("hopes", "fears")


@dataclass(frozen=True)
class Bar:
    """A theme as a row of a chart. Places are in thousandths of the chart's width. corrected: by people's codes of a sample, where there is one."""

    label: str
    definition: str
    count: str
    share: str
    interval: str
    width: int
    low: int
    high: int
    people_url: str
    map_url: str
    corrected: Beside | None
    hidden: bool


@dataclass(frozen=True)
class Chart:
    key: str
    title: str
    n: int
    bars: tuple[Bar, ...]
    several: bool
    top: str
    everyone_url: str
    asked: str


@dataclass(frozen=True)
class CountryRow:
    name: str
    n: int
    k: int | str
    share: str
    interval: str
    css: str
    url: str
    everyone_url: str
    asked: int | None


@dataclass(frozen=True)
class Cell:
    share: str
    interval: str
    css: str
    url: str


@dataclass(frozen=True)
class MatrixRow:
    name: str
    n: int
    url: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class ByCountry:
    """One dimension by country: the chosen code on the map and in a list, all its codes in a table."""

    dimension: Dimension
    label: str
    dimensions: tuple[Choice, ...]
    codes: tuple[Choice, ...]
    map: WorldMap
    rows: tuple[CountryRow, ...]
    columns: tuple[str, ...]
    matrix: tuple[MatrixRow, ...]
    unstated: int
    asked: str
    public: bool


def in_order(document: CodebookDocument) -> tuple[Dimension, ...]:
    """Hopes beside fears, if the codebook has both; then the others as they stand."""
    keys = [dimension.key for dimension in document.dimensions]
    first = SIDE_BY_SIDE if all(key in keys for key in SIDE_BY_SIDE) else ()
    return tuple(document.dimension(key) for key in first) + tuple(d for d in document.dimensions if d.key not in first)


def ranked(dimension: Dimension, counts: Counts) -> tuple[Share, ...]:
    """Every code of the codebook and every code given, the most frequent first and 'none' last; an ordinal dimension keeps its order."""
    codes = [*dimension.code_keys, *sorted(counts.codes - set(dimension.code_keys))]
    shares = [counts.share(code) for code in codes]
    if dimension.shape is Shape.ORDINAL:
        return tuple(shares)
    return tuple(sorted(shares, key=lambda share: (share.code == NONE, -share.k)))


def charts(
    survey: Survey,
    dimensions: Collection[Dimension],
    counted: Mapping[str, Counts],
    *,
    base: str = "",
    reached: Mapping[str, Mapping[str, Reach]] | None = None,
) -> tuple[Chart, ...]:
    """All charts on one scale, so that bars compare across them. reached: of dimensions that name questions, by country."""
    shares = {dimension.key: ranked(dimension, counted.get(dimension.key, NOTHING)) for dimension in dimensions}
    highest = max((share.high for ranking in shares.values() for share in ranking if share.n and not share.hidden), default=1.0)
    top = min(10, ceil(highest * 10)) / 10
    public = any(counts.public for counts in counted.values())
    corrected = {} if base or public else beside(survey, dimensions)
    return tuple(
        Chart(
            key=dimension.key,
            title=dimension.title,
            n=counted.get(dimension.key, NOTHING).n,
            bars=tuple(
                _bar(survey, dimension, share, top, base, corrected.get(dimension.key, {}).get(share.code), public) for share in shares[dimension.key]
            ),
            several=dimension.shape is Shape.MULTIPLE,
            top=wording.whole_percent(round(top * 100)),
            everyone_url="" if public else people_url(survey, dimension.key, base=base),
            asked=denominators.sentence(
                dimension, denominators.everywhere((reached or {}).get(dimension.key, {})), counted.get(dimension.key, NOTHING).n
            ),
        )
        for dimension in dimensions
    )


def _bar(survey: Survey, dimension: Dimension, share: Share, top: float, base: str, corrected: Beside | None, public: bool) -> Bar:
    def place(value: float) -> int:
        return round(value / top * 1000)

    return Bar(
        label=dimension.label(share.code),
        definition=next((code.definition for code in dimension.codes if code.key == share.code), ""),
        count=wording.HIDDEN if share.hidden else f"{share.k} of {share.n}",
        share=wording.percent(share.share, share.n),
        interval=wording.interval(share),
        width=place(share.share or 0),
        low=place(share.low),
        high=place(share.high),
        people_url="" if public else people_url(survey, dimension.key, share.code, base=base),
        map_url=theme_url(survey, dimension.key, share.code, base),
        corrected=corrected,
        hidden=share.hidden,
    )


def bases(survey: Survey, dimension: str, code: str, base: str) -> tuple[Choice, ...]:
    """What shares can be of, as addresses."""
    named = {EVERYONE: "all interviews", SUBSTANTIVE: "those with a substantive answer"}
    return tuple(Choice(label, theme_url(survey, dimension, code, key).removesuffix("#by-country"), key == base) for key, label in named.items())


def by_country(
    survey: Survey,
    dimension: Dimension,
    code: str,
    dimensions: Collection[Dimension],
    counts: Counts,
    *,
    base: str = "",
    reached: Mapping[str, Reach] | None = None,
) -> ByCountry:
    """`code` may be empty: then the most frequent one is shown. reached: of a dimension that names questions."""
    ranking = ranked(dimension, counts)
    chosen = code if code in {share.code for share in ranking} else max(ranking, key=lambda share: (share.code != NONE, share.k)).code
    shares = [counts.share(chosen, country) for country in counts.countries]
    by_share = sorted(shares, key=lambda share: (share.country in (UNSTATED, POOLED), -(share.share or 0), -share.n))
    scale = Scale.of([share for share in shares if share.country != UNSTATED])

    def people(code: str, country: str) -> str:
        return "" if counts.public else people_url(survey, dimension.key, code, country, base)

    return ByCountry(
        dimension=dimension,
        label=dimension.label(chosen),
        dimensions=tuple(Choice(d.title, theme_url(survey, d.key, base=base), d.key == dimension.key) for d in dimensions),
        codes=tuple(Choice(dimension.label(s.code), theme_url(survey, dimension.key, s.code, base), s.code == chosen) for s in ranking),
        map=draw(
            {share.country: share for share in shares if share.country and share.country != POOLED},
            link=lambda country: people(chosen, country),
            missing="few or no interviews" if counts.public else "no interviews",
        ),
        rows=tuple(_country_row(share, scale, people, reached) for share in by_share),
        columns=tuple(dimension.label(share.code) for share in ranking),
        matrix=_matrix([share.code for share in ranking], counts, people),
        unstated=counts.people.get(UNSTATED, 0),
        asked=denominators.sentence(dimension, denominators.everywhere(reached or {}), counts.n),
        public=counts.public,
    )


def _country_row(share: Share, scale: Scale, people: People, reached: Mapping[str, Reach] | None) -> CountryRow:
    country = share.country or UNSTATED
    return CountryRow(
        name=wording.country(country),
        n=share.n,
        k=wording.HIDDEN if share.hidden else share.k,
        share=wording.percent(share.share, share.n),
        interval=wording.interval(share),
        css=scale.css(share),
        url=people(share.code, country),
        everyone_url=people("", country),
        asked=reached.get(country, Reach()).put if reached else None,
    )


def _matrix(codes: list[str], counts: Counts, people: People) -> tuple[MatrixRow, ...]:
    table = {country: [counts.share(code, country) for code in codes] for country in counts.countries}
    scale = Scale.of([share for shares in table.values() for share in shares])
    return tuple(
        MatrixRow(
            name=wording.country(country),
            n=counts.people[country],
            url=people("", country),
            cells=tuple(
                Cell(
                    wording.percent(share.share, share.n),
                    wording.interval(share),
                    scale.css(share),
                    people(share.code, country),
                )
                for share in shares
            ),
        )
        for country, shares in table.items()
    )
