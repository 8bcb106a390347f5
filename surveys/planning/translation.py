"""Translating what a survey says into one of its languages: only what is missing, stored as it arrives, to be approved by a person."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from asgiref.sync import sync_to_async
from django.db import transaction
from pydantic import BaseModel, Field

from llm import Model, ModelError, Prompt, PromptFile
from llm.prompt import Message, fence
from surveys.accounting import record_call
from surveys.authorship import PERSON, Standing, content, fingerprint
from surveys.languages import name
from surveys.models import Question, Survey, SurveyText, Wording
from surveys.planning.words import Words, everything

NAME, PURPOSE = "translate_wording", "translation"
FILE = PromptFile.load(Path(__file__).parent.parent / "prompts" / "translate_wording.md")
MAX_TOKENS = 16_000
AT_ONCE = 4_000  # characters put to the model in one call
LINES = ("probes", "options")  # fields of one entry a line
Items = dict[str, str]


class Item(BaseModel):
    id: str = Field(description="The id of the item, as given.")
    text: str = Field(description="The item, translated.")


class Translations(BaseModel):
    items: list[Item]


def todo(survey: Survey, language: str) -> list[Words]:
    """What has no row in the language, or a model's whose source has changed."""
    return [words for words in everything(survey) if words.source(survey) and _wanted(words, language)]


def _wanted(words: Words, language: str) -> bool:
    row = words.rows.get(language)
    return row is None or (row.made_by != PERSON and words.standing(language) is Standing.OUTDATED)


async def translate(survey: Survey, language: str, model: Model) -> None:
    """Raises ModelError; what was translated by then is stored."""
    for portion in portions(survey, await sync_to_async(todo)(survey, language)):
        await _translate(survey, language, portion, model)


async def _translate(survey: Survey, language: str, portion: list[Words], model: Model) -> None:
    asked = await sync_to_async(prompt)(survey, language, portion)
    try:
        completion = await model.extract(asked, Translations)
    except ModelError as error:
        if error.code != "unavailable":
            await sync_to_async(record_call)(survey.pk, None, PURPOSE, asked, error)
        raise
    await sync_to_async(record_call)(survey.pk, None, PURPOSE, asked, completion)
    given = {item.id: item.text.strip() for item in completion.value.items}
    left = [words.name for words in portion if not await sync_to_async(store)(survey, words, language, given, completion.model)]
    if left:
        raise ModelError(f"The reply left out {', '.join(left)}.", code="malformed", retry=True, model=completion.model)


def items(words: Words, survey: Survey) -> Items:
    """Each text to translate, by an id that says where it stands: 'q_7.text', 'q_7.probes.1'."""
    source = words.source(survey)
    found: Items = {}
    for field, text in content(source).items() if source else ():
        if field in LINES:
            found |= {f"{words.id}.{field}.{number}": line for number, line in enumerate(filter(None, map(str.strip, text.split("\n"))), start=1)}
        else:
            found[f"{words.id}.{field}"] = text
    return found


def portions(survey: Survey, wanted: list[Words]) -> Iterator[list[Words]]:
    """In order, as many at once as one call can translate; longer ones go alone."""
    portion: list[Words] = []
    size = 0
    for words in wanted:
        length = sum(map(len, items(words, survey).values()))
        if portion and size + length > AT_ONCE:
            yield portion
            portion, size = [], 0
        portion.append(words)
        size += length
    if portion:
        yield portion


def prompt(survey: Survey, language: str, portion: list[Words]) -> Prompt:
    """The system text is the same for all languages, so that a model's server can keep it."""
    source_language = name(survey.languages[0])
    guide = "\n".join(text for words in everything(survey) for text in items(words, survey).values())
    wanted = "\n\n".join(f"id: {key}\n{fence(text, 'item')}" for words in portion for key, text in items(words, survey).items())
    return Prompt(
        name=NAME,
        version=FILE.version,
        system=FILE.fill(title=survey.title, goal=survey.goal or "(not stated)", source_language=source_language, guide=fence(guide, "guide")),
        messages=(Message("user", f"Translate from {source_language} into {name(language)} ({language}):\n\n{wanted}"),),
        max_tokens=MAX_TOKENS,
        facts={"language": language},
    )


@transaction.atomic
def store(survey: Survey, words: Words, language: str, given: Items, model: str) -> bool:
    """Whether the reply had all of it. What a person has written meanwhile stays."""
    asked = items(words, survey)
    if any(not given.get(key) for key in asked):
        return False
    source, fields = words.source(survey), _fields(words, {key: given[key] for key in asked})
    kind: Any = Wording if isinstance(words.parent, Question) else SurveyText
    longest = {field.name: field.max_length for field in kind._meta.concrete_fields if field.name in fields}
    if any(longest[field] and len(text) > longest[field] for field, text in fields.items()):
        return False
    fields |= {"made_by": model, "prompt_version": FILE.version, "source_hash": fingerprint(content(source)) if source else ""}
    parent = {"question": words.parent} if isinstance(words.parent, Question) else {"survey": words.parent}
    row, made = kind.objects.get_or_create(language=language, **parent, defaults=fields)
    if not made:
        kind.objects.filter(pk=row.pk, source_hash=row.source_hash).exclude(made_by=PERSON).update(**fields, approved_by=None, approved_at=None)
    return True


def _fields(words: Words, translated: Items) -> dict[str, Any]:
    """The items of one row as its fields; those of one entry a line, in their order, joined."""
    said: dict[str, list[str]] = {}
    for key, text in translated.items():
        field = key.removeprefix(f"{words.id}.").partition(".")[0]
        said.setdefault(field, []).append(" ".join(text.split()) if field in LINES else text)
    return {field: "\n".join(texts) for field, texts in said.items()}
