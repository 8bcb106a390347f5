"""What identifies people is planted in an interview, and every page and file a researcher can get, and every prompt, is looked through for it."""

import io
import json
import re
from html import unescape
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from analysis import pipeline
from analysis.models import Coding, InterviewAnalysis, Quote, Summary, Translation
from analysis.privacy.records import Mask
from interviewer.amendments import Correction
from interviewer.flags import Flag
from interviewer.models import Interview, Turn
from tests.analysis.talk import ScriptedModel, coded, held, survey_with_codebook
from tests.llm.calling import model as wired
from tests.support.messages_server import MessagesServer

pytestmark = pytest.mark.django_db(transaction=True)
WISH = "My name is Ngozi Okafor. I want more time with Adaeze, write to ngozi@mail.example or +234 803 555 0199."
PLANTED = ("Ngozi", "Okafor", "ngozi@mail.example", "803 555 0199", "@ngozi_o", "7 Marina Road")
OWN_PAGES = re.compile(r"^/(i|s)/|/logout/|/jsi18n/|/password_change/|^/static/")
FILTERS = re.compile(r"^/admin/.*(\?|/add/$)")  # the same rows in another order, and empty forms
MOST_PAGES = 400


@pytest.fixture
def interview() -> Interview:
    made = held(survey_with_codebook(), ("wish", WISH), ("worry", "That people lose their jobs."), occupation="Nurse, ask for @ngozi_o")
    Interview.objects.filter(pk=made.pk).update(completed_at=timezone.now())
    thanks = Turn.objects.create(interview=made, number=5, role="interviewer", text="Thank you, Ngozi!", move="probe", model="m")
    Turn.objects.create(interview=made, number=6, role="participant", text="I am Okafor's eldest.", question_key="worry", move="answer")
    Correction.objects.create(interview=made, text="I meant 7 Marina Road, by Okafor, who is called Mr Okafor.")
    Flag.objects.create(turn=thanks, reason="It wrote my name is Ngozi, from ngozi@mail.example.")
    return made


def analysed(interview: Interview, **answers: object) -> ScriptedModel:
    codes = {"wish": [coded("time", (2, "[name]. I want more time"))], "worry": [coded("jobs", (4, "lose their jobs"))], "mood": [coded("4")]}
    model = ScriptedModel(**({"code": codes} | answers))
    assert async_to_sync(pipeline.analyse)(interview.pk, model).status == "done"
    return model


def crawled(client: Client, *first: str, depth: int = 9) -> dict[str, str]:
    """Every page and file that links lead to from the first ones, in so many steps."""
    waiting, steps, pages = list(first), dict.fromkeys(first, 0), dict[str, str]()
    while waiting and len(pages) < MOST_PAGES:
        address = waiting.pop(0)
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        pages[address] = body.decode()
        if response.status_code == 200 and "html" in response.headers["Content-Type"]:
            for link in re.findall(r'href="([^"#]+)', pages[address]):
                link = unescape(link)
                link = address.partition("?")[0] + link if link.startswith("?") else link
                if link.startswith("/") and not OWN_PAGES.search(link) and not FILTERS.search(link) and link not in steps and steps[address] < depth:
                    steps[link] = steps[address] + 1
                    waiting.append(link)
    assert len(pages) < MOST_PAGES
    return pages


def leaks(pages: dict[str, str]) -> set[tuple[str, str]]:
    return {(address, planted) for address, body in pages.items() for planted in PLANTED if planted in unescape(body)}


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("boss"))
    return client


def test_no_page_and_no_file_shows_it_before_the_analysis_has_been_there(staff: Client, interview: Interview) -> None:
    pages = crawled(staff, f"/findings/tea/interviews/{interview.pk}/", f"/admin/interviewer/interview/{interview.pk}/change/", depth=1)
    assert leaks(pages) == set()
    assert "My name is [name]. I want more time with Adaeze, write to [e-mail] or [phone]." in pages[f"/findings/tea/interviews/{interview.pk}/"]


def test_no_page_and_no_file_shows_it_afterwards_and_quotes_keep_their_places(staff: Client, interview: Interview) -> None:
    analysed(interview, mask={"found": [{"turn": 2, "text": "Adaeze", "kind": "name"}, {"turn": 4, "text": "Zed", "kind": "name"}]})
    # Made before anything was masked:
    Summary.objects.update(text="Write to ngozi@mail.example. My name is Okafor.")
    Translation.objects.create(turn=interview.turns.get(number=2), language="en", text="Write to ngozi@mail.example.", model="m")
    pages = crawled(staff, "/findings/", "/findings/tea/exports/?for=team", "/admin/")
    assert leaks(pages) | {(address, "Adaeze") for address, body in pages.items() if "Adaeze" in body} == set()
    assert {f"/findings/tea/interviews/{interview.pk}/", "/findings/tea/exports/turns.csv?for=team", "/admin/interviewer/flag/"} <= pages.keys()
    quote = Quote.objects.get(coding__code="time")
    assert quote.turn.text[quote.start : quote.end] == "Ngozi Okafor. I want more time"
    assert "<mark>[name]. I want more time</mark> with [name]" in pages["/findings/tea/quotes/?dimension=wish"]


def test_no_exported_file_holds_it_and_the_places_given_fit_the_words_given(interview: Interview, tmp_path: Path) -> None:
    from analysis.export import files

    analysed(interview)
    call_command("export", "tea", format="csv", output=tmp_path, include_pilot=True, verbosity=0, stdout=io.StringIO())
    assert leaks({path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}) == set()
    turns = {row["number"]: row["text"] for row in files.read(tmp_path / "turns.csv")}
    rows = [row for row in files.read(tmp_path / "codings.csv") if row["turn"]]
    assert [turns[row["turn"]][row["start"] : row["end"]] for row in rows] == [row["quote"] for row in rows]
    assert rows[0]["quote"] == "[name]. I want more time"
    labels = [row for row in files.read(tmp_path / "quality.csv") if row["turn"]]
    assert [turns[row["turn"]][row["start"] : row["end"]] for row in labels] == [row["quote"] for row in labels]


def test_no_prompt_of_the_analysis_holds_it(interview: Interview) -> None:
    model = analysed(interview)
    assert model.names == ["mask", "summarise", "code", "quality"]
    said = {
        str(place): json.dumps([prompt.system, *(m.text for m in prompt.messages), dict(prompt.facts)]) for place, prompt in enumerate(model.calls)
    }
    assert leaks(said) == set()


def test_the_participant_reads_their_own_words(client: Client, interview: Interview) -> None:
    analysed(interview)
    assert "ngozi@mail.example" in client.get(f"/i/{interview.participant.token}/record").content.decode()


def test_struck_words_take_their_masks_along(client: Client, interview: Interview) -> None:
    analysed(interview)
    turn = interview.turns.get(number=2)
    assert Mask.objects.filter(turn=turn).count() == 3
    client.post(f"/i/{interview.participant.token}/strike/2")
    assert not Mask.objects.filter(turn=turn).exists()
    InterviewAnalysis.objects.update(status="waiting")
    analysed(interview, code={"wish": [coded("none")], "worry": [coded("none")], "mood": [coded("4")]})
    assert not Coding.objects.filter(code="time").exists()


def test_nothing_of_it_goes_over_the_wire_to_a_models_server(messages_server: MessagesServer, interview: Interview) -> None:
    assert async_to_sync(pipeline.analyse)(interview.pk, wired(messages_server)).status == "done"
    assert len(messages_server.bodies) == 4
    assert leaks({str(place): json.dumps(body, ensure_ascii=False) for place, body in enumerate(messages_server.bodies)}) == set()
