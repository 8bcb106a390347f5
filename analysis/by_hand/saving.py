"""What a coder does to one answer: save, finish, skip, take back, look at the model's codes. An outdated page changes nothing."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from analysis import forgetting, queueing
from analysis.by_hand.rules import Draft, Marked, Wrong, checked
from analysis.codebook import Dimension
from analysis.models import BY_THE_CHOSEN_MODEL, Coder, Coding, Quote
from analysis.sampling.records import HumanCoding
from interviewer.models import Turn

Status = HumanCoding.Status
OPEN = (Status.DRAFT, Status.SKIPPED)


class Outdated(Exception):
    """Something else was saved since the page was read."""


def dimension_of(human: HumanCoding) -> Dimension:
    return human.unit.sample.codebook.document.dimension(human.dimension)


def draft_of(human: HumanCoding) -> Draft:
    """What was given so far, whether it is finished or not."""
    if human.status != Status.DONE:
        return Draft.model_validate(human.draft | {"note": human.note})
    codings = list(human.codings.prefetch_related("quotes"))
    quotes = [Marked(code=coding.code, turn=quote.turn_id, start=quote.start, end=quote.end) for coding in codings for quote in coding.quotes.all()]
    order = dimension_of(human).code_keys
    return Draft(codes=tuple(sorted((coding.code for coding in codings), key=order.index)), quotes=tuple(quotes), note=human.note)


@transaction.atomic
def save(human: HumanCoding, draft: Draft, *, revision: int) -> None:
    """Keeps a draft. Raises Wrong, Outdated."""
    kept = _take(human, revision, draft, status=Status.DRAFT, finished_at=None)
    _keep_draft(human, kept)


@transaction.atomic
def finish(human: HumanCoding, draft: Draft, *, revision: int) -> None:
    """The draft becomes codings. Raises Wrong, Outdated."""
    if not draft.codes:
        raise Wrong("No code is given yet.")
    forgetting.hold(human.unit.interview_id)
    kept = _take(human, revision, draft, status=Status.DONE, finished_at=timezone.now(), reopened=False)
    HumanCoding.objects.filter(pk=human.pk).update(draft={})
    _write(human, kept)
    _tell(human)


@transaction.atomic
def skip(human: HumanCoding, draft: Draft, *, revision: int) -> None:
    """Raises Wrong, Outdated."""
    if not draft.note.strip():
        raise Wrong("Say in the note why it is skipped.")
    kept = _take(human, revision, draft, status=Status.SKIPPED, finished_at=timezone.now())
    _keep_draft(human, kept)


@transaction.atomic
def reopen(human: HumanCoding) -> None:
    """Takes a finished or skipped coding back: its codes are a draft again. Raises Wrong with the reason where it has to stay."""
    forgetting.hold(human.unit.interview_id)
    human = HumanCoding.objects.select_for_update(of=("self",)).select_related("unit__sample__codebook").get(pk=human.pk)
    if reason := why_it_stays(human):
        raise Wrong(reason)
    draft = draft_of(human)
    human.codings.all().delete()
    HumanCoding.objects.filter(pk=human.pk).update(status=Status.DRAFT, finished_at=None, revision=F("revision") + 1)
    _keep_draft(human, draft)
    _tell(human)


def why_it_stays(human: HumanCoding) -> str:
    """'' where it can be taken back."""
    if human.compared_at:
        return "You have seen the model's codes of this answer, so yours stay as they are."
    decided = HumanCoding.objects.filter(unit=human.unit_id, dimension=human.dimension, adjudicates=True, status=Status.DONE)
    if not human.adjudicates and decided.exists():
        return "The coders' difference has been decided, so yours stays as it is."
    return ""


def compare(human: HumanCoding) -> None:
    """The coder asks for the model's codes. Only a finished coding can be compared. Raises Wrong."""
    done = HumanCoding.objects.filter(pk=human.pk, status=Status.DONE)
    if not done.exists():
        raise Wrong("The model's codes can be seen once yours are saved.")
    done.filter(compared_at=None).update(compared_at=timezone.now())


def opened(human: HumanCoding) -> None:
    HumanCoding.objects.filter(pk=human.pk, started_at=None).update(started_at=timezone.now())


def undo_last(sample: int, coder: User, *, adjudicates: bool) -> HumanCoding:
    """Takes back what the coder saved last in the sample. Raises Wrong where there is nothing, or it has to stay."""
    saved = HumanCoding.objects.filter(unit__sample=sample, coder=coder, adjudicates=adjudicates, status__in=(Status.DONE, Status.SKIPPED))
    last = saved.select_related("unit__sample__codebook").order_by("-finished_at", "-pk").first()
    if last is None:
        raise Wrong("Nothing has been saved before this.")
    reopen(last)
    return last


def _take(human: HumanCoding, revision: int, draft: Draft, **fields: Any) -> Draft:
    """Makes the row ours where nothing was saved since; whoever strikes words waits for it, or we for them."""
    mine = HumanCoding.objects.filter(pk=human.pk, revision=revision, status__in=OPEN)
    if not mine.update(revision=F("revision") + 1, note=draft.note, **fields):
        raise Outdated
    said = Turn.objects.filter(interview=human.unit.interview_id, role=Turn.Role.PARTICIPANT)
    return checked(draft, dimension_of(human), dict(said.values_list("pk", "text")))


def _keep_draft(human: HumanCoding, draft: Draft) -> None:
    HumanCoding.objects.filter(pk=human.pk).update(draft=draft.model_dump(mode="json", exclude={"note"}))


def _write(human: HumanCoding, draft: Draft) -> None:
    coder, _ = Coder.objects.get_or_create(user_id=human.coder_id)
    unit, sample = human.unit, human.unit.sample
    texts = dict(Turn.objects.filter(pk__in={quote.turn for quote in draft.quotes}).values_list("pk", "text"))
    for code in draft.codes:
        coding = Coding.objects.create(
            interview_id=unit.interview_id, codebook_id=sample.codebook_id, coder=coder, dimension=human.dimension, code=code, human=human
        )
        Quote.objects.bulk_create(
            Quote(coding=coding, turn_id=each.turn, start=each.start, end=each.end, text=texts[each.turn][each.start : each.end])
            for each in draft.quotes
            if each.code == code
        )


def _tell(human: HumanCoding) -> None:
    """Where what is counted rests on it, the last step of the analysis is taken again."""
    unit = human.unit
    of_model = Coding.objects.filter(BY_THE_CHOSEN_MODEL, interview=unit.interview_id, dimension=human.dimension)
    if unit.sample.survey.prefer_people or not of_model.exists():
        queueing.hand_over([unit.interview_id])
