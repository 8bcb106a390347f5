"""What is measured of an interviewer: each measure with its definition, its unit, and which way is better."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

THIN, FULL = 12, 45  # words; as the offline interviewer judges answers
ALIKE = 0.8  # of the three-letter runs of two turns: from here on, one repeats the other
LONG_ENOUGH = 40  # letters; shorter answers do not tell their language
FEWEST = 10  # interviews; behind fewer no figure is given

SPARKME = "after the interviewer measures of SparkMe (coverage, emergence, leading questions)"
GUARD = "the guard's own checks, made again on what was said"


class Unit(StrEnum):
    SHARE = "share"
    TURNS = "turns"
    MINUTES = "minutes"


class Better(StrEnum):
    MORE = "more"
    LESS = "less"
    NEITHER = ""


class Score(NamedTuple):
    """One measure of one interview: `part` of `of`. Over several interviews, parts and wholes add up. of = 0: nothing to measure."""

    part: float = 0.0
    of: float = 0.0

    @property
    def value(self) -> float | None:
        return self.part / self.of if self.of else None


@dataclass(frozen=True)
class Measure:
    """of: what the figure is a share of, or a mean over."""

    key: str
    name: str
    definition: str
    of: str
    better: Better = Better.NEITHER
    unit: Unit = Unit.SHARE
    source: str = ""

    @property
    def is_share(self) -> bool:
        return self.unit is Unit.SHARE


_MORE, _LESS = Better.MORE, Better.LESS
MEASURES = (
    Measure(
        "coverage",
        "Guide covered",
        "Questions put, or found answered already, of those that applied to the person.",
        "questions",
        _MORE,
        source=SPARKME,
    ),
    Measure(
        "took_up",
        "Probes that take up their words",
        "Probes that hold a word of content, or its stem, from the person's answers to the question so far. Words of the guide and of the stock "
        "sentences do not count; in scripts without spaces, short runs of letters stand for words.",
        "probes",
        _MORE,
    ),
    Measure(
        "followed_up",
        "Thin answers followed up",
        f"Answers to open questions of at most {THIN} words, refusals left out, after which the interviewer stayed with the question, of those after "
        "which it was allowed to probe.",
        "thin answers",
        _MORE,
    ),
    Measure(
        "let_go",
        "Refusals accepted",
        "Answers to open questions that refuse, or say no more than no or not to know, after which the interviewer did not stay with the question.",
        "refusals",
        _MORE,
    ),
    Measure(
        "not_overprobed",
        "Full answers let be",
        f"Open questions answered in {FULL} words or more at once, after which at most one probe came.",
        "full answers",
        _MORE,
    ),
    Measure("leading", "Leading", "Turns worded by a model that lead or presume.", "model's turns", _LESS, source=GUARD),
    Measure("compound", "Compound", "Turns worded by a model that ask more than one thing.", "model's turns", _LESS, source=GUARD),
    Measure("praise", "Praise", "Turns worded by a model that praise or judge what was said.", "model's turns", _LESS, source=GUARD),
    Measure("new_theme", "New theme named", "Turns worded by a model that name a theme nobody had named.", "model's turns", _LESS, source=GUARD),
    Measure("refused", "Refused by the guard", "Replies of the model that the guard kept from the person, of all its replies.", "replies", _LESS),
    Measure(
        "repeated",
        "Repeats itself",
        f"Turns nearly the same as an earlier one of the interviewer in the interview: {ALIKE:.0%} of their three-letter runs are shared (Dice).",
        "interviewer's turns",
        _LESS,
    ),
    Measure(
        "talk",
        "Interviewer's share of talk",
        "Words of the interviewer, of all words; two letters of a script without spaces count as a word.",
        "words",
    ),
    Measure(
        "interviewer_language",
        "Interviewer holds the language",
        "Turns of the interviewer not plainly in another language than the interview's, by script and commonest words.",
        "interviewer's turns",
        _MORE,
    ),
    Measure(
        "participant_language",
        "Participant holds the language",
        f"Answers of {LONG_ENOUGH} letters or more detected to be in the interview's language.",
        "long answers",
    ),
    Measure(
        "emergence",
        "New content after probes",
        "Words of content, by their stems, in the answers to probes that the person had not used before.",
        "words of content",
        _MORE,
        source=SPARKME,
    ),
    Measure(
        "stock",
        "Stock sentences",
        "Turns after an open answer that no model worded, closings and offers to end left out.",
        "turns after open answers",
        _LESS,
    ),
    Measure("turns", "Turns", "Turns of both sides.", "interviews", unit=Unit.TURNS),
    Measure("minutes", "Minutes", "From the beginning to the end, pauses among them.", "interviews", unit=Unit.MINUTES),
)
BY_KEY = {measure.key: measure for measure in MEASURES}
