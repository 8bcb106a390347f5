"""Records of what is masked in what was said, of who changed it, and of who has seen the original words."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from analysis.privacy.masking import Hidden, Kind
from interviewer.models import Interview, Turn
from surveys.models import Frozen, Survey


class Mask(models.Model):
    """A span of a turn's text, in code points, that nobody is shown. lifted: a person has said that the span tells nothing."""

    class FoundBy(models.TextChoices):
        RULE = "rule", "Rule"
        MODEL = "model", "Model"
        PERSON = "person", "Person"

    turn = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="masks")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in Kind])
    found_by = models.CharField(max_length=6, choices=FoundBy)
    lifted = models.BooleanField(default=False)
    fingerprint = models.CharField(max_length=64, blank=True, help_text="Of the step that found it: what it was made from.")

    class Meta:
        ordering: ClassVar = ["turn_id", "start"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["turn", "start", "end", "found_by"], name="mask_once"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="mask_is_not_empty"),
            models.CheckConstraint(condition=Q(lifted=False) | Q(found_by="person"), name="people_lift_masks"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} in {self.turn_id}"

    @property
    def hidden(self) -> Hidden:
        return Hidden(self.start, self.end, Kind(self.kind))


class MaskChange(Frozen):
    """That a person added or lifted a mask. It holds none of the words, and stays when they are struck."""

    class Action(models.TextChoices):
        ADDED = "added", "Added"
        LIFTED = "lifted", "Lifted"

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="mask_changes")
    turn_number = models.PositiveIntegerField("turn")
    kind = models.CharField(max_length=10)
    action = models.CharField(max_length=6, choices=Action)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField("by", max_length=150)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        verbose_name = "change of masks"
        verbose_name_plural = "changes of masks"

    def __str__(self) -> str:
        return f"{self.kind} {self.action} in interview {self.interview_id}, turn {self.turn_number}"


class OriginalSeen(Frozen):
    """That a person looked at an interview's original words, and why. It stays when the interview goes."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="+")
    interview = models.ForeignKey(Interview, null=True, on_delete=models.SET_NULL, related_name="+")
    interview_number = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField("by", max_length=150)
    reason = models.CharField(max_length=500)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        verbose_name = "look at original words"
        verbose_name_plural = "looks at original words"
        permissions: ClassVar = [("see_original", "Can see the original words of participants")]

    def __str__(self) -> str:
        return f"{self.by_name} saw interview {self.interview_number}, {self.at:%Y-%m-%d %H:%M} UTC"


class QuoteApproval(Frozen):
    """What a person decided about a span of a turn leaving the system; of one span the newest holds. A model only ever proposes.

    wording: what is shown in place of the words, '' where they stand as they are masked.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="quote_approvals")
    turn = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="quote_approvals")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    status = models.CharField(max_length=8, choices=Status)
    wording = models.TextField(blank=True)
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField("by", max_length=150, help_text="The person, or the model that proposed.")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["turn", "start", "end", "-id"])]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(status="proposed") | ~Q(by_name=""), name="somebody_decided")]

    def __str__(self) -> str:
        return f"{self.status} by {self.by_name}"


class ExportMade(Frozen):
    """That a table was exported for the team, with quotes nobody has approved."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="+")
    table = models.CharField(max_length=50)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField("by", max_length=150)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        verbose_name = "export for the team"
        verbose_name_plural = "exports for the team"
        permissions: ClassVar = [("export_for_team", "Can export all words, masked, for the team")]

    def __str__(self) -> str:
        return f"{self.table} by {self.by_name}, {self.at:%Y-%m-%d %H:%M} UTC"
