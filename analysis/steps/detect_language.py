"""Which language each of the participant's turns is in."""

import asyncio
from collections.abc import Mapping

from asgiref.sync import sync_to_async

from analysis.detection import SHORT, detect
from analysis.material import Basis, Material, digest, languages_hash
from analysis.models import TurnLanguage
from analysis.step import Step, recording
from interviewer import spoken
from interviewer.models import Turn
from interviewer.spoken import Heard
from llm import Model

NAME = "detect_language"
VERSION = "2"  # raise it when detection.py finds other languages than before


def fingerprint(basis: Basis, model: str) -> str:
    return digest([NAME, VERSION, basis.transcript_hash, basis.language, sorted(basis.survey_languages)])


async def run(material: Material, model: Model) -> None:
    found = await asyncio.to_thread(detected, material)
    worded = await sync_to_async(_worded)(material.basis.interview_id)
    interviewers = await asyncio.to_thread(_interviewers, material, worded)
    await sync_to_async(_store)(material, found, interviewers, fingerprint(material.basis, model.name))


def detected(material: Material) -> dict[int, tuple[str, float]]:
    """Turn id → (language, confidence)."""
    basis, words = material.basis, material.words
    return {
        turn.id: detect(
            turn.text,
            declared=turn.held_in or basis.language,
            allowed=basis.survey_languages,
            context="\n".join(other.text for other in words if other is not turn) if len(turn.text) < 2 * SHORT else "",
        )
        for turn in words
    }


def _worded(interview_id: int) -> dict[str, str]:
    """The interview's language → what a model worded in it for the interviewer."""
    worded: dict[str, str] = {}
    for held_in, text in Turn.objects.filter(interview=interview_id).exclude(model="").order_by("number").values_list("held_in", "text"):
        worded[held_in] = f"{worded.get(held_in, '')}\n{text}"
    return worded


def _interviewers(material: Material, worded: Mapping[str, str]) -> list[Heard]:
    basis = material.basis
    heard = []
    for held_in, text in worded.items():
        language = held_in or basis.language
        heard.append(Heard(language, detect(text, declared=language, allowed=basis.survey_languages)[0], len(text)))
    return heard


def _store(material: Material, found: Mapping[int, tuple[str, float]], interviewers: list[Heard], mark: str) -> None:
    with recording(NAME, material, mark) as record:
        TurnLanguage.objects.filter(turn__interview=material.basis.interview_id).delete()
        TurnLanguage.objects.bulk_create(
            TurnLanguage(turn_id=turn, language=language, confidence=confidence) for turn, (language, confidence) in found.items()
        )
        said = [Heard(turn.held_in or material.basis.language, found[turn.id][0], len(turn.text)) for turn in material.words]
        spoken.keep(material.basis.interview_id, said, interviewers)
        languages = {turn.number: found[turn.id][0] for turn in material.turns if turn.id in found}
        last = material.turns[-1].id if material.turns else 0
        record.made_from |= {"turns": len(material.turns), "last_turn": last, "languages": languages_hash(languages)}


STEP = Step(NAME, fingerprint, run)
