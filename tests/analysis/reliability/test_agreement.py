"""Agreement from what stands in the database: between people, model and people; weights, groups, words; the command and the pages."""

import json

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client

from analysis.agreement import Estimate, TooFew
from analysis.models import Coding, Quote
from analysis.reliability import comparing, computing
from analysis.reliability.comparing import Between, By
from analysis.sampling.records import CodingSample, HumanCoding
from interviewer.models import Interview, Turn
from tests.analysis.prevalence.surveyed import interviews, model_codes, people_code, sampled
from tests.analysis.results import Results

pytestmark = pytest.mark.django_db
JOBS, BIAS, NONE = ("jobs",), ("bias",), ("none",)


@pytest.fixture(autouse=True)
def _nothing_is_kept() -> None:
    cache.clear()


@pytest.fixture
def results() -> Results:
    return Results()


@pytest.fixture
def rows(results: Results) -> list[Interview]:
    return interviews(results, ["DE"] * 15 + ["FR"] * 25)


def double_coded(results: Results, rows: list[Interview]) -> CodingSample:
    """40 interviews, all drawn: the model 20 jobs, 20 none; Ada 16 of the jobs and 4 of the others; Ben the first 20 as she does but for two."""
    model_codes(results, rows, [JOBS] * 20 + [NONE] * 20)
    sample = sampled(results, dict.fromkeys(rows, "all"), dict.fromkeys(rows, 1.0))
    ada, ben = User.objects.create_user("ada"), User.objects.create_user("ben")
    hers = dict(zip(rows, [JOBS] * 16 + [NONE] * 4 + [JOBS] * 4 + [NONE] * 16, strict=True))
    people_code(ada, sample, hers)
    people_code(ben, sample, {row: BIAS if at in (0, 19) else hers[row] for at, row in enumerate(rows[:20])})
    return sample


def value(result: object) -> float:
    assert isinstance(result, Estimate), result
    return round(result.value, 3)


def table(sample: CodingSample, between: Between, code: str = "") -> computing.Table:
    return computing.table(sample, sample.codebook.document.dimension("fears"), between, code)


def test_the_model_is_held_against_people_code_by_code_and_as_a_whole(results: Results, rows: list[Interview]) -> None:
    found = table(double_coded(results, rows), Between.MODEL)
    jobs = found.codes["jobs"]
    # 32 of 40 alike, half and half by chance.
    assert (jobs.n, jobs.differ, value(jobs.percent), value(jobs.kappa)) == (40, 8, 0.8, 0.6)
    assert (found.codes[""].differ, value(found.codes[""].percent), found.weighted) == (8, 0.8, False)
    assert value(found.codes["bias"].percent) == 1.0


def test_people_are_held_against_one_another_where_two_coded(results: Results, rows: list[Interview]) -> None:
    found = table(double_coded(results, rows), Between.PEOPLE)
    assert (found.n, found.codes[""].differ, value(found.codes[""].percent)) == (20, 2, 0.9)
    assert (found.codes["jobs"].differ, found.codes["bias"].differ, found.codes["none"].differ) == (1, 2, 1)


def test_what_was_decided_stands_for_people(results: Results, rows: list[Interview]) -> None:
    sample = double_coded(results, rows)
    people_code(User.objects.create_user("eve"), sample, {rows[16]: JOBS}, adjudicates=True)
    assert table(sample, Between.MODEL).codes["jobs"].differ == 7


def test_groups_have_figures_of_their_own_or_too_few(results: Results, rows: list[Interview]) -> None:
    found = table(double_coded(results, rows), Between.PEOPLE, "jobs").groups
    assert {name: (figures.n, type(figures.alpha)) for name, figures in found[By.COUNTRY].items()} == {"DE": (15, Estimate), "FR": (5, TooFew)}
    assert list(found[By.LANGUAGE]) == ["en"]


def test_units_drawn_with_unequal_chances_are_weighted_by_them(results: Results, rows: list[Interview]) -> None:
    """Stratum a: 10 of 10 drawn, all alike. Stratum b: 10 of 30, all different."""
    strata = {row: "a" if at < 10 else "b" for at, row in enumerate(rows)}
    model_codes(results, rows, [JOBS] * 40)
    sample = sampled(results, strata, {row: 1.0 if at < 10 else 1 / 3 for at, row in enumerate(rows[:20])})
    people_code(User.objects.create_user("ada"), sample, {row: JOBS if at < 10 else NONE for at, row in enumerate(rows[:20])})
    found = table(sample, Between.MODEL)
    assert (found.weighted, value(found.codes["jobs"].percent)) == (True, 0.25)
    assert {unit.weight for unit in comparing.units(sample, "fears", Between.MODEL)} == {1.0, 3.0}


