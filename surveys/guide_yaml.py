"""Guides as YAML: what a researcher keeps in a file, sends to a colleague, or edits by hand."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import yaml
from pydantic import ValidationError

from surveys.guide import FORMAT, Guide, Question

MOST_BYTES = 2 * 1024 * 1024
MOST_LEVELS = 20
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_ODD_LINE_ENDS = re.compile(r"[\r\x85\u2028\u2029]")
_PLAIN_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not a known field",
    "string_too_short": "is empty",
    "too_short": "is empty",
    "string_type": "must be text; put it in quotes if it looks like something else",
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping",
    "model_type": "must be a mapping",
    "model_attributes_type": "must be a mapping",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
}


class GuideError(ValueError):
    """The text is no guide. `problems` are sentences that begin with the place."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read(text: str | bytes) -> Guide:
    """The guide that the YAML holds; bytes are UTF-8. Raises GuideError."""
    document = parse(text)
    if not isinstance(document, dict):
        raise GuideError([f"The file must hold named fields, beginning with 'format: {FORMAT}'."])
    try:
        return Guide.model_validate(document)
    except ValidationError as error:
        raise GuideError(sentences(error)) from error


def parse(text: str | bytes) -> Any:
    """The plain values that the YAML holds, by the strict rules a guide is read with. Raises GuideError."""
    source = _decoded(text)
    try:
        _check_shape(source)
        document = yaml.load(source, Loader=_Loader)  # noqa: S506 - a safe loader, made stricter below
    except yaml.MarkedYAMLError as error:
        place = _place(error.problem_mark or error.context_mark)
        raise GuideError([place + (error.problem or error.context or "this is not YAML")]) from error
    except GuideError:
        raise
    except yaml.YAMLError as error:
        raise GuideError([f"This is not YAML: {error}"]) from error
    except ValueError as error:
        raise GuideError(["A number has too many digits, or a character cannot be stored."]) from error
    if found := [f"{path}: holds a character that cannot be stored" for path, value in _strings(document) if _UNPRINTABLE.search(value)]:
        raise GuideError(found)
    return document


def write(guide: Guide) -> str:
    """The guide as YAML in a stable order; `read` gives back an equal guide."""
    return yaml.dump(_document(guide), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100, default_flow_style=False)


def sentences(error: ValidationError) -> list[str]:
    """Each thing wrong, with its place: 'sections[0].questions[2].wordings.ar.text: is empty'."""
    errors = error.errors(include_url=False)
    # A list whose only entry is wrong is called too short besides: that is no second mistake.
    echoes = [each for each in errors if each["type"] == "too_short" and each["input"] and not each["ctx"]["actual_length"]]
    return [_sentence(each) for each in errors if each not in echoes]


def language_order(guide: Guide, codes: Iterable[str]) -> list[str]:
    """The languages offered, in their order, then the others by code."""
    offered = list(guide.languages)
    return sorted(codes, key=lambda code: (offered.index(code) if code in offered else len(offered), code))


# --- Reading --------------------------------------------------------------------------------------------------------

_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SafeDumper: Any = yaml.SafeDumper


class _Loader(_SafeLoader):  # type: ignore[misc]  # chosen at run time
    """The safe loader, refusing a key that stands twice, and taking yes, no, on, off and dates for the words they are."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise yaml.constructor.ConstructorError(None, None, f"a field's name must be text, not {key!r}", key_node.start_mark)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"'{key}' stands twice", key_node.start_mark)
            seen.add(key)
        return dict(super().construct_mapping(node, deep=deep))


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|false|False)$", "tTfF"),
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("int", r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


def _decoded(text: str | bytes) -> str:
    if len(text) > MOST_BYTES:
        raise GuideError([f"The file is larger than {MOST_BYTES // 1024 // 1024} MB."])
    try:
        return text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise GuideError([f"The file is not UTF-8 text (byte {error.start + 1})."]) from error


def _check_shape(source: str) -> None:
    """Refuses, before anything is built, what could grow out of hand: aliases and deep nesting."""
    depth = 0
    for event in yaml.parse(source, Loader=_SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise GuideError([_place(event.start_mark) + "aliases (*name) are not read; write the text out"])
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_LEVELS:
            raise GuideError([_place(event.start_mark) + "there are too many levels"])


def _place(mark: Any) -> str:
    return f"Line {mark.line + 1}, column {mark.column + 1}: " if mark else ""


def _strings(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _strings(inner, f"{path}[{index}]")


def _sentence(error: Any) -> str:
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error["loc"] if part != "[key]").lstrip(".")
    kind, message = error["type"], error["msg"].removeprefix("Value error, ")
    if kind == "string_pattern_mismatch":
        is_key = error["loc"][-1] == "key"
        wanted = "a key: use small letters, digits and _, beginning with a letter" if is_key else "a language code such as en or zh-hans"
        message = f"'{error['input']}' is not {wanted}"
    if kind == "too_short" and error["ctx"]["min_length"] > 1:
        return f"{place}: needs at least {error['ctx']['min_length']} entries"
    message = _PLAIN_WORDS.get(kind, message[:1].lower() + message[1:])
    return f"{place}: {message}" if place else message


# --- Writing --------------------------------------------------------------------------------------------------------


class _Dumper(_SafeDumper):  # type: ignore[misc]  # typed Any beside the loader
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    if _ODD_LINE_ENDS.search(text):
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _represent_text)


def _document(guide: Guide) -> dict[str, Any]:
    plain = guide.model_dump(mode="json", exclude_defaults=True)
    plain["texts"] = {code: plain["texts"][code] for code in language_order(guide, guide.texts)}
    if guide.screening:
        plain["screening"] = [_question(guide, each) for each in guide.screening]
    pairs = zip(guide.sections, plain["sections"], strict=True)
    plain["sections"] = [section | {"questions": [_question(guide, each) for each in of.questions]} for of, section in pairs]
    return {"format": guide.format} | plain


def _question(guide: Guide, question: Question) -> dict[str, Any]:
    plain = question.model_dump(mode="json", exclude_defaults=True)
    plain["wordings"] = {code: plain["wordings"][code] for code in language_order(guide, question.wordings)}
    return {"key": question.key, "kind": question.kind.value} | plain
