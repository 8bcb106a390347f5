"""Which interviews can be coded both from what was said and from its translation, and why others cannot."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import Count

from analysis.material import PARTICIPANT, language_in
from analysis.models import StepResult, Translation
from analysis.stability.records import RunCoding, StabilityCheck
from analysis.stability.wordings import BOTH_WAYS
from analysis.staleness import bases
from analysis.steps import translate
from interviewer.models import Turn
from llm import model_for
from surveys.models import Survey

SAME = "said in the analysis language"
UNTRANSLATED = "no translation, which needs a language model"
OUT_OF_DATE = "translation out of date"
REASONS = (SAME, UNTRANSLATED, OUT_OF_DATE)
FIELDS = ("pk", "interview_id", "language__language", "held_in", "interview__language", "text")


def left_out(survey: Survey, interviews: Collection[int]) -> dict[int, str]:
    """Interview → why it cannot be coded both ways. Five queries, or so, however many there are."""
    foreign = _foreign(survey, interviews)
    wanted = {turn for turns in foreign.values() for turn in turns}
    there = set(Translation.objects.filter(turn__in=wanted, language=survey.analysis_language).values_list("turn_id", flat=True))
    current = _current(survey, [interview for interview, turns in foreign.items() if turns <= there])
    reasons = {interview: _reason(foreign.get(interview, set()), there, interview in current) for interview in interviews}
    return {interview: reason for interview, reason in reasons.items() if reason}


def _reason(foreign: set[int], there: set[int], current: bool) -> str:
    if not foreign:
        return SAME
    if not foreign <= there:
        return UNTRANSLATED
    return "" if current else OUT_OF_DATE


def _foreign(survey: Survey, interviews: Collection[int]) -> dict[int, set[int]]:
    """What participants said in another language than the analysis is in: interview → turns."""
    found: dict[int, set[int]] = defaultdict(set)
    turns = Turn.objects.filter(interview__in=list(interviews), role=PARTICIPANT)
    for turn, interview, detected, held_in, declared, text in turns.values_list(*FIELDS):
        if text.strip() and language_in(detected or "", held_in, declared) != survey.analysis_language:
            found[interview].add(turn)
    return dict(found)


def _current(survey: Survey, interviews: Collection[int]) -> set[int]:
    """Whose translation was made of the words as they are shown today, by whichever model: a mask that was added since is not in an older one."""
    basis_of, analyst = bases(survey, interviews), model_for("analyst").name
    rows = StepResult.objects.filter(interview__in=list(interviews), step=translate.NAME).values_list("interview_id", "fingerprint", "made_from")
    return {
        interview
        for interview, mark, made_from in rows
        if mark in {translate.fingerprint(basis_of[interview], model) for model in (analyst, made_from.get("model", ""))}
    }


def counted(check: StabilityCheck) -> dict[str, int]:
    """Reason → how many of the check's interviews were left out of coding both ways for it."""
    rows = RunCoding.objects.filter(run__stability_check=check, run__wording__in=BOTH_WAYS, error__in=REASONS, interview__set_aside__isnull=True)
    found = dict(rows.values_list("error").annotate(n=Count("interview", distinct=True)))
    return {reason: found[reason] for reason in REASONS if reason in found}


def worded(reasons: Mapping[str, int]) -> str:
    return "; ".join(f"{reasons[reason]} {reason}" for reason in REASONS if reasons.get(reason))
