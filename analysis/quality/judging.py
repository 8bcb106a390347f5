"""What a model says of how the questions were answered, and what of it stands: a label without words that the transcript holds does not. Pure."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal

from pydantic import BaseModel, Field, create_model

from analysis.material import Said
from analysis.quality.labels import Label, Labelled
from analysis.spans import locate

JUDGED = (Label.SUBSTANTIVE, Label.MINIMAL, Label.REFUSED, Label.CONFUSED)  # a model is not told how fast an answer came


@lru_cache(maxsize=64)
def schema(questions: tuple[str, ...]) -> type[BaseModel]:
    """The reply's type: one entry a question."""
    keys: Any = Literal.__getitem__(questions)
    labels: Any = Literal.__getitem__(tuple(label.value for label in JUDGED))
    given = create_model(
        "AnswerJudged",
        question=(keys, ...),
        label=(labels, ...),
        turn=(int, Field(description="The number of the participant's turn that shows it.")),
        quote=(str, Field(description="The shortest words that show it, copied letter by letter from that turn.")),
    )
    return create_model("AnswersJudged", answers=(list[given], Field(min_length=1)))


def settle(value: BaseModel, questions: Sequence[str], words: Sequence[Said]) -> tuple[dict[str, Labelled], int]:
    """(question → label with the place of its quote, how many labels were dropped because no turn on the question holds the quote)."""
    found: dict[str, Labelled] = {}
    dropped = 0
    for each in value.model_dump()["answers"]:
        key = each["question"]
        if key not in questions or key in found:
            continue
        on_it = sorted((turn for turn in words if turn.question == key), key=lambda turn: turn.number != each["turn"])
        placed = next(((turn, span) for turn in on_it if (span := locate(each["quote"], turn.text))), None)
        if placed is None:
            dropped += 1
            continue
        turn, (start, end) = placed
        found[key] = Labelled(Label(each["label"]), "Judged by the model from the words quoted.", turn.id, start, end)
    return found, dropped
