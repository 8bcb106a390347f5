"""The forms in which a survey leaves as one file: how each is written, how long it takes, what it holds."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.exchange import formats as codebooks
from analysis.export import archive, interviews, manifest, nested, qdpx, sav, workbook
from analysis.export.columns import CannotExport, Scope

Advance = Callable[[int], object]
ELSEWHERE = {
    "parquet": "Parquet is not written here: it would need pyarrow, 170 MB. Read the CSV bundle with the types of its dictionaries.",
    "report": "Reports are not written yet. The findings pages show what they would say.",
}


@dataclass(frozen=True)
class Format:
    """write: into a new file. total: how many rows the bar counts to."""

    name: str
    title: str
    meaning: str
    content_type: str
    write: Callable[[Scope, Path, Advance], None]
    total: Callable[[Scope], int]
    of_people: bool = False  # a row each: for the team


def _interviews(scope: Scope) -> int:
    return interviews.found(scope).count()


def _write_codebook(scope: Scope, path: Path, advance: Advance) -> None:
    found = scope.survey.codebooks.all()
    version = (found if scope.codebook is None else found.filter(number=scope.codebook)).first()
    if version is None:
        raise CannotExport("The survey has no such codebook.")
    path.write_text(codebooks.write("qdc", version.document, of=scope.survey.slug), encoding="utf-8", newline="")
    advance(1)


FORMATS = {
    form.name: form
    for form in (
        Format(
            "zip",
            "CSV bundle",
            "All tables as CSV with their dictionaries, in one ZIP.",
            "application/zip",
            archive.write_bundle,
            archive.bundle_rows,
        ),
        Format(
            "xlsx",
            "Excel",
            "A sheet a table. Texts beyond 32,767 characters are cut, and say so.",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            workbook.write,
            archive.bundle_rows,
        ),
        Format(
            "jsonl",
            "JSON Lines",
            "An object an interview, with its turns, codings and quotes.",
            "application/jsonl",
            nested.write,
            _interviews,
            of_people=True,
        ),
        Format(
            "sav",
            "SPSS",
            "A row an interview: profile, closed answers, a variable a code, with labels.",
            "application/x-spss-sav",
            sav.write,
            _interviews,
            of_people=True,
        ),
        Format(
            "qdpx",
            "REFI-QDA project",
            "Transcripts, people, codes and quotes, for programs for qualitative analysis.",
            "application/zip",
            qdpx.write,
            _interviews,
            of_people=True,
        ),
        Format(
            "qdc", "REFI-QDA codebook", "The codebook, for programs for qualitative analysis.", "application/xml", _write_codebook, lambda scope: 1
        ),
    )
}


def make(form: Format, scope: Scope, path: Path, *, advance: Advance = lambda rows: None) -> dict[str, Any]:
    """The file appears whole or not at all. Its manifest."""
    if scope.public and form.of_people:
        raise CannotExport(f"{form.title} holds a person's row each, which is for the team. For the public there are csv, zip and xlsx.")
    unfinished = path.with_name(f".{path.name}.part")
    try:
        form.write(scope, unfinished, advance)
        size, digest = unfinished.stat().st_size, sha256(unfinished)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest.of(scope, [manifest.File(f"{scope.survey.slug}.{form.name}", size, digest)])


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
