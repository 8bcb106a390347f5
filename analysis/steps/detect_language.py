"""Which language each of the participant's turns is in."""

import asyncio
from collections.abc import Mapping

from asgiref.sync import sync_to_async

from analysis.detection import SHORT, detect
from analysis.material import Basis, Material, digest, languages_hash
from analysis.models import TurnLanguage
from analysis.step import Step, recording
from llm import Model

NAME = "detect_language"
VERSION = "1"  # raise it when detection.py finds other languages than before


def fingerprint(basis: Basis, model: str) -> str:
    return digest([NAME, VERSION, basis.transcript_hash, basis.language, sorted(basis.survey_languages)])


async def run(material: Material, model: Model) -> None:
    found = await asyncio.to_thread(detected, material)
    await sync_to_async(_store)(material, found, fingerprint(material.basis, model.name))


def detected(material: Material) -> dict[int, tuple[str, float]]:
    """Turn id → (language, confidence)."""
    basis, words = material.basis, material.words
    return {
        turn.id: detect(
            turn.text,
            declared=basis.language,
            allowed=basis.survey_languages,
            context="\n".join(other.text for other in words if other is not turn) if len(turn.text) < 2 * SHORT else "",
        )
        for turn in words
    }


def _store(material: Material, found: Mapping[int, tuple[str, float]], mark: str) -> None:
    with recording(NAME, material, mark) as record:
        TurnLanguage.objects.filter(turn__interview=material.basis.interview_id).delete()
        TurnLanguage.objects.bulk_create(
            TurnLanguage(turn_id=turn, language=language, confidence=confidence) for turn, (language, confidence) in found.items()
        )
        languages = {turn.number: found[turn.id][0] for turn in material.turns if turn.id in found}
        last = material.turns[-1].id if material.turns else 0
        record.made_from |= {"turns": len(material.turns), "last_turn": last, "languages": languages_hash(languages)}


STEP = Step(NAME, fingerprint, run)
