"""The coders' pages: who may open which, what is kept from them, and what the page's script is answered."""

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from analysis.export.columns import Scope
from analysis.export.tables import TABLES
from analysis.models import Coding
from analysis.sampling.labels import labels
from analysis.sampling.records import CodingSample, HumanCoding
from surveys.models import Survey
from tests.analysis.by_hand.desk import codes, person, sample_for, signed_in, survey_of
from tests.analysis.sampling.sampled import coded_by

pytestmark = pytest.mark.django_db
DRAW = {
    "name": "Worries",
    "dimensions": ["worry"],
    "aim": "prevalence",
    "half_width": 20,
    "per": "everyone",
    "expected": 50,
    "share": 50,
    "by": ["language", "label", "band"],
    "method": "proportional",
    "seed": 5,
}


@pytest.fixture
def survey() -> Survey:
    return survey_of(6)


@pytest.fixture
def ana() -> User:
    return person("ana", "may_code")


@pytest.fixture
def noor() -> User:
    return person("noor", "may_code")


@pytest.fixture
def lead() -> Client:
    return signed_in(person("lead", "may_code", "may_adjudicate", "add_codingsample", staff=True))


def first_of(user: User) -> HumanCoding:
    return HumanCoding.objects.filter(coder=user).order_by("position")[0]


