"""A round over the wire: proposals with quotes that the transcript holds, candidates compared and worded, resumed where it was cut off."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.test import Client

from analysis import publishing
from analysis.background import handing, running
from analysis.background.records import Status
from analysis.codebook import CodebookDocument
from analysis.drafts.records import CodebookDraft
from analysis.induction import deciding, drafting, drawing, page
from analysis.induction.records import Candidate, Proposal, ProposalQuote, Round, RoundInterview
from analysis.induction.work import KIND
from analysis.models import Fact
from interviewer.models import Interview
from interviewer.striking import strike
from interviewer.withdrawing import withdraw
from llm import Model, ModelError
from llm.anthropic import AnthropicModel
from llm.offline import OfflineModel
from llm.offline.embedding import LetterGroups
from surveys.models import ModelCall, Survey
from tests.analysis.talk import CODEBOOK, ScriptedModel, held
from tests.conftest import make_survey
from tests.guides import guide, question
from tests.support import answers
from tests.support.messages_server import Body, MessagesServer

pytestmark = pytest.mark.django_db(transaction=True)
SAID = [
    ("KE", "en", "That people lose their jobs to it."),
    ("KE", "en", "My job will be gone, like my father's."),
    ("KE", "en", "The lies it tells. Nobody knows what is true."),
    ("JP", "ja", "仕事がなくなることが心配です。"),
    ("JP", "ja", "うそが広がること。"),
    ("", "en", "Nothing much, I suppose."),
]
CODES = {
    "lose their jobs": ("Losing work", "People lose their work."),
    "job will be gone": ("Jobs gone", "Work is gone."),
    "lies it tells": ("Lies", "It says what is not true."),
    "仕事がなくなる": ("Unemployment", "Work is lost."),
    "うそが広がる": ("Falsehoods", "Untruth spreads."),
}
SAME = {"Jobs gone": "Losing work", "Unemployment": "Losing work", "Falsehoods": "Lies"}


@pytest.fixture
def survey() -> Survey:
    made = make_survey(guide(question("wish"), question("worry")))
    for country, language, words in SAID:
        held(made, ("wish", "I want time, money and jobs."), ("worry", words), language=language, country=country)
    return made


@pytest.fixture(autouse=True)
def _letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands beside what in a prompt is no matter here."""
    monkeypatch.setattr("analysis.induction.work.shared_embedder", LetterGroups)


@pytest.fixture
def server() -> Iterator[MessagesServer]:
    with MessagesServer(answer=answered) as running_server:
        yield running_server


def over_the_wire(server: MessagesServer) -> Model:
    return AnthropicModel("claude-haiku-5", api_key="k", base_url=server.url, timeout=10, max_retries=0, max_concurrency=4)


def answered(body: Body) -> Body:
    """A model that invents a quote with every code, and compares by meaning."""
    fields, words = answers.schema_of(body)["properties"], answers.last_words(body)
    if "verdicts" in fields:
        return {"verdicts": compared(words)}
    codes = [{"label": label, "definition": said, "quotes": quoted(part)} for part, (label, said) in CODES.items() if part in words]
    if "candidate" in json.dumps(answers.schema_of(body)):
        return {
            "codes": [described(ref, SAME.get(label, label)) for ref, label in re.findall(r"^(C\d+)\nC\d+\.\d+: ([^.\n]+)\.", words, re.MULTILINE)]
        }
    return {"codes": [*codes, {"label": "Invented", "definition": "", "quotes": [{"turn": 4, "text": "I never said this."}]}]}


def quoted(part: str) -> list[Body]:
    return [{"turn": 2, "text": part}, {"turn": 4, "text": f"{part}, as they say"}]


def compared(words: str) -> list[Body]:
    refs = {label: ref for ref, label in re.findall(r"^([CP]\d+): ([^.\n]+)\.", words, re.MULTILINE)}
    proposed = {label: ref for label, ref in refs.items() if ref[0] == "P"}
    every = [{"proposal": "P99", "relation": "same", "of": "C99", "reason": ""}]
    for label, ref in proposed.items():
        of = refs.get(SAME.get(label, ""), "")
        every.append({"proposal": ref, "relation": "same" if of else "different", "of": of, "reason": "Both are of that."})
    return every


def described(ref: str, label: str) -> Body:
    texts = {"definition": f"About {label}.", "include": "i", "exclude": "e", "reason": "r"}
    return {"candidate": ref, "label": label.upper(), "relation": "same", "existing": "no_such_code", **texts}


def a_round(survey: Survey, **fields: Any) -> Round:
    frame = drawing.eligible(survey, ["worry"])
    asked = {"dimension": "worries", "title": "Worries", "questions": ["worry"], "about": "What people worry about.", "seed": 1}
    return drawing.begin(survey, asked | fields, sorted(frame), None)


