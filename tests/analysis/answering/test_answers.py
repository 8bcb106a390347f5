"""Answers over the wire: counts of those asked, sentences that rest on what was given, the same whatever the order of interviews."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.test import Client

from analysis.answering import beginning, counting, page
from analysis.answering.records import Answer, Inquiry, Reading, ReadingQuote
from analysis.answering.replies import Kept, Read, Sentence, Sides, Written, kept, settled
from analysis.answering.work import KIND, OFFLINE
from analysis.background import handing, running
from analysis.background.records import Status
from analysis.export.files import read as read_csv
from analysis.material import Said
from interviewer.models import Interview, Turn
from interviewer.striking import strike
from interviewer.withdrawing import withdraw
from llm import Model
from llm.anthropic import AnthropicModel
from llm.offline import OfflineModel
from surveys.models import Survey
from tests.analysis.induction.coded_none import label_and_code
from tests.analysis.talk import held
from tests.conftest import make_survey
from tests.guides import guide, question
from tests.support import answers
from tests.support.messages_server import Body, MessagesServer

pytestmark = pytest.mark.django_db(transaction=True)
GUIDE = guide(question("wish"), question("worry"))
SAID = (
    ("KE", "My job is gone because of it."),
    ("KE", "My job is safer than ever, I think."),
    ("KE", "My job? Both gone and safer, some days."),
    ("JP", "I do not think of work at all."),
    ("JP", "The job of my sister is gone too."),
)
TEXT = "People fear for their work."


def survey_of(said: Sequence[tuple[str, str]], slug: str = "tea") -> Survey:
    made = make_survey(GUIDE, slug=slug)
    for country, words in said:
        held(made, ("wish", "More time."), ("worry", words), country=country)
    held(made, ("wish", "Only time."), country="KE")  # not asked about worries
    return made


@pytest.fixture
def server() -> Iterator[MessagesServer]:
    with MessagesServer(answer=answered) as running_server:
        yield running_server


def over_the_wire(server: MessagesServer) -> Model:
    return AnthropicModel("claude-haiku-5", api_key="k", base_url=server.url, timeout=10, max_retries=0, max_concurrency=4)


def answered(body: Body) -> Body:
    fields, words = answers.schema_of(body)["properties"], answers.last_words(body)
    if "stance" in fields:
        pro, contra = (
            [{"turn": 4, "text": text} for text in re.findall(pattern, words)] for pattern in ("is gone[^.]*|Both gone", "safer than ever|and safer")
        )
        return {"stance": "mixed" if pro or contra else "silent", "quotes_for": [*pro, {"turn": 4, "text": "invented"}], "quotes_against": contra}
    asked = re.search(r"asked of (\d+)", words)
    assert asked
    return {
        "answer": [
            {"text": f"Of {asked[1]} people asked, most speak of it.", "cites": ["N1", "F1", "F9"]},
            {"text": "Of 77 people asked, all do.", "cites": ["N1"]},
            {"text": "It is so.", "cites": []},
        ],
        "counter": [{"text": "Some see it otherwise.", "cites": ["A1"]}, {"text": "Nobody knows.", "cites": ["X9"]}],
    }


def asked(survey: Survey, **fields: Any) -> Answer:
    named = {"questions": ["worry"], "kind": "hypothesis", "text": TEXT} | fields
    inquiry, _ = Inquiry.objects.get_or_create(survey=survey, text=named.pop("text"), defaults=named)
    return beginning.begin(inquiry, beginning.interviews(survey, None, 0), None)


def run(answer: Answer, model: Model) -> Answer:
    async_to_sync(running.carry_out)(KIND, answer.pk, model)
    answer.refresh_from_db()
    return answer


def test_an_answer_counts_those_asked_and_rests_on_what_was_given(server: MessagesServer) -> None:
    survey = survey_of(SAID)
    answer = run(asked(survey), over_the_wire(server))
    assert (answer.status, answer.reason, answer.sentences_dropped, answer.by_codes) == (Status.DONE, "", 3, False)
    assert [row.sentence for row in counting.rows(answer)] == [
        "Everywhere: asked of 5: for 40% (2 of 5; 95% interval 12–77%); against 20% (1 of 5; 95% interval 4–62%); "
        "mixed 20% (1 of 5; 95% interval 4–62%); silent 20% (1 of 5; 95% interval 4–62%); not reached 1; not asked 0.",
        "Kenya: asked of 3: for 33% (1 of 3; 95% interval 6–79%); against 33% (1 of 3; 95% interval 6–79%); "
        "mixed 33% (1 of 3; 95% interval 6–79%); silent 0% (0 of 3; 95% interval 0–56%); not reached 1; not asked 0.",
        "Japan: asked of 2: for 50% (1 of 2; 95% interval 9–91%); against 0% (0 of 2; 95% interval 0–66%); "
        "mixed 0% (0 of 2; 95% interval 0–66%); silent 50% (1 of 2; 95% interval 9–91%); not reached 0; not asked 0.",
    ]
    assert answer.sentences == [
        {"part": "answer", "text": "Of 5 people asked, most speak of it.", "cites": ["N1", "F1"]},
        {"part": "counter", "text": "Some see it otherwise.", "cites": ["A1"]},
    ]
    assert sum(answer.pieces.values_list("dropped", flat=True)) == 4
    assert server.requests == 5 + 1  # who was not asked is not read
    refs = ReadingQuote.objects.exclude(ref="").order_by("ref").values_list("ref", "text")
    assert {ref[0] for ref, _ in refs} == {"F", "A"}
    assert {text for _, text in refs} == {"is gone because of it", "is gone too", "Both gone", "safer than ever", "and safer"}


def test_the_order_of_interviews_changes_nothing(server: MessagesServer, settings: Any) -> None:
    """Other numbers, other order, one at a time or many: the same prompts and the same answer, byte for byte."""
    made = []
    for slug, said, at_once in (("one", SAID, 1), ("two", SAID[::-1], 4), ("three", (*SAID[2:], *SAID[:2]), 2)):
        server.bodies.clear()
        settings.LLM = settings.LLM | {"max_concurrency": at_once}
        answer = run(asked(survey_of(said, slug)), over_the_wire(server))
        prompts = [json.dumps(body, sort_keys=True) for body in server.bodies]
        made.append((sorted(prompts[:-1]), prompts[-1], answer.sentences, answer.fingerprint))
    assert made[0] == made[1] == made[2]
    assert len(made[0][0]) == 5


def test_a_further_version_reads_only_what_has_changed_and_says_why_one_is_stale(server: MessagesServer) -> None:
    survey = survey_of(SAID)
    first = run(asked(survey), over_the_wire(server))
    Answer.objects.update(model="offline")  # which is the model set in tests
    first.refresh_from_db()
    assert beginning.stale(survey, first) == ()
    held(survey, ("wish", "x"), ("worry", "The job of a friend is gone."), country="JP")
    strike(Interview.objects.order_by("pk")[0].turns.get(number=4))
    first.refresh_from_db()
    assert beginning.stale(survey, first) == (
        "Words it was made from have been struck, withdrawn or masked.",
        "1 of the interviews it was made from no longer count.",
        "1 interviews count now that it was not made from.",
    )
    before = server.requests
    second = run(asked(survey), over_the_wire(server))
    assert (second.number, server.requests - before) == (2, 2 + 1)  # the new interview, the one with words struck, and the writing
    assert second.pieces.get(interview=Interview.objects.order_by("pk")[0]).stance == "silent"
    Inquiry.objects.update(text="Otherwise.")
    Answer.objects.update(model="offline", prompt_version="old")
    assert beginning.stale(survey, Answer.objects.select_related("inquiry").get(number=2)) == (
        "What was asked has been changed.",
        "The prompt has been changed.",
    )


def test_what_is_struck_or_withdrawn_takes_its_sentences_with_it(server: MessagesServer) -> None:
    survey = survey_of(SAID)
    answer = run(asked(survey), over_the_wire(server))
    Answer.objects.update(wording="As I say.")
    against = ReadingQuote.objects.get(ref="A1").reading.interview
    strike(against.turns.get(number=4))
    answer.refresh_from_db()
    assert ([each["part"] for each in answer.sentences], answer.struck, answer.wording) == (["answer"], True, "As I say.")
    withdraw(ReadingQuote.objects.get(ref="F1").reading.interview.participant)
    answer.refresh_from_db()
    assert answer.sentences == []
    assert not ReadingQuote.objects.filter(ref__in=("A1", "F1")).exists()


def test_it_goes_on_after_a_crash_and_reads_nothing_twice(server: MessagesServer, settings: Any) -> None:
    settings.LLM = settings.LLM | {"max_concurrency": 1}
    answer = asked(survey_of(SAID))
    server.schedule(None, None, {"fault": "529"})
    assert async_to_sync(running.carry_out)(KIND, answer.pk, over_the_wire(server)) is not None
    answer.refresh_from_db()
    done = answer.pieces.filter(status="done").count()
    assert (answer.status, answer.reason.split(":")[0], done) == (Status.WAITING, "overloaded", 2)
    before = server.requests
    assert run(answer, over_the_wire(server)).status == Status.DONE
    assert server.requests - before == 4  # three interviews and the writing


def test_offline_codes_are_counted_if_named_and_else_it_says_what_it_takes() -> None:
    survey = survey_of(SAID)
    answer = run(asked(survey), OfflineModel())
    assert (answer.status, answer.reason) == (Status.FAILED, f"unavailable: {OFFLINE}")
    label_and_code(survey)
    coded = run(asked(survey, text="Jobs.", dimension="worry", codes_for=["jobs"]), OfflineModel())
    assert (coded.status, coded.by_codes) == (Status.DONE, True)
    assert coded.sentences == [{"part": "answer", "text": counting.rows(coded)[0].sentence, "cites": ["N1"]}]
    assert counting.rows(coded)[0].stances == {"for": 1, "silent": 4}


def said(text: str) -> Said:
    return Said(7, 2, "participant", text, None, "worry", "?", (), "en", "en")


@pytest.mark.parametrize(
    ("stance", "pro", "contra", "found"),
    [
        ("for", ["is gone"], [], Read("for", 1, 0)),
        ("for", [], ["is gone"], Read("against", 1, 0)),
        ("for", ["is gone"], ["My job"], Read("mixed", 2, 0)),
        ("mixed", ["invented"], ["My job"], Read("against", 1, 1)),
        ("against", [], ["invented"], Read("silent", 0, 1)),
        ("silent", ["is gone"], [], Read("silent", 0, 0)),
    ],
)
def test_a_stance_is_what_the_quotes_bear_out(stance: Any, pro: list[str], contra: list[str], found: Any) -> None:
    quotes = [[{"turn": 2, "text": text} for text in texts] for texts in (pro, contra)]
    read = settled(Sides(stance=stance, quotes_for=quotes[0], quotes_against=quotes[1]), [said("My job is gone.")])
    assert (read.stance, len(read.evidence), read.dropped) == (found.stance, found.evidence, found.dropped)


@pytest.mark.parametrize(
    ("text", "cites", "stands"),
    [
        ("2 of 5 (40%) say so.", ["N1"], ["N1"]),
        ("3 of 5 say so.", ["N1"], None),
        ("40 say so.", ["N1"], None),
        ("12% to 77% say so.", ["N1"], ["N1"]),
        ("12 say so.", ["N1"], None),
        ("One of them is 61.", ["F1"], ["F1"]),
        ("40% say so.", ["F1"], None),
        ("Many say so.", ["F1", "N1", "F1", "F2"], ["F1", "N1"]),
        ("Many say so.", ["F2"], None),
        (" ", ["F1"], None),
    ],
)
def test_a_sentence_stands_on_what_it_cites(text: str, cites: list[str], stands: list[str] | None) -> None:
    reply = Written(answer=[Sentence(text=text, cites=cites)], counter=[])
    found = kept(reply, {"N1": "Everywhere: 40% (2 of 5; 95% interval 12–77%)"}, {"F1": "I am 61."})
    assert found == ((() if stands is None else (Kept("answer", text, tuple(stands)),)), int(stands is None))


def test_the_pages_take_hypotheses_over_and_every_number_opens_as_many(client: Client, server: MessagesServer) -> None:
    survey_of(SAID)
    Survey.objects.update(hypotheses=f"{TEXT}\n\nPeople <b>hope</b>.\n")
    client.force_login(User.objects.create_superuser("ada"))
    client.post("/findings/tea/answers/ask", {"hypotheses": "1"})
    assert list(Inquiry.objects.values_list("kind", "text")) == [("hypothesis", TEXT), ("hypothesis", "People <b>hope</b>.")]
    inquiry = Inquiry.objects.get(text=TEXT)
    client.post(f"/findings/tea/answers/{inquiry.pk}/ask", {"kind": "hypothesis", "text": TEXT, "questions": ["worry"]})
    shown = client.get("/findings/tea/answers/", {"inquiries": [inquiry.pk], "size": "", "seed": "1"}).content.decode()
    assert ("About $0.00 for 6 interviews." in shown, "People &lt;b&gt;hope" in shown) == (True, True)
    client.post("/findings/tea/answers/begin", {"inquiries": [inquiry.pk], "size": "", "seed": "1"})
    answer = run(Answer.objects.get(), over_the_wire(server))
    address = f"/findings/tea/answers/{inquiry.pk}/"
    text = client.get(address).content.decode()
    links = re.findall(r'<a href="(/findings/tea/answers/[^"]*/interviews/[^"]*)">(\d+)</a>', text)
    assert len(links) == 3 * 5
    for link, n in links:
        assert f"<strong>{n}</strong> interview" in client.get(link.replace("&amp;", "&")).content.decode()
    turn = ReadingQuote.objects.get(ref="F1")
    assert f'href="/findings/tea/interviews/{turn.reading.interview_id}/#turn-4">F1</a>' in text
    client.post(f"{address}1/wording", {"what": "save", "wording": "As <i>I</i> see it."})
    client.post(f"{address}1/wording", {"what": "approve"})
    text = client.get(address).content.decode()
    assert ("As &lt;i&gt;I&lt;/i&gt; see it." in text, "approved by ada" in text, "most speak of it" in text) == (True, True, True)
    answer.refresh_from_db()
    assert (answer.wording, str(answer.approved_by), len(answer.sentences)) == ("As <i>I</i> see it.", "ada", 2)


def test_answers_and_their_evidence_are_exported_with_their_dictionaries(client: Client, server: MessagesServer, tmp_path: Path) -> None:
    survey = survey_of(SAID)
    run(asked(survey), over_the_wire(server))
    client.force_login(User.objects.create_superuser("ada"))
    tables = {}
    for name in ("answers", "evidence"):
        for part in ("", ".dictionary"):
            (tmp_path / f"{name}{part}.csv").write_bytes(client.get(f"/findings/tea/exports/{name}{part}.csv?for=team").getvalue())
        tables[name] = read_csv(tmp_path / f"{name}.csv")
    everywhere, kenya, japan = tables["answers"]
    assert [(each["country"], each["asked"], each["for"], each["against"], each["not_reached"]) for each in (everywhere, kenya, japan)] == [
        ("all", 5, 2, 1, 1),
        ("KE", 3, 1, 1, 1),
        ("JP", 2, 1, 0, 0),
    ]
    assert (everywhere["answer"], kenya["answer"]) == ("Of 5 people asked, most speak of it. [N1, F1]", "")
    assert sorted((each["side"], each["stance"], each["quote"]) for each in tables["evidence"]) == [
        ("against", "against", "safer than ever"),
        ("against", "mixed", "and safer"),
        ("for", "for", "is gone because of it"),
        ("for", "for", "is gone too"),
        ("for", "mixed", "Both gone"),
    ]
    texts = {(each.interview_id, each.number): each.text for each in Turn.objects.all()}
    assert all(texts[each["interview_id"], each["turn"]][each["start"] : each["end"]] == each["quote"] for each in tables["evidence"])


def test_what_identifies_people_is_in_no_prompt_and_on_no_page(client: Client, server: MessagesServer) -> None:
    survey = survey_of([("KE", "My job is gone because of it, write to ada@example.org or not.")])
    server.answer = lambda body: (
        {"stance": "for", "quotes_for": [{"turn": 4, "text": "write to [e-mail] or"}], "quotes_against": []}
        if "stance" in answers.schema_of(body)["properties"]
        else answered(body)
    )
    answer = run(asked(survey), over_the_wire(server))
    quote = ReadingQuote.objects.get()
    assert (quote.ref, quote.turn.text[quote.start : quote.end]) == ("F1", "write to ada@example.org or")
    client.force_login(User.objects.create_superuser("ada"))
    pages = [client.get(f"/findings/tea/answers/{answer.inquiry_id}/{path}").content.decode() for path in ("", "1/interviews/")]
    assert [("write to [e-mail] or" in page, "example.org" in page) for page in pages] == [(True, False)] * 2
    assert not [body for body in server.bodies if "example.org" in json.dumps(body)]


def test_a_sample_is_drawn_alike_for_every_question() -> None:
    survey = survey_of(SAID)
    one = beginning.interviews(survey, 3, 7)
    assert (len(one), beginning.interviews(survey, 3, 7), len(beginning.interviews(survey, None, 7))) == (3, one, 6)
    assert page.progress(asked(survey)).total == Reading.objects.count() == 6
    assert handing.sweep() == 1
