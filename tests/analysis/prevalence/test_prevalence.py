"""Corrected prevalence from what stands in the database: the figures, when there is none, the command, the export, the pages."""

import json
from pathlib import Path

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client

from analysis.care.records import CareDecision, SetAside
from analysis.estimation import CannotCorrect, Coded, Prevalence, corrected
from analysis.estimation.results import PEOPLE_RIGHT, RANDOM_PEOPLE
from analysis.estimation.rogan_gladen import SAME_ERROR
from analysis.export import files
from analysis.models import Coding
from analysis.prevalence import estimating, known
from analysis.prevalence.estimating import ALL, COLLAPSED, COUNTRY, NO_SAMPLE, OTHERS, RESPONSE, Row
from analysis.sampling.records import CodingSample, HumanCoding
from tests.analysis.prevalence.surveyed import biased_survey, interviews, model_codes, people_code, sampled
from tests.analysis.results import Results

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_is_kept() -> None:
    cache.clear()


@pytest.fixture
def ada() -> User:
    return User.objects.create_user("ada")


def rows_of(results: Results, *, by_country: bool = True) -> list[Row]:
    sample = known.samples(results.survey)["fears"][0]
    dimension = results.codebook.document.dimension("fears")
    return [row for row in estimating.result(sample, dimension, by_country=by_country).rows if row.code == "jobs"]


def test_the_corrected_share_is_the_estimators_and_holds_the_truth_that_the_raw_one_misses(ada: User) -> None:
    results = Results()
    truth = biased_survey(results, ada)
    row = rows_of(results)[0]
    assert isinstance(row.raw, Prevalence)
    assert isinstance(row.corrected, Prevalence)
    assert row.raw.interval.low > truth.mean()
    assert row.corrected.interval.low <= truth.mean() <= row.corrected.interval.high
    data = known.load(CodingSample.objects.get(), results.codebook.document.dimension("fears"))
    said, human, label = data.model["jobs"], data.human["jobs"], data.model["jobs"]
    assert row.corrected == corrected(Coded.of(said, human, strata=label))
    assert (row.corrected.n, row.corrected.checked) == (600, 200)


def test_a_country_has_its_own_figure_where_enough_of_its_interviews_were_coded(ada: User) -> None:
    results = Results()
    biased_survey(results, ada)
    by_country = [row for row in rows_of(results) if row.scope == COUNTRY]
    assert [(row.country, row.corrected.n) for row in by_country] == [("DE", 300), ("FR", 300)]
    assert all(isinstance(row.corrected, Prevalence) and row.corrected.method.startswith("regression estimator") for row in by_country)
    assert sum(row.corrected.checked for row in by_country) == 200


def test_a_country_with_too_few_gets_pooled_error_rates_or_no_figure_and_all_of_them_together_get_their_own(ada: User) -> None:
    results = Results()
    biased_survey(results, ada, n=600, countries=("DE",) * 16 + ("FR", "IT", "MT", "IS"))
    found = {(row.scope, row.country): row for row in rows_of(results)}
    assert list(found) == [(ALL, ""), (COUNTRY, "DE"), (COUNTRY, "FR"), (COUNTRY, "IS"), (COUNTRY, "IT"), (COUNTRY, "MT"), (OTHERS, "")]
    france = found[COUNTRY, "FR"].corrected
    assert isinstance(france, Prevalence)
    assert (france.method, france.assumes, france.n) == ("Rogan-Gladen, Lang-Reiczigel", (SAME_ERROR, PEOPLE_RIGHT, RANDOM_PEOPLE), 30)
    assert france.checked < 20
    others = found[OTHERS, ""]
    assert others.countries == 4
    assert isinstance(others.corrected, Prevalence)
    assert others.corrected.method.startswith("regression estimator")
    assert others.corrected.n == 120