def run(round_: Round, model: Model) -> float | None:
    after = async_to_sync(running.carry_out)(KIND, round_.pk, model)
    round_.refresh_from_db()
    return after


def codes_of(round_: Round) -> dict[str, set[str]]:
    return {each.label: set(each.proposals.values_list("quotes__text", flat=True)) for each in Candidate.objects.filter(round=round_)}


def test_codes_are_proposed_compared_and_worded_and_what_nobody_said_is_dropped(survey: Survey, server: MessagesServer) -> None:
    round_ = a_round(survey)
    assert run(round_, over_the_wire(server)) is None
    assert (round_.status, round_.reason, round_.model) == (Status.DONE, "", "claude-haiku-5")
    assert {label.casefold(): quotes for label, quotes in codes_of(round_).items()} == {
        "losing work": {"lose their jobs", "job will be gone", "仕事がなくなる"},
        "lies": {"lies it tells", "うそが広がる"},
    }
    assert list(round_.pieces.values_list("status", "dropped")) == [("done", 2)] * 5 + [("done", 1)]
    assert set(Candidate.objects.values_list("existing", "relation", "include")) == {("", "different", "i")}
    assert round_.refs_dropped == 1 + 2  # P99, and two codes that no codebook has
    assert set(ModelCall.objects.values_list("purpose", "outcome")) == {("induction", "ok")}
    views = page.candidates(survey, round_)
    assert [(each.row.label, each.interviews, each.countries) for each in views] == [
        ("LOSING WORK", 3, "Kenya 2, Japan 1"),
        ("LIES", 2, "Japan 1, Kenya 1"),
    ]
    curves = page.saturation(round_)
    assert [(each.place, each.interviews, each.codes) for each in curves] == [("", 6, 2)]


def test_only_the_answers_to_the_questions_are_read(survey: Survey, server: MessagesServer) -> None:
    run(a_round(survey), over_the_wire(server))
    asked = [answers.last_words(body) for body in server.bodies if "verdicts" not in answers.schema_of(body)["properties"]]
    assert not any("time, money" in words for words in asked)


def test_a_malformed_reply_costs_one_interview_and_a_second_go_reads_it(survey: Survey, server: MessagesServer) -> None:
    round_ = a_round(survey)
    server.schedule("malformed", "malformed")
    run(round_, over_the_wire(server))
    failed = list(round_.pieces.exclude(status="done").values_list("status", "reason"))
    assert (round_.status, set(failed)) == (Status.DONE, {("failed", "malformed")})
    handing.go_on(KIND.name, round_)
    run(round_, over_the_wire(server))
    assert (round_.status, round_.pieces.filter(status="done").count(), Proposal.objects.count()) == (Status.DONE, 6, 5)


def test_it_goes_on_where_it_was_cut_off(survey: Survey) -> None:
    """Killed after two interviews, then while comparing: nothing is asked twice."""
    round_ = a_round(survey)
    read: list[Any] = []

    def propose(prompt: Any) -> Any:
        if len(read) == 2:
            raise KeyboardInterrupt
        read.append(prompt)
        turn = prompt.facts["turns"][0]
        return {"codes": [{"label": turn["text"][:5], "definition": "", "quotes": [{"turn": turn["number"], "text": turn["text"]}]}]}

    with pytest.raises(KeyboardInterrupt):
        run(round_, ScriptedModel("offline", propose=propose))
    round_.refresh_from_db()
    assert (round_.status, round_.pieces.filter(status="done").count()) == (Status.RUNNING, 2)
    Round.objects.update(lease_until="2026-01-01T00:00Z")  # its worker is gone
    handing.sweep()
    round_.refresh_from_db()
    assert round_.status == Status.WAITING
    again = ScriptedModel("offline", propose=lambda prompt: propose_one(prompt), merge_codes=ModelError("?", code="overloaded", retry=True))
    assert run(round_, again) is not None
    assert (again.names.count("propose"), round_.status, round_.reason) == (4, Status.WAITING, "overloaded: ?")
    last = ScriptedModel("offline", merge_codes={"verdicts": []}, describe_codes={"codes": []})
    assert run(round_, last) is None
    assert (last.names, round_.status) == (["merge_codes", "describe_codes"], Status.DONE)
    assert Candidate.objects.count() == Proposal.objects.count() == 6


def propose_one(prompt: Any) -> dict[str, Any]:
    turn = prompt.facts["turns"][0]
    return {"codes": [{"label": turn["text"][:6], "definition": "", "quotes": [{"turn": turn["number"], "text": turn["text"]}]}]}


