"""Codes simulated interviews from their hidden truth, with errors, in bulk: what large data sets are made with, in place of an analysis."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from analysis.codebook import NONE, CodebookDocument, Dimension, Shape
from analysis.models import CodebookVersion, Coder, Coding, Fact, InterviewAnalysis, Quote, TurnLanguage
from analysis.publishing import current
from analysis.simulated import noise
from interviewer.models import Interview, Turn
from interviewer.records import Conversation
from interviewer.simulation.insert import insert_as_they_are
from interviewer.simulation.profiles import Profile, profile_of, seeded
from interviewer.simulation.sentences import library
from interviewer.simulation.talk import SUMMARY, TOLD_IN, written_language
from llm.offline.text import sentences
from surveys.guide import Guide
from surveys.models import Participant, Survey

MODEL = "simulated-truth"
CHUNK = 200
AFTERWARDS = timedelta(minutes=1)
Status = InterviewAnalysis.Status


class NothingKnown(ValueError):
    """The survey's codebook asks nothing that simulated people have a truth about."""


@dataclass(frozen=True)
class TruthCoder:
    """Codes under the current codebook of one survey."""

    survey: Survey
    codebook: CodebookVersion
    coder: Coder
    dimensions: tuple[Dimension, ...]

    @classmethod
    def of(cls, survey: Survey) -> "TruthCoder":
        """Raises NothingKnown."""
        codebook = current(survey)
        dimensions = _known_dimensions(codebook.document) if codebook else ()
        if codebook is None or not dimensions:
            raise NothingKnown(f"The codebook of '{survey.slug}' has none of the dimensions {', '.join(TOLD_IN)}, about which simulated people know.")
        coder, _ = Coder.objects.get_or_create(model=MODEL, prompt_version=noise.VERSION, user=None)
        return cls(survey, codebook, coder, dimensions)

    @transaction.atomic
    def code(self, conversations: Sequence[Conversation]) -> None:
        """Stores the codings of interviews that have no analysis yet; who is no simulated participant is left out."""
        found = [(conversation, profile) for conversation in conversations if (profile := _profile(conversation.interview))]
        coded = [(each, profile, self._codings(each, profile)) for each, profile in found]
        codings = [coding for _, _, given in coded for coding, _ in given]
        insert_as_they_are(codings)
        insert_as_they_are([_with(quote, coding) for _, _, given in coded for coding, quote in given if quote])
        insert_as_they_are([self._fact(coding, profile) for _, profile, given in coded for coding, _ in given])
        insert_as_they_are([language for each, profile in found for language in _languages(each, profile)])
        insert_as_they_are([_analysis(each.interview) for each, _ in found])

    def _codings(self, conversation: Conversation, profile: Profile) -> list[tuple[Coding, Quote | None]]:
        rng = seeded(f"{noise.VERSION}:{profile.name}")
        given: list[tuple[Coding, Quote | None]] = []
        for dimension in self.dimensions:
            said = _said(conversation, dimension)
            for code in noise.codes(dimension, profile.truth[dimension.key], profile.language, rng) if said else ():
                quote = _evidence(conversation.guide, said, dimension.key, code, profile)
                if quote is None and code != NONE and dimension.shape is not Shape.ORDINAL:
                    continue
                coding = Coding(
                    interview=conversation.interview,
                    codebook=self.codebook,
                    coder=self.coder,
                    dimension=dimension.key,
                    code=code,
                    confidence=round(rng.uniform(0.5, 0.95), 2),
                    at=_done_at(conversation.interview),
                )
                given.append((coding, quote))
        return given

    def _fact(self, coding: Coding, profile: Profile) -> Fact:
        return Fact(
            survey=self.survey,
            interview=coding.interview,
            coding=coding,
            dimension=coding.dimension,
            code=coding.code,
            country=profile.country,
            language=profile.language,
            origin=Participant.Origin.SIMULATED,
        )


def uncoded(survey: Survey) -> Iterator[list[Conversation]]:
    """Simulated interviews without an analysis, as they are stored, a few at a time."""
    guides: dict[int, Guide] = {}
    found = Interview.objects.filter(participant__survey=survey, participant__origin=Participant.Origin.SIMULATED, analysis=None)
    last = 0
    while chunk := list(found.filter(pk__gt=last).order_by("pk").select_related("participant").prefetch_related("turns")[:CHUNK]):
        last = chunk[-1].pk
        yield [_conversation(interview, guides) for interview in chunk]


def _conversation(interview: Interview, guides: dict[int, Guide]) -> Conversation:
    key = interview.guide_version_id
    if key not in guides:
        guides[key] = interview.guide_version.guide
    return Conversation(interview, guides[key], sorted(interview.turns.all(), key=lambda turn: turn.number))


def _profile(interview: Interview) -> Profile | None:
    person = interview.participant
    return profile_of(person.external_id, country=person.country, language=interview.language)


def _known_dimensions(document: CodebookDocument) -> tuple[Dimension, ...]:
    return tuple(dimension for dimension in document.dimensions if dimension.key in TOLD_IN)


def _said(conversation: Conversation, dimension: Dimension) -> list[Turn]:
    """The participant's turns that the dimension is told in: its question's, or those on the closing summary."""
    wanted = TOLD_IN[dimension.key]
    key = "" if wanted == SUMMARY else wanted
    return [turn for turn in conversation.turns if turn.role == Turn.Role.PARTICIPANT and turn.question_key == key and turn.text]


def _evidence(guide: Guide, said: Sequence[Turn], dimension: str, code: str, profile: Profile) -> Quote | None:
    """The sentence that shows the code; for a code given in error, the first sentence of what was said there."""
    if code == NONE:
        return None
    for turn in said:
        for sentence in library(written_language(profile, guide, turn.question_key)).showing(dimension, code):
            if sentence in turn.text:
                return _quote(turn, sentence)
    first = next(((turn, sentence) for turn in said for sentence in sentences(turn.text)[:1]), None)
    return _quote(*first) if first else None


def _quote(turn: Turn, sentence: str) -> Quote:
    start = turn.text.index(sentence)
    return Quote(turn=turn, start=start, end=start + len(sentence), text=sentence)


def _with(quote: Quote, coding: Coding) -> Quote:
    quote.coding = coding
    return quote


def _languages(conversation: Conversation, profile: Profile) -> Iterator[TurnLanguage]:
    """Known, not detected. A model writes the interview's language, and the options of closed questions are worded in it."""
    for turn in conversation.turns:
        if turn.role == Turn.Role.PARTICIPANT and turn.text:
            own = turn.model or turn.value is not None
            language = profile.language if own else written_language(profile, conversation.guide, turn.question_key)
            yield TurnLanguage(turn=turn, language=language, confidence=1.0)


def _done_at(interview: Interview) -> datetime:
    return (interview.completed_at or interview.started_at) + AFTERWARDS


def _analysis(interview: Interview) -> InterviewAnalysis:
    return InterviewAnalysis(interview=interview, status=Status.DONE, updated_at=_done_at(interview))
