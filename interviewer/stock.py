"""The interviewer's stock sentences, in the participant's language: what code says when no model words it."""

from dataclasses import dataclass
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

OPENING = _(
    "Hello. I am an automated interviewer. I will ask you a few questions, one at a time. "
    "There are no right or wrong answers, and you may skip a question or stop at any time."
)
BRIDGE = _("Thank you.")
GO_ON = _("Let us go on.")
ANYTHING_ELSE = _("Before we finish, is there anything that you would like to add?")
SUMMARY_LEAD = _("Before we finish, here is what I understood.")
SUMMARY_CLOSE = _("Is there anything that I got wrong, or that you would like to add?")
CLARIFICATION = _("Please take the question in the way that makes sense to you.")
CLOSING = _("That was my last question. Thank you for taking part.")
ENDED_EARLY = _("The interview ends here, as you asked. Thank you for what you have told me.")
ONE_MOMENT = _("One moment, please. What you wrote has been kept.")
PROBES = {
    "elaborate": _("Could you tell me a little more about that?"),
    "example": _("Could you give me an example?"),
    "reason": _("Why is that?"),
    "contrast": _("Are there times when it is different?"),
    "clarify": _("What do you have in mind when you say that?"),
}

EMPTY = _("Please write an answer.")
CHOOSE = _("Please choose from the answers shown.")
WHOLE_NUMBER = _("Please give a whole number from %(minimum)s to %(maximum)s.")
NUMBER = _("Please give a number.")
OUT_OF_RANGE = _("That number is out of range. Please check it.")
TOO_LONG = _("Your answer is longer than %(limit)s characters. Please shorten it.")
NOT_YOUR_TURN = _("Please wait for the interviewer.")
FINISHED = _("The interview has ended.")


def say(sentence: Promise | str, language: str, **values: object) -> str:
    with override(language):
        return str(sentence) % values if values else str(sentence)


@dataclass(frozen=True)
class SuggestedProbe:
    kind: str
    text: str


@cache
def probes(language: str) -> tuple[SuggestedProbe, ...]:
    return tuple(SuggestedProbe(kind, say(sentence, language)) for kind, sentence in PROBES.items())
