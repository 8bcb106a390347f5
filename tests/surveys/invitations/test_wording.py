"""Texts of mails: what a researcher's own must hold, and how they are filled in."""

import pytest

from surveys.invitations.wording import as_html, body_problems, fill, standard, subject_problems
from tests.surveys.invitations.conftest import GUIDE

KNOWN = "Use {name}, {survey}, {link}, {opt_out}."


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", []),
        ("Dear {name}: {link} {opt_out}", []),
        ("{link}", ["{opt_out} is missing: without it nobody could stop the mails."]),
        ("{opt_out}", ["{link} is missing: without it nobody could begin."]),
        ("{link} {opt_out} {first_name}", ["{first_name} has no meaning here. " + KNOWN]),
        ("{link} {opt_out} {", ["A brace stands alone. Braces are for {name}, {survey}, {link}, {opt_out}."]),
        ("{link} {opt_out} {name", ["A brace stands alone. Braces are for {name}, {survey}, {link}, {opt_out}."]),
    ],
)
def test_a_body_is_checked(text: str, problems: list[str]) -> None:
    assert body_problems(text) == problems


def test_a_subject_takes_no_links() -> None:
    assert subject_problems("For {name}: {survey}") == []
    assert subject_problems("See {link}") == ["{link} has no meaning here. Use {name}, {survey}."]


def test_the_standard_texts_hold_what_they_must() -> None:
    for reminder in (False, True):
        letter = standard(GUIDE, "en", reminder=reminder)
        assert (subject_problems(letter.subject), body_problems(letter.body)) == ([], [])


@pytest.mark.parametrize(("name", "filled"), [("Anna", "Hello Anna, {x}"), ("", "Hello, {x}"), ("{link}", "Hello {link}, {x}")])
def test_a_name_is_filled_in_once_and_its_absence_leaves_no_gap(name: str, filled: str) -> None:
    assert fill("Hello {name}, {survey}", {"name": name, "survey": "{x}"}) == filled


def test_html_escapes_everything_and_links_only_what_the_researcher_wrote() -> None:
    values = {"name": "http://evil.example <script>", "survey": "<i>", "link": "https://s.example/p/1", "opt_out": "https://s.example/p/1/stop"}
    assert as_html("{name} & {survey}\n{link}\n\nhttps://uni.example", values) == (
        "<p><bdi>http://evil.example &lt;script&gt;</bdi> &amp; <bdi>&lt;i&gt;</bdi><br>\n"
        '<a href="https://s.example/p/1">https://s.example/p/1</a></p>\n'
        '<p><a href="https://uni.example">https://uni.example</a></p>'
    )
