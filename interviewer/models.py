"""Records of what was said: interviews and their turns."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from interviewer.moves import Ending
from surveys.models import Frozen, GuideVersion, Participant

ENDINGS = [
    (Ending.COMPLETED.value, "All was asked"),
    (Ending.TIME.value, "The time was up"),
    (Ending.ASKED.value, "The participant ended it"),
    (Ending.OFF_TOPIC.value, "It stayed off the topic"),
]
SEVEN = [MinValueValidator(1), MaxValueValidator(7)]


class Interview(models.Model):
    class Status(models.TextChoices):
        RUNNING = "running", "Running"
        COMPLETED = "completed", "Completed"
        ENDED = "ended", "Ended early"

    class Awaiting(models.TextChoices):
        """Whose turn it is. Changed only by conditional UPDATE, so tabs, devices and processes cannot both take it."""

        INTERVIEWER = "interviewer", "The interviewer"
        PARTICIPANT = "participant", "The participant"
        NOBODY = "nobody", "Nobody"

    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="interview")
    guide_version = models.ForeignKey(GuideVersion, on_delete=models.PROTECT, related_name="interviews")
    language = models.CharField(max_length=16)
    arm = models.CharField(max_length=50, blank=True, help_text="The condition of the experiment, where the guide has arms.")
    order = models.JSONField(default=list, blank=True, help_text="The questions in the order this interview asks them; empty: the guide's.")
    status = models.CharField(max_length=10, choices=Status, default=Status.RUNNING)
    awaiting = models.CharField(max_length=12, choices=Awaiting, default=Awaiting.INTERVIEWER)
    ended_because = models.CharField(max_length=10, choices=ENDINGS, blank=True, help_text="Why the interview is over.")
    lease_owner = models.CharField(max_length=32, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    joins = models.PositiveIntegerField(default=0, editable=False)
    started_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    satisfaction = models.PositiveSmallIntegerField(null=True, blank=True, validators=SEVEN)
    captured = models.PositiveSmallIntegerField("captured my thoughts", null=True, blank=True, validators=SEVEN)
    would_recommend = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-started_at"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(awaiting="nobody") | Q(status="running"), name="finished_interview_awaits_nobody"),
        ]
        indexes: ClassVar = [models.Index(fields=["updated_at"], condition=Q(status="running"), name="live_interviews")]

    def __str__(self) -> str:
        return f"interview {self.pk}"

    @property
    def finished(self) -> bool:
        return self.status != self.Status.RUNNING


class Turn(Frozen):
    class Role(models.TextChoices):
        INTERVIEWER = "interviewer", "Interviewer"
        PARTICIPANT = "participant", "Participant"

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="turns")
    number = models.PositiveIntegerField()
    role = models.CharField(max_length=12, choices=Role)
    text = models.TextField(blank=True)
    value = models.JSONField(null=True, blank=True, help_text="The answer to a closed question, as a value.")
    question_key = models.CharField(max_length=50, blank=True)
    move = models.CharField(max_length=20)
    probe_kind = models.CharField(max_length=12, blank=True)
    covered = models.JSONField(default=list, help_text="Questions left out because they had been answered already.")
    discussed = models.CharField(max_length=50, blank=True, help_text="The question under discussion when this turn was chosen.")
    allowed = models.CharField(max_length=200, blank=True, help_text="The moves that were allowed when this turn was chosen, with commas.")
    signpost = models.BooleanField(default=False, help_text="Whether it said that half of the questions are done.")
    held_in = models.CharField(max_length=16, blank=True, help_text="The interview's language when this was said; empty: as the interview's.")
    repeats = models.PositiveIntegerField(null=True, help_text="The number of the turn that this one says again, in another language.")
    refused = models.JSONField(default=list, help_text="Why earlier attempts at this turn were not said: a list of reasons for each.")
    client_id = models.UUIDField(null=True, help_text="Made by the browser: a message sent twice is one turn.")
    model = models.CharField(max_length=100, blank=True)
    prompt_version = models.CharField(max_length=100, blank=True)
    latency_ms = models.PositiveIntegerField(null=True)
    first_token_ms = models.PositiveIntegerField(null=True)
    input_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["interview_id", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["interview", "number"], name="turn_number_once"),
            models.UniqueConstraint(fields=["interview", "client_id"], name="message_stored_once"),
        ]

    def __str__(self) -> str:
        return f"turn {self.number}"
