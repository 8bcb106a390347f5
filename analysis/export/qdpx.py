"""A survey as a REFI-QDA project (.qdpx): a plain text a person, a case with their profile, quotes as selections, each coder a user.

https://www.qdasoftware.org/, version 1.5 of the standard. Places are Unicode code points from 0, line ends `\\n`, texts without a byte order mark.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZipFile

from analysis.codebook import CodebookDocument
from analysis.exchange import qdc
from analysis.exchange.qdc import attributes, element, guid, xml_text
from analysis.export import cells
from analysis.export.archive import put
from analysis.export.cells import Type
from analysis.export.columns import Scope
from analysis.export.interviews import COLUMNS
from analysis.export.nested import Fields, Told, told

NAMESPACE = "urn:QDA-XML:project:1.0"
SPEAKERS = {"interviewer": "Interviewer", "participant": "Participant"}
KINDS = {Type.TEXT: "Text", Type.INTEGER: "Integer", Type.NUMBER: "Float", Type.BOOLEAN: "Boolean", Type.TIME: "DateTime", Type.JSON: "Text"}
LEFT_OUT = ("summary", "summary_model", "corrections", "analysis_status", "analysis_step", "interview_id")
VARIABLES = tuple(column for column in COLUMNS if column.name not in LEFT_OUT)
PIECE = 1 << 20


@dataclass(frozen=True)
class Text:
    """An interview as one plain text. starts: where the words of each turn begin in it, by its number."""

    content: str
    starts: dict[int, int]
    words: dict[int, str]

    def place(self, turn: int, start: int, end: int) -> tuple[int, int]:
        """Where a span of a turn's words stands: a line end of two characters is one here."""
        words, at = self.words[turn], self.starts[turn]
        return at + len(lines(words[:start])), at + len(lines(words[:end]))


@dataclass
class Seen:
    """What the head of the project must name, found while going along."""

    users: dict[tuple[str, str, str], str] = field(default_factory=dict)
    codes: dict[tuple[str, str], str] = field(default_factory=dict)
    interviews: int = 0


def write(scope: Scope, path: Path, advance: Callable[[int], object]) -> None:
    """Sources go into the archive as they come; what tells of them waits in files, so that no more than an interview is in memory."""
    slug, seen = scope.survey.slug, Seen()
    with TemporaryFile(dir=path.parent) as cases, TemporaryFile(dir=path.parent) as sources, ZipFile(path, "w") as archive:
        for each in told(scope):
            text, source = text_of(each.turns), guid(slug, "source", each.interview["interview_id"])
            put(archive, f"sources/{source}.txt", [text.content.encode()])
            cases.write("".join(_case(slug, each.interview, source)).encode())
            sources.write("".join(_source(slug, each, text, source, seen)).encode())
            seen.interviews += 1
            advance(1)
        put(archive, "project.qde", _project(scope, seen, cases, sources))


def text_of(turns: Sequence[Fields]) -> Text:
    content, starts, words = "", {}, {}
    for turn in turns:
        content += f"{SPEAKERS[turn['role']]}: "
        starts[turn["number"]], words[turn["number"]] = len(content), turn["text"]
        content += lines(turn["text"]) + "\n\n"
    return Text(xml_text(content), starts, words)


def lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _project(scope: Scope, seen: Seen, cases: IO[bytes], sources: IO[bytes]) -> Iterator[bytes]:
    slug = scope.survey.slug
    head = ['<?xml version="1.0" encoding="utf-8"?>\n', f"<Project{attributes(xmlns=NAMESPACE, name=scope.survey.title, origin=qdc.ORIGIN)}>\n"]
    users = [
        f"<User{attributes(guid=of, name=name, id=' '.join(filter(None, (kind, prompt))))}/>\n" for (kind, name, prompt), of in seen.users.items()
    ]
    variables = (
        f"<Variable{attributes(guid=guid(slug, 'variable', each.name), name=each.name, typeOfVariable=KINDS[each.type])}>"
        f"{element('Description', each.meaning)}</Variable>\n"
        for each in VARIABLES
    )
    codes = [f"{line}\n" for line in _codes(scope, seen)]
    parts = (_in("Users", sorted(users)), _in("CodeBook", _in("Codes", codes)), _in("Variables", variables))
    yield from (part.encode() for part in chain(head, *parts))
    for name, spooled in (("Cases", cases), ("Sources", sources)) if seen.interviews else ():
        yield f"<{name}>\n".encode()
        spooled.seek(0)
        yield from iter(lambda spooled=spooled: spooled.read(PIECE), b"")  # type: ignore[misc]
        yield f"</{name}>\n".encode()
    yield b"</Project>\n"


