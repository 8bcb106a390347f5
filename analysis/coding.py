"""What a model answers when it codes an interview, and what of it stands: the codebook's shapes and the transcript decide. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, create_model

from analysis.codebook import NONE, Code, CodebookDocument, Dimension, Shape, Stance
from analysis.material import Said
from analysis.spans import locate


class QuoteGiven(BaseModel):
    turn: int = Field(description="The number of the participant's turn.")
    text: str = Field(description="Copied letter by letter from that turn.")


@dataclass(frozen=True)
class Evidence:
    """A span of a turn's original text, in code points, end exclusive; text: as it is shown."""

    turn: int
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Given:
    """One code of one dimension as it stands after checking."""

    dimension: str
    code: str
    confidence: float | None
    evidence: tuple[Evidence, ...] = ()
    stance: str = ""


@dataclass(frozen=True)
class Settled:
    codings: tuple[Given, ...]
    quotes_dropped: int
    without_evidence: int


@lru_cache(maxsize=32)  # one codebook, one class: others keep what they derive from it
def schema(dimensions: tuple[Dimension, ...]) -> type[BaseModel]:
    """The reply's type: a field for each dimension, holding at least one of its codes."""
    fields: dict[str, Any] = {}
    for dimension in dimensions:
        name = f"{dimension.key}_" if hasattr(BaseModel, dimension.key) else dimension.key
        fields[name] = (list[_code_given(dimension)], Field(min_length=1, alias=dimension.key, description=dimension.title))  # type: ignore[misc]
    return create_model("Codings", __config__={"populate_by_name": True, "protected_namespaces": ()}, **fields)


def _code_given(dimension: Dimension) -> type[BaseModel]:
    keys: Any = Literal.__getitem__(dimension.code_keys)
    fields: dict[str, Any] = {"code": (keys, ...), "confidence": (Annotated[float, Field(ge=0, le=1)], ...), "quotes": (list[QuoteGiven], ...)}
    if any(map(dimension.takes_stance, dimension.code_keys)):
        fields["stance"] = (Stance, Field(description="Whether the person has lived it or expects it."))
    return create_model(f"{dimension.key.title().replace('_', '')}Given", **fields)


def settle(value: BaseModel, dimensions: Iterable[Dimension], words: Sequence[Said]) -> Settled:
    """Keeps of a reply what the shapes allow and the participant's turns support.

    A code but 'none' and those of an ordinal needs a quote that the transcript holds; a dimension can end up with no code at all.
    """
    reply = value.model_dump(by_alias=True)
    codings: list[Given] = []
    dropped = unsupported = 0
    for dimension in dimensions:
        for code, each in _allowed(dimension, reply[dimension.key]).items():
            found = [_evidence(quote, words) for quote in each["quotes"]]
            dropped += found.count(None)
            evidence = tuple(dict.fromkeys(span for span in found if span))
            if not evidence and code != NONE and dimension.shape is not Shape.ORDINAL:
                unsupported += 1
            else:
                stance = str(each["stance"]) if dimension.takes_stance(code) else ""
                codings.append(Given(dimension.key, code, each["confidence"], evidence, stance))
    return Settled(tuple(codings), dropped, unsupported)


def _allowed(dimension: Dimension, given: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """By code; one that was given twice has the quotes of both, and what else was said of it with more confidence."""
    merged: dict[str, Mapping[str, Any]] = {}
    for each in given:
        before = merged.get(each["code"], {**each, "quotes": []})
        surer = before if before["confidence"] >= each["confidence"] else each
        merged[each["code"]] = {**surer, "quotes": [*before["quotes"], *each["quotes"]]}
    if len(merged) > 1 and dimension.shape is not Shape.ORDINAL:
        merged.pop(NONE, None)
    if dimension.shape is Shape.MULTIPLE:
        return merged
    likeliest = max(merged, key=lambda code: merged[code]["confidence"])
    return {likeliest: merged[likeliest]}


def _evidence(quote: Mapping[str, Any], words: Sequence[Said]) -> Evidence | None:
    """Where the quote stands: in the turn it names, else in the first other turn of the participant that holds it."""
    for turn in sorted(words, key=lambda turn: turn.number != quote["turn"]):
        if span := locate(quote["text"], turn.text):
            return Evidence(turn.id, *turn.in_original(*span), turn.text[slice(*span)])
    return None


def in_original(settled: Settled, words: Sequence[Said]) -> Settled:
    """A place in a translation is no place in the original: what was found in one is shown by the whole turn."""
    whole = {turn.id: Evidence(turn.id, *turn.in_original(0, len(turn.text)), turn.text) for turn in words if turn.translation}

    def of(given: Given) -> Given:
        return replace(given, evidence=tuple(dict.fromkeys(whole.get(each.turn, each) for each in given.evidence)))

    return replace(settled, codings=tuple(map(of, settled.codings)))


def as_text(codebook: CodebookDocument, dimensions: Iterable[Dimension], only: Mapping[str, Sequence[str]] | None = None) -> str:
    """The codebook as the coder reads it. only: of a dimension, the codes that are asked about, where not all are."""
    return f"# {codebook.title}\n\n" + "\n\n".join(_dimension(dimension, (only or {}).get(dimension.key)) for dimension in dimensions)


def _dimension(dimension: Dimension, only: Sequence[str] | None) -> str:
    about = f" Coded from the answers to: {', '.join(dimension.questions)}." if dimension.questions else ""
    head = f"## {dimension.key} ({dimension.shape.value}): {dimension.title}{about}"
    asked = f"Asked now: {', '.join(only)}." if only else ""
    stanced = [key for key in only or dimension.code_keys if dimension.takes_stance(key)]
    stance = f"With stance: {', '.join(stanced)}." if stanced else ""
    return "\n".join(part for part in (head, dimension.instruction, asked, stance, *map(_code, dimension.codes)) if part)


def codes_as_text(codes: Iterable[Code]) -> str:
    return "\n".join(map(_code, codes))


def _code(code: Code) -> str:
    lines = [f"- {code.key}: {code.label}. {code.definition}".rstrip()]
    lines += [f"  Include: {code.include}"] if code.include else []
    lines += [f"  Exclude: {code.exclude}"] if code.exclude else []
    lines += [f"  Examples: {' / '.join(code.examples)}"] if code.examples else []
    return "\n".join(lines)
