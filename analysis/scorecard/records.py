"""One interview's scorecard as it is kept: a row of parts and wholes, so that a survey's figures are sums the database makes."""

from collections.abc import Mapping

from django.db import models

from analysis.scorecard.measures import MEASURES, Score
from interviewer.models import Interview


class Scorecard(models.Model):
    """model, prompt_version: those that worded most of the interviewer's turns; empty where none did. For each measure of `MEASURES`, its `Score`."""

    interview = models.OneToOneField(Interview, on_delete=models.CASCADE, primary_key=True, related_name="scorecard")
    model = models.CharField(max_length=100, blank=True)
    prompt_version = models.CharField(max_length=100, blank=True)
    coverage_part = models.FloatField(default=0)
    coverage_of = models.FloatField(default=0)
    took_up_part = models.FloatField(default=0)
    took_up_of = models.FloatField(default=0)
    followed_up_part = models.FloatField(default=0)
    followed_up_of = models.FloatField(default=0)
    let_go_part = models.FloatField(default=0)
    let_go_of = models.FloatField(default=0)
    not_overprobed_part = models.FloatField(default=0)
    not_overprobed_of = models.FloatField(default=0)
    leading_part = models.FloatField(default=0)
    leading_of = models.FloatField(default=0)
    compound_part = models.FloatField(default=0)
    compound_of = models.FloatField(default=0)
    praise_part = models.FloatField(default=0)
    praise_of = models.FloatField(default=0)
    new_theme_part = models.FloatField(default=0)
    new_theme_of = models.FloatField(default=0)
    refused_part = models.FloatField(default=0)
    refused_of = models.FloatField(default=0)
    repeated_part = models.FloatField(default=0)
    repeated_of = models.FloatField(default=0)
    talk_part = models.FloatField(default=0)
    talk_of = models.FloatField(default=0)
    interviewer_language_part = models.FloatField(default=0)
    interviewer_language_of = models.FloatField(default=0)
    participant_language_part = models.FloatField(default=0)
    participant_language_of = models.FloatField(default=0)
    emergence_part = models.FloatField(default=0)
    emergence_of = models.FloatField(default=0)
    stock_part = models.FloatField(default=0)
    stock_of = models.FloatField(default=0)
    turns_part = models.FloatField(default=0)
    turns_of = models.FloatField(default=0)
    minutes_part = models.FloatField(default=0)
    minutes_of = models.FloatField(default=0)

    def __str__(self) -> str:
        return f"scorecard of {self.interview_id}"

    @property
    def scores(self) -> dict[str, Score]:
        return {measure.key: Score(getattr(self, f"{measure.key}_part"), getattr(self, f"{measure.key}_of")) for measure in MEASURES}


def as_fields(scores: Mapping[str, Score]) -> dict[str, float]:
    return {f"{key}_{end}": value for key, score in scores.items() for end, value in score._asdict().items()}
