"""How a question was answered: by rule in many scripts, by a model only with words that the transcript holds."""

from collections import Counter, defaultdict
from typing import Any

import pytest
from asgiref.sync import async_to_sync

from analysis import pipeline
from analysis.material import load
from analysis.quality.labels import Answer, Label, Overall, of_answer, of_interview, of_question
from analysis.quality.reading import by_rule
from analysis.quality.records import AnswerQuality, InterviewQuality
from interviewer.measured import Measured
from interviewer.models import Interview
from interviewer.simulation.profiles import profile_of
from interviewer.simulation.run import simulate
from interviewer.simulation.sentences import library, written_languages
from llm.offline import OfflineModel
from llm.offline.embedding import LetterGroups
from surveys.guide_yaml import read
from tests.analysis.talk import WISHES, ScriptedModel, codebook_edited, held, survey_with_codebook, unavailable
from tests.conftest import make_interview, make_survey
from tests.guides import guide, question
from tests.support.stack import ROOT

SUBSTANTIVE = {
    "en": "It writes my letters, which saves me an hour a day.",
    "ar": "يساعدني في كتابة الرسائل ويوفر لي ساعة كل يوم.",
    "bn": "এটা আমার চিঠি লিখতে সাহায্য করে, রোজ এক ঘণ্টা বাঁচে।",
    "el": "Με βοηθά να γράφω επιστολές και κερδίζω μία ώρα.",
    "he": "זה עוזר לי לכתוב מכתבים וחוסך לי שעה ביום.",
    "hi": "यह मुझे चिट्ठियाँ लिखने में मदद करता है और समय बचाता है।",
    "ja": "手紙を書くのを手伝ってくれるので、一日一時間ほど助かります。",
    "ko": "편지 쓰는 것을 도와줘서 하루에 한 시간을 아껴요.",
    "ru": "Он помогает писать письма и экономит час в день.",
    "sw": "Inanisaidia kuandika barua na kuniokolea saa moja kila siku.",
    "ta": "கடிதங்கள் எழுத உதவுகிறது, தினமும் ஒரு மணி நேரம் மிச்சமாகிறது.",
    "th": "ช่วยเขียนจดหมายให้ฉันและประหยัดเวลาวันละหนึ่งชั่วโมง",
    "tr": "Mektuplarımı yazıyor ve bana her gün bir saat kazandırıyor.",
    "vi": "Nó giúp tôi viết thư và tiết kiệm một giờ mỗi ngày.",
    "zh-hans": "它帮我写信，每天能省下一个小时的时间。",
}
REFUSED = {
    "en": "I'd rather not say.",
    "ar": "لا أريد الإجابة.",
    "bn": "এর উত্তর দিতে চাই না।",
    "de": "Das möchte ich lieber nicht sagen.",
    "es": "Prefiero no contestar.",
    "fr": "Je préfère ne pas répondre.",
    "hi": "मैं इसका जवाब नहीं देना चाहती।",
    "ja": "答えたくありません。",
    "ko": "말하고 싶지 않아요.",
    "ru": "Не хочу отвечать.",
    "th": "ไม่อยากตอบ",
    "tr": "Cevap vermek istemiyorum.",
    "zh-hans": "我不想回答这个问题。",
}
CONFUSED = {
    "en": "What do you mean?",
    "ar": "لم أفهم السؤال.",
    "de": "Das verstehe ich nicht.",
    "fa": "منظورتان چیست؟",
    "hi": "इसका क्या मतलब है?",
    "ja": "どういう意味ですか？",
    "ko": "무슨 뜻이에요?",
    "ru": "Не понял вопроса.",
    "th": "หมายความว่าอะไร",
    "vi": "Tôi chưa hiểu câu hỏi.",
    "zh-hant": "這是什麼意思？",
}
MINIMAL = {
    "en": "No idea.",
    "ar": "نعم",
    "bn": "জানি না।",
    "de": "Weiß nicht.",
    "el": "Ναι.",
    "hi": "हाँ।",
    "ja": "特にないです。",
    "ko": "네.",
    "ru": "Не знаю.",
    "sw": "Sijui.",
    "ta": "ஆம்",
    "th": "ไม่มี",
    "zh-hans": "没什么。",
}
CASES = [
    *(("substantive", code, text) for code, text in SUBSTANTIVE.items()),
    *(("refused", code, text) for code, text in REFUSED.items()),
    *(("confused", code, text) for code, text in CONFUSED.items()),
    *(("minimal", code, text) for code, text in MINIMAL.items()),
    ("minimal", "en", "asdf"),
    ("minimal", "en", "..."),
    ("substantive", "en", "I don't want to lose my job to a machine that nobody can question."),
    ("substantive", "en", "No. My boss reads everything, so I write my letters by hand."),
    ("substantive", "en", "I don't know much about it, but my daughter shows me what it can do for the shop."),
    ("substantive", "en", "Why would anybody want that? It would take my work away."),
    ("substantive", "de", "Es hat mir einen Brief vom Finanzamt erklärt, den ich nicht verstanden habe."),
]


