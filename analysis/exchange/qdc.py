"""A codebook as REFI-QDA (.qdc), the exchange format of programs for qualitative analysis: https://www.qdasoftware.org/

Dimensions are codes that cannot be given, with their codes below them. What the format has no place for stands in the descriptions, in named lines.
"""

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import escape

from analysis.codebook import Code, CodebookDocument, Dimension

NAMESPACE = "urn:QDA-XML:codebook:1.0"
ORIGIN = "Colloquy"
IDS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:colloquy:codebook")
FIELDS = ("Key", "Codebook", "Shape", "Questions", "Stance", "Instruction", "Definition", "Include", "Exclude", "Example")
_FIELD = re.compile(rf"({'|'.join(FIELDS)}): ?(.*)", re.DOTALL)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IN_ATTRIBUTES = {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def write(document: CodebookDocument, *, of: str) -> str:
    """of: whose codebook it is, its survey's slug; what has the same key there keeps its GUID from version to version."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', f"<CodeBook{attributes(xmlns=NAMESPACE, origin=ORIGIN)}>", "<Codes>"]
    return "\n".join([*lines, *codes(document, of=of), "</Codes>", "</CodeBook>", ""])


def codes(document: CodebookDocument, *, of: str) -> Iterator[str]:
    """The elements of its codes, as codebooks and projects have them."""
    for dimension in document.dimensions:
        yield opening(guid(of, dimension.key), dimension.title, codable=False)
        yield _description(_of_dimension(document, dimension))
        for code in dimension.codes:
            yield opening(guid(of, dimension.key, code.key), code.label, codable=True)
            yield _description(_of_code(code))
            yield "</Code>"
        yield "</Code>"


def guid(*path: object) -> str:
    """What is at the same place, the survey's slug first, has the same GUID in every file."""
    return str(uuid.uuid5(IDS, "/".join(map(str, path)))).upper()


def opening(guid: str, name: str, *, codable: bool) -> str:
    return f"<Code{attributes(guid=guid, name=name, isCodable='true' if codable else 'false')}>"


def element(name: str, text: str) -> str:
    return f"<{name}>{escape(xml_text(text), {chr(13): '&#13;'})}</{name}>"


def attributes(**values: str) -> str:
    return "".join(f' {name}="{escape(xml_text(value), _IN_ATTRIBUTES)}"' for name, value in values.items())


def _description(fields: Iterable[tuple[str, str]]) -> str:
    """A field a line; further lines of its text are indented, so that none can be taken for a field."""
    text = "\n".join(f"{name}: {value}".replace("\n", "\n  ") for name, value in fields if value)
    return element("Description", text)


def xml_text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _of_dimension(document: CodebookDocument, dimension: Dimension) -> Iterator[tuple[str, str]]:
    yield "Key", dimension.key
    yield "Codebook", document.title
    yield "Shape", dimension.shape.value
    yield "Questions", " ".join(dimension.questions)
    yield "Stance", "asked" if dimension.stance else ""
    yield "Instruction", dimension.instruction


def _of_code(code: Code) -> Iterator[tuple[str, str]]:
    yield "Key", code.key
    yield "Stance", "asked" if code.stance else ""
    yield "Definition", code.definition
    yield "Include", code.include
    yield "Exclude", code.exclude
    yield from (("Example", example) for example in code.examples)


def described(text: str) -> Mapping[str, list[str]] | None:
    """The named lines of a description written here; None of any other."""
    found: list[tuple[str, str]] = []
    for line in text.strip("\n").split("\n"):
        field = None if line.startswith("  ") else _FIELD.fullmatch(line)
        if field:
            found.append((field[1], field[2]))
        elif not found:
            return None
        else:
            found[-1] = found[-1][0], f"{found[-1][1]}\n{line.removeprefix('  ')}"
    if found[0][0] != "Key":
        return None
    return {name: [value for each, value in found if each == name] for name in FIELDS}
