"""An edit of the codebook re-codes what it touches and nothing else, counted at the model's far end."""

import io
import json
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.management import CommandError, call_command

from analysis import pipeline, publishing
from analysis.codebook import CodebookDocument
from analysis.export.columns import Scope
from analysis.export.tables import TABLES
from analysis.management.commands import analyse as analyse_command
from analysis.management.commands import recode as recode_command
from analysis.models import Coder, Coding, CodingResult, Fact, Quote, StepResult
from analysis.staleness import stale
from analysis.transcript import read
from interviewer.models import Interview
from llm.anthropic import AnthropicModel
from llm.offline import OfflineModel
from llm.offline.embedding import LetterGroups
from surveys.models import Survey
from tests.analysis.talk import GUIDE, MOOD, WISH, ScriptedModel, coded, dimension, held
from tests.conftest import make_survey
from tests.support import answers
from tests.support.messages_server import MessagesServer

pytestmark = pytest.mark.django_db(transaction=True)
TOPICS = [f"topic{number:02}" for number in range(40)]
WORRIES = dimension("worry", "multiple", " ".join([*TOPICS, "none"]), "worry")
COLUMNS = ("interview_id", "dimension", "code", "confidence", "stance", "elicited", "coder_id", "at")


def document(**edits: str) -> CodebookDocument:
    """Forty worries; `edits` are definitions of single ones."""
    codes = [code | {"definition": edits.get(code["key"], "")} for code in WORRIES["codes"]]
    return CodebookDocument.model_validate({"title": "Tea", "dimensions": [WISH, WORRIES | {"codes": codes}, MOOD]})


@pytest.fixture
def survey() -> Survey:
    survey = make_survey(GUIDE)
    publishing.save_version(survey, document())
    for number in range(6):
        held(survey, ("wish", "I want time."), ("worry", f"I fear topic{number:02} and topic{number + 1:02} and topic39."))
    return survey


def answer(body: dict[str, Any]) -> dict[str, Any]:
    """Every code that the schema allows and the transcript names, each quoted."""
    schema = answers.schema_of(body)
    if "worry" not in schema.get("properties", {}):
        return answers.default_answer(body)
    words = answers.last_words(body)
    allowed = next(each["properties"]["code"]["enum"] for key, each in schema["$defs"].items() if key == "WorryGiven")
    named = [code for code in allowed if code != "none" and code in words]
    worry = [coded(code, (4, code), confidence=0.8) for code in named] or [coded("none")]
    return {"wish": [coded("time", (2, "time"))], "worry": worry, "mood": [coded("4")]}


def analyse(survey: Survey, server: MessagesServer, name: str = "claude-test") -> int:
    """Analyses what is stale; how many calls that took."""
    server.answer = lambda body: {key: value for key, value in answer(body).items() if key in answers.schema_of(body)["properties"]}
    before = server.requests
    model = AnthropicModel(name, api_key="k", base_url=server.url, timeout=10, max_retries=0, max_concurrency=4)
    outcomes = async_to_sync(pipeline.analyse_many)(list(stale(survey, model.name)), model=model, concurrency=2)
    assert {(outcome.status, outcome.error) for outcome in outcomes} <= {("done", "")}
    return server.requests - before


def rows(number: int, **which: Any) -> set[tuple[Any, ...]]:
    return set(Coding.objects.filter(codebook__number=number, **which).values_list(*COLUMNS))


def test_three_codes_of_forty_are_asked_about_and_the_other_codings_are_the_same(survey: Survey, messages_server: MessagesServer) -> None:
    analyse(survey, messages_server)
    edited = document(topic01="Now of something else.", topic02="Wider.", topic39="Narrower.")
    publishing.save_version(survey, edited)
    Coding.objects.filter(code="topic03").update(confidence=0.11)  # what a model would not say again
    assert analyse(survey, messages_server) == 6  # one call an interview, for one dimension
    asked = answers.schema_of(messages_server.bodies[-1])
    assert list(asked["properties"]) == ["worry"]
    assert asked["$defs"]["WorryGiven"]["properties"]["code"]["enum"] == ["topic01", "topic02", "topic39", "none"]
    touched = {"code__in": ["topic01", "topic02", "topic39"]}
    untouched = rows(1) - rows(1, **touched)
    assert rows(2) - rows(2, **touched) == untouched
    assert (len(rows(1)), len(rows(2, **touched))) == (6 * 5, 6 + 4)
    quotes = [set(Quote.objects.filter(coding__codebook__number=n).values_list("coding__interview", "coding__code", "turn", "text")) for n in (1, 2)]
    assert quotes[0] == quotes[1]
    assert set(Coding.objects.filter(codebook__number=2, carried_from=None).values_list("code", flat=True)) == {"topic01", "topic02", "topic39"}
    assert set(Fact.objects.values_list("coding__codebook__number", flat=True)) == {2}
    assert CodingResult.objects.filter(codebook__number=2, dimension="worry").first().asked == ["topic01", "topic02", "topic39", "none"]  # type: ignore[union-attr]
    assert StepResult.objects.filter(step="code").first().made_from["carried"] == ["wish", "mood"]  # type: ignore[union-attr]
    assert analyse(survey, messages_server) == 0


