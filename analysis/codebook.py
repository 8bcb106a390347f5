"""The codebook as a value: dimensions and their codes, as a version holds them and as YAML says them."""

from collections.abc import Collection
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field, SerializerFunctionWrapHandler, field_validator, model_serializer, model_validator

from surveys.guide import Frozen, Key

FORMAT = "colloquy-codebook/1"
NONE = "none"
CodeKey = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{0,49}$")]


class Shape(StrEnum):
    """How many codes of a dimension a person can have, and whether they are in order."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    ORDINAL = "ordinal"


class Stance(StrEnum):
    """Whether the person has lived what they speak of, or expects it."""

    LIVED = "lived"
    ANTICIPATED = "anticipated"
    UNCLEAR = "unclear"


def _without_default(fields: dict[str, Any]) -> dict[str, Any]:
    """As versions were written, and hashed, before codes could have a stance."""
    return {name: value for name, value in fields.items() if name != "stance" or value}


class Code(Frozen):
    """`stance`: the coder also says whether the person has lived it or expects it."""

    key: CodeKey
    label: Annotated[str, Field(min_length=1)]
    definition: str = ""
    include: str = ""
    exclude: str = ""
    examples: tuple[str, ...] = ()
    stance: bool = False

    @field_validator("examples")
    @classmethod
    def _examples_say_something(cls, examples: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(example for example in examples if example)

    @model_serializer(mode="wrap")
    def _as_fields(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return _without_default(handler(self))


class Dimension(Frozen):
    """One thing coded of each person. `questions`: the guide questions whose answers it is coded from; none means the whole interview.

    `stance`: of each of its codes but 'none', the coder also says whether the person has lived it or expects it.
    """

    key: Key
    title: Annotated[str, Field(min_length=1)]
    shape: Shape
    instruction: str = ""
    questions: tuple[Key, ...] = ()
    codes: Annotated[tuple[Code, ...], Field(min_length=2)]
    stance: bool = False

    @model_serializer(mode="wrap")
    def _as_fields(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return _without_default(handler(self))

    @property
    def code_keys(self) -> tuple[str, ...]:
        return tuple(code.key for code in self.codes)

    def code(self, key: str) -> Code | None:
        return next((code for code in self.codes if code.key == key), None)

    def takes_stance(self, key: str) -> bool:
        code = self.code(key)
        return code is not None and key != NONE and (self.stance or code.stance)

    def only(self, keys: Collection[str]) -> "Dimension":
        """With these codes alone, in its own order. What it is then need not be a dimension of any codebook."""
        return self.model_copy(update={"codes": tuple(code for code in self.codes if code.key in keys)})

    def label(self, key: str) -> str:
        return next((code.label for code in self.codes if code.key == key), key)

    @model_validator(mode="after")
    def _codes_are_distinct(self) -> Self:
        if len(set(self.code_keys)) != len(self.codes):
            raise ValueError(f"dimension '{self.key}': a code stands twice")
        if self.shape is not Shape.ORDINAL and NONE not in self.code_keys:
            raise ValueError(f"dimension '{self.key}': it needs the code '{NONE}', so that nothing found differs from nothing coded")
        return self


class CodebookDocument(Frozen):
    format: str = FORMAT
    title: Annotated[str, Field(min_length=1)]
    dimensions: Annotated[tuple[Dimension, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _dimensions_are_distinct(self) -> Self:
        if self.format != FORMAT:
            raise ValueError(f"format is '{self.format}', this program reads '{FORMAT}'")
        keys = [dimension.key for dimension in self.dimensions]
        if len(set(keys)) != len(keys):
            raise ValueError("a dimension stands twice")
        return self

    def dimension(self, key: str) -> Dimension:
        return next(dimension for dimension in self.dimensions if dimension.key == key)
