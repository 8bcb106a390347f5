"""The table of raw and corrected prevalence."""

from collections.abc import Iterator
from typing import Any

from analysis.estimation import CannotCorrect, Prevalence
from analysis.export.cells import Type
from analysis.export.columns import Column, Scope
from analysis.prevalence.estimating import COUNTRY, Result, Row
from analysis.prevalence.printing import results
from surveys.languages import country_name

COLUMNS = (
    Column("dimension", Type.TEXT, "What was coded, by its key in the codebook."),
    Column("code", Type.TEXT, "The code, by its key. 'none': looked for, and nothing found."),
    Column(
        "scope",
        Type.TEXT,
        "Whom the figures are of: 'all', one 'country', or 'other countries': those in which people coded fewer than 20 interviews, together.",
    ),
    Column("country", Type.TEXT, "ISO 3166-1 alpha-2 code; empty for people who gave no country, and where the scope is not one country."),
    Column("country_name", Type.TEXT, "The country's name in English."),
    Column("countries", Type.INTEGER, "How many countries the row takes together; 0 where all."),
    Column("n", Type.INTEGER, "Interviews that the sample was drawn from and the model has coded."),
    Column("human_coded", Type.INTEGER, "Those of them that people coded too."),
    Column("raw_share", Type.NUMBER, "The share of n that the model gave the code, as if it never erred."),
    Column("raw_low", Type.NUMBER, "Lower end of its 95% Wilson score interval."),
    Column("raw_high", Type.NUMBER, "Upper end of it."),
    Column("share", Type.NUMBER, "The corrected share; empty where people coded too few to say."),
    Column("low", Type.NUMBER, "Lower end of its 95% interval."),
    Column("high", Type.NUMBER, "Upper end of it."),
    Column("method", Type.TEXT, "How it was corrected."),
    Column("assumes", Type.TEXT, "What must hold for that, parted by semicolons."),
    Column("reason", Type.TEXT, "Why there is no corrected share."),
    Column("sample", Type.TEXT, "The sample that people coded, by its name."),
    Column("codebook_version", Type.INTEGER, "The version of the codebook that people and the model coded with."),
)


def rows(scope: Scope) -> Iterator[list[Any]]:
    """Samples are drawn from live and imported interviews, so these are what the table is about, whatever the scope."""
    for result in results(scope.survey, by_country=True).values():
        for row in result.rows:
            yield _cells(result, row)


def _cells(result: Result, row: Row) -> list[Any]:
    place = [row.country, country_name(row.country) if row.scope == COUNTRY else "", row.countries]
    counted = [row.corrected.n, row.corrected.checked]
    last = [result.sample_name, result.codebook]
    return [row.dimension, row.code, row.scope, *place, *counted, *_three(row.raw), *_three(row.corrected), *_how(row.corrected), *last]


def _three(figure: Prevalence | CannotCorrect) -> list[float | None]:
    return [None] * 3 if isinstance(figure, CannotCorrect) else [figure.share, *figure.interval]


def _how(figure: Prevalence | CannotCorrect) -> list[str]:
    return ["", "", figure.reason] if isinstance(figure, CannotCorrect) else [figure.method, "; ".join(figure.assumes), ""]
