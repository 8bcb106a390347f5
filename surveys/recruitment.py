"""Records of where participants come from and how it ended for them: panels, arrivals, outcomes."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

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


class Quota(models.Model):
    """The most live participants of one sort. The database holds the limit: places are taken and given back by conditional UPDATE."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="quotas")
    name = models.CharField(max_length=100)
    conditions = models.JSONField(default=list, blank=True)
    limit = models.PositiveIntegerField()
    reserved = models.PositiveIntegerField(default=0, editable=False)
    completed = models.PositiveIntegerField(default=0, editable=False)
    full_since = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering: ClassVar[list[Any]] = ["pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["survey", "name"], name="quota_name_once"),
            models.CheckConstraint(condition=Q(limit__gte=F("reserved") + F("completed")), name="quota_never_overfilled"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """What is filled is never written from here: people come and go meanwhile."""
        if not self._state.adding:
            kwargs["update_fields"] = ["name", "conditions", "limit"]
        super().save(*args, **kwargs)
        taken = F("reserved") + F("completed")
        Quota.objects.filter(pk=self.pk, limit__gt=taken).update(full_since=None)
        Quota.objects.filter(pk=self.pk, limit=taken, full_since=None).update(full_since=timezone.now())

    @property
    def filled(self) -> int:
        return self.reserved + self.completed


class Reservation(models.Model):
    """A participant's place in every quota that counts them, until they have completed the interview or dropped out."""

    class State(models.TextChoices):
        FREE = "free", "Given back"
        HELD = "held", "Held"
        COUNTED = "counted", "Completed"

    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="reservation")
    quotas = models.ManyToManyField(Quota, related_name="reservations")
    state = models.CharField(max_length=8, choices=State, default=State.FREE)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["state", "expires_at"])]

    def __str__(self) -> str:
        return self.get_state_display()


class Outcome(Frozen):
    """How it ended for a participant: inserted once, whoever asks for it first."""

    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="outcome")
    result = models.CharField(max_length=12, choices=Result)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["result"])]

    def __str__(self) -> str:
        return self.get_result_display()
