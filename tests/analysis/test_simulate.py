"""manage.py simulate: two runs give the same bytes, codings come from the hidden truth, and a report says how much of it is recovered."""

import json
import os
import random
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from analysis.aggregates import count, counted_origins
from analysis.codebook import Dimension
from analysis.models import Coding, Fact, InterviewAnalysis, Quote, TurnLanguage
from analysis.simulated import noise
from analysis.simulated.recovery import recovery
from interviewer.models import Interview
from interviewer.simulation.profiles import profile_of
from interviewer.simulation.sentences import written_languages
from surveys.languages import LANGUAGE_CHOICES
from surveys.models import Participant, Survey
from tests.analysis.talk import survey_with_codebook

ROOT = Path(__file__).resolve().parents[2]


def run(**options: Any) -> str:
    out = StringIO()
    call_command("simulate", stdout=out, verbosity=0, **options)
    return out.getvalue()


@pytest.fixture
def coded(db: None) -> Survey:
    run(survey="people", new_survey=True, interviews=60, coded=True)
    return Survey.objects.get(slug="people")


MAKE_AND_EXPORT = """
import sys, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from pathlib import Path
from surveys.guide_yaml import read
from tests.conftest import make_survey
arms = [{"key": "plain"}, {"key": "brief", "weight": 2, "manner": "Be brief."}]
demo = read(Path("surveys/demo/guide.yaml").read_bytes())
make_survey(type(demo).model_validate(demo.model_dump(mode="json") | {"arms": arms, "order": "random"}), slug="arms")
call_command("simulate", survey="arms", interviews=21, processes=int(sys.argv[2]), verbosity=0)
call_command("export", "arms", "--include-simulated", "--output", sys.argv[1] + "-arms", "--verbosity", "0")
call_command("simulate", survey="people", new_survey=True, interviews=40, coded=True, verbosity=0)
call_command("export", "people", "--include-simulated", "--output", sys.argv[1], "--verbosity", "0")
"""


def test_two_fresh_databases_give_the_same_bytes(tmp_path: Path) -> None:
    def exported(name: str, processes: int) -> dict[str, bytes]:
        folder = tmp_path / name
        folder.mkdir()
        own = {"DATABASE_URL": f"sqlite:///{folder / 'data.sqlite3'}", "COLLOQUY_VAR": str(folder), "PYTHONHASHSEED": "random"}
        settings = {"DJANGO_SETTINGS_MODULE": "config.settings"}
        script = [sys.executable, "-c", MAKE_AND_EXPORT, str(folder / "export"), str(processes)]
        subprocess.run(script, cwd=ROOT, env=os.environ | own | settings, check=True, capture_output=True)
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.glob("export*/*")}

    with ThreadPoolExecutor() as at_once:
        first, second = at_once.map(exported, ("first", "second"), (1, 2))
    assert first == second
    assert first["export/interviews.csv"].count(b"simulated-1-") == 40
    assert [first["export-arms/interviews.csv"].count(arm) for arm in (b",plain,", b",brief,")] == [7, 14]


def test_a_new_survey_offers_every_language_and_is_open_to_nobody(coded: Survey) -> None:
    assert (coded.status, coded.show_simulated) == ("closed", False)
    assert sorted(coded.languages) == sorted(code for code, _ in LANGUAGE_CHOICES)


def test_results_leave_simulated_people_out_unless_asked(coded: Survey) -> None:
    assert count(coded, origins=counted_origins(coded)) == {}
    assert count(coded, origins=counted_origins(coded, simulated=True))["hopes"].n == 60
    assert set(Fact.objects.values_list("origin", flat=True)) == {"simulated"}


def test_every_interview_is_coded_and_every_quote_stands_where_it_says(coded: Survey) -> None:
    assert Counter(InterviewAnalysis.objects.values_list("status", flat=True)) == {"done": 60}
    assert set(Coding.objects.values_list("coder__model", "coder__prompt_version")) == {("simulated-truth", noise.VERSION)}
    quotes = list(Quote.objects.select_related("turn", "coding"))
    assert [quote.turn.text[quote.start : quote.end] for quote in quotes] == [quote.text for quote in quotes]
    assert {quote.turn.interview_id for quote in quotes if quote.turn.interview_id != quote.coding.interview_id} == set()
    named = Coding.objects.exclude(code="none")
    assert named.count() == named.filter(quotes__isnull=False).distinct().count()
    assert Fact.objects.count() == Coding.objects.count()


def test_the_language_of_a_turn_is_the_one_it_is_written_in(coded: Survey) -> None:
    for row in TurnLanguage.objects.select_related("turn__interview__participant"):
        person = row.turn.interview.participant
        profile = profile_of(person.external_id, country=person.country, language=person.language)
        assert profile is not None
        assert row.language in {profile.language, profile.second, "en"}
    written = TurnLanguage.objects.filter(turn__value__isnull=True).select_related("turn__interview")  # choices are worded for them
    pairs = {(row.turn.interview.language, row.language) for row in written}
    assert ("de", "de") in pairs
    # Where there are no sentences in a language, nothing pretends that there are.
    assert {written for spoken, written in pairs if spoken not in written_languages()} == {"en"}


