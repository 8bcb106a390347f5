"""Contacts from files: good rows are taken, bad ones named by line; the same person is one contact."""

import csv
import io

import pytest

from surveys.invitations import files, storing
from surveys.invitations.files import NotContacts, Problem, Row
from surveys.invitations.models import Contact
from surveys.models import Participant, Survey
from tests.surveys.invitations.conftest import invited

SAME = [Row(2, "anna@example.org", "Ana O’Neil", "en", "7"), Row(3, "li@example.org", "李 娜", "zh-hans")]


@pytest.mark.parametrize(
    "content",
    [
        "email,name,language,external_id\nanna@example.org,Ana O’Neil,en,7\nli@example.org,李 娜,zh-CN,\n".encode(),
        "\ufeffE-mail;Name;Language;External ID\r\n anna@example.org ;Ana  O’Neil;EN;7\r\nli@example.org;李\u2028娜;zh;\r\n\r\n".encode(),
        "external_id\temail\tname\tlanguage\n7\tanna@example.org\tAna O’Neil\ten\n\tli@example.org\t\u202e李 娜\tzh_Hans\n".encode(),
    ],
)
def test_files_of_every_habit_read_the_same(content: bytes) -> None:
    assert files.read(content) == SAME


def test_bad_rows_are_named_by_line_and_reason() -> None:
    content = 'email,name,language,external_id\nnobody,A,,\n,B,,\n"anna@example.org","C\nD",xx,\nb@example.org,,,,more\nc@example.org\n'
    found = files.read(content.encode())
    assert [str(each) if isinstance(each, Problem) else each for each in found] == [
        "Line 2 has something else than an address under “email”.",
        "Line 3 has neither an address nor an external id.",
        "Line 4 has something else than a language code, such as en or pt, under “language”.",
        "Line 6 has 5 fields, the header 4.",
        Row(7, "c@example.org"),
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "The first line must name the columns"),
        (b"a,b\n1,2\n", "The first line must name the columns"),
        (b"email,phone\na@example.org,1\n", "There is no use for the column “phone”"),
        (b"email,email\n", "names a column twice"),
        (b"email,name\na@example.org,Jos\xe9\n", "The file is not UTF-8: see line 2."),
        (b"email\na\0b\n", "NUL"),
        (b'email,name\na@example.org,"open\n', "cannot be read from line 2 on"),
        (b"email\n" + b"a@example.org\n" * 50_001, "more than 50,000 rows"),
        (b"x" * 5_000_001, "larger than 5 MB"),
    ],
)
def test_a_file_that_holds_no_contacts_is_refused_with_the_reason(content: bytes, why: str) -> None:
    with pytest.raises(NotContacts) as refused:
        files.read(content)
    assert why in str(refused.value)


def test_duplicates_are_merged_and_what_a_row_does_not_say_stays(survey: Survey) -> None:
    rows = [
        Row(2, "anna@example.org", "Anna", "en"),
        Row(3, "ANNA@example.org", external_id="7"),
        Row(4, external_id="8"),
        Row(5, "ben@example.org", external_id="8"),
    ]
    assert str(storing.store(survey, rows, source="fair")) == "2 added, 0 updated, 0 rows not taken."
    again = storing.store(survey, [Row(2, "anna@example.org", "Anna B"), Row(3, external_id="8")])
    assert (again.added, again.updated) == (0, 1)
    told = Contact.objects.values_list("email_key", "name", "language", "external_id", "source")
    assert list(told) == [("anna@example.org", "Anna B", "en", "7", "fair"), ("ben@example.org", "", "", "8", "fair")]
    assert len(set(Contact.objects.values_list("token", flat=True))) == 2


def test_rows_at_odds_with_what_is_on_record_are_not_taken(survey: Survey) -> None:
    invited(survey, "anna@example.org", external_id="7")
    begun = invited(survey, "ben@example.org", external_id="8", participant=Participant.objects.create(survey=survey, language="en"))
    rows = [Row(2, "carla@example.org", external_id="7"), Row(3, "anna@example.org", external_id="8"), Row(4, "ben@example.org", external_id="9")]
    assert [str(problem) for problem in storing.store(survey, rows).problems] == [
        "Line 2 has the external id of another contact.",
        "Line 3 has the external id of another contact.",
        "Line 4 gives another external id to someone who has begun.",
    ]
    assert Contact.objects.get(pk=begun.pk).external_id == "8"


@pytest.mark.django_db
def test_thousands_of_rows_take_few_queries(survey: Survey, django_assert_max_num_queries) -> None:
    rows = [Row(line, f"a{line}@example.org", external_id=str(line)) for line in range(2, 2002)]
    with django_assert_max_num_queries(60):
        assert storing.store(survey, rows).added == 2000


def test_links_are_made_under_free_ids(survey: Survey) -> None:
    Participant.objects.create(survey=survey, language="en", external_id="fair-2")
    storing.make_links(survey, 2, prefix="fair")
    storing.make_links(survey, 1, prefix="fair", source="second day")
    assert list(Contact.objects.values_list("external_id", "email", "source")) == [
        ("fair-1", "", ""),
        ("fair-3", "", ""),
        ("fair-4", "", "second day"),
    ]


def test_what_is_written_runs_in_no_spreadsheet_and_reads_back() -> None:
    written = b"".join(files.written([("external_id", "name"), ("7", '=HYPERLINK("http://evil")'), ("8", "李")]))
    assert written.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(written.decode("utf-8-sig")))) == [["external_id", "name"], ["7", '\'=HYPERLINK("http://evil")'], ["8", "李"]]
    assert files.read(written) == [Row(2, "", '=HYPERLINK("http://evil")', "", "7"), Row(3, "", "李", "", "8")]