def test_on_a_scale_values_that_are_near_disagree_less(results: Results, rows: list[Interview]) -> None:
    ada = User.objects.create_user("ada")
    model_codes(results, rows, [("1",)] * 20 + [("2",)] * 20, "mood")
    sample = sampled(results, dict.fromkeys(rows, "all"), dict.fromkeys(rows, 1.0))
    people_code(ada, sample, {row: ("1",) if at < 18 else ("2",) for at, row in enumerate(rows)}, "mood")
    found = computing.table(sample, results.codebook.document.dimension("mood"), Between.MODEL)
    assert (found.level, value(found.codes[""].percent)) == ("ordinal", 0.95)


def test_words_are_compared_where_both_marked_some(results: Results) -> None:
    ada = User.objects.create_user("ada")
    held = [results.interview("Jobs will go. Nothing else.") for _ in range(12)]
    sample = sampled(results, dict.fromkeys(held, "all"), dict.fromkeys(held, 1.0))
    for each in held[:11]:
        results.code(each, "fears", "jobs", "Jobs will go.")
    people_code(ada, sample, dict.fromkeys(held, JOBS))
    for coding in Coding.objects.filter(human__isnull=False).select_related("interview"):
        turn = Turn.objects.get(interview=coding.interview, role="participant")
        Quote.objects.create(coding=coding, turn=turn, start=0, end=4, text="Jobs")
    found = table(sample, Between.MODEL, "jobs").overlap
    assert found is not None
    # 4 characters both marked, 13 and 4 each.
    assert (found.n, value(found.f1)) == (11, round(2 * 4 / (13 + 4), 3))


def test_the_command_prints_every_comparison_of_a_survey(results: Results, rows: list[Interview], capsys: pytest.CaptureFixture[str]) -> None:
    double_coded(results, rows)
    call_command("agreement", "--survey", "tea", "--json")
    fears = json.loads(capsys.readouterr().out)["dimensions"]["fears"]
    assert list(fears) == ["people", "model"]
    assert (fears["model"]["codes"]["jobs"]["n"], round(fears["model"]["codes"]["jobs"]["cohen_kappa"]["value"], 3)) == (40, 0.6)
    assert fears["people"]["by_country"]["FR"]["krippendorff_alpha"] == {"too_few": True, "n": 5, "needed": 10}
    call_command("agreement", "--survey", "tea", "--between", "model")
    assert "fears, model: 40 units, unweighted: all had the same chance (“First”, codebook version 1)" in capsys.readouterr().out


def test_the_command_takes_a_file_or_a_survey(results: Results) -> None:
    with pytest.raises(CommandError, match="Give a file, or --survey"):
        call_command("agreement")
    with pytest.raises(CommandError, match="no interview was coded twice"):
        call_command("agreement", "--survey", "tea")


def test_every_figure_opens_the_units_that_differ_with_both_codings_and_the_words(results: Results, admin_client: Client) -> None:
    ada = User.objects.create_user("ada")
    held = [results.interview(f"They take <b>jobs</b> number {at}.", country="DE") for at in range(12)]
    model_codes(results, held, [JOBS] * 12)
    sample = sampled(results, dict.fromkeys(held, "all"), dict.fromkeys(held, 1.0))
    people_code(ada, sample, {row: BIAS if at == 3 else JOBS for at, row in enumerate(held)})
    figures = admin_client.get("/findings/tea/agreement/?dimension=fears&between=model").content.decode()
    address = "/findings/tea/agreement/units/?between=model&amp;dimension=fears&amp;code=bias"
    assert f'<a href="{address}" aria-label="The 1 units of Bias that differ">1</a>' in figures
    units = admin_client.get(address.replace("&amp;", "&")).content.decode()
    assert "<strong>1</strong> interview coded differently" in units
    assert "They take &lt;b&gt;jobs&lt;/b&gt; number 3." in units
    assert '<span class="quiet">people</span> <span class="code">Bias</span>' in units
    assert '<span class="quiet">model</span> <span class="code">Jobs &amp; economy</span>' in units
    assert admin_client.get("/findings/tea/agreement/units/?dimension=fears&all=on&country=DE").content.decode().count('class="card"') == 12
    assert admin_client.get("/findings/tea/agreement/?between=nobody").status_code == 404


def test_who_has_still_to_code_an_interview_is_not_shown_what_others_gave(results: Results, rows: list[Interview], admin_client: Client) -> None:
    sample = double_coded(results, rows)
    unit = sample.units.get(interview=rows[0])
    HumanCoding.objects.create(unit=unit, coder=User.objects.get(username="admin"), dimension="fears")
    page = admin_client.get("/findings/tea/agreement/units/?dimension=fears&between=people").content.decode()
    assert "<strong>1</strong> interview coded differently" in page
    assert "you code them blind" in page
