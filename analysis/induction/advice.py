"""What the numbers of saturation say, in plain words. Pure."""

from analysis.induction.saturation import Incidence, chao2, extrapolated

FEWEST = 5  # interviews, below which nothing is said
FURTHER = 10
ENOUGH = 0.5  # new codes of ten further interviews


def advise(found: Incidence, place: str = "") -> str:
    """place: 'Kenya'; empty is everywhere."""
    where = f" in {place}" if place else ""
    if found.units < FEWEST:
        return f"{_interviews(found.units)}{where}: too few to say how many codes are still unseen."
    new, estimate = extrapolated(found, FURTHER), chao2(found)
    low, high = (max(0.0, end - found.seen) for end in estimate.interval)
    said = f"After {_interviews(found.units)}{where} a further {FURTHER} would be expected to bring {new:.1f} new codes."
    if estimate.unseen > 0:
        said += f" At least {estimate.unseen:.1f} codes are likely still unseen (95% interval {low:.1f}–{high:.1f})."
    return f"{said} {_verdict(found, new)}"


def _verdict(found: Incidence, new: float) -> str:
    if found.seen == 0:
        return "No code was found, so nothing can be said of others."
    if found.units < 2 * FURTHER:
        return "With so few interviews that is a rough guess: code more before you rely on it."
    return "Few new codes are to be expected: you may stop here." if new < ENOUGH else "It is worth going on."


def _interviews(n: int) -> str:
    return f"{n} interview{'' if n == 1 else 's'}"
