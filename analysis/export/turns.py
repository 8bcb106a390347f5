"""The table of turns: what the interviewer and the participant said, in order, with what identifies people masked."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import FilteredRelation, Q, QuerySet

from analysis.export import masking
from analysis.export.cells import Type
from analysis.export.columns import Column, Scope
from interviewer.models import Turn

CHUNK = 2000
COLUMNS = (
    Column("interview_id", Type.INTEGER, "The interview; joins to interviews.csv."),
    Column("number", Type.INTEGER, "The turn's place in its interview, from 1 without gaps."),
    Column("role", Type.TEXT, "Who spoke: 'interviewer' or 'participant'."),
    Column("question", Type.TEXT, "The guide question that the turn puts or answers, by its key; empty where there is none."),
    Column("move", Type.TEXT, "What the turn does: 'ask' puts a guide question, 'probe' follows up, and so on."),
    Column(
        "text",
        Type.TEXT,
        "The words as they were said, in their language, with what identifies people masked: [name], [e-mail] …",
    ),
    Column("value", Type.JSON, "The answer to a closed question as a value: the option, a list of options, or a number."),
    Column("struck_at", Type.TIME, "When the participant struck the words out (UTC), which are then gone; empty if they did not."),
    Column("held_in", Type.TEXT, "The interview's language when it was said; empty where that was not recorded."),
    Column("repeats", Type.INTEGER, "The turn that this one says again after a change of language, by its number; empty otherwise. Count it once."),
    Column("language", Type.TEXT, "The language detected; 'und' where it cannot be told, empty where it was not looked for."),
    Column("language_confidence", Type.NUMBER, "How sure the detector is, 0 to 1."),
    Column("translation", Type.TEXT, "The words in the survey's analysis language, if they were translated. Made by a machine."),
    Column("translated_by", Type.TEXT, "The language model that translated."),
    Column("created_at", Type.TIME, "When the turn was stored (UTC)."),
    Column("model", Type.TEXT, "The language model that worded the turn; empty for participants and for fixed wording."),
    Column("prompt_version", Type.TEXT, "The version of the prompt it was given."),
    Column("refused", Type.JSON, "Why earlier wordings of the turn were not said, a list of reasons for each: 'leading', 'praise' and so on."),
)


def found(scope: Scope) -> QuerySet[Turn]:
    return Turn.objects.filter(
        interview__participant__survey=scope.survey, interview__participant__origin__in=scope.origins, interview__set_aside=None
    )


def rows(scope: Scope) -> Iterator[Sequence[Any]]:
    translated = FilteredRelation("translations", condition=Q(translations__language=scope.survey.analysis_language))
    turns = (
        found(scope)
        .annotate(translated=translated)
        .order_by("interview_id", "number")
        .values_list(
            "pk",
            "interview_id",
            "number",
            "role",
            "question_key",
            "move",
            "text",
            "value",
            "strike__at",
            "held_in",
            "repeats",
            "language__language",
            "language__confidence",
            "translated__text",
            "translated__model",
            "created_at",
            "model",
            "prompt_version",
            "refused",
        )
    )
    return masking.turns(turns.iterator(chunk_size=CHUNK), text=5, translation=12)
