"""What the interviewer may not say."""

from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.utils.functional import Promise

from interviewer import stock
from interviewer.guard import Flaw, flaws, whole_sentences
from interviewer.guard.sentences import spans
from interviewer.guard.words import languages, words_of
from interviewer.moves import Move
from llm.offline.interviewer import next_turn
from surveys.guide_yaml import read

SENTENCES = yaml.safe_load(Path(__file__).with_name("guard_sentences.yaml").read_text(encoding="utf-8"))
DEMO = read((Path(__file__).parents[2] / "surveys/demo/guide.yaml").read_text(encoding="utf-8"))
LONG_ANSWER = (
    "It would plan the week. It was great, and “wonderful” is what my sister said! Would it not be privacy that one gives up? I do not know. " * 3
)


@pytest.mark.parametrize(
    ("language", "flaw", "text"),
    [(language, flaw, text) for language, kinds in SENTENCES.items() for flaw, texts in kinds.items() for text in texts],
)
def test_each_flaw_is_found_in_every_language_and_no_other(language: str, flaw: str, text: str) -> None:
    assert flaws(text, Move.PROBE, language=language) == (() if flaw == "none" else (Flaw(flaw),))


def test_every_language_with_a_word_file_is_tried() -> None:
    assert sorted(SENTENCES) == list(languages())
    assert all(len(kinds["none"]) >= 4 and {"leading", "compound", "praise", "theme"} <= kinds.keys() for kinds in SENTENCES.values())


@pytest.mark.parametrize("language", languages())
def test_every_theme_has_its_words_in_every_language(language: str) -> None:
    assert [theme for theme, _ in words_of(language).themes] == [theme for theme, _ in words_of("en").themes]


@pytest.mark.parametrize(
    ("text", "move", "expected"),
    [
        ("Could you tell me more?", Move.PROBE, ()),
        ("Why? And when?", Move.PROBE, (Flaw.COMPOUND,)),
        ("Really?!", Move.PROBE, ()),
        ("I see; could you tell me more?", Move.PROBE, ()),
        ("Thank you.", Move.ASK, ()),
        ("Thank you. And then?", Move.ASK, (Flaw.COMPOUND,)),
        ("Great.", Move.ASK, (Flaw.PRAISE,)),
        ("Obviously, you may leave it out.", Move.CLARIFY, ()),
        ("Obviously, you were tired.", Move.PROBE, (Flaw.LEADING,)),
        ("How does that touch your privacy?", Move.CLARIFY, ()),
        ("You spoke of privacy. Is anything missing?", Move.SUMMARISE, ()),
        ("You said wonderful things. Is anything missing?", Move.SUMMARISE, (Flaw.PRAISE,)),
        ("Wonderful! Don't you think that cheating is bad? Why?", Move.PROBE, (Flaw.COMPOUND, Flaw.LEADING, Flaw.PRAISE, Flaw.THEME)),
        ("a" * 401, Move.PROBE, (Flaw.LONG,)),
        ("a" * 401, Move.SUMMARISE, ()),
        ("a" * 2401, Move.SUMMARISE, (Flaw.LONG,)),
    ],
)
def test_what_a_move_may_say(text: str, move: Move, expected: tuple[Flaw, ...]) -> None:
    assert flaws(text, move, language="en") == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("el", "Γιατί; Πότε;", (Flaw.COMPOUND,)),
        ("el", "Γιατί;", ()),
        ("am", "ለምን፧ መቼ፧", (Flaw.COMPOUND,)),
        ("fa", "چرا؟ کی؟", (Flaw.COMPOUND,)),
        ("sv", "Great? Surely.", ()),  # no word file: only what needs none is looked at
    ],
)
def test_a_language_without_a_word_file_is_held_to_its_question_marks(language: str, text: str, expected: tuple[Flaw, ...]) -> None:
    assert flaws(text, Move.PROBE, language=language) == expected


@pytest.mark.parametrize(
    ("text", "heard", "expected"),
    [
        ("What made it great?", "It was great.", ()),
        ("What made it great?", "It was good.", (Flaw.PRAISE,)),
        ("Great! What happened next?", "It was great.", (Flaw.PRAISE,)),
        ("What about it was fascinating?", "It fascinates me.", ()),
        ("What happens to your privacy?", "They take my privacy.", ()),
        ("What happens to your privacy?", "They take my personal data.", ()),
        ("What happens to your privacy?", "Me preocupa mi privacidad.", ()),
        ("What happens to your privacy?", "They know all about me.", (Flaw.THEME,)),
        ("You asked “why me?”. Could you tell me more?", "I said: why me? Nobody knew.", ()),
        ("You asked “why me?”. Could you tell me more?", "Nobody knew.", (Flaw.COMPOUND,)),
        ('What about "surveillance" matters to you?', "Nobody knew.", (Flaw.THEME,)),
        ("You said 'it was great, wasn't it?' and 'lovely'. Who said so?", "it was great, wasn't it? lovely", ()),
    ],
)
def test_the_participants_own_words_may_be_taken_up(text: str, heard: str, expected: tuple[Flaw, ...]) -> None:
    assert flaws(text, Move.PROBE, language="en", heard=heard) == expected


def test_a_theme_that_the_guide_has_put_is_not_new() -> None:
    assert flaws("What would that mean for the climate?", Move.PROBE, language="en", put="How do you see the climate?") == ()


