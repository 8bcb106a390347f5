"""One answer coded: saved, finished, skipped, taken back; two tabs; words struck and people withdrawn meanwhile."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from analysis import publishing
from analysis.by_hand import saving
from analysis.by_hand.rules import Draft, Marked, Wrong
from analysis.models import Coder, Coding, InterviewAnalysis, Quote
from analysis.sampling import drawing
from analysis.sampling.design import Design
from analysis.sampling.labels import labels
from analysis.sampling.records import HumanCoding, SampledUnit
from interviewer.models import Interview
from interviewer.striking import strike
from interviewer.withdrawing import withdraw
from surveys.models import Survey
from tests.analysis.talk import held, survey_with_codebook

pytestmark = pytest.mark.django_db
SAID = (("wish", "More time."), ("worry", "They take jobs."), ("worry", "And they lie 🙂 to us."))


@pytest.fixture
def human() -> HumanCoding:
    """One interview, to be coded for what it worries about."""
    survey = survey_with_codebook()
    held(survey, *SAID)
    codebook = publishing.current(survey)
    assert codebook
    sample = drawing.draw_sample(survey, codebook, Design(dimensions=("worry",), by=()), name="First", seed=1, by=None)
    drawing.assign(sample, [User.objects.create_user("ana")], double=0)
    return HumanCoding.objects.select_related("unit__sample__survey", "unit__sample__codebook").get()


def turn(human: HumanCoding, text: str) -> int:
    return int(human.unit.interview.turns.get(text=text).pk)


def draft(human: HumanCoding, **fields: Any) -> Draft:
    first, second = turn(human, SAID[1][1]), turn(human, SAID[2][1])
    quotes = (Marked(code="jobs", turn=first, start=5, end=14), Marked(code="lies", turn=second, start=4, end=14))
    return Draft(**{"codes": ("jobs", "lies"), "quotes": quotes, "note": "sure"} | fields)


def now(human: HumanCoding) -> dict[str, Any]:
    row = HumanCoding.objects.get(pk=human.pk)
    return {"status": row.status, "revision": row.revision, "codes": row.draft.get("codes"), "note": row.note, "reopened": row.reopened}


def given() -> list[tuple[str, str]]:
    return list(Coding.objects.order_by("code").values_list("code", "quotes__text"))


def test_a_draft_is_kept_and_counts_nowhere(human: HumanCoding) -> None:
    saving.save(human, draft(human), revision=0)
    assert now(human) == {"status": "draft", "revision": 1, "codes": ["jobs", "lies"], "note": "sure", "reopened": False}
    assert saving.draft_of(HumanCoding.objects.get()) == draft(human)
    assert given() == []
    assert labels(human.unit.sample, "worry")[0].human is None


def test_finishing_makes_codings_with_the_words_that_show_them(human: HumanCoding) -> None:
    saving.finish(human, draft(human), revision=0)
    assert given() == [("jobs", "take jobs"), ("lies", "they lie 🙂")]
    coding = Coding.objects.get(code="jobs")
    assert (str(coding.coder), coding.codebook, coding.confidence, coding.human) == ("ana", human.unit.sample.codebook, None, human)
    assert now(human) == {"status": "done", "revision": 1, "codes": None, "note": "sure", "reopened": False}
    assert labels(human.unit.sample, "worry")[0].human == {"jobs", "lies"}
    assert saving.draft_of(HumanCoding.objects.get()) == draft(human)


@pytest.mark.parametrize("act", [saving.save, saving.finish, saving.skip])
def test_an_outdated_page_changes_nothing(human: HumanCoding, act: Any) -> None:
    saving.save(human, draft(human), revision=0)
    before = now(human)
    with pytest.raises(saving.Outdated):
        act(human, draft(human, codes=("none",), quotes=()), revision=0)
    assert (now(human), given()) == (before, [])


@pytest.mark.parametrize("act", [saving.save, saving.finish, saving.skip])
def test_what_breaks_a_rule_is_not_stored(human: HumanCoding, act: Any) -> None:
    with pytest.raises(Wrong):
        act(human, draft(human, codes=("jobs", "none"), quotes=()), revision=0)
    assert now(human) == {"status": "draft", "revision": 0, "codes": None, "note": "", "reopened": False}


def test_nothing_given_is_not_finished_and_skipping_needs_a_reason(human: HumanCoding) -> None:
    empty = Draft(note="  ")
    for act in (saving.finish, saving.skip):
        with pytest.raises(Wrong):
            act(human, empty, revision=0)
    saving.skip(human, Draft(note="Not an answer."), revision=0)
    assert now(human)["status"] == "skipped"
    assert labels(human.unit.sample, "worry")[0].human is None
    saving.save(human, draft(human), revision=1)
    assert now(human)["status"] == "draft"


def test_what_was_saved_last_is_taken_back(human: HumanCoding) -> None:
    ana, sample = human.coder, human.unit.sample_id
    with pytest.raises(Wrong, match="Nothing has been saved"):
        saving.undo_last(sample, ana, adjudicates=False)
    saving.finish(human, draft(human), revision=0)
    assert saving.undo_last(sample, ana, adjudicates=False) == human
    assert now(human) == {"status": "draft", "revision": 2, "codes": ["jobs", "lies"], "note": "sure", "reopened": False}
    assert (given(), saving.draft_of(HumanCoding.objects.get())) == ([], draft(human))


def test_who_has_seen_the_models_codes_changes_nothing_after(human: HumanCoding) -> None:
    with pytest.raises(Wrong, match="once yours are saved"):
        saving.compare(human)
    saving.finish(human, draft(human), revision=0)
    saving.compare(human)
    with pytest.raises(Wrong, match="seen the model's codes"):
        saving.reopen(human)


def test_a_decision_keeps_the_codings_it_decided_between(human: HumanCoding) -> None:
    saving.finish(human, draft(human), revision=0)
    decision = HumanCoding.objects.create(unit=human.unit, coder=human.coder, dimension="worry", adjudicates=True)
    decision = HumanCoding.objects.select_related("unit__sample__survey", "unit__sample__codebook").get(pk=decision.pk)
    saving.finish(decision, draft(human, codes=("none",), quotes=()), revision=0)
    label = labels(human.unit.sample, "worry")[0]
    assert (label.human, label.by_coder, label.adjudicated) == ({"none"}, {"ana": {"jobs", "lies"}}, True)
    with pytest.raises(Wrong, match="has been decided"):
        saving.reopen(human)
    assert saving.undo_last(human.unit.sample_id, human.coder, adjudicates=True) == decision


@pytest.mark.parametrize(("prefer", "modelled", "counted_anew"), [(True, True, True), (False, True, False), (False, False, True)])
def test_what_is_counted_is_made_again_where_it_rests_on_people(human: HumanCoding, prefer: bool, modelled: bool, counted_anew: bool) -> None:
    Survey.objects.update(prefer_people=prefer)
    human.unit.sample.survey.refresh_from_db()
    if modelled:
        model = Coder.objects.create(model="test", prompt_version="1")
        Coding.objects.create(interview=human.unit.interview, codebook=human.unit.sample.codebook, coder=model, dimension="worry", code="jobs")
    saving.finish(human, draft(human), revision=0)
    assert list(InterviewAnalysis.objects.values_list("status", flat=True)) == (["waiting"] if counted_anew else [])


@pytest.mark.parametrize("finished", [True, False])
def test_struck_words_go_from_what_people_made_of_them(human: HumanCoding, finished: bool) -> None:
    whole, left = draft(human), draft(human, codes=("lies",), quotes=())
    (saving.finish if finished else saving.save)(human, whole, revision=0)
    if finished:
        HumanCoding.objects.create(unit=human.unit, coder=human.coder, dimension="worry", adjudicates=True)
    strike(human.unit.interview.turns.get(text=SAID[1][1]))
    row = HumanCoding.objects.get()
    assert now(human) == {"status": "draft", "revision": 2, "codes": ["lies"], "note": "", "reopened": finished}
    assert [quote["code"] for quote in row.draft["quotes"]] == ["lies"]
    assert (Coding.objects.count(), Quote.objects.count()) == (0, 0)
    with pytest.raises(saving.Outdated):
        saving.finish(human, left, revision=1)


def test_withdrawal_leaves_nothing_of_it(human: HumanCoding) -> None:
    saving.finish(human, draft(human), revision=0)
    withdraw(human.unit.interview.participant)
    assert [model.objects.count() for model in (Interview, SampledUnit, HumanCoding, Coding, Quote)] == [0] * 5
    assert human.unit.sample.frame.count() == 0
