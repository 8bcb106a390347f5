"""What people do about masks: adding, lifting, and looking at the original words, each with its permission and its record."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from analysis.models import Quote, Summary, Translation
from analysis.privacy.records import Mask, MaskChange, OriginalSeen
from interviewer.models import Interview
from tests.analysis.privacy.test_sweep import analysed
from tests.analysis.researchers import researcher
from tests.analysis.talk import coded, held, survey_with_codebook

pytestmark = pytest.mark.django_db(transaction=True)
WISH = "I want time with my Adaeze, as Adaeze wants it. My name is Ngozi."
CODES = {"wish": [coded("time", (2, "time with my Adaeze"))], "worry": [coded("none")], "mood": [coded("4")]}


@pytest.fixture
def interview() -> Interview:
    made = held(survey_with_codebook(), ("wish", WISH), ("worry", "Nothing."))
    analysed(made, code=CODES)
    return made


def person(client: Client, *permissions: str) -> Client:
    user = researcher("ada", *permissions)
    client.force_login(user)
    return client


def page(client: Client) -> str:
    return client.get(f"/findings/tea/interviews/{Interview.objects.get().pk}/").content.decode()


def test_a_person_masks_words_everywhere_and_what_repeats_them_goes(client: Client, interview: Interview) -> None:
    person(client, "change_mask")
    Translation.objects.create(turn=interview.turns.get(number=2), language="sw", text="Adaeze", model="m")
    client.post(f"/findings/tea/interviews/{interview.pk}/mask", {"words": "Adaeze", "kind": "name"})
    assert "time with my [name]" in page(client)
    assert "Adaeze" not in page(client)
    assert (Quote.objects.get(coding__code="time").text, Summary.objects.exists(), Translation.objects.exists()) == (
        "time with my [name]",
        False,
        False,
    )
    assert list(MaskChange.objects.values_list("turn_number", "kind", "action", "by_name")) == [(2, "name", "added", "ada")] * 2
    again = analysed(interview, code=CODES | {"wish": [coded("time", (2, "time with my [name]"))]})
    assert again.names == ["summarise", "code", "quality"]
    assert Quote.objects.filter(coding__facts__isnull=False).get(coding__code="time").end == WISH.index(",")


def test_words_that_are_not_shown_are_not_masked(client: Client, interview: Interview) -> None:
    person(client, "change_mask")
    for words in ("", "Ngozi", "[name]", "robots"):
        client.post(f"/findings/tea/interviews/{interview.pk}/mask", {"words": words, "kind": "name"})
    assert not MaskChange.objects.exists()
    assert "The transcript does not show these words" in page(client)


def test_a_mask_is_lifted_by_those_who_may_see_and_stays_lifted(client: Client, interview: Interview) -> None:
    start = WISH.index("Ngozi")
    fields = {"turn": 2, "start": start, "end": start + 5}
    address = f"/findings/tea/interviews/{interview.pk}/lift"
    assert person(client, "change_mask").post(address, fields).status_code == 403
    User.objects.get().user_permissions.add(Permission.objects.get(codename="see_original"))
    client.post(address, fields)
    assert "My name is Ngozi." in page(client).replace("&#x27;", "'")
    assert Mask.objects.filter(found_by="rule").count() == 1  # what the rule found stays on record
    analysed(interview, code=CODES)
    assert "My name is Ngozi." in page(client)
    client.post(f"/findings/tea/interviews/{interview.pk}/mask", {"words": "Ngozi", "kind": "name"})
    assert "Ngozi" not in page(client)


def test_the_original_is_shown_to_those_who_may_with_a_reason_and_that_is_kept(client: Client, interview: Interview) -> None:
    address = f"/findings/tea/interviews/{interview.pk}/original"
    assert person(client).post(address, {"reason": "Curious"}).status_code == 403
    User.objects.get().user_permissions.add(Permission.objects.get(codename="see_original"))
    assert client.get(address).status_code == 405
    assert client.post(address, {"reason": "  "}).status_code == 302
    assert not OriginalSeen.objects.exists()
    shown = client.post(address, {"reason": "A mask hides the point"})
    assert "My name is Ngozi." in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    assert list(OriginalSeen.objects.values_list("survey__slug", "interview_number", "by_name", "reason")) == [
        ("tea", interview.pk, "ada", "A mask hides the point")
    ]
    assert "Ngozi" not in page(client)


def test_the_record_of_who_looked_is_listed_never_edited_and_survives_a_withdrawal_as_the_bare_fact(client: Client, interview: Interview) -> None:
    person(client, "see_original", "view_originalseen", "change_originalseen", "delete_originalseen")
    client.post(f"/findings/tea/interviews/{interview.pk}/original", {"reason": "Ngozi's name"})
    seen = OriginalSeen.objects.get()
    assert "Ngozi&#x27;s name" in client.get("/admin/analysis/originalseen/").content.decode()
    client.post(f"/admin/analysis/originalseen/{seen.pk}/change/", {"reason": "Nothing"})
    client.post(f"/admin/analysis/originalseen/{seen.pk}/delete/", {"post": "yes"})
    assert OriginalSeen.objects.get().reason == "Ngozi's name"
    Client().post(f"/i/{interview.participant.token}/withdraw")
    assert list(OriginalSeen.objects.values_list("interview", "interview_number", "by_name", "reason")) == [(None, interview.pk, "ada", "")]
    assert (Mask.objects.count(), MaskChange.objects.count()) == (0, 0)