def test_both_versions_stay_readable(survey: Survey, messages_server: MessagesServer) -> None:
    analyse(survey, messages_server)
    publishing.save_version(survey, document(topic00="Of something else."))
    analyse(survey, messages_server)
    columns = [column.name for column in TABLES["codings"].columns]
    for number, carried in ((1, {None}), (2, {None, 1})):
        exported = [dict(zip(columns, row, strict=True)) for row in TABLES["codings"].rows(Scope.of(survey, codebook=number))]
        assert {row["codebook_version"] for row in exported} == {number}
        assert {row["carried_from"] for row in exported} == carried
        assert {row["counted"] for row in exported} == {number == 2}
        assert len(exported) == 30
        view = read(survey, Interview.objects.earliest("pk").pk, codebook=number)
        assert (view.versions, {each.codebook for each in view.codings}, len(view.codings)) == ((2, 1), {number}, 5)


def test_an_edit_taken_back_asks_nobody_anything(survey: Survey, messages_server: MessagesServer) -> None:
    analyse(survey, messages_server)
    publishing.save_version(survey, document(topic00="Of something else."))
    analyse(survey, messages_server)
    publishing.save_version(survey, document())
    assert analyse(survey, messages_server) == 0
    assert rows(3) == rows(1)


def test_a_removed_code_is_dropped_without_a_call_and_who_is_left_without_any_has_none(survey: Survey, messages_server: MessagesServer) -> None:
    Interview.objects.exclude(pk=Interview.objects.earliest("pk").pk).delete()
    analyse(survey, messages_server)
    gone = ("topic00", "topic01", "topic39")
    left = document().dimension("worry")
    less = left.only([key for key in left.code_keys if key not in gone])
    publishing.save_version(survey, document().model_copy(update={"dimensions": (*(d for d in document().dimensions if d.key != "worry"), less)}))
    assert analyse(survey, messages_server) == 0
    assert list(Coding.objects.filter(codebook__number=2, dimension="worry").values_list("code", "confidence")) == [("none", None)]
    assert Fact.objects.filter(dimension="worry").get().code == "none"


def test_what_a_person_coded_counts_on_in_dimensions_that_have_not_changed(survey: Survey, django_user_model: Any) -> None:
    interview = Interview.objects.earliest("pk")
    Survey.objects.update(prefer_people=True)
    person = Coder.objects.create(user=django_user_model.objects.create_user("ana"))
    for key, code in (("wish", "money"), ("worry", "topic07")):
        Coding.objects.create(interview=interview, codebook=survey.codebooks.get(), coder=person, dimension=key, code=code)
    publishing.save_version(survey, document(topic00="Of something else."))
    scripted = ScriptedModel(code={"wish": [coded("time", (2, "time"))], "worry": [coded("topic00", (4, "topic00"))], "mood": [coded("4")]})
    async_to_sync(pipeline.analyse)(interview.pk, scripted)
    assert set(Fact.objects.values_list("dimension", "code")) == {("wish", "money"), ("worry", "topic00"), ("mood", "4")}


def test_the_offline_coder_answers_for_the_codes_it_is_asked_about(survey: Survey) -> None:
    interview, model = Interview.objects.earliest("pk"), OfflineModel(LetterGroups())
    async_to_sync(pipeline.analyse)(interview.pk, model)
    before = rows(1)
    publishing.save_version(survey, document(topic05="Wider."))
    outcome = async_to_sync(pipeline.analyse)(interview.pk, model)
    assert (outcome.status, outcome.error) == ("done", "")
    assert {row for row in rows(2) if row[2] != "topic05"} >= {row for row in before if row[2] not in ("topic05", "none")}


