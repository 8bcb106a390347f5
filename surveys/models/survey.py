"""A survey as it is drafted and set up: its texts, its questions about the participant, its limits."""

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from surveys import batching
from surveys.authorship import Authored
from surveys.guide import Order, ProfileField
from surveys.languages import LANGUAGE_CHOICES
from surveys.models.choices import MINUTES, ORDERS, small_cells

if TYPE_CHECKING:
    from surveys.models.guide import GuideVersion


class Survey(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PILOT = "pilot", "Pilot"
        OPEN = "open", "Open"
        PAUSED = "paused", "Paused"
        CLOSED = "closed", "Closed"

    class OneEntry(models.TextChoices):
        NONE = "none", "Do not ask"
        BROWSER = "browser", "Once per browser"
        EXTERNAL_ID = "external_id", "Only with a panel's id or a personal link"

    class CodeFrom(models.TextChoices):
        ORIGINAL = "original", "The answer as it was given"
        TRANSLATION = "translation", "Its translation"

    slug = models.SlugField(unique=True, help_text="The survey's address: /s/SLUG/")
    title = models.CharField(max_length=200)
    goal = models.TextField("research goal", blank=True, help_text="What you want to learn. The interviewer reads it; participants do not.")
    hypotheses = models.TextField(blank=True, help_text="One a line.")
    languages = models.JSONField("languages offered", default=list, help_text="The first is used where none of them suits the participant.")
    analysis_language = models.CharField(max_length=16, default="en", choices=LANGUAGE_CHOICES)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    order = models.CharField("order of the sections", max_length=10, choices=ORDERS, default=Order.FIXED.value)
    arms = models.JSONField(
        default=list, blank=True, help_text="The conditions of an experiment; interviews are spread over them in balanced blocks."
    )
    most_live = models.PositiveIntegerField(
        "most interviews at once",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Who comes when as many are under way waits in line, sees their place and begins by themselves. Empty: no limit for this survey.",
    )
    one_entry = models.CharField(
        "one entry per person",
        max_length=12,
        choices=OneEntry,
        default=OneEntry.NONE,
        help_text="Per browser: a cookie tells who has been here. It stops the same browser, not the same person with another device, in a private "
        "window or after deleting cookies. With an id or a personal link each of them opens one interview, as sure as whoever gave it out. "
        "Nothing here knows who a person is.",
    )
    most_minutes = models.PositiveSmallIntegerField(
        "most minutes of an interview",
        null=True,
        blank=True,
        validators=MINUTES,
        help_text="After so many minutes of the participant's own time the interviewer sums up; a long pause counts as five. Empty: no limit.",
    )
    most_probes = models.PositiveSmallIntegerField(
        "most follow-up questions of an interview", null=True, blank=True, validators=[MaxValueValidator(200)], help_text="Empty: no limit."
    )
    screening = models.JSONField("screening questions", default=list, blank=True)
    pass_if = models.JSONField("passes if", default=list, blank=True)
    interviews_begun = models.PositiveIntegerField(default=0, editable=False)
    show_simulated = models.BooleanField(
        "count simulated interviews", default=False, help_text="For demonstrations: results then say that they are simulated."
    )
    prefer_people = models.BooleanField(
        "prefer people's codings",
        default=False,
        help_text="Where people have coded an answer and agree, or somebody decided between them, the findings count that. "
        "Off: the model's codes are counted throughout, alike for everyone; people's serve to measure and correct them.",
    )
    smallest_cell = models.PositiveSmallIntegerField(
        "smallest count shown",
        default=5,
        validators=[small_cells],
        help_text="Who may not see small cells, and every public file, sees no count of fewer people than this, and none from which one could be "
        "worked out. 0: nothing is kept back; that needs a reason.",
    )
    smallest_cell_reason = models.CharField("reason for showing every count", max_length=500, blank=True)
    keep_care = models.BooleanField(
        "measure how answers are written",
        default=False,
        help_text="Time, characters typed and pasted, for each answer. The consent page then says so; only who has read it there is measured.",
    )
    budget_usd = models.DecimalField(
        "budget in US dollars",
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
        help_text="Once the survey's calls to language models have cost this much, no new interview begins; those begun go on. Empty: no limit.",
    )
    batches_allowed = models.BooleanField(
        "code by batch",
        default=False,
        help_text="Half the price, within a day. A batch's server keeps requests and answers for up to 29 days, also where zero data retention is "
        f"agreed, so the consent text has to say so. For example: “{batching.SENTENCE}”",
    )
    batches_consent = models.TextField(
        "sentence that allows it",
        blank=True,
        help_text="As it stands in the consent text, one a line for each language. Only interviews whose participants have read one of them go by "
        "batch; imported and simulated ones always do.",
    )
    code_from = models.CharField(
        "code from",
        max_length=12,
        choices=CodeFrom,
        default=CodeFrom.ORIGINAL,
        help_text="What the coding model reads where an answer is not in the analysis language. From a translation only the whole turn can be "
        "shown as evidence. Changing it codes those interviews anew.",
    )
    safety_contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Is told by e-mail when a participant tells of distress or danger. Not an emergency service: somebody has to look.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("surveys:landing", args=[self.slug])

    @property
    def current_version(self) -> "GuideVersion | None":
        return self.versions.order_by("-number").first()

    @property
    def takes_interviews(self) -> bool:
        return self.status in (self.Status.PILOT, self.Status.OPEN)


class SurveyText(Authored):
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=16, choices=LANGUAGE_CHOICES)
    title = models.CharField(max_length=200)
    introduction = models.TextField(blank=True, help_text="Who is asking, what for, how long it takes. Shown on the first page.")
    consent = models.TextField("consent text")
    opening = models.TextField(blank=True, help_text="The interviewer's first words. Left empty, a standard opening is used.")
    closing = models.TextField("closing text", blank=True, help_text="The interviewer's last words. Left empty, a standard closing is used.")
    support = models.TextField(
        "support text",
        blank=True,
        help_text="What someone is told who tells of distress or danger; help lines follow. Left empty, standard words are used.",
    )
    sentences = models.JSONField(default=dict, blank=True, help_text="What is said instead of the program's own sentences: name → text.")

    class Meta:
        verbose_name = "text in one language"
        verbose_name_plural = "texts by language"
        constraints: ClassVar = [models.UniqueConstraint(fields=["survey", "language"], name="one_text_per_language")]

    def __str__(self) -> str:
        return f"{self.language}: {self.title}"


class ProfileQuestion(models.Model):
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="profile_questions")
    field = models.CharField(max_length=12, choices=[(f.value, f.value.replace("_", " ").capitalize()) for f in ProfileField])
    required = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["survey", "field"], name="profile_field_asked_once")]

    def __str__(self) -> str:
        return self.get_field_display()
