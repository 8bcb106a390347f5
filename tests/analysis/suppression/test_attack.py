"""Small cells against one who has all that is published and works backwards."""

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.suppression.hiding import POOLED, Shown, hide, pool
from analysis.suppression.hiding import _merged as merged
from tests.analysis.suppression.attack import ALL, Bounds, one_way, possible

People = dict[str, int]
Given = dict[tuple[str, str], int]
SLOW = settings(max_examples=40, deadline=None)


@st.composite
def several_each(draw: st.DrawFn) -> tuple[People, Given, int]:
    people = {f"g{at}": draw(st.integers(1, 60)) for at in range(draw(st.integers(1, 8)))}
    given = {(group, code): draw(st.integers(0, n)) for group, n in people.items() for code in ("a", "b")}
    return people, given, draw(st.integers(3, 8))


@st.composite
def one_code_each(draw: st.DrawFn) -> tuple[People, Given, int]:
    given: Given = {}
    people: People = {}
    for group in ("g0", "g1", "g2")[: draw(st.integers(1, 3))]:
        row = [draw(st.integers(0, 6)) for _ in range(3)]
        if sum(row):
            people[group] = sum(row)
            given |= {(group, code): k for code, k in zip("abc", row, strict=True)}
    return people, given, 3


def truth(people: People, given: Given, shown: Shown) -> Given:
    """The counts behind what is shown, in its groups, with the row of totals."""
    places = {group: group if group in shown.people else POOLED for group in people}
    cells = merged(people, given, places)[1] if shown.people else {}
    totals: Given = {}
    for (_, code), k in given.items():
        totals[ALL, code] = totals.get((ALL, code), 0) + k
    return cells | totals


def unprotected(true: Given, shown: Shown, bounds: Bounds, least: int) -> list[str]:
    """Small cells that are shown, or of which the attacker knows more than that they are small."""
    found = []
    for (row, code), k in true.items():
        n = shown.n if row == ALL else shown.people.get(row, 0)
        if n == 0 or min(k, n - k) >= least:
            continue
        low, high = bounds.get((row, code), (k, k))
        inside = low <= 0 and high >= least - 1 if k <= n - k else low <= n - least + 1 and high >= n
        if not inside:
            found.append(f"{row} {code}: {k} of {n} lies in {low} to {high}")
    return found


@SLOW
@given(several_each())
def test_no_small_cell_of_themes_that_people_can_have_several_of_is_narrowed_down(table: tuple[People, Given, int]) -> None:
    people, counts, least = table
    shown = hide(people, counts, ["a", "b"], least=least, one_each=False)
    bounds = one_way(shown, "a") | one_way(shown, "b")
    assert unprotected(truth(people, counts, shown), shown, bounds, least) == []


@SLOW
@given(one_code_each())
def test_no_small_cell_of_a_dimension_with_one_code_each_is_narrowed_down(table: tuple[People, Given, int]) -> None:
    people, counts, least = table
    shown = hide(people, counts, "abc", least=least, one_each=True)
    assert unprotected(truth(people, counts, shown), shown, possible(shown, list("abc")) if shown.n else {}, least) == []


@SLOW
@given(several_each())
def test_what_is_shown_is_true_and_its_groups_are_never_small(table: tuple[People, Given, int]) -> None:
    people, counts, least = table
    shown = hide(people, counts, ["a", "b"], least=least, one_each=False)
    true = truth(people, counts, shown)
    assert {cell: true[cell] for cell in shown.given} == dict(shown.given)
    assert {code: true[ALL, code] for code in shown.totals} == dict(shown.totals)
    assert all(n >= least for n in shown.people.values())
    assert sum(shown.people.values()) == shown.n


def test_the_attack_finds_what_primary_suppression_alone_gives_away() -> None:
    naive = Shown(60, {"KE": 20, "JP": 40}, {"a": 12}, {("JP", "a"): 10})  # 2 in Kenya are hidden, and 12 - 10 tells
    assert one_way(naive, "a") == {("KE", "a"): (2, 2)}
    row = {("g0", "a"): 5, ("g0", "b"): 4}
    assert possible(Shown(10, {"g0": 10}, {"a": 5, "b": 4}, row), list("abc"))["g0", "c"] == (1, 1)


def test_the_smallest_other_group_is_hidden_with_a_small_cell() -> None:
    people = {"KE": 50, "JP": 60, "BR": 70}
    counts = {("KE", "a"): 2, ("JP", "a"): 30, ("BR", "a"): 20}
    assert hide(people, counts, ["a"], least=5, one_each=False) == Shown(180, people, {"a": 52}, {("BR", "a"): 20})


def test_groups_with_few_people_are_pooled_and_the_pool_is_not_small_either() -> None:
    assert pool({"KE": 50, "JP": 2, "BR": 3}, 5) == {"KE": "KE", "JP": POOLED, "BR": POOLED}
    assert pool({"KE": 50, "JP": 2, "BR": 30}, 5) == {"KE": "KE", "JP": POOLED, "BR": POOLED}
    assert pool({"KE": 2}, 5) == {"KE": POOLED}


def test_of_fewer_people_than_the_least_nothing_is_shown() -> None:
    assert hide({"KE": 4}, {("KE", "a"): 2}, ["a"], least=5, one_each=False) == Shown(0, {}, {}, {})


def test_a_code_that_nobody_or_everybody_has_is_a_small_cell() -> None:
    people = {"KE": 50, "JP": 60}
    counts = {("KE", "all"): 50, ("JP", "all"): 60}
    assert hide(people, counts, ["all", "nobody"], least=5, one_each=False) == Shown(110, people, {}, {})
