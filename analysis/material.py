"""One interview as the steps of the analysis read it: a frozen snapshot, and the hashes that say whether it has changed."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from django.db.models import Max

from analysis.codebook import CodebookDocument, Dimension
from analysis.models import CodebookVersion, Coding, Translation, TurnLanguage
from analysis.privacy.masked import shown_of
from analysis.privacy.masking import Shown
from analysis.privacy.records import Mask
from interviewer.models import Interview, Turn
from interviewer.models import Turn as TurnRow
from surveys.guide import Guide
from surveys.models import GuideVersion, Survey

PARTICIPANT = TurnRow.Role.PARTICIPANT.value
UNKNOWN = "und"
MASK_FIELDS = ("turn_id", "start", "end", "kind", "found_by", "lifted")


@dataclass(frozen=True)
class Basis:
    """All that decides whether results are fresh; cheap to have for many interviews at once."""

    interview_id: int
    survey_id: int
    participant_id: int
    language: str
    country: str
    origin: str
    survey_languages: tuple[str, ...]
    analysis_language: str
    codebook_id: int | None
    codebook_sha: str
    transcript_hash: str
    languages_hash: str
    people_hash: str
    prefer_people: bool
    code_from: str = Survey.CodeFrom.ORIGINAL.value
    masks_hash: str = ""

    @property
    def from_translation(self) -> bool:
        return self.code_from == Survey.CodeFrom.TRANSLATION

    @property
    def words_hash(self) -> str:
        """Of the transcript as it is shown, which is what models read: it changes with the words and with their masks."""
        return digest([self.transcript_hash, self.masks_hash]) if self.masks_hash else self.transcript_hash


@dataclass(frozen=True)
class Said:
    """One turn. `question`: the key of the guide question it belongs to, '' where none; `asked`: the words it answers.

    `text` and `asked` are masked, and so may be read by anyone, models too; `shown` leads back to the original.
    `held_in`: the interview's language then, '' where that was not recorded. `translation`: only where it is what is coded.
    """

    id: int
    number: int
    role: str
    text: str
    value: Any
    question: str
    asked: str
    covered: tuple[str, ...]
    detected: str
    held_in: str
    translation: str = ""
    shown: Shown = field(default_factory=lambda: Shown(""), compare=False)

    def in_original(self, start: int, end: int) -> tuple[int, int]:
        """Where a span of `text` stands in the turn as it is kept."""
        return self.shown.to_original(start, end) if self.shown.hidden else (start, end)

    @property
    def by_participant(self) -> bool:
        return self.role == PARTICIPANT


@dataclass(frozen=True)
class Material:
    basis: Basis
    turns: tuple[Said, ...]
    codebook: CodebookDocument | None

    @property
    def words(self) -> tuple[Said, ...]:
        """What the participant said: the only evidence there is."""
        return tuple(turn for turn in self.turns if turn.by_participant and turn.text.strip())

    @property
    def as_coded(self) -> "Material":
        """With the translations in place of the turns' words, where the survey codes from them."""
        turns = (
            replace(turn, text=turn.translation, shown=Shown(turn.translation), detected=self.basis.analysis_language) if turn.translation else turn
            for turn in self.turns
        )
        return replace(self, turns=tuple(turns))

    def language_of(self, turn: Said) -> str:
        """What the turn is in: for the participant as detected, else as declared."""
        return language_in(turn.detected, turn.held_in, self.basis.language)

    @property
    def coded_dimensions(self) -> tuple[Dimension, ...]:
        """The dimensions whose questions this participant was reached by; one that was not put is not coded, which differs from 'none'."""
        if self.codebook is None:
            return ()
        if not any(turn.question for turn in self.turns):
            return self.codebook.dimensions
        reached = {turn.question for turn in self.words} | {key for turn in self.turns for key in turn.covered}
        return tuple(each for each in self.codebook.dimensions if not each.questions or reached & set(each.questions))


def language_in(detected: str, held_in: str, declared: str) -> str:
    return detected if detected not in ("", UNKNOWN) else held_in or declared


