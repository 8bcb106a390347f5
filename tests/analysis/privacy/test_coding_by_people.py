"""Coders read masked words, and what they attach stands at its place in the original."""

import pytest

from analysis.models import Quote
from analysis.privacy import deciding
from analysis.privacy.masking import Kind
from analysis.sampling.records import HumanCoding
from tests.analysis.by_hand.desk import codes, person, sample_for, signed_in
from tests.analysis.talk import held, survey_with_codebook

pytestmark = pytest.mark.django_db
SAID = "My name is Ngozi Okafor and I fear the lies."


@pytest.fixture
def mine() -> HumanCoding:
    survey = survey_with_codebook()
    held(survey, ("worry", SAID))
    sample_for(survey, person("ana", "may_code"))
    return HumanCoding.objects.select_related("unit__interview").get()


def test_what_a_coder_attaches_to_masked_words_stands_in_the_original(mine: HumanCoding) -> None:
    client = signed_in(mine.coder)
    page = client.get(f"/coding/tea/answers/{mine.pk}/").content.decode()
    assert ("My name is [name] and I fear the lies." in page, "Okafor" in page) == (True, False)
    turn = mine.unit.interview.turns.get(number=2).pk
    attached = {"code": "lies", "turn": turn, "start": 11, "end": 38}
    assert codes(client, mine, "lies", act="save", quotes=[attached]).json()["quotes"] == [attached]
    codes(client, mine, "lies", quotes=[attached])
    quote = Quote.objects.get(coding__human=mine)
    assert SAID[quote.start : quote.end] == "Ngozi Okafor and I fear the lies."
    assert "Okafor" not in client.get(f"/coding/tea/answers/{mine.pk}/").content.decode()


def test_a_page_opened_before_a_mask_was_added_is_out_of_date(mine: HumanCoding) -> None:
    client = signed_in(mine.coder)
    deciding.add(mine.unit.interview, "lies", Kind.OTHER, mine.coder)
    assert codes(client, mine, "lies", act="save", revision=0).status_code == 409
    assert "fear the [masked]." in client.get(f"/coding/tea/answers/{mine.pk}/").content.decode()