def test_what_is_coded_already_stays_as_it_is(coded: Survey) -> None:
    before = list(Coding.objects.order_by("pk").values())
    assert run(survey="people", interviews=60, coded=True).startswith("0 made. 60 were there before or could not be held. Results leave them out;")
    assert list(Coding.objects.order_by("pk").values()) == before


@pytest.mark.django_db
def test_interviews_made_before_can_be_coded_later() -> None:
    run(survey="people", new_survey=True, interviews=5)
    assert not InterviewAnalysis.objects.exists()
    run(survey="people", coded=True)
    assert InterviewAnalysis.objects.filter(status="done").count() == 5


def test_the_report_counts_what_is_recovered_by_theme_and_language(coded: Survey) -> None:
    result = recovery(coded)
    true: Counter[str] = Counter()
    both: Counter[str] = Counter()
    reached = 0
    for interview in Interview.objects.select_related("participant"):
        person = interview.participant
        profile = profile_of(person.external_id, country=person.country, language=interview.language)
        assert profile is not None
        given = set(interview.facts.filter(dimension="fears").values_list("code", flat=True))
        if not given:
            continue  # the interview ended before the question
        reached += 1
        true.update(profile.fears)
        both.update(given & set(profile.fears))
    given = Counter(Fact.objects.filter(dimension="fears").values_list("code", flat=True))
    cells = {code: result.cell("fears", code) for code in result.codes("fears")}
    assert {code: (cell.n, cell.true, cell.given, cell.both) for code, cell in cells.items()} == {
        code: (reached, true[code], given[code], both[code]) for code in true.keys() | given.keys()
    }
    every = result.cell("fears")
    assert (every.true, every.both) == (true.total(), both.total())
    assert every.recall == both.total() / true.total() > 0.7
    assert sum(result.cell("fears", "jobs_economy", language).true for language in result.languages) == true["jobs_economy"]


def test_the_report_is_printed_as_a_table_and_as_json(coded: Survey) -> None:
    table = run(survey="people", report=True).splitlines()
    assert table[0].startswith("60 simulated interviews compared with their hidden profiles; coded by simulated-truth")
    assert [line.split()[:3] for line in table if line.startswith("hopes, by")] == [["hopes,", "by", "theme"], ["hopes,", "by", "language"]]
    values = json.loads(run(survey="people", report=True, json=True))
    cell = recovery(coded).cell("hopes", "time_freedom", "en")
    found = [each for each in values["themes"] if (each["dimension"], each["code"], each["language"]) == ("hopes", "time_freedom", "en")]
    assert [(each["n"], each["true"], each["recall"]) for each in found] == [(cell.n, cell.true, cell.recall)]


def test_people_whom_another_edition_made_are_counted_apart(coded: Survey) -> None:
    Participant.objects.filter(external_id="simulated-1-7").update(age_band="99", occupation="astronaut")
    result = recovery(coded)
    assert (result.interviews, result.others) == (59, 1)


SINGLE = {"key": "hopes", "title": "H", "shape": "single", "codes": [{"key": key, "label": key} for key in ("a", "b", "none")]}
SEVERAL = SINGLE | {"shape": "multiple"}
ORDINAL = {"key": "sentiment", "title": "S", "shape": "ordinal", "codes": [{"key": str(key), "label": str(key)} for key in range(1, 8)]}


def given(dimension: dict[str, Any], true: set[str], language: str = "en") -> Counter[tuple[str, ...]]:
    rng = random.Random(1)
    parsed = Dimension.model_validate(dimension)
    return Counter(tuple(noise.codes(parsed, true, language, rng)) for _ in range(4000))


def test_the_coder_is_as_right_as_its_skill_in_the_language_and_errs_among_the_codes() -> None:
    skill = noise.skill("en")
    single, ordinal, several = given(SINGLE, {"a"}), given(ORDINAL, {"4"}), given(SEVERAL, {"a"})
    assert {code: n / 4000 for code, n in single.items()} == pytest.approx(
        {("a",): skill, ("b",): (1 - skill) / 2, ("none",): (1 - skill) / 2}, abs=0.02
    )
    assert {code: n / 4000 for code, n in ordinal.items()} == pytest.approx(
        {("4",): skill, ("3",): (1 - skill) / 2, ("5",): (1 - skill) / 2}, abs=0.02
    )
    assert sum(n for codes, n in several.items() if "a" in codes) / 4000 == pytest.approx(skill, abs=0.02)
    assert sum(n for codes, n in several.items() if "b" in codes) / 4000 == pytest.approx(noise.FALSE_ALARM, abs=0.006)
    assert all(codes == ("none",) or "none" not in codes for codes in several)


def test_a_code_that_the_codebook_lacks_is_not_given() -> None:
    assert set(given(SINGLE, {"c"})) == {("none",)}


@pytest.mark.django_db
def test_what_cannot_be_done_is_said_plainly() -> None:
    with pytest.raises(CommandError, match="There is no survey 'nobody'"):
        run(survey="nobody", interviews=1)
    survey_with_codebook("tea")
    with pytest.raises(CommandError, match="has none of the dimensions hopes, delivered, fears, sentiment"):
        run(survey="tea", interviews=1, coded=True)
    with pytest.raises(CommandError, match="--model needs a language model"):
        run(survey="tea", interviews=1, model=True)
    with pytest.raises(CommandError, match="does not offer: xx"):
        run(survey="tea", interviews=1, languages="xx")
