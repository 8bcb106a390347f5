"""Approving what a model worded, wording by wording; publishing waits for it, and a published version records it."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from surveys.authorship import PERSON, RECORD, Standing, authorship, content, content_fields, fingerprint
from surveys.languages import name
from surveys.models import Question, Survey
from surveys.planning.words import Row, Words, everything

WAITING = (Standing.UNAPPROVED, Standing.OUTDATED)
Kept = dict[tuple[str, str, str], dict[str, Any]]


def problems(survey: Survey) -> list[str]:
    """What keeps the draft from being published: a sentence a language that names what no person has approved."""
    every = everything(survey)
    languages = dict.fromkeys(code for words in every for code in words.rows)
    found = []
    for code in languages:
        if unapproved := [words.name for words in every if words.standing(code) is Standing.UNAPPROVED]:
            found.append(f"{name(code)}: a language model worded {_listed(unapproved)}, and nobody has approved that. See “Translations”.")
        if outdated := [words.name for words in every if words.standing(code) is Standing.OUTDATED]:
            found.append(f"{name(code)}: what {_listed(outdated)} was translated from has changed. Approve it anew under “Translations”.")
    return found


def record(survey: Survey) -> list[dict[str, Any]]:
    """Of every wording that a model made or that was translated: whose it is and who approved it."""
    return [
        {
            "of": words.key,
            "language": code,
            "made_by": row.made_by,
            "prompt_version": row.prompt_version,
            "approved_by": row.approved_by.get_username() if row.approved_by else "",
            "approved_at": row.approved_at.isoformat() if row.approved_at else "",
        }
        for words in everything(survey)
        for code, row in words.rows.items()
        if words.standing(code) is not Standing.OWN
    ]


def seen(survey: Survey, words: Words, language: str) -> str:
    """What someone who approves has before them: it changes with the source and with the translation."""
    source, row = words.source(survey), words.rows.get(language)
    return fingerprint({"source": fingerprint(content(source)) if source else "", "row": fingerprint(content(row)) if row else ""})


@transaction.atomic
def approve(survey: Survey, words: Words, language: str, *, by: User) -> None:
    row, source = words.rows[language], words.source(survey)
    row.approved_by, row.approved_at = by, timezone.now()
    row.source_hash = fingerprint(content(source)) if source and source.pk != row.pk else ""
    row.save(update_fields=RECORD)


@transaction.atomic
def write(survey: Survey, words: Words, language: str, said: dict[str, str], *, by: User) -> Row:
    """A person's wording in place of whatever was there."""
    kind: Any = type(words.source(survey))
    parent = {"question": words.parent} if isinstance(words.parent, Question) else {"survey": words.parent}
    row: Row = words.rows.get(language) or kind(language=language, **parent)
    for field in content_fields(kind):
        setattr(row, field, said.get(field, ""))
    source = words.source(survey)
    row.made_by, row.prompt_version, row.approved_by, row.approved_at = PERSON, "", by, timezone.now()
    row.source_hash = fingerprint(content(source)) if source else ""
    row.full_clean(exclude=["survey", "question", "approved_by"])
    row.save()
    return row


def written_elsewhere(row: Row, *, by: User) -> None:
    """A person has changed the row in the admin. What was never a model's nor a translation stays without a record."""
    if row.made_by == PERSON and not row.source_hash:
        return
    survey = row.survey if hasattr(row, "survey") else row.question.section.survey
    words = next(each for each in everything(survey) if row.language in each.rows and each.rows[row.language] == row)
    type(row)._default_manager.filter(pk=row.pk).update(made_by=PERSON, prompt_version="")
    words.rows[row.language].made_by, words.rows[row.language].prompt_version = PERSON, ""
    approve(survey, words, row.language, by=by)


def kept(survey: Survey) -> Kept:
    """The record of each row by what it says, to be given back when the draft is written anew."""
    return {(each.key, code, fingerprint(content(row))): authorship(row) for each in everything(survey) for code, row in each.rows.items()}


def give_back(survey: Survey, records: Kept) -> None:
    for words in everything(survey):
        for code, row in words.rows.items():
            known = records.get((words.key, code, fingerprint(content(row))))
            if known and known != authorship(row):
                type(row)._default_manager.filter(pk=row.pk).update(**known)


def _listed(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
