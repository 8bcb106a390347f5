"""That a participant told of distress or danger: one record for each time they were shown where help is found."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from interviewer.models import Interview, Turn
from interviewer.safety.concern import Concern


class SafetyAlert(models.Model):
    class FoundBy(models.TextChoices):
        WORDS = "words", "Words looked for"
        MODEL = "model", "The model"
        BOTH = "both", "Both"

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="safety_alerts")
    turn = models.OneToOneField(Turn, on_delete=models.CASCADE, related_name="safety_alert", help_text="In which help was offered.")
    concern = models.CharField(max_length=10, choices=[(Concern.DISTRESS.value, "Distress"), (Concern.DANGER.value, "Danger")])
    found_by = models.CharField(max_length=10, choices=FoundBy)
    at = models.DateTimeField(auto_now_add=True)
    told_at = models.DateTimeField("contact told", null=True, blank=True)
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    seen_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True, help_text="What was done about it.")

    class Meta:
        ordering: ClassVar = ["-at"]
        indexes: ClassVar = [models.Index(fields=["interview"], condition=models.Q(seen_at=None), name="open_alerts")]

    def __str__(self) -> str:
        return f"{self.get_concern_display()}, {self.at:%Y-%m-%d %H:%M} UTC"
