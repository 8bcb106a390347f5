"""The same question to the coder, worded otherwise or of the translation: what ought to make no difference."""

from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from analysis.codebook import Dimension, Shape
from analysis.coding import as_text
from analysis.material import Material
from analysis.steps import code
from llm import Prompt, PromptFile

REWORDED = PromptFile.load(Path(__file__).parent.parent / "prompts" / "code_reworded.md")


class Wording(StrEnum):
    """standard: as what is counted was coded. reversed: the codes of each dimension the other way round, but for scales. reworded: another text.

    original, translation: the standard prompt over what people said, or over its translation, whichever of them is counted.
    """

    STANDARD = "standard"
    REVERSED = "reversed"
    REWORDED = "reworded"
    ORIGINAL = "original"
    TRANSLATION = "translation"


BOTH_WAYS = (Wording.ORIGINAL, Wording.TRANSLATION)
REWORDINGS = (Wording.REVERSED, Wording.REWORDED)


def prompt(material: Material, wording: Wording) -> Prompt:
    assert material.codebook is not None
    if wording is Wording.REVERSED:
        turned = material.codebook.model_copy(update={"dimensions": tuple(map(_turned, material.codebook.dimensions))})
        plain = code.prompt(replace(material, codebook=turned))
        return replace(plain, version=f"{plain.version} reversed")
    plain = code.prompt(material)
    if wording is Wording.REWORDED:
        return replace(plain, version=REWORDED.version, system=REWORDED.fill(codebook=as_text(material.codebook, material.coded_dimensions)))
    return plain


def _turned(dimension: Dimension) -> Dimension:
    return dimension if dimension.shape is Shape.ORDINAL else dimension.model_copy(update={"codes": dimension.codes[::-1]})
