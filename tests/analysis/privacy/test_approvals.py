"""Quotes on their way out: reviewed by a person, exported for others only once approved, for the team with permission and on record."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.test import Client

from analysis.export import files
from analysis.models import Quote
from analysis.privacy.approvals import approved_quotes
from analysis.privacy.crowd import of
from analysis.privacy.records import ExportMade, QuoteApproval
from interviewer.models import Interview
from surveys.models import Survey
from tests.analysis.privacy.test_sweep import analysed
from tests.analysis.researchers import researcher
from tests.analysis.talk import ScriptedModel, coded, held, survey_with_codebook

pytestmark = pytest.mark.django_db(transaction=True)
WISH = "As a nurse in Tromsø I want time. My name is Ngozi."
WORRY = "That machines lie to us."


@pytest.fixture
def survey() -> Survey:
    survey = survey_with_codebook()
    codes = {"wish": [coded("time", (2, "a nurse in Tromsø I want time. My name is [name]"))], "worry": [coded("lies", (4, "machines lie"))]}
    for occupation in ("Nurse", " nurse "):
        made = held(survey, ("wish", WISH), ("worry", WORRY), country="NO", occupation=occupation)
        analysed(made, code=codes | {"mood": [coded("4")]})
    return survey


@pytest.fixture
def reviewer(client: Client) -> Client:
    client.force_login(researcher("ada", "add_quoteapproval"))
    return client


def page(client: Client, query: str = "") -> str:
    return client.get(f"/findings/tea/review/?{query}").content.decode()


def decide(client: Client, quote: Quote, act: str, **fields: str) -> Any:
    return client.post(f"/findings/tea/review/{quote.pk}", {"act": act, "here": "state=all"} | fields)


def exported(folder: Path, readers: str) -> list[dict[str, Any]]:
    call_command("export", "tea", "--for", readers, output=folder, verbosity=0, stdout=io.StringIO())
    return files.read(folder / "approved_quotes.csv")


def first(code: str) -> Quote:
    quote = Quote.objects.filter(coding__code=code).order_by("pk").first()
    assert quote is not None
    return quote


def test_a_quote_is_shown_with_what_may_point_to_its_speaker(reviewer: Client, survey: Survey) -> None:
    shown = page(reviewer)
    assert shown.count("Risk: some") == 4
    assert "a health worker in Norway I want time. My name is [name]" in shown
    assert "2 of 2 people in the survey have this country, age, gender and occupation" in shown
    assert "Ngozi" not in shown
    assert (of(survey, {"live"}).smallest, of(survey, {"live"}).exposed) == (2, 2)


def test_only_what_a_person_has_approved_leaves_and_in_the_words_they_approved(reviewer: Client, survey: Survey, tmp_path: Path) -> None:
    assert approved_quotes(survey) == ()
    assert exported(tmp_path, "public") == []
    decide(reviewer, first("time"), "approved", wording="A health worker in Norway: I want time")
    decide(reviewer, first("lies"), "approved", wording="machines lie")
    found = approved_quotes(survey)
    assert [(each.text, each.is_reworded, each.codes) for each in found] == [
        ("A health worker in Norway: I want time", True, (("wish", "time"),)),
        ("machines lie", False, (("worry", "lies"),)),
    ]
    assert [row["quote"] for row in exported(tmp_path, "public")] == ["A health worker in Norway: I want time", "machines lie"]
    assert {path.name for path in tmp_path.iterdir()} == {"manifest.json"} | {
        f"{name}{end}.csv" for name in ("themes", "themes_by_country", "approved_quotes") for end in ("", ".dictionary")
    }
    assert first("time").text == "a nurse in Tromsø I want time. My name is [name]"  # the original is kept


def test_the_newest_decision_holds_and_refusing_needs_a_reason(reviewer: Client, survey: Survey) -> None:
    quote = first("lies")
    decide(reviewer, quote, "approved", wording="machines lie")
    decide(reviewer, quote, "refused", reason=" ")
    assert len(approved_quotes(survey)) == 1
    decide(reviewer, quote, "refused", reason="Too close")
    assert approved_quotes(survey) == ()
    assert "Refused by ada" in page(reviewer, "state=refused")
    assert [(each.status, each.by_name, each.reason) for each in QuoteApproval.objects.order_by("pk")] == [
        ("approved", "ada", ""),
        ("refused", "ada", "Too close"),
    ]


def test_quotes_are_found_by_theme_country_language_and_state(reviewer: Client, survey: Survey) -> None:
    decide(reviewer, first("lies"), "approved")
    counts = {
        query: page(reviewer, query).count('class="card"')
        for query in ("", "state=all", "state=approved", "theme=wish:time", "theme=worry:jobs", "country=KE", "language=en")
    }
    assert counts == {
        "": 3, "state=all": 4, "state=approved": 1, "theme=wish:time": 2, "theme=worry:jobs": 0, "country=KE": 0, "language=en": 3,
    }  # fmt: skip


def test_a_models_wording_is_a_proposal_and_the_model_reads_masked_words(reviewer: Client, survey: Survey, monkeypatch: pytest.MonkeyPatch) -> None:
    model = ScriptedModel(generalise={"wording": "As a health worker I want time, says Ngozi, of ngozi@mail.example."})
    monkeypatch.setattr("analysis.privacy.review_views.model_for", lambda purpose: model)
    decide(reviewer, first("time"), "suggest")
    assert "Ngozi" not in str(model.calls)
    assert approved_quotes(survey) == ()
    assert QuoteApproval.objects.get().wording == "As a health worker I want time, says [name], of [e-mail]."
    assert "As a health worker I want time, says [name], of [e-mail].</textarea>" in page(reviewer)


def test_who_may_not_approve_cannot(client: Client, survey: Survey) -> None:
    client.force_login(researcher("reader"))
    assert decide(client, first("lies"), "approved").status_code == 403
    assert "<textarea" not in page(client)


def test_the_team_reads_all_words_masked_with_permission_and_on_record(client: Client, survey: Survey) -> None:
    user = researcher("ada")
    client.force_login(user)
    address = "/findings/tea/exports/turns.csv"
    assert client.get(address).status_code == 403
    assert client.get(f"{address}?for=team").status_code == 403
    assert not ExportMade.objects.exists()
    user.user_permissions.add(Permission.objects.get(codename="export_for_team"))
    whole = b"".join(client.get(f"{address}?for=team").streaming_content).decode()
    assert ("machines lie" in whole, "Ngozi" in whole) == (True, False)
    assert list(ExportMade.objects.values_list("survey__slug", "table", "by_name")) == [("tea", "turns", "ada")]


def test_struck_words_are_approved_no_more_and_only_the_decision_stays(reviewer: Client, survey: Survey) -> None:
    decide(reviewer, first("time"), "approved", wording="A health worker wants time", reason="She said so")
    turn = first("time").turn
    Client().post(f"/i/{turn.interview.participant.token}/strike/{turn.number}")
    assert approved_quotes(survey) == ()
    assert list(QuoteApproval.objects.values_list("status", "wording", "reason", "by_name")) == [("approved", "", "", "ada")]
    Client().post(f"/i/{turn.interview.participant.token}/withdraw")
    assert (QuoteApproval.objects.count(), Interview.objects.count()) == (0, 1)