@pytest.mark.parametrize(("label", "language", "text"), CASES, ids=lambda value: value[:20])
def test_the_label_of_an_answer(label: str, language: str, text: str) -> None:
    found = of_answer(Answer(7, text, language))
    assert (found.label.value, text[found.start : found.end]) == (label, text)


def test_what_has_no_words_is_refused_struck_or_chosen() -> None:
    given = [of_answer(Answer(7, "", move="skip")), of_answer(Answer(7, "", struck=True)), of_answer(Answer(7, "4", value=4))]
    assert [(each.label.value, each.reason, each.turn) for each in given] == [
        ("refused", "Left unanswered.", None),
        ("refused", "Struck out by the participant.", None),
        ("substantive", "Chose an answer.", 7),
    ]


def counted(seconds: float, typed: int = 3) -> Measured:
    return Measured(visible_ms=int(seconds * 1000), typed=typed, pasted=0, pastes=0, hidden=False, input="keyboard")


@pytest.mark.parametrize(
    ("text", "seconds", "label"),
    [("No.", 0.4, "rushed"), ("No.", 5, "minimal"), ("It writes my letters, which saves an hour.", 0.4, "substantive"), ("No.", None, "minimal")],
)
def test_only_a_minimal_answer_that_was_measured_to_be_fast_is_rushed(text: str, seconds: float | None, label: str) -> None:
    asked = "If you could wave a magic wand, what would you have it do for you?"
    care = None if seconds is None else counted(seconds)
    assert of_answer(Answer(7, text, "en", asked=asked, care=care)).label == label


@pytest.mark.parametrize(
    ("texts", "label"),
    [
        (["No.", "It writes my letters, which saves me an hour a day."], "substantive"),
        (["I'd rather not say.", "Yes."], "minimal"),
        (["What do you mean?", "I'd rather not say."], "confused"),
        (["I'd rather not say.", "No comment."], "refused"),
        ([], "not_reached"),
    ],
)
def test_a_question_has_the_best_label_of_its_answers(texts: list[str], label: str) -> None:
    assert of_question([Answer(number, text, "en") for number, text in enumerate(texts)]).label == label


def test_what_the_interviewer_took_for_refused_is_unless_something_was_said() -> None:
    said = ["Well.", "It writes my letters, which saves me an hour a day."]
    found = [of_question([Answer(1, text, "en"), Answer(2, "Stop", move="choose", value="stop")], refusal_accepted=True) for text in said]
    assert [each.label for each in found] == ["refused", "substantive"]


@pytest.mark.parametrize(
    ("labels", "completed", "label"),
    [
        ("substantive substantive minimal", True, "complete"),
        ("substantive minimal refused covered not_asked", True, "thin"),
        ("substantive not_reached not_reached", False, "dropped_out"),
        ("minimal refused", True, "minimal"),
        ("not_reached not_reached", False, "minimal"),
    ],
)
def test_the_label_of_an_interview(labels: str, completed: bool, label: str) -> None:
    assert of_interview([Label(each) for each in labels.split()], completed=completed) == Overall(label)


def test_the_rules_read_what_simulated_people_say_in_every_language() -> None:
    """The figures stand in docs/simulation.md: what people are told to be is what the rules find."""
    wrong = {"refused": 0, "minimal": 0, "substantive": 0}
    said = dict(wrong)
    for language in sorted(written_languages()):
        spoken = library(language)
        content = [
            text for told in (spoken.hopes, spoken.delivered, spoken.fears) for code, texts in told.items() if code != "none" for text in texts
        ]
        for label, texts in (("refused", spoken.refusals), ("minimal", spoken.minimal), ("substantive", [*content, *spoken.last_use])):
            said[label] += len(texts)
            wrong[label] += sum(of_answer(Answer(1, text, language)).label != label for text in texts)
    assert (said, wrong) == ({"refused": 48, "minimal": 48, "substantive": 1421}, {"refused": 0, "minimal": 0, "substantive": 1})


