"""What can be seen of how answers were written: each thing with its figure, in any script, at any size, and nothing decided."""

from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import Client

from analysis import pipeline
from analysis.care import matching
from analysis.care.kinds import Kind, explain
from analysis.care.likeness import ALIKE, comparable, keys, likeness
from analysis.care.norm import norm
from analysis.care.records import AnswerBand, AnswerPace, CareEvidence
from analysis.care.rules import of_interview
from analysis.quality.labels import Answer
from interviewer.answer_care import AnswerCare
from interviewer.measured import Measured
from interviewer.models import Interview, Turn
from interviewer.simulation.profiles import seeded
from surveys.models import Survey
from tests.analysis.talk import ScriptedModel, held, survey_with_codebook
from tests.analysis.test_quality import SUBSTANTIVE
from tests.conftest import make_interview

ASKED = "If you could wave a magic wand, what would you have it do for you?"
LONG = "I would have it write the letters to my landlord, sort the bills of the month and remind my mother of her pills."


def measured(seconds: float, typed: int = 0, pasted: int = 0) -> Measured:
    return Measured(visible_ms=int(seconds * 1000), typed=typed, pasted=pasted, pastes=int(pasted > 0), hidden=False, input="keyboard")


def kinds(answers: list[Answer], scales: tuple[str, ...] = ()) -> list[str]:
    by_key = {f"q{place}": [answer] for place, answer in enumerate(answers)}
    return [each.kind.value for each in of_interview(by_key, scales)]


@pytest.mark.parametrize(
    ("text", "care", "found"),
    [
        (LONG, measured(60, typed=len(LONG)), []),
        (LONG, measured(60, typed=10, pasted=len(LONG) - 10), ["pasted"]),
        (LONG, measured(60, typed=60, pasted=len(LONG) - 60), []),
        (LONG, measured(4, typed=len(LONG)), ["typed_fast"]),
        (LONG, measured(7, typed=len(LONG)), ["hurried"]),
        (LONG, measured(11, typed=len(LONG)), []),
        (LONG, measured(1, pasted=len(LONG)), ["pasted", "hurried", "instant"]),
        (LONG, measured(20), []),  # dictated or filled in: nothing typed, nothing pasted
        (LONG, None, []),
        ("No.", measured(0.5, typed=3), ["hurried"]),
        ("No.", measured(3, typed=3), []),
        ("我想让它帮我写信、整理每个月的账单，还要提醒我母亲按时吃药，这样我就放心了。", measured(4, typed=38), ["hurried"]),
        ("我想让它帮我写信、整理每个月的账单，还要提醒我母亲按时吃药，这样我就放心了。", measured(30, typed=38), []),
        ("", measured(0.1), []),
    ],
)
def test_what_the_pace_and_the_paste_of_an_answer_show(text: str, care: Measured | None, found: list[str]) -> None:
    assert kinds([Answer(1, text, "en", asked=ASKED, care=care)]) == found


def test_the_same_words_twice_are_shown_and_a_short_yes_is_not() -> None:
    assert kinds([Answer(1, LONG), Answer(2, "Yes."), Answer(3, f"  {LONG.upper()}"), Answer(4, "Yes.")]) == ["repeated"]


@pytest.mark.parametrize(("points", "found"), [([4, 4, 4, 4], ["same_point"]), ([4, 4, 4, 5], []), ([4, 4, 4], []), ([4, 4, None, 4], [])])
def test_the_same_point_on_every_scale(points: list[Any], found: list[str]) -> None:
    answers = [Answer(number, "" if point is None else str(point), value=point) for number, point in enumerate(points)]
    assert kinds(answers, tuple(f"q{place}" for place in range(len(points)))) == found


def test_every_kind_says_its_figure_and_its_bound_in_words() -> None:
    assert {explain(kind, 0.9, 0.8) for kind in Kind} >= {"90% alike; shown from 80%", "90% of the answer was pasted; shown from 80%"}
    assert len({explain(kind, 2, 1) for kind in Kind}) == len(Kind)


@pytest.mark.parametrize("language", SUBSTANTIVE)
def test_a_text_with_a_word_changed_finds_the_first_in_any_script(language: str) -> None:
    text = SUBSTANTIVE[language]
    longer = f"{text} {text[: len(text) // 2]}"
    changed = f"«{longer}» … {text[:5]}"
    assert likeness(longer, changed) >= ALIKE
    assert comparable(longer, language)
    assert set(keys(longer, 1)) & set(keys(changed, 1))
    assert not set(keys(longer, 1)) & set(keys(longer, 2))  # another survey
    others = [likeness(text, other) for code, other in SUBSTANTIVE.items() if code != language]
    assert max(others) < 0.3


