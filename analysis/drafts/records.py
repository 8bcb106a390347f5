"""Records of a codebook being edited, and of what an edit would change in a sample of interviews."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from analysis.models import CodebookVersion
from interviewer.models import Interview
from surveys.models import Survey

LOST = timedelta(minutes=3)  # a preview that says nothing for so long is not coming back by itself


class CodebookDraft(models.Model):
    """A survey's codebook as it is being edited; it need not be valid before it is published. base: the version that it began as."""

    survey = models.OneToOneField(Survey, on_delete=models.CASCADE, related_name="codebook_draft")
    base = models.ForeignKey(CodebookVersion, null=True, on_delete=models.SET_NULL, related_name="+")
    content = models.JSONField()
    revision = models.PositiveIntegerField(default=0, help_text="Raised by every save: a page that knows an older one saves nothing.")
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return f"draft codebook of {self.survey.slug}"


class CodebookPreview(models.Model):
    """A draft as it stood, tried on a sample. Nothing that is counted comes of it."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        STOPPED = "stopped", "Stopped"
        DONE = "done", "Done"

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="codebook_previews")
    base = models.ForeignKey(CodebookVersion, on_delete=models.CASCADE, related_name="+")
    content = models.JSONField()
    size = models.PositiveIntegerField()
    seed = models.PositiveBigIntegerField()
    model = models.CharField(max_length=100, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"preview {self.pk} of {self.survey.slug}"

    @property
    def going_on(self) -> bool:
        return self.status in (self.Status.WAITING, self.Status.RUNNING) and self.updated_at > timezone.now() - LOST


class PreviewUnit(models.Model):
    """One interview of the sample: its codings in the dimensions that the edit touches. after: None until it has been tried."""

    preview = models.ForeignKey(CodebookPreview, on_delete=models.CASCADE, related_name="units")
    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="+")
    country = models.CharField(max_length=2, blank=True)
    before = models.JSONField(default=list)
    after = models.JSONField(null=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["preview", "interview"], name="previewed_once")]

    def __str__(self) -> str:
        return f"interview {self.interview_id} in preview {self.preview_id}"