def test_a_stance_is_asked_where_the_codebook_wants_it_and_who_spoke_first_is_seen() -> None:
    survey = make_survey(GUIDE)
    worry = dimension("worry", "multiple", "jobs lies none", "worry") | {"stance": True}
    publishing.save_version(survey, CodebookDocument.model_validate({"title": "Tea", "dimensions": [WISH, worry]}))
    interview = held(survey, ("worry", "I lost mine to a machine."), ("jobs", "Yes, my job is gone. And the lies!"))
    given = [coded("jobs", (4, "my job is gone")) | {"stance": "lived"}, coded("lies", (4, "the lies")) | {"stance": "anticipated"}]
    async_to_sync(pipeline.analyse)(interview.pk, ScriptedModel(code={"worry": given}))
    assert set(Coding.objects.values_list("code", "stance", "elicited")) == {
        ("jobs", "lived", "prompted"),
        ("lies", "anticipated", "spontaneous"),
    }
    assert {(each.label, each.stance) for each in read(survey, interview.pk).codings} == {
        ("Jobs", "lived, prompted"),
        ("Lies", "anticipated, spontaneous"),
    }


def recode(messages_server: MessagesServer, monkeypatch: pytest.MonkeyPatch, *options: str) -> tuple[str, int]:
    """What the command prints, and how many calls it made."""
    messages_server.answer = lambda body: {key: value for key, value in answer(body).items() if key in answers.schema_of(body)["properties"]}
    model = AnthropicModel("claude-haiku-5", api_key="k", base_url=messages_server.url, timeout=10, max_retries=0, max_concurrency=4)
    for module in (recode_command, analyse_command):
        monkeypatch.setattr(module, "model_for", lambda _: model)
    before, out = messages_server.requests, io.StringIO()
    call_command("recode", "--survey", "tea", *options, stdout=out)
    return out.getvalue(), messages_server.requests - before


def test_recode_says_what_is_stale_and_why_and_what_it_costs_and_does_it(
    survey: Survey, messages_server: MessagesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    analyse(survey, messages_server, "claude-haiku-5")
    publishing.save_version(survey, document(topic01="Now of something else.", topic02="Wider.", topic39="Narrower."))
    told, calls = recode(messages_server, monkeypatch, "--dry-run", "--json")
    found = json.loads(told)
    assert calls == 0
    assert 0 < found.pop("coding_usd") < 0.01
    assert found == {
        "survey": "tea",
        "model": "claude-haiku-5",
        "stale": 6,
        "steps": {"code": {"codebook": 6}, "publish": {"codings": 6}},
        "dimensions": {
            "wish": {"asked": 0, "in_part": 0, "carried": 6, "reasons": {}},
            "worry": {"asked": 0, "in_part": 6, "carried": 0, "reasons": {"codebook": 6}},
            "mood": {"asked": 0, "in_part": 0, "carried": 6, "reasons": {}},
        },
        "coding_calls": 6,
    }
    told, calls = recode(messages_server, monkeypatch)
    assert calls == 6
    assert "worry: asked 0, about changed codes only 6, carried over 0 (codebook 6)" in told
    assert "Coding takes 6 calls: about 0.00 US dollars, estimated from the length of the prompts." in told
    assert "6 done, 0 failed, 0 skipped as fresh." in told
    assert recode(messages_server, monkeypatch) == ("Nothing is stale.\n", 0)


def test_another_model_is_a_reason(survey: Survey, messages_server: MessagesServer, monkeypatch: pytest.MonkeyPatch) -> None:
    analyse(survey, messages_server, "claude-opus")
    Interview.objects.exclude(pk=Interview.objects.earliest("pk").pk).delete()
    told, _ = recode(messages_server, monkeypatch, "--json")
    found = json.loads(told)
    assert found["dimensions"]["wish"] == {"asked": 1, "in_part": 0, "carried": 0, "reasons": {"model": 1}}
    assert (found["steps"]["code"], found["steps"]["summarise"], found["done"], found["not_done"]) == ({"model": 1}, {"model": 1}, 1, 0)


def test_an_unknown_survey_is_refused_by_recode(db: None) -> None:
    with pytest.raises(CommandError, match="There is no survey 'coffee'"):
        call_command("recode", "--survey", "coffee")
