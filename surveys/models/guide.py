"""The interview guide: the draft rows that a researcher edits, and the versions that were published."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from surveys.authorship import Authored
from surveys.guide import Guide, Kind, Order
from surveys.languages import LANGUAGE_CHOICES
from surveys.models.choices import MINUTES, ORDERS, key_validator
from surveys.models.frozen import Frozen
from surveys.models.survey import Survey


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
