"""Samples drawn from real interviews: who is in the frame, what is stored, what an extension and a withdrawal do, who codes what."""

from collections import Counter

import pytest
from django.contrib.auth.models import User

from analysis import publishing
from analysis.care.records import CareDecision, SetAside
from analysis.models import CodebookVersion, Coder, Coding
from analysis.sampling import drawing, frame
from analysis.sampling.allocation import Method
from analysis.sampling.design import By, Candidate, Design, Per, stratify
from analysis.sampling.labels import labels
from analysis.sampling.records import CodingSample, HumanCoding
from interviewer.models import Interview
from interviewer.withdrawing import withdraw
from surveys.models import Survey
from tests.analysis.talk import WISHES, held, survey_with_codebook

pytestmark = pytest.mark.django_db
WISH_ONLY = WISHES[:1]
PLAIN = Design(dimensions=("worry",), by=(By.LANGUAGE,), half_width=0.2)


@pytest.fixture
def survey() -> Survey:
    return survey_with_codebook()


@pytest.fixture
def codebook(survey: Survey) -> CodebookVersion:
    version = publishing.current(survey)
    assert version
    return version


def many(survey: Survey, n: int, language: str = "en") -> list[Interview]:
    return [held(survey, *WISHES, language=language) for _ in range(n)]


def drawn(survey: Survey, codebook: CodebookVersion, design: Design = PLAIN, *, name: str = "First", seed: int = 7) -> CodingSample:
    return drawing.draw_sample(survey, codebook, design, name=name, seed=seed, by=None)


def modelled(interview: Interview, codebook: CodebookVersion, **codes: float | None) -> None:
    coder, _ = Coder.objects.get_or_create(model="test", prompt_version="1")
    for code, confidence in codes.items():
        Coding.objects.create(interview=interview, codebook=codebook, coder=coder, dimension="worry", code=code, confidence=confidence)


def set_aside(interview: Interview) -> None:
    decision = CareDecision.objects.create(interview=interview, decision=CareDecision.Decision.SET_ASIDE, reason="Pasted.", by_name="ana")
    SetAside.objects.create(interview=interview, decision=decision)


def test_the_frame_holds_who_took_part_in_earnest_and_was_asked(survey: Survey, codebook: CodebookVersion) -> None:
    asked = held(survey, *WISHES)
    held(survey, *WISH_ONLY)
    for origin in ("simulated", "preview", "pilot"):
        held(survey, *WISHES, origin=origin)
    set_aside(held(survey, *WISHES))
    Interview.objects.filter(pk=held(survey, *WISHES).pk).update(status="running", awaiting="participant")
    held(survey)
    withdraw(held(survey, *WISHES).participant)
    assert [each.interview_id for each in frame.candidates(survey, codebook, PLAIN)] == [asked.pk]
    assert frame.left_out(survey) == {"nothing said": 1, "pilot": 1, "preview": 1, "set aside": 1, "simulated": 1, "still running": 1}


@pytest.mark.parametrize(
    ("design", "strata"),
    [
        ({}, {"ar · jobs · low": 4, "en · jobs · high": 4, "en · lies · middle": 4, "the rest": 3}),
        (
            {"per": Per.LANGUAGE},
            {"ar · jobs · low": 4, "ar · the rest": 2, "en · jobs · high": 4, "en · lies · middle": 4, "en · the rest": 1},
        ),
        ({"code": "jobs", "by": (By.LABEL,)}, {"jobs": 12, "the rest": 3}),
        ({"by": ()}, {"all": 15}),
    ],
)
def test_strata_by_language_label_and_confidence(design: dict[str, object], strata: dict[str, int]) -> None:
    people = (
        [("ar", {"jobs": 0.4})] * 4
        + [("ar", {})] * 2
        + [("en", {"jobs": 0.9})] * 4
        + [("en", {"jobs": 0.9, "lies": 0.6})] * 4
        + [("en", {"none": None})]
    )
    rows = [Candidate(at, language, "", given) for at, (language, given) in enumerate(people)]
    made = stratify(rows, Design.model_validate({"dimensions": ("worry",), **design}))
    assert {each.name: each.size for each in made.strata} == strata == Counter(made.frame.values())


def test_neyman_takes_the_models_confidence_for_how_uncertain_a_stratum_is() -> None:
    rows = [Candidate(at, "en", "", {"jobs": 0.5 if at < 4 else 1.0}) for at in range(8)]
    made = stratify(rows, Design(dimensions=("worry",), by=(By.BAND,), method=Method.NEYMAN))
    assert {each.name: round(each.spread, 3) for each in made.strata} == {"middle": 0.5, "high": 0.218}


