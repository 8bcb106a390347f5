"""The researcher's pages, asked for over HTTP with real rows behind them."""

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from analysis.aggregates import count
from analysis.findings import by_country, charts, in_order
from tests.analysis.researchers import researcher
from tests.analysis.results import Results

pytestmark = pytest.mark.django_db
HOSTILE = '<script>alert(1)</script> "أخشى" 👩‍🚀\n=1+1'


@pytest.fixture
def results() -> Results:
    return Results()


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(researcher("researcher"))
    return client


def text(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", "", html)))


def get(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.mark.parametrize("page", ["", "quotes/?dimension=fears", "interviews/1/", "exports/", "exports/turns.csv", "exports/turns.dictionary.csv"])
def test_only_staff_may_look(client: Client, results: Results, page: str) -> None:
    address = f"/findings/tea/{page}"
    assert client.get(address).headers["Location"].startswith("/admin/login/?next=/findings/tea/")
    client.force_login(User.objects.create_user("visitor"))
    assert client.get(address).headers["Location"].startswith("/admin/login/?next=/findings/tea/")


def test_a_survey_without_analysed_interviews_says_so(staff: Client, results: Results) -> None:
    assert "No interview has been coded yet." in get(staff, "/findings/tea/")


def test_a_survey_without_a_codebook_says_so(staff: Client, results: Results) -> None:
    results.codebook.delete()
    assert "no codebook yet" in get(staff, "/findings/tea/")


def test_hopes_stand_beside_fears_and_themes_are_ranked_with_none_last(results: Results) -> None:
    results.people(2, codes=[("hopes", "money"), ("fears", "none"), ("mood", "2")])
    results.people(1, codes=[("hopes", "time"), ("fears", "jobs"), ("mood", "1")])
    shown = charts(results.survey, in_order(results.codebook.document), count(results.survey, origins={"live"}))
    assert [(chart.key, chart.n, [(bar.label, bar.count, bar.share, bar.interval) for bar in chart.bars]) for chart in shown] == [
        ("hopes", 3, [("Money", "2 of 3", "67%", "21–94%"), ("Time", "1 of 3", "33%", "6–79%"), ("No hope", "0 of 3", "0%", "0–56%")]),
        ("fears", 3, [("Jobs & economy", "1 of 3", "33%", "6–79%"), ("Bias", "0 of 3", "0%", "0–56%"), ("No fear", "2 of 3", "67%", "21–94%")]),
        ("delivered", 0, [("Yes", "0 of 0", "–", "–"), ("None", "0 of 0", "–", "–")]),
        ("mood", 3, [("1", "1 of 3", "33%", "6–79%"), ("2", "2 of 3", "67%", "21–94%")]),
    ]


def test_one_theme_by_country_is_sorted_by_share_with_people_without_a_country_last(results: Results) -> None:
    results.people(1, country="FR", codes=[("fears", "jobs")])
    results.people(1, country="FR", codes=[("fears", "bias")])
    results.people(1, country="JP", codes=[("fears", "jobs")])
    results.people(1, country="", codes=[("fears", "jobs")])
    document = results.codebook.document
    counts = count(results.survey, origins={"live"})["fears"]
    view = by_country(results.survey, document.dimension("fears"), "", document.dimensions, counts)
    assert view.label == "Jobs & economy"
    assert [(row.name, row.k, row.n, row.share, row.interval) for row in view.rows] == [
        ("Japan", 1, 1, "100%", "21–100%"),
        ("France", 1, 2, "50%", "9–91%"),
        ("not stated", 1, 1, "100%", "21–100%"),
    ]
    assert view.columns == ("Jobs & economy", "Bias", "No fear")
    assert [(row.name, row.n, [cell.share for cell in row.cells]) for row in view.matrix] == [
        ("France", 2, ["50%", "50%", "0%"]),
        ("Japan", 1, ["100%", "0%", "0%"]),
        ("not stated", 1, ["100%", "0%", "0%"]),
    ]


def test_every_number_opens_as_many_people_as_it_counts(staff: Client, results: Results) -> None:
    results.people(3, country="FR", codes=[("hopes", "time"), ("fears", "jobs"), ("fears", "bias")])
    results.people(2, country="", codes=[("hopes", "money"), ("fears", "jobs")])
    page = get(staff, "/findings/tea/?dimension=fears&code=jobs")
    cells = re.findall(r'<a href="([^"]*/quotes/[^"]*)">(\d+)</a>', page)
    assert len(cells) == 6  # k and n of two countries, n of them in the table of all themes
    for address, number in cells:
        assert f"{number} {'person' if number == '1' else 'people'}" in text(get(staff, unescape(address)))


def test_it_says_who_coded_and_that_nobody_checked(staff: Client, results: Results) -> None:
    results.people(2, codes=[("fears", "jobs")])
    page = text(get(staff, "/findings/tea/"))
    assert "Coded by offline · code@1, codebook version 1: 2 interviews. Provisional: not checked by people." in page
    assert "Interviews 2 finished (2 live)" in page


def test_a_persons_coding_is_not_called_provisional(staff: Client, results: Results) -> None:
    results.coder.model, results.coder.prompt_version, results.coder.user = "", "", User.objects.create_user("noor")
    results.coder.save()
    results.people(1, codes=[("fears", "jobs")])
    page = text(get(staff, "/findings/tea/"))
    assert "Coded by noor, codebook version 1: 1 interview." in page
    assert "Provisional" not in page


def test_simulated_interviews_carry_a_banner_and_are_counted_only_if_the_survey_says_so(staff: Client, results: Results) -> None:
    results.people(1, codes=[("fears", "jobs")])
    results.people(2, origin="simulated", codes=[("fears", "jobs")])
    assert "simulated" not in get(staff, "/findings/tea/")
    results.survey.show_simulated = True
    results.survey.save()
    page = text(get(staff, "/findings/tea/"))
    assert "These results count simulated interviews." in page
    assert "3 people coded" in page


def test_interviews_that_wait_or_failed_are_told(staff: Client, results: Results) -> None:
    results.people(1, codes=[("fears", "jobs")])
    failed, waiting = results.interview("One"), results.interview("Two")
    failed.analysis.status = "failed"
    failed.analysis.save()
    waiting.analysis.delete()
    assert "Analysis 1 waiting, 1 failed" in text(get(staff, "/findings/tea/"))


@pytest.mark.parametrize("n", [1, 12])
def test_pages_ask_the_database_a_bounded_number_of_times(staff: Client, results: Results, n: int, django_assert_max_num_queries: Any) -> None:
    for at in range(n):
        interview = results.interview("Je crains le pire.", country=("FR", "JP", "")[at % 3], language="fr")
        results.code(interview, "fears", "jobs", "crains", "pire")
        results.code(interview, "hopes", "none")
    for address, bound in {
        "/findings/tea/": 17,
        "/findings/tea/quotes/?dimension=fears": 15,
        f"/findings/tea/interviews/{interview.pk}/": 28,
        "/findings/tea/exports/": 30,
        "/findings/tea/interviewer/?by=arm": 10,
        "/findings/tea/quality/": 12,
        "/findings/tea/care/": 11,
    }.items():
        with django_assert_max_num_queries(bound):
            get(staff, address)


def test_a_quote_stands_marked_in_its_words_beside_the_translation(staff: Client, results: Results) -> None:
    interview = results.interview("Je crains le pire.", country="FR", language="fr")
    results.code(interview, "fears", "jobs", "crains le pire")
    results.translate(interview, 2, "I fear the worst.")
    page = get(staff, "/findings/tea/quotes/?dimension=fears&code=jobs&country=FR")
    assert '<blockquote lang="fr" dir="ltr">Je <mark>crains le pire</mark>.</blockquote>' in page
    assert "I fear the worst." in page
    assert f'href="/findings/tea/interviews/{interview.pk}/#turn-2"' in page
    assert "France · French" in text(page)
    assert "offline · code@1 · confidence 0.50 · provisional" in text(page)


def test_where_there_is_no_translation_the_page_says_what_it_needs(staff: Client, results: Results) -> None:
    arabic, english = results.interview("أخشى ذلك", language="ar"), results.interview("I fear it")
    results.code(arabic, "fears", "jobs", "أخشى")
    results.code(english, "fears", "bias", "fear")
    assert '<blockquote lang="ar" dir="rtl"><mark>أخشى</mark> ذلك</blockquote>' in get(staff, "/findings/tea/quotes/?dimension=fears&code=jobs")
    assert "No translation from Arabic: it needs a language model." in get(staff, "/findings/tea/quotes/?dimension=fears&code=jobs")
    assert "No translation" not in get(staff, "/findings/tea/quotes/?dimension=fears&code=bias")


def test_the_language_heard_goes_before_the_language_chosen(staff: Client, results: Results) -> None:
    interview = results.interview("Ich fürchte das.", language="en")
    results.code(interview, "fears", "jobs", "fürchte")
    results.translate(interview, 2, "I fear that.", language="de")
    assert '<blockquote lang="de"' in get(staff, "/findings/tea/quotes/?dimension=fears")


def test_many_people_are_shown_page_by_page(staff: Client, results: Results) -> None:
    results.people(30, country="FR", codes=[("fears", "jobs")])
    first = get(staff, "/findings/tea/quotes/?dimension=fears&code=jobs&country=FR")
    assert "30 people, page 1 of 2." in text(first)
    assert first.count('class="card"') == 25
    following = unescape(re.search(r'rel="next" href="([^"]*)"', first)[1])  # type: ignore[index]
    assert get(staff, f"/findings/tea/quotes/{following}").count('class="card"') == 5


def test_the_transcript_marks_overlapping_quotes_with_their_codes(staff: Client, results: Results) -> None:
    interview = results.interview("They take jobs unfairly.", country="KE", occupation="Nurse")
    results.code(interview, "fears", "jobs", "take jobs")
    results.code(interview, "fears", "bias", "jobs unfairly")
    results.code(interview, "hopes", "none", counted=False)
    results.summarise(interview, "Fears for work.")
    page = get(staff, f"/findings/tea/interviews/{interview.pk}/")
    assert (
        'They <mark>take </mark><mark>jobs</mark><bdi class="code" lang="en">Jobs &amp; economy</bdi>'
        '<mark> unfairly</mark><bdi class="code" lang="en">Bias</bdi>.</p>'
    ) in page
    for words in ("Fears for work.", "Kenya", "Nurse", "No hope not counted", "What would it do?"):
        assert words in text(page)
    assert 'id="turn-2"' in page


def test_a_closed_answer_and_an_unanswered_question_are_shown_as_such(staff: Client, results: Results) -> None:
    interview = results.interview("")
    assert "left unanswered" in get(staff, f"/findings/tea/interviews/{interview.pk}/")
    interview.turns.model.objects.create(interview=interview, number=3, role="participant", move="answer", text="Blue, Red", value=["b", "r"])
    assert "Answer: b, r" in text(get(staff, f"/findings/tea/interviews/{interview.pk}/"))


def test_a_failed_analysis_says_where_and_why(staff: Client, results: Results) -> None:
    interview = results.interview("Hello")
    interview.analysis.status, interview.analysis.step, interview.analysis.error = "failed", "code", "No <model>."
    interview.analysis.save()
    assert "The analysis failed at 'code'. No <model>." in text(get(staff, f"/findings/tea/interviews/{interview.pk}/"))


def test_what_people_wrote_is_never_markup(staff: Client, results: Results) -> None:
    interview = results.interview(HOSTILE, country="FR", occupation="<b>spy</b>")
    results.code(interview, "fears", "jobs", "<script>alert(1)</script>")
    results.summarise(interview, "<img src=x>")
    results.translate(interview, 2, "<u>x</u>", language="fr")
    for page in ("", "quotes/?dimension=fears", f"interviews/{interview.pk}/", "exports/"):
        html = get(staff, f"/findings/tea/{page}")
        assert not re.search(r"<(script|b>spy|img|u>|i>us|[^>]* style=)", html)
    assert "<script>alert(1)</script>" in text(get(staff, f"/findings/tea/interviews/{interview.pk}/").replace("<mark>", ""))


@pytest.mark.parametrize(
    "page",
    ["?dimension=nothing", "quotes/", "quotes/?dimension=nothing", "interviews/999/", "exports/nothing.csv", "exports/nothing.dictionary.csv"],
)
def test_what_is_not_there_is_not_found(staff: Client, results: Results, page: str) -> None:
    assert staff.get(f"/findings/tea/{page}").status_code == 404


def test_an_interview_of_another_survey_is_not_found(staff: Client, results: Results) -> None:
    other = Results(slug="coffee").interview("Hello")
    assert staff.get(f"/findings/tea/interviews/{other.pk}/").status_code == 404


def test_nobody_with_a_code_is_said_plainly(staff: Client, results: Results) -> None:
    assert "Nobody has been given this code here." in get(staff, "/findings/tea/quotes/?dimension=fears&code=jobs&page=99")


def test_surveys_are_listed(staff: Client, results: Results) -> None:
    assert 'href="/findings/tea/"' in get(staff, "/findings/")
