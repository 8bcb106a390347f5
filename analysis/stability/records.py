"""Records of checks of a model against itself: the interviews drawn, the runs, and what each run made of each interview."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from analysis.models import CodebookVersion
from interviewer.models import Interview
from surveys.models import Survey


class StabilityCheck(models.Model):
    """A sample of interviews that is coded in several runs. lease_until: until when a process is at work; queued_at: when it was handed over."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        STOPPED = "stopped", "Stopped"
        DONE = "done", "Done"

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="stability_checks")
    codebook = models.ForeignKey(CodebookVersion, on_delete=models.RESTRICT, related_name="stability_checks")
    name = models.CharField(max_length=100)
    seed = models.PositiveBigIntegerField(help_text="The draw follows from it.")
    drawn_from = models.PositiveIntegerField(help_text="How many interviews the sample was drawn from, each with the same chance.")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    reason = models.CharField(max_length=500, blank=True)
    lease_until = models.DateTimeField(null=True, editable=False)
    queued_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["survey", "name"], name="stability_check_name_once")]

    def __str__(self) -> str:
        return self.name


class StabilityUnit(models.Model):
    stability_check = models.ForeignKey(StabilityCheck, on_delete=models.CASCADE, related_name="units")
    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["stability_check", "interview"], name="stability_unit_once")]

    def __str__(self) -> str:
        return f"interview {self.interview_id} of {self.stability_check_id}"


class StabilityRun(models.Model):
    """One pass over the sample: by which model ('' the one set for the analysis), with which wording of the prompt."""

    stability_check = models.ForeignKey(StabilityCheck, on_delete=models.CASCADE, related_name="runs")
    number = models.PositiveIntegerField()
    model = models.CharField(max_length=100, blank=True)
    wording = models.CharField(max_length=20)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["stability_check", "number"], name="stability_run_once")]

    def __str__(self) -> str:
        return f"run {self.number}"


class RunCoding(models.Model):
    """What one run made of one interview. codes: {dimension: [codes]}; error: why there are none."""

    run = models.ForeignKey(StabilityRun, on_delete=models.CASCADE, related_name="codings")
    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="+")
    codes = models.JSONField(default=dict)
    model = models.CharField(max_length=100, blank=True, help_text="The model that answered.")
    prompt_version = models.CharField(max_length=100)
    error = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "interview"], name="coded_once_in_a_run")]

    def __str__(self) -> str:
        return f"{self.run_id}, interview {self.interview_id}"
