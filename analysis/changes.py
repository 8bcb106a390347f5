"""What differs between two editions of a codebook, code by code, and what publishing the later one asks of the coder. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.codebook import Code, CodebookDocument, Dimension, Shape
from analysis.touched import changed

ADDED, REMOVED, RENAMED = "added", "removed", "renamed"
OF_CODE = {"definition": "definition", "include": "include", "exclude": "exclude", "examples": "examples", "stance": "stance"}
OF_DIMENSION = {"title": "title", "shape": "shape", "instruction": "instruction", "questions": "questions", "stance": "stance"}


@dataclass(frozen=True)
class Change:
    """what: added, removed, renamed, or the name of the field that changed. before, after: its words; none for what was added or removed."""

    what: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class CodeChange:
    key: str
    label: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class DimensionChange:
    """asks: what of it the coder is asked anew once this is published, as a sentence."""

    key: str
    title: str
    changes: tuple[Change, ...]
    codes: tuple[CodeChange, ...]
    asks: str


def compare(before: CodebookDocument, after: CodebookDocument) -> tuple[DimensionChange, ...]:
    """Dimensions that differ, in the order of `after`; those that are gone at the end."""
    then = {dimension.key: dimension for dimension in before.dimensions}
    now = {dimension.key: dimension for dimension in after.dimensions}
    found = [_dimension(then.get(key), dimension) for key, dimension in now.items()]
    gone = [_gone(dimension) for key, dimension in then.items() if key not in now]
    return tuple(each for each in [*found, *gone] if each is not None)


def _gone(dimension: Dimension) -> DimensionChange:
    return DimensionChange(dimension.key, dimension.title, (Change(REMOVED),), (), "Nothing: its codings stay with the earlier versions.")


def _dimension(before: Dimension | None, after: Dimension) -> DimensionChange | None:
    if before is None:
        codes = tuple(CodeChange(code.key, code.label, (Change(ADDED),)) for code in after.codes)
        return DimensionChange(after.key, after.title, (Change(ADDED),), codes, "All of it.")
    changes = tuple(_fields(before, after, OF_DIMENSION))
    codes = tuple(_codes(before, after))
    order = tuple(key for key in after.code_keys if before.code(key)) != tuple(key for key in before.code_keys if after.code(key))
    if order:
        changes += (Change("order", ", ".join(before.code_keys), ", ".join(after.code_keys)),)
    return DimensionChange(after.key, after.title, changes, codes, _asks(before, after)) if changes or codes else None


def _codes(before: Dimension, after: Dimension) -> Iterator[CodeChange]:
    gone = [code for code in before.codes if after.code(code.key) is None]
    for code in after.codes:
        then = before.code(code.key)
        if then is None and (was := next((each for each in gone if _same_but_key(each, code)), None)):
            gone.remove(was)
            yield CodeChange(code.key, code.label, (Change(RENAMED, was.key, code.key),))
        elif then is None:
            yield CodeChange(code.key, code.label, (Change(ADDED),))
        elif changes := tuple(_of_code(then, code)):
            yield CodeChange(code.key, code.label, changes)
    for code in gone:
        yield CodeChange(code.key, code.label, (Change(REMOVED),))


def _same_but_key(one: Code, other: Code) -> bool:
    return one.model_copy(update={"key": other.key}) == other


def _of_code(before: Code, after: Code) -> Iterator[Change]:
    if before.label != after.label:
        yield Change(RENAMED, before.label, after.label)
    yield from _fields(before, after, OF_CODE)


def _fields(before: Code | Dimension, after: Code | Dimension, names: dict[str, str]) -> Iterator[Change]:
    for field, name in names.items():
        one, other = getattr(before, field), getattr(after, field)
        if one != other:
            yield Change(RENAMED if field == "title" else name, _told(one), _told(other))


def _told(value: object) -> str:
    if isinstance(value, bool):
        return "asked" if value else "not asked"
    if isinstance(value, Shape):
        return value.value
    return "\n".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _asks(before: Dimension, after: Dimension) -> str:
    differing = changed(before, after)
    if differing is None:
        return "All of it."
    if differing and after.shape is Shape.MULTIPLE:
        return f"Of each interview only: {', '.join(key for key in after.code_keys if key in differing)}. Other codings are carried over."
    if differing:
        return "All of it, being one choice among its codes; a person moves only from or to a code that changed."
    if set(before.code_keys) - set(after.code_keys) and after.shape is not Shape.MULTIPLE:
        return "Only those who had a code that is removed."
    return "Nothing: codings are carried over."
