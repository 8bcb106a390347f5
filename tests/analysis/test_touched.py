"""Which codings an edit of the codebook leaves standing, as tables."""

from typing import Any

import pytest

from analysis.codebook import CodebookDocument, Dimension
from analysis.touched import Former, Kept, Plan, changed, dimension_sha, merged, plan


def dimension(shape: str = "multiple", codes: str = "a b c none", **fields: Any) -> Dimension:
    """Codes as 'key' or 'key=definition'."""
    rows = [dict(zip(("key", "definition"), (*each.split("="), ""), strict=False)) | {"label": each.split("=")[0].upper()} for each in codes.split()]
    return Dimension.model_validate({"key": "fears", "title": "Fears", "shape": shape, "codes": rows} | fields)


def planned(before: Dimension, after: Dimension, codes: str) -> Plan:
    return plan(after, [Former(7, before, frozenset(codes.split()))])


@pytest.mark.parametrize(
    ("after", "differing"),
    [
        (dimension(), set()),
        (dimension(codes="c b a none"), set()),
        (dimension(codes="a=wider b c none"), {"a"}),
        (dimension(codes="a b c d none"), {"d"}),
        (dimension(codes="a c none"), set()),
        (dimension(codes="a b c none=nothing"), None),
        (dimension(instruction="Give every code."), None),
        (dimension(title="Worries"), None),
        (dimension(questions=["concerns"]), None),
        (dimension(stance=True), None),
        (dimension("single"), None),
    ],
)
def test_an_edit_of_single_codes_is_told_from_one_that_all_codings_depend_on(after: Dimension, differing: set[str] | None) -> None:
    assert changed(dimension(), after) == differing
    same = differing == set() and len(after.codes) == 4
    assert (dimension_sha(dimension()) == dimension_sha(after)) is same


def test_a_scale_whose_order_changes_is_another_scale() -> None:
    assert changed(dimension("ordinal", "1 2 3"), dimension("ordinal", "1 3 2")) is None
    assert dimension_sha(dimension("ordinal", "1 2 3")) != dimension_sha(dimension("ordinal", "1 3 2"))


@pytest.mark.parametrize(
    ("shape", "after", "before", "asked"),
    [
        ("multiple", "a b c none", "a", ()),
        ("multiple", "a=wider b c none", "b", ("a", "none")),
        ("multiple", "a b c d e none", "none", ("d", "e", "none")),
        ("multiple", "b c none", "a", ()),
        ("single", "a=wider b c none", "b", ("a", "b", "c", "none")),
        ("single", "b c none", "b", ()),
        ("single", "b c none", "a", ("b", "c", "none")),
        ("ordinal", "a=wider b c none", "b", ("a", "b", "c", "none")),
        ("multiple", "a b c none=nothing", "b", ("a", "b", "c", "none")),
    ],
)
def test_the_coder_is_asked_about_no_more_than_is_in_question(shape: str, after: str, before: str, asked: tuple[str, ...]) -> None:
    assert planned(dimension(shape), dimension(shape, after), before).asked == asked


def kept(carried: str = "", given: str = "", *, none: bool = False) -> Kept:
    return Kept(frozenset(carried.split()), frozenset(given.split()), none)


@pytest.mark.parametrize(
    ("shape", "after", "before", "given", "result"),
    [
        ("multiple", "a=wider b c none", "b c", "none", kept("b c")),
        ("multiple", "a=wider b c none", "b", "a", kept("b", "a")),
        ("multiple", "a=wider b c none", "a b", "none", kept("b")),
        ("multiple", "a=wider b c none", "a b", "a", kept("b", "a")),
        ("multiple", "a=wider b c none", "a", "none", kept("", "none")),
        ("multiple", "a=wider b c none", "none", "none", kept("none")),
        ("multiple", "a=wider b c none", "none", "a", kept("", "a")),
        ("multiple", "a=wider b c none", "a", "", kept()),
        ("multiple", "b c none", "a", "", kept(none=True)),
        ("multiple", "b c none", "a b", "", kept("b")),
        ("multiple", "b c none", "", "", kept()),
        ("single", "a=wider b c none", "b", "c", kept("b")),
        ("single", "a=wider b c none", "b", "a", kept("", "a")),
        ("single", "a=wider b c none", "a", "c", kept("", "c")),
        ("single", "a=wider b c none", "a", "a", kept("", "a")),
        ("single", "b c none", "a", "c", kept("", "c")),
        ("single", "b c none", "b", "", kept("b")),
        ("single", "a=wider b c none", "b", "", kept("b")),
    ],
)
def test_only_what_was_edited_can_change(shape: str, after: str, before: str, given: str, result: Kept) -> None:
    assert merged(planned(dimension(shape), dimension(shape, after), before), frozenset(given.split())) == result


def test_what_was_never_coded_is_asked_whole() -> None:
    assert plan(dimension(), []) == Plan(dimension())
    assert Plan(dimension()).asked == ("a", "b", "c", "none")
    assert merged(Plan(dimension()), ["a"]) == kept("", "a")


def test_versions_from_before_stances_keep_their_hash() -> None:
    document = CodebookDocument(title="T", dimensions=(dimension(),))
    assert "stance" not in document.model_dump_json()
    assert CodebookDocument.model_validate_json(document.model_dump_json()) == document
    stanced = CodebookDocument(title="T", dimensions=(dimension(stance=True),))
    assert CodebookDocument.model_validate_json(stanced.model_dump_json()) == stanced
