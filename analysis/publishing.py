"""Codebook versions: a codebook read from YAML becomes the survey's next version, and a version is written as YAML."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Max
from pydantic import ValidationError

from analysis.codebook import FORMAT, CodebookDocument
from analysis.models import CodebookVersion
from surveys.guide_yaml import sentences
from surveys.models import Survey

HOPES_AND_FEARS = Path(__file__).parent / "codebooks" / "hopes-and-fears.yaml"
MOST_BYTES = 2_000_000


class CodebookError(ValueError):
    """The text is no codebook. `problems` are sentences for a researcher."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def current(survey: Survey) -> CodebookVersion | None:
    return CodebookVersion.objects.filter(survey=survey).order_by("-number").first()


def save_version(survey: Survey, document: CodebookDocument, by: AbstractBaseUser | None = None) -> CodebookVersion:
    """The document as the survey's next version; the current one where nothing has changed."""
    content, digest = document.model_dump(mode="json"), document_sha(document)
    with transaction.atomic():
        Survey.objects.select_for_update().get(pk=survey.pk)  # two who save at once take turns
        newest = current(survey)
        if newest is not None and newest.sha256 == digest:
            return newest
        number = (CodebookVersion.objects.filter(survey=survey).aggregate(Max("number"))["number__max"] or 0) + 1
        author: Any = by
        return CodebookVersion.objects.create(survey=survey, number=number, content=content, sha256=digest, created_by=author)


def document_sha(document: CodebookDocument) -> str:
    """SHA-256, hex, of the codebook as canonical JSON: keys sorted, no spaces, UTF-8."""
    canonical = json.dumps(document.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()


def read(text: str | bytes) -> CodebookDocument:
    """The codebook that the YAML holds; bytes are UTF-8. Raises CodebookError."""
    source = decoded(text)
    try:
        document = yaml.load(source, Loader=_Loader)  # noqa: S506 - the safe loader, without aliases
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"Line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise CodebookError([place + (error.problem or "this is not YAML")]) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise CodebookError([f"This is not YAML: {error}"]) from error
    if not isinstance(document, dict):
        raise CodebookError([f"The file must hold named fields, beginning with 'format: {FORMAT}'."])
    try:
        return CodebookDocument.model_validate(document)
    except ValidationError as error:
        raise CodebookError(sentences(error)) from error


def write(document: CodebookDocument) -> str:
    """The codebook as YAML; `read` gives back an equal one."""
    plain = {"format": document.format} | document.model_dump(mode="json", exclude_defaults=True)
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=120)


def decoded(text: str | bytes) -> str:
    """A file's text, which is UTF-8 and not too large. Raises CodebookError."""
    if len(text) > MOST_BYTES:
        raise CodebookError([f"The file is larger than {MOST_BYTES // 1_000_000} MB."])
    try:
        return text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise CodebookError([f"The file is not UTF-8 text (byte {error.start + 1})."]) from error


class _Loader(yaml.SafeLoader):
    """The safe loader, refusing aliases, which could grow out of hand, and keys that stand twice."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem="aliases (*name) are not read; write the text out", problem_mark=self.get_mark())
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        if twice := next((key for key in keys if keys.count(key) > 1), None):
            raise yaml.MarkedYAMLError(problem=f"'{twice}' stands twice", problem_mark=node.start_mark)
        return super().construct_mapping(node, deep)
