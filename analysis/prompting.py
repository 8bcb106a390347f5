"""The transcript as a model is given it: the participant's words fenced, and the same in values."""

from typing import Any

from analysis.material import Material
from llm.prompt import fence


def as_text(material: Material) -> str:
    pieces = []
    for turn in material.turns:
        if not turn.text.strip():
            continue
        about = f" (question: {turn.question})" if turn.question else ""
        who = "participant" if turn.by_participant else "interviewer"
        pieces.append(f"Turn {turn.number}, {who}{about}:\n{fence(turn.text, 'words' if turn.by_participant else 'question')}")
    return "\n\n".join(pieces)


def as_facts(material: Material) -> tuple[dict[str, Any], ...]:
    """The participant's turns: number, key of the question, the words they answer, text, language."""
    return tuple(
        {"number": turn.number, "question": turn.question, "asked": turn.asked, "text": turn.text, "language": material.language_of(turn)}
        for turn in material.words
    )
