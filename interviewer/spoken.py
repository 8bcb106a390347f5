"""Which languages an interview was really in, beside the one it was meant to be in; what does not match is flagged for the researcher."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models

from interviewer.models import Interview
from surveys.languages import normalise

UNKNOWN = "und"


class SpokenLanguage(models.Model):
    """What was found when the interview's words were read. Worked out anew whenever they change."""

    interview = models.OneToOneField(Interview, on_delete=models.CASCADE, related_name="spoken")
    detected = models.CharField(max_length=16, help_text="The language of most of what the participant wrote; 'und' where nothing tells.")
    writes_other = models.BooleanField("participant writes in another language than the interview's", default=False)
    browser_other = models.BooleanField("browser prefers another language than was chosen", default=False)
    interviewer_other = models.BooleanField("interviewer's words are in another language than the interview's", default=False)

    def __str__(self) -> str:
        return ", ".join([self.detected, *self.mismatches])

    @property
    def mismatches(self) -> list[str]:
        """The names of the flags that are set: 'writes_other' …"""
        return [flag for flag in FLAGS if getattr(self, flag)]

    @property
    def told(self) -> str:
        """The flags that are set, in words; "" where everything matches."""
        return ", ".join(str(self._meta.get_field(flag).verbose_name) for flag in self.mismatches)  # type: ignore[union-attr]  # plain fields


FLAGS = ("writes_other", "browser_other", "interviewer_other")


@dataclass(frozen=True)
class Heard:
    """Words of one speaker: the language the interview was then held in, the one they were found to be in, and how much there was."""

    held_in: str
    detected: str
    letters: int


def main_language(heard: Iterable[Heard]) -> str:
    letters: Counter[str] = Counter()
    for each in heard:
        letters[each.detected] += each.letters
    letters.pop(UNKNOWN, None)
    return min(letters, key=lambda code: (-letters[code], code)) if letters else UNKNOWN


def in_other_language(heard: Iterable[Heard]) -> bool:
    """Whether more than half of what can be told is in another language than the interview was then held in."""
    told = [each for each in heard if each.detected != UNKNOWN]
    other = sum(each.letters for each in told if not same(each.detected, each.held_in))
    return 2 * other > sum(each.letters for each in told)


def browser_differs(browser_languages: str, declared: str) -> bool:
    """browser_languages: as the participant's record keeps them, most wanted first, with commas."""
    first = browser_languages.partition(",")[0]
    return bool(first) and not same(first, declared)


def same(one: str, other: str) -> bool:
    """Whether two codes mean one language, however it is written and wherever: 'pt-br' and 'pt', both Chinese scripts."""
    return normalise(one).split("-")[0] == normalise(other).split("-")[0]


def keep(interview_id: int, said: list[Heard], interviewers: list[Heard]) -> None:
    """said: the participant's words; interviewers: what a model worded for the interviewer."""
    who = Interview.objects.filter(pk=interview_id).values_list("participant__browser_languages", "participant__language").first()
    if who is None:  # withdrawn meanwhile
        return
    found = {
        "detected": main_language(said),
        "writes_other": in_other_language(said),
        "browser_other": browser_differs(*who),
        "interviewer_other": in_other_language(interviewers),
    }
    SpokenLanguage.objects.update_or_create(interview_id=interview_id, defaults=found)
