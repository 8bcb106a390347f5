"""Guides as YAML: read, written, refused."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from surveys import guide_yaml, publishing
from surveys.guide import Guide
from surveys.guide_yaml import GuideError
from surveys.models import Survey
from tests.surveys.guides import RICH, SOURCE

SMALL = """\
title: Small
languages: [en]
texts: {en: {title: Small, consent: I agree.}}
sections:
  - key: main
    questions:
      - key: why
        wordings:
          en:
            text: Why?
"""


def problems(text: str | bytes) -> list[str]:
    with pytest.raises(GuideError) as caught:
        guide_yaml.read(text)
    return caught.value.problems


def test_a_guide_with_every_kind_of_question_in_three_scripts_is_read() -> None:
    assert guide_yaml.read(SOURCE) == RICH


def test_what_is_written_is_read_back_as_the_same_guide() -> None:
    assert guide_yaml.read(guide_yaml.write(RICH)) == RICH


def test_bytes_with_a_byte_order_mark_are_read() -> None:
    assert guide_yaml.read(SOURCE.encode("utf-8-sig")) == RICH


def test_the_text_written_is_stable_and_made_for_reading() -> None:
    guide = guide_yaml.read(SMALL.replace("consent: I agree.", 'consent: "I agree.\\nيوافق", closing: "yes"'))
    assert guide_yaml.write(guide) == (
        "format: colloquy-guide/1\n"
        "title: Small\n"
        "languages:\n"
        "  - en\n"
        "texts:\n"
        "  en:\n"
        "    title: Small\n"
        "    consent: |-\n"
        "      I agree.\n"
        "      يوافق\n"
        "    closing: 'yes'\n"
        "sections:\n"
        "  - key: main\n"
        "    questions:\n"
        "      - key: why\n"
        "        kind: open\n"
        "        wordings:\n"
        "          en:\n"
        "            text: Why?\n"
    )


def test_languages_are_written_in_the_order_offered() -> None:
    lines = guide_yaml.write(RICH).splitlines()
    assert [line.strip(" :") for line in lines if line.startswith("  ") and line.strip() in ("en:", "ar:", "ja:")] == ["en", "ar", "ja"] * 6


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=[chr(n) for n in (*range(9), 11, 12, *range(14, 32), 127)]), min_size=1)


@given(text=words.filter(lambda text: text.strip()), probes=st.lists(words, max_size=3))
def test_any_words_survive_the_way_into_yaml_and_back(text: str, probes: list[str]) -> None:
    document = RICH.model_dump(mode="json")
    document["sections"][0]["questions"][0]["wordings"]["en"] |= {"text": text, "probes": probes}
    guide = Guide.model_validate(document)
    assert guide_yaml.read(guide_yaml.write(guide)) == guide


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SMALL.replace("text: Why?", "text: ''"), ["sections[0].questions[0].wordings.en.text: is empty"]),
        (SMALL.replace("text: Why?", "text: 12"), [
            "sections[0].questions[0].wordings.en.text: must be text; put it in quotes if it looks like something else"
        ]),
        (SMALL.replace("text: Why?", "words: Why?"), [
            "sections[0].questions[0].wordings.en.text: is missing",
            "sections[0].questions[0].wordings.en.words: is not a known field",
        ]),
        (SMALL.replace("key: why", "key: Why now"), [
            "sections[0].questions[0].key: 'Why now' is not a key: use small letters, digits and _, beginning with a letter"
        ]),
        (SMALL.replace("texts: {en:", "texts: {EN_us:"), ["texts.EN_us: 'EN_us' is not a language code such as en or zh-hans"]),
        (SMALL.replace("languages: [en]", "languages: [en, ar]"), ["ar is offered but has no title and consent text"]),
        (SMALL.replace("key: why", "key: why\n        kind: single\n        options: [a]"), [
            "sections[0].questions[0]: question 'why': a choice needs at least two options"
        ]),
        (SMALL + "title: Again\n", ["Line 11, column 1: 'title' stands twice"]),
        (SMALL.replace("text: Why?", "text: Why?\n            text: Who?"), ["Line 11, column 13: 'text' stands twice"]),
        (SMALL.replace("text: Why?", "text: &a Why?\n            low: *a"), ["Line 11, column 18: aliases (*name) are not read; write the text out"]),
        (SMALL.replace("text: Why?", "text: ['"), ["Line 11, column 1: found unexpected end of stream"]),
        (SMALL.replace("text: Why?", 'text: "Why\\0"'), ["sections[0].questions[0].wordings.en.text: holds a character that cannot be stored"]),
        (SMALL.replace("text: Why?", 'text: "Why\\ud800"'), ["Line 10, column 25: found invalid Unicode character escape code"]),
        ("- a\n- b\n", ["The file must hold named fields, beginning with 'format: colloquy-guide/1'."]),
        ("", ["The file must hold named fields, beginning with 'format: colloquy-guide/1'."]),
        ("format: colloquy-guide/9\n" + SMALL, ["format is 'colloquy-guide/9', this program reads 'colloquy-guide/1'"]),
        ("1: a\n", ["Line 1, column 1: a field's name must be text, not 1"]),
        ("title: !!python/object/apply:os.getcwd []\n", [
            "Line 1, column 8: could not determine a constructor for the tag 'tag:yaml.org,2002:python/object/apply:os.getcwd'"
        ]),
        (b"title: \xff\n", ["The file is not UTF-8 text (byte 8)."]),
        ("title: " + "a" * guide_yaml.MOST_BYTES, ["The file is larger than 2 MB."]),
        ("[" * 100_000, ["Line 1, column 21: there are too many levels"]),
        ("title: a\nx: " + "9" * 10_000, ["A number has too many digits, or a character cannot be stored."]),
    ],
)  # fmt: skip
def test_what_is_no_guide_is_refused_with_its_place(text: str | bytes, expected: list[str]) -> None:
    found = problems(text)
    assert found == expected


def test_every_error_is_named_at_once() -> None:
    broken = SMALL.replace("text: Why?", "text: ''").replace("title: Small\nlang", "lang")
    assert problems(broken) == ["title: is missing", "sections[0].questions[0].wordings.en.text: is empty"]


@pytest.mark.django_db
def test_the_commands_bring_a_guide_in_publish_it_and_write_it_out_again(tmp_path: Path) -> None:
    file, out = tmp_path / "guide.yaml", tmp_path / "out.yaml"
    file.write_text(SOURCE, encoding="utf-8")
    said = StringIO()
    call_command("import_guide", str(file), survey="tools", publish=True, status="open", stdout=said)
    assert said.getvalue() == "The draft of tools holds 5 questions in 3 languages.\nVersion 1 is published.\nThe survey is open.\n"
    assert Survey.objects.get(slug="tools").status == "open"
    call_command("export_guide", "tools", "--version", "1", "--output", str(out))
    assert guide_yaml.read(out.read_bytes()) == RICH
    written = StringIO()
    call_command("export_guide", "tools", "--version", "draft", stdout=written)
    assert written.getvalue() == guide_yaml.write(RICH)


@pytest.mark.django_db
def test_a_guide_that_cannot_be_imported_leaves_everything_as_it_was(tmp_path: Path) -> None:
    publishing.load(RICH, slug="tools")
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(SMALL, encoding="utf-8")
    bad.write_text(SMALL.replace("Why?", "''"), encoding="utf-8")
    with pytest.raises(CommandError, match=r"sections\[0\]\.questions\[0\]\.wordings\.en\.text: is empty"):
        call_command("import_guide", str(bad), survey="tools")
    with pytest.raises(CommandError, match="cannot be set to “Open” before its guide is published"):
        call_command("import_guide", str(good), survey="tools", status="open")
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("import_guide", str(tmp_path / "none.yaml"), survey="tools")
    assert publishing.draft(Survey.objects.get(slug="tools")) == RICH


@pytest.mark.django_db
def test_what_is_not_there_cannot_be_exported() -> None:
    publishing.load(RICH, slug="tools")
    for arguments, reason in (
        (["other"], "There is no survey 'other'"),
        (["tools"], "tools is not published"),
        (["tools", "--version", "3"], "tools has no version 3"),
        (["tools", "--version", "x"], "a number, or the word draft"),
    ):
        with pytest.raises(CommandError, match=reason):
            call_command("export_guide", *arguments)