def _in(name: str, children: Any) -> list[str]:
    """Nothing where there are none: the schema allows no empty list."""
    inner = list(children)
    return [f"<{name}>\n", *inner, f"</{name}>\n"] if inner else []


def _codes(scope: Scope, seen: Seen) -> Iterator[str]:
    """Those of the newest codebook asked for, then those that codings under others have besides."""
    found = scope.survey.codebooks.all()
    version = (found if scope.codebook is None else found.filter(number=scope.codebook)).first()
    slug, document = scope.survey.slug, version.document if version else None
    if document:
        yield from qdc.codes(document, of=slug)
    others = sorted(key for key in seen.codes if not _holds(document, *key))
    for dimension in sorted({dimension for dimension, _ in others}):
        yield qdc.opening(guid(slug, "earlier", dimension), f"{dimension} (other codebook versions)", codable=False)
        for code in (code for each, code in others if each == dimension):
            yield qdc.opening(guid(slug, dimension, code), seen.codes[dimension, code], codable=True) + "</Code>"
        yield "</Code>"


def _holds(document: CodebookDocument | None, dimension: str, code: str) -> bool:
    return document is not None and any(each.key == dimension and code in each.code_keys for each in document.dimensions)


def _case(slug: str, interview: Fields, source: str) -> Iterator[str]:
    yield f"<Case{attributes(guid=guid(slug, 'case', interview['interview_id']), name=_name(interview))}>\n"
    for column in VARIABLES:
        value = interview[column.name]
        if value is None or value == "":
            continue
        said = str(value) if column.type is Type.TEXT else cells.write(value, column.type)
        kind = KINDS[column.type]
        reference = f"<VariableRef{attributes(targetGUID=guid(slug, 'variable', column.name))}/>"
        yield f"<VariableValue>{reference}{element(f'{kind}Value', said)}</VariableValue>\n"
    yield f"<SourceRef{attributes(targetGUID=source)}/>\n</Case>\n"


def _name(interview: Fields) -> str:
    return f"Interview {interview['interview_id']}"


def _source(slug: str, each: Told, text: Text, source: str, seen: Seen) -> Iterator[str]:
    """Quotes are selections; a coding without one is of the whole text."""
    yield f"<TextSource{attributes(guid=source, name=_name(each.interview), plainTextPath=f'internal://{source}.txt')}>\n"
    whole = []
    for coding in each.codings:
        made = _coding(slug, coding, seen)
        if not coding["quotes"]:
            whole.append(made(""))
        for number, quote in enumerate(coding["quotes"]):
            start, end = text.place(quote["turn"], quote["start"], quote["end"])
            named = {"guid": guid(slug, "selection", coding["coding_id"], number), "name": quote["quote"][:50]}
            places = attributes(**named, startPosition=str(start), endPosition=str(end))
            yield f"<PlainTextSelection{places}>{made(f'/{number}')}</PlainTextSelection>\n"
    yield "".join(whole) + "</TextSource>\n"


def _coding(slug: str, coding: Fields, seen: Seen) -> Callable[[str], str]:
    coder = (coding["coder_kind"], coding["coder"], coding["prompt_version"] or "")
    user = seen.users.setdefault(coder, guid("user", *coder))
    seen.codes.setdefault((coding["dimension"], coding["code"]), coding["label"])
    at = cells.write(coding["coded_at"], Type.TIME)
    code = f"<CodeRef{attributes(targetGUID=guid(slug, coding['dimension'], coding['code']))}/>"

    def made(place: str) -> str:
        own = guid(slug, "coding", f"{coding['coding_id']}{place}")
        return f"<Coding{attributes(guid=own, creatingUser=user, creationDateTime=at)}>{code}</Coding>\n"

    return made
