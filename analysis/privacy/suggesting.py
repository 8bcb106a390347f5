"""A model's wording of a quote that points to fewer people. It is kept as a proposal, and changes nothing before a person approves it."""

from pathlib import Path

from asgiref.sync import async_to_sync
from pydantic import BaseModel, Field

from analysis.models import Quote
from analysis.privacy.approvals import propose
from analysis.privacy.clues import find
from analysis.privacy.masked import names_in, plain, shown
from analysis.privacy.records import QuoteApproval
from llm import Model, ModelError, Prompt, PromptFile
from llm.prompt import Message, fence
from surveys.accounting import record_call

NAME = "generalise"
FILE = PromptFile.load(Path(__file__).parent.parent / "prompts" / "generalise.md")
UNAVAILABLE = "unavailable"


class Reworded(BaseModel):
    wording: str = Field(min_length=1, description="The whole quote, reworded.")


def prompt(words: str) -> Prompt:
    """words: as they are shown."""
    clues = "; ".join(f"{each.clue.value}: {each.words}" for each in find(words)) or "nothing by rule"
    return Prompt(
        name=NAME, version=FILE.version, system=FILE.fill(clues=clues), messages=(Message("user", fence(words, "words")),), facts={"words": words}
    )


def suggest(quote: Quote, model: Model) -> QuoteApproval:
    """Raises ModelError."""
    person = quote.turn.interview.participant
    asked = prompt(shown(quote.turn).part(quote.start, quote.end))
    try:
        completion = async_to_sync(model.extract)(asked, Reworded)
    except ModelError as error:
        if error.code != UNAVAILABLE:
            record_call(person.survey_id, person.pk, NAME, asked, error)
        raise
    record_call(person.survey_id, person.pk, NAME, asked, completion)
    told = names_in({quote.turn.interview_id})[quote.turn.interview_id]
    return propose(quote, plain(completion.value.wording, told), f"{completion.model} · {FILE.version}")
