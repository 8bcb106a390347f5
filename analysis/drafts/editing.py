"""What the form of one dimension says, and what its buttons do to it. Pure: a dimension is here as its fields, and need not be valid."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from analysis.codebook import NONE

Fields = dict[str, Any]
TEXTS = ("key", "label", "definition", "include", "exclude")
NEW = {"label": "New code", "definition": "", "include": "", "exclude": "", "examples": []}
NONE_FOUND = {"key": NONE, "label": "None", "definition": "", "include": "", "exclude": "", "examples": []}


def from_form(form: Mapping[str, str]) -> Fields:
    """The dimension as typed in: codes are numbered from 0, `code-3-label`; examples stand one a line."""
    count = 0
    codes = []
    while f"code-{count}-key" in form:
        codes.append(_code(form, f"code-{count}-"))
        count += 1
    return {
        "key": form.get("key", "").strip(),
        "title": form.get("title", "").strip(),
        "shape": form.get("shape", ""),
        "instruction": _text(form.get("instruction", "")),
        "questions": form.get("questions", "").replace(",", " ").split(),
        "stance": "stance" in form,
        "codes": codes,
    }


def _code(form: Mapping[str, str], prefix: str) -> Fields:
    texts = {name: _text(form.get(prefix + name, "")) for name in TEXTS}
    examples = [line.strip() for line in _text(form.get(f"{prefix}examples", "")).split("\n") if line.strip()]
    return texts | {"examples": examples, "stance": f"{prefix}stance" in form}


def _text(typed: str) -> str:
    """Browsers send CRLF."""
    return typed.replace("\r\n", "\n").strip()


def done(dimension: Fields, verb: str, picked: Sequence[int] = ()) -> Fields:
    """The dimension after a button: 'add', 'merge', or 'up', 'down', 'remove' and 'split' with a code's place: 'up-3'."""
    name, _, place = verb.partition("-")
    codes = list(dimension["codes"])
    if name == "add":
        codes.insert(_before_none(codes), NEW | {"key": _free("new_code", codes)})
    elif name == "merge" and len(picked) > 1:
        codes = _merged(codes, picked)
    elif place.isdigit() and int(place) < len(codes) and name in PLACED:
        codes = PLACED[name](codes, int(place))
    return dimension | {"codes": codes}


def _before_none(codes: Sequence[Fields]) -> int:
    return next((place for place, code in enumerate(codes) if code["key"] == NONE), len(codes))


def _free(base: str, codes: Sequence[Fields]) -> str:
    taken = {code["key"] for code in codes}
    return next(key for key in (base, *(f"{base[:45]}_{number}" for number in range(2, len(codes) + 3))) if key not in taken)


def moved(rows: list[Any], place: int, by: int) -> list[Any]:
    """One row up or down; at the end of the list it stays where it is."""
    to = min(max(place + by, 0), len(rows) - 1)
    rows = list(rows)
    rows.insert(to, rows.pop(place))
    return rows


def _split(codes: list[Fields], place: int) -> list[Fields]:
    """A second code like the first beside it, for the researcher to draw the line between them. Examples stay with the first."""
    code = codes[place]
    other = code | {"key": _free(f"{code['key']}_2", codes), "label": f"{code['label']} (2)", "examples": []}
    return [*codes[: place + 1], other, *codes[place + 1 :]]


def _merged(codes: list[Fields], picked: Sequence[int]) -> list[Fields]:
    """The first of them, saying also what the others say."""
    places = sorted({place for place in picked if 0 <= place < len(codes)})
    first, *others = [codes[place] for place in places]
    texts = {name: "\n".join(filter(None, (code[name] for code in (first, *others)))) for name in ("definition", "include", "exclude")}
    examples = list(dict.fromkeys(example for code in (first, *others) for example in code["examples"]))
    stance = any(code.get("stance") for code in (first, *others))
    merged = first | texts | {"examples": examples, "stance": stance}
    return [merged if place == places[0] else code for place, code in enumerate(codes) if place == places[0] or place not in places]


PLACED: dict[str, Callable[[list[Fields], int], list[Fields]]] = {
    "up": lambda codes, place: moved(codes, place, -1),
    "down": lambda codes, place: moved(codes, place, 1),
    "remove": lambda codes, place: [*codes[:place], *codes[place + 1 :]],
    "split": _split,
}


def with_new_dimension(dimensions: list[Fields]) -> list[Fields]:
    key = _free("new_dimension", dimensions)
    codes = [NEW | {"key": "new_code"}, NONE_FOUND]
    return [*dimensions, {"key": key, "title": "New dimension", "shape": "multiple", "instruction": "", "questions": [], "codes": codes}]