@pytest.mark.parametrize(
    ("language", "text", "heard", "foreign"),
    [
        ("ar", "Could you tell me a little more about that?", "", True),
        ("ja", "Could you tell me a little more about that?", "", True),
        ("ja", "您能再多说一些关于这件事的情况吗？", "", True),
        ("zh-hans", "もう少し詳しくお聞かせいただけますか？", "", True),
        ("ko", "关于这一点，您能再多说一些吗？", "", True),
        ("hi", "এ বিষয়ে কি আরেকটু বলবেন, তখন কেমন ছিল?", "", True),
        ("de", "Could you tell me a little more about how that was for you?", "", True),
        ("sv", "Could you tell me a little more about how that was for you?", "", True),
        ("es", "Vous pourriez dire un peu plus sur ce qui est important pour vous dans cela ?", "", True),
        ("ru", "Чи могли б ви розповісти про це трохи більше, що саме це було для вас?", "", True),
        ("es", "O que você faz quando isso não funciona?", "", False),  # near and short: not plain
        ("ar", "ماذا تفعلون في Visual Studio Code؟", "Visual Studio Code", False),
        ("ru", "Вы сказали: «Could you help me with the letter to my landlord, please». Что было дальше?", "", False),
        ("sr", "Можете ли да кажете нешто више о томе како је то било?", "", False),
        ("sr", "Možete li da kažete nešto više o tome kako je to bilo?", "", False),
        ("en", "OK.", "", False),
    ],
)
def test_another_language_is_seen_where_it_is_plain(language: str, text: str, heard: str, foreign: bool) -> None:
    assert (Flaw.LANGUAGE in flaws(text, Move.PROBE, language=language, heard=heard)) == foreign


@pytest.mark.parametrize("language", DEMO.languages)
def test_what_the_guide_says_is_fit_to_be_said(language: str) -> None:
    probes = [probe for question in DEMO.questions for probe in question.wordings[language].probes]
    wordings = [question.wordings[language].text for question in DEMO.questions]
    assert {text: found for text in (*probes, *wordings) if (found := flaws(text, Move.PROBE, language=language))} == {}


STOCK = {
    Move.PROBE: tuple(stock.PROBES.values()),
    Move.ASK: (stock.BRIDGE, stock.GO_ON),
    Move.CLARIFY: (stock.CLARIFICATION,),
    Move.SUMMARISE: (stock.ANYTHING_ELSE, stock.SUMMARY_LEAD, stock.SUMMARY_CLOSE),
}


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_what_the_program_says_is_fit_to_be_said(language: str) -> None:
    said = [(move, stock.say(sentence, language), english(sentence)) for move, sentences in STOCK.items() for sentence in sentences]
    # Where the catalogues have not been compiled, it speaks English.
    assert {text: found for move, text, source in said if (found := flaws(text, move, language="en" if text == source else language))} == {}


def english(sentence: Promise) -> str:
    return stock.say(sentence, "en")


@pytest.mark.parametrize("language", DEMO.languages)
def test_what_the_offline_interviewer_says_is_fit_to_be_said(language: str) -> None:
    question = DEMO.questions[1].wordings[language]
    clean = {name: stock.say(getattr(stock, name.upper()), language) for name in ("bridge", "clarification", "summary_lead", "summary_close")}
    facts = {
        "language": language,
        "question": "magic_wand",
        "answer": LONG_ANSWER,
        "answers": ((question.text, LONG_ANSWER),),
        "probes": [{"kind": "elaborate", "text": text} for text in question.probes],
        "said": (question.text,),
        **clean,
    }
    for allowed in (("probe", "ask"), ("ask",), ("summarise",)):
        turn = next_turn({**facts, "allowed": allowed})
        compiled = clean["summary_lead"] != english(stock.SUMMARY_LEAD)
        spoken = language if compiled or turn["move"] == "probe" else "en"
        assert flaws(turn["say"], Move(turn["move"]), language=spoken, heard=LONG_ANSWER) == (), turn


@pytest.mark.parametrize(
    ("text", "released"),
    [
        ("I see", ""),
        ("I see.", ""),  # another mark may follow
        ("I see. What", "I see."),
        ("It cost 3.5 coins and", ""),
        ("そうですか。では、", "そうですか。"),
        ("أفهم. ماذا", "أفهم."),
        ("मैं समझा। आपने", "मैं समझा।"),
        ("One.\nTwo", "One.\n"),
        ("Why? Wh", "Why?"),
    ],
)
def test_words_are_released_by_whole_sentences(text: str, released: str) -> None:
    assert text[: whole_sentences(text)] == released


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        (" \n ", []),
        ("It cost 3.5 coins", ["It cost 3.5 coins"]),
        (" One. Two!  \n\nThree 🙂 ", ["One.", "Two!", "Three 🙂"]),
        ("أفهم. ماذا؟ لا", ["أفهم.", "ماذا؟", "لا"]),
        ("そうですか。では、", ["そうですか。", "では、"]),
    ],
)
def test_sentences_have_places(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in spans(text)] == sentences


def test_a_quotation_still_open_is_the_participants_until_it_turns_out_not_to_be() -> None:
    said = 'You said "it was great.'
    assert flaws(said, Move.PROBE, language="en", heard="It was fine.", whole=False) == ()
    assert flaws(said, Move.PROBE, language="en", heard="It was fine.") == (Flaw.PRAISE,)
