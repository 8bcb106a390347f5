"""Records of inviting: contacts, what was sent to them, how and when it is sent, and who wants no more of it."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from surveys.invitations import wording
from surveys.languages import LANGUAGE_CHOICES
from surveys.models import Participant, Survey, new_token

INVITATION = 0  # the step of the first mail; reminders are 1, 2, …


class Contact(models.Model):
    """Someone to be invited. That it points to a participant is for reminders to stop and withdrawal to reach it, and for nothing else."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="contacts")
    token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    email = models.EmailField("e-mail", blank=True)
    email_key = models.CharField(max_length=254, blank=True, editable=False, help_text="The address as it is compared.")
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=16, blank=True, choices=LANGUAGE_CHOICES, help_text="Empty: the survey's first language.")
    external_id = models.CharField(max_length=200, blank=True, help_text="Becomes the participant's id in exports.")
    source = models.CharField(max_length=200, blank=True, help_text="Where you have this contact from.")
    participant = models.OneToOneField(Participant, null=True, editable=False, on_delete=models.SET_NULL, related_name="contact")
    created_at = models.DateTimeField(auto_now_add=True)
    queued_at = models.DateTimeField("released for sending", null=True, editable=False)
    opened_at = models.DateTimeField("link first opened", null=True, editable=False)
    declined_at = models.DateTimeField(null=True, editable=False)
    opted_out_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    refused_at = models.DateTimeField("address refused", null=True, editable=False)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "email_key"], condition=~Q(email_key=""), name="contact_address_once"),
            models.UniqueConstraint(fields=["survey", "external_id"], condition=~Q(external_id=""), name="contact_id_once"),
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"  # the admin's log keeps this, and must not keep who it was

    @property
    def who(self) -> str:
        return self.email or self.external_id or str(self)

    @property
    def path(self) -> str:
        """The personal link, without the site's name."""
        return reverse("surveys:personal", args=[self.survey.slug, self.token])

    @property
    def takes_part(self) -> bool:
        return self.participant is not None and hasattr(self.participant, "consent") and self.participant.consent.given


class Mailing(models.Model):
    """One mail to one contact: the invitation or a reminder. That there is one row a step is what keeps a step from being sent twice."""

    class Outcome(models.TextChoices):
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        LATER = "later", "To be tried again"
        FAILED = "failed", "Failed"
        UNKNOWN = "unknown", "Perhaps sent: the connection broke"

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="mailings")
    step = models.PositiveSmallIntegerField(help_text="0: the invitation; 1, 2, …: reminders.")
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.SENDING)
    reason = models.CharField(max_length=40, blank=True)
    attempts = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField(help_text="The last attempt.")
    next_at = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["contact_id", "step"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["contact", "step"], name="step_sent_once")]
        indexes: ClassVar = [models.Index(fields=["outcome", "next_at"])]

    def __str__(self) -> str:
        return f"reminder {self.step}" if self.step else "invitation"


class InvitationPlan(models.Model):
    """How a survey invites by e-mail."""

    survey = models.OneToOneField(Survey, on_delete=models.CASCADE, related_name="invitation_plan")
    paused = models.BooleanField(default=False, help_text="Nothing is sent until you take this back.")
    reminders = models.PositiveSmallIntegerField(
        default=2, validators=[MaxValueValidator(5)], help_text="The most reminders to someone who does not answer."
    )
    days_between = models.PositiveSmallIntegerField(
        "days before a reminder", default=4, validators=[MinValueValidator(1), MaxValueValidator(90)], help_text="After the mail before it."
    )
    not_before = models.DateTimeField(null=True, blank=True, help_text="Nothing is sent earlier. Empty: as soon as you release it.")
    not_after = models.DateTimeField(null=True, blank=True, help_text="Nothing is sent later. Empty: as long as the survey is open.")
    reply_to = models.EmailField("answers go to", blank=True, help_text="Who reads what people reply to the mails.")

    def __str__(self) -> str:
        return f"Invitations to {self.survey}"

    def clean(self) -> None:
        if self.not_before and self.not_after and self.not_before >= self.not_after:
            raise ValidationError({"not_after": "This is not after the beginning."})


class InvitationText(models.Model):
    """The researcher's own words for the mails, in one language. What is left empty is the program's standard text."""

    plan = models.ForeignKey(InvitationPlan, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=16, choices=LANGUAGE_CHOICES)
    subject = models.CharField("subject of the invitation", max_length=200, blank=True)
    body = models.TextField("invitation", blank=True, help_text=wording.HELP)
    reminder_subject = models.CharField("subject of reminders", max_length=200, blank=True)
    reminder_body = models.TextField("reminder", blank=True, help_text=wording.HELP)

    class Meta:
        verbose_name = "mail in one language"
        verbose_name_plural = "mails by language"
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "language"], name="one_mail_per_language")]

    def __str__(self) -> str:
        return self.get_language_display()

    def clean(self) -> None:
        found: dict[str, Any] = {}
        for field in ("subject", "reminder_subject"):
            found[field] = wording.subject_problems(getattr(self, field))
        for field in ("body", "reminder_body"):
            found[field] = wording.body_problems(getattr(self, field))
        if problems := {field: sentences for field, sentences in found.items() if sentences}:
            raise ValidationError(problems)


class OptOut(models.Model):
    """An address that wants no more mail of one survey, or of any. Only who has the address and the program's secret key can tell whose it was."""

    digest = models.CharField(max_length=64, primary_key=True)

    def __str__(self) -> str:
        return self.digest[:8]


class MailMinute(models.Model):
    """How many mails were taken up in one minute, by all workers together."""

    minute = models.DateTimeField(primary_key=True)
    taken = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.minute:%H:%M}: {self.taken}"