def text(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_each_page_opens_for_whom_it_is(survey: Survey, ana: User, noor: User, lead: Client) -> None:
    sample = sample_for(survey, ana)
    mine = first_of(ana).pk
    pages = {
        "/coding/": (200, 200, 200, 403),
        "/coding/tea/": (200, 200, 200, 403),
        "/coding/tea/draw/": (403, 403, 200, 403),
        f"/coding/tea/samples/{sample.pk}/": (403, 403, 200, 403),
        f"/coding/tea/answers/{mine}/": (200, 404, 404, 403),
        "/coding/nothing/": (404, 404, 404, 403),
        "/findings/tea/": (302, 302, 200, 302),
    }
    clients = (signed_in(ana), signed_in(noor), lead, signed_in(person("guest")))
    assert {page: tuple(client.get(page).status_code for client in clients) for page in pages} == pages
    assert "Please enter a correct username" in text(
        Client(headers={"Accept-Language": "ar"}).post("/coding/sign-in/", {"username": "ana", "password": "no"})
    )
    assert Client().get(f"/coding/tea/answers/{mine}/").url == f"/coding/sign-in/?next=/coding/tea/answers/{mine}/"
    for act in ("save", "finish", "skip"):
        assert codes(clients[1], first_of(ana), "jobs", act=act).status_code == 404
    assert clients[1].post(f"/coding/tea/answers/{mine}/undo").status_code == 404


def test_a_coder_sees_neither_the_models_codes_nor_the_others(survey: Survey, ana: User, noor: User) -> None:
    sample_for(survey, ana, noor)
    mine = first_of(ana)
    theirs = HumanCoding.objects.get(coder=noor, unit=mine.unit)
    assert codes(signed_in(noor), theirs, "lies", note="Seen by noor.").status_code == 200
    page = signed_in(ana).get(f"/coding/tea/answers/{mine.pk}/").content.decode()
    for secret in ("secret-model", "noor", "Seen by noor", "· high", "0.9"):
        assert secret not in page
    assert 'aria-pressed="true"' not in page
    assert '"codes": []' in page
    assert "[en] worry?" in page


def test_the_model_is_shown_after_the_coder_has_finished_and_asked(survey: Survey, ana: User) -> None:
    sample_for(survey, ana)
    client, mine = signed_in(ana), first_of(ana)
    address = f"/coding/tea/answers/{mine.pk}/"
    client.post(address + "change", {"compare": ""})
    assert "secret-model" not in client.get(address).content.decode()
    assert codes(client, mine, "lies").status_code == 200
    assert "secret-model" not in client.get(address).content.decode()
    page = text(client.post(address + "change", {"compare": ""}, follow=True))
    assert "The model secret-model · 1 Jobs" in page
    assert "You have seen the model's codes of this answer, so yours stay as they are." in page
    client.post(address + "change", {"reopen": ""})
    assert first_of(ana).status == "done"


def test_what_the_script_is_answered(survey: Survey, ana: User) -> None:
    sample = sample_for(survey, ana)
    client, mine = signed_in(ana), first_of(ana)
    last = HumanCoding.objects.order_by("position").last()
    assert last
    kept = {"codes": ["lies"], "quotes": [], "note": ""}
    assert codes(client, mine, "lies", act="save").json() == kept | {"revision": 1, "status": "draft"}
    old = codes(client, mine, "jobs", act="save", revision=0)
    assert (old.status_code, old.json()) == (409, kept | {"revision": 1, "status": "draft"})
    wrong = codes(client, mine, "jobs", "none")
    assert (wrong.status_code, wrong.json()) == (422, {"problem": "“None” stands alone."})
    assert client.post(f"/coding/tea/answers/{mine.pk}/save", "{", content_type="application/json").status_code == 400
    following = HumanCoding.objects.order_by("position")[1]
    assert codes(client, mine, "lies").json() == kept | {"revision": 2, "status": "done", "next": f"/coding/tea/answers/{following.pk}/"}
    assert client.post(f"/coding/tea/answers/{following.pk}/undo").json() == {"next": f"/coding/tea/answers/{mine.pk}/"}
    assert first_of(ana).status == "draft"
    HumanCoding.objects.exclude(pk=last.pk).update(status="skipped")
    end = codes(client, last, "lies").json()["next"]
    assert end == f"/coding/tea/samples/{sample.pk}/go-on/"
    assert "That was the last one" in text(client.get(end, follow=True))
    assert "6 of 6, 5 of them skipped Finished." in text(client.get("/coding/"))


def test_a_sample_is_planned_drawn_assigned_and_extended_on_its_pages(survey: Survey, ana: User, noor: User, lead: Client) -> None:
    page = text(lead.get("/coding/tea/draw/"))
    assert "6 of 6 interviews, at least two of each stratum." in page
    planned = text(lead.get("/coding/tea/draw/", DRAW | {"half_width": 30}))
    assert "n₀ = (1.96 × 0.500 / 0.300)² = 10.7; of N = 6: n = n₀ / (1 + n₀ / N) → 4" in planned
    assert "Draw these 4 interviews" in planned
    done = lead.post("/coding/tea/draw/", DRAW | {"half_width": 30}, follow=True)
    assert "4 interviews are drawn. Now choose who codes them." in text(done)
    sample = CodingSample.objects.get()
    assert (sample.created_by, sample.seed, sample.units.count()) == (User.objects.get(username="lead"), 5, 4)
    address = f"/coding/tea/samples/{sample.pk}/"
    assert "Coding twice takes two coders" in lead.post(address + "assign", {"coders": [ana.pk], "double": 50}).content.decode()
    assert "6 answers are assigned." in text(lead.post(address + "assign", {"coders": [ana.pk, noor.pk], "double": 50}, follow=True))
    assert "2 more interviews are drawn." in text(lead.post(address + "extend", {"half_width": 0.5}, follow=True))
    assert "in the sample already" in text(lead.post(address + "extend", {"half_width": 0.5}, follow=True))
    alone = HumanCoding.objects.filter(coder=ana).exclude(unit__human_codings__coder=noor).count()
    assert f"{alone} answers are handed on." in text(lead.post(address + "hand-on", {"leaver": ana.pk, "other": noor.pk}, follow=True))
    assert HumanCoding.objects.filter(coder=noor).count() == 4
    assert "The survey has a sample of that name." in lead.post("/coding/tea/draw/", DRAW).content.decode()
    assert 'href="/coding/tea/"' in lead.get("/findings/tea/").content.decode()


def test_a_sample_is_discarded_until_somebody_has_begun_with_it(survey: Survey, ana: User, lead: Client) -> None:
    sample = sample_for(survey, ana)
    address = f"/coding/tea/samples/{sample.pk}/discard"
    signed_in(ana).get(f"/coding/tea/answers/{first_of(ana).pk}/")
    assert "Somebody has begun to code it, so it stays." in text(lead.post(address, follow=True))
    HumanCoding.objects.update(started_at=None)
    assert "is discarded" in text(lead.post(address, follow=True))
    assert (CodingSample.objects.count(), HumanCoding.objects.count(), Coding.objects.count()) == (0, 0, 6)


def test_differences_are_decided_without_names_and_kept_beside_the_codings(survey: Survey, ana: User, noor: User, lead: Client) -> None:
    sample = sample_for(survey, ana, noor)
    for mine in HumanCoding.objects.filter(coder=ana).order_by("unit"):
        codes(signed_in(ana), mine, "lies")
    units = list(HumanCoding.objects.filter(coder=noor).order_by("unit"))
    for theirs in units[:2]:
        codes(signed_in(noor), theirs, "jobs", "lies")
    codes(signed_in(noor), units[2], "lies")
    assert "First" in text(lead.get("/coding/tea/"))
    page = lead.post(f"/coding/tea/samples/{sample.pk}/decide/", follow=True)
    html = page.content.decode()
    assert not re.search(r"\b(ana|noor)\b", html)
    assert html.count("Take this") == 2
    decision = HumanCoding.objects.get(adjudicates=True)
    assert codes(lead, decision, "jobs").json()["next"] != ""
    shown = text(lead.get(f"/coding/tea/answers/{decision.pk}/"))
    assert "ana" in shown
    assert "noor" in shown
    found = [(row.human, row.adjudicated, sorted(row.by_coder)) for row in labels(sample, "worry") if len(row.by_coder) == 2]
    assert sorted(found, key=lambda each: not each[1]) == [
        (frozenset({"jobs"}), True, ["ana", "noor"]),
        (frozenset({"lies"}), False, ["ana", "noor"]),
        (frozenset({"lies"}), False, ["ana", "noor"]),
    ]
    assert Coding.objects.filter(human__unit=decision.unit, coder__user__isnull=False).count() == 4
    second = HumanCoding.objects.get(adjudicates=True, status="draft")
    other = signed_in(person("other", "may_adjudicate"))
    other.post(f"/coding/tea/samples/{sample.pk}/decide/")
    assert HumanCoding.objects.get(pk=second.pk).coder.username == "other"  # opened by the first and never touched
    assert codes(other, second, "lies").json()["next"] == "/coding/tea/"


def test_the_transcript_tells_a_coder_no_codes_before_theirs_and_everyone_who_decided(survey: Survey, lead: Client) -> None:
    User.objects.get(username="lead").user_permissions.add(Permission.objects.get(codename="see_small_cells"))
    sample_for(survey, User.objects.get(username="lead"))
    mine = HumanCoding.objects.order_by("position")[0]
    address = f"/findings/tea/interviews/{mine.unit.interview_id}/"
    assert "You have yet to code this interview" in text(lead.get(address))
    assert "secret-model" not in lead.get(address).content.decode()
    coded_by(mine.coder, mine.unit, "worry", "lies", adjudicates=True)
    assert "secret-model" not in lead.get(address).content.decode()
    assert codes(lead, mine, "jobs").status_code == 200
    HumanCoding.objects.filter(unit=mine.unit).exclude(status="done").delete()
    page = text(lead.get(address))
    assert "lead, codebook 1 · decided between coders" in page
    assert "Lies not counted" in page
    assert "secret-model · 1, codebook 1 · provisional" in page


def test_the_exports_say_who_coded_what_with_which_probability(survey: Survey, ana: User) -> None:
    sample_for(survey, ana)
    mine = first_of(ana)
    coded_by(ana, mine.unit, "worry", "lies", adjudicates=True)
    assert codes(signed_in(ana), mine, "jobs", "lies").status_code == 200
    tables = {name: list(TABLES[name].rows(Scope.of(survey))) for name in ("codings", "coding_samples")}
    names = {name: [column.name for column in TABLES[name].columns] for name in tables}
    codings = [dict(zip(names["codings"], row, strict=True)) for row in tables["codings"]]
    kept = ("coder_kind", "coder", "adjudicated", "code")
    assert sorted(tuple(row[key] for key in kept) for row in codings if row["interview_id"] == mine.unit.interview_id) == [
        ("model", "secret-model", False, "jobs"),
        ("person", "ana", False, "jobs"),
        ("person", "ana", False, "lies"),
        ("person", "ana", True, "lies"),
    ]
    rows = [dict(zip(names["coding_samples"], row, strict=True)) for row in tables["coding_samples"]]
    done = [row | {"finished_at": None} for row in rows if row["status"] == "done"]
    about = {"interview_id": mine.unit.interview_id, "sample": "First", "seed": 3, "codebook_version": 1, "stratum": "en · jobs · high"}
    about |= {"probability": 1.0, "dimension": "worry", "coder": "ana", "status": "done", "finished_at": None}
    assert done == [about | {"adjudicates": False, "codes": ["jobs", "lies"]}, about | {"adjudicates": True, "codes": ["lies"]}]
    assert (len(rows), [row["codes"] for row in rows if row["status"] == "draft"]) == (7, [None] * 5)
