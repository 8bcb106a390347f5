"""The interview guide as a value: what a published version holds, what YAML says, what the interviewer reads.

Everything here is frozen. Rows (`models.Question` …) are the draft a researcher edits; `publishing` turns them into a `Guide`.
"""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,49}$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[a-z0-9]{2,8})*$")]
SentenceName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]{0,79}$")]  # surveys/sentences.py has the names
FORMAT = "colloquy-guide/1"


class Kind(StrEnum):
    OPEN = "open"
    SINGLE = "single"
    MULTIPLE = "multiple"
    SCALE = "scale"
    NUMBER = "number"


class ProfileField(StrEnum):
    COUNTRY = "country"
    AGE_BAND = "age_band"
    GENDER = "gender"
    OCCUPATION = "occupation"


class Order(StrEnum):
    FIXED = "fixed"
    RANDOM = "random"


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Wording(Frozen):
    """A question in one language: its exact text, suggested probes, and the labels of its answers."""

    text: Annotated[str, Field(min_length=1)]
    probes: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    low: str = ""
    high: str = ""


class Condition(Frozen):
    """Holds when the answer to an earlier closed question, or a profile field, is one of `any_of` or a number within the limits.

    What was not asked, skipped or left empty fulfils no condition.
    """

    question: Key | None = None
    profile: ProfileField | None = None
    any_of: tuple[str, ...] = ()
    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _is_one_test_of_one_thing(self) -> Self:
        if (self.question is None) == (self.profile is None):
            raise ValueError("a condition names either a question or a profile field")
        if bool(self.any_of) == (self.at_least is not None or self.at_most is not None):
            raise ValueError("a condition gives either answers or limits")
        return self


class Question(Frozen):
    key: Key
    kind: Kind = Kind.OPEN
    learn: str = ""
    probe_budget: Annotated[int, Field(ge=0, le=10)] = 2
    minutes: Annotated[int, Field(ge=1, le=240)] | None = None
    options: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    ask_if: tuple[Condition, ...] = ()
    wordings: dict[Language, Wording]

    @model_validator(mode="after")
    def _answers_fit_the_kind(self) -> Self:
        choices = self.kind in (Kind.SINGLE, Kind.MULTIPLE)
        if choices and len(self.options) < 2:
            raise ValueError(f"question '{self.key}': a choice needs at least two options")
        if not choices and self.options:
            raise ValueError(f"question '{self.key}': only choice questions have options")
        if len(set(self.options)) != len(self.options):
            raise ValueError(f"question '{self.key}': an option stands twice")
        low, high = self.minimum, self.maximum
        if self.kind is Kind.SCALE and (low is None or high is None):
            raise ValueError(f"question '{self.key}': a scale needs a minimum and a maximum")
        if low is not None and high is not None and low >= high:
            raise ValueError(f"question '{self.key}': the minimum must be below the maximum")
        if self.kind is Kind.SCALE and low is not None and high is not None and high - low > 10:
            raise ValueError(f"question '{self.key}': a scale has at most eleven points")
        for language, wording in self.wordings.items():
            if len(wording.options) != len(self.options):
                raise ValueError(f"question '{self.key}', {language}: {len(self.options)} options need as many labels, not {len(wording.options)}")
        return self


class Section(Frozen):
    key: Key
    title: str = ""
    order: Order = Order.FIXED
    questions: tuple[Question, ...]


class Texts(Frozen):
    """What a participant reads around the questions, in one language."""

    title: Annotated[str, Field(min_length=1)]
    introduction: str = ""
    consent: Annotated[str, Field(min_length=1)]
    opening: str = ""
    closing: str = ""
    support: str = ""
    sentences: dict[SentenceName, Annotated[str, Field(min_length=1)]] = Field(default_factory=dict)


class Arm(Frozen):
    """One condition of an experiment: sections that come first, questions it leaves out, a manner the interviewer is told to keep, another model."""

    key: Key
    weight: Annotated[int, Field(ge=1, le=100)] = 1
    sections_first: tuple[Key, ...] = ()
    leave_out: tuple[Key, ...] = ()
    manner: str = ""
    model: str = ""


