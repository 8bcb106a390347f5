"""Interviews, a codebook and a scripted model for the tests of the analysis."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from analysis import publishing
from analysis.codebook import CodebookDocument
from analysis.models import CodebookVersion
from interviewer.models import Interview, Turn
from llm import Completion, ModelError, Prompt, Usage
from surveys.models import Survey
from tests.conftest import make_interview, make_survey
from tests.guides import guide, question

T = TypeVar("T", bound=BaseModel)
GUIDE = guide(question("wish"), question("worry"))


def dimension(key: str, shape: str, codes: str, *questions: str) -> dict[str, Any]:
    named = [{"key": code, "label": code.capitalize()} for code in codes.split()]
    return {"key": key, "title": key.capitalize(), "shape": shape, "questions": list(questions), "codes": named}


WISH = dimension("wish", "single", "time money none", "wish")
WORRY = dimension("worry", "multiple", "jobs lies none", "worry")
MOOD = dimension("mood", "ordinal", "1 2 3 4 5 6 7")
CODEBOOK = CodebookDocument.model_validate({"title": "Tea", "dimensions": [WISH, WORRY, MOOD]})


def survey_with_codebook(slug: str = "tea") -> Survey:
    survey = make_survey(GUIDE, slug=slug)
    publishing.save_version(survey, CODEBOOK)
    return survey


def codebook_edited(survey: Survey) -> CodebookVersion:
    document = CODEBOOK.model_copy(update={"title": "Tea, again"})
    return publishing.save_version(survey, document)


def held(survey: Survey, *answers: tuple[str, str], language: str = "en", country: str = "KE", **fields: Any) -> Interview:
    """A completed interview: each answer (question key, words) after the question that it answers."""
    interview = make_interview(survey, language=language, country=country, **fields)
    number = 0
    for key, words in answers:
        for role, text in ((Turn.Role.INTERVIEWER, f"{key}?"), (Turn.Role.PARTICIPANT, words)):
            number += 1
            Turn.objects.create(interview=interview, number=number, role=role, text=text, question_key=key, move="ask")
    Interview.objects.filter(pk=interview.pk).update(status="completed", awaiting="nobody")
    interview.refresh_from_db()
    return interview


WISHES = (("wish", "I want more time with my children."), ("worry", "That people lose their jobs. And the lies!"))


def coded(code: str, *quotes: tuple[int, str], confidence: float = 0.9) -> dict[str, Any]:
    return {"code": code, "confidence": confidence, "quotes": [{"turn": turn, "text": text} for turn, text in quotes]}


CODES = {
    "wish": [coded("time", (2, "more time with my children"))],
    "worry": [coded("jobs", (4, "people lose their jobs")), coded("lies", (4, "the lies"), confidence=0.7)],
    "mood": [coded("4", confidence=0.5)],
}


def judged(prompt: Prompt) -> dict[str, Any]:
    """Every question has a substantive answer, and the first of its turns shows it."""
    said = {turn["question"]: turn for turn in reversed(prompt.facts["turns"])}
    answers = [
        {"question": key, "label": "substantive", "turn": said[key]["number"], "quote": said[key]["text"]} for key in prompt.facts["questions"]
    ]
    return {"answers": answers}


class ScriptedModel:
    """Answers by the prompt's name: with a value, by calling what it is given, or by raising it. Each call is kept."""

    def __init__(self, name: str = "scripted", **answers: Any) -> None:
        self.name = name
        self.answers = {
            "mask": {"found": []},
            "summarise": {"summary": "Wants time."},
            "code": CODES,
            "translate": translated,
            "quality": judged,
        } | answers
        self.calls: list[Prompt] = []

    @property
    def names(self) -> list[str]:
        return [prompt.name for prompt in self.calls]

    async def stream(self, prompt: Prompt, schema: type[T]) -> Any:
        raise NotImplementedError

    async def extract(self, prompt: Prompt, schema: type[T]) -> Completion[T]:
        self.calls.append(prompt)
        answer = self.answers[prompt.name]
        if isinstance(answer, Callable):
            answer = answer(prompt)
        if isinstance(answer, Exception):
            raise answer
        try:
            fields = schema.model_fields
            fitting = {key: value for key, value in answer.items() if key in fields}
            return Completion(schema.model_validate(fitting), model=self.name, usage=Usage(input=100, output=10), latency_ms=5)
        except ValidationError as error:
            raise ModelError(str(error), code="malformed", retry=True, model=self.name) from error


def translated(prompt: Prompt) -> dict[str, Any]:
    return {f"turn_{place}": f"EN: {turn['text']}" for place, turn in enumerate(prompt.facts["turns"], start=1)}


def unavailable(_: Prompt) -> ModelError:
    return ModelError("not offline", code="unavailable", retry=False)


def in_turn(*answers: Any) -> Callable[[Prompt], Any]:
    """One answer after the other, the last for ever."""
    left: Sequence[Any] = list(answers)

    def answer(_: Prompt) -> Any:
        return left.pop(0) if len(left) > 1 else left[0]

    return answer
