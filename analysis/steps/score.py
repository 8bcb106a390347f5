"""How well the interviewer interviewed: one scorecard, made without a model. Imported interviews have none: nobody was asked anything here."""

from asgiref.sync import sync_to_async

from analysis.material import Basis, Material, digest
from analysis.scorecard.filling import scorecards
from analysis.scorecard.records import Scorecard
from analysis.step import Step, recording
from llm import Model
from surveys.models import Participant

NAME = "score"
VERSION = "1"  # raise it when a measure is defined otherwise than before


def fingerprint(basis: Basis, model: str) -> str:
    return digest([NAME, VERSION, basis.transcript_hash, basis.languages_hash, basis.language, basis.origin])


async def run(material: Material, model: Model) -> None:
    await sync_to_async(_store)(material, fingerprint(material.basis, model.name))


def _store(material: Material, mark: str) -> None:
    basis = material.basis
    made = [] if basis.origin == Participant.Origin.IMPORTED else scorecards([basis.interview_id])
    with recording(NAME, material, mark):
        Scorecard.objects.filter(interview=basis.interview_id).delete()
        Scorecard.objects.bulk_create(made)


STEP = Step(NAME, fingerprint, run)
