"""Records of what is asked and of whom: the survey's draft rows, its frozen guide versions, its participants, their consent."""

import secrets
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.urls import reverse

from surveys import receipts
from surveys.authorship import Authored
from surveys.guide import Guide, Kind, Order, ProfileField
from surveys.languages import LANGUAGE_CHOICES

ORDERS = [(Order.FIXED.value, "As listed"), (Order.RANDOM.value, "At random, for each interview anew")]
MINUTES = [MinValueValidator(1), MaxValueValidator(240)]
key_validator = RegexValidator(r"^[a-z][a-z0-9_]{0,49}$", "Use small letters, digits and _, beginning with a letter.")


class NeverChanges(RuntimeError):
    """Raised on an attempt to change or delete a record that others rely on staying as it is."""


class Frozen(models.Model):
    """A record that is written once."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise NeverChanges(f"{self._meta.verbose_name} {self.pk} is a record and cannot be changed.")
        super().save(*args, **kwargs)


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


class Section(models.Model):
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="sections")
    key = models.CharField(max_length=50, validators=[key_validator])
    title = models.CharField(max_length=200, blank=True)
    order = models.CharField("order of the questions", max_length=10, choices=ORDERS, default=Order.FIXED.value)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["survey", "key"], name="section_key_once")]

    def __str__(self) -> str:
        return self.title or self.key


class Question(models.Model):
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="questions")
    key = models.CharField(max_length=50, validators=[key_validator], help_text="Its name in exports, such as magic_wand.")
    kind = models.CharField(max_length=10, choices=[(k.value, k.value.capitalize()) for k in Kind], default=Kind.OPEN.value)
    learn = models.TextField("meant to learn", blank=True, help_text="What a good answer tells you. The interviewer probes for it.")
    probe_budget = models.PositiveSmallIntegerField(default=2, help_text="The most follow-up questions the interviewer may ask here.")
    minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=MINUTES, help_text="After so many minutes on this question no follow-up is asked. Empty: no limit."
    )
    options = models.TextField(blank=True, help_text="For choices: the values exports show, one a line. Labels go with each wording.")
    minimum = models.IntegerField(null=True, blank=True, help_text="For scales and numbers.")
    maximum = models.IntegerField(null=True, blank=True, help_text="For scales and numbers.")
    ask_if = models.JSONField(default=list, blank=True, help_text="Asked only where all of these hold. Empty: always asked.")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["section__position", "section_id", "position", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["section", "key"], name="question_key_once")]

    def __str__(self) -> str:
        return self.key


class Wording(Authored):
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="wordings")
    language = models.CharField(max_length=16, choices=LANGUAGE_CHOICES)
    text = models.TextField("exact wording")
    probes = models.TextField("suggested probes", blank=True, help_text="One a line.")
    options = models.TextField("option labels", blank=True, help_text="One a line, in the order of the question's options.")
    low = models.CharField("label of the low end", max_length=100, blank=True)
    high = models.CharField("label of the high end", max_length=100, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["question", "language"], name="one_wording_per_language")]

    def __str__(self) -> str:
        return f"{self.language}: {self.text[:60]}"


class PublishedVersions(models.Manager["GuideVersion"]):
    def get_queryset(self) -> models.QuerySet["GuideVersion"]:
        return super().get_queryset().filter(preview=False)


class GuideVersion(Frozen):
    """`objects` and `survey.versions` are what was published; `every` has the snapshots of drafts that researchers previewed as well."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    translations = models.JSONField(default=list, help_text="Who made and who approved each wording that was translated.")
    preview = models.BooleanField(default=False, editable=False)
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = PublishedVersions()
    every: ClassVar[models.Manager["GuideVersion"]] = models.Manager()

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "number"], condition=models.Q(preview=False), name="guide_version_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.survey.slug} {'preview' if self.preview else f'v{self.number}'}"

    @property
    def guide(self) -> Guide:
        return Guide.model_validate(self.content)


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
