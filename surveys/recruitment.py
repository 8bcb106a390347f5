"""Records of where participants come from and how it ended for them: panels, arrivals, outcomes."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from surveys import panels
from surveys.models import Frozen, Participant, Survey
from surveys.panels import Ids, Kind, Parameters

parameter_name = RegexValidator(r"^[A-Za-z][A-Za-z0-9_.-]{0,59}$", "Use letters, digits, _, . and -, beginning with a letter.")


class Result(models.TextChoices):
    """How it ended for a participant."""

    COMPLETE = "complete", "Complete"
    SCREENED_OUT = "screened_out", "Screened out"
    QUOTA_FULL = "quota_full", "Quota full"
    LOW_QUALITY = "low_quality", "Low quality"
    WITHDRAWN = "withdrawn", "Withdrawn"
    TIMED_OUT = "timed_out", "Timed out"
    ENDED = "ended", "Ended early by the participant"
    DECLINED = "declined", "Declined to take part"


class Panel(models.Model):
    """The panel that a survey's participants come from and go back to."""

    survey = models.OneToOneField(Survey, on_delete=models.CASCADE, related_name="panel")
    kind = models.CharField(
        max_length=10,
        choices=[(Kind.PROLIFIC.value, "Prolific"), (Kind.CINT.value, "Cint"), (Kind.GENERIC.value, "Another panel")],
        help_text="Prolific: write the completion code of each outcome. Others: the address that the panel gives for it, with https://, "
        "where {id} and {session} stand for what came in. Left empty, no way back is shown.",
    )
    id_parameter = models.CharField(
        max_length=60, blank=True, validators=[parameter_name], help_text="For another panel: the URL parameter with the person's id."
    )
    session_parameter = models.CharField(
        max_length=60, blank=True, validators=[parameter_name], help_text="For another panel: the URL parameter with the visit's id, if there is one."
    )
    complete = models.CharField(max_length=500)
    screened_out = models.CharField(max_length=500, blank=True)
    quota_full = models.CharField(max_length=500, blank=True)
    low_quality = models.CharField(max_length=500, blank=True, help_text="The interview was ended because it did not come to its subject.")
    withdrawn = models.CharField(max_length=500, blank=True)
    timed_out = models.CharField(max_length=500, blank=True, help_text="Came back after their place had been given to someone else.")
    ended = models.CharField("ended early", max_length=500, blank=True)
    declined = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def parameters(self) -> Parameters:
        return panels.PRESETS.get(Kind(self.kind)) or Parameters(self.id_parameter, self.session_parameter)

    def way_back(self, result: str, ids: Ids) -> str:
        """ "" where the researcher gave no destination."""
        return panels.address(self.kind, getattr(self, result), ids)

    def clean(self) -> None:
        found = {name: panels.destination_problem(self.kind, getattr(self, name)) for name in Result.values if getattr(self, name)}
        if self.kind == Kind.GENERIC and not self.id_parameter:
            found["id_parameter"] = "Name the URL parameter that carries the person's id."
        if any(found.values()):
            raise ValidationError({name: problem for name, problem in found.items() if problem})


class Arrival(Frozen):
    """That a participant came from a panel; their id there is `Participant.external_id`."""

    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="arrival")
    session = models.CharField(max_length=128, blank=True)
    study = models.CharField(max_length=128, blank=True)

    def __str__(self) -> str:
        return self.session or f"arrival {self.pk}"


class Outcome(Frozen):
    """How it ended for a participant: inserted once, whoever asks for it first."""

    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="outcome")
    result = models.CharField(max_length=12, choices=Result)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["result"])]

    def __str__(self) -> str:
        return self.get_result_display()
