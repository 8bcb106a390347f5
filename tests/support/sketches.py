"""A drafted guide, as the stand-in for the model gives it."""

from typing import Any

from tests.support.answers import schema_of


def question(key: str, text: str = "", **fields: Any) -> dict[str, Any]:
    closed = {"options": [], "minimum": None, "maximum": None, "low": "", "high": ""}
    said = {"key": key, "kind": "open", "text": text or f"What about {key}?", "learn": f"About {key}.", "probes": ["Could you say more?"]}
    return said | closed | fields


TEXTS = {
    "title": "Tea and you",
    "introduction": "We ask about tea.",
    "consent": "I agree. [[Whom to ask]]",
    "opening": "Hello.",
    "closing": "Goodbye.",
}
SORTS = [{"value": "green", "label": "Green tea"}, {"value": "black", "label": "Black tea"}]
SKETCH = {
    "texts": TEXTS,
    "sections": [
        {"key": "start", "title": "Beginning", "questions": [question("last_cup"), question("sort", kind="single", options=SORTS, probes=[])]},
        {"key": "hopes", "title": "Hopes", "questions": [question("wish", "What do you hope for? And what else?")]},
        {"key": "end", "title": "End", "questions": [question("liking", kind="scale", minimum=1, maximum=5, low="Not at all", high="Much")]},
    ],
}
ANEW = {"key": "hopes", "title": "Hopes", "questions": [question("wish", "What would be a good cup for you?")]}


def sketched(body: dict[str, Any]) -> dict[str, Any]:
    """The whole guide, or the section asked for anew."""
    return SKETCH if "sections" in schema_of(body)["properties"] else ANEW
