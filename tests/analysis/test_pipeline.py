"""A crash, a re-run and an edit are the same case: what is fresh is skipped, what is stale runs again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.db import connections
from django.forms import model_to_dict
from django.utils import timezone

from analysis import lease, pipeline
from analysis.models import Coding, Fact, InterviewAnalysis, Quote, StepResult, Summary, Translation, TurnLanguage
from analysis.pipeline import Outcome
from analysis.staleness import stale
from interviewer.models import Interview, Turn
from llm import ModelError
from surveys.models import ModelCall, Participant
from tests.analysis.talk import CODES, WISHES, ScriptedModel, codebook_edited, coded, held, in_turn, survey_with_codebook

pytestmark = pytest.mark.django_db(transaction=True)
ALL = ("detect_language", "mask", "score", "translate", "summarise", "code", "publish", "quality", "care")
OVERLOADED = ModelError("busy", code="overloaded", retry=True, after=7)
REFUSED = ModelError("no", code="refused", retry=False)


def analyse(interview: Interview, model: ScriptedModel) -> Outcome:
    return async_to_sync(pipeline.analyse)(interview.pk, model)


def everything() -> list[object]:
    models = (TurnLanguage, Translation, Summary, Coding, Quote, Fact, StepResult)
    return [(model.__name__, model_to_dict(row)) for model in models for row in model.objects.order_by("pk")]


def test_a_second_run_changes_nothing_and_asks_no_model() -> None:
    interview = held(survey_with_codebook(), *WISHES)
    assert analyse(interview, ScriptedModel()) == Outcome(interview.pk, "done", ALL)
    before, again = everything(), ScriptedModel()
    assert analyse(interview, again) == Outcome(interview.pk, "done", ())
    assert (everything(), again.calls) == (before, [])


def test_what_was_done_before_a_crash_is_not_done_again() -> None:
    interview = held(survey_with_codebook(), *WISHES)
    crashing = ScriptedModel(code=KeyError("a bug"))
    assert analyse(interview, crashing) == Outcome(interview.pk, "failed", ALL[:5], "KeyError")
    analysis = InterviewAnalysis.objects.get()
    assert (analysis.status, analysis.step, analysis.error, analysis.attempts) == ("failed", "code", "KeyError: 'a bug'", 1)
    assert analyse(interview, ScriptedModel()).status == "busy"  # a failed one waits to be asked for
    assert pipeline.again([interview.pk]) == 1
    resumed = ScriptedModel()
    assert analyse(interview, resumed) == Outcome(interview.pk, "done", ALL[5:])
    assert resumed.names == ["code", "quality"]


def test_a_run_cut_off_is_taken_over_when_its_lease_has_run_out() -> None:
    interview = held(survey_with_codebook(), *WISHES)
    assert lease.claim(interview.pk) is not None  # and then the process dies
    assert analyse(interview, ScriptedModel()).status == "busy"
    InterviewAnalysis.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert analyse(interview, ScriptedModel()).status == "done"


def _give_lease_away() -> None:
    InterviewAnalysis.objects.update(lease_owner="another")
    connections.close_all()


def test_whoever_lost_the_lease_writes_no_verdict() -> None:
    interview = held(survey_with_codebook(), *WISHES)

    def taken_over(_: object) -> object:
        with ThreadPoolExecutor(1) as pool:  # the model is asked inside an event loop, where the database may not be
            pool.submit(_give_lease_away).result()
        return {"summary": "Late."}

    assert analyse(interview, ScriptedModel(summarise=taken_over)).status == "busy"
    assert InterviewAnalysis.objects.get().status == "running"


def test_an_edited_codebook_runs_only_what_reads_it() -> None:
    survey = survey_with_codebook()
    interview = held(survey, *WISHES)
    analyse(interview, ScriptedModel())
    version = codebook_edited(survey)
    model = ScriptedModel(code=CODES | {"wish": [coded("money", (2, "more time"))]})
    assert analyse(interview, model) == Outcome(interview.pk, "done", ("code", "publish"))
    assert [prompt.name for prompt in model.calls] == []  # the codebook's title is nothing to its dimensions
    assert set(Coding.objects.filter(codebook=version).values_list("dimension", "code", "carried_from__number")) == {
        ("wish", "time", 1),
        ("worry", "jobs", 1),
        ("worry", "lies", 1),
        ("mood", "4", 1),
    }
    assert set(Fact.objects.values_list("coding__codebook", "code")) == {(version.pk, code) for code in ("time", "jobs", "lies", "4")}


def test_another_model_does_anew_what_a_model_does_and_the_former_ones_codings_stay() -> None:
    interview = held(survey_with_codebook(), *WISHES)
    analyse(interview, ScriptedModel())
    assert analyse(interview, ScriptedModel(name="better")).steps == (ALL[1], *ALL[3:-1])
    assert set(Coding.objects.values_list("coder__model", "code")) == {(m, c) for m in ("scripted", "better") for c in ("time", "jobs", "lies", "4")}
    assert set(Fact.objects.values_list("coding__coder__model", flat=True)) == {"better"}
    former = ScriptedModel()
    assert analyse(interview, former).steps == (ALL[1], *ALL[3:-1])
    assert "code" not in former.names  # what it gave is still there
    assert set(Fact.objects.values_list("coding__coder__model", flat=True)) == {"scripted"}


def test_a_changed_country_is_published_without_a_model() -> None:
    interview = held(survey_with_codebook(), *WISHES)
    analyse(interview, ScriptedModel())
    Participant.objects.update(country="NG")
    assert analyse(interview, ScriptedModel()) == Outcome(interview.pk, "done", ("publish",))
    assert set(Fact.objects.values_list("country", flat=True)) == {"NG"}


def test_a_reply_that_does_not_fit_is_tried_again_and_in_the_end_is_a_visible_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "backoff", lambda attempts: 0.0)
    interview = held(survey_with_codebook(), *WISHES)
    model = ScriptedModel(code={"wish": "nonsense"})
    run = async_to_sync(pipeline.analyse_many)
    outcomes = run([interview.pk], model=model, concurrency=3, patient=True)
    assert outcomes == [Outcome(interview.pk, "failed", (), "malformed")]
    assert model.names == ["mask", "summarise"] + ["code"] * lease.MAX_ATTEMPTS
    analysis = InterviewAnalysis.objects.get()
    assert (analysis.status, analysis.step, analysis.attempts, analysis.error[:9]) == ("failed", "code", 8, "malformed")
    assert ModelCall.objects.filter(purpose="code", outcome="malformed").count() == 8


def test_one_bad_reply_is_overcome(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "backoff", lambda attempts: 0.0)
    interview = held(survey_with_codebook(), *WISHES)
    run = async_to_sync(pipeline.analyse_many)
    outcomes = run([interview.pk], model=ScriptedModel(code=in_turn({}, CODES)), concurrency=1, patient=True)
    assert [outcome.status for outcome in outcomes] == ["done"]
    analysis = InterviewAnalysis.objects.get()
    assert (analysis.status, analysis.attempts, analysis.error) == ("done", 0, "")


def test_trouble_that_may_pass_says_when_to_come_back_and_trouble_that_will_not_is_final() -> None:
    survey = survey_with_codebook()
    first, second = held(survey, *WISHES), held(survey, *WISHES)
    assert analyse(first, ScriptedModel(code=OVERLOADED)) == Outcome(first.pk, "later", ALL[:5], "overloaded", 7)
    assert analyse(second, ScriptedModel(code=REFUSED)) == Outcome(second.pk, "failed", ALL[:5], "refused")
    assert dict(InterviewAnalysis.objects.values_list("interview", "status")) == {first.pk: "waiting", second.pk: "failed"}


def test_many_are_analysed_and_each_is_heard_of_once() -> None:
    survey = survey_with_codebook()
    interviews = [held(survey, *WISHES).pk for _ in range(7)]
    heard: list[int] = []
    run = async_to_sync(pipeline.analyse_many)
    run(interviews, model=ScriptedModel(), concurrency=3, on_done=lambda outcome: heard.append(outcome.interview_id))
    assert sorted(heard) == interviews
    assert Fact.objects.count() == 7 * 4


def test_a_deleted_interview_is_passed_over() -> None:
    assert async_to_sync(pipeline.analyse)(10**9, ScriptedModel()).status == "busy"


def test_stale_is_what_a_run_would_do_something_about() -> None:
    survey = survey_with_codebook()
    fresh, edited, more_said, failed, untouched = (held(survey, *WISHES) for _ in range(5))
    running = held(survey, *WISHES)
    Interview.objects.filter(pk=running.pk).update(status="running", awaiting="participant")
    held(survey_with_codebook("other"), *WISHES)
    for interview in (fresh, edited, more_said):
        analyse(interview, ScriptedModel())
    analyse(failed, ScriptedModel(code=REFUSED))
    assert list(stale(survey, "scripted")) == [untouched.pk]
    assert list(stale(survey, "scripted", failed_too=True)) == [failed.pk, untouched.pk]
    assert list(stale(survey, "another")) == [fresh.pk, edited.pk, more_said.pk, untouched.pk]
    Participant.objects.filter(interview=edited).update(country="NG")
    Turn.objects.create(interview=more_said, number=5, role="participant", text="One more thing.", move="answer")
    assert list(stale(survey, "scripted")) == [edited.pk, more_said.pk, untouched.pk]
    codebook_edited(survey)
    assert list(stale(survey, "scripted")) == [fresh.pk, edited.pk, more_said.pk, untouched.pk]


def test_stale_takes_as_many_queries_for_many_interviews_as_for_one(django_assert_max_num_queries: object) -> None:
    survey = survey_with_codebook()
    for _ in range(12):
        analyse(held(survey, *WISHES), ScriptedModel())
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        assert list(stale(survey, "scripted")) == []
