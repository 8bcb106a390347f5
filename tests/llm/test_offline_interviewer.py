"""The offline interviewer's rule, as tables."""

from typing import Any

import pytest

from interviewer.reply import Reply
from llm import Completion, ModelError, Partial, Prompt
from llm.base import Usage
from llm.offline import OfflineModel
from llm.offline.interviewer import next_turn

OURS = "What would your day look like then?"
ELABORATE, EXAMPLE, REASON = "Could you tell me more?", "Could you give me an example?", "Why is that?"
CONTRAST, CLARIFY = "Are there times when it is different?", "What do you have in mind?"
PROBES = tuple(
    {"kind": kind, "text": text}
    for kind, text in [
        ("elaborate", OURS),
        ("elaborate", ELABORATE),
        ("example", EXAMPLE),
        ("reason", REASON),
        ("contrast", CONTRAST),
        ("clarify", CLARIFY),
    ]
)
RICH = (
    "I would like it to do the planning for my family because the evenings are when we see each other and I lose them to lists. "
    "For example last week I spent two hours on the shopping and the school forms while the children waited for me to read to them."
)
ASK = {"move": "ask", "probe_kind": "none", "say": "Thank you."}


def facts(answer: str, **changed: Any) -> dict[str, Any]:
    return {
        "language": "en",
        "allowed": ("probe", "clarify", "ask"),
        "question": "wish",
        "answer": answer,
        "answers": (),
        "probes": PROBES,
        "said": (),
        "bridge": "Thank you.",
        "acceptance": "Let us go on.",
        "back_to_the_question": "Back to it.",
        "clarification": "Take it as you like.",
        "summary_lead": "Here is what I understood.",
        "summary_close": "Is there anything to add?",
    } | changed


def probe(kind: str, text: str) -> dict[str, str]:
    return {"move": "probe", "probe_kind": kind, "say": text}


@pytest.mark.parametrize(
    ("language", "answer"),
    [
        ("en", "I don't know"),
        ("en", "I'd rather not say, sorry."),
        ("en", "No."),
        ("en", "Not really"),
        ("es", "No lo sé."),
        ("fr", "Je ne sais pas"),
        ("de", "Ich weiß es nicht."),
        ("pt", "Prefiro não responder."),
        ("ar", "لا أعرف"),
        ("ar", "لا شيء."),
        ("hi", "मुझे नहीं पता।"),
        ("bn", "আমি জানি না।"),
        ("zh-hans", "我不知道。"),
        ("ja", "特にないです。"),
        ("ja", "よくわかりません。"),
        ("ko", "잘 모르겠어요."),
        ("ru", "Я не знаю"),
        ("id", "Tidak tahu."),
        ("sw", "Sijui."),
        ("tr", "Bilmiyorum."),
        ("vi", "Tôi không biết"),
        ("nl", "No idea"),
    ],
)
def test_a_refusal_is_not_pressed(language: str, answer: str) -> None:
    assert next_turn(facts(answer, language=language)) == ASK


@pytest.mark.parametrize(
    ("language", "answer", "said", "expected"),
    [
        ("en", "More time.", (), probe("elaborate", OURS)),
        ("en", "More time.", (OURS,), ASK),
        ("en", "I want to pass my exam.", (OURS,), probe("elaborate", ELABORATE)),
        ("en", "It would plan the meals and the shopping of the whole family every single week.", (OURS,), probe("example", EXAMPLE)),
        ("en", "It would plan the meals, for example on Mondays, and do the shopping of the family.", (OURS,), probe("reason", REASON)),
        ("en", "It would plan the meals, because I am too tired for it when the day is over.", (OURS, EXAMPLE), ASK),
        ("en", RICH, (), ASK),
        ("ar", "أتمنى أن ينظم لي المواعيد والفواتير وشؤون البيت كلها وأن يساعد أطفالي في دروسهم", (OURS,), probe("example", EXAMPLE)),
        ("ar", "أتمنى أن ينظم لي المواعيد، مثلا مواعيد المدرسة، وأن يساعد أطفالي في دروسهم كل يوم", (OURS,), probe("reason", REASON)),
        ("ja", "家事や予定の管理や買い物を全部任せて、家族と一緒にゆっくり過ごしたいです。", (OURS,), probe("example", EXAMPLE)),
        ("ja", "例えば先週は買い物に二時間かかりました。家事を任せて家族と過ごしたいです。", (OURS,), probe("reason", REASON)),
        ("zh-hans", "我希望它能帮我安排家里的事情，比如上周我花了很多时间买菜做饭。", (OURS,), probe("reason", REASON)),
    ],
)
def test_the_probe_asks_for_what_the_answer_lacks(language: str, answer: str, said: tuple[str, ...], expected: dict[str, str]) -> None:
    assert next_turn(facts(answer, language=language, said=said)) == expected


def test_no_probe_is_put_twice_and_then_it_goes_on() -> None:
    said: list[str] = []
    while (turn := next_turn(facts("It would plan all the meals of the whole family and do the shopping.", said=tuple(said))))["move"] == "probe":
        said.append(turn["say"])
    assert said == [OURS, EXAMPLE, REASON]
    assert turn == ASK


@pytest.mark.parametrize(("language", "question"), [("en", "What do you mean by that?"), ("ar", "ماذا تقصد؟"), ("ja", "どういう意味ですか？")])
def test_a_question_back_is_answered_once(language: str, question: str) -> None:
    clarified = {"move": "clarify", "probe_kind": "clarify", "say": "Take it as you like."}
    assert next_turn(facts(question, language=language)) == clarified
    assert next_turn(facts(question, language=language, said=("Take it as you like.",)))["move"] != "clarify"
    assert next_turn(facts(question, language=language, allowed=("ask",))) == ASK


