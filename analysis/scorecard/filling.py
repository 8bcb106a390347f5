"""Makes scorecards: of one interview as it is stored, and of many simulated ones at once."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from django.db import transaction

from analysis.models import TurnLanguage
from analysis.scorecard.records import Scorecard, as_fields
from analysis.scorecard.scoring import frame_of, score
from interviewer.models import Interview, Turn
from interviewer.records import Conversation
from surveys.guide import Guide
from surveys.models import GuideVersion, Participant, Survey

CHUNK = 500


def scorecard_of(interview: Interview, turns: Sequence[Turn], languages: Mapping[int, str]) -> Scorecard:
    """Not stored. languages: number of a participant's turn → its language as detected."""
    turns = [turn for turn in turns if turn.repeats is None]  # what is said again in another language is said once
    known = interview.guide_version_id, interview.guide_version.sha256
    scores = score(Conversation(interview, _guide(*known), turns), languages, _frame(*known, interview.language))
    spoke = Counter((turn.model, turn.prompt_version) for turn in turns if turn.role == Turn.Role.INTERVIEWER and turn.model)
    model, prompt_version = max(spoke, key=lambda each: (spoke[each], each), default=("", ""))
    return Scorecard(interview_id=interview.pk, model=model, prompt_version=prompt_version, **as_fields(scores))


@lru_cache(maxsize=16)
def _guide(version_id: int, sha256: str) -> Guide:
    return GuideVersion.objects.get(pk=version_id, sha256=sha256).guide


@lru_cache(maxsize=256)
def _frame(version_id: int, sha256: str, language: str) -> frozenset[str]:
    return frame_of(_guide(version_id, sha256), language)


def unscored(survey: Survey) -> Iterator[list[int]]:
    """Simulated interviews without a scorecard, a few at a time. People's are scored in their analysis, which knows of strikes and withdrawals."""
    simulated = Interview.objects.filter(participant__survey=survey, participant__origin=Participant.Origin.SIMULATED, scorecard=None)
    last = 0
    while ids := list(simulated.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        last = ids[-1]
        yield ids


def scorecards(ids: Sequence[int]) -> list[Scorecard]:
    found = Interview.objects.filter(pk__in=ids).select_related("participant", "guide_version").defer("guide_version__content").order_by("pk")
    turns: dict[int, list[Turn]] = {each: [] for each in ids}
    for turn in Turn.objects.filter(interview__in=ids).order_by("interview_id", "number"):
        turns[turn.interview_id].append(turn)
    languages: dict[int, dict[int, str]] = {each: {} for each in ids}
    rows = TurnLanguage.objects.filter(turn__interview__in=ids).values_list("turn__interview_id", "turn__number", "language")
    for interview_id, number, language in rows:
        languages[interview_id][number] = language
    return [scorecard_of(interview, turns[interview.pk], languages[interview.pk]) for interview in found]


def fill(survey: Survey, on_done: Callable[[int], object] = lambda made: None) -> int:
    """Scores the survey's simulated interviews that have no scorecard; how many those were."""
    made = 0
    for ids in unscored(survey):
        with transaction.atomic():
            made += len(Scorecard.objects.bulk_create(scorecards(ids), ignore_conflicts=True))
        on_done(len(ids))
    return made
