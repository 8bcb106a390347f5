"""Who takes part, what they agreed to, and what the calls to models for them cost."""

import secrets
from typing import Any, ClassVar

from django.db import models

from surveys import receipts
from surveys.models.frozen import Frozen
from surveys.models.guide import GuideVersion
from surveys.models.survey import Survey


def new_token() -> str:
    return secrets.token_urlsafe(18)


class Participant(models.Model):
    class Origin(models.TextChoices):
        LIVE = "live", "Live"
        PILOT = "pilot", "Pilot"
        IMPORTED = "imported", "Imported"
        SIMULATED = "simulated", "Simulated"
        PREVIEW = "preview", "Preview"

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="participants")
    token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.LIVE)
    external_id = models.CharField(max_length=200, blank=True, help_text="The participant's id in the place they came from.")
    language = models.CharField(max_length=16, help_text="The language the participant chose.")
    browser_languages = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1 alpha-2.")
    age_band = models.CharField(max_length=10, blank=True)
    gender = models.CharField(max_length=20, blank=True)
    occupation = models.CharField(max_length=200, blank=True)
    screening = models.JSONField(default=dict, blank=True, help_text="Answers to the screening questions, by key.")
    profiled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "external_id"], condition=~models.Q(external_id=""), name="external_id_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["survey", "origin", "country"])]

    def __str__(self) -> str:
        return self.external_id or f"participant {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises HasWithdrawn for the external id of someone who has withdrawn from the survey."""
        from surveys.withdrawal import keep_out  # which imports this module

        if self._state.adding and self.external_id:
            keep_out(self.survey_id, self.external_id)
        super().save(*args, **kwargs)


class ConsentRecord(Frozen):
    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="consent")
    guide_version = models.ForeignKey(GuideVersion, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=16)
    text = models.TextField(help_text="The text as it was read.")
    given = models.BooleanField()
    care = models.BooleanField(default=False, help_text="Whether the text said that the writing of answers is measured.")
    receipt = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False, help_text="The receipt code's hash.")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{'given' if self.given else 'declined'}, {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.given:
            self.receipt = receipts.fingerprint(receipts.code(self.participant.token))
        super().save(*args, **kwargs)


class ModelCall(models.Model):
    """One call to a language model: what it was for, what it used, what it cost."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="model_calls")
    participant = models.ForeignKey(Participant, null=True, blank=True, on_delete=models.SET_NULL, related_name="model_calls")
    purpose = models.CharField(max_length=40)
    model = models.CharField(max_length=100)
    prompt_version = models.CharField(max_length=100)
    outcome = models.CharField(max_length=40, default="ok")
    input_tokens = models.PositiveIntegerField(default=0)
    cache_read_tokens = models.PositiveIntegerField(default=0)
    cache_write_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)
    cost_usd = models.DecimalField(max_digits=12, decimal_places=6, null=True, help_text="Empty where the model's price is not known.")
    latency_ms = models.PositiveIntegerField(default=0)
    first_token_ms = models.PositiveIntegerField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["survey", "at"])]

    def __str__(self) -> str:
        return f"{self.purpose} · {self.model}"
