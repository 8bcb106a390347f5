"""What was made of words that a participant has struck goes with them, and the interview is analysed again."""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from analysis import queueing
from analysis.answering import striking as answers
from analysis.by_hand.striking import take_back_from_people
from analysis.care.records import AnswerBand, AnswerPace, CareEvidence
from analysis.carrying import adopt
from analysis.drafts.records import PreviewUnit
from analysis.induction import striking as induction
from analysis.models import Coding, CodingResult, Fact, InterviewAnalysis, Quote, StepResult, Summary, Translation, TurnLanguage
from analysis.privacy.records import Mask, QuoteApproval
from analysis.quality.records import AnswerQuality, InterviewQuality
from analysis.scorecard.records import Scorecard
from analysis.stability.records import RunCoding
from interviewer.models import Interview
from interviewer.spoken import SpokenLanguage


def hold(interview_id: int) -> InterviewAnalysis | None:
    """Waits for a step that is writing its results; until the transaction ends, no other begins to. To be called inside one."""
    return InterviewAnalysis.objects.select_for_update().filter(interview=interview_id).first()


def forget_words(interview_id: int, turn_id: int) -> None:
    """To be called inside the transaction in which the words go."""
    hold(interview_id)
    take_back_from_people(interview_id, turn_id)
    of_turn = Quote.objects.filter(turn=turn_id)
    shown_by_it = list(of_turn.values_list("coding_id", flat=True))
    of_turn.delete()
    adopt(interview_id)
    left = Exists(Quote.objects.filter(coding=OuterRef("pk")))
    Coding.objects.filter(~left, pk__in=shown_by_it).delete()  # their facts go with them
    results = CodingResult.objects.filter(interview=interview_id)
    counted = Fact.objects.filter(interview=interview_id, coding__result__isnull=False)
    results.exclude(pk__in=counted.values("coding__result")).delete()  # nothing would make them anew
    results.update(fingerprint="")
    TurnLanguage.objects.filter(turn=turn_id).delete()
    Mask.objects.filter(turn=turn_id).delete()
    QuoteApproval.objects.filter(turn=turn_id).update(wording="", reason="")  # that it was decided stays
    Translation.objects.filter(turn=turn_id).delete()
    for of_the_words in (AnswerBand, AnswerPace):
        of_the_words.objects.filter(turn=turn_id).delete()
    PreviewUnit.objects.filter(interview=interview_id).delete()
    CareEvidence.objects.filter(Q(turn=turn_id) | Q(other=turn_id)).delete()
    for made_of_the_whole in (Summary, SpokenLanguage, AnswerQuality, InterviewQuality, Scorecard, RunCoding):
        made_of_the_whole.objects.filter(interview=interview_id).delete()
    StepResult.objects.filter(interview=interview_id).delete()
    forget_readings(interview_id)
    begin_anew(interview_id)


def begin_anew(interview_id: int) -> None:
    """What is under way was made of words that are not shown any more. To be called while it is held."""
    if analysis := InterviewAnalysis.objects.filter(interview=interview_id).first():
        _take_back(analysis)
    if Interview.objects.filter(pk=interview_id).exclude(status=Interview.Status.RUNNING).exists():
        queueing.hand_over([interview_id])


def forget_readings(interview_id: int) -> None:
    """What was made of the interview beside its analysis: codes proposed from it, answers to research questions."""
    induction.forget(interview_id)
    answers.forget(interview_id)


def _take_back(analysis: InterviewAnalysis) -> None:
    """Whoever is at work on it loses it: they have read the words."""
    mine = InterviewAnalysis.objects.filter(pk=analysis.pk)
    mine.update(status=InterviewAnalysis.Status.WAITING, step="", error="", attempts=0, lease_owner="", lease_until=None, updated_at=timezone.now())
