"""A template in place of a drafted guide: a question for each hypothesis, its words left to the researcher. Nothing here is written by a model."""

from collections.abc import Mapping
from typing import Any

WRITE = "[[Write a question about: {}]]"


def sketch(facts: Mapping[str, Any]) -> dict[str, Any]:
    taken = set(facts["taken"])
    topics = [(f"topic_{number}", _short(text), text) for number, text in enumerate(facts["hypotheses"], start=1)]
    first, last = ("beginning", "something easy and concrete that the person did or saw", ""), ("anything_else", "what was left out", "")
    parts = {"beginning": [first], "topics": topics or [("topic_1", "what you want to learn", "")], "end": [last]}
    sections = [
        {"key": key, "title": key.capitalize(), "questions": [_question(_free(name, taken), about, learn) for name, about, learn in questions]}
        for key, questions in parts.items()
    ]
    return {"texts": _texts(facts["title"]), "sections": sections}


def _texts(title: str) -> dict[str, str]:
    return {
        "title": title,
        "introduction": "[[Who is asking, what about, how long it takes]]",
        "consent": "[[An automated interviewer asks. Taking part is voluntary; one may skip, stop and withdraw.]]\n"
        "[[What is kept, for what, how long, who sees it]]\n[[Whom to ask]]",
        "opening": "",
        "closing": "",
    }


def _question(key: str, about: str, learn: str) -> dict[str, Any]:
    closed: dict[str, Any] = {"options": [], "minimum": None, "maximum": None, "low": "", "high": ""}
    return {"key": key, "kind": "open", "text": WRITE.format(about), "learn": learn, "probes": [], **closed}


def _short(text: str) -> str:
    return text if len(text) < 80 else text[:79] + "…"


def _free(key: str, taken: set[str]) -> str:
    number, free = 1, key
    while free in taken:
        number += 1
        free = f"{key}_{number}"
    taken.add(free)
    return free
