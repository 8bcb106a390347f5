"""One answer as a coder reads it: the guide's question, the turns that answer it, the codebook. Nothing of what others made of it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from analysis.by_hand.rules import Draft, Marked, hot_keys
from analysis.by_hand.saving import dimension_of, draft_of
from analysis.codebook import NONE, Code, Dimension, Shape
from analysis.evidence import Words, foreign, words_in
from analysis.models import Translation
from analysis.privacy.masked import plain, shown_of
from analysis.privacy.masking import Shown
from analysis.sampling.records import HumanCoding
from interviewer.guard.sentences import spans
from interviewer.models import Interview, Turn
from surveys.guide import Guide


@dataclass(frozen=True)
class TurnShown:
    id: int
    number: int
    question: str
    is_participant: bool
    text: str
    answer: str
    words: Words
    translation: str
    translated_by: str
    untranslated: bool
    struck: bool


@dataclass(frozen=True)
class Block:
    """Turns that belong to one question; `question` is the guide's wording in the analysis language, '' outside questions."""

    question: str
    turns: tuple[TurnShown, ...]


@dataclass(frozen=True)
class CodeShown:
    code: Code
    hot: str


@dataclass(frozen=True)
class UnitView:
    human: HumanCoding
    dimension: Dimension
    several: bool
    codes: tuple[CodeShown, ...]
    blocks: tuple[Block, ...]
    rest: tuple[Block, ...]

    @property
    def turns(self) -> tuple[TurnShown, ...]:
        return tuple(turn for block in (*self.blocks, *self.rest) for turn in block.turns)

    @property
    def translated(self) -> bool:
        return any(turn.translation for turn in self.turns)


def read(human: HumanCoding) -> UnitView:
    dimension = dimension_of(human)
    interview = Interview.objects.select_related("guide_version", "participant__survey").get(pk=human.unit.interview_id)
    blocks = _blocks(_turns(interview), interview.guide_version.guide, interview.participant.survey.analysis_language)
    keys = hot_keys(dimension)
    about = [block for block, key in blocks if key in dimension.questions] if dimension.questions else []
    return UnitView(
        human=human,
        dimension=dimension,
        several=dimension.shape is Shape.MULTIPLE,
        codes=tuple(CodeShown(code, keys.get(code.key, "")) for code in dimension.codes),
        blocks=tuple(about or (block for block, _ in blocks)),
        rest=tuple(block for block, _ in blocks if block not in about) if about else (),
    )


def _turns(interview: Interview) -> list[TurnShown]:
    analysis_language = interview.participant.survey.analysis_language
    made = {each.turn_id: each for each in Translation.objects.filter(turn__interview=interview, language=analysis_language)}
    shown, question = [], ""
    turns = list(interview.turns.select_related("language", "strike").order_by("number"))
    masked = shown_of(turns)
    for turn in turns:
        if turn.role != Turn.Role.PARTICIPANT:
            question = turn.question_key
        shown.append(_turn(turn, masked[turn.pk], turn.question_key or question, interview.language, made.get(turn.pk), analysis_language))
    return shown


def _turn(turn: Turn, shown: Shown, question: str, held_in: str, translation: Translation | None, analysis_language: str) -> TurnShown:
    words = words_in(turn, turn.held_in or held_in)
    value = turn.value
    return TurnShown(
        id=turn.pk,
        number=turn.number,
        question=question,
        is_participant=turn.role == Turn.Role.PARTICIPANT,
        text=shown.text,
        answer="" if value is None else ", ".join(map(str, value)) if isinstance(value, list) else str(value),
        words=words,
        translation=plain(translation.text) if translation else "",
        translated_by=translation.model if translation else "",
        untranslated=bool(turn.text) and translation is None and foreign(words.language, analysis_language),
        struck=hasattr(turn, "strike"),
    )


def _blocks(turns: Sequence[TurnShown], guide: Guide, language: str) -> list[tuple[Block, str]]:
    wordings = {question.key: question.wordings for question in guide.questions}
    found = []
    for key, group in groupby(turns, key=lambda turn: turn.question):
        worded = wordings.get(key, {})
        wording = worded.get(language) or next(iter(worded.values()), None)
        found.append((Block(wording.text if wording else "", tuple(group)), key))
    return found


def as_shown(human: HumanCoding, draft: Draft) -> Draft:
    """The words attached, by their places in the masked text that coders read."""
    shown = shown_of(human.unit.interview.turns.all()) if draft.quotes else {}
    return _moved(draft, lambda each: shown[each.turn].to_shown(each.start, each.end))


def in_original(human: HumanCoding, draft: Draft) -> Draft:
    """What a coder attached, by its places in what is kept. What is no turn of the interview stays as it is, to be refused."""
    shown = shown_of(human.unit.interview.turns.all()) if draft.quotes else {}
    return _moved(draft, lambda each: shown[each.turn].to_original(each.start, each.end) if each.turn in shown else (each.start, each.end))


def _moved(draft: Draft, move: Callable[[Marked], tuple[int, int]]) -> Draft:
    moved = ((each, move(each)) for each in draft.quotes)
    return draft.model_copy(update={"quotes": tuple(each.model_copy(update={"start": start, "end": end}) for each, (start, end) in moved)})


def as_state(view: UnitView) -> dict[str, Any]:
    """What the page's script works with."""
    human, draft = view.human, as_shown(view.human, draft_of(view.human))
    return {
        "id": human.pk,
        "revision": human.revision,
        "status": human.status,
        **draft.model_dump(mode="json"),
        "several": view.several,
        "none": NONE if NONE in view.dimension.code_keys and view.dimension.shape is not Shape.ORDINAL else "",
        "keys": {shown.hot: shown.code.key for shown in view.codes if shown.hot},
        "labels": {shown.code.key: shown.code.label for shown in view.codes},
        "turns": {turn.id: {"text": turn.text, "sentences": spans(turn.text)} for turn in view.turns if turn.is_participant},
    }


@dataclass(frozen=True)
class Given:
    """What one coder, or the model, gave. name is '' while it is hidden."""

    name: str
    codes: tuple[tuple[str, tuple[str, ...]], ...]
    note: str
    state: dict[str, Any]


def given(name: str, codings: Iterable[Any], dimension: Dimension, note: str = "") -> Given:
    rows = sorted(codings, key=lambda coding: dimension.code_keys.index(coding.code))
    quotes = [(row.code, quote) for row in rows for quote in row.quotes.all()]
    shown = shown_of({quote.turn for _, quote in quotes})
    places = {quote.pk: shown[quote.turn_id].to_shown(quote.start, quote.end) for _, quote in quotes}
    return Given(
        name,
        tuple((dimension.label(row.code), tuple(shown[quote.turn_id].part(quote.start, quote.end) for quote in row.quotes.all())) for row in rows),
        note,
        {
            "codes": [row.code for row in rows],
            "quotes": [{"code": code, "turn": quote.turn_id, "start": places[quote.pk][0], "end": places[quote.pk][1]} for code, quote in quotes],
        },
    )
