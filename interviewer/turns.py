"""A turn as the participant's page reads it (docs/protocol.md)."""

from typing import Any

from interviewer import offers
from interviewer.models import Turn
from interviewer.moves import PUTS_A_QUESTION, Move
from interviewer.safety.links import links
from surveys.guide import Guide, Kind, Question


def turn_as_json(turn: Turn, guide: Guide, language: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"number": turn.number, "role": turn.role, "text": turn.text, "at": turn.created_at.isoformat()}
    if turn.held_in:
        shown["language"] = turn.held_in
    if turn.client_id:
        shown["id"] = str(turn.client_id)
    if turn.move in PUTS_A_QUESTION and turn.question_key:
        shown |= _question_as_json(guide.question(turn.question_key), language)
    elif offers.offers(turn):
        if turn.move == Move.SUPPORT:
            shown["links"] = [link._asdict() for link in links(turn.text)]
        shown |= _question_as_json(offers.choice(language, guide), language)
    elif confirm := offers.confirmation(turn, language, guide):
        shown["confirm"] = confirm
    return shown


def _question_as_json(question: Question, language: str) -> dict[str, Any]:
    wording = question.wordings[language]
    shown: dict[str, Any] = {"question": question.key, "kind": question.kind.value}
    if question.options:
        shown["options"] = [{"value": value, "label": label} for value, label in zip(question.options, wording.options, strict=True)]
    if question.kind in (Kind.SCALE, Kind.NUMBER):
        shown |= {"minimum": question.minimum, "maximum": question.maximum, "low": wording.low, "high": wording.high}
    return shown