@pytest.mark.parametrize(
    ("language", "words", "line"),
    [
        ("en", "Well. I would like more time for my children. And money.", "– “I would like more time for my children.”"),
        ("fr", "Je voudrais du temps pour mes enfants. Voilà.", "– «\u00a0Je voudrais du temps pour mes enfants.\u00a0»"),
        ("ja", "家族と過ごす時間がほしいです。以上です。", "– 「家族と過ごす時間がほしいです。」"),
        ("ar", "أريد وقتا أطول مع أطفالي. شكرا.", "– «أريد وقتا أطول مع أطفالي.»"),
    ],
)
def test_the_summary_quotes_each_answer_in_the_language_s_own_marks(language: str, words: str, line: str) -> None:
    answers = (("Wish?", words), ("Wish?", "And again something else about it."), ("Fear?", "No."), ("Step?", "What do you mean?"))
    say = f"Here is what I understood.\n{line}\nIs there anything to add?"
    assert next_turn(facts("No.", language=language, allowed=("summarise",), answers=answers)) == {
        "move": "summarise",
        "probe_kind": "none",
        "say": say,
    }


def test_a_summary_puts_one_question_and_shortens_between_words() -> None:
    answers = (("Wish?", "Could it plan my week? " + "never " * 60), ("Fear?", "word " * 60))
    say = next_turn(facts("No.", allowed=("summarise",), answers=answers))["say"]
    assert say.count("?") == 1
    assert say.splitlines()[2] == f"– “{'word ' * 27}word…”"


def test_a_summary_of_nothing_said_is_its_question_alone() -> None:
    assert next_turn(facts("No.", allowed=("summarise",), answers=(("Wish?", "No."),)))["say"] == "Is there anything to add?"


def prompt(name: str = "interviewer", **changed: Any) -> Prompt:
    return Prompt(name=name, version="1", system="", messages=(), facts=facts("More time.", **changed))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [("Tell me more?", ["Tell ", "Tell me ", "Tell me more?"]), ("もう少し教えて。", ["もう少", "もう少し教え", "もう少し教えて。"])],
)
async def test_it_speaks_word_by_word(text: str, pieces: list[str]) -> None:
    asked = prompt(probes=({"kind": "elaborate", "text": text},))
    heard = [part async for part in OfflineModel().stream(asked, Reply)]
    *partials, completion = heard
    assert partials == [Partial({"move": "probe", "probe_kind": "elaborate", "concern": "none", "say": said}) for said in pieces]
    assert isinstance(completion, Completion)
    assert (completion.value, completion.model, completion.usage) == (Reply(**probe("elaborate", text)), "offline", Usage())


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("translate", "Offline there is no translation: it needs a language model."),
        ("poem", "The offline model does not know the prompt 'poem': it needs a language model."),
    ],
)
async def test_what_it_cannot_do_it_says(name: str, message: str) -> None:
    with pytest.raises(ModelError) as caught:
        await OfflineModel().extract(prompt(name), Reply)
    assert (str(caught.value), caught.value.code, caught.value.retry) == (message, "unavailable", False)


EVERYTHING = ("probe", "clarify", "exhausted", "accept_refusal", "return", "offer_end", "ask")


@pytest.mark.parametrize(
    ("answer", "language", "said", "expected"),
    [
        ("I'd rather not say", "en", (), ("accept_refusal", "Let us go on.")),
        ("لا أريد الإجابة", "ar", (), ("accept_refusal", "Let us go on.")),
        ("No.", "en", (ELABORATE,), ("exhausted", "Thank you.")),
        ("Can we stop here?", "en", (), ("offer_end", "")),
        ("もう終わりにしたいです", "ja", (), ("offer_end", "")),
        ("मुझे जाना है", "hi", (), ("offer_end", "")),
        ("Ich muss los", "de", (), ("offer_end", "")),
        ("asasasasasasas", "en", (), ("return", "Back to it.")),
        ("?!?!?!?!", "en", (), ("return", "Back to it.")),
        (RICH, "en", (), ("ask", "Thank you.")),
    ],
)
def test_refusing_having_no_more_stopping_and_straying_have_moves_of_their_own(
    answer: str, language: str, said: tuple[str, ...], expected: tuple[str, str]
) -> None:
    turn = next_turn(facts(answer, language=language, said=said, allowed=EVERYTHING))
    assert (turn["move"], turn["say"]) == expected


def test_who_tells_of_stopping_something_does_not_want_to_stop_the_interview() -> None:
    story = "I want to stop smoking, and AI could help me with that, because it would remind me every day and never lose patience with me."
    assert next_turn(facts(story, allowed=EVERYTHING))["move"] == "probe"


def test_after_three_returns_drumming_on_the_keys_ends_the_interview() -> None:
    assert next_turn(facts("asasasasasasas", allowed=("probe", "end_off_topic", "ask"))) == {"move": "end_off_topic", "probe_kind": "none", "say": ""}


def test_a_wish_to_stop_is_not_summed_up() -> None:
    answers = (("Wish?", "I want to stop here."), ("Wish?", "Tea in the garden every day."))
    say = next_turn(facts("No.", allowed=("summarise",), answers=answers))["say"]
    assert ("stop here" in say, "Tea in the garden" in say) == (False, True)
