"""A drafted guide as a value: what a model replies, what of it has arrived whole, and what a researcher should look at. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from surveys.guide import Kind

Piece = dict[str, Any]
KEY = re.compile(r"[a-z][a-z0-9_]{0,49}")
QUESTION_MARK = re.compile("[?？؟՞፧]")
Title = Annotated[str, Field(max_length=200)]


class Sketched(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True)


class Texts(Sketched):
    title: Title = Field(description="What participants read as the title.")
    introduction: str = Field(description="Who is asking, what for, how long it takes.")
    consent: str = Field(description="An outline of the consent text, with [[placeholders]].")
    opening: str = Field(description="The interviewer's first words.")
    closing: str = Field(description="The interviewer's last words.")


class Option(Sketched):
    value: str = Field(description="What exports show: a short English word or two.")
    label: str = Field(description="What participants read.")


class Question(Sketched):
    key: str = Field(description="Its name in exports: small letters, digits and _, beginning with a letter.")
    kind: Kind
    text: str = Field(description="The exact wording.")
    learn: str = Field(description="What a good answer tells the researcher.")
    probes: list[str] = Field(description="Suggested follow-ups; none for closed questions.")
    options: list[Option] = Field(description="For single and multiple alone.")
    minimum: int | None = Field(description="For scale and number alone.")
    maximum: int | None = Field(description="For scale and number alone.")
    low: str = Field(description="Label of a scale's low end.")
    high: str = Field(description="Label of a scale's high end.")


class Section(Sketched):
    key: str = Field(description="As a question's key.")
    title: Title
    questions: list[Question]


class Sketch(Sketched):
    texts: Texts
    sections: list[Section]


def settled(value: Mapping[str, Any], *, whole: bool) -> Iterator[Piece]:
    """The texts and the questions that will not change any more, in order; without what is still being written or is not what was asked for."""
    sections = value.get("sections")
    if (whole or sections is not None) and (texts := _valid(Texts, value.get("texts"))):
        yield {"part": "texts", "texts": texts}
    sections = sections if isinstance(sections, list) else []
    for place, section in enumerate(sections):
        last = place == len(sections) - 1
        found = section.get("questions") if isinstance(section, dict) else None
        questions = found if isinstance(found, list) else []
        for number, question in enumerate(questions):
            being_written = last and number == len(questions) - 1 and not whole
            if not being_written and (read := _valid(Question, question)):
                yield {"part": "question", "section": {"key": section.get("key"), "title": section.get("title")}, "question": read}


def _valid(kind: type[Sketched], value: Any) -> Piece | None:
    try:
        return kind.model_validate(value).model_dump(mode="json")
    except ValidationError:
        return None


def warnings(question: Mapping[str, Any], taken: Collection[str]) -> list[str]:
    """What a researcher should look at before taking the question over. taken: the keys of other questions."""
    found = []
    if len(QUESTION_MARK.findall(question["text"])) > 1:
        found.append("Check: two question marks. A question should ask one thing.")
    if not KEY.fullmatch(question["key"]):
        found.append("The key must be small letters, digits and _, beginning with a letter.")
    elif question["key"] in taken:
        found.append(f"The key “{question['key']}” is taken: change it.")
    if "[[" in question["text"]:
        found.append("Replace what stands in [[double brackets]].")
    return found
