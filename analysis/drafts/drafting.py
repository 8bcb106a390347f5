"""A draft is begun from a version or a file, saved by whoever read its newest state, and published as the next version."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from pydantic import ValidationError

from analysis import publishing
from analysis.codebook import CodebookDocument
from analysis.drafts.records import CodebookDraft
from analysis.models import CodebookVersion
from surveys.guide_yaml import sentences
from surveys.models import Survey


class Overtaken(Exception):
    """Someone else has saved the draft meanwhile."""


def begin(survey: Survey, document: CodebookDocument, base: CodebookVersion | None, by: AbstractBaseUser) -> CodebookDraft:
    """In place of a draft that there may be."""
    fields: dict[str, Any] = {"base": base, "content": document.model_dump(mode="json"), "updated_by": by}
    with transaction.atomic():
        CodebookDraft.objects.filter(survey=survey).delete()
        return CodebookDraft.objects.create(survey=survey, **fields)


def save(draft: CodebookDraft, content: dict[str, Any], *, revision: int, by: AbstractBaseUser) -> None:
    """Raises Overtaken, and saves nothing, where `revision` is not the newest."""
    fields: dict[str, Any] = {"content": content, "updated_by": by, "updated_at": timezone.now(), "revision": F("revision") + 1}
    if not CodebookDraft.objects.filter(pk=draft.pk, revision=revision).update(**fields):
        raise Overtaken


def read(content: Any) -> CodebookDocument:
    """Raises CodebookError where the draft is no codebook yet."""
    try:
        return CodebookDocument.model_validate(content)
    except ValidationError as error:
        raise publishing.CodebookError(sentences(error)) from error


def publish(draft: CodebookDraft, *, by: AbstractBaseUser) -> CodebookVersion:
    """The draft is gone then. Raises CodebookError."""
    document = read(draft.content)
    with transaction.atomic():
        version = publishing.save_version(draft.survey, document, by)
        draft.delete()
    return version
