"""What a participant reads back of their own interview: everything kept of them, as a page, a text or JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from interviewer.amendments import Correction, Strike
from interviewer.flags import flagged_in
from interviewer.measured import Input, Measured
from interviewer.models import Interview, Turn
from interviewer.safety.models import SafetyAlert
from interviewer.striking import can_be_struck
from surveys import outcomes, receipts, screening
from surveys.forms_profile import AGE_BANDS, GENDERS, LABELS
from surveys.guide import ProfileField
from surveys.invitations.models import Contact
from surveys.languages import country_name, digits, own_name
from surveys.models import ConsentRecord, Participant
from surveys.recruitment import Arrival

INPUTS = {Input.TOUCH: _("touch screen"), Input.KEYBOARD: _("keyboard"), Input.IME: _("keyboard with composition"), Input.UNKNOWN: _("not known")}


@dataclass(frozen=True)
class Entry:
    """One turn. struck: when the participant struck it out, or None."""

    number: int
    role: str
    text: str
    value: Any
    at: datetime
    struck: datetime | None
    can_be_struck: bool
    care: Measured | None

    @property
    def measured(self) -> str:
        """What was counted while the participant wrote this, as a sentence in the active language."""
        if self.care is None:
            return ""
        counted = self.care.model_dump() | {"seconds": round(self.care.visible_ms / 1000), "input": INPUTS[self.care.input]}
        sentence = (
            gettext(
                "Measured here: seconds: %(seconds)s, characters typed: %(typed)s, pasted: %(pasted)s, times pasted: %(pastes)s, input: %(input)s."
            )
            % counted
        )
        return f"{sentence} {gettext('The page was left meanwhile.')}" if self.care.hidden else sentence


@dataclass(frozen=True)
class OwnRecord:
    """receipt: the receipt code; "" where none was given out. interview: None where it has not begun."""

    participant: Participant
    consent: ConsentRecord
    interview: Interview | None
    title: str
    entries: tuple[Entry, ...]
    corrections: tuple[Correction, ...]
    receipt: str

    @property
    def about(self) -> tuple[tuple[str, str], ...]:
        """The profile as (label, value), in the active language."""
        person = self.participant
        known = (
            (gettext("Language"), own_name(person.language)),
            (str(LABELS[ProfileField.COUNTRY]), country_name(person.country, person.language) if person.country else ""),
            (str(LABELS[ProfileField.AGE_BAND]), digits(str(dict(AGE_BANDS).get(person.age_band, person.age_band)), person.language)),
            (str(LABELS[ProfileField.GENDER]), str(dict(GENDERS).get(person.gender, person.gender))),
            (str(LABELS[ProfileField.OCCUPATION]), person.occupation),
            *screening.labelled(self.consent.guide_version.guide, person),
            *self._ratings(),
        )
        return tuple((label, value) for label, value in known if value)

    def _ratings(self) -> Iterator[tuple[str, str]]:
        if self.interview:
            recommended = {True: gettext("Yes"), False: gettext("No"), None: ""}[self.interview.would_recommend]
            yield gettext("How satisfied are you with this interview?"), _of_seven(self.interview.satisfaction, self.participant.language)
            yield gettext("Did the interview capture your thoughts?"), _of_seven(self.interview.captured, self.participant.language)
            yield gettext("Would you recommend an interview like this to others?"), recommended

    def as_json(self) -> dict[str, Any]:
        person, consent, interview = self.participant, self.consent, self.interview
        profile = ("country", "age_band", "gender", "occupation", "screening", "browser_languages", "external_id", "origin")
        held = ("status", "language", "started_at", "completed_at", "satisfaction", "captured", "would_recommend")
        reports = flagged_in(interview) if interview else {}
        return {
            "survey": self.title,
            "receipt_code": self.receipt,
            "consent": {"given": consent.given, "at": consent.at, "language": consent.language, "text": consent.text},
            "participant": {"language": person.language, **{name: getattr(person, name) for name in profile}},
            "interview": {name: getattr(interview, name) for name in held} if interview else None,
            "languages": _languages(interview) if interview else None,
            "turns": [
                {"number": each.number, "role": each.role, "at": each.at, "text": each.text, "value": each.value, "struck_at": each.struck}
                | ({"care": each.care.model_dump(mode="json")} if each.care else {})
                | ({"reported": reports[each.number]} if each.number in reports else {})
                for each in self.entries
            ],
            "outcome": outcomes.of(person),
            "contact": Contact.objects.filter(participant=person).values("email", "name", "language", "external_id", "source", "created_at").first(),
            "panel": Arrival.objects.filter(participant=person).values("session", "study").first(),
            "corrections": [{"at": each.at, "text": each.text} for each in self.corrections],
            "safety_alerts": list(SafetyAlert.objects.filter(interview=interview).order_by("at").values("turn__number", "concern", "at", "note")),
        }


def _languages(interview: Interview) -> dict[str, Any]:
    found = getattr(interview, "spoken", None)
    changes = interview.language_changes.values("from_language", "to_language", "after_turn", "at")
    return {"written_in": found.detected if found else "", "mismatches": found.mismatches if found else [], "changes": list(changes)}


def _of_seven(rating: int | None, language: str) -> str:
    return digits(f"{rating} / 7", language) if rating else ""


def read(participant: Participant) -> OwnRecord:
    interview = Interview.objects.filter(participant=participant).first()
    consent = participant.consent
    texts = consent.guide_version.guide.texts.get(consent.language)
    return OwnRecord(
        participant=participant,
        consent=consent,
        interview=interview,
        title=texts.title if texts else participant.survey.title,
        entries=_entries(interview) if interview else (),
        corrections=tuple(Correction.objects.filter(interview=interview)) if interview else (),
        receipt=receipt(participant),
    )


def receipt(participant: Participant) -> str:
    return receipts.code(participant.token) if participant.consent.receipt else ""


def struck_in(interview: Interview) -> dict[int, datetime]:
    """Number of the turn → when it was struck."""
    return dict(Strike.objects.filter(turn__interview=interview).values_list("turn__number", "at"))


def _entries(interview: Interview) -> tuple[Entry, ...]:
    turns, struck = list(interview.turns.select_related("care").order_by("number")), struck_in(interview)
    last = turns[-1].number if turns else 0
    return tuple(
        Entry(
            number=turn.number,
            role=turn.role,
            text=turn.text,
            value=turn.value,
            at=turn.created_at,
            struck=struck.get(turn.number),
            can_be_struck=can_be_struck(turn, last=last, finished=interview.finished),
            care=turn.care.measured if hasattr(turn, "care") else None,
        )
        for turn in turns
        if turn.text or turn.role == Turn.Role.PARTICIPANT or turn.number in struck
    )


def turn_to_strike(interview: Interview, number: int) -> Turn | None:
    """None for a turn that is not there, was struck before or cannot be struck."""
    turns = list(interview.turns.order_by("number"))
    turn = next((turn for turn in turns if turn.number == number), None)
    return turn if turn and can_be_struck(turn, last=turns[-1].number, finished=interview.finished) else None