def test_a_country_smaller_than_the_minimum_is_too_few_to_say(ada: User) -> None:
    results = Results()
    biased_survey(results, ada, n=400, countries=("DE",) * 39 + ("LI",))
    found = {row.country: row.corrected for row in rows_of(results) if row.scope == COUNTRY}
    assert isinstance(found["LI"], CannotCorrect)
    assert found["LI"].n == 10


def test_error_rates_are_weighted_by_how_likely_an_interview_was_drawn() -> None:
    # Drawn: all 20 the model gave the code (15 right), and 20 of the 80 others (4 of them wrong: 16 in all).
    model = np.repeat([1.0, 0.0], [20, 80])
    human = np.full(100, np.nan)
    human[:20], human[20:40] = np.repeat([1, 0], [15, 5]), np.repeat([1, 0], [4, 16])
    rates = estimating.error_rates(Coded.of(model, human, strata=model))
    assert rates is not None
    sensitivity, specificity = rates
    assert sensitivity.right / sensitivity.n == pytest.approx(15 / (15 + 16))
    assert specificity.right / specificity.n == pytest.approx(64 / (64 + 5))
    assert sensitivity.n == pytest.approx((15 + 16) ** 2 / (15 + 16 * 4))


def test_error_rates_that_would_rest_on_a_handful_are_not_used() -> None:
    model = np.repeat([1.0, 0.0], [5, 95])
    assert estimating.error_rates(Coded.of(model, model)) is None


def test_interviews_not_coded_yet_and_strata_hardly_coded_are_said_to_be_assumed_alike(ada: User) -> None:
    results = Results()
    rows = interviews(results, ["DE"] * 100)
    model_codes(results, rows, [("jobs",) if at % 4 == 0 else ("none",) for at in range(100)])
    strata = {row: "small" if at < 4 else "large" for at, row in enumerate(rows)}
    sample = sampled(results, strata, dict.fromkeys(rows[:60], 0.6))
    people_code(ada, sample, dict.fromkeys(rows[3:50], ("jobs",)))
    found = rows_of(results)[0].corrected
    assert isinstance(found, Prevalence)
    assert found.assumes[-2:] == (RESPONSE, COLLAPSED)
    data = known.load(sample, results.codebook.document.dimension("fears"))
    assert (data.collapsed, data.open, len(np.unique(data.strata))) == (2, 13, 1)


def test_interviews_that_the_model_has_not_coded_or_that_were_set_aside_are_left_out(ada: User) -> None:
    results = Results()
    rows = interviews(results, ["DE"] * 50)
    model_codes(results, rows[:45], [("jobs",)] * 20 + [("none",)] * 25)
    sample = sampled(results, dict.fromkeys(rows, "all"), dict.fromkeys(rows, 1.0))
    people_code(ada, sample, dict.fromkeys(rows, ("jobs",)))
    decision = CareDecision.objects.create(interview=rows[0], decision=CareDecision.Decision.SET_ASIDE, reason="Pasted.", by_name="ada")
    SetAside.objects.create(interview=rows[0], decision=decision)
    data = known.load(sample, results.codebook.document.dimension("fears"))
    assert (data.n, data.uncoded, int(data.checked.sum())) == (44, 5, 44)


def test_a_result_is_computed_anew_when_somebody_codes_or_takes_back(ada: User) -> None:
    results = Results()
    biased_survey(results, ada)
    before = rows_of(results)[0].corrected
    HumanCoding.objects.filter(pk__in=HumanCoding.objects.order_by("pk").values_list("pk", flat=True)[:10]).delete()
    after = rows_of(results)[0].corrected
    assert (before.checked, after.checked) == (200, 190)


