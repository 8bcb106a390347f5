"""A person decides about candidates: accept, edit, merge, refuse, take back. Nothing else does."""

from collections.abc import Mapping

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from analysis.induction.records import Candidate, Round

Status = Candidate.Status
TEXTS = ("label", "definition", "include", "exclude", "examples")
STATES = {"accept": Status.ACCEPTED, "refuse": Status.REFUSED, "undo": Status.PROPOSED}


class NotDecided(ValueError):
    """The text says why."""


@transaction.atomic
def decide(
    round_: Round, key: int, what: str, by: User, *, revision: int, words: Mapping[str, str] | None = None, into: int | None = None
) -> Candidate:
    """what: accept, refuse, undo, edit (which accepts) or merge. Raises NotDecided."""
    candidate = Candidate.objects.select_for_update().filter(round=round_, pk=key).first()
    if candidate is None:
        raise NotDecided("This code is gone: what it rested on was struck or withdrawn.")
    if candidate.revision != revision:
        raise NotDecided(f"“{candidate.label}” was changed meanwhile. Look again before you decide.")
    if what == "merge":
        _merge(round_, candidate, into)
    elif what == "edit":
        _edit(candidate, words or {}, by)
    elif what in STATES:
        candidate.status, candidate.merged_into = STATES[what], None
    else:
        raise NotDecided("Choose what to do.")
    candidate.decided_at = None if candidate.status == Status.PROPOSED else timezone.now()
    candidate.revision += 1
    candidate.save()
    return candidate


def _edit(candidate: Candidate, words: Mapping[str, str], by: User) -> None:
    label = " ".join(words.get("label", "").split())[:200]
    if not label:
        raise NotDecided("A code needs a label.")
    for name in TEXTS:
        setattr(candidate, name, words.get(name, "").strip())
    candidate.label, candidate.edited_by, candidate.status, candidate.merged_into = label, by, Status.ACCEPTED, None


def _merge(round_: Round, candidate: Candidate, into: int | None) -> None:
    """What was merged into it before goes along."""
    target = Candidate.objects.filter(round=round_, pk=into or 0).exclude(pk=candidate.pk).exclude(status=Status.MERGED).first()
    if target is None:
        raise NotDecided("Choose another code of this round to merge it into.")
    Candidate.objects.filter(merged_into=candidate).update(merged_into=target, revision=F("revision") + 1)
    candidate.status, candidate.merged_into = Status.MERGED, target
