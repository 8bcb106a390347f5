"""The questions of one interview with what was said to each, labelled by rule."""

from collections import defaultdict
from dataclasses import dataclass

from analysis.material import Material
from analysis.quality.labels import Answer, Label, Labelled, of_question
from interviewer import records
from interviewer.amendments import Strike
from interviewer.answer_care import AnswerCare
from interviewer.models import Turn
from interviewer.moves import PUTS_A_QUESTION, Move
from interviewer.policy import remaining
from interviewer.records import Conversation
from surveys.guide import Kind, Question
from surveys.models import Participant


@dataclass(frozen=True)
class Judged:
    """A question of the guide and how it was answered."""

    question: Question
    labelled: Labelled

    @property
    def is_open(self) -> bool:
        return self.question.kind is Kind.OPEN


def by_rule(material: Material) -> tuple[Judged, ...]:
    """Every question of the guide; none where the turns do not say which question they belong to."""
    if not any(turn.question for turn in material.turns):
        return ()
    conversation = records.load(material.basis.interview_id)
    said = answers(material, conversation)
    put = {turn.question_key for turn in conversation.turns if turn.move in PUTS_A_QUESTION and turn.question_key} | said.keys()
    covered = {key for turn in conversation.turns for key in turn.covered}
    left = {question.key for question in remaining(conversation.guide, conversation.said, conversation.route)}
    if material.basis.origin == Participant.Origin.IMPORTED:
        left = set()  # what was asked elsewhere was what there is
    refused = _refusals_accepted(conversation)

    def labelled(question: Question) -> Labelled:
        if question.key in put:
            return of_question(said.get(question.key, []), refusal_accepted=question.key in refused)
        return _left_out(question, covered, left)

    return tuple(Judged(each, labelled(each)) for each in conversation.guide.questions)


def _refusals_accepted(conversation: Conversation) -> set[str]:
    """The questions under discussion when the interviewer said that they need not be answered."""
    found: set[str] = set()
    current = ""
    for turn in conversation.turns:
        if turn.move == Move.ACCEPT_REFUSAL:
            found.add(current)
        if turn.role == Turn.Role.INTERVIEWER and turn.question_key:
            current = turn.question_key
    return found


def _left_out(question: Question, covered: set[str], left: set[str]) -> Labelled:
    if question.key in covered:
        return Labelled(Label.COVERED, "Answered earlier, in the interviewer's judgement.")
    if question.key in left:
        return Labelled(Label.NOT_REACHED, "The interview ended before it was put.")
    return Labelled(Label.NOT_ASKED, "The guide's conditions left it out.")


def answers(material: Material, conversation: Conversation) -> dict[str, list[Answer]]:
    """Key of the question → the participant's turns, in order."""
    moves = {turn.pk: turn.move for turn in conversation.turns}
    struck = set(Strike.objects.filter(turn__interview=material.basis.interview_id).values_list("turn_id", flat=True))
    care = {row.turn_id: row.measured for row in AnswerCare.objects.filter(turn__interview=material.basis.interview_id)}
    found: dict[str, list[Answer]] = defaultdict(list)
    for turn in material.turns:
        if turn.by_participant and turn.question:
            found[turn.question].append(
                Answer(
                    turn=turn.id,
                    text=turn.text,
                    language=material.language_of(turn),
                    move=moves.get(turn.id, ""),
                    value=turn.value,
                    asked=turn.asked,
                    struck=turn.id in struck,
                    care=care.get(turn.id),
                )
            )
    return found