def test_the_command_prints_raw_and_corrected_with_method_and_assumptions(ada: User, capsys: pytest.CaptureFixture[str]) -> None:
    results = Results()
    biased_survey(results, ada)
    call_command("prevalence", "--survey", "tea", "--by", "country", "--dimension", "fears", "--json")
    answer = json.loads(capsys.readouterr().out)
    fears = answer["dimensions"]["fears"]
    assert (fears["sample"], fears["interviews"], fears["human_coded"]) == ("First", 600, 200)
    first = fears["rows"][0]
    assert (first["code"], first["scope"], first["corrected"]["n"], first["corrected"]["human_coded"]) == ("jobs", "all", 600, 200)
    assert first["corrected"]["low"] < first["corrected"]["share"] < first["corrected"]["high"] < first["raw"]["share"]
    assert first["corrected"]["assumes"][1] == PEOPLE_RIGHT
    call_command("prevalence", "--survey", "tea")
    assert "fears: 600 interviews, 200 human-coded (sample “First”, codebook version 1)" in capsys.readouterr().out


def test_without_a_coded_sample_the_raw_shares_are_printed_with_why_they_are_not_corrected(capsys: pytest.CaptureFixture[str]) -> None:
    results = Results()
    results.people(3, country="KE", codes=[("fears", "jobs")])
    results.people(1, country="JP", codes=[("fears", "bias")])
    call_command("prevalence", "--survey", "tea", "--by", "country", "--dimension", "fears", "--json")
    rows = json.loads(capsys.readouterr().out)["dimensions"]["fears"]["rows"]
    jobs = {
        row.get("country", "all"): (row["raw"].get("share"), row["raw"]["n"], row["corrected"]["reason"]) for row in rows if row["code"] == "jobs"
    }
    assert jobs == {"all": (0.75, 4, NO_SAMPLE), "KE": (1.0, 3, NO_SAMPLE), "JP": (0.0, 1, NO_SAMPLE)}
    call_command("prevalence", "--survey", "tea", "--dimension", "fears")
    assert capsys.readouterr().out.startswith("fears: 4 interviews, 0 human-coded (people have coded no sample")
    with pytest.raises(CommandError, match="has no dimension 'tea'"):
        call_command("prevalence", "--survey", "tea", "--dimension", "tea")


def test_the_export_has_a_row_for_every_code_and_country_with_what_it_rests_on(ada: User, tmp_path: Path) -> None:
    results = Results()
    biased_survey(results, ada)
    call_command("export", "tea", "--output", str(tmp_path))
    rows = files.read(tmp_path / "corrected_prevalence.csv")
    assert [(row["code"], row["scope"], row["country"]) for row in rows] == [
        (code, scope, country) for code in ("jobs", "bias", "none") for scope, country in (("all", ""), ("country", "DE"), ("country", "FR"))
    ]
    assert (rows[0]["n"], rows[0]["human_coded"], rows[0]["reason"]) == (600, 200, "")
    assert rows[0]["low"] < rows[0]["share"] < rows[0]["high"]


def test_the_findings_page_shows_it_beside_the_raw_share_and_opens_the_page_that_explains_it(ada: User, admin_client: Client) -> None:
    results = Results()
    biased_survey(results, ada)
    for coding in Coding.objects.filter(coder=results.coder)[:3]:
        results.code(coding.interview, "hopes", "time")
    page = admin_client.get("/findings/tea/").content.decode()
    assert 'href="/findings/tea/corrected/?dimension=fears&amp;code=jobs"' in page
    assert ", n=200 human-coded</a>" in page
    explained = admin_client.get("/findings/tea/corrected/?dimension=fears&code=jobs").content.decode()
    assert "200 of 600 interviews coded by people" in explained
    assert "Assumes that the person&#x27;s coding is right." in explained
    assert admin_client.get("/findings/tea/corrected/?dimension=nothing").status_code == 404


def test_a_survey_without_a_sample_says_what_to_do(admin_client: Client) -> None:
    Results()
    assert "Draw a sample" in admin_client.get("/findings/tea/corrected/").content.decode()
    assert "human-coded" not in admin_client.get("/findings/tea/").content.decode()
