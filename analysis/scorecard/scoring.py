"""One interview's scorecard: every measure of its transcript. Pure; no model is asked."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from analysis.scorecard.measures import ALIKE, FULL, LONG_ENOUGH, MEASURES, THIN, Score
from analysis.scorecard.words import alike, content, trigrams, vocabulary
from interviewer import stock
from interviewer.guard import Flaw, flaws
from interviewer.guard.language import is_foreign
from interviewer.models import Turn
from interviewer.moves import PUTS_A_QUESTION, WORDED_BY_CODE, Move
from interviewer.records import Conversation
from llm.offline.lexicon import declines
from llm.offline.text import weight
from surveys.guide import Guide, Kind

FLAWS = {Flaw.LEADING: "leading", Flaw.COMPOUND: "compound", Flaw.PRAISE: "praise", Flaw.THEME: "new_theme"}
WORDED_BY_A_MODEL = frozenset(Move) - frozenset(WORDED_BY_CODE)
FRAME = (
    stock.BRIDGE,
    stock.GO_ON,
    stock.ANYTHING_ELSE,
    stock.SUMMARY_LEAD,
    stock.SUMMARY_CLOSE,
    stock.CLARIFICATION,
    stock.RETURN,
    stock.SIGNPOST,
    *stock.PROBES.values(),
)


def frame_of(guide: Guide, language: str) -> frozenset[str]:
    """The words that an interviewer has from the guide and the stock sentences, not from the person."""
    texts = guide.texts[language]
    wordings = [question.wordings[language] for question in guide.questions]
    worded = [text for wording in wordings for text in (wording.text, *wording.probes, *wording.options)]
    said = [stock.say(sentence, language, guide) for sentence in FRAME]
    return vocabulary([texts.title, texts.introduction, texts.opening, texts.closing, *worded, *said], language)


def score(conversation: Conversation, languages: Mapping[int, str], frame: frozenset[str]) -> dict[str, Score]:
    """languages: number of a participant's turn → its language as detected. frame: see `frame_of`."""
    talk = Talk(conversation, languages, frame)
    scores = dict(talk.of_the_whole()) | dict(talk.of_wording()) | dict(talk.of_probing())
    return {measure.key: scores[measure.key] for measure in MEASURES}


def share(found: Iterable[bool]) -> Score:
    flags = list(found)
    return Score(sum(flags), len(flags))