@pytest.mark.parametrize(
    ("text", "language"), [("Yes.", "en"), ("I don't know what to say.", "en"), ("لا أعرف", "ar"), ("わかりません", "ja"), ("不知道。", "zh-hans")]
)
def test_short_answers_and_not_knowing_are_not_compared(text: str, language: str) -> None:
    assert not comparable(text, language)


VOCABULARY = "work house letter bill pill car garden friend mother boss write read sort plan learn talk help find make time money day week"
WORDS = VOCABULARY.split()


def answers_of_many(count: int) -> list[str]:
    rng = seeded("care")
    return [" ".join(f"{rng.choice(WORDS)}{rng.randrange(40)}" for _ in range(rng.randrange(9, 25))) for _ in range(count)]


@pytest.mark.django_db
def test_of_ten_thousand_answers_only_the_planted_pairs_are_found() -> None:
    survey = survey_with_codebook()
    texts = answers_of_many(10_000)
    planted = {(place, place + 5000) for place in range(0, 5000, 250)}
    for one, other in planted:
        texts[other] = f"{texts[one]} indeed" if one % 500 else texts[one].title()
    first = make_interview(survey)
    people = [first, *(make_interview(survey) for _ in range(9))]
    turns = [
        Turn(interview=people[place // 1000], number=place % 1000 + 1, role="participant", move="answer", text=text)
        for place, text in enumerate(texts)
    ]
    Turn.objects.bulk_create(turns)
    AnswerBand.objects.bulk_create(matching.mark(survey.pk, [Answer(turn.pk, turn.text, "en") for turn in turns]), batch_size=5000)
    place_of = {turn.pk: place for place, turn in enumerate(turns)}
    found = set()
    for start in range(0, 10_000, 500):
        found |= {
            tuple(sorted((place_of[one], place_of[other]))) for one, other, _ in matching.pairs([turn.pk for turn in turns[start : start + 500]])
        }
    assert found == planted


def analysed(interview: Interview) -> Interview:
    assert async_to_sync(pipeline.analyse)(interview.pk, ScriptedModel()).status == "done"
    return interview


def evidence(kind: str) -> list[tuple[int, int, int | None]]:
    return list(CareEvidence.objects.filter(kind=kind).order_by("pk").values_list("interview", "turn__interview", "other__interview"))


@pytest.mark.django_db(transaction=True)
def test_two_people_with_the_same_answer_are_shown_to_each_other_whoever_came_first() -> None:
    survey = survey_with_codebook()
    one, other = (analysed(held(survey, ("wish", text), ("worry", "No."))) for text in (LONG, f"{LONG} Really."))
    analysed(held(survey, ("wish", LONG), origin="simulated"))
    expected = {(one.pk, one.pk, other.pk), (other.pk, other.pk, one.pk)}
    assert set(evidence("duplicate")) == expected
    Turn.objects.filter(interview=one, number=4).update(text="None at all.")
    analysed(one)
    assert set(evidence("duplicate")) == expected


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("leaves", ["strike/2", "withdraw"])
def test_who_strikes_or_withdraws_leaves_no_trace_with_anybody(leaves: str) -> None:
    survey = survey_with_codebook()
    one, other = (held(survey, ("wish", LONG), ("worry", "No.")) for _ in range(2))
    AnswerCare.objects.create(turn=one.turns.get(number=2), **measured(1, pasted=len(LONG)).model_dump(mode="json"))
    analysed(one)
    analysed(other)
    gone = one.turns.get(number=2).pk
    assert {row.kind for row in CareEvidence.objects.filter(interview=one)} == {"duplicate", "pasted", "instant"}
    Client().post(f"/i/{one.participant.token}/{leaves}")
    assert not CareEvidence.objects.exists()
    assert not AnswerPace.objects.exists()
    assert not AnswerBand.objects.filter(turn=gone).exists()
    assert AnswerBand.objects.filter(turn__interview=other).exists()


@pytest.mark.django_db(transaction=True)
def test_an_unusual_pace_is_measured_against_the_surveys_own_answers() -> None:
    survey = survey_with_codebook()
    model = ScriptedModel()
    filler = held(survey, *(("wish", f"{word} and more of that.") for word in WORDS * 3))
    AnswerPace.objects.bulk_create(
        AnswerPace(turn=turn, survey=survey, language="en", speed=1 + turn.number / 100) for turn in filler.turns.filter(role="participant")
    )
    usual = norm(survey.pk, "en")
    assert usual is not None
    assert (usual.n, usual.bound) == (len(WORDS) * 3, pytest.approx(3 * usual.median))
    fast = held(survey, ("wish", LONG))
    AnswerCare.objects.create(turn=fast.turns.get(number=2), **measured(3).model_dump(mode="json"))
    async_to_sync(pipeline.analyse)(fast.pk, model)
    assert [(row.kind, row.figure > row.bound) for row in CareEvidence.objects.filter(interview=fast)] == [("unusual_pace", True)]
    assert norm(Survey.objects.create(slug="other", title="Other").pk, "en") is None
