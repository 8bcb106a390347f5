"""The table of interviews: people, progress, ratings and how much was said."""

from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from analysis.export.cells import Type
from analysis.export.columns import Column, Scope
from analysis.privacy.masked import names_in, plain
from interviewer.amendments import Correction
from interviewer.models import Interview, Turn
from interviewer.spoken import SpokenLanguage
from interviewer.switching import LanguageChange

BATCH = 500
COLUMNS = (
    Column("interview_id", Type.INTEGER, "The interview. The other files refer to it."),
    Column("external_id", Type.TEXT, "The participant's id in the place they came from, such as a panel or an imported file."),
    Column("origin", Type.TEXT, "Where the interview comes from: 'live', 'imported', 'pilot' or 'simulated'."),
    Column("language", Type.TEXT, "The language the interview was held in."),
    Column("browser_languages", Type.TEXT, "The languages the browser prefers, most wanted first, with commas."),
    Column("country", Type.TEXT, "ISO 3166-1 alpha-2 code the participant chose; empty if none."),
    Column("age_band", Type.TEXT, "Age in years, as a band."),
    Column("gender", Type.TEXT, "Gender, as the participant put it or chose it; what identifies people is masked."),
    Column("occupation", Type.TEXT, "Occupation, in the participant's own words; what identifies people is masked."),
    Column("screening", Type.JSON, "Answers to the screening questions, by key."),
    Column("status", Type.TEXT, "How far it went: 'running', 'completed', or 'ended' (early)."),
    Column(
        "ended_because", Type.TEXT, "Why it is over: 'completed', 'time', 'asked' (by the participant), or 'off_topic'; empty where nobody noted it."
    ),
    Column("outcome", Type.TEXT, "What the panel was told: 'complete', 'ended', 'low_quality' or 'timed_out'; empty while the interview runs."),
    Column("guide_version", Type.INTEGER, "The version of the interview guide."),
    Column("arm", Type.TEXT, "The arm of the experiment it was assigned to; empty where the guide has no arms."),
    Column("question_order", Type.JSON, "The questions' keys in the order this interview asked them; empty list: the guide's order."),
    Column("consent_given", Type.BOOLEAN, "Whether the participant consented; empty for imported interviews without a record."),
    Column("consent_version", Type.INTEGER, "The guide version whose consent text was read."),
    Column("consent_language", Type.TEXT, "The language it was read in."),
    Column("consent_at", Type.TIME, "When consent was given or declined (UTC)."),
    Column("started_at", Type.TIME, "When the interview began (UTC)."),
    Column("completed_at", Type.TIME, "When it ended (UTC); empty while it runs."),
    Column("satisfaction", Type.INTEGER, "The participant's rating, 1 to 7."),
    Column("captured", Type.INTEGER, "How far the participant agrees that the interview captured their thoughts, 1 to 7."),
    Column("would_recommend", Type.BOOLEAN, "Whether the participant would recommend such an interview."),
    Column("summary", Type.TEXT, "A summary in the analysis language. Made by a machine."),
    Column("summary_model", Type.TEXT, "What made the summary."),
    Column(
        "analysis_status",
        Type.TEXT,
        "Where the analysis stands: 'waiting', 'running', 'done' or 'failed'; empty where the analysis has not met the interview.",
    ),
    Column("analysis_step", Type.TEXT, "The step the analysis is at, or failed at."),
    Column("participant_turns", Type.INTEGER, "How many turns the participant took."),
    Column("participant_words", Type.INTEGER, "Words in them, parted by blanks: not a measure for languages written without blanks."),
    Column("corrections", Type.TEXT, "What the participant corrected or added afterwards; several are parted by a blank line."),
    Column("detected_language", Type.TEXT, "The language of most of what the participant wrote; 'und' where it cannot be told, empty where unread."),
    Column(
        "language_mismatches",
        Type.TEXT,
        "What does not match, with blanks between: 'writes_other' (participant writes another language than the interview's), 'browser_other' "
        "(browser prefers another than was chosen), 'interviewer_other' (interviewer's words in another than the interview's).",
    ),
    Column("language_changes", Type.TEXT, "Changes of language midway, as 'from>to@turn', after that turn, with blanks between."),
)
FIELDS = (
    "id",
    "participant__external_id",
    "participant__origin",
    "language",
    "participant__browser_languages",
    "participant__country",
    "participant__age_band",
    "participant__gender",
    "participant__occupation",
    "participant__screening",
    "status",
    "ended_because",
    "participant__outcome__result",
    "guide_version__number",
    "arm",
    "order",
    "participant__consent__given",
    "participant__consent__guide_version__number",
    "participant__consent__language",
    "participant__consent__at",
    "started_at",
    "completed_at",
    "satisfaction",
    "captured",
    "would_recommend",
    "summary__text",
    "summary__model",
    "analysis__status",
    "analysis__step",
)

# What participants wrote themselves, and what was made of it.
FREE = frozenset({"participant__gender", "participant__occupation", "summary__text"})
SUMMARY = FIELDS.index("summary__text")


def found(scope: Scope) -> QuerySet[Interview]:
    return Interview.objects.filter(participant__survey=scope.survey, participant__origin__in=scope.origins, set_aside=None)


def rows(scope: Scope) -> Iterator[Sequence[Any]]:
    interviews = found(scope).order_by("id").values_list(*FIELDS).iterator(chunk_size=2000)
    while batch := list(islice(interviews, BATCH)):
        ids = [row[0] for row in batch]
        said, corrected, spoken, changed = _said(ids), _corrected(ids), _spoken(ids), _changed(ids)
        told = names_in([row[0] for row in batch if row[0] in corrected or row[SUMMARY]])
        for row in batch:
            key = row[0]
            yield (
                *_masked(row, told[key]),
                *said.get(key, (0, 0)),
                plain("\n\n".join(corrected.get(key, ())), told[key]),
                *spoken.get(key, ("", "")),
                " ".join(changed.get(key, ())),
            )


def _masked(row: Sequence[Any], told: Collection[str]) -> Iterator[Any]:
    return (plain(value, told) if name in FREE else value for name, value in zip(FIELDS, row, strict=True))


def _corrected(interviews: list[int]) -> dict[int, list[str]]:
    corrected: dict[int, list[str]] = {}
    for interview, text in Correction.objects.filter(interview__in=interviews).values_list("interview_id", "text"):
        corrected.setdefault(interview, []).append(text)
    return corrected


def _spoken(interviews: list[int]) -> dict[int, tuple[str, str]]:
    """The language found and the flags set, by interview."""
    found = SpokenLanguage.objects.filter(interview__in=interviews)
    return {each.interview_id: (each.detected, " ".join(each.mismatches)) for each in found}


def _changed(interviews: list[int]) -> dict[int, list[str]]:
    changed: dict[int, list[str]] = {}
    for change in LanguageChange.objects.filter(interview__in=interviews):
        changed.setdefault(change.interview_id, []).append(f"{change.from_language}>{change.to_language}@{change.after_turn}")
    return changed


def _said(interviews: list[int]) -> dict[int, tuple[int, int]]:
    """Turns and words of the participant, by interview."""
    said: dict[int, tuple[int, int]] = {}
    texts = Turn.objects.filter(interview__in=interviews, role=Turn.Role.PARTICIPANT).order_by().values_list("interview_id", "text")
    for interview, text in texts.iterator(chunk_size=2000):
        turns, words = said.get(interview, (0, 0))
        said[interview] = turns + 1, words + len(text.split())
    return said
