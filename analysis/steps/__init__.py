"""The steps of the analysis, in order: the table of contents of what happens to an interview."""

from analysis.step import Step
from analysis.steps import care, code, detect_language, mask, publish, quality, score, summarise, translate

STEPS: tuple[Step, ...] = (
    detect_language.STEP,
    mask.STEP,
    score.STEP,
    translate.STEP,
    summarise.STEP,
    code.STEP,
    publish.STEP,
    quality.STEP,
    care.STEP,
)
