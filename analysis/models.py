"""Records of what the interviews mean: analysis state, languages, translations, summaries, codebooks, codings, quotes, facts."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from analysis.codebook import CodebookDocument, Stance
from interviewer.models import Interview, Turn
from surveys.models import Frozen, Survey


class CodebookVersion(Frozen):
    """A survey's codebook as it stood; editing makes the next version."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="codebooks")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["survey", "number"], name="codebook_number_once")]

    def __str__(self) -> str:
        return f"codebook {self.number} of {self.survey.slug}"

    @property
    def document(self) -> CodebookDocument:
        return CodebookDocument.model_validate(self.content)


class InterviewAnalysis(models.Model):
    """Where one interview stands in the analysis."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        HELD = "held", "Held for a run"

    interview = models.OneToOneField(Interview, on_delete=models.CASCADE, related_name="analysis")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    step = models.CharField(max_length=30, blank=True, help_text="The step it is at, or failed at.")
    error = models.TextField(blank=True)
    attempts = models.PositiveIntegerField(default=0)
    lease_owner = models.CharField(max_length=32, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "analysis"
        verbose_name_plural = "analyses"
        indexes: ClassVar = [models.Index(fields=["status", "lease_until"])]

    def __str__(self) -> str:
        return f"analysis of {self.interview}"


class StepResult(models.Model):
    """What a step's output was made from; while the fingerprint is the same, the output is fresh."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="step_results")
    step = models.CharField(max_length=30)
    fingerprint = models.CharField(max_length=64)
    made_from = models.JSONField(default=dict)
    quotes_dropped = models.PositiveIntegerField(default=0, help_text="Quotes the model gave that the transcript does not hold.")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["interview", "step"], name="step_result_once")]

    def __str__(self) -> str:
        return f"{self.step} of {self.interview_id}"


class TurnLanguage(models.Model):
    turn = models.OneToOneField(Turn, on_delete=models.CASCADE, related_name="language")
    language = models.CharField(max_length=16, help_text="'und' where it cannot be told.")
    confidence = models.FloatField()

    def __str__(self) -> str:
        return self.language


class Translation(models.Model):
    turn = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(max_length=16)
    text = models.TextField()
    model = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["turn", "language"], name="one_translation_per_language")]

    def __str__(self) -> str:
        return f"translation of turn {self.turn_id}"


class Summary(models.Model):
    interview = models.OneToOneField(Interview, on_delete=models.CASCADE, related_name="summary")
    text = models.TextField()
    language = models.CharField(max_length=16)
    model = models.CharField(max_length=100)
    prompt_version = models.CharField(max_length=100)

    def __str__(self) -> str:
        return f"summary of interview {self.interview_id}"


class Coder(models.Model):
    """Who or what made a coding: a person, or a model with its prompt."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="coder")
    model = models.CharField(max_length=100, blank=True)
    prompt_version = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["model", "prompt_version"], condition=Q(user=None), name="model_coder_once"),
            models.CheckConstraint(condition=Q(user=None) ^ Q(model=""), name="coder_is_person_or_model"),
        ]

    def __str__(self) -> str:
        return str(self.user) if self.user else f"{self.model} · {self.prompt_version}"


class CodingResult(models.Model):
    """One dimension of one interview as one model coded it under one codebook version: also where no code stands.

    fingerprint: a hash of what it was made from; '' where words of it have been struck since. asked: the codes the model was asked about for it,
    none where all was carried over from an earlier version. chosen: whether this is the model's coding that may be counted.
    """

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="coding_results")
    codebook = models.ForeignKey(CodebookVersion, on_delete=models.PROTECT, related_name="results")
    coder = models.ForeignKey(Coder, on_delete=models.PROTECT, related_name="results")
    dimension = models.CharField(max_length=50)
    fingerprint = models.CharField(max_length=64, blank=True)
    asked = models.JSONField(default=list)
    chosen = models.BooleanField(default=False)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["interview", "codebook", "dimension", "coder"], name="result_once"),
            models.UniqueConstraint(fields=["interview", "codebook", "dimension"], condition=Q(chosen=True), name="one_result_is_chosen"),
        ]

    def __str__(self) -> str:
        return f"{self.dimension} of {self.interview_id} by {self.coder_id}"


class Coding(models.Model):
    """One code given to one interview by one coder under one codebook version. The code 'none' is given like any other.

    human: the sitting in which a person gave it, where it was given to a sampled unit; one person may code an interview in several.
    result: the model's coding that it is part of. carried_from: the codebook version it was given under, where that was an earlier one.
    elicited: whether the interviewer had named it before the participant did; '' where that cannot be told.
    """

    class Elicited(models.TextChoices):
        SPONTANEOUS = "spontaneous", "Spontaneous"
        PROMPTED = "prompted", "Prompted"

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="codings")
    codebook = models.ForeignKey(CodebookVersion, on_delete=models.PROTECT, related_name="codings")
    coder = models.ForeignKey(Coder, on_delete=models.PROTECT, related_name="codings")
    dimension = models.CharField(max_length=50)
    code = models.CharField(max_length=50)
    confidence = models.FloatField(null=True)
    stance = models.CharField(max_length=12, blank=True, choices=[(each.value, each.value.capitalize()) for each in Stance])
    elicited = models.CharField(max_length=12, blank=True, choices=Elicited)
    result = models.ForeignKey(CodingResult, null=True, blank=True, on_delete=models.CASCADE, related_name="codings")
    carried_from = models.ForeignKey(CodebookVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    human = models.ForeignKey("analysis.HumanCoding", null=True, blank=True, on_delete=models.CASCADE, related_name="codings")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["interview", "codebook", "coder", "dimension", "code"], condition=Q(human=None, result=None), name="coding_once"
            ),
            models.UniqueConstraint(fields=["result", "code"], name="code_given_once_in_a_result"),
            models.UniqueConstraint(fields=["human", "code"], name="code_given_once_in_a_sitting"),
        ]

    def __str__(self) -> str:
        return f"{self.dimension}: {self.code}"


# What a model gave that may be counted; what has no result was not given in the analysis: it is invented, or older than results.
BY_THE_CHOSEN_MODEL = Q(coder__user=None) & (Q(result=None) | Q(result__chosen=True))


class Quote(models.Model):
    """The evidence of a coding: a span of a turn's original text, in code points, checked when written."""

    coding = models.ForeignKey(Coding, on_delete=models.CASCADE, related_name="quotes")
    turn = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="quotes")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        ordering: ClassVar = ["turn_id", "start"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["coding", "turn", "start", "end"], name="quote_once"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="quote_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"quote from turn {self.turn_id}"


class Fact(models.Model):
    """The narrow table that pages, exports and statistics count: one row a person, dimension and code that holds of them."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="facts")
    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="facts")
    coding = models.ForeignKey(Coding, on_delete=models.CASCADE, related_name="facts")
    dimension = models.CharField(max_length=50)
    code = models.CharField(max_length=50)
    country = models.CharField(max_length=2, blank=True)
    language = models.CharField(max_length=16)
    origin = models.CharField(max_length=10)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["interview", "dimension", "code"], name="fact_once"),
        ]
        permissions: ClassVar = [("see_small_cells", "Can see every count, transcripts, quotes and rows of people")]
        indexes: ClassVar = [models.Index(fields=["survey", "dimension", "code", "country", "origin", "interview"])]

    def __str__(self) -> str:
        return f"{self.dimension}: {self.code}"