@dataclass(frozen=True)
class Talk:
    conversation: Conversation
    languages: Mapping[int, str]
    frame: frozenset[str]
    _stems: dict[int, frozenset[str]] = field(default_factory=dict)

    @property
    def language(self) -> str:
        return self.conversation.interview.language

    @property
    def turns(self) -> Sequence[Turn]:
        return self.conversation.turns

    @cached_property
    def spoken(self) -> list[tuple[int, Turn]]:
        """(place, turn) of the interviewer."""
        return [(place, turn) for place, turn in enumerate(self.turns) if turn.role == Turn.Role.INTERVIEWER]

    @cached_property
    def open_keys(self) -> frozenset[str]:
        return frozenset(question.key for question in self.conversation.guide.questions if question.kind is Kind.OPEN)

    def of_the_whole(self) -> Iterator[tuple[str, Score]]:
        interview = self.conversation.interview
        progress = self.conversation.progress
        yield "coverage", Score(progress["asked"], progress["of"])
        mine, all_words = (sum(weight(turn.text) for turn in turns) for turns in ([turn for _, turn in self.spoken], self.turns))
        yield "talk", Score(mine, all_words)
        yield "turns", Score(len(self.turns), 1)
        took = (interview.completed_at - interview.started_at).total_seconds() / 60 if interview.completed_at else 0
        yield "minutes", Score(took, 1 if interview.completed_at else 0)
        yield "interviewer_language", share(not self._foreign(place) for place, turn in self.spoken if turn.text)
        yield "participant_language", share(_base(language) == _base(self.language) for language in self._told_languages())

    def of_wording(self) -> Iterator[tuple[str, Score]]:
        by_model = [(place, turn) for place, turn in self.spoken if turn.model and turn.move in WORDED_BY_A_MODEL]
        found = [self._flaws(place) for place, _ in by_model]
        yield from ((key, share(flaw in each for each in found)) for flaw, key in FLAWS.items())
        refused = sum(len(turn.refused) for _, turn in self.spoken)
        yield "refused", Score(refused, refused + sum(bool(turn.model) for _, turn in self.spoken))
        yield "stock", share(not turn.model for place, turn in self.spoken if turn.move not in WORDED_BY_CODE and self._answers_openly(place - 1))
        yield "repeated", share(self._repetitions())

    def of_probing(self) -> Iterator[tuple[str, Score]]:
        probes = [place for place, turn in self.spoken if turn.move == Move.PROBE]
        yield "took_up", share(self._takes_up(place) for place in probes)
        yield "followed_up", share(self._stays(place + 1) for place in self._open_answers() if self._calls_for_more(place))
        yield "let_go", share(not self._stays(place + 1) for place in self._open_answers() if self._refuses(place))
        yield "not_overprobed", share(self._probes_after(place, key) <= 1 for place, key in self._full_answers())
        answers = [place + 1 for place in probes if place + 1 < len(self.turns)]
        told = [(self._content(place), self._said_before(place)) for place in answers]
        yield "emergence", Score(sum(len(new - before) for new, before in told), sum(len(new) for new, _ in told))

    def _heard(self, place: int) -> str:
        return "\n".join(turn.text for turn in self.turns[:place] if turn.role == Turn.Role.PARTICIPANT)

    def _read(self, place: int) -> str:
        """What the participant had read before, with the follow-ups that the guide suggests to the question under discussion."""
        guide, texts = self.conversation.guide, self.conversation.guide.texts[self.language]
        said = [turn.text for spoken, turn in self.spoken if spoken < place]
        key = next((turn.question_key for spoken, turn in reversed(self.spoken) if spoken < place and turn.question_key), "")
        suggested = guide.question(key).wordings[self.language].probes if key else ()
        return "\n".join([texts.title, texts.introduction, texts.opening, *said, *suggested])

    def _own_words(self, turn: Turn) -> str:
        """Without the guide's question, which code puts at the end."""
        if turn.move in PUTS_A_QUESTION and turn.question_key:
            return turn.text.removesuffix(self.conversation.guide.question(turn.question_key).wordings[self.language].text).strip()
        return turn.text

    def _flaws(self, place: int) -> tuple[Flaw, ...]:
        turn = self.turns[place]
        return flaws(self._own_words(turn), Move(turn.move), language=self.language, heard=self._heard(place), put=self._read(place))

    def _foreign(self, place: int) -> bool:
        return is_foreign(self.turns[place].text, self.turns[place].held_in or self.language, known=self._heard(place))

    def _told_languages(self) -> Iterator[str]:
        for turn in self.turns:
            language = self.languages.get(turn.number, "")
            if language not in ("", "und") and turn.value is None and sum(letter.isalpha() for letter in turn.text) >= LONG_ENOUGH:
                yield language

    def _answers_openly(self, place: int) -> bool:
        turn = self.turns[place] if place >= 0 else None
        return turn is not None and turn.role == Turn.Role.PARTICIPANT and turn.move == "answer" and turn.value is None and bool(turn.text)

    def _repetitions(self) -> Iterator[bool]:
        before: list[Counter[str]] = []
        for _, turn in self.spoken:
            grams = trigrams(turn.text)
            if before:
                yield any(alike(grams, other, ALIKE) for other in before)
            before.append(grams)

    def _content(self, place: int) -> frozenset[str]:
        if place not in self._stems:
            self._stems[place] = frozenset(content(self.turns[place].text, self.language)) - self.frame
        return self._stems[place]

    def _said_before(self, place: int, key: str | None = None) -> frozenset[str]:
        """What the person had said by then, to one question where a key is given."""
        answers = [earlier for earlier in range(place) if self.turns[earlier].role == Turn.Role.PARTICIPANT]
        return frozenset().union(*(self._content(earlier) for earlier in answers if key is None or self.turns[earlier].question_key == key))

    def _takes_up(self, place: int) -> bool:
        return bool(self._content(place) & self._said_before(place, self.turns[place].question_key))

    def _open_answers(self) -> Iterator[int]:
        """The places of answers to open questions after which the interviewer spoke."""
        for place, turn in enumerate(self.turns[:-1]):
            if turn.question_key in self.open_keys and self._answers_openly(place):
                yield place

    def _refuses(self, place: int) -> bool:
        return declines(self.turns[place].text, self.language)

    def _calls_for_more(self, place: int) -> bool:
        might_probe = Move.PROBE in self.turns[place + 1].allowed.split(",")
        return might_probe and weight(self.turns[place].text) <= THIN and not self._refuses(place)

    def _stays(self, place: int) -> bool:
        turn = self.turns[place]
        return turn.question_key == self.turns[place - 1].question_key and turn.move not in PUTS_A_QUESTION

    def _probes_after(self, place: int, key: str) -> int:
        return sum(turn.move == Move.PROBE and turn.question_key == key for turn in self.turns[place + 1 :])

    def _full_answers(self) -> Iterator[tuple[int, str]]:
        """The first full answer to each open question, with its key."""
        found: set[str] = set()
        for place, turn in enumerate(self.turns):
            key = turn.question_key
            if key in self.open_keys - found and self._answers_openly(place) and weight(turn.text) >= FULL:
                found.add(key)
                yield place, key


def _base(language: str) -> str:
    return language.split("-")[0]
