"""How fast the answers of a survey came so far, language by language: what an unusual pace is measured against."""

from typing import NamedTuple

from analysis.care.records import AnswerPace

NEWEST = 2000
FEWEST = 50  # measured answers, before anything is called unusual
HIGH = 0.99
TIMES_THE_MEDIAN = 3.0


class Norm(NamedTuple):
    """Words read and written a second. bound: what only one answer in a hundred passes, and no less than three times the median."""

    n: int
    median: float
    bound: float


def norm(survey_id: int, language: str, *, without: int = 0) -> Norm | None:
    """Of the survey's newest measured answers in the language; None where they are too few. without: an interview left out."""
    paces = AnswerPace.objects.filter(survey=survey_id, language=language).exclude(turn__interview=without)
    speeds = sorted(paces.order_by("-id").values_list("speed", flat=True)[:NEWEST])
    if len(speeds) < FEWEST:
        return None
    median, high = speeds[len(speeds) // 2], speeds[min(len(speeds) - 1, int(HIGH * len(speeds)))]
    return Norm(len(speeds), median, max(high, TIMES_THE_MEDIAN * median))
