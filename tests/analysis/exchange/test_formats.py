"""Codebooks as files: read back equal, harmless in spreadsheets, fit for other programs, and safe to read from strangers."""

import csv
import io
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import publishing
from analysis.codebook import Code, CodebookDocument, Dimension
from analysis.exchange import formats, qdc, qdc_in, tabular
from analysis.publishing import CodebookError
from surveys.cells import STARTS_A_FORMULA
from tests.analysis.exchange import refi
from tests.analysis.talk import CODEBOOK, GUIDE, dimension, survey_with_codebook
from tests.conftest import make_survey

HOPES_AND_FEARS = publishing.read(publishing.HOPES_AND_FEARS.read_bytes())
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
    st.sampled_from(
        ["=1+1", "'", "  two", "Key: no", "a\n\nInclude: b", "a\r\nb\rc\td", '<x> & "y" ]]>', "Example: e\n  f", "@x", "-", "أخشى", "\ufeff=1"]
    ),
)
NAMES = TEXTS.filter(lambda text: text.strip() != "")
KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True).filter(lambda key: key != "none")
CODES = st.builds(
    Code, key=KEYS, label=NAMES, definition=TEXTS, include=TEXTS, exclude=TEXTS, examples=st.lists(TEXTS, max_size=3).map(tuple), stance=st.booleans()
)


@st.composite
def codebooks(draw: st.DrawFn) -> CodebookDocument:
    dimensions = []
    for key in draw(st.lists(KEYS, min_size=1, max_size=3, unique=True)):
        codes = draw(st.lists(CODES, min_size=1, max_size=4, unique_by=lambda code: code.key))
        codes.append(Code(key="none", label=draw(NAMES)))
        shape = draw(st.sampled_from(["single", "multiple", "ordinal"]))
        fields = {
            "title": draw(NAMES),
            "instruction": draw(TEXTS),
            "questions": tuple(draw(st.lists(KEYS, max_size=2))),
            "stance": draw(st.booleans()),
        }
        dimensions.append(Dimension(key=key, shape=shape, codes=tuple(codes), **fields))
    return CodebookDocument(title=draw(NAMES), dimensions=tuple(dimensions))


@settings(max_examples=60, deadline=None)
@given(codebooks())
def test_a_codebook_written_and_read_is_the_same_in_every_form(document: CodebookDocument) -> None:
    for form in ("csv", "qdc"):
        assert formats.read(f"book.{form}", formats.write(form, document, of="tea")) == document, form
    assert refi.problems(formats.write("qdc", document, of="tea")) == []
    for row in csv.reader(io.StringIO(formats.write("csv", document, of="tea").removeprefix("\ufeff"), newline="")):
        assert not [cell for cell in row if cell.lstrip(" \u00a0\ufeff").startswith(STARTS_A_FORMULA)]


@pytest.mark.parametrize("form", list(formats.CONTENT_TYPES))
def test_the_codebook_of_the_demonstration_goes_through_every_form(form: str) -> None:
    assert formats.read(f"book.{form}", formats.write(form, HOPES_AND_FEARS, of="hopes").encode()) == HOPES_AND_FEARS


def test_guids_stay_from_version_to_version_and_differ_between_surveys() -> None:
    def guids(document: CodebookDocument, of: str) -> list[str]:
        return re.findall(r'guid="([^"]+)"', qdc.write(document, of=of))

    renamed = CODEBOOK.model_copy(update={"title": "Tea, again", "dimensions": CODEBOOK.dimensions[1:]})
    assert set(guids(renamed, "tea")) < set(guids(CODEBOOK, "tea"))
    assert len(set(guids(CODEBOOK, "tea"))) == 3 + 3 + 3 + 7
    assert not set(guids(CODEBOOK, "tea")) & set(guids(CODEBOOK, "coffee"))


@pytest.mark.parametrize(
    ("heading", "row", "problem"),
    [
        ("dimension,title,shape,code", "a,A,single,x", "There is no column 'label'."),
        ("dimension,title,shape,code,label,colour", "a,A,single,x,X,red", "The column 'colour' is not known."),
        ("dimension,title,shape,code,label,label", "a,A,single,x,X,X", "The column 'label' stands twice."),
        ("dimension,title,shape,code,label,stance", "a,A,single,x,X,perhaps", "Row 2: 'stance' is 'perhaps', not true or empty."),
        ("dimension,title,shape,code,label", "a,A,single,x,X,y", "Row 2: it has more cells than the heading."),
        (
            "dimension,title,shape,code,label",
            "a,A,single,x,X\na,B,single,none,N",
            "Row 3: 'title' is not what it is in the first row of the dimension 'a'.",
        ),
        ("dimension,title,shape,code,label", "a,A,single,x,X", "dimensions[0].codes: needs at least 2 entries"),
        ("dimension,title,shape,code,label", 'a,"A', "This is not CSV: unexpected end of data."),
    ],
)
def test_what_is_wrong_with_a_table_is_said_with_its_row(heading: str, row: str, problem: str) -> None:
    with pytest.raises(CodebookError) as found:
        tabular.read(f"{heading}\n{row}\n")
    assert problem in str(found.value)


def test_a_table_saved_by_a_spreadsheet_with_semicolons_and_gaps_is_read() -> None:
    text = "dimension;title;shape;code;label\r\nwish;Wish;Single;time;Time\r\n;;;;\r\nwish;;;none;None\r\n"
    with pytest.raises(CodebookError, match=r"dimensions\[0\]|Row 3|shape"):
        tabular.read(text.replace("Single", "both"))
    assert tabular.read(text).dimension("wish").code_keys == ("time", "none")


