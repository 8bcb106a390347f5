"""How an answer was written: counted only where the participant was told, read strictly, shown to them, gone with the words."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from interviewer import engine
from interviewer.answer_care import AnswerCare
from interviewer.events import Stored
from interviewer.line import told
from interviewer.measured import Measured, read
from interviewer.models import Interview
from surveys.entry import ConsentForm, record_consent
from surveys.models import ConsentRecord, Survey
from tests.conftest import make_interview, make_survey
from tests.guides import TWO_OPEN

COUNTED = {"visible_ms": 8123, "typed": 12, "pasted": 340, "pastes": 1, "hidden": True, "input": "keyboard"}
SAID = "For each answer, this page counts how long it took"


@pytest.mark.parametrize(
    "care",
    [
        None,
        7,
        "nonsense",
        [],
        {},
        COUNTED | {"typed": -1},
        COUNTED | {"typed": "12"},
        COUNTED | {"typed": True},
        COUNTED | {"typed": 1.5},
        COUNTED | {"pasted": 10**9},
        COUNTED | {"pastes": 1001},
        COUNTED | {"visible_ms": 10**30},
        COUNTED | {"hidden": 1},
        COUNTED | {"input": "typewriter"},
        {name: value for name, value in COUNTED.items() if name != "hidden"},
    ],
)
def test_what_makes_no_sense_is_no_measure(care: Any) -> None:
    assert read(care) is None


def test_what_is_not_known_besides_is_left_aside() -> None:
    assert read(COUNTED | {"keystrokes": [1, 2, 3]}) == Measured.model_validate(COUNTED)


@pytest.fixture
def survey(db: None) -> Survey:
    return make_survey(TWO_OPEN)


def interview(survey: Survey, *, keep: bool, told_so: bool) -> Interview:
    Survey.objects.filter(pk=survey.pk).update(keep_care=keep)
    made = make_interview(survey)
    ConsentRecord.objects.filter(participant=made.participant).update(care=told_so)
    made.turns.create(number=1, role="interviewer", move="open", text="Which cup?", question_key="last_cup")
    Interview.objects.filter(pk=made.pk).update(awaiting="participant")
    return made


def answer(made: Interview, care: Any, kind: str = "answer") -> None:
    message = told({"type": kind, "id": str(uuid4()), "text": "A green one.", "care": care})
    assert isinstance(engine.hear(made.pk, message), Stored)


@pytest.mark.parametrize(
    ("keep", "told_so", "care", "kept"),
    [(True, True, COUNTED, 1), (False, True, COUNTED, 0), (True, False, COUNTED, 0), (True, True, {"typed": "many"}, 0), (True, True, None, 0)],
)
def test_it_is_kept_only_where_the_survey_measures_and_the_participant_was_told(
    survey: Survey, keep: bool, told_so: bool, care: Any, kept: int
) -> None:
    made = interview(survey, keep=keep, told_so=told_so)
    answer(made, care)
    assert made.turns.filter(role="participant", text="A green one.").count() == 1
    assert AnswerCare.objects.count() == kept
    page = Client().get(f"/i/{made.participant.token}/").content.decode()
    assert ('"care": true' in page) == (keep and told_so)


def test_the_participant_reads_what_was_measured_and_striking_takes_it_away(survey: Survey) -> None:
    made = interview(survey, keep=True, told_so=True)
    answer(made, COUNTED)
    record = f"/i/{made.participant.token}/record"
    sentence = "Measured here: seconds: 8, characters typed: 12, pasted: 340, times pasted: 1, input: keyboard. The page was left meanwhile."
    assert sentence in Client().get(record).content.decode()
    assert sentence in Client().get(f"{record}.txt").content.decode()
    assert [turn.get("care") for turn in Client().get(f"{record}.json").json()["turns"]] == [None, COUNTED]
    Client().post(f"/i/{made.participant.token}/strike/2")
    assert (AnswerCare.objects.count(), made.turns.count()) == (0, 2)


def test_a_withdrawal_takes_it_away(survey: Survey) -> None:
    made = interview(survey, keep=True, told_so=True)
    answer(made, COUNTED)
    Client().post(f"/i/{made.participant.token}/withdraw")
    assert AnswerCare.objects.count() == 0


@pytest.mark.parametrize("keep", [True, False])
def test_the_consent_page_says_what_is_measured_and_the_record_keeps_it_as_read(survey: Survey, keep: bool) -> None:
    Survey.objects.filter(pk=survey.pk).update(keep_care=keep)
    assert (SAID in Client().get("/s/tea/").content.decode()) == keep
    form = ConsentForm.read(ConsentForm.new(survey.current_version, "en", care=keep).sealed)
    consent = record_consent(survey, form, given=True, browser_languages="en").consent
    assert (consent.care, consent.text.startswith("I agree."), SAID in consent.text) == (keep, True, keep)


def test_a_form_read_before_the_survey_began_to_measure_measures_nothing(survey: Survey) -> None:
    sealed = ConsentForm.new(survey.current_version, "en").sealed
    Survey.objects.filter(pk=survey.pk).update(keep_care=True)
    consent = record_consent(survey, ConsentForm.read(sealed), given=True, browser_languages="en").consent
    assert (consent.care, consent.text) == (False, "I agree.")
