"""The interviewer's stock sentences, in the participant's language: what code says when no model words it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from surveys.guide import Guide
from surveys.languages import digits
from surveys.sentences import name_sentences, speaking

OPENING = _(
    "Hello. I am an automated interviewer. I will ask you a few questions, one at a time. "
    "There are no right or wrong answers, and you may skip a question or stop at any time."
)
BRIDGE = _("Thank you.")
GO_ON = _("Let us go on.")
ANYTHING_ELSE = _("Before we finish, is there anything that you would like to add?")
SUMMARY_LEAD = _("Before we finish, here is what I understood.")
SUMMARY_CLOSE = _("Is there anything that I got wrong, or that you would like to add?")
SIGNPOST = _("We are about halfway through.")
RETURN = _("Let us come back to the question.")
OFF_TOPIC = _("We have moved away from the questions, so the interview ends here. Thank you for your time.")
OFFER_END = _("End the interview now?")
KEPT = _("What you have said is kept. You cannot continue afterwards.")
SUPPORT = _(
    "Thank you for telling me. I am an automated interviewer and cannot help you myself, but there are people who can. "
    "If you or someone else is in danger now, please call your local emergency number."
)
GO_ON_OR_END = _("Would you like to go on with the interview, or end it here?")
GO_ON_WITH_IT = _("Go on with the interview")
END_IT = _("End interview")
CONFIRM = _("That is right")
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


# Surveys may say each of these otherwise, by these names: 'opening', 'probes.example' …
name_sentences({key.lower(): sentence for key, sentence in list(globals().items()) if isinstance(sentence, Promise)})
name_sentences({f"probes.{kind}": sentence for kind, sentence in PROBES.items()})


def say(sentence: Promise | str, language: str, guide: Guide | None = None, /, **values: object) -> str:
    """The sentence as the guide has it, else as the program has it."""
    with speaking(language, guide):
        written = {key: digits(str(value), language) if isinstance(value, int | float) else value for key, value in values.items()}
        return str(sentence) % written if values else str(sentence)


@dataclass(frozen=True)
class SuggestedProbe:
    kind: str
    text: str


def probes(language: str, guide: Guide | None = None) -> tuple[SuggestedProbe, ...]:
    return tuple(SuggestedProbe(kind, say(sentence, language, guide)) for kind, sentence in PROBES.items())
