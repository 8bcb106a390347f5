"""Who worded a row of the guide: a person, or a model whose words a person has yet to approve; and what it was translated from."""

import hashlib
import json
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import models

PERSON = "person"


class Authored(models.Model):
    """A row in one language, with the record of who made it. `source_hash` is of the row it was translated from, '' for one that was not."""

    made_by = models.CharField(max_length=100, default=PERSON, editable=False, help_text="'person', or the model.")
    prompt_version = models.CharField(max_length=100, blank=True, editable=False)
    source_hash = models.CharField(max_length=64, blank=True, editable=False)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False)
    approved_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True


RECORD = ("made_by", "prompt_version", "source_hash", "approved_by", "approved_at")


class Standing(StrEnum):
    OWN = "own"  # a person's, made from no other
    UNAPPROVED = "unapproved"
    OUTDATED = "outdated"  # what it was translated from has changed
    APPROVED = "approved"


def content_fields(model: type[models.Model]) -> tuple[str, ...]:
    """The fields that hold words for participants."""
    texts = [field.name for field in model._meta.concrete_fields if isinstance(field, models.CharField | models.TextField)]
    return tuple(name for name in texts if name not in (*RECORD, "language"))


def content(row: models.Model) -> dict[str, str]:
    """What the row says, field by field; fields left empty are not in it."""
    said = {name: str(getattr(row, name)).replace("\r\n", "\n").strip() for name in content_fields(type(row))}
    return {name: text for name, text in said.items() if text}


def fingerprint(said: dict[str, str]) -> str:
    """SHA-256, hex, of a row's content."""
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def standing(row: Authored, sources: set[str]) -> Standing:
    """sources: fingerprints of what the row may have been translated from, as it is now."""
    if row.source_hash and row.source_hash not in sources:
        return Standing.OUTDATED
    if row.made_by != PERSON and row.approved_at is None:
        return Standing.UNAPPROVED
    return Standing.APPROVED if row.approved_at else Standing.OWN


def authorship(row: Authored) -> dict[str, Any]:
    return {name: getattr(row, name) for name in RECORD}