ATLAS = """<?xml version="1.0" encoding="utf-8"?>
<CodeBook xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:QDA-XML:codebook:1.0 Codebook.xsd"
  origin="ATLAS.ti" xmlns="urn:QDA-XML:codebook:1.0">
  <Codes>
    <Code guid="1FF58B12-6F6F-4B0C-8BE5-BBDC91F55294" name="Fear of loss" color="#46AA00" isCodable="true">
      <Description>What may go.</Description></Code>
    <Code guid="{2FF58B12-6F6F-4B0C-8BE5-BBDC91F55294}" name="الأمل" isCodable="true" />
    <Code guid="3FF58B12-6F6F-4B0C-8BE5-BBDC91F55294" name="Fear: of loss!" isCodable="true" />
  </Codes>
  <Sets><Set name="Group 1" guid="ECA18D76-2B8B-4F26-BC1D-19ECA19FB3F0"><Description>Both</Description>
    <MemberCode guid="1ff58b12-6f6f-4b0c-8be5-bbdc91f55294" /><MemberCode guid="2FF58B12-6F6F-4B0C-8BE5-BBDC91F55294" /></Set></Sets>
</CodeBook>"""
NVIVO = """\ufeff<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>
  <Code guid="1" name="Work" isCodable="true"><Description>About work</Description>
    <Code guid="2" name="Pay" isCodable="false"><Code guid="3" name="Low" isCodable="true"/></Code>
    <Code guid="4" name="None" isCodable="true"/></Code>
  <Code guid="5" name="Loose" isCodable="true"/></Codes><Sets/></CodeBook>"""


def shown(document: CodebookDocument) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    return [(each.key, each.title, [(code.key, code.label, code.definition) for code in each.codes]) for each in document.dimensions]


def test_flat_codes_of_another_program_are_ordered_by_its_sets() -> None:
    document = qdc_in.read(ATLAS)
    assert document.title == "Codebook from ATLAS.ti"
    assert shown(document) == [
        ("group_1", "Group 1", [("fear_of_loss", "Fear of loss", "What may go."), ("code", "الأمل", ""), ("none", "None of these", "")]),
        ("codes", "Codes", [("fear_of_loss", "Fear: of loss!", ""), ("none", "None of these", "")]),
    ]
    assert qdc_in.read(qdc.write(document, of="tea")) == document


def test_trees_of_another_program_become_dimensions() -> None:
    assert shown(qdc_in.read(NVIVO.encode())) == [
        (
            "work",
            "Work",
            [("work", "Work", "About work"), ("pay_low", "Pay / Low", ""), ("code_none", "None", ""), ("none", "None of these", "")],
        ),
        ("codes", "Codes", [("loose", "Loose", ""), ("none", "None of these", "")]),
    ]


DECLARES = "The file declares a document type or entities, which are not read."
NO_CODEBOOK = "This is no REFI-QDA codebook: its first element is not CodeBook."
BOMB = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><CodeBook><Codes><Code name="&y;"/></Codes></CodeBook>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><CodeBook>&x;</CodeBook>'
PARAMETER = '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd"><CodeBook/>'


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (BOMB, DECLARES),
        (OUTSIDE, DECLARES),
        (PARAMETER, DECLARES),
        ("<CodeBook>&x;</CodeBook>", "This is not XML: undefined entity: line 1, column 10."),
        ("<CodeBook>" + "<Code>" * 200 + "</Code>" * 200 + "</CodeBook>", "The elements are nested too deep."),
        ('<?xml version="1.0" encoding="klingon"?><CodeBook/>', "This is not XML: unknown encoding: klingon."),
        ("", "This is not XML: no element found: line 1, column 0."),
        ('<Project xmlns="urn:QDA-XML:project:1.0"/>', NO_CODEBOOK),
        (
            '<CodeBook xmlns="urn:other"><Codes><Code name="x"/></Codes></CodeBook>',
            NO_CODEBOOK,
        ),
        ("<CodeBook><Codes/></CodeBook>", "The codebook has no codes."),
        ("x" * 2_000_001, "The file is larger than 2 MB."),
    ],
)
def test_what_is_no_codebook_of_another_program_or_means_harm_is_refused(text: str, problem: str) -> None:
    with pytest.raises(CodebookError) as found:
        qdc_in.read(text)
    assert found.value.problems == [problem]


@pytest.mark.django_db
@pytest.mark.parametrize("form", list(formats.CONTENT_TYPES))
def test_commands_tell_the_form_by_the_name_of_the_file(tmp_path: Path, form: str) -> None:
    survey_with_codebook()
    other = make_survey(GUIDE, slug="coffee")
    call_command("export_codebook", "--survey", "tea", "--output", str(tmp_path / f"codes.{form}"))
    call_command("import_codebook", str(tmp_path / f"codes.{form}"), "--survey", "coffee")
    assert publishing.current(other).document == CODEBOOK  # type: ignore[union-attr]


def test_the_rules_refuse_what_the_standard_refuses() -> None:
    good = qdc.write(CodebookDocument.model_validate({"title": "T", "dimensions": [dimension("a", "single", "x none")]}), of="tea")
    assert refi.problems(good) == []
    for old, new in (('isCodable="true"', ""), ("<Codes>", "<Codes><Set/>"), ('guid="', 'guid="x'), ("<Description>", "<Description/><Description>")):
        assert refi.problems(good.replace(old, new, 1)) != []
