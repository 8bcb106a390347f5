"""What is stale in a survey and why, step by step and dimension by dimension, and what doing it would cost."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Avg

from analysis.material import Material, document_of, load
from analysis.models import CodingResult, StepResult
from analysis.steps import STEPS, code, publish, quality, summarise, translate
from analysis.touched import Plan, dimension_sha
from llm.base import Usage
from llm.usage import cost_usd
from surveys.models import ModelCall

BYTES_A_TOKEN = 4  # about, whatever the script
TOKENS_A_DIMENSION = 120  # of an answer, where no call has been made yet
PROMPTS: dict[str, Callable[[Material], str]] = {
    code.NAME: lambda material: code.version(material.basis),
    **{step.NAME: lambda _, step=step: step.FILE.version for step in (summarise, translate, quality)},  # type: ignore[misc]  # bound now, not later
}
Made = Mapping[str, Any]


@dataclass
class OfDimension:
    """Interviews in which it is asked whole, asked about changed codes only, or carried over without a call; and why it is not as it should be."""

    asked: int = 0
    in_part: int = 0
    carried: int = 0
    reasons: Counter[str] = field(default_factory=Counter)


@dataclass
class Forecast:
    """steps: name → reason → interviews. calls: of the coder. usd: what these would cost; None where the model's price is not known."""

    stale: int = 0
    steps: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    dimensions: dict[str, OfDimension] = field(default_factory=lambda: defaultdict(OfDimension))
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    def usd(self, model: str) -> Decimal | None:
        return cost_usd(model, Usage(input=self.input_tokens, output=self.output_tokens), getattr(settings, "LLM_PRICES", None))

    def as_json(self, model: str) -> dict[str, Any]:
        usd = self.usd(model)
        dimensions = {
            key: {"asked": each.asked, "in_part": each.in_part, "carried": each.carried, "reasons": dict(each.reasons)}
            for key, each in self.dimensions.items()
        }
        return {
            "model": model,
            "stale": self.stale,
            "steps": {name: dict(reasons) for name, reasons in self.steps.items()},
            "dimensions": dimensions,
            "coding_calls": self.calls,
            "coding_usd": None if usd is None else float(usd),
        }


def forecast(interviews: Iterable[int], model: str, *, advance: Callable[[], object] = lambda: None) -> Forecast:
    """Of these stale interviews. `advance` hears of each."""
    made = Forecast()
    spoken = ModelCall.objects.filter(purpose=code.NAME, model=model, outcome="ok").aggregate(mean=Avg("output_tokens"))["mean"]
    for interview in interviews:
        material = load(interview)
        made.stale += 1
        results = dict(StepResult.objects.filter(interview=interview).values_list("step", "made_from"))
        marks = dict(StepResult.objects.filter(interview=interview).values_list("step", "fingerprint"))
        late = [step.name for step in STEPS if marks.get(step.name) != step.fingerprint(material.basis, model)]
        for name in late:
            for reason in why(name, material, results.get(name), model, late):
                made.steps[name][reason] += 1
        if code.NAME in late:
            _coding(made, material, model, spoken)
        advance()
    return made


def why(name: str, material: Material, made: Made | None, model: str, late: Iterable[str] = ()) -> list[str]:
    """What a step's result was made from that is otherwise now."""
    if made is None:
        return ["new"]
    basis = material.basis
    reasons = ["transcript"] if made.get("transcript") != basis.transcript_hash else []
    if name in PROMPTS and made.get("prompt", PROMPTS[name](material)) != PROMPTS[name](material):
        reasons.append("prompt")
    by = str(made.get("asked_of") or made.get("model") or "")
    if name in PROMPTS and by and by != model and not by.startswith(f"{model}-"):
        reasons.append("model")
    if name == code.NAME and made.get("codebook") != basis.codebook_sha:
        reasons.append("codebook")
    if name == publish.NAME and code.NAME in late:
        reasons.append("codings")
    return reasons or ["other"]


def _coding(made: Forecast, material: Material, model: str, spoken: float | None) -> None:
    plans = code.plans_for(material, model) if material.words else ()
    then = _coded_before(material)
    for plan in plans:
        each = made.dimensions[plan.dimension.key]
        each.asked += bool(plan.asked) and not plan.in_part
        each.in_part += plan.in_part
        each.carried += not plan.asked
        each.reasons.update(_why_of(plan, material, then.get(plan.dimension.key), model))
    if asking := [plan for plan in plans if plan.asked]:
        prompt = code.prompt(material.as_coded, asking)
        text = prompt.system + "".join(message.text for message in prompt.messages)
        made.calls += 1
        made.input_tokens += len(text.encode()) // BYTES_A_TOKEN
        made.output_tokens += round(spoken or TOKENS_A_DIMENSION * len(asking))


def _coded_before(material: Material) -> dict[str, CodingResult]:
    """Dimension → the result that counted last, under whichever version."""
    rows = CodingResult.objects.filter(interview=material.basis.interview_id, chosen=True).select_related("coder")
    return {row.dimension: row for row in rows.order_by("codebook__number", "pk")}


def _why_of(plan: Plan, material: Material, then: CodingResult | None, model: str) -> list[str]:
    if then is None:
        return ["new"]
    before = next((each for each in document_of(then.codebook_id).dimensions if each.key == then.dimension), None)
    reasons = ["codebook"] if before is None or dimension_sha(before) != dimension_sha(plan.dimension) else []
    if then.coder.prompt_version != code.version(material.basis):
        reasons.append("prompt")
    if then.coder.model != model and not then.coder.model.startswith(f"{model}-"):
        reasons.append("model")
    if not reasons and plan.asked:
        reasons.append("transcript")
    return reasons
