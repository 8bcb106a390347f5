"""Which part of a file a browser asks for, that goes on with a download it had begun. Pure (RFC 9110, section 14)."""

import re

_ONE = re.compile(r"bytes=(?:(\d{1,18})-(\d{1,18})?|-(\d{1,18}))", re.ASCII)


class Unsatisfiable(ValueError):
    """Nothing of the file lies in what was asked for."""


def part(asked: str, size: int) -> tuple[int, int] | None:
    """First byte and the one after the last; None for the whole file, as for several parts at once and for what cannot be read."""
    found = _ONE.fullmatch(asked.replace(" ", ""))
    if found is None:
        return None
    if found[3]:
        start, end = max(0, size - int(found[3])), size
    else:
        start, end = int(found[1]), min(int(found[2]) + 1, size) if found[2] else size
        if found[2] and int(found[2]) < start:
            return None
    if start >= end:
        raise Unsatisfiable(asked)
    return start, end
