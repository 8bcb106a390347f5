"""Scorecards are made in the analysis, leave with the words they were made of, and stand on pages, in exports and in the command's answer."""

import json
from io import StringIO

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from analysis import pipeline
from analysis.export import files
from analysis.export.columns import Scope
from analysis.export.tables import TABLES
from analysis.models import StepResult
from analysis.scorecard.measures import MEASURES, Score
from analysis.scorecard.records import Scorecard
from analysis.staleness import stale
from interviewer.simulation.run import simulate
from llm.choose import offline_model
from surveys.models import Survey
from tests.analysis.scorecard.test_figures import card
from tests.analysis.talk import WISHES, ScriptedModel, held, survey_with_codebook
from tests.conftest import make_survey
from tests.guides import TWO_OPEN, guide, question

pytestmark = pytest.mark.django_db


@pytest.fixture
def researcher(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("ada"))
    return client


def test_an_interview_is_scored_in_its_analysis_and_once_only() -> None:
    interview = held(survey_with_codebook(), *WISHES)
    assert async_to_sync(pipeline.analyse)(interview.pk, ScriptedModel()).steps[:3] == ("detect_language", "mask", "score")
    card = Scorecard.objects.get()
    assert (card.interview_id, card.scores["coverage"], card.scores["turns"]) == (interview.pk, Score(2, 2), Score(4, 1))
    assert async_to_sync(pipeline.analyse)(interview.pk, ScriptedModel()).steps == ()
    assert list(stale(interview.participant.survey, "scripted")) == []


def test_a_scorecard_goes_with_struck_words_and_is_made_anew_without_them() -> None:
    interview = held(survey_with_codebook(), *WISHES)
    async_to_sync(pipeline.analyse)(interview.pk, ScriptedModel())
    before = Scorecard.objects.get().scores["talk"]
    Client().post(f"/i/{interview.participant.token}/strike/2")
    assert not Scorecard.objects.exists()
    async_to_sync(pipeline.analyse)(interview.pk, ScriptedModel())
    assert before.of - Scorecard.objects.get().scores["talk"].of == 7  # the words struck
    Client().post(f"/i/{interview.participant.token}/withdraw")
    assert not Scorecard.objects.exists()
    assert not StepResult.objects.exists()


def test_imported_interviews_have_no_scorecard() -> None:
    interview = held(survey_with_codebook(), *WISHES, origin="imported")
    assert "score" in async_to_sync(pipeline.analyse)(interview.pk, ScriptedModel()).steps
    assert not Scorecard.objects.exists()


def experiment() -> Survey:
    survey = make_survey(TWO_OPEN)
    for number in range(12):
        card(survey, "plain", praise=Score(0, 10), took_up=Score(number % 3, 4))
        card(survey, "warm", praise=Score(2 + number % 3, 10))
    card(survey, "rare", praise=Score(9, 10))
    card(survey, "plain", origin="simulated", praise=Score(10, 10))
    return survey


def test_the_page_has_every_measure_and_marks_the_arm_that_praises(researcher: Client) -> None:
    survey = experiment()
    page = researcher.get("/findings/tea/interviewer/?by=arm&reference=plain").content.decode()
    for measure in MEASURES:
        assert measure.name.replace("'", "&#x27;") in page
    assert "25 interviews scored" in page
    assert "Simulated interviews are among these" not in page
    assert "18.0%" in page  # of all: 36 + 9 of 250
    assert "+30.0 points" in page
    assert page.count("<b>differs</b>") == 1
    assert "1 group of fewer than 10 interviews is not shown" in page
    assert researcher.get("/findings/tea/interviewer/?by=shoes").status_code == 404
    assert "26 interviews scored" in researcher.get("/findings/tea/interviewer/?simulated=on").content.decode()
    worst = researcher.get("/findings/tea/interviewer/interviews/?measure=praise&by=arm&group=warm").content.decode()
    first = Scorecard.objects.filter(interview__arm="warm").order_by("pk").first()
    assert worst.count("#scorecard") == 12
    assert f"/findings/tea/interviews/{first.pk}/#scorecard" in worst
    assert Client().get("/findings/tea/interviewer/").status_code == 302
    assert survey.slug in researcher.get("/findings/tea/").content.decode()


def test_the_page_of_an_interview_has_its_scorecard(researcher: Client) -> None:
    made = card(make_survey(TWO_OPEN), praise=Score(1, 4))
    page = researcher.get(f"/findings/tea/interviews/{made.pk}/").content.decode()
    assert '<th scope="row">Praise</th><td class="number">25%</td><td class="number">1 of 4 model&#x27;s turns</td>' in page


def test_scorecards_are_exported_with_their_meaning(tmp_path) -> None:
    made = card(make_survey(TWO_OPEN), "warm", praise=Score(1, 4))
    files.save(tmp_path / "scorecards.csv", files.table_chunks(TABLES["scorecards"], Scope.of(made.interview.participant.survey)))
    files.save(tmp_path / "scorecards.dictionary.csv", files.dictionary_chunks(TABLES["scorecards"]))
    (row,) = files.read(tmp_path / "scorecards.csv")
    assert {key: row[key] for key in ("interview_id", "arm", "model", "praise", "praise_of", "leading", "leading_of", "turns")} == {
        "interview_id": made.pk,
        "arm": "warm",
        "model": "m",
        "praise": 0.25,
        "praise_of": 4,
        "leading": None,
        "leading_of": 0,
        "turns": 20,
    }


def test_the_command_scores_simulated_interviews_and_compares_their_arms() -> None:
    arms = guide(question("first"), question("second"), arms=[{"key": "plain"}, {"key": "warm"}])
    simulate(make_survey(arms), count=24, seed=1, model=offline_model())
    out = StringIO()
    call_command("scorecard", "tea", "--simulated", "--by", "arm", "--json", stdout=out)
    values = json.loads(out.getvalue())
    assert (values["interviews"], values["reference"], sorted(values["groups"])) == (24, "plain", ["plain", "warm"])
    assert values["groups"]["warm"]["praise"]["value"] == 0
    assert "difference" in values["groups"]["warm"]["turns"]
    out = StringIO()
    call_command("scorecard", "tea", stdout=out)  # results leave simulated interviews out
    assert out.getvalue().startswith("How the interviewer interviewed, by rules over 0 interviews")
