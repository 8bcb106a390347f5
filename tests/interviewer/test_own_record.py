"""A participant's own record: read back, taken away, corrected, struck."""

import json
import re
from html import unescape

import pytest
from django.test import Client

from interviewer.amendments import Correction, Strike
from interviewer.models import Interview, Turn
from surveys import receipts
from surveys.models import ConsentRecord, Participant, Survey
from tests.conftest import make_interview, make_survey
from tests.guides import TWO_OPEN, guide, question

pytestmark = pytest.mark.django_db
SECRET = "My neighbour Ferdinand brews it."
ECHO = "You said that Ferdinand brews it. Why?"


def heading(response) -> str:
    return unescape(re.search(r"<h1>(.*?)</h1>", response.content.decode(), re.DOTALL)[1])


@pytest.fixture
def survey() -> Survey:
    return make_survey(TWO_OPEN)


@pytest.fixture
def interview(survey: Survey) -> Interview:
    made = make_interview(survey, country="KE", age_band="25-34", gender="woman", occupation="<Nurse>", external_id="panel-7")
    turns = [
        ("interviewer", "open", "Hello.\n\n[en] last_cup?", ""),
        ("participant", "answer", SECRET, ""),
        ("interviewer", "probe", ECHO, "claude-test"),
        ("participant", "skip", "", ""),
        ("interviewer", "ask", "Thank you.\n\n[en] best_cup?", "claude-test"),
    ]
    for number, (role, move, text, model) in enumerate(turns, start=1):
        made.turns.create(number=number, role=role, move=move, text=text, model=model)
    return made


def address(interview: Interview, page: str = "record") -> str:
    return f"/i/{interview.participant.token}/{page}"


def finish(interview: Interview) -> None:
    Interview.objects.filter(pk=interview.pk).update(status="completed", awaiting="nobody", satisfaction=6, would_recommend=True)


def test_the_record_reads_back_both_sides_the_consent_and_the_profile(client: Client, interview: Interview) -> None:
    page = client.get(address(interview))
    html = unescape(page.content.decode())
    shown = re.findall(r'<li id="turn-(\d)" class="turn (\w+)">.*?<p dir="auto">(.*?)</p>', html, re.DOTALL)
    assert heading(page) == "Your record"
    assert shown == [
        ("1", "interviewer", "Hello.\n\n[en] last_cup?"),
        ("2", "participant", SECRET),
        ("3", "interviewer", ECHO),
        ("4", "participant", "<em>Skipped</em>"),
        ("5", "interviewer", "Thank you.\n\n[en] best_cup?"),
    ]
    assert re.findall(r"<dt>(.*?)</dt><dd dir=\"auto\">(.*?)</dd>", html) == [
        ("Language", "English"),
        ("Country where you live", "Kenya"),
        ("Age", "25–34"),
        ("Gender", "Woman"),
        ("Occupation", "<Nurse>"),
    ]
    assert "<p>I agree.</p>" in html
    assert receipts.code(interview.participant.token) in html
    assert "Back to the interview" in html
    assert "&lt;Nurse&gt;" in page.content.decode()


def test_it_speaks_the_participants_language_from_right_to_left(client: Client, survey: Survey) -> None:
    interview = make_interview(survey, language="ar")
    for page in ("record", "withdraw"):
        assert '<html lang="ar" dir="rtl">' in client.get(address(interview, page)).content.decode()


def test_the_json_holds_everything(client: Client, interview: Interview) -> None:
    finish(interview)
    page = client.get(address(interview, "record.json"))
    held = json.loads(page.content)
    assert page["Content-Disposition"] == 'attachment; filename="record.json"'
    assert held["consent"]["text"] == "I agree."
    assert held["participant"] == {
        "language": "en",
        "country": "KE",
        "age_band": "25-34",
        "gender": "woman",
        "occupation": "<Nurse>",
        "browser_languages": "",
        "external_id": "panel-7",
        "origin": "live",
        "screening": {},
    }
    assert (held["interview"]["status"], held["interview"]["satisfaction"], held["interview"]["would_recommend"]) == ("completed", 6, True)
    assert [(turn["number"], turn["role"], turn["text"]) for turn in held["turns"]] == list(
        interview.turns.order_by("number").values_list("number", "role", "text")
    )
    assert held["receipt_code"] == receipts.code(interview.participant.token)


def test_the_text_can_be_read_without_a_program(client: Client, interview: Interview) -> None:
    page = client.get(address(interview, "record.txt"))
    text = page.content.decode()
    assert (page["Content-Type"], page["Content-Disposition"]) == ("text/plain; charset=utf-8", 'attachment; filename="record.txt"')
    assert f"You:\n{SECRET}\n" in text
    assert "Occupation: <Nurse>" in text
    assert "I agree." in text


def test_a_record_can_be_read_before_anything_was_said(client: Client, survey: Survey) -> None:
    participant = Participant.objects.create(survey=survey, language="en")
    ConsentRecord.objects.create(participant=participant, guide_version=survey.current_version, language="en", text="I agree.", given=True)
    assert "Nothing has been said yet." in client.get(f"/i/{participant.token}/record").content.decode()
    assert json.loads(client.get(f"/i/{participant.token}/record.json").content)["interview"] is None
    assert client.post(f"/i/{participant.token}/record", {"text": "Too early."}).status_code == 200
    assert not Correction.objects.exists()
    assert not Interview.objects.exists()


