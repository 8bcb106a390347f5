"""What an export was made from and by: the manifest that goes with its files. The same data give the same manifest: it tells no time of making."""

import hashlib
import json
from collections.abc import Generator, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from analysis.export.columns import Scope
from analysis.export.interviews import found
from analysis.provenance import set_aside, withdrawn

FORMAT = "colloquy-export/1"
PROGRAM = "Colloquy 0.1.0"


@dataclass(frozen=True)
class File:
    """rows: how many it holds of what it is made of; None where it explains others."""

    name: str
    size: int
    sha256: str
    rows: int | None = None


@dataclass
class Counted:
    """Measures a file while its pieces pass by."""

    size: int = 0
    rows: int = 0

    def __post_init__(self) -> None:
        self.hash = hashlib.sha256()

    def pieces(self, pieces: Iterable[bytes]) -> Generator[bytes, None, None]:
        for piece in pieces:
            self.size += len(piece)
            self.hash.update(piece)
            yield piece

    def advance(self, rows: int) -> None:
        self.rows += rows

    def file(self, name: str, *, rows: int | None = None) -> File:
        return File(name, self.size, self.hash.hexdigest(), rows)


def about(scope: Scope) -> dict[str, Any]:
    survey = scope.survey
    codebooks = survey.codebooks.order_by("number").values("number", "sha256")
    return {
        "format": FORMAT,
        "program": PROGRAM,
        "survey": {"slug": survey.slug, "title": survey.title},
        "guide_versions": list(survey.versions.order_by("number").values("number", "sha256")),
        "codebook_versions": list(codebooks if scope.codebook is None else codebooks.filter(number=scope.codebook)),
        "filters": {"origins": sorted(scope.origins), "codebook_version": scope.codebook, "for": "public" if scope.public else "team"},
        "counts": {} if scope.public else _counts(scope),
    }


def _counts(scope: Scope) -> dict[str, int]:
    origins = scope.origins
    return {"interviews": found(scope).count(), "set_aside": set_aside(scope.survey, origins), "withdrawn": withdrawn(scope.survey, origins)}


def of(scope: Scope, files: Iterable[File]) -> dict[str, Any]:
    return about(scope) | {"files": [asdict(file) for file in files]}


def written(manifest: dict[str, Any]) -> bytes:
    return (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode()
