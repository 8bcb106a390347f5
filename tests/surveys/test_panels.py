"""What comes in a panel's link, and where each outcome leads: rules as tables."""

import pytest
from django.core.exceptions import ValidationError

from surveys import panels
from surveys.panels import PRESETS, BadLink, Ids, Kind, Parameters, Unexpanded
from surveys.recruitment import Panel

PERSON, STUDY, VISIT = "5f0c1d2e3a4b5c6d7e8f9a0b", "60a1b2c3d4e5f60718293a4b", "61a1b2c3d4e5f60718293a4c"
OURS = Parameters("pid", "visit")


@pytest.mark.parametrize(
    ("parameters", "query", "ids"),
    [
        (PRESETS[Kind.PROLIFIC], {"PROLIFIC_PID": [PERSON], "STUDY_ID": [STUDY], "SESSION_ID": [VISIT]}, Ids(PERSON, VISIT, STUDY)),
        (PRESETS[Kind.PROLIFIC], {"PROLIFIC_PID": [PERSON], "lang": ["de"]}, Ids(PERSON)),
        (PRESETS[Kind.CINT], {"rid": ["a1b2c3d4-0000-4000-8000-123456789abc"]}, Ids("a1b2c3d4-0000-4000-8000-123456789abc")),
        (OURS, {"pid": ["anna@example.org"], "visit": ["7"]}, Ids("anna@example.org", "7")),
    ],
)
def test_the_ids_of_a_good_link_are_read(parameters, query, ids):
    assert panels.read(parameters, query) == ids


@pytest.mark.parametrize(
    ("parameters", "query"),
    [
        (PRESETS[Kind.PROLIFIC], {}),
        (PRESETS[Kind.PROLIFIC], {"prolific_pid": [PERSON]}),
        (PRESETS[Kind.PROLIFIC], {"PROLIFIC_PID": [PERSON, PERSON]}),
        (PRESETS[Kind.PROLIFIC], {"PROLIFIC_PID": [PERSON + "0"]}),
        (PRESETS[Kind.PROLIFIC], {"PROLIFIC_PID": [PERSON.upper()]}),
        (PRESETS[Kind.PROLIFIC], {"PROLIFIC_PID": [PERSON + "\n"]}),
        (PRESETS[Kind.PROLIFIC], {"PROLIFIC_PID": [PERSON], "SESSION_ID": ["no session"]}),
        (PRESETS[Kind.CINT], {"rid": [""]}),
        (OURS, {"pid": ["x" * 129]}),
        (OURS, {"pid": ["a b"], "visit": ["7"]}),
    ],
)
def test_an_id_that_is_missing_doubled_or_malformed_opens_nothing(parameters, query):
    with pytest.raises(BadLink):
        panels.read(parameters, query)


@pytest.mark.parametrize("value", ["{{%PROLIFIC_PID%}}", "{{PROLIFIC_PID}}", "[%RID%]", "${rid}", "%%rid%%", "<rid>"])
def test_a_placeholder_that_the_panel_did_not_fill_in_is_a_preview(value):
    with pytest.raises(Unexpanded):
        panels.read(PRESETS[Kind.PROLIFIC], {"PROLIFIC_PID": [value]})


@pytest.mark.parametrize(
    ("kind", "destination", "address"),
    [
        (Kind.PROLIFIC, "C1A2B3", "https://app.prolific.com/submissions/complete?cc=C1A2B3"),
        (Kind.CINT, "https://cint.example/end?ris=10&rid={id}", "https://cint.example/end?ris=10&rid=a%26b%2F%3F"),
        (Kind.GENERIC, "https://p.example/{session}/{id}?{id}", "https://p.example/v%201/a%26b%2F%3F?a%26b%2F%3F"),
        (Kind.GENERIC, "", ""),
    ],
)
def test_the_way_back_is_the_researchers_with_the_ids_escaped(kind, destination, address):
    assert panels.address(kind, destination, Ids("a&b/?", "v 1")) == address


@pytest.mark.parametrize(
    ("kind", "destination", "problem"),
    [
        (Kind.PROLIFIC, "C1A2B3", None),
        (Kind.PROLIFIC, "https://app.prolific.com/submissions/complete?cc=C1", "Write the completion code alone: 3 to 60 letters, digits, - and _."),
        (Kind.CINT, "https://cint.example/end?rid={id}&s={session}", None),
        (Kind.CINT, "http://cint.example/end", "Write a whole address that begins with https:// and names its server."),
        (Kind.CINT, "https://{id}.example/", "Write a whole address that begins with https:// and names its server."),
        (Kind.CINT, "javascript:alert(1)", "Write a whole address that begins with https:// and names its server."),
        (Kind.CINT, "https://me:secret@p.example/", "Write a whole address that begins with https:// and names its server."),
        (Kind.GENERIC, "https://p.example/{pid}", "There is no placeholder {pid}; there are {id} and {session}."),
        (Kind.GENERIC, "https://p.example/{id", "A brace has no partner; placeholders are {id} and {session}."),
        (Kind.GENERIC, "https://p.example/a b", "An address holds no blanks, quotes or angle brackets."),
        (Kind.GENERIC, "https://[p.example/", "This is no address."),
    ],
)
def test_a_destination_is_checked_before_it_is_kept(kind, destination, problem):
    assert panels.destination_problem(kind, destination) == problem


def test_the_panel_names_each_field_that_is_wrong():
    with pytest.raises(ValidationError) as refused:
        Panel(kind="generic", complete="http://p.example", screened_out="https://p.example/{id}", withdrawn="https://p.example/{x}").clean()
    assert refused.value.message_dict == {
        "id_parameter": ["Name the URL parameter that carries the person's id."],
        "complete": ["Write a whole address that begins with https:// and names its server."],
        "withdrawn": ["There is no placeholder {x}; there are {id} and {session}."],
    }
