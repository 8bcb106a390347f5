"""One interview as a researcher reads it: every turn, the evidence marked in it, and what was made of the whole."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime

from analysis import wording
from analysis.evidence import Words, foreign, words_in
from analysis.highlight import Piece, Span, pieces
from analysis.models import Coding, Fact, InterviewAnalysis, Summary, Translation
from analysis.privacy.masked import STEP, names_in, plain, shown_of
from analysis.privacy.masking import Shown
from analysis.scorecard.page import Line, lines
from interviewer.amendments import Correction
from interviewer.models import Interview, Turn
from interviewer.spoken import UNKNOWN
from interviewer.switching import LanguageChange
from surveys.languages import name
from surveys.models import Survey


@dataclass(frozen=True)
class MaskView:
    """A mask by its place in the original. words: what it hides, only where the original is read."""

    start: int
    end: int
    label: str
    words: str


@dataclass(frozen=True)
class TurnView:
    number: int
    who: str
    is_participant: bool
    move: str
    question: str
    pieces: tuple[Piece, ...]
    answer: str
    words: Words
    confidence: str
    translation: str
    translated_by: str
    untranslated: bool
    struck: bool
    masks: tuple[MaskView, ...] = ()


@dataclass(frozen=True)
class CodingView:
    dimension: str
    label: str
    coder: str
    is_person: bool
    decided: bool
    codebook: int
    carried_from: int | None
    stance: str
    confidence: str
    counted: bool
    turns: tuple[int, ...]


@dataclass(frozen=True)
class TranscriptView:
    interview: Interview
    profile: tuple[tuple[str, str], ...]
    turns: tuple[TurnView, ...]
    codings: tuple[CodingView, ...]
    versions: tuple[int, ...]  # of the codebook, that it was coded under
    summary: Summary | None
    summary_text: str
    masks_by_rule_only: bool
    corrections: tuple[tuple[str, datetime], ...]
    analysis: InterviewAnalysis | None
    scorecard: tuple[Line, ...]


class Labels:
    """What codings are called in the codebook they were made with; each codebook is read once."""

    def __init__(self, codings: list[Coding]) -> None:
        versions = {coding.codebook_id: coding.codebook for coding in codings}
        self._dimensions = {key: {d.key: d for d in version.document.dimensions} for key, version in versions.items()}

    def title(self, coding: Coding) -> str:
        dimension = self._dimensions[coding.codebook_id].get(coding.dimension)
        return dimension.title if dimension else coding.dimension

    def code(self, coding: Coding) -> str:
        dimension = self._dimensions[coding.codebook_id].get(coding.dimension)
        return dimension.label(coding.code) if dimension else coding.code


def read(survey: Survey, number: int, *, codebook: int | None = None, blind: bool = False, original: bool = False) -> TranscriptView:
    """codebook: the version whose codings are shown; without it the newest that has any, and whatever else is counted.

    blind: without what it was coded as. original: with the words as they were said.
    Raises Interview.DoesNotExist where the survey has no such interview.
    """
    interviews = Interview.objects.select_related("participant", "guide_version", "summary", "analysis", "spoken", "scorecard")
    interview = interviews.get(pk=number, participant__survey=survey)
    codings = list(
        Coding.objects.filter(interview=interview)
        .select_related("coder__user", "codebook", "carried_from", "human")
        .prefetch_related("quotes__turn")
        .order_by("dimension", "id")
        if not blind
        else ()
    )
    counted = set(Fact.objects.filter(interview=interview).values_list("coding_id", flat=True))
    labels, summary, told = Labels(codings), getattr(interview, "summary", None), names_in([number])[number]
    versions = tuple(sorted({coding.codebook.number for coding in codings}, reverse=True))
    shown = codebook or max(versions, default=0)
    codings = [each for each in codings if each.codebook.number == shown or (codebook is None and each.pk in counted)]
    return TranscriptView(
        interview=interview,
        profile=_profile(interview),
        turns=_turns(survey, interview, [coding for coding in codings if coding.pk in counted] or codings, labels, original=original),
        codings=tuple(_coding(coding, labels, counted=coding.pk in counted) for coding in codings),
        versions=versions,
        summary=summary,
        summary_text=plain(summary.text, told) if summary else "",
        masks_by_rule_only=not interview.step_results.filter(step=STEP).exists(),
        corrections=tuple((plain(each.text, told), each.at) for each in Correction.objects.filter(interview=interview)),
        analysis=getattr(interview, "analysis", None),
        scorecard=lines(interview.scorecard) if hasattr(interview, "scorecard") else (),
    )


def _profile(interview: Interview) -> tuple[tuple[str, str], ...]:
    person, spoken = interview.participant, getattr(interview, "spoken", None)
    known = (
        ("Country", wording.country(person.country)),
        ("Language", name(interview.language)),
        ("Changed language", "; ".join(_change(change) for change in interview.language_changes.all())),
        ("Browser prefers", ", ".join(map(name, filter(None, person.browser_languages.split(","))))),
        ("Written in", name(spoken.detected) if spoken and spoken.detected != UNKNOWN else ""),
        ("Languages do not match", spoken.told if spoken else ""),
        ("Age", person.age_band),
        ("Gender", plain(person.gender)),
        ("Occupation", plain(person.occupation)),
        ("Origin", person.get_origin_display()),
        ("External id", person.external_id),
        ("Status", interview.get_status_display()),
        ("Guide version", str(interview.guide_version.number)),
        ("Arm", interview.arm),
        ("Started", f"{interview.started_at:%Y-%m-%d %H:%M} UTC"),
        ("Ended", f"{interview.completed_at:%Y-%m-%d %H:%M} UTC" if interview.completed_at else ""),
        ("Satisfaction", _of_seven(interview.satisfaction)),
        ("Captured my thoughts", _of_seven(interview.captured)),
        ("Would recommend", {True: "yes", False: "no", None: ""}[interview.would_recommend]),
    )
    return tuple((label, value) for label, value in known if value)


def _change(change: LanguageChange) -> str:
    return f"from {name(change.from_language)} to {name(change.to_language)} after turn {change.after_turn}"


def _of_seven(rating: int | None) -> str:
    return f"{rating} of 7" if rating else ""


def _turns(survey: Survey, interview: Interview, codings: list[Coding], labels: Labels, *, original: bool) -> tuple[TurnView, ...]:
    spans: dict[int, list[Span]] = defaultdict(list)
    for coding in codings:
        for quote in coding.quotes.all():
            spans[quote.turn_id].append(Span(quote.start, quote.end, labels.code(coding)))
    made = Translation.objects.filter(turn__interview=interview, language=survey.analysis_language)
    translations = {translation.turn_id: translation for translation in made}
    turns = list(Turn.objects.filter(interview=interview).select_related("language", "strike").order_by("number"))
    shown = shown_of(turns)
    views = {turn.pk: Shown(turn.text) if original else shown[turn.pk] for turn in turns}
    return tuple(
        replace(_turn(survey, interview, turn, views[turn.pk], spans[turn.pk], translations.get(turn.pk)), masks=_masks(shown[turn.pk], original))
        for turn in turns
    )


def _masks(shown: Shown, original: bool) -> tuple[MaskView, ...]:
    return tuple(MaskView(each.start, each.end, each.kind.label, shown.original[each.start : each.end] if original else "") for each in shown.hidden)


def _turn(survey: Survey, interview: Interview, turn: Turn, shown: Shown, spans: list[Span], translation: Translation | None) -> TurnView:
    words = words_in(turn, turn.held_in or interview.language)
    is_participant = turn.role == Turn.Role.PARTICIPANT
    detected = getattr(turn, "language", None)
    return TurnView(
        number=turn.number,
        who="Participant" if is_participant else "Interviewer",
        is_participant=is_participant,
        move="" if is_participant else turn.move.replace("_", " "),
        question=turn.question_key,
        pieces=pieces(shown.text, [replace(span, start=start, end=end) for span in spans for start, end in [shown.to_shown(span.start, span.end)]]),
        answer="" if turn.value is None else _value(turn.value),
        words=words,
        confidence=f"{detected.confidence:.2f}" if detected else "",
        translation=plain(translation.text) if translation else "",
        translated_by=translation.model if translation else "",
        untranslated=is_participant and bool(turn.text) and translation is None and foreign(words.language, survey.analysis_language),
        struck=hasattr(turn, "strike"),
    )


def _value(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _coding(coding: Coding, labels: Labels, *, counted: bool) -> CodingView:
    return CodingView(
        dimension=labels.title(coding),
        label=labels.code(coding),
        coder=str(coding.coder),
        is_person=coding.coder.user_id is not None,
        decided=coding.human is not None and coding.human.adjudicates,
        codebook=coding.codebook.number,
        carried_from=coding.carried_from.number if coding.carried_from else None,
        stance=", ".join(filter(None, (coding.stance, coding.elicited))),
        confidence="" if coding.confidence is None else f"{coding.confidence:.2f}",
        counted=counted,
        turns=tuple(sorted({quote.turn.number for quote in coding.quotes.all()})),
    )
