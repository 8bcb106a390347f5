"""The tables of themes, in all and by country; in files for outside, small counts are kept back."""

from collections.abc import Iterator
from typing import Any

from analysis import aggregates
from analysis.aggregates import Counts, Share
from analysis.codebook import Dimension
from analysis.export.cells import Type
from analysis.export.columns import Column, Scope
from analysis.privacy.approvals import approved_quotes
from analysis.suppression import viewing
from analysis.suppression.hiding import POOLED
from surveys.languages import country_name

OTHERS = "other countries"
CODE = (
    Column("dimension", Type.TEXT, "What was coded, by its key in the codebook."),
    Column("code", Type.TEXT, "The code, by its key. 'none': looked for, and nothing found."),
    Column("label", Type.TEXT, "The code's label."),
)
FIGURES = (
    Column("share", Type.NUMBER, "k / n."),
    Column("low", Type.NUMBER, "Lower end of the 95% Wilson score interval of the share."),
    Column("high", Type.NUMBER, "Upper end of it."),
    Column(
        "kept_back", Type.BOOLEAN, "Whether k is kept back in a file for outside, because it is small or a small one could be worked out from it."
    ),
)
COLUMNS = (
    *CODE,
    Column("k", Type.INTEGER, "People who have the code; empty where it is kept back."),
    Column("n", Type.INTEGER, "People coded in the dimension, those with 'none' among them."),
    *FIGURES,
)
BY_COUNTRY = (
    *CODE,
    Column("country", Type.TEXT, "ISO 3166-1 alpha-2 code; empty for people who gave no country; '*' for the countries with few people together."),
    Column("country_name", Type.TEXT, "The country's name in English."),
    Column("k", Type.INTEGER, "People in the country who have the code; empty where it is kept back."),
    Column("n", Type.INTEGER, "People in the country coded in the dimension, those with 'none' among them."),
    *FIGURES,
)


def _counted(scope: Scope) -> Iterator[tuple[str, Counts, list[tuple[str, str]]]]:
    """Each dimension with its counts, and its codes with their labels."""
    codebook = scope.survey.codebooks.first()
    dimensions: dict[str, Dimension] = {d.key: d for d in codebook.document.dimensions} if codebook else {}
    found = viewing.counts(scope.survey) if scope.public else aggregates.count(scope.survey, origins=scope.origins)
    for key, counts in sorted(found.items()):
        dimension = dimensions.get(key)
        codes = [*dimension.code_keys, *sorted(counts.codes - set(dimension.code_keys))] if dimension else sorted(counts.codes)
        yield key, counts, [(code, dimension.label(code) if dimension else code) for code in codes]


QUOTES = (*CODE, Column("quote", Type.TEXT, "The words as they were approved; what identifies people is masked."))


def quotes(scope: Scope) -> Iterator[list[str]]:
    """Nothing says who said it or where, and the order is that of the words."""
    codebook = scope.survey.codebooks.first()
    labels = {d.key: d for d in codebook.document.dimensions} if codebook else {}
    found = {(key, code, each.text) for each in approved_quotes(scope.survey, scope.origins) for key, code in each.codes}
    for key, code, text in sorted(found):
        yield [key, code, labels[key].label(code) if key in labels else code, text]


def _figures(share: Share) -> list[Any]:
    if share.hidden:
        return [None, share.n, None, None, None, True]
    return [share.k, share.n, share.share, share.low, share.high, False]


def rows(scope: Scope) -> Iterator[list[Any]]:
    for dimension, counts, codes in _counted(scope):
        for code, label in codes:
            yield [dimension, code, label, *_figures(counts.share(code))]


def rows_by_country(scope: Scope) -> Iterator[list[Any]]:
    for dimension, counts, codes in _counted(scope):
        for country in counts.countries:
            for code, label in codes:
                name = OTHERS if country == POOLED else country_name(country)
                yield [dimension, code, label, country, name, *_figures(counts.share(code, country))]
