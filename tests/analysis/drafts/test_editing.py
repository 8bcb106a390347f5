"""A dimension as typed in and what the form's buttons do, as tables; what differs between two codebooks; samples and their tables."""

from typing import Any

import pytest

from analysis.changes import Change, CodeChange, DimensionChange, compare
from analysis.codebook import CodebookDocument, Dimension
from analysis.drafts import editing
from analysis.drafts.tabulating import Example, Row, Unit, stratified, tabulate
from tests.analysis.test_touched import dimension

ONE_CHOICE = "All of it, being one choice among its codes; a person moves only from or to a code that changed."


def form(**fields: str) -> dict[str, str]:
    return {name.replace("__", "-"): value for name, value in fields.items()}


def fields(*keys: str) -> dict[str, Any]:
    return {
        "codes": [{"key": key, "label": key.upper(), "definition": f"Of {key}.", "include": "", "exclude": "", "examples": [key]} for key in keys]
    }


def test_what_is_typed_becomes_the_dimension() -> None:
    typed = form(
        key=" fears ", title="Fears", shape="multiple", instruction="One.\r\nTwo.", questions="a, b c", stance="on",
        code__0__key="x", code__0__label="X", code__0__examples="one\r\n\r\n two ", code__0__stance="on", code__1__key="none", code__1__label="None",
    )  # fmt: skip
    read = editing.from_form(typed)
    assert Dimension.model_validate(read) == Dimension.model_validate(
        {
            "key": "fears",
            "title": "Fears",
            "shape": "multiple",
            "instruction": "One.\nTwo.",
            "questions": ["a", "b", "c"],
            "stance": True,
            "codes": [{"key": "x", "label": "X", "examples": ["one", "two"], "stance": True}, {"key": "none", "label": "None"}],
        }
    )


@pytest.mark.parametrize(
    ("verb", "picked", "keys"),
    [
        ("save", [], "a b none"),
        ("up-1", [], "b a none"),
        ("up-0", [], "a b none"),
        ("down-0", [], "b a none"),
        ("down-2", [], "a b none"),
        ("remove-0", [], "b none"),
        ("remove-9", [], "a b none"),
        ("add", [], "a b new_code none"),
        ("split-0", [], "a a_2 b none"),
        ("merge", [1], "a b none"),
        ("merge", [1, 0], "a none"),
        ("burn-0", [], "a b none"),
    ],
)
def test_buttons_add_move_remove_split_and_merge_codes(verb: str, picked: list[int], keys: str) -> None:
    assert [code["key"] for code in editing.done(fields("a", "b", "none"), verb, picked)["codes"]] == keys.split()


def test_a_merged_code_says_what_all_said() -> None:
    assert editing.done(fields("a", "b"), "merge", [0, 1])["codes"] == [
        {"key": "a", "label": "A", "definition": "Of a.\nOf b.", "include": "", "exclude": "", "examples": ["a", "b"], "stance": False}
    ]


def test_what_differs_is_told_code_by_code() -> None:
    before = CodebookDocument(title="T", dimensions=(dimension(), dimension("single").model_copy(update={"key": "gone"})))
    after_codes = dimension(codes="b a=wider d none")
    renamed = after_codes.codes[0].model_copy(update={"label": "Bees", "examples": ("Buzz.",)})
    after = CodebookDocument(title="T", dimensions=(after_codes.model_copy(update={"codes": (renamed, *after_codes.codes[1:])}),))
    assert compare(before, after) == (
        DimensionChange(
            "fears",
            "Fears",
            (Change("order", "a, b, c, none", "b, a, d, none"),),
            (
                CodeChange("b", "Bees", (Change("renamed", "B", "Bees"), Change("examples", "", "Buzz."))),
                CodeChange("a", "A", (Change("definition", "", "wider"),)),
                CodeChange("d", "D", (Change("added"),)),
                CodeChange("c", "C", (Change("removed"),)),
            ),
            "Of each interview only: b, a, d. Other codings are carried over.",
        ),
        DimensionChange("gone", "Fears", (Change("removed"),), (), "Nothing: its codings stay with the earlier versions."),
    )
    assert compare(before, before) == ()


@pytest.mark.parametrize(
    ("before", "after", "asks"),
    [
        (dimension(), dimension(instruction="New."), "All of it."),
        (dimension(), dimension("single"), "All of it."),
        (dimension(), dimension(codes="a b none"), "Nothing: codings are carried over."),
        (dimension("single"), dimension("single", "a b none"), "Only those who had a code that is removed."),
        (dimension("single"), dimension("single", "a=x b c none"), ONE_CHOICE),
    ],
)  # fmt: skip
def test_it_is_said_what_publishing_asks(before: Dimension, after: Dimension, asks: str) -> None:
    one, other = (CodebookDocument(title="T", dimensions=(each,)) for each in (before, after))
    assert [each.asks for each in compare(one, other)] == [asks]


def test_a_code_under_another_key_is_renamed_not_another() -> None:
    moved = dimension().model_copy(update={"codes": tuple(c.model_copy(update={"key": "z" if c.key == "a" else c.key}) for c in dimension().codes)})
    one, other = (CodebookDocument(title="T", dimensions=(each,)) for each in (dimension(), moved))
    assert compare(one, other)[0].codes == (CodeChange("z", "A", (Change("renamed", "a", "z"),)),)


def test_a_sample_has_every_country_first_and_then_as_many_as_each_is_large() -> None:
    countries = {"KE": list(range(100)), "FR": list(range(100, 120)), "": [999]}
    drawn = stratified(countries, 13, seed=1)
    sizes = [sum(each in ids for each in drawn) for ids in countries.values()]
    assert (len(set(drawn)), sizes) == (13, [10, 2, 1])
    assert stratified(countries, 13, seed=1) == drawn != stratified(countries, 13, seed=2)
    assert len(stratified(countries, 2, seed=1)) == 2
    assert len(stratified(countries, 500, seed=1)) == 121


def test_gains_and_losses_are_counted_by_code_and_country() -> None:
    def given(code: str) -> dict[str, Any]:
        return {"dimension": "fears", "code": code, "quotes": [{"turn": 2, "text": code}]}

    units = [Unit(1, "KE", [given("a")], [given("a")]), Unit(2, "KE", [given("a")], [given("b")]), Unit(3, "", [], [given("b")])]
    first, second = tabulate(units)
    assert (first.code, first.total, first.countries) == ("b", Row("", 3, 0, 2, 2, 0), [Row("KE", 2, 0, 1, 1, 0), Row("", 1, 0, 1, 1, 0)])
    assert (second.code, second.total, second.countries) == ("a", Row("", 3, 2, 1, 0, 1), [Row("KE", 2, 2, 1, 0, 1)])
    assert second.examples == [Example(2, "KE", False, ({"turn": 2, "text": "a"},))]
