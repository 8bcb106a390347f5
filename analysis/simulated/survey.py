"""A survey for simulated participants alone: the demonstration's guide, in every language the program offers, open to nobody."""

from pathlib import Path
from typing import Any

from analysis import publishing as codebooks
from surveys import publishing
from surveys.guide import Guide
from surveys.guide_yaml import read
from surveys.languages import LANGUAGE_CHOICES
from surveys.models import Survey

GUIDE = Path(publishing.__file__).parent / "demo" / "guide.yaml"


def make(slug: str) -> Survey:
    """Published and closed, with the codebook of hopes and fears. The slug must be free."""
    survey = publishing.load(in_every_language(read(GUIDE.read_bytes())), slug=slug)
    publishing.publish(survey)
    codebooks.save_version(survey, codebooks.read(codebooks.HOPES_AND_FEARS.read_bytes()))
    Survey.objects.filter(pk=survey.pk).update(status=Survey.Status.CLOSED)
    survey.refresh_from_db()
    return survey


def in_every_language(guide: Guide) -> Guide:
    """Where the guide is not worded in a language, its words in the guide's first language stand in: no participant reads them."""
    document: dict[str, Any] = guide.model_dump(mode="json")
    first, missing = guide.languages[0], [code for code, _ in LANGUAGE_CHOICES if code not in guide.languages]
    document["title"] = f"{guide.title} (simulated)"
    document["languages"] = [*guide.languages, *missing]
    worded = [document["texts"], *(question["wordings"] for section in document["sections"] for question in section["questions"])]
    for by_language in worded:
        by_language.update(dict.fromkeys(missing, by_language[first]))
    return Guide.model_validate(document)