class Limits(Frozen):
    """The most that one interview may take: minutes of the participant's, follow-up questions in all. None: no limit."""

    minutes: Annotated[int, Field(ge=1, le=240)] | None = None
    probes: Annotated[int, Field(ge=0, le=200)] | None = None


class ProfileQuestion(Frozen):
    field: ProfileField
    required: bool = False


class Guide(Frozen):
    format: str = FORMAT
    title: Annotated[str, Field(min_length=1)]
    goal: str = ""
    hypotheses: tuple[str, ...] = ()
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    analysis_language: Language = "en"
    texts: dict[Language, Texts]
    profile: tuple[ProfileQuestion, ...] = ()
    screening: tuple[Question, ...] = ()
    pass_if: tuple[Condition, ...] = ()
    order: Order = Order.FIXED
    arms: tuple[Arm, ...] = ()
    limits: Limits = Limits()
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _routes_lead_somewhere(self) -> Self:
        closed: dict[str, Question] = {}
        for question in self.questions:
            for condition in question.ask_if:
                _check_condition(condition, f"question '{question.key}'", closed, "no closed question before it")
            if question.kind is not Kind.OPEN:
                closed[question.key] = question
        for arm in self.arms:
            _check_arm(arm, {section.key for section in self.sections}, {question.key for question in self.questions})
        if len({arm.key for arm in self.arms}) != len(self.arms):
            raise ValueError("two arms have the same key")
        return self

    @model_validator(mode="after")
    def _screening_can_be_answered(self) -> Self:
        keys = [question.key for question in (*self.screening, *self.questions)]
        asked = {question.key: question for question in self.screening}
        for question in self.screening:
            about = f"screening question '{question.key}'"
            if question.kind is Kind.OPEN:
                raise ValueError(f"{about}: only closed questions can screen")
            if question.ask_if:
                raise ValueError(f"{about}: it is asked of everyone, so it has no ask_if")
            if keys.count(question.key) > 1:
                raise ValueError(f"two questions have the key '{question.key}'")
            for language in self.languages:
                if language not in question.wordings:
                    raise ValueError(f"{language} is offered but {about} is not worded in it")
        profile = {each.field for each in self.profile}
        for condition in self.pass_if:
            _check_condition(condition, "pass_if", asked, "no screening question")
            if condition.profile and condition.profile not in profile:
                raise ValueError(f"pass_if names '{condition.profile}', which the profile does not ask")
        return self

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.format != FORMAT:
            raise ValueError(f"format is '{self.format}', this program reads '{FORMAT}'")
        keys = [question.key for question in self.questions]
        if not keys:
            raise ValueError("the guide has no question")
        for key in {key for key in keys if keys.count(key) > 1}:
            raise ValueError(f"two questions have the key '{key}'")
        for language in self.languages:
            if language not in self.texts:
                raise ValueError(f"{language} is offered but has no title and consent text")
            for question in self.questions:
                if language not in question.wordings:
                    raise ValueError(f"{language} is offered but question '{question.key}' is not worded in it")
        return self

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for section in self.sections for question in section.questions)

    def question(self, key: str) -> Question:
        return next(question for question in self.questions if question.key == key)

    def arm(self, key: str) -> Arm | None:
        return next((arm for arm in self.arms if arm.key == key), None)


def _check_arm(arm: Arm, sections: set[str], questions: set[str]) -> None:
    if unknown := [key for key in arm.sections_first if key not in sections]:
        raise ValueError(f"arm '{arm.key}': there is no section '{unknown[0]}'")
    if unknown := [key for key in arm.leave_out if key not in questions]:
        raise ValueError(f"arm '{arm.key}': there is no question '{unknown[0]}'")
    if questions == set(arm.leave_out):
        raise ValueError(f"arm '{arm.key}': it leaves out every question")


def _check_condition(condition: Condition, place: str, known: dict[str, Question], otherwise: str) -> None:
    if condition.question is None:
        return
    asked = known.get(condition.question)
    if asked is None:
        raise ValueError(f"{place}: its condition names '{condition.question}', which is {otherwise}")
    if unknown := [value for value in condition.any_of if asked.options and value not in asked.options]:
        raise ValueError(f"{place}: '{asked.key}' has no option '{unknown[0]}'")