def test_no_call_is_made_beyond_the_budget_or_after_it_was_stopped(survey: Survey) -> None:
    round_, model = a_round(survey), ScriptedModel(propose={"codes": []})
    Survey.objects.update(budget_usd="0.01")
    ModelCall.objects.create(survey=survey, purpose="x", model="m", prompt_version="v", cost_usd="0.02")
    run(round_, model)
    assert (model.calls, round_.status, round_.reason) == ([], Status.PAUSED, "The survey's budget is spent.")
    Survey.objects.update(budget_usd=None)
    handing.go_on(KIND.name, round_)
    handing.stop(round_)
    run(round_, model)
    assert (model.calls, round_.status, round_.reason) == ([], Status.PAUSED, "Stopped by the researcher.")


def finished_round(survey: Survey, server: MessagesServer) -> Round:
    round_ = a_round(survey)
    run(round_, over_the_wire(server))
    return round_


def test_what_is_struck_or_withdrawn_goes_from_codes_too(survey: Survey, server: MessagesServer) -> None:
    round_ = finished_round(survey, server)
    first, *_, falsehoods, _ = Interview.objects.order_by("pk")
    Candidate.objects.filter(label="LIES").update(status="accepted")
    strike(first.turns.get(number=4))
    withdraw(falsehoods.participant)
    left = codes_of(round_)
    assert left.pop("Lies") == {"lies it tells"}
    assert list(left.values()) == [{"job will be gone", "仕事がなくなる"}]
    assert set(Candidate.objects.values_list("status", "described")) == {("proposed", False)}
    assert sorted(round_.pieces.values_list("status", flat=True)) == ["done"] * 4 + ["waiting"]
    handing.go_on(KIND.name, round_)
    run(round_, over_the_wire(server))
    assert (round_.status, set(Candidate.objects.values_list("described", flat=True))) == (Status.DONE, {True})


def test_a_person_accepts_edits_merges_and_refuses_and_nobody_overwrites_it(survey: Survey, server: MessagesServer) -> None:
    ada, round_ = User.objects.create_superuser("ada"), finished_round(survey, server)
    work, lies = Candidate.objects.get(label="LOSING WORK"), Candidate.objects.get(label="LIES")
    words = {"label": "Loss of work", "definition": "d", "examples": "A clerk is let go.\n\nA shop closes."}
    edited = deciding.decide(round_, work.pk, "edit", ada, revision=0, words=words)
    assert (edited.status, edited.label, edited.include, edited.edited_by) == ("accepted", "Loss of work", "", ada)
    for wrong in ({"what": "refuse", "revision": 0}, {"what": "merge", "revision": 1, "into": work.pk}, {"what": "shout", "revision": 1}):
        with pytest.raises(deciding.NotDecided):
            deciding.decide(round_, work.pk, by=ada, **wrong)
    deciding.decide(round_, lies.pk, "merge", ada, revision=0, into=work.pk)
    first = page.candidates(survey, round_)[0]
    assert (first.row.label, first.interviews, first.merged) == ("Loss of work", 5, ("LIES",))
    assert page.saturation(round_)[0].codes == 1
    deciding.decide(round_, lies.pk, "undo", ada, revision=1)
    deciding.decide(round_, lies.pk, "refuse", ada, revision=2)
    assert page.saturation(round_)[0].codes == 1
    strike(Interview.objects.order_by("pk")[0].turns.get(number=4))
    assert Candidate.objects.get(pk=work.pk).label == "Loss of work"


def test_accepted_codes_join_the_codebook_without_anybodys_words(survey: Survey, server: MessagesServer) -> None:
    publishing.save_version(survey, CodebookDocument(title="Tea", dimensions=(CODEBOOK.dimension("worry"),)))
    round_ = finished_round(survey, server)
    with pytest.raises(drafting.NothingAccepted):
        drafting.document_of(round_)
    Candidate.objects.update(status="accepted", examples="A clerk is let go.")
    fresh = drafting.document_of(round_).dimension("worries")
    assert {(code.key, code.label, code.examples) for code in fresh.codes} == {
        ("lies", "LIES", ("A clerk is let go.",)),
        ("losing_work", "LOSING WORK", ("A clerk is let go.",)),
        ("none", "None of these", ()),
    }
    assert (fresh.shape, fresh.questions) == ("multiple", ("worry",))
    Round.objects.update(dimension="worry")
    round_.refresh_from_db()
    joined = drafting.document_of(round_).dimension("worry").code_keys
    assert (joined[:2], set(joined[2:4]), joined[4]) == (("jobs", "lies"), {"losing_work", "lies_2"}, "none")
    text = publishing.write(drafting.document_of(round_))
    assert not [quote for quote in ProposalQuote.objects.values_list("text", flat=True) if quote in text]


