"""A codebook as CSV: one row a code, what a dimension says of itself repeated on each; harmless in spreadsheets, and read back equal."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from analysis.codebook import CodebookDocument
from analysis.publishing import CodebookError, decoded
from surveys.cells import guard, storable, unguard
from surveys.guide_yaml import sentences

OF_DIMENSION = ("title", "shape", "instruction", "questions", "dimension_stance")
OF_CODE = ("label", "definition", "include", "exclude", "stance")
COLUMNS = ("codebook", "dimension", *OF_DIMENSION, "code", *OF_CODE)
NEEDED = ("dimension", "title", "shape", "code", "label")
_EXAMPLE = re.compile(r"example_[1-9][0-9]{0,2}$")
_YES, _NO = ("true", "yes", "1", "x"), ("", "false", "no", "0")
Row = Mapping[str, str]


def write(document: CodebookDocument) -> str:
    most = max(len(code.examples) for dimension in document.dimensions for code in dimension.codes)
    columns = [*COLUMNS, *(f"example_{number}" for number in range(1, most + 1))]
    buffer = io.StringIO("\ufeff", newline="")
    buffer.seek(1)
    rows = csv.writer(buffer, lineterminator="\r\n")
    rows.writerow(columns)
    for fields in _rows(document):
        rows.writerow([guard(storable(fields.get(column, ""))) for column in columns])
    return buffer.getvalue()


def _rows(document: CodebookDocument) -> Iterable[Row]:
    for dimension in document.dimensions:
        about = {
            "codebook": document.title,
            "dimension": dimension.key,
            "title": dimension.title,
            "shape": dimension.shape.value,
            "instruction": dimension.instruction,
            "questions": " ".join(dimension.questions),
            "dimension_stance": "true" if dimension.stance else "",
        }
        for code in dimension.codes:
            own = {"code": code.key, "label": code.label, "definition": code.definition, "include": code.include, "exclude": code.exclude}
            examples = {f"example_{number}": text for number, text in enumerate(code.examples, start=1)}
            yield about | own | examples | {"stance": "true" if code.stance else ""}


def read(text: str | bytes) -> CodebookDocument:
    """Raises CodebookError."""
    rows = _read_rows(decoded(text))
    dimensions: dict[str, dict[str, Any]] = {}
    for number, row in enumerate(rows, start=2):
        about = _dimension(row, number)
        known = dimensions.setdefault(row["dimension"], about)
        _same(known, about, row, number)
        known["codes"].append(_code(row, number))
    title = next((row["codebook"] for row in rows if row.get("codebook")), "Codebook")
    try:
        return CodebookDocument.model_validate({"title": title, "dimensions": list(dimensions.values())})
    except ValidationError as error:
        raise CodebookError(sentences(error)) from error


def _read_rows(text: str) -> list[dict[str, str]]:
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    try:
        heading, *rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)) or [[]]
    except csv.Error as error:
        raise CodebookError([f"This is not CSV: {error}."]) from error
    names = [unguard(name).strip() for name in heading]
    problems = [f"The column '{name}' stands twice." for name in sorted({name for name in names if names.count(name) > 1})]
    problems += [f"There is no column '{name}'." for name in NEEDED if name not in names]
    problems += [f"The column '{name}' is not known." for name in names if name not in COLUMNS and not _EXAMPLE.match(name)]
    if problems:
        raise CodebookError(problems)
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if long := next((number for number, row in enumerate(filled, start=2) if len(row) > len(names)), None):
        raise CodebookError([f"Row {long}: it has more cells than the heading."])
    return [dict.fromkeys(names, "") | {name: unguard(cell) for name, cell in zip(names, row, strict=False)} for row in filled]


def _dimension(row: Row, number: int) -> dict[str, Any]:
    return {
        "key": row["dimension"],
        "title": row["title"],
        "shape": row["shape"].strip().lower(),
        "instruction": row.get("instruction", ""),
        "questions": row.get("questions", "").split(),
        "stance": _flag(row, "dimension_stance", number),
        "codes": [],
    }


def _same(known: Mapping[str, Any], about: Mapping[str, Any], row: Row, number: int) -> None:
    """Further rows of a dimension may leave its own cells empty; what they do say must be what its first row says."""
    fields = dict(zip(OF_DIMENSION, ("title", "shape", "instruction", "questions", "stance"), strict=True))
    if other := next((column for column, field in fields.items() if row.get(column) and about[field] != known[field]), None):
        raise CodebookError([f"Row {number}: '{other}' is not what it is in the first row of the dimension '{row['dimension']}'."])


def _code(row: Row, number: int) -> dict[str, Any]:
    examples = sorted((name for name in row if _EXAMPLE.match(name)), key=lambda name: int(name.removeprefix("example_")))
    return {
        "key": row["code"].strip(),
        "label": row["label"],
        "definition": row.get("definition", ""),
        "include": row.get("include", ""),
        "exclude": row.get("exclude", ""),
        "examples": [row[name] for name in examples],
        "stance": _flag(row, "stance", number),
    }


def _flag(row: Row, column: str, number: int) -> bool:
    cell = row.get(column, "").strip().lower()
    if cell not in _YES + _NO:
        raise CodebookError([f"Row {number}: '{column}' is '{cell}', not true or empty."])
    return cell in _YES
