"""Panels' links: who comes with which id, and where each outcome leads back to. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, urlsplit


class Kind(StrEnum):
    PROLIFIC = "prolific"
    CINT = "cint"
    GENERIC = "generic"


@dataclass(frozen=True)
class Ids:
    """What a panel calls a person, their visit and the study."""

    id: str
    session: str = ""
    study: str = ""


@dataclass(frozen=True)
class Parameters:
    """The names of the URL parameters that carry the ids ("" for one that does not come), and what each value looks like."""

    id: str
    session: str = ""
    study: str = ""
    pattern: re.Pattern[str] = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@~+-]{0,127}")


class BadLink(ValueError):
    """The link lacks an id, has it twice, or has one that the panel does not give out."""


class Unexpanded(ValueError):
    """The link holds the panel's own placeholder where an id belongs: somebody looks at the study before it runs."""


PRESETS = {
    Kind.PROLIFIC: Parameters("PROLIFIC_PID", "SESSION_ID", "STUDY_ID", re.compile(r"[0-9a-f]{24}")),
    Kind.CINT: Parameters("rid", pattern=re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{7,63}")),
}
PROLIFIC_RETURN = "https://app.prolific.com/submissions/complete?cc="
PLACEHOLDERS = ("id", "session")
_UNEXPANDED = re.compile(r"\{\{.*\}\}|\{.*\}|\[.*\]|\$\{.*\}|%%.*%%|<.*>")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{2,59}")
_MARK = re.compile(r"\{([^{}]*)\}")
_NOT_IN_AN_ADDRESS = re.compile(r"[\s\x00-\x1f\x7f\"<>\\^`|]")


def read(parameters: Parameters, query: Mapping[str, Sequence[str]]) -> Ids:
    """query: each parameter's values. Raises BadLink or Unexpanded."""
    return Ids(**{what: _value(getattr(parameters, what), query, parameters.pattern, needed=what == "id") for what in ("id", "session", "study")})


def _value(name: str, query: Mapping[str, Sequence[str]], pattern: re.Pattern[str], *, needed: bool) -> str:
    values = query.get(name, ()) if name else ()
    if any(_UNEXPANDED.fullmatch(value) for value in values):
        raise Unexpanded(name)
    if not values and not needed:
        return ""
    if len(values) != 1 or not pattern.fullmatch(values[0]):
        raise BadLink(name)
    return values[0]


def address(kind: str, destination: str, ids: Ids) -> str:
    """Where the person is sent: the completion code or address that the researcher gave, with the ids filled in; "" for none."""
    if not destination:
        return ""
    if kind == Kind.PROLIFIC:
        return PROLIFIC_RETURN + quote(destination, safe="")
    return _MARK.sub(lambda mark: quote(getattr(ids, mark[1]), safe=""), destination)


def destination_problem(kind: str, destination: str) -> str | None:
    """What is wrong with a completion code or an address, as a sentence, or None."""
    if kind == Kind.PROLIFIC:
        return None if _CODE.fullmatch(destination) else "Write the completion code alone: 3 to 60 letters, digits, - and _."
    if _NOT_IN_AN_ADDRESS.search(destination):
        return "An address holds no blanks, quotes or angle brackets."
    if unknown := [mark for mark in _MARK.findall(destination) if mark not in PLACEHOLDERS]:
        return f"There is no placeholder {{{unknown[0]}}}; there are {{id}} and {{session}}."
    if set(_MARK.sub("", destination)) & set("{}"):
        return "A brace has no partner; placeholders are {id} and {session}."
    try:
        parts = urlsplit(destination)
        whole = parts.scheme == "https" and bool(parts.hostname) and parts.port in (None, 443, *range(1024, 65536))
    except ValueError:
        return "This is no address."
    if not whole or "@" in parts.netloc or "{" in parts.netloc:
        return "Write a whole address that begins with https:// and names its server."
    return None
