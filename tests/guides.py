"""Interview guides the tests share."""

from typing import Any

from surveys.guide import Guide

TEXTS = {"title": "Tea", "introduction": "About tea.", "consent": "I agree.", "opening": "Hello.", "closing": "Goodbye."}


def question(key: str, kind: str = "open", *, languages: tuple[str, ...] = ("en", "ar", "ja"), budget: int = 2, **fields: Any) -> dict[str, Any]:
    labels = fields.pop("labels", [])
    wording = {"options": labels, "probes": fields.pop("probes", [])}
    return {
        "key": key,
        "kind": kind,
        "probe_budget": budget,
        "wordings": {language: {"text": f"[{language}] {key}?", **wording} for language in languages},
        **fields,
    }


def guide(*questions: dict[str, Any], languages: tuple[str, ...] = ("en", "ar", "ja"), **fields: Any) -> Guide:
    return Guide.model_validate(
        {
            "title": "Tea",
            "goal": "How people drink tea.",
            "languages": list(languages),
            "texts": dict.fromkeys(languages, TEXTS),
            "sections": [{"key": "main", "questions": list(questions)}],
            **fields,
        }
    )


TWO_OPEN = guide(question("last_cup"), question("best_cup", budget=1))
EVERY_KIND = guide(
    question("last_cup", budget=0),
    question("sort", "single", options=["green", "black"], labels=["Green tea", "Black tea"]),
    question("places", "multiple", options=["home", "work", "cafe"], labels=["At home", "At work", "In a café"]),
    question("liking", "scale", minimum=1, maximum=5),
    question("cups", "number", minimum=0, maximum=40),
)
