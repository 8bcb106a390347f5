"""Who is asked what, in which order: arms, order and conditions. Pure, and repeatable from the seed that an interview keeps."""

import random
from collections.abc import Iterable, Mapping
from typing import Any

from surveys.guide import Arm, Condition, Guide, Order, Question


def arm(guide: Guide, *, seed: str, number: int) -> Arm | None:
    """The arm of the `number`-th interview (from 0): permuted blocks, so that arms stay balanced by weight at every block's end."""
    block = [each for each in guide.arms for _ in range(each.weight)]
    if not block:
        return None
    turn, place = divmod(number, len(block))
    random.Random(f"{seed}:arms:{turn}").shuffle(block)  # noqa: S311 - spreads people, keeps no secret
    return block[place]


def order(guide: Guide, assigned: Arm | None, *, seed: str, number: int) -> tuple[str, ...]:
    """The keys of the questions in this interview's order; those that its arm leaves out are missing."""
    rng = random.Random(f"{seed}:order:{number}")  # noqa: S311 - as above
    sections = list(guide.sections)
    if guide.order is Order.RANDOM:
        rng.shuffle(sections)
    first = assigned.sections_first if assigned else ()
    sections.sort(key=lambda section: first.index(section.key) if section.key in first else len(first))
    keys = []
    for section in sections:
        questions = [question.key for question in section.questions]
        if section.order is Order.RANDOM:
            rng.shuffle(questions)
        keys += questions
    return tuple(key for key in keys if assigned is None or key not in assigned.leave_out)


def applies(question: Question, answers: Mapping[str, Any], profile: Mapping[str, str]) -> bool:
    """Whether all conditions of the question hold. `answers`: the values of closed questions by key."""
    return holds(question.ask_if, answers, profile)


def holds(conditions: Iterable[Condition], answers: Mapping[str, Any], profile: Mapping[str, str]) -> bool:
    return all(_holds(condition, answers, profile) for condition in conditions)


def _holds(condition: Condition, answers: Mapping[str, Any], profile: Mapping[str, str]) -> bool:
    given = answers.get(condition.question) if condition.question else profile.get(str(condition.profile))
    if given is None or given in ("", []):
        return False
    if condition.any_of:
        return any(str(value) in condition.any_of for value in (given if isinstance(given, list) else [given]))
    if not isinstance(given, int | float):
        return False
    return (condition.at_least is None or given >= condition.at_least) and (condition.at_most is None or given <= condition.at_most)
