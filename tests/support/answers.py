"""What the stand-in for the model says: a value that fits the schema asked for, by default the dullest one."""

import json
import re
from collections.abc import Iterator
from typing import Any

PROBE = "Could you tell me a little more about that?"
SAY = {
    "probe": PROBE,
    "clarify": "Let me put that another way.",
    "ask": "Thank you, that is clear.",
    "already_answered": "You have spoken about this already.",
    "summarise": "Let me sum up what I heard.",
}
FORMATS = {"date": "2026-01-31", "date-time": "2026-01-31T12:00:00Z", "time": "12:00:00Z", "uuid": "00000000-0000-4000-8000-000000000000"}


def default_answer(body: dict[str, Any]) -> dict[str, Any]:
    """The interviewer's reply where that is asked for, else the dullest value the schema allows."""
    schema = schema_of(body)
    if {"move", "probe_kind", "say"} <= schema.get("properties", {}).keys():
        move = chosen_move(last_words(body))
        return {"move": move, "probe_kind": "elaborate" if move == "probe" else "none", "concern": "none", "say": SAY.get(move, PROBE)}
    return dullest(schema, schema.get("$defs", {}))


def schema_of(body: dict[str, Any]) -> dict[str, Any]:
    return ((body.get("output_config") or {}).get("format") or {}).get("schema") or {}


def chosen_move(words: str) -> str:
    found = re.search(r"^Allowed moves: (.+)$", words, re.MULTILINE)
    allowed = [move.strip() for move in found[1].split(",")] if found else ["probe"]
    return "probe" if "probe" in allowed else allowed[-1]


def last_words(body: dict[str, Any]) -> str:
    return "\n".join(block["text"] for block in blocks(body["messages"][-1]["content"]))


def blocks(content: str | list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def dullest(schema: dict[str, Any], defs: dict[str, Any]) -> Any:
    """The least value a schema allows. The SDK moves bounds into the description, as `{minimum: 1, maximum: 7}`."""
    if "$ref" in schema:
        return dullest(defs[schema["$ref"].rsplit("/", 1)[-1]], defs)
    if "const" in schema or "enum" in schema:
        return schema["const"] if "const" in schema else schema["enum"][0]
    for options in (schema.get("anyOf"), schema.get("allOf")):
        if options:
            return dullest(next((option for option in options if option.get("type") != "null"), options[0]), defs)
    return _dullest_of_type(schema, defs)


def _dullest_of_type(schema: dict[str, Any], defs: dict[str, Any]) -> Any:
    match schema.get("type"):
        case "object":
            return {key: dullest(value, defs) for key, value in schema.get("properties", {}).items()}
        case "array":
            length = max(1, schema.get("minItems", 0), int(_bound("minItems", schema) or 0))
            return [dullest(schema["items"], defs)] * length
        case "string":
            return FORMATS.get(schema.get("format", ""), "text")
        case "integer" | "number":
            return int(_bound("minimum", schema) or 0) + ("exclusiveMinimum" in schema.get("description", ""))
        case "boolean":
            return False
        case _:
            return None


def _bound(name: str, schema: dict[str, Any]) -> str | None:
    found = re.search(rf"\b{name}: (-?\d+)", schema.get("description", ""))
    return found[1] if found else None


def violating(value: Any) -> Any:
    """The same fields, each holding what no schema of ours allows."""
    return {key: [[{"unexpected": True}]] for key in value} if isinstance(value, dict) else [[value]]


def inventing(value: Any) -> Any:
    """The same reply, its quotes such as nobody said."""
    if isinstance(value, list):
        return [inventing(each) for each in value]
    if not isinstance(value, dict):
        return value
    said = "turn" in value and "text" in value
    return {key: "Nobody ever said this." if said and key == "text" else inventing(each) for key, each in value.items()}


def pieces(text: str, size: int = 6) -> Iterator[str]:
    yield from (text[start : start + size] for start in range(0, len(text), size))


def refusal_reason(body: dict[str, Any]) -> str | None:
    """Why the real server would answer 400, or None."""
    missing = [name for name in ("model", "max_tokens", "messages") if not body.get(name)]
    sampling = [name for name in ("temperature", "top_p", "top_k") if name in body]
    if missing or sampling:
        return f"{missing[0]}: Field required" if missing else f"{sampling[0]}: this model does not take sampling parameters"
    roles = [message["role"] for message in body["messages"]]
    if roles[0] != "user":
        return 'messages: first message must use the "user" role'
    if roles[-1] != "user":
        return "This model does not support assistant message prefill. The conversation must end with a user message."
    return _bad_block(body) or _open_object(schema_of(body))


def _bad_block(body: dict[str, Any]) -> str | None:
    every = all_blocks(body)
    marks = sum("cache_control" in block for block in every)
    if marks > 4:
        return f"A maximum of 4 blocks with cache_control may be provided. Found {marks}."
    return "messages: text content blocks must be non-empty" if any(not block["text"] for block in every) else None


def all_blocks(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [block for content in (body.get("system") or [], *(m["content"] for m in body["messages"])) for block in blocks(content)]


def _open_object(schema: dict[str, Any]) -> str | None:
    text = json.dumps(schema)
    closed = text.count('"additionalProperties": false')
    return None if text.count('"type": "object"') == closed else "output_config.format.schema: 'additionalProperties' must be false"