@pytest.mark.django_db
def test_hidden_manners_are_recovered_question_by_question() -> None:
    survey = make_survey(read((ROOT / "surveys" / "demo" / "guide.yaml").read_bytes()))
    simulate(survey, count=80, seed=1, model=OfflineModel(LetterGroups()))
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for interview in Interview.objects.select_related("participant"):
        person = interview.participant
        profile = profile_of(person.external_id, country=person.country, language=interview.language)
        if profile is not None and profile.manner in ("refusing", "terse", "plain"):
            for each in by_rule(load(interview.pk)):
                found[profile.manner][f"{each.question.key} {each.labelled.label}"] += 1
    refusing = found["refusing"]
    people = refusing["magic_wand substantive"]
    assert people > 0
    assert refusing == dict.fromkeys(("last_use refused", "magic_wand substantive", "delivered substantive", "concerns refused"), people)
    answers = found["terse"] + found["plain"]
    assert sum(n for label, n in answers.items() if label.endswith("substantive")) >= 0.98 * answers.total()


def analysed(interview: Interview, **answers: Any) -> None:
    assert async_to_sync(pipeline.analyse)(interview.pk, ScriptedModel(**answers)).status == "done"


def labels(interview: Interview) -> list[tuple[Any, ...]]:
    rows = AnswerQuality.objects.filter(interview=interview).order_by("pk")
    return [(row.question, row.label, row.turn and row.turn.number, row.quote, str(row.coder).split("@")[0]) for row in rows]


@pytest.mark.django_db(transaction=True)
def test_a_models_label_needs_words_on_that_question_and_the_rule_stands_in() -> None:
    interview = held(survey_with_codebook(), *WISHES)
    answers = [
        {"question": "wish", "label": "minimal", "turn": 2, "quote": "more time with my children"},
        {"question": "worry", "label": "refused", "turn": 4, "quote": "more time with my children"},
    ]
    analysed(interview, quality={"answers": answers})
    assert labels(interview) == [
        ("wish", "minimal", 2, "more time with my children", "scripted · quality"),
        ("worry", "substantive", 4, WISHES[1][1], "rules · quality-rules"),
    ]
    assert interview.step_results.get(step="quality").quotes_dropped == 1
    found = InterviewQuality.objects.get()
    assert (found.label, found.substantive, found.put, found.country) == ("complete", 1, 2, "KE")


@pytest.mark.django_db(transaction=True)
def test_what_was_left_out_not_reached_or_covered_is_told_apart() -> None:
    asked = guide(
        question("often", "single", options=["yes", "no"], labels=["Yes", "No"]),
        question("why", ask_if=[{"question": "often", "any_of": ["yes"]}]),
        question("best"),
        question("dearest"),
        question("worst"),
        question("last"),
    )
    interview = make_interview(make_survey(asked))
    for number, (role, move, key, text, extra) in enumerate(
        [
            ("interviewer", "open", "often", "Often?", {}),
            ("participant", "answer", "often", "No", {"value": "no"}),
            ("interviewer", "ask", "best", "Best?", {}),
            ("participant", "answer", "best", "The green one in the morning, with my sister.", {}),
            ("interviewer", "accept_refusal", "dearest", "That is fine. Dearest?", {}),
            ("participant", "answer", "dearest", "Well.", {}),
            ("interviewer", "accept_refusal", "last", "That is fine. And last?", {"covered": ["worst"]}),
            ("participant", "end", "last", "", {}),
        ],
        start=1,
    ):
        interview.turns.create(number=number, role=role, move=move, question_key=key, text=text, **extra)
    Interview.objects.update(status="ended", awaiting="nobody")
    analysed(interview, quality=unavailable)
    assert [(key, label) for key, label, *_ in labels(interview)] == [
        ("often", "substantive"),
        ("why", "not_asked"),
        ("best", "substantive"),
        ("dearest", "refused"),
        ("worst", "covered"),
        ("last", "not_reached"),
    ]
    assert InterviewQuality.objects.get().label == "dropped_out"


@pytest.mark.django_db(transaction=True)
def test_offline_the_rules_label_and_another_codebook_changes_nothing() -> None:
    survey = survey_with_codebook()
    interview = held(survey, ("wish", "I'd rather not say."), ("worry", "Don't know."))
    model = OfflineModel(LetterGroups())
    async_to_sync(pipeline.analyse)(interview.pk, model)
    assert [(key, label, coder) for key, label, _, _, coder in labels(interview)] == [
        ("wish", "refused", "rules · quality-rules"),
        ("worry", "minimal", "rules · quality-rules"),
    ]
    codebook_edited(survey)
    assert async_to_sync(pipeline.analyse)(interview.pk, model).steps == ("code", "publish")
