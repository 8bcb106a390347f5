"""A draft tried on a sample: the coder is asked what publishing would ask, and nothing that is counted changes."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from analysis import aggregates
from analysis.codebook import NONE, CodebookDocument
from analysis.coding import Given
from analysis.drafts.records import LOST, CodebookPreview, PreviewUnit
from analysis.drafts.tabulating import stratified
from analysis.lease import LeaseLost
from analysis.material import Material, load
from analysis.models import BY_THE_CHOSEN_MODEL, CodebookVersion, Coding
from analysis.pipeline import at_once
from analysis.step import ask, unstruck
from analysis.steps import code
from analysis.touched import Plan, dimension_sha, merged
from interviewer.models import Interview
from llm import Model
from surveys import budget
from surveys.models import Participant, Survey

Status = CodebookPreview.Status
MOST = 2000
NO_QUEUE = "There is no queue: start the program with its worker."
SPENT = "The survey's budget is spent."


def touched(base: CodebookDocument, draft: CodebookDocument) -> frozenset[str]:
    """The dimensions that differ, those that are gone or new among them."""
    then, now = ({each.key: dimension_sha(each) for each in document.dimensions} for document in (base, draft))
    return frozenset(key for key in then | now if then.get(key) != now.get(key))


def begin(survey: Survey, base: CodebookVersion, draft: CodebookDocument, *, size: int, seed: int, by: AbstractBaseUser) -> CodebookPreview:
    """Draws the sample from the interviews coded under the current version, and hands it to a worker once this is committed."""
    author: Any = by
    with transaction.atomic():
        preview = CodebookPreview.objects.create(
            survey=survey, base=base, content=draft.model_dump(mode="json"), size=size, seed=seed, created_by=author
        )
        countries = _coded(survey, base)
        by_country: dict[str, list[int]] = defaultdict(list)
        for interview, country in countries.items():
            by_country[country].append(interview)
        before = _before(stratified(by_country, size, seed), base, touched(base.document, draft))
        PreviewUnit.objects.bulk_create(
            PreviewUnit(preview=preview, interview_id=interview, country=countries[interview], before=given) for interview, given in before.items()
        )
    resume(preview)
    return preview


def _coded(survey: Survey, base: CodebookVersion) -> dict[int, str]:
    """Interview → country, of those the findings count that a model has coded."""
    codings = Coding.objects.filter(
        BY_THE_CHOSEN_MODEL,
        codebook=base,
        interview__participant__origin__in=aggregates.counted_origins(survey),
        interview__set_aside=None,
    )
    return dict(codings.order_by().values_list("interview", "interview__participant__country").distinct())


def _before(interviews: list[int], base: CodebookVersion, dimensions: Collection[str]) -> dict[int, list[dict[str, Any]]]:
    codings = Coding.objects.filter(BY_THE_CHOSEN_MODEL, codebook=base, interview__in=interviews, dimension__in=dimensions)
    found: dict[int, list[dict[str, Any]]] = {interview: [] for interview in interviews}
    for coding in codings.order_by("pk").prefetch_related("quotes__turn"):
        found[coding.interview_id].append(_of_row(coding))
    return found


def _of_row(coding: Coding) -> dict[str, Any]:
    quotes = [{"turn": quote.turn.number, "text": quote.text} for quote in coding.quotes.all()]
    return {"dimension": coding.dimension, "code": coding.code, "quotes": quotes}


def resume(preview: CodebookPreview) -> None:
    """Hands what is left of it to a worker, once this transaction is committed."""
    CodebookPreview.objects.filter(pk=preview.pk).update(status=Status.WAITING, reason="", updated_at=timezone.now())
    transaction.on_commit(lambda: _enqueue(preview.pk))


def _enqueue(pk: int) -> None:
    from analysis.tasks import preview  # tasks imports this module

    try:
        if not settings.REDIS_URL:
            raise OperationalError(NO_QUEUE)
        preview.apply_async(args=[pk], retry=False)
    except (OperationalError, OSError) as error:
        stop(pk, str(error))


def wait(preview: CodebookPreview) -> None:
    CodebookPreview.objects.filter(pk=preview.pk, status=Status.RUNNING).update(status=Status.WAITING, updated_at=timezone.now())


def stop(pk: int, reason: str) -> None:
    CodebookPreview.objects.filter(pk=pk).update(status=Status.STOPPED, reason=reason[:500], updated_at=timezone.now())


def claim(pk: int) -> CodebookPreview | None:
    """The preview, where nobody is at work on it."""
    mine = CodebookPreview.objects.filter(pk=pk)
    lost = mine.filter(status=Status.RUNNING, updated_at__lt=timezone.now() - LOST)
    if not (mine.filter(status=Status.WAITING) | lost).update(status=Status.RUNNING, updated_at=timezone.now()):
        return None
    return mine.select_related("survey", "base").get()


def some_left(preview: CodebookPreview, model: Model) -> bool:
    """Tries the next few interviews; whether any were left. Raises ModelError."""
    units = list(preview.units.filter(after__isnull=True).order_by("pk")[: at_once(model)])
    if units:
        async_to_sync(_tried)(preview, units, model)
    fields = {} if units else {"status": Status.DONE}
    CodebookPreview.objects.filter(pk=preview.pk, status=Status.RUNNING).update(updated_at=timezone.now(), model=model.name, **fields)
    return bool(units)


async def _tried(preview: CodebookPreview, units: list[PreviewUnit], model: Model) -> None:
    draft = CodebookDocument.model_validate(preview.content)
    dimensions = touched(preview.base.document, draft)
    for outcome in await asyncio.gather(*(_try(unit, draft, dimensions, model) for unit in units), return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome


async def _try(unit: PreviewUnit, draft: CodebookDocument, dimensions: Collection[str], model: Model) -> None:
    material = replace(await sync_to_async(load)(unit.interview_id), codebook=draft)
    plans = [plan for plan in await sync_to_async(code.plans_for)(material, model.name) if plan.dimension.key in dimensions]
    asking = [plan for plan in plans if plan.asked]
    given: list[Given] = []
    if asking and material.words:
        completion = await ask(material, model, code.prompt(material.as_coded, asking), code.schema_for(asking))
        given = list(code.settled_by(asking, completion.value, material).codings)
    await sync_to_async(_keep)(unit, material, plans, given)


def _keep(unit: PreviewUnit, material: Material, plans: list[Plan], given: list[Given]) -> None:
    numbers = {turn.id: turn.number for turn in material.turns}
    after: list[dict[str, Any]] = []
    for plan in plans:
        mine = {each.code: each for each in given if each.dimension == plan.dimension.key}
        kept = merged(plan, mine)
        if plan.former:
            rows = Coding.objects.filter(result=plan.former.result, code__in=kept.carried).order_by("pk").prefetch_related("quotes__turn")
            after += [_of_row(row) for row in rows]
        after += [_of_given(each, numbers) for key, each in mine.items() if key in kept.given]
        after += [{"dimension": plan.dimension.key, "code": NONE, "quotes": []}] if kept.none else []
    try:
        with unstruck(material):
            PreviewUnit.objects.filter(pk=unit.pk).update(after=after)
    except LeaseLost:  # what was read has been struck, and so goes unread
        PreviewUnit.objects.filter(pk=unit.pk).delete()


def _of_given(given: Given, numbers: Mapping[int, int]) -> dict[str, Any]:
    quotes = [{"turn": numbers[span.turn], "text": span.text} for span in given.evidence]
    return {"dimension": given.dimension, "code": given.code, "quotes": quotes}


def is_spent(preview: CodebookPreview) -> bool:
    return budget.exhausted(preview.survey)


def simulated(preview: CodebookPreview) -> bool:
    """Whether its interviews are invented: nobody should pay by surprise for the words of people who do not exist."""
    return not Interview.objects.filter(pk__in=preview.units.values("interview")).exclude(participant__origin=Participant.Origin.SIMULATED).exists()
