"""REFI-QDA codebooks read: our own come back equal, those of other programs become dimensions of several codes."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from pydantic import ValidationError

from analysis.codebook import NONE, CodebookDocument
from analysis.exchange.qdc import described
from analysis.exchange.xml import Node, Refused, parse
from analysis.publishing import MOST_BYTES, CodebookError
from surveys.guide_yaml import sentences

ANY_VERSION = "urn:QDA-XML:"
NO_CODE = {"key": NONE, "label": "None of these"}
_NOT_KEY = re.compile(r"[^a-z0-9]+")


def read(data: str | bytes) -> CodebookDocument:
    """Raises CodebookError."""
    raw = data.encode() if isinstance(data, str) else data
    if len(raw) > MOST_BYTES:
        raise CodebookError([f"The file is larger than {MOST_BYTES // 1_000_000} MB."])
    try:
        root = parse(raw)
    except Refused as error:
        raise CodebookError([str(error)]) from error
    if root.name != "CodeBook" or not (root.namespace == "" or root.namespace.startswith(ANY_VERSION)):
        raise CodebookError(["This is no REFI-QDA codebook: its first element is not CodeBook."])
    tops = [code for codes in root.all("Codes") for code in codes.all("Code")]
    if not tops:
        raise CodebookError(["The codebook has no codes."])
    try:
        return CodebookDocument.model_validate({"title": _title(root, tops), "dimensions": _dimensions(root, tops)})
    except ValidationError as error:
        raise CodebookError(sentences(error)) from error


def _title(root: Node, tops: Iterable[Node]) -> str:
    ours = (fields["Codebook"] for top in tops if (fields := described(top.first_text("Description"))))
    origin = root.attributes.get("origin", "").strip()
    return next((title[0] for title in ours if title), f"Codebook from {origin}" if origin else "Codebook")


def _dimensions(root: Node, tops: list[Node]) -> list[dict[str, Any]]:
    """Codes with others below them are dimensions. Of those without, each set is one, and those in no set are together."""
    named = [(node, node.all("Code")) for node in tops if node.all("Code")]
    flat = [node for node in tops if not node.all("Code")]
    in_sets: set[str] = set()
    for each in (each for sets in root.all("Sets") for each in sets.all("Set")):
        members = {_guid(member) for member in each.all("MemberCode")}
        if codes := [node for node in flat if _guid(node) in members]:
            named.append((each, codes))
            in_sets |= members
    if rest := [node for node in flat if _guid(node) not in in_sets]:
        named.append((Node("", "Code", {"name": "Codes", "isCodable": "false"}), rest))
    taken: set[str] = set()
    return [_dimension(node, codes, taken) for node, codes in named]


def _dimension(node: Node, codes: list[Node], taken: set[str]) -> dict[str, Any]:
    text = node.first_text("Description").strip()
    fields = described(text)
    if fields is None:
        found, about = list(_flattened(node, codes)), "" if _is_code(node) else text
        extra = [] if NONE in (code["key"] for code in found) else [NO_CODE]
        return {"key": _key(_name(node), taken, "codes"), "title": _name(node), "shape": "multiple", "instruction": about, "codes": [*found, *extra]}
    return {
        "key": _taken(fields["Key"][0], taken),
        "title": _name(node),
        "shape": "".join(fields["Shape"]) or "multiple",
        "questions": " ".join(fields["Questions"]).split(),
        "stance": bool(fields["Stance"]),
        "instruction": "\n".join(fields["Instruction"]),
        "codes": list(_flattened(node, codes)),
    }


def _flattened(dimension: Node, codes: Iterable[Node]) -> Iterator[dict[str, Any]]:
    """All codes below a dimension, deeper ones named with what they stand below; the dimension itself where it can be given as a code."""
    taken: set[str] = set()
    if _is_code(dimension):
        yield _code(dimension, _name(dimension), taken)
    waiting = [(code, _name(code)) for code in codes]
    while waiting:
        code, name = waiting.pop(0)
        if _codable(code):
            yield _code(code, name, taken)
        waiting[:0] = [(child, f"{name} / {_name(child)}") for child in code.all("Code")]


def _code(node: Node, label: str, taken: set[str]) -> dict[str, Any]:
    text = node.first_text("Description").strip()
    fields = described(text)
    if fields is None:
        return {"key": _key(label, taken, "code"), "label": label, "definition": text}
    one = {name.lower(): "\n".join(fields[name]) for name in ("Definition", "Include", "Exclude")}
    return {"key": _taken(fields["Key"][0], taken), "label": label, "stance": bool(fields["Stance"]), "examples": fields["Example"]} | one


def _is_code(node: Node) -> bool:
    """Whether a dimension can be given as a code itself; a set cannot."""
    return node.name == "Code" and _codable(node)


def _codable(node: Node) -> bool:
    return node.attributes.get("isCodable", "true").strip().lower() in ("true", "1")


def _name(node: Node) -> str:
    return node.attributes.get("name", "").strip() or "Unnamed"


def _guid(node: Node) -> str:
    return node.attributes.get("guid", "").strip().strip("{}").lower()


def _taken(key: str, taken: set[str]) -> str:
    taken.add(key)
    return key


def _key(name: str, taken: set[str], otherwise: str) -> str:
    """A key that the name gives, and that nothing else has. Names in other scripts give none: those are numbered."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = _NOT_KEY.sub("_", plain).strip("_")[:40].strip("_")
    base = slug if slug[:1].isalpha() and slug != NONE else f"{otherwise}_{slug}".strip("_")
    return _taken(_free(base, taken), taken)


def _free(base: str, taken: Collection[str]) -> str:
    return next(key for key in (base, *(f"{base}_{number}" for number in range(2, len(taken) + 3))) if key not in taken)