@pytest.mark.parametrize("page", ["record", "record.txt", "record.json", "strike/2", "withdraw"])
def test_no_page_is_kept_by_a_cache_and_none_opens_without_the_link(client: Client, interview: Interview, page: str) -> None:
    assert client.get(address(interview, page))["Cache-Control"] == "no-store"
    assert client.get(f"/i/nobody/{page}").status_code == 404


def test_what_may_be_struck_is_ones_own_words_and_what_answers_them(client: Client, interview: Interview) -> None:
    def offered() -> list[str]:
        return re.findall(r'href="/i/[^"]+/strike/(\d)"', client.get(address(interview)).content.decode())

    assert offered() == ["2", "3"]
    finish(interview)
    assert offered() == ["2", "3", "5"]


def test_striking_asks_first_and_reading_changes_nothing(client: Client, interview: Interview) -> None:
    page = client.get(address(interview, "strike/2"))
    assert heading(page) == "Strike out these words?"
    assert SECRET in page.content.decode()
    assert interview.turns.get(number=2).text == SECRET
    assert not Strike.objects.exists()


def test_struck_words_are_gone_for_good_and_every_page_says_so(client: Client, interview: Interview) -> None:
    interview.turns.filter(number=2).update(value="ferdinand")
    for number in (2, 3, 2):
        assert client.post(address(interview, f"strike/{number}"))["Location"] == address(interview, f"record#turn-{number}")
    assert list(Turn.objects.filter(strike__isnull=False).order_by("number").values_list("number", "text", "value")) == [(2, "", None), (3, "", None)]
    pages = {name: client.get(address(interview, name)).content.decode() for name in ("record", "record.txt", "record.json", "")}
    assert [name for name, page in pages.items() if "erdinand" in page] == []
    assert [pages[name].count("Struck out by the participant") for name in ("record", "record.txt", "")] == [2, 2, 2]
    struck = [turn["number"] for turn in json.loads(pages["record.json"])["turns"] if turn["struck_at"]]
    assert struck == [2, 3]


@pytest.mark.parametrize("number", ["1", "4", "5", "9"])
def test_what_cannot_be_struck_leads_back_unchanged(client: Client, interview: Interview, number: str) -> None:
    before = list(interview.turns.order_by("number").values_list("text", flat=True))
    assert client.post(address(interview, f"strike/{number}"))["Location"] == address(interview, f"record#turn-{number}")
    assert list(interview.turns.order_by("number").values_list("text", flat=True)) == before
    assert not Strike.objects.exists()


def test_a_link_strikes_only_in_its_own_interview(client: Client, survey: Survey, interview: Interview) -> None:
    other = make_interview(survey)
    client.post(address(other, "strike/2"))
    assert interview.turns.get(number=2).text == SECRET


def test_a_correction_is_kept_and_shown(client: Client, interview: Interview) -> None:
    page = client.post(address(interview), {"text": "  It was <coffee>.  "})
    assert page["Location"] == address(interview, "record#corrections")
    assert list(Correction.objects.values_list("interview", "text")) == [(interview.pk, "It was <coffee>.")]
    assert "It was &lt;coffee&gt;." in client.get(address(interview)).content.decode()
    assert "It was <coffee>." in client.get(address(interview, "record.txt")).content.decode()


@pytest.mark.parametrize("text", ["", "   ", "x" * 10_001])
def test_an_empty_or_endless_correction_is_refused_with_its_reason(client: Client, interview: Interview, text: str) -> None:
    page = client.post(address(interview), {"text": text})
    assert 'aria-describedby="text_error"' in page.content.decode()
    assert not Correction.objects.exists()


def test_other_sites_can_do_nothing(interview: Interview) -> None:
    foreign = Client(enforce_csrf_checks=True)
    pages = ("record", "strike/2", "withdraw")
    assert [foreign.post(address(interview, page), {"text": "x"}).status_code for page in pages] == [403, 403, 403]
    assert foreign.post("/withdraw", {"code": receipts.code(interview.participant.token)}).status_code == 403
    assert Participant.objects.filter(pk=interview.participant_id).exists()


def test_the_pages_of_the_conversation_lead_to_the_record(client: Client, interview: Interview) -> None:
    link = f'href="{address(interview)}"'
    assert link in client.get(address(interview, "")).content.decode()
    finish(interview)
    thanks = client.get(address(interview, "thanks")).content.decode()
    assert link in thanks
    assert receipts.code(interview.participant.token) in thanks
    assert [link in client.get(page).content.decode() for page in (address(interview, ""), "/s/tea/")] == [True, True]


def test_a_closed_answer_is_read_back_in_its_words(client: Client) -> None:
    choice = question("sort", "single", options=["green", "black"], labels=["Green tea", "Black tea"])
    interview = make_interview(make_survey(guide(choice), slug="choice"))
    interview.turns.create(number=1, role="interviewer", move="open", text="[en] sort?", question_key="sort")
    interview.turns.create(number=2, role="participant", move="answer", text="Green tea", value="green", question_key="sort")
    assert "Green tea" in client.get(address(interview)).content.decode()
    assert json.loads(client.get(address(interview, "record.json")).content)["turns"][1]["value"] == "green"