def digest(value: Any) -> str:
    """SHA-256, hex, of a value as canonical JSON."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")).hexdigest()


def transcript_hash(turns: Iterable[Turn]) -> str:
    return digest([[turn.number, turn.role, turn.question_key, turn.text, turn.value] for turn in turns])


def languages_hash(languages: dict[int, str]) -> str:
    """languages: turn number → detected language."""
    return digest(sorted(languages.items()))


def masks_hash(masks: Iterable[tuple[int, int, int, str, str, bool]]) -> str:
    """masks: rows of `MASK_FIELDS`. '' where nothing is masked."""
    rows = sorted(map(list, masks))
    return digest(rows) if rows else ""


def people_hash(newest_id: int | None, count: int) -> str:
    """Codings by people are only added and removed: their number and the newest tell every change."""
    return f"{newest_id}:{count}" if count else ""


@lru_cache(maxsize=64)
def guide_of(version_id: int) -> Guide:
    return GuideVersion.every.get(pk=version_id).guide


@lru_cache(maxsize=64)
def document_of(codebook_id: int) -> CodebookDocument:
    return CodebookVersion.objects.get(pk=codebook_id).document


def basis_of(interview: Interview, survey: Survey, codebook: tuple[int, str] | None, **hashes: str) -> Basis:
    """`codebook`: key and hash of the current version. `hashes`: of transcript, languages and people's codings, by field."""
    participant = interview.participant
    return Basis(
        interview_id=interview.pk,
        survey_id=survey.pk,
        participant_id=participant.pk,
        language=interview.language,
        country=participant.country,
        origin=participant.origin,
        survey_languages=tuple(survey.languages),
        analysis_language=survey.analysis_language,
        codebook_id=codebook[0] if codebook else None,
        codebook_sha=codebook[1] if codebook else "",
        prefer_people=survey.prefer_people,
        code_from=survey.code_from,
        **hashes,
    )


def load(interview_id: int, *, code_from: str = "") -> Material:
    """code_from: instead of what the survey is coded from. Raises Interview.DoesNotExist."""
    interview = Interview.objects.select_related("participant__survey", "guide_version").defer("guide_version__content").get(pk=interview_id)
    survey = interview.participant.survey
    rows = list(interview.turns.order_by("number"))
    detected = dict(TurnLanguage.objects.filter(turn__interview=interview_id).values_list("turn__number", "language"))
    codebook = CodebookVersion.objects.filter(survey=survey).order_by("-number").values_list("pk", "sha256").first()
    people = Coding.objects.filter(interview=interview_id, coder__user__isnull=False).aggregate(newest=Max("pk"))["newest"]
    count = Coding.objects.filter(interview=interview_id, coder__user__isnull=False).count() if people else 0
    basis = basis_of(
        interview,
        survey,
        codebook,
        transcript_hash=transcript_hash(rows),
        languages_hash=languages_hash(detected),
        people_hash=people_hash(people, count),
        masks_hash=masks_hash(Mask.objects.filter(turn__interview=interview_id).values_list(*MASK_FIELDS)),
    )
    basis = replace(basis, code_from=code_from or basis.code_from)
    document = document_of(codebook[0]) if codebook else None
    return Material(basis, tuple(_said(rows, detected, _translations(basis))), document)


def _translations(basis: Basis) -> dict[int, str]:
    if not basis.from_translation:
        return {}
    rows = Translation.objects.filter(turn__interview=basis.interview_id, language=basis.analysis_language)
    return dict(rows.values_list("turn_id", "text"))


def _said(rows: list[Turn], detected: dict[int, str], translations: dict[int, str]) -> Iterable[Said]:
    asked = question = ""
    shown = shown_of(rows)
    for row in rows:
        if row.role != PARTICIPANT:
            asked, question = shown[row.pk].text, row.question_key
        yield Said(
            id=row.pk,
            number=row.number,
            role=row.role,
            text=shown[row.pk].text,
            value=row.value,
            question=row.question_key or question,
            asked=asked if row.role == PARTICIPANT else "",
            covered=tuple(row.covered),
            detected=detected.get(row.number, ""),
            held_in=row.held_in,
            translation=translations.get(row.pk, ""),
            shown=shown[row.pk],
        )
