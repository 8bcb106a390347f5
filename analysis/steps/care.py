"""What can be seen of how the answers were written: evidence for a person to weigh, which decides nothing."""

from collections.abc import Sequence

from asgiref.sync import sync_to_async

from analysis.care import matching
from analysis.care.kinds import Kind
from analysis.care.norm import norm
from analysis.care.pace import speed
from analysis.care.records import AnswerBand, AnswerPace, CareEvidence
from analysis.care.rules import VERSION, Evidence, of_interview
from analysis.material import Basis, Material, digest
from analysis.quality.labels import Answer
from analysis.quality.reading import answers
from analysis.step import Step, recording, unstruck
from interviewer import records
from llm import Model
from surveys.guide import Kind as QuestionKind
from surveys.models import Participant

NAME = "care"


def fingerprint(basis: Basis, model: str) -> str:
    return digest([NAME, VERSION, basis.transcript_hash, basis.languages_hash])


async def run(material: Material, model: Model) -> None:
    await sync_to_async(_run)(material)


def _run(material: Material) -> None:
    basis, conversation = material.basis, records.load(material.basis.interview_id)
    by_question = answers(material, conversation)
    said = [each for group in by_question.values() for each in group]
    scales = [question.key for question in conversation.guide.questions if question.kind is QuestionKind.SCALE]
    paces = _paces(basis, said)
    evidence = [*of_interview(by_question, scales), *_unusual(basis, paces)]
    # Marked and committed first, looked up second: of two interviews analysed at once, one sees the other.
    with unstruck(material):
        _mark(basis, said)
    found = matching.pairs([each.turn for each in said])
    matching.keep(basis.survey_id, basis.interview_id, found)
    _store(material, evidence, paces, len(found))


def _unusual(basis: Basis, paces: Sequence[AnswerPace]) -> list[Evidence]:
    """Against the survey's own answers so far."""
    usual = {language: norm(basis.survey_id, language, without=basis.interview_id) for language in {pace.language for pace in paces}}
    return [
        Evidence(Kind.UNUSUAL_PACE, pace.turn_id, pace.speed, bound.bound)
        for pace in paces
        if (bound := usual[pace.language]) and pace.speed > bound.bound
    ]


def _paces(basis: Basis, said: Sequence[Answer]) -> list[AnswerPace]:
    return [
        AnswerPace(turn_id=each.turn, survey_id=basis.survey_id, language=each.language, speed=speed(each.asked, each.text, each.care))
        for each in said
        if each.care and each.text and each.value is None
    ]


def _mark(basis: Basis, said: Sequence[Answer]) -> None:
    AnswerBand.objects.filter(turn__interview=basis.interview_id).delete()
    if basis.origin != Participant.Origin.SIMULATED:  # their sentences come from one book
        AnswerBand.objects.bulk_create(matching.mark(basis.survey_id, said))


def _store(material: Material, evidence: Sequence[Evidence], paces: Sequence[AnswerPace], pairs: int) -> None:
    basis = material.basis
    with recording(NAME, material, fingerprint(basis, "")) as record:
        AnswerPace.objects.filter(turn__interview=basis.interview_id).delete()
        AnswerPace.objects.bulk_create(paces)
        CareEvidence.objects.filter(interview=basis.interview_id).exclude(kind=Kind.DUPLICATE).delete()
        CareEvidence.objects.bulk_create(
            CareEvidence(
                interview_id=basis.interview_id,
                survey_id=basis.survey_id,
                kind=each.kind,
                turn_id=each.turn,
                other_id=each.other,
                figure=each.figure,
                bound=each.bound,
            )
            for each in evidence
        )
        record.made_from |= {"rules": VERSION, "evidence": len(evidence), "alike": pairs}


STEP = Step(NAME, fingerprint, run)
