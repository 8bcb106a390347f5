"""Two sections of a guide put in either order by two arms of equal weight: hopes first, fears first. Pure."""

from collections.abc import Sequence
from typing import Any

SUFFIX = "_first"
LONGEST = 50 - len(SUFFIX)


def arms(sections: Sequence[str], one: str, other: str, *, shuffled: bool = False) -> list[dict[str, Any]]:
    """The two arms. sections: keys in the guide's order. What stands before both stays before both, unless the order is shuffled anyway."""
    ahead = [] if shuffled else list(sections[: min(sections.index(one), sections.index(other))])
    pair = sorted((one, other), key=sections.index)
    return [{"key": f"{key[:LONGEST]}{SUFFIX}", "sections_first": [*ahead, key]} for key in pair]


def balanced(arms_now: Sequence[dict[str, Any]]) -> tuple[str, str] | None:
    """The two sections that the arms put in either order; None where the arms are anything else."""
    if len(arms_now) != 2 or any(set(arm) != {"key", "sections_first"} or not arm["sections_first"] for arm in arms_now):
        return None
    (*ahead, one), (*also_ahead, other) = (arm["sections_first"] for arm in arms_now)
    named = [arm["key"] for arm in arms_now] == [f"{key[:LONGEST]}{SUFFIX}" for key in (one, other)]
    return (one, other) if ahead == also_ahead and one != other and named else None
