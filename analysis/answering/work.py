"""An answer, made: each interview read on its own, or taken over from an earlier version where nothing has changed; then written once."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Any

from asgiref.sync import sync_to_async
from django.db import transaction

from analysis.answering import asking, counting, replies
from analysis.answering.counting import Told
from analysis.answering.records import Answer, Reading, ReadingQuote, Side, Stance
from analysis.answering.replies import Kept, Read, Sides, Written
from analysis.background.records import Piece
from analysis.background.running import Kind
from analysis.coding import Evidence
from analysis.material import Material, digest, load
from analysis.models import Fact, Quote
from analysis.quality.labels import PUT, Label
from analysis.quality.reading import by_rule
from analysis.step import UNAVAILABLE, unstruck
from llm import Completion, Model, ModelError, Prompt
from surveys.accounting import record_call
from surveys.models import Survey

PURPOSE = "answers"
OFFLINE = "To read interviews for a question takes a language model. Name codes of the codebook for and against it, and those are counted instead."
Reach = Reading.Reach


def survey_of(answer: Answer) -> Survey:
    return Survey.objects.get(inquiries__answers=answer.pk)


async def ask(survey_id: int, participant: int | None, model: Model, prompt: Prompt, schema: type[Any]) -> Completion[Any]:
    """The reply, with the call kept in the accounts. Raises ModelError."""
    try:
        completion = await model.extract(prompt, schema)
    except ModelError as error:
        if error.code != UNAVAILABLE:
            await sync_to_async(record_call)(survey_id, participant, PURPOSE, prompt, error)
        raise
    await sync_to_async(record_call)(survey_id, participant, PURPOSE, prompt, completion)
    return completion


def fingerprint(answer: Answer, material: Material, model: str) -> str:
    return digest([asking.READ.version, model, answer.asked, material.basis.words_hash])


async def read(answer: Answer, piece: Reading, model: Model) -> None:
    material = await sync_to_async(load)(piece.interview_id)
    reach = await sync_to_async(reached)(material, answer.asked["questions"])
    mark, found = fingerprint(answer, material, model.name), Read(Stance.SILENT, (), 0)
    known = await sync_to_async(_known)(answer, piece, mark) if reach == Reach.REACHED else None
    if known is not None:
        found = known
    elif reach == Reach.REACHED and material.words:
        found = await _read_anew(answer, material, model)
    await sync_to_async(_store)(piece, material, found, reach, mark)


async def _read_anew(answer: Answer, material: Material, model: Model) -> Read:
    basis = material.basis
    try:
        completion = await ask(basis.survey_id, basis.participant_id, model, asking.read(answer, material), Sides)
    except ModelError as error:
        if error.code != UNAVAILABLE:
            raise
        if not answer.asked["dimension"]:
            raise ModelError(OFFLINE, code=UNAVAILABLE, retry=False, model=model.name) from error
        await sync_to_async(Answer.objects.filter(pk=answer.pk).update)(by_codes=True)
        return await sync_to_async(_by_codes)(answer, basis.interview_id)
    return replies.settled(completion.value, material.words)


def reached(material: Material, questions: list[str]) -> str:
    """Whether the person could speak to it: one of the questions was put or had been answered earlier; with no questions named, everyone could."""
    labels = {judged.labelled.label for judged in by_rule(material) if judged.question.key in questions} if questions else set()
    if not labels or labels & {*PUT, Label.COVERED}:
        return Reach.REACHED
    return Reach.NOT_REACHED if Label.NOT_REACHED in labels else Reach.NOT_ASKED


def _known(answer: Answer, piece: Reading, mark: str) -> Read | None:
    """How an earlier version read the same words under the same prompt and model."""
    same = Reading.objects.filter(interview=piece.interview_id, fingerprint=mark, status=Piece.Status.DONE, answer__inquiry=answer.inquiry_id)
    before = same.exclude(answer=answer).exclude(stance="").exclude(answer__by_codes=True).order_by("-pk").first()
    if before is None:
        return None
    evidence = tuple((Side(each.side), Evidence(each.turn_id, each.start, each.end, each.text)) for each in before.quotes.all())
    return Read(Stance(before.stance), evidence, before.dropped)


def _by_codes(answer: Answer, interview: int) -> Read:
    """As the interview is coded: the codes named, with their quotes."""
    asked = answer.asked
    sides = dict.fromkeys(asked["codes_for"], Side.FOR) | dict.fromkeys(asked["codes_against"], Side.AGAINST)
    facts = Fact.objects.filter(interview=interview, dimension=asked["dimension"], code__in=sides)
    held = {fact.coding_id: sides[fact.code] for fact in facts}
    quotes = Quote.objects.filter(coding__in=held)
    evidence = tuple((held[each.coding_id], Evidence(each.turn_id, each.start, each.end, each.text)) for each in quotes)
    return Read(replies.stance_of(set(held.values())), evidence, 0)


def _store(piece: Reading, material: Material, found: Read, reach: str, mark: str) -> None:
    with unstruck(material):
        piece.quotes.all().delete()
        spans = [
            ReadingQuote(reading=piece, side=side, turn_id=each.turn, start=each.start, end=each.end, text=each.text) for side, each in found.evidence
        ]
        ReadingQuote.objects.bulk_create(spans)
        stance = found.stance if reach == Reach.REACHED else ""
        changes = {"stance": stance, "reach": reach, "fingerprint": mark, "dropped": found.dropped, "status": Piece.Status.DONE, "reason": ""}
        Reading.objects.filter(pk=piece.pk).update(**changes)


async def finish(answer: Answer, model: Model, may_go_on: Callable[[], Awaitable[None]]) -> None:
    counts, quotes, survey = await sync_to_async(_basis)(answer)
    mark = digest([asking.WRITE.version, model.name, answer.asked, counts, {ref: each.text for ref, each in quotes.items()}])
    sentences: tuple[Kept, ...] = ()
    dropped = 0
    await may_go_on()
    try:
        completion = await ask(survey.pk, None, model, asking.write(answer, counts, quotes, survey.analysis_language), Written)
        sentences, dropped = replies.kept(completion.value, counts, {ref: each.text for ref, each in quotes.items()})
    except ModelError as error:
        if error.code != UNAVAILABLE:
            raise
        sentences = (Kept("answer", counts["N1"], ("N1",)),)
    await sync_to_async(_write)(answer, quotes, sentences, dropped, mark)


def _basis(answer: Answer) -> tuple[dict[str, str], dict[str, Told], Survey]:
    return counting.counts_of(counting.rows(answer)), counting.chosen(counting.quotes_of(answer)), survey_of(answer)


@transaction.atomic
def _write(answer: Answer, quotes: Mapping[str, Told], sentences: tuple[Kept, ...], dropped: int, mark: str) -> None:
    """A sentence whose quotes were struck while it was written goes with them."""
    ReadingQuote.objects.filter(reading__answer=answer).update(ref="")
    gone = {ref for ref, each in quotes.items() if not ReadingQuote.objects.filter(pk=each.key).update(ref=ref)}
    Answer.objects.filter(pk=answer.pk).update(
        sentences=[asdict(each) for each in sentences if not gone & set(each.cites)],
        sentences_dropped=dropped,
        fingerprint=mark,
        struck=bool(gone),
        interviews_read=answer.pieces.filter(status=Piece.Status.DONE).count(),
        prompt_version=asking.VERSION,
    )


KIND = Kind("answer", Answer, survey_of, read, finish)