def test_what_is_stored_follows_from_the_seed(survey: Survey, codebook: CodebookVersion) -> None:
    many(survey, 30)
    many(survey, 10, "ar")
    one, again, other = drawn(survey, codebook), drawn(survey, codebook, name="Again"), drawn(survey, codebook, name="Other", seed=8)
    rows = [set(sample.units.values_list("interview_id", "stratum", "probability")) for sample in (one, again, other)]
    assert rows[0] == rows[1] != rows[2]
    assert Counter((stratum, probability) for _, stratum, probability in rows[0]) == {("ar", 0.4): 4, ("en", 12 / 30): 12}
    assert one.frame.count() == 40
    assert drawing.bought(one).bought[0].expected <= 0.2


def test_nobody_to_draw_from_is_said(survey: Survey, codebook: CodebookVersion) -> None:
    with pytest.raises(drawing.Refused, match="no finished interview"):
        drawn(survey, codebook)


def test_a_sample_is_extended_from_its_own_frame_whoever_came_or_left_since(survey: Survey, codebook: CodebookVersion) -> None:
    many(survey, 40)
    sample = drawn(survey, codebook)
    before = set(sample.units.values_list("interview_id", flat=True))
    gone = min(before)
    withdraw(Interview.objects.get(pk=gone).participant)
    newcomers = {each.pk for each in many(survey, 5)}
    new = drawing.extend(sample, 0.1)
    after = dict(sample.units.values_list("interview_id", "probability"))
    assert before - {gone} < after.keys()
    assert len(after) == len(before) - 1 + new
    assert set(after.values()) == {len(after) / 39}
    assert not newcomers & after.keys()
    for width, reason in ((0.1, "large enough"), (0.001, "")):
        if reason:
            with pytest.raises(drawing.Refused, match=reason):
                drawing.extend(sample, width)
        else:
            drawing.extend(sample, width)
    with pytest.raises(drawing.Refused, match="a sample of their own"):
        drawing.extend(sample, 0.0001)
    assert set(sample.units.values_list("probability", flat=True)) == {1.0}


def test_an_interview_set_aside_later_is_no_label_any_more(survey: Survey, codebook: CodebookVersion) -> None:
    many(survey, 10)
    sample = drawn(survey, codebook)
    first = labels(sample, "worry")[0]
    set_aside(Interview.objects.get(pk=first.interview_id))
    assert first.interview_id not in {row.interview_id for row in labels(sample, "worry")}
    assert first.interview_id not in drawing.members(sample)


def test_coders_get_queues_of_their_own_and_a_share_is_coded_twice(survey: Survey, codebook: CodebookVersion) -> None:
    many(survey, 18)
    for _ in range(2):
        held(survey, *WISH_ONLY)
    sample = drawn(survey, codebook, Design(dimensions=("wish", "worry"), by=(), half_width=0.0001))
    ana, noor = User.objects.create_user("ana"), User.objects.create_user("noor")
    assert drawing.assign(sample, [ana, noor], double=0.5) == 30 + HumanCoding.objects.filter(dimension="worry").count()
    rows = list(HumanCoding.objects.order_by("coder", "position").values_list("coder__username", "dimension", "unit"))
    assert Counter(name for name, dimension, _ in rows if dimension == "wish") == {"ana": 15, "noor": 15}
    assert sorted(Counter(unit for _, dimension, unit in rows if dimension == "wish").values()) == [1] * 10 + [2] * 10
    orders = {name: [(dimension, unit) for who, dimension, unit in rows if who == name] for name in ("ana", "noor")}
    for order in orders.values():
        assert [dimension for dimension, _ in order] == sorted(dimension for dimension, _ in order)  # one dimension after the other
    shared = {unit for _, unit in orders["ana"]} & {unit for _, unit in orders["noor"]}
    in_order = [[unit for dimension, unit in orders[name] if dimension == "wish" and unit in shared] for name in ("ana", "noor")]
    assert in_order[0] != in_order[1]
    asked = set(sample.units.filter(human_codings__dimension="worry").values_list("interview_id", flat=True))
    assert asked == {each.pk for each in Interview.objects.filter(turns__question_key="worry")}
    with pytest.raises(drawing.Refused, match="has its coders already"):
        drawing.assign(sample, [ana], double=0)


def test_work_not_begun_is_handed_on(survey: Survey, codebook: CodebookVersion) -> None:
    many(survey, 6)
    sample = drawn(survey, codebook, PLAIN.model_copy(update={"half_width": 0.0001}))
    ana, noor = User.objects.create_user("ana"), User.objects.create_user("noor")
    drawing.assign(sample, [ana], double=0)
    begun = HumanCoding.objects.order_by("position")[0]
    HumanCoding.objects.filter(pk=begun.pk).update(status="skipped")
    assert drawing.hand_on(sample, ana, noor) == 5
    assert list(HumanCoding.objects.filter(coder=ana).values_list("pk", flat=True)) == [begun.pk]
