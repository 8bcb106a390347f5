"""What people do about masks: add one, lift one, look at the original words. Each is kept with who did it."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from analysis import forgetting
from analysis.models import Quote, Summary, Translation
from analysis.privacy.masked import shown_of
from analysis.privacy.masking import Hidden, Kind, Shown
from analysis.privacy.records import Mask, MaskChange, OriginalSeen
from analysis.quality.records import AnswerQuality
from analysis.sampling.records import HumanCoding
from interviewer.models import Interview, Turn
from surveys.models import Survey


class Refused(ValueError):
    """What was asked for cannot be done; the text says why."""


@transaction.atomic
def add(interview: Interview, words: str, kind: Kind, by: User) -> int:
    """Masks the words wherever the interview's transcript shows them; in how many places. Raises Refused."""
    forgetting.hold(interview.pk)
    words = words.strip()
    turns = {turn.pk: turn for turn in interview.turns.order_by("number")}
    shown = shown_of(turns.values())
    found = {pk: [each for each in _places(shown[pk], words) if each.end > each.start] for pk in turns} if words else {}
    if not any(found.values()):
        raise Refused("The transcript does not show these words: copy them as they stand there.")
    for pk, hidden in found.items():
        for each in hidden:
            Mask.objects.filter(turn=pk, found_by=Mask.FoundBy.PERSON, lifted=True, start__lt=each.end, end__gt=each.start).delete()
            Mask.objects.get_or_create(turn_id=pk, start=each.start, end=each.end, found_by=Mask.FoundBy.PERSON, defaults={"kind": kind})
            _note(turns[pk], kind, MaskChange.Action.ADDED, by)
    _changed(interview, [turns[pk] for pk, hidden in found.items() if hidden])
    return sum(map(len, found.values()))


def _places(shown: Shown, words: str) -> list[Hidden]:
    """Where the words stand unmasked, in the original."""
    found, start = [], shown.text.find(words)
    while start >= 0:
        span = shown.to_original(start, start + len(words))
        if shown.original[slice(*span)] == words:
            found.append(Hidden(*span, Kind.OTHER))
        start = shown.text.find(words, start + len(words))
    return found


@transaction.atomic
def lift(turn: Turn, start: int, end: int, by: User) -> None:
    """Says that what is masked there tells nothing. Raises Refused."""
    forgetting.hold(turn.interview_id)
    masks = shown_of([turn])[turn.pk].hidden
    hidden = next((each for each in masks if (each.start, each.end) == (start, end)), None)
    if hidden is None:
        raise Refused("Nothing is masked there any more.")
    Mask.objects.filter(turn=turn, found_by=Mask.FoundBy.PERSON, start__gte=start, end__lte=end).delete()
    Mask.objects.create(turn=turn, start=start, end=end, kind=hidden.kind, found_by=Mask.FoundBy.PERSON, lifted=True)
    _note(turn, hidden.kind, MaskChange.Action.LIFTED, by)
    _changed(Interview.objects.get(pk=turn.interview_id), [turn])


def see_original(survey: Survey, interview: Interview, reason: str, by: User) -> OriginalSeen:
    """Raises Refused without a reason."""
    if not reason.strip():
        raise Refused("Say why you have to see the original words: it is kept on record.")
    return OriginalSeen.objects.create(
        survey=survey, interview=interview, interview_number=interview.pk, by=by, by_name=by.get_username(), reason=reason.strip()[:500]
    )


def _note(turn: Turn, kind: Kind, action: MaskChange.Action, by: User) -> None:
    MaskChange.objects.create(interview_id=turn.interview_id, turn_number=turn.number, kind=kind, action=action, by=by, by_name=by.get_username())


def _changed(interview: Interview, turns: list[Turn]) -> None:
    """What repeats the words as they were shown goes or follows; pages opened before are out of date; whoever is at work on it begins anew."""
    shown = shown_of(turns)
    for quote in Quote.objects.filter(turn__in=turns):
        Quote.objects.filter(pk=quote.pk).update(text=shown[quote.turn_id].part(quote.start, quote.end))
    for label in AnswerQuality.objects.filter(turn__in=turns).exclude(quote=""):
        AnswerQuality.objects.filter(pk=label.pk).update(quote=shown[label.turn_id].part(label.start, label.end))  # type: ignore[index]  # of these turns
    Translation.objects.filter(turn__in=turns).delete()
    Summary.objects.filter(interview=interview).delete()
    HumanCoding.objects.filter(unit__interview=interview).update(revision=F("revision") + 1)
    forgetting.forget_readings(interview.pk)
    forgetting.begin_anew(interview.pk)
