"""How a fieldwork page words its figures. Pure."""

FINE = 200  # from this many people on, a decimal means something


def percent(part: float, whole: int) -> str:
    """(1, 4) → '25%', with a decimal where 200 or more stand behind it; '–' of nothing."""
    if not whole:
        return "–"
    return f"{part / whole:.1%}" if whole >= FINE else f"{part / whole:.0%}"


def permille(part: float, whole: float) -> int:
    """How far a bar of 1,000 goes; never beyond its end."""
    return min(1000, round(part * 1000 / whole)) if whole else 0


def duration(seconds: float) -> str:
    """754.4 → '12 min 34 s', 5400 → '1 h 30 min'."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