@pytest.mark.parametrize(
    ("label", "taken", "key"),
    [("Losing one’s job!", (), "losing_ones_job"), ("仕事", (), "code"), ("仕事", ("code",), "code_2"), ("Été", ("ete", "ete_2"), "ete_3")],
)
def test_a_code_gets_a_key_of_its_own(label: str, taken: tuple[str, ...], key: str) -> None:
    assert drafting.free_key(label, taken) == key


def test_interviews_in_which_nothing_was_found_are_drawn_first() -> None:
    frame = {pk: "KE · en" if pk < 60 else "JP · ja" for pk in range(80)}
    chosen = drawing.drawn(frame, 12, seed=5, first={3, 61, 70, 99})
    assert (len(chosen), {3, 61, 70} <= set(chosen), 99 in chosen) == (12, True, False)
    assert chosen == drawing.drawn(frame, 12, seed=5, first={3, 61, 70, 99}) != drawing.drawn(frame, 12, seed=6, first={3, 61, 70, 99})
    plain = drawing.drawn(frame, 12, seed=5)
    assert [sum(pk >= 60 for pk in plain), len(plain), len(set(plain))] == [3, 12, 12]
    assert [len(drawing.drawn(frame, size, seed=5)) for size in (0, 1, 2, 3, 500)] == [0, 1, 2, 3, 80]


def test_what_is_coded_none_although_something_was_said_is_uncovered(survey: Survey) -> None:
    from tests.analysis.induction.coded_none import label_and_code

    interviews = label_and_code(survey)
    assert drawing.uncovered(survey, "worry", ["worry"]) == {interviews[0]}
    assert Fact.objects.filter(code="none").count() == 2


def test_offline_the_groups_are_named_after_words_and_say_so(survey: Survey) -> None:
    round_ = a_round(survey)
    run(round_, OfflineModel(LetterGroups()))
    assert (round_.status, round_.model) == (Status.DONE, "offline")
    assert {each.definition for each in Candidate.objects.all()} == {
        "Answers alike in wording or meaning, grouped offline. Named after their most typical words: not written by a language model."
    }
    assert all(" · " in each.label or each.proposals.count() for each in Candidate.objects.all())


def test_the_pages_begin_a_round_within_the_budget_and_show_it(
    survey: Survey, client: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    client.force_login(User.objects.create_superuser("ada"))
    asked = {"dimension": "(new)", "key": "worries", "title": "Worries <b>", "questions": ["worry"], "size": "4"}
    shown = client.get("/induction/tea/", asked).content.decode()
    assert "4 of 6 interviews drawn by country and language" in shown
    seed = re.search(r'name="seed" value="(\d+)"', shown)
    assert seed
    begun = client.post("/induction/tea/", asked | {"seed": seed[1]})
    round_ = Round.objects.get()
    assert (begun.url, round_.pieces.count(), str(round_.seed)) == (f"/induction/tea/{round_.pk}/", 4, seed[1])
    assert client.get(f"/induction/tea/{round_.pk}/progress").json() == {"going_on": True, "percent": 0, "said": "Waiting: 0 of 4 interviews read"}
    run(round_, ScriptedModel("offline", propose=propose_one, merge_codes={"verdicts": []}, describe_codes={"codes": []}))
    text = client.get(f"/induction/tea/{round_.pk}/").content.decode()
    assert ("Worries &lt;b&gt;" in text, "Worries <b>" in text) == (True, False)
    assert "4 interviews: too few to say how many codes are still unseen." in text
    first = Candidate.objects.order_by("pk")[0]
    client.post(f"/induction/tea/{round_.pk}/codes/{first.pk}", {"what": "accept", "revision": "0"})
    second = Candidate.objects.order_by("pk")[1]
    for label in (first.label, second.label):
        made = client.post(f"/induction/tea/{round_.pk}/codebook")
        assert made.url == f"/admin/analysis/codebookversion/draft/{survey.pk}/"
        assert label in [code["label"] for code in CodebookDraft.objects.get().content["dimensions"][0]["codes"]]
        assert client.get(made.url).status_code == 200
        client.post(f"/induction/tea/{round_.pk}/codes/{first.pk}", {"what": "refuse", "revision": "1"})
        client.post(f"/induction/tea/{round_.pk}/codes/{second.pk}", {"what": "accept", "revision": "0"})
    assert len(CodebookDraft.objects.get().content["dimensions"][0]["codes"]) == 3
    Client().force_login(User.objects.create_user("eve"))
    assert Client().post("/induction/tea/", asked).status_code == 302  # to the log-in
    assert RoundInterview.objects.count() == 4
